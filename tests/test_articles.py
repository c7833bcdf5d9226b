"""The articles' claims: how they are checked, what was written, and the page that shows it."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from nnplay.articles import ARTICLES, from_zero, moons, results, softmax
from nnplay.articles import weather as weather_article
from nnplay.articles.__main__ import main
from nnplay.articles.article import Article, Bound, Experiment, Outcome, Row, Table, Work, finished, spaced, written
from nnplay.articles.layer_table import build, table_of
from nnplay.articles.training import Course, trained
from nnplay.engine.activations import ACTIVATIONS
from nnplay.figures import articles as figures
from nnplay.server.turns import Turns
from nnplay.ui.article_job import Job
from nnplay.ui.shell import PAGES, ROOT

#: How long something took is for a benchmark to judge: machines differ, and none is ever quiet.
ROWS = [
    (article, row)
    for article in ARTICLES.values()
    for table in article.tables
    for row in table.rows
    if table.kind != "seconds"
]
STORED = results.read()


def name_of(value: Any) -> str:
    return value.number if isinstance(value, Article) else value.name if isinstance(value, Row) else str(value)


# --- what is trained --------------------------------------------------------------------------------------------


def test_the_articles_derivative_is_wrong_where_a_unit_is_positive_and_no_activation_of_ours() -> None:
    z = np.array([-1.0, 2.0])
    a = moons.WRONG(z)
    assert np.array_equal(a, moons.RIGHT(z))
    assert moons.RIGHT.derivative(z, a, np.empty(2)) == pytest.approx([2 * np.exp(-1), 1])
    assert moons.WRONG.derivative(z, a, np.empty(2)) == pytest.approx([2 * np.exp(-1), 0])
    assert "article_elu" not in ACTIVATIONS


def test_the_gradient_check_tells_the_wrong_derivative_and_accuracy_hardly() -> None:
    right, wrong = (moons.session(1, activation=activation).run(1000) for activation in (moons.RIGHT, moons.WRONG))
    assert moons.gradient_error(right) < 1e-6
    assert moons.gradient_error(wrong) > 0.1
    assert wrong.measure()[3] > 0.8
    backpropagated, numerical = moons.compare_gradients(wrong)
    output_layer = slice(-5, None)
    assert np.allclose(backpropagated[output_layer], numerical[output_layer], rtol=1e-6)
    assert not np.allclose(backpropagated, numerical, rtol=0.1)


def test_the_four_rows_are_learned_by_every_seed() -> None:
    result = results.run_experiment(ARTICLES["002"].experiment("learn"), [1])
    assert max(result.measures["rises"]) == 0
    assert max(result.measures["largest_error"]) < 0.1


def test_a_run_in_slices_is_the_same_run() -> None:
    sliced, whole, course = moons.session(0), moons.session(0), Course()
    shares = list(trained(sliced, 50, (0, 7, 50), course))
    assert np.array_equal(sliced.network.parameters, whole.run(50).network.parameters)
    assert course.epochs == [0, 7, 50]
    assert course.at(50) == whole.measure()
    assert shares[-1] == 1
    assert shares == sorted(shares)


def test_softmax_is_right_and_a_saved_run_goes_on_bit_for_bit() -> None:
    outcome = finished(softmax.check_softmax(0))
    assert outcome.measures["jacobian"] < 1e-9
    assert max(outcome.measures.values()) < 1e-6
    assert finished(from_zero.save_and_load(0)).measures == {"after_loading": 0, "after_more": 0}


def test_each_improvement_of_the_weather_is_another_run() -> None:
    for data in ("weather", "moons"):
        made = STORED["003"].experiments
        courses = {tuple(made[f"{data}_{v}"].curves["test_loss"]["median"]) for v in weather_article.VARIANTS}
        assert len(courses) == len(weather_article.VARIANTS) == 6


# --- the table of layers ----------------------------------------------------------------------------------------


def test_a_network_is_rebuilt_from_its_own_table() -> None:
    network = build(weather_article.ARCHITECTURE, seed=3)
    assert network.layer_sizes == (3, 5, 4, 3, 1)
    assert (network.activations[0].name, network.output.name) == ("relu", "sigmoid")
    assert table_of(network) == list(weather_article.ARCHITECTURE)
    assert np.array_equal(build(table_of(network), seed=3).parameters, network.parameters)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({0: {"layer_size": 3, "activation": "relu"}}, r"table\[0\]\['activation'\] must be one of 'none'; got 'relu'"),
        ({1: {"layer_size": 0, "activation": "relu"}}, r"table\[1\]\['layer_size'\] must be an integer at least 1"),
        ({1: {"layer_size": 5, "activation": "rulu"}}, "Did you mean 'relu'"),
        ({1: {"layer_size": 5}}, r"table\[1\] must have 'activation'"),
        ({2: {"size": 5}}, r"key of table\[2\] must be one of 'layer_size', 'activation'; got 'size'"),
        ({4: {"layer_size": 1, "activation": "relu"}}, r"table\[4\]\['activation'\] must be one of 'identity', 's"),
        ({3: 7}, r"table\[3\] must be a dict"),
    ],
)
def test_a_table_that_describes_no_network_is_refused_in_a_sentence(changed: dict[int, Any], message: str) -> None:
    table = [changed.get(i, layer) for i, layer in enumerate(weather_article.ARCHITECTURE)]
    with pytest.raises((TypeError, ValueError), match=message):
        build(table)


# --- what was written -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("article", "row"), ROWS, ids=name_of)
def test_what_is_asked_is_reached_by_what_was_written(article: Article, row: Row) -> None:
    made = STORED[article.number]
    result, experiment = made.experiments[row.experiment], article.experiment(row.experiment)
    values = made.values(row)
    assert result.seeds == tuple(range(experiment.n_seeds))
    assert len(values) == experiment.n_seeds
    assert np.isfinite(values).all()
    assert row.bound is None or row.bound.holds(values)


@pytest.mark.parametrize("article", ARTICLES.values(), ids=name_of)
def test_what_was_written_is_of_what_there_is(article: Article) -> None:
    made = STORED[article.number]
    assert set(made.experiments) == {experiment.key for experiment in article.experiments}
    assert {"date", "python", "numpy", "scikit-learn", "machine"} == set(made.made)
    for chart in article.charts:
        for key, curve in chart.curves.values():
            saved = made.experiments[key].curves[curve]
            assert len({len(saved[part]) for part in ("x", "low", "median", "high")}) == 1
            assert np.all(np.array(saved["low"]) <= saved["median"])
            assert np.all(np.array(saved["median"]) <= saved["high"])


@pytest.mark.parametrize(("number", "key"), [("003", "moons_plain"), ("004", "softmax")])
def test_an_experiment_gives_what_was_written(number: str, key: str) -> None:
    again = results.run_experiment(ARTICLES[number].experiment(key), [0])
    for name, values in again.measures.items():
        # Other machines round differently; what chance decides is the same.
        assert values[0] == pytest.approx(STORED[number].experiments[key].measures[name][0], rel=0.05, abs=1e-8)


def test_the_results_are_small_enough_for_a_repository() -> None:
    assert results.FILE.stat().st_size < 250_000


def test_results_are_kept_for_each_article_apart(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    one = results.Results(results.provenance(), {"a": results.Result((0, 1), 0.5, {"m": (1.0, 2.0)})})
    results.save({"000": one}, path)
    results.save({"002": one}, path)
    assert results.read(path) == {"000": one, "002": one}
    path.write_text(json.dumps({"format": "other"}), encoding="utf-8")
    with pytest.raises(ValueError, match=r"results\.json must be of format 'nnplay articles', version 1; got 'other'"):
        results.read(path)


def test_the_quick_command_writes_nothing_unless_told_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(results, "FILE", tmp_path / "results.json")
    small = replace(ARTICLES["004"], tables=ARTICLES["004"].tables[:1], experiments=ARTICLES["004"].experiments[:1])
    monkeypatch.setattr("nnplay.articles.__main__.ARTICLES", {"004": small})
    assert main(["--quick", "--only", "004"]) == 0
    assert "nothing is written" in capsys.readouterr().out
    assert not results.FILE.exists()
    assert main(["--quick", "--output", str(tmp_path / "other.json")]) == 0
    printed = capsys.readouterr().out
    assert "reached" in printed
    assert list(results.read(tmp_path / "other.json")) == ["004"]


@pytest.mark.parametrize(("kind", "said", "code"), [("seconds", "slower than our target", 0), ("loss", "missed", 1)])
def test_a_time_is_told_as_on_the_page_and_fails_no_command(
    kind: str, said: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(seed: int) -> Work:
        yield 0.5
        return Outcome({"m": 2.0})

    table = Table("A table", "How to read it.", kind, (Row("A row", "e", "m", bound=Bound("median", high=1.0)),))
    article = replace(ARTICLES["002"], tables=(table,), charts=(), experiments=(Experiment("e", run, n_seeds=2),))
    monkeypatch.setattr("nnplay.articles.__main__.ARTICLES", {"002": article})
    assert main(["--quick"]) == code
    assert said in capsys.readouterr().out


def test_values_are_held_against_a_bound() -> None:
    row = Row("a", "e", "m", bound=Bound("median", low=0.9))
    table = Table("A table", "How to read it.", "percent", (row,))
    for values, said in {(0.8, 0.95, 0.96): "reached", (0.8, 0.85, 0.96): "missed", (0.95,): "too few seeds"}.items():
        assert results.bound_verdict(table, row, values, 3) == said


def test_values_are_held_against_a_claimed_number() -> None:
    row = Row("a", "e", "m", claimed=0.5)
    assert results.compared(row, (0.4, 0.6), False) == "as claimed"
    assert results.compared(row, (0.6,), False) == "better than the claim"
    assert results.compared(row, (0.4,), False) == "worse than the claim"
    assert results.compared(row, (0.6,), True) == "worse than the claim"
    assert results.compared(row, (0.4,), True) == "better than the claim"
    assert results.compared(row, (), False) == results.compared(Row("b", "e", "m"), (1.0,), False) == ""


def test_a_claim_to_be_better_than_another_experiment_is_held_against_chance() -> None:
    row = Row("a", "e", "m", rival="b")
    zeros, ones = (0.0,) * 8, (1.0,) * 8
    assert results.compared(row, ones, False, zeros) == "as claimed"
    assert results.compared(row, ones, True, zeros) == "worse"
    assert results.compared(row, (1.0, 1.0, 1.0, -1.0, 0.0), False, zeros) == "no clear difference"
    assert results.compared(row, ones, False, ()) == "no clear difference"
    assert results.n_better_and_worse((1.0, 2.0, 3.0), (1.0, 3.0, 2.0)) == (1, 1)
    # Of 8 fair coins all fall alike in 2 of 256 cases, of 5 in 2 of 32.
    assert (results.unlikely(8, 0), results.unlikely(0, 5), results.unlikely(0, 0)) == (True, False, False)


def test_the_findings_say_what_was_written() -> None:
    raw = next(row for row in ARTICLES["004"].rows if row.experiment == "housing_raw")
    values = STORED["004"].values(raw)
    assert raw.claimed is not None
    assert min(values) > raw.claimed, "worse than the article with every seed"
    assert results.compared(raw, values, lower_is_better=True) == "worse than the claim"
    for table in ARTICLES["003"].tables:
        for row in table.rows:
            verdict = results.compared(row, STORED["003"].values(row), False, STORED["003"].rival_values(row))
            if row.claim == "faster" or (row.claim == "better in the end" and "moons" in row.experiment):
                assert verdict == "as claimed"
            elif row.claim == "better in the end":
                assert verdict == "no clear difference"
    at_end = {
        variant: STORED["003"].experiments[f"moons_{variant}"].measures["test"] for variant in weather_article.VARIANTS
    }
    fail = {variant: [seed for seed, value in enumerate(values) if value < 0.6] for variant, values in at_end.items()}
    assert fail == {variant: [] if variant == "dropout" else [6] for variant in fail}


def test_how_many_seeds_come_to_the_articles_figure_is_counted() -> None:
    tally = ARTICLES["001"].tally
    assert tally is not None
    assert "Of the 3 stored seeds of N(0, 1), 1 come" in tally({"normal": {"test": (0.7, 0.966, 0.8)}})
    assert "70.0 % to 80.0 %" in tally({"normal": {"test": (0.7, 0.966, 0.8)}})
    assert tally({"normal": {"test": (0.966, 0.97)}}).startswith("All 2 stored seeds")
    assert tally({}) == "", "MNIST was not at hand"


def test_numbers_as_a_reader_sees_them() -> None:
    assert written("percent", 0.9767) == "97.7 %"
    assert (written("error", 3.1e-10), written("error", 1.25)) == ("3.1e-10", "1.2")
    assert spaced(300)[0] == 0
    assert spaced(300)[-1] == 300
    assert list(spaced(300)) == sorted(set(spaced(300)))


# --- live -------------------------------------------------------------------------------------------------------


def test_a_live_run_gives_what_the_command_gives_and_can_be_stopped() -> None:
    experiment = ARTICLES["004"].experiment("softmax")
    job = Job("004", experiment, range(2), Turns())
    job.wait(20)
    assert not job.is_running
    assert [outcome.measures for outcome in job.outcomes] == [
        finished(experiment.run(seed)).measures for seed in range(2)
    ]
    endless = Job("000", ARTICLES["000"].experiment("width_50"), range(1000), Turns())
    assert endless.is_running
    endless.stop()
    endless.wait(20)
    assert not endless.is_running
    assert endless.problem is None


def test_a_live_run_without_its_data_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from nnplay.datasets import stored

    def refuse(name: str) -> None:
        raise ValueError("no net")

    monkeypatch.setattr(stored, "load", refuse)
    job = Job("001", Experiment("x", lambda seed: iter_of(Outcome({})), data="mnist"), [0], Turns())
    job.wait(20)
    assert (job.problem, job.outcomes) == ("no net", [])


def iter_of(outcome: Outcome) -> Any:
    yield 1.0
    return outcome


# --- the page ---------------------------------------------------------------------------------------------------


def open_page(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run().switch_page(str(ROOT / "pages" / "articles.py")).run()


def test_the_page_shows_each_article_with_its_verdicts_and_date() -> None:
    app = open_page()
    assert not app.exception
    for number, article in ARTICLES.items():
        app.segmented_control(key="articles.chosen").set_value(number).run()
        assert not app.exception
        assert app.header[0].value == f"{number} · {article.title}"
        texts = [element.value for element in (*app.markdown, *app.caption)]
        assert any(STORED[number].made["date"] in text for text in texts)
        assert all(any(row.name in text.replace("\\", "") for text in texts) for row in article.rows)
        assert app.query_params["article"] == number


def test_a_row_is_trained_live_beside_what_is_stored() -> None:
    app = open_page()
    app.segmented_control(key="articles.chosen").set_value("004").run()
    app.button(key="run.004.0.Jacobian, largest difference").click().run()
    job = app.session_state["article_job"]
    while job.is_running and not job.outcomes:
        time.sleep(0.05)
    app.run()
    if job.is_running:
        app.button(key="stop_article_job").click().run()
    job.wait(20)
    app.run()
    assert not app.exception
    assert any("Just now: " in text.value for text in app.markdown)
    assert any("of what is stored" in text.value or "the same as stored" in text.value for text in app.markdown)


def test_while_a_row_of_another_article_is_trained_it_can_be_stopped_here() -> None:
    app = open_page(article="000")
    app.button(key="run.000.2.50 units").click().run()
    app.segmented_control(key="articles.chosen").set_value("001").run()
    run = next(button for button in app.button if button.key.startswith("run.001.0."))
    assert run.disabled
    assert any("A run of 000 is going on" in text.value for text in app.markdown)
    job = app.session_state["article_job"]
    app.button(key="stop_article_job").click().run()
    job.wait(20)
    app.run()
    assert not app.exception
    assert not any(button.disabled for button in app.button if button.key.startswith("run."))
    assert not any("is going on" in text.value for text in app.markdown)


def test_an_article_that_there_is_not_is_said_in_a_sentence() -> None:
    app = open_page(article="999")
    assert [error.value for error in app.error] == [r"There is no article 999; this is 000\."]


def test_the_derivative_can_be_switched_on_the_page() -> None:
    app = open_page()
    assert {metric.label: metric.delta for metric in app.metric}["Gradient check"] == "fails"
    app.segmented_control(key="article_derivative").set_value("Right").run()
    assert {metric.label: metric.delta for metric in app.metric}["Gradient check"] == "passes"


def test_every_preset_opens_on_a_page_that_there_is() -> None:
    pages = {"", *(Path(page.file).stem for page in PAGES)}
    presets = [preset for article in ARTICLES.values() for preset in article.presets]
    assert {preset.page for preset in presets} <= pages
    for preset in presets:
        query = preset.config.to_query()
        assert type(preset.config).from_query(query) == (preset.config, [])


def test_figures_show_what_they_are_given() -> None:
    lines = [figures.Line("a", [0.1, 0.2, 0.3], claimed=0.5, low=0.15, live=[0.2]), figures.Line("b", [])]
    figure = figures.distributions(lines, percent=True, logarithmic=False, dark=False)
    assert [trace.type for trace in figure.data] == ["box", "scatter", "scatter", "scatter"]
    assert list(figure.data[0].x) == [0.1, 0.2, 0.3]
    assert [trace.name for trace in figure.data] == ["Each seed", "Trained just now", "The article", "At least"]
    zero = figures.distributions([figures.Line("a", [0.0])], percent=False, logarithmic=True, dark=True)
    assert zero.data[0].x[0] > 0
    curve = {"x": [0, 1, 2], "low": [0.0, 1.0, 2.0], "median": [1.0, 2.0, 3.0], "high": [2.0, 3.0, 4.0]}
    assert list(figures.courses({"c": curve}, ("x", "y"), False).data[1].y) == [2.0, 3.0]
