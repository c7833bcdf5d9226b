"""From a table to inputs: words by name, gaps filled by the training rows, labels kept as written, a sensible guess."""

from __future__ import annotations

import dataclasses
import doctest
import re
from typing import Any

import numpy as np
import pytest

import nnplay as nn
from nnplay import ExperimentConfig
from nnplay.datasets import from_table, own_data, read_table
from nnplay.datasets.input_columns import MAX_CATEGORIES, InputColumn
from nnplay.datasets.names import distinct, told_apart
from nnplay.datasets.tables.choosing import choose
from nnplay.datasets.tables.guessing import guess
from nnplay.datasets.tables.writing import write_csv
from nnplay.engine.losses import get as loss_named
from nnplay.experiment.measures.baselines import baselines
from nnplay.experiment.measures.column_effects import GRID, Importance, Responses
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.saved_runs import saved_run
from nnplay.experiment.training.r_squared import spread_of
from nnplay.server.run_info import info_of
from tests import ROOT

MSE = loss_named("mean_squared_error", "identity")
#: Six birds; a length and a sex are missing.
BIRDS = """species,island,length,sex
Adelie,Dream,38,f
Gentoo,Biscoe,46,m
Adelie,Dream,NA,f
Adelie,Torgersen,39,NA
Gentoo,Biscoe,48,m
Gentoo,Biscoe,50,f
"""


def cars(n: int = 40) -> str:
    """Return a table with words, and gaps in numbers and in words."""
    rows = ["power,maker,weight,mpg"]
    for k in range(n):
        power = "?" if k % 7 == 3 else f"{50 + 3 * k}"
        maker = "" if k % 11 == 5 else ("ford", "fiat", "audi")[k // 2 % 3]
        rows.append(f"{power},{maker},{900 + 10 * k},{40 - k / 2}")
    return "\n".join(rows)


# --- inputs -------------------------------------------------------------------------------------------------


def test_each_word_of_a_column_is_an_input_by_name() -> None:
    data = from_table(read_table(BIRDS), target="species")
    assert data.feature_names == (
        "island = Biscoe", "island = Dream", "length", "sex = f", "sex = m"
    )  # fmt: skip
    np.testing.assert_array_equal(data.X, [[0, 1, 38, 1, 0], [1, 0, 46, 0, 1], [1, 0, 48, 0, 1], [1, 0, 50, 1, 0]])
    assert [data.class_names[k] for k in data.y] == ["Adelie", "Gentoo", "Gentoo", "Gentoo"]
    assert [(column.name, column.n_features, column.categories) for column in data.columns] == [
        ("island", 2, ("Biscoe", "Dream")), ("length", 1, ()), ("sex", 2, ("f", "m"))
    ]  # fmt: skip
    assert any("2 of 6 rows were left out" in note for note in data.notes)


def test_gaps_are_filled_with_the_median_and_the_most_frequent_word_and_that_is_an_input() -> None:
    data = from_table(read_table(BIRDS), target="species", missing="fill")
    assert data.feature_names == (
        "island = Biscoe", "island = Dream", "island = Torgersen", "length", "length missing", "sex = f", "sex = m",
        "sex missing",
    )  # fmt: skip
    np.testing.assert_array_equal(data.X[2], [0, 1, 0, 46, 1, 1, 0, 0])
    np.testing.assert_array_equal(data.X[3], [0, 0, 1, 39, 0, 1, 0, 1])
    np.testing.assert_array_equal(data.X[:, 4], [0, 0, 1, 0, 0, 0])
    said = "\n".join(data.notes)
    assert "The missing values of 'length' (1) were filled with the median of the training rows" in said
    assert "'sex missing' marks those rows" in said


@pytest.mark.parametrize("seed", range(4))
def test_the_training_rows_alone_decide_what_fills_a_gap(seed: int) -> None:
    table = read_table(cars())
    data = from_table(table, target="mpg", missing="fill")
    rows = data.split_indices(0.5, seed)
    power = table.column("power").numbers
    assert power is not None
    makers = np.array(table.column("maker").texts)
    median = np.nanmedian(power[rows[0]])
    counts = {word: np.count_nonzero(makers[rows[0]] == word) for word in ("audi", "fiat", "ford")}
    frequent = max(counts, key=lambda word: counts[word])
    for part, kept in zip(data.split(0.5, seed), rows, strict=True):
        expected = np.where(np.isnan(power[kept]), median, power[kept])
        np.testing.assert_array_equal(part.X[:, 0], expected)
        words = [part.columns[2].categories[k] for k in part.X[:, 2:5].argmax(axis=1)]
        assert words == [word or frequent for word in makers[kept]]
        np.testing.assert_array_equal(part.X[:, 5], makers[kept] == "")
    other_test_rows = table.column("power").texts
    changed = [f"{float(t) * 1e3:.0f}" if k in rows[1] and t != "?" else t for k, t in enumerate(other_test_rows)]
    lines = cars().splitlines()
    text = [lines[0], *(f"{new},{line.split(',', 1)[1]}" for new, line in zip(changed, lines[1:], strict=True))]
    again, _ = from_table(read_table("\n".join(text)), target="mpg", missing="fill").split(0.5, seed)
    np.testing.assert_array_equal(again.X, data.split(0.5, seed)[0].X)


def test_columns_can_be_chosen_and_what_cannot_be_is_refused() -> None:
    table = read_table(BIRDS)
    assert from_table(table, "species", columns=["length"]).feature_names == ("length",)
    assert from_table(table, "length", columns=["island"]).task == "regression"
    words = read_table("word,n,y\n" + "".join(f"w{k},{k % 5},{k % 2}\n" for k in range(MAX_CATEGORIES + 1)))
    assert from_table(words, "y").feature_names == ("n",)
    assert "'word' was left out: it has 21 different words, and at most 20" in from_table(words, "y").notes[0]
    refused: dict[str, dict[str, Any]] = {
        "column must hold numbers or at most 20 different words": {"target": "y", "columns": ["word"]},
        "target must be one of": {"target": "z"},
        "missing must be one of 'drop', 'fill'; got 'keep'": {"target": "y", "missing": "keep"},
        "columns must be at least 1 column": {"target": "y", "columns": []},
        "target must be none of the columns": {"target": "y", "columns": ["y", "n"]},
        "target must hold classes that repeat": {"target": "word", "columns": ["n"]},
    }
    for message, arguments in refused.items():
        with pytest.raises(ValueError, match=message):
            from_table(words, **arguments)
    with pytest.raises(TypeError, match="columns must be names"):
        from_table(words, "y", columns="n")
    with pytest.raises(TypeError, match="table must be what"):
        from_table(words.columns, "y")  # type: ignore[arg-type]


def test_names_are_distinct_and_keep_what_tells_them_apart() -> None:
    assert distinct(["a", "a", "a (2)", "b"]) == ["a", "a (3)", "a (2)", "b"]
    labels = [f"{'long ' * 12}{end}" for end in ("one", "two")]
    names = told_apart(labels)
    assert [name[-3:] for name in names] == ["one", "two"]
    assert max(map(len, names)) == 40
    table = read_table("a,a missing,y\n1,5,0\n,6,1\n3,8,0\n4,9,1\n")
    assert from_table(table, "y", missing="fill").feature_names == ("a", "a missing", "a missing (2)")
    column = "the administrative region of the capital"
    table = read_table(f"{column},y\n" + "".join(f"region {'ab'[k % 2]},{k % 3}\n" for k in range(9)), separator=",")
    assert from_table(table, "y").feature_names == tuple(f"the administrative region of… = region {k}" for k in "ab")


# --- targets ------------------------------------------------------------------------------------------------


LABELS = [
    ("4006381333931", "4006381333932"), ("007", "07"), ("1e5", "x"), ("a b", "a c"), ("0", "1"),
    ("12345678901234567890", "12345678901234567891"),
]  # fmt: skip


@pytest.mark.parametrize("labels", LABELS)
def test_labels_keep_every_character(labels: tuple[str, str]) -> None:
    table = read_table("x,code\n" + "".join(f"{k},{labels[k % 2]}\n" for k in range(12)))
    data = from_table(table)
    assert data.class_names == labels
    np.testing.assert_array_equal(data.y, np.arange(12) % 2)


def test_numbers_written_in_two_ways_are_one_class() -> None:
    table = read_table("x,y,class\n" + "".join(f"{k},{k * k % 5},{('1', '1.0', '2')[k % 3]}\n" for k in range(12)))
    assert from_table(table).class_names == ("1", "2")


@pytest.mark.parametrize(
    ("columns", "target", "inputs"),
    [
        ("id:count class:ab size:number", "class", ("size",)),
        ("size:number PassengerId:count Survived:01 Name:names", "Survived", ("size",)),
        ("size:number kind:ab ticket:names", "kind", ("size",)),
        ("x:number y:number z:number", "z", ("x", "y")),
        ("x:number y:number", "y", ("x",)),
        ("a:number b:number nothing:empty", "b", ("a",)),
        ("a:number b:number same:constant", "b", ("a",)),
        ("a:number rating:number key:count", "rating", ("a",)),
        ("a:count b:number", "b", ("a",)),
        ("price:number a:number b:number", "price", ("a", "b")),
        ("a:number kind:ab quality:number", "kind", ("a", "quality")),
        ("species:names a:number b:number", "b", ("a",)),
        ("a:number b:number mostly:gaps", "b", ("a",)),
    ],
)
def test_the_guessed_target_can_be_predicted(columns: str, target: str, inputs: tuple[str, ...]) -> None:
    kinds = {
        "count": lambda k: str(k + 1), "ab": lambda k: "aab"[k % 3], "01": lambda k: str(k * k % 3 % 2),
        "names": lambda k: f"person {k}", "number": lambda k: f"{k * 7 % 31 + 0.5}", "empty": lambda k: "",
        "constant": lambda k: "7", "gaps": lambda k: str(k) if k % 3 == 0 else "",
    }  # fmt: skip
    named = [pair.split(":") for pair in columns.split()]
    rows = [",".join(kinds[kind](k) for _, kind in named) for k in range(30)]
    table = read_table("\n".join([",".join(name for name, _ in named), *rows]), header=True, separator=",")
    guessed = guess(table, 50)
    assert (guessed.target, guessed.inputs) == (target, inputs)
    data = from_table(table)
    assert data.name == target
    assert data.task == guessed.task


# --- how they travel ----------------------------------------------------------------------------------------


def config_of(missing: str = "fill", **fields: Any) -> ExperimentConfig:
    data, _ = choose(read_table(cars()), ["power", "maker", "weight"], "mpg", None, False, missing, as_table=True)
    text = own_data.encode(data, target="mpg", as_table=True)
    return ExperimentConfig(dataset="table", points=text, hidden_sizes=(3,), **fields)


@pytest.mark.parametrize("missing", ["drop", "fill"])
def test_words_and_gaps_come_back_from_the_text_dict_link_and_saved_run(missing: str) -> None:
    config = config_of(missing, standardise=True)
    data = config.data.make()
    read = from_table(read_table(cars()), "mpg", missing=missing)
    assert data.feature_names == read.feature_names
    assert data.columns == read.columns
    np.testing.assert_allclose(data.X, read.X, atol=0.05)
    assert own_data.encode(data, target="mpg", as_table=True) == config.points
    assert ExperimentConfig.from_dict(config.to_dict()) == config
    assert ExperimentConfig.from_query(config.to_query()) == (config, [])

    recording = Recording(config)
    (frame,) = recording.advance(0, "epoch", 1, 1, 5.0)
    opened = saved_run.from_json(saved_run.to_json(recording))
    assert opened.config == config
    assert opened.session.train.columns == recording.session.train.columns
    ahead = [each.advance(frame.number, "epoch", 1, 1, 5.0)[0].measures for each in (recording, opened)]
    assert ahead[0] == ahead[1]


def test_a_text_without_words_and_gaps_is_written_as_it_was_before() -> None:
    text = "1eNpjZGBgYGRgYGBiYGBgZmBgYAEAACMABQ"  # damaged on purpose: refused in a sentence
    with pytest.raises(ValueError, match="points must be"):
        own_data.decode(text)
    data = nn.datasets.Dataset([[0.0, 1.0], [1.0, 0.0], [2.0, 5.0], [3.0, 4.0]], [0, 1, 0, 1])
    assert own_data.decode(own_data.encode(data)).data.columns == (InputColumn("x1", 0), InputColumn("x2", 1))


def test_the_training_part_of_a_run_fills_gaps_and_categories_stay_0_and_1() -> None:
    config = config_of(standardise=True, test_fraction=0.5)
    raw, _ = config.data.raw_split()
    train, test = config.data.split()
    assert test is not None
    np.testing.assert_allclose(train.X[:, [0, 6]].mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(train.X[:, [0, 6]].std(axis=0), 1)
    kept = [1, 2, 3, 4, 5]
    np.testing.assert_array_equal(train.X[:, kept], raw.X[:, kept])
    gaps = test.X[:, 1] == 1
    assert gaps.any()
    known = raw.X[raw.X[:, 1] == 0, 0]
    expected = (np.median(known) - raw.X[:, 0].mean()) / raw.X[:, 0].std()
    np.testing.assert_allclose(test.X[gaps, 0], expected)


def test_columns_are_chosen_as_wholes_and_a_gaps_column_can_be_left_out() -> None:
    config = config_of(columns=(1, 3))
    assert [column.name for column in config.data.make().columns] == [
        "power", "power missing", "maker", "maker missing", "weight"
    ]  # fmt: skip
    train, _ = config.data.split()
    assert config.layer_sizes[0] == config.data.n_coordinates == 4
    assert train.feature_names == ("power", "maker = audi", "maker = fiat", "maker = ford")
    assert Recording(config).setup.plane.labels == train.feature_names
    alone = dataclasses.replace(config, columns=(2,)).data.split()[0]
    assert alone.columns == (InputColumn("power missing", 0, 1, ("no", "yes")),)
    with pytest.raises(ValueError, match="columns must be from 1 to 5"):
        dataclasses.replace(config, columns=(6,))


@pytest.mark.parametrize("place", range(5, 60, 3))
def test_a_changed_text_is_refused_with_a_sentence_or_read_as_sound_data(place: int) -> None:
    points = config_of().points
    other = points[:place] + ("A" if points[place] != "A" else "B") + points[place + 1 :]
    try:
        data = own_data.decode(other, as_table=True).data
    except ValueError as refusal:
        assert str(refusal).startswith("points must ")  # noqa: PT017
    else:
        assert np.isfinite(data.X).all()


def test_the_plane_of_the_playground_shows_words_too() -> None:
    data, _ = choose(read_table(cars()), ["power", "maker"], "mpg", missing="fill")
    recording = Recording(ExperimentConfig(dataset="own", points=own_data.encode(data), hidden_sizes=(3,)))
    assert recording.setup.plane.labels == (
        "power", "power missing", "maker = audi", "maker = fiat", "maker = ford", "maker missing"
    )  # fmt: skip
    assert recording.setup.plane.axes == ("component 1", "component 2")


def test_a_saved_table_has_the_words_and_the_gaps_and_gives_the_same_data() -> None:
    data = from_table(read_table(cars()), "mpg", missing="fill")
    train, test = data.split(0.25, seed=1)
    table = read_table(write_csv(train, test, "mpg"))
    assert table.names == ["power", "maker", "weight", "mpg", "set"]
    assert set(table.column("maker").texts) == {"", "audi", "fiat", "ford"}
    back = from_table(table, "mpg", columns=["power", "maker", "weight"], missing="fill")
    order = np.concatenate(data.split_indices(0.25, seed=1))
    np.testing.assert_array_equal(back.X, data.X[order])
    np.testing.assert_array_equal(back.y, data.y[order])
    assert write_csv(nn.datasets.Dataset([[1.0], [2.0]], [0.5, 1.5], feature_names=["set"])).startswith(
        "set,target,set (2)"
    )


# --- what columns do ----------------------------------------------------------------------------------------


def test_importance_and_curves_of_words_are_of_the_column_as_a_whole() -> None:
    rng = np.random.default_rng(5)
    words, sizes = rng.integers(0, 3, 3000), rng.normal(size=3000)
    content = "colour,size,y\n" + "".join(f"{'abc'[w]},{s:.6f},{s + w}\n" for w, s in zip(words, sizes, strict=True))
    data = from_table(read_table(content), "y")
    # a, b, c are worth 1, 2, 5; the size counts twice.
    network = nn.Network([4, 1], output="identity")
    network.weights[0][:, 0] = [1.0, 2.0, 5.0, 2.0]
    network.biases[0][:] = 0.5
    perfect = nn.datasets.Dataset(data.X, network.forward(data.X)[:, 0], "regression").of_columns(data.columns)
    importance = Importance(network, perfect, MSE)(network.parameters)
    assert importance.shape == (2,)
    worth = np.array([1.0, 2.0, 5.0])[words]
    np.testing.assert_allclose(importance, [2 * worth.var(), 2 * 4 * sizes.var()], rtol=0.25)

    responses = Responses(network, perfect)
    curves = responses(network.parameters)
    assert curves.shape == (2, 1, GRID)
    np.testing.assert_allclose(np.diff(curves[0, 0, :3]), [1, 3], rtol=1e-5)
    np.testing.assert_array_equal(curves[0, 0, 3:], np.full(GRID - 3, curves[0, 0, 2]))
    assert MAX_CATEGORIES <= GRID


# --- targets that don't vary --------------------------------------------------------------------------------


@pytest.mark.parametrize("fields", [{"standardise": True}, {"log_target": True}, {"dtype": "float32"}, {}], ids=str)
def test_r_squared_of_a_constant_test_target_is_undefined_everywhere(fields: dict[str, Any]) -> None:
    rows = [f"{10 + k * 0.7:.1f},{40 + k * 13 % 50},{0.1 if k % 6 else 0.1 + k / 7:.4f}" for k in range(1, 31)]
    data, _ = choose(read_table("\n".join(["temp,humidity,rain", *rows])), ["temp", "humidity"], "rain",
                     "regression", False, as_table=True)  # fmt: skip
    points = own_data.encode(data, target="rain", as_table=True)
    seeds = (s for s in range(200) if np.ptp(own_data.decode(points, True).data.split(0.25, s)[1].y) == 0)
    config = ExperimentConfig(dataset="table", points=points, hidden_sizes=(3,), seed=next(seeds), **fields)
    session = config.build().run(epochs=2)
    assert session.test is not None
    assert np.isfinite(session.score(session.train))
    assert np.isnan(session.score(session.test))
    assert np.isnan(session.history["test_score"]).all()
    for baseline in baselines(session.train, session.test, session.loss, 1):
        assert np.isfinite(baseline.train_score)
        assert np.isnan(baseline.test_score)
    recording = Recording(config)
    recording.look(("measures",))
    (frame,) = recording.advance(0, "epoch", 1, 1, 5.0)
    scores = frame.parts["regression_scores"]
    assert np.isfinite(scores[0, 0])
    assert np.isnan(scores[1, 0])
    assert info_of(recording)["undefined_score"] == [None, "R² is undefined: the test targets are all the same."]


def test_a_spread_that_is_rounding_is_none() -> None:
    for scale in (1e-300, 1e-12, 1.0, 3.7, 1e150):
        same = np.full(7, 0.1 * scale)
        assert spread_of(same) == 0.0
        same[3] *= 1 + 2e-16
        assert spread_of(same) == 0.0
        same[3] *= 1 + 1e-9
        assert spread_of(same) == pytest.approx(6 / 7 * (0.1e-9 * scale) ** 2, rel=1e-3)
    both = np.column_stack([np.full(4, 0.3), [1.0, 2.0, 3.0, 4.0]])
    assert spread_of(both) == 5.0


# --- what is written about it -------------------------------------------------------------------------------


def test_the_readme_and_the_docstring_say_what_comes_of_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    readme = (ROOT / "docs" / "notebook.md").read_text(encoding="utf-8")
    (block,) = [part for part in re.findall(r"```python\n(.*?)```", readme, re.DOTALL) if "from_table" in part]
    code, _, promised = block.partition("  # ")
    exec(block, {"nn": nn})
    assert capsys.readouterr().out.strip() == f"({promised.strip()})"
    assert "from_table" in code
    globs = {"read_table": read_table, "from_table": from_table}
    finder = doctest.DocTestFinder()
    failed = [doctest.DocTestRunner().run(each).failed for each in finder.find(from_table, globs=globs)]
    assert failed == [0]
