"""The articles' claims: how they are checked, what was written, and the page that shows it."""

from __future__ import annotations

import json
import re
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from nnplay.articles import ARTICLES, find, images_and_houses, moons, softmax, two_lines
from nnplay.articles import weather as weather_article
from nnplay.articles.__main__ import main
from nnplay.articles.evidence import judging, names_kept, results
from nnplay.articles.evidence.article import (
    Article,
    Bound,
    Experiment,
    Outcome,
    Row,
    Table,
    Work,
    finished,
    spaced,
    written,
)
from nnplay.articles.evidence.training import Course, trained
from nnplay.articles.layer_table import build, table_of
from nnplay.datasets.stored import fetching, sets
from nnplay.datasets.stored.fetching import Fetch
from nnplay.engine.activations import ACTIVATIONS
from nnplay.engine.losses import CategoricalCrossEntropy
from nnplay.engine.outputs import OUTPUTS
from nnplay.experiment.config.presets import PRESETS
from nnplay.figures import articles as figures
from nnplay.server.turns import Turns
from nnplay.ui.articles.job import ArticleJob
from nnplay.ui.shell import PAGES
from tests import ROOT

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
    return value.key if isinstance(value, Article) else value.name if isinstance(value, Row) else str(value)


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


def test_the_code_as_printed_makes_the_hidden_gradient_375_times_too_small() -> None:
    gradients = [
        moons.compare_gradients(moons.session(1, activation=one))[0]
        for one in (moons.WRONG, moons.PRINTED, moons.RIGHT, moons.PRINTED_RIGHT)
    ]
    for once, twice in (gradients[:2], gradients[2:]):
        assert np.allclose(once[:12], 375 * twice[:12], rtol=1e-9)
        assert np.allclose(once[12:], twice[12:], rtol=1e-9), "the output layer's is right"


def test_the_printed_loops_ask_for_names_that_are_not_there() -> None:
    assert names_kept.backward_stops_at(4, keeps_inputs=False) == "A0"
    assert names_kept.update_stops_at(4, counts_layers=False) == "W5"
    assert names_kept.backward_stops_at(4, keeps_inputs=True) == names_kept.update_stops_at(4, counts_layers=True) == ""
    why = ARTICLES["layer-table"].claims[0].why
    assert "KeyError 'A0'" in why
    assert "KeyError 'W5'" in why


def test_small_first_weights_give_the_more_frequent_answer_and_scaled_ones_learn() -> None:
    small, scaled = (
        finished(weather_article.learn(0, weather_article.weather, "momentum", one))
        for one in (weather_article.SMALL, "he_normal")
    )
    majority = finished(weather_article.majority(0)).measures["test"]
    assert small.measures["test"] == majority
    assert scaled.measures["test"] > majority + 0.2


def test_two_lines_need_a_bend() -> None:
    solved = [finished(two_lines.learn(0, activation, 2)).measures["solved"] for activation in ("identity", "tanh")]
    assert solved == [0, 1]
    gaps = finished(two_lines.margins(0)).measures
    assert all(gaps[f"{one}_{how}_accuracy"] == 1 for one in ("relu", "tanh") for how in two_lines.SLOPES)
    assert gaps["relu_steep"] == pytest.approx(3 * gaps["relu_gentle"], rel=1e-3), "ReLU's gap grows with the slope"


def test_the_guard_leaves_hopeless_samples_out_of_the_gradient_and_no_others() -> None:
    output, loss = OUTPUTS["softmax"](), images_and_houses.GuardedCrossEntropy()
    y = np.eye(2)
    hopeless = np.array([[0.5, 1.0], [0.5, 1e-30]])
    exact = CategoricalCrossEntropy().logit_gradient(output, hopeless, y, np.empty((2, 2)))
    guarded = loss.logit_gradient(output, hopeless, y, np.empty((2, 2)))
    assert guarded[:, 0] == pytest.approx(exact[:, 0])
    assert np.abs(guarded[:, 1]).max() < 1e-12 < np.abs(exact[:, 1]).max()


def test_the_four_rows_are_learned_by_every_seed() -> None:
    result = results.run_experiment(ARTICLES["four-rows"].experiment("learn"), [1])
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
    assert finished(images_and_houses.save_and_load(0)).measures == {"after_loading": 0, "after_more": 0}


def test_each_improvement_of_the_weather_is_another_run() -> None:
    for data in ("weather", "moons"):
        made = STORED["layer-table"].experiments
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
    made = STORED[article.key]
    result, experiment = made.experiments[row.experiment], article.experiment(row.experiment)
    values = made.values(row)
    assert result.seeds == tuple(range(experiment.n_seeds))
    assert len(values) == experiment.n_seeds
    assert np.isfinite(values).all()
    assert row.bound is None or row.bound.holds(values)


@pytest.mark.parametrize("article", ARTICLES.values(), ids=name_of)
def test_what_was_written_is_of_what_there_is(article: Article) -> None:
    made = STORED[article.key]
    assert set(made.experiments) == {experiment.key for experiment in article.experiments}
    for result in made.experiments.values():
        assert {"date", "python", "numpy", "scikit-learn", "machine"} == set(result.made)
    for chart in article.charts:
        for key, curve in chart.curves.values():
            saved = made.experiments[key].curves[curve]
            assert len({len(saved[part]) for part in ("x", "low", "median", "high")}) == 1
            assert np.all(np.array(saved["low"]) <= saved["median"])
            assert np.all(np.array(saved["median"]) <= saved["high"])


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("layer-table", "moons_plain"),
        ("from-zero", "softmax"),
        ("from-zero", "lines_relu_2"),
        ("moons", "printed_width_5"),
    ],
)
def test_an_experiment_gives_what_was_written(number: str, key: str) -> None:
    again = results.run_experiment(ARTICLES[number].experiment(key), [0])
    for name, values in again.measures.items():
        # Other machines round differently; what chance decides is the same.
        assert values[0] == pytest.approx(STORED[number].experiments[key].measures[name][0], rel=0.05, abs=1e-8)


def test_the_results_are_small_enough_for_a_repository() -> None:
    assert results.FILE.stat().st_size < 250_000


def test_results_are_kept_for_each_article_apart(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    result = results.Result((0, 1), 0.5, {"m": (1.0, 2.0)}, {}, results.provenance())
    one, other = results.Results({"a": result}, {"x": 1}), results.Results({"b": result})
    results.save({"moons": one}, path)
    results.save({"digits": one}, path)
    results.save({"moons": other}, path)
    assert results.read(path) == {"moons": results.Results({"a": result, "b": result}, {"x": 1}), "digits": one}
    assert result.made["date"] in one.made
    path.write_text(json.dumps({"format": "other"}), encoding="utf-8")
    with pytest.raises(ValueError, match=r"results\.json must be of format 'nnplay articles', version 2; got 'other'"):
        results.read(path)


def test_the_quick_command_writes_nothing_unless_told_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(results, "FILE", tmp_path / "results.json")
    small = replace(
        ARTICLES["from-zero"],
        tables=ARTICLES["from-zero"].tables[1:2],
        claims=(),
        experiments=(ARTICLES["from-zero"].experiment("softmax"),),
        charts=(),
    )
    monkeypatch.setattr("nnplay.articles.__main__.ARTICLES", {"from-zero": small})
    assert main(["--quick", "--only", "from-zero"]) == 0
    assert "nothing is written" in capsys.readouterr().out
    assert not results.FILE.exists()
    assert main(["--quick", "--output", str(tmp_path / "other.json")]) == 0
    printed = capsys.readouterr().out
    assert results.AS_EXPECTED in printed
    assert list(results.read(tmp_path / "other.json")) == ["from-zero"]


@pytest.mark.parametrize(
    ("kind", "said", "code"), [("seconds", "slower than our target", 0), ("loss", results.UNEXPECTED, 1)]
)
def test_a_time_is_told_as_on_the_page_and_fails_no_command(
    kind: str, said: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(seed: int) -> Work:
        yield 0.5
        return Outcome({"m": 2.0})

    table = Table("A table", "How to read it.", kind, (Row("A row", "e", "m", bound=Bound("median", high=1.0)),))
    article = replace(
        ARTICLES["four-rows"], tables=(table,), claims=(), charts=(), experiments=(Experiment("e", run, n_seeds=2),)
    )
    monkeypatch.setattr("nnplay.articles.__main__.ARTICLES", {"four-rows": article})
    assert main(["--quick"]) == code
    assert said in capsys.readouterr().out


def test_values_are_held_against_a_bound() -> None:
    row = Row("a", "e", "m", bound=Bound("median", low=0.9))
    table = Table("A table", "How to read it.", "percent", (row,))
    for values, said in {
        (0.8, 0.95, 0.96): "as expected",
        (0.8, 0.85, 0.96): "not as expected",
        (0.95,): "too few seeds",
    }.items():
        assert results.bound_verdict(table, row, values, 3) == said


def test_numbers_as_a_reader_sees_them() -> None:
    assert written("percent", 0.9767) == "97.7 %"
    assert (written("error", 3.1e-10), written("error", 1.25)) == ("3.1e-10", "1.2")
    assert spaced(300)[0] == 0
    assert spaced(300)[-1] == 300
    assert list(spaced(300)) == sorted(set(spaced(300)))


# --- live -------------------------------------------------------------------------------------------------------


def test_a_live_run_gives_what_the_command_gives_and_can_be_stopped() -> None:
    experiment = ARTICLES["from-zero"].experiment("softmax")
    job = ArticleJob("from-zero", experiment, range(2), Turns())
    job.wait(20)
    assert not job.is_running
    assert [outcome.measures for outcome in job.results] == [
        finished(experiment.run(seed)).measures for seed in range(2)
    ]
    endless = ArticleJob("moons", ARTICLES["moons"].experiment("width_50"), range(1000), Turns())
    assert endless.is_running
    endless.stop()
    endless.wait(20)
    assert not endless.is_running
    assert endless.problem is None


def test_a_live_run_without_its_data_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # As on a machine that has no data and reaches no net: what would fetch them fails.
    monkeypatch.delenv("NNPLAY_DATA_DIR", raising=False)
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path))
    monkeypatch.delitem(sets._LOADED, "mnist", raising=False)
    failing = Fetch("mnist", [sys.executable, "-c", "import sys; sys.exit('no net')"])
    monkeypatch.setattr(fetching, "start", lambda name: failing)
    job = ArticleJob("digits", Experiment("x", lambda seed: iter_of(Outcome({})), data="mnist"), [0], Turns())
    job.wait(20)
    assert (job.is_running, job.problem, job.results) == (False, "no net", [])


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
    for key, article in ARTICLES.items():
        app.segmented_control(key="articles.chosen").set_value(key).run()
        assert not app.exception
        assert app.header[0].value == article.title
        texts = [element.value for element in (*app.markdown, *app.caption)]
        assert any(STORED[key].made in text for text in texts)
        assert all(any(row.name in text.replace("\\", "") for text in texts) for row in article.rows)
        plain_texts = [text.replace("\\", "") for text in texts]
        for claim in article.claims:
            badge = judging.verdict(claim, STORED[key]).capitalize()
            assert any(badge in text and claim.says in text for text in texts)
            assert all(any(judging.evidence(one, STORED[key]) in text for text in plain_texts) for one in claim.tests)
        assert dict(app.query_params).get("article", next(iter(ARTICLES))) == key


def test_amounts_of_money_are_no_formula() -> None:
    app = open_page(article="from-zero")
    texts = [element.value for element in (*app.markdown, *app.caption)]
    assert any(r"\$" in text for text in texts)
    assert not [text for text in texts if len(re.findall(r"(?<!\\)\$", text)) > 1]


def test_a_row_is_trained_live_beside_what_is_stored() -> None:
    app = open_page()
    app.segmented_control(key="articles.chosen").set_value("from-zero").run()
    app.button(key="run.from-zero.1.Jacobian, largest difference").click().run()
    job = app.session_state["article_job"]
    while job.is_running and not job.results:
        time.sleep(0.05)
    app.run()
    if job.is_running:
        app.button(key="stop_article_job").click().run()
    job.wait(20)
    app.run()
    assert not app.exception
    assert any("Just now: " in text.value for text in app.markdown)
    assert any(
        "of the stored results" in text.value or "identical to the stored results" in text.value
        for text in app.markdown
    )


def test_while_a_row_of_another_article_is_trained_it_can_be_stopped_here() -> None:
    app = open_page(article="moons")
    app.button(key="run.moons.4.50 units").click().run()
    app.segmented_control(key="articles.chosen").set_value("digits").run()
    run = next(button for button in app.button if button.key.startswith("run.digits.0."))
    assert run.disabled
    assert any("Two moons is being trained" in text.value for text in app.markdown)
    job = app.session_state["article_job"]
    app.button(key="stop_article_job").click().run()
    job.wait(20)
    app.run()
    assert not app.exception
    assert not any(button.disabled for button in app.button if button.key.startswith("run."))
    assert not any("is being trained" in text.value for text in app.markdown)


def test_an_article_that_there_is_not_is_said_in_a_sentence() -> None:
    app = open_page(article="999")
    assert [error.value for error in app.error] == [r"There is no article “999”\. Showing Two moons instead\."]


@pytest.mark.parametrize(("old", "key"), [(article.number, article.key) for article in ARTICLES.values()])
def test_an_old_link_by_number_opens_the_same_article(old: str, key: str) -> None:
    assert find(old) is ARTICLES[key]


def test_an_old_link_opens_in_the_app() -> None:
    app = open_page(article="003")
    assert app.header[0].value == ARTICLES["layer-table"].title
    assert app.query_params["article"] == "layer-table"


def test_no_preset_and_no_article_is_named_by_a_number_that_only_we_know() -> None:
    labels = [preset.label for article in ARTICLES.values() for preset in article.presets]
    labels += [text for presets in PRESETS.values() for one in presets for text in (one.label, one.description)]
    labels += [text for article in ARTICLES.values() for text in (article.name, article.title, article.finding)]
    assert not [label for label in labels if re.search(r"\b00\d\b|[Aa]rticle \d", label)]
    assert len({preset.label for article in ARTICLES.values() for preset in article.presets}) == sum(
        len(article.presets) for article in ARTICLES.values()
    )


def test_the_derivative_can_be_switched_on_the_page() -> None:
    app = open_page()
    assert {metric.label: metric.delta for metric in app.metric}["Gradient check"] == "fails"
    app.segmented_control(key="article_derivative").set_value("Corrected").run()
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
    curve: dict[str, list[float]] = {
        "x": [0, 1, 2],
        "low": [0.0, 1.0, 2.0],
        "median": [1.0, 2.0, 3.0],
        "high": [2.0, 3.0, 4.0],
    }
    assert list(figures.courses({"c": curve}, ("x", "y"), False).data[1].y) == [2.0, 3.0]
