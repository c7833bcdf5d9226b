"""Tables: what spreadsheets write is read rightly, and anything else is refused in a sentence."""

from __future__ import annotations

import random
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nnplay import ExperimentConfig
from nnplay.datasets import DATASETS, Dataset, make
from nnplay.datasets.own_data import MAX_POINTS, encode
from nnplay.datasets.tables import Table, read_table
from nnplay.datasets.tables.choosing import choose
from nnplay.datasets.tables.guessing import guess
from nnplay.datasets.tables.table import MAX_BYTES, MAX_ROWS
from nnplay.datasets.tables.writing import write_csv
from nnplay.experiment.recording.recording import Recording

#: The house form of a refusal: one sentence, what must be, what it got.
SENTENCE = re.compile(r"^(file|text|table|column|columns|inputs|target|points|y)\b.* must .*;.* got .*\.$", re.DOTALL)


def learn(content: bytes | str, **options: Any) -> tuple[Dataset, list[str]]:
    """Read a table and take the guess for what is meant."""
    table = read_table(content)
    guessed = guess(table)
    data, notes = choose(table, guessed.inputs, guessed.target, **({"task": guessed.task} | options))
    return data, table.notes + notes


# --- read rightly -------------------------------------------------------------------------------------------

ROWS = [(1.5, 2.0, "a"), (2.5, 1.0, "b"), (-1.25, 1e-3, "a"), (3.0, 3.5, "b")]


def written(delimiter: str = ",", header: str = "x,y,kind", comma: bool = False, end: str = "\n") -> str:
    lines = [header.replace(",", delimiter)] if header else []
    for x, y, kind in ROWS:
        numbers = [f"{v:g}".replace(".", ",") if comma else f"{v:g}" for v in (x, y)]
        lines.append(delimiter.join([*numbers, kind]))
    return end.join(lines) + end


@pytest.mark.parametrize(
    "content",
    [
        written(), written(";"), written("\t"), written("|"), written(" "), written(";", comma=True),
        written("\t", comma=True), written(end="\r\n"), written(end="\r"), written(header=""),
        written().encode(), b"\xef\xbb\xbf" + written().encode(), written("\t").encode("utf-16"),
        written().replace("1.5", '"1.5"').replace("a", '"a"'), "\n\n" + written() + "\n\n",
        written().replace("-", "−"), written().replace("\n", ",,\n").replace("kind,,", "kind"),
        written().replace(",", " , "),
    ],
    ids=lambda content: repr(content)[:30],
)  # fmt: skip
def test_every_usual_way_of_writing_the_same_table_gives_the_same_data(content: bytes | str) -> None:
    data, _ = learn(content, standardise=False)
    np.testing.assert_allclose(data.X, [row[:2] for row in ROWS])
    assert [data.class_names[k] for k in data.y] == [row[2] for row in ROWS]


def test_names_are_on_one_line_distinct_and_not_too_long() -> None:
    table = read_table("a,a,," + "n" * 90 + ",\u202ex\n1,2,3,4,5\n2,3,4,5,6\n", header=True)
    assert table.names[:3] == ["a", "a (2)", "column 3"]
    assert len(table.names[3]) == 40
    assert table.names[4] == "x"


def test_what_was_done_is_said() -> None:
    rows = ["size;colour;age;kind"]
    rows += [f"{k},5;{'red' if k % 3 else 'blue'};{k * k};{'yes' if k % 2 else 'no'}" for k in range(20)]
    rows += ["NA;red;5;yes", "1,0;red;inf;no", "1,0;red;5;", "1,0;red;many;no", "9,0;red", "1;2;3;4;5"]
    table = read_table("\n".join(rows))
    data, notes = choose(table, ["size", "colour", "age"], "kind")
    said = "\n".join(table.notes + notes)
    for what in ("semicolons", "1 row with more than 4", "1 row had fewer", "infinite", "'many'",
                 "'colour' becomes 2 inputs, one per word: 'blue', 'red'",
                 "5 of 25 rows were left out", "standardised", "principal components"):  # fmt: skip
        assert what in said
    assert data.n_samples == 20
    assert data.feature_names == ("size", "colour = blue", "colour = red", "age")
    np.testing.assert_allclose(data.X[:, [0, 3]].mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(data.X[:, [0, 3]].std(axis=0), 1)


def test_too_many_rows_are_sampled_and_that_is_said() -> None:
    content = "a,b,c\n" + "".join(f"{k},{k % 7},{k % 2}\n" for k in range(MAX_ROWS + 50))
    data, notes = learn(content)
    assert data.n_samples == MAX_POINTS
    assert any("first 10,000 rows" in note for note in notes)
    assert any("Only 1,000 of 10,000 rows are used" in note for note in notes)
    again, _ = learn(content)
    np.testing.assert_array_equal(data.X, again.X)


def test_a_numeric_target_is_regression_unless_it_has_few_whole_values() -> None:
    content = "a,b,c\n" + "".join(f"{k * 7 % 11},{k % 7},{k % 3},{k / 3}\n"[:-1] + "\n" for k in range(40))
    table = read_table(content.replace("a,b,c", "a,b,c,d"))
    as_classes, _ = choose(table, ["a", "b"], "c")
    assert as_classes.class_names == ("0", "1", "2")
    as_numbers, notes = choose(table, ["a", "b"], "d")
    assert as_numbers.task == "regression"
    assert as_numbers.y.std() == pytest.approx(1)
    assert any("The target was standardised, too" in note for note in notes)
    plain, _ = choose(table, ["a", "b"], "c", "regression", standardise=False)
    np.testing.assert_array_equal(np.unique(plain.y), [0, 1, 2])


def test_row_numbers_are_not_taken_for_a_measurement() -> None:
    table = read_table(",a,b,kind\n" + "".join(f"{k},{k * 3 % 5},{k % 7},{'xy'[k % 2]}\n" for k in range(1, 20)))
    assert guess(table).inputs == ("a", "b")
    assert table.names[0] == "column 1"


def test_a_class_of_a_single_row_is_left_out_and_that_is_said() -> None:
    data, notes = learn("a,b,c\n1,2,x\n2,3,y\n3,4,x\n4,6,y\n9,9,lonely\n")
    assert data.class_names == ("x", "y")
    assert any("'lonely'" in note for note in notes)


def test_huge_and_tiny_numbers_are_standardised_to_finite_ones() -> None:
    data, _ = learn("a,b,c\n1e308,1e-300,x\n-1e308,2e-300,x\n3e307,5e-300,y\n0,7e-300,y\n")
    assert np.isfinite(data.X).all()
    np.testing.assert_allclose(data.X.std(axis=0), 1)


def test_data_of_many_columns_train_on_all_of_them_and_show_their_principal_components() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 5)) @ rng.normal(size=(5, 5)) + 3
    data = Dataset(X, (X[:, 0] > 3).astype(int), feature_names=["a", "b", "c", "d", "e"])
    recording = Recording(ExperimentConfig(dataset="own", points=encode(data), hidden_sizes=(3,)))
    plane = recording.setup.plane
    assert recording.session.network.layer_sizes == (5, 3, 1)
    assert (plane.axes, plane.labels) == (("component 1", "component 2"), ("a", "b", "c", "d", "e"))
    grid = plane.grid()
    np.testing.assert_allclose(plane.positions_of(plane.inputs_at(grid)), grid, atol=1e-9)
    positions = plane.positions_of(recording.setup.inputs)
    assert np.corrcoef(positions.T)[0, 1] == pytest.approx(0, abs=1e-9)
    assert positions[:, 0].std() > positions[:, 1].std()
    (x_low, x_high), (y_low, y_high) = recording.setup.domain
    assert ((positions > [x_low, y_low]) & (positions < [x_high, y_high])).all()
    assert recording.advance(0, "epoch", 1, 2, 5.0)[-1].number == 2


# --- round trip ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DATASETS)
def test_every_data_set_comes_back_from_its_own_csv(name: str) -> None:
    data = make(name, n_samples=60, seed=2)
    train, test = data.split(0.25, seed=1)
    table = read_table(write_csv(train, test))
    back, _ = choose(table, data.feature_names, "target", data.task, standardise=False)
    np.testing.assert_array_equal(back.X, np.concatenate([train.X, test.X]))
    np.testing.assert_array_equal(back.y, np.concatenate([train.y, test.y]))
    assert back.class_names == data.class_names
    assert table.column("set").texts.count("test") == test.n_samples


def test_a_table_of_two_columns_is_a_curve_to_fit() -> None:
    table = read_table("dose,effect\n" + "".join(f"{k},{k * k / 7}\n" for k in range(1, 30)))
    guessed = guess(table)
    data, _ = choose(table, guessed.inputs, guessed.target, guessed.task)
    assert (guessed.inputs, guessed.target, data.task) == (("dose",), "effect", "regression")
    plane = ExperimentConfig(dataset="own", points=encode(data)).data.plane(("x1", "x2"))
    assert (plane.n_axes, plane.axes, plane.labels) == (1, ("dose",), ("dose",))


FORMULAS = ["=cmd()", "+1+1", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x")', "'quoted", "a,b", 'say "hi"', "x;y"]


def test_names_that_are_formulas_are_written_so_that_no_spreadsheet_runs_them_and_come_back() -> None:
    names = sorted(FORMULAS)
    y = np.arange(4 * len(names)) % len(names)
    data = Dataset(np.random.default_rng(0).normal(size=(len(y), 2)), y, class_names=names, feature_names=["=a", "+b"])
    content = write_csv(data)
    for entry in re.split(r"[,\n]", content):
        assert not re.match(r'"?[=+@]', entry), entry
    table = read_table(content)
    back, _ = choose(table, ["=a", "+b"], "target", standardise=False)
    assert [back.class_names[k] for k in back.y] == [names[k] for k in y]
    np.testing.assert_array_equal(back.X, data.X)


# --- hostile and broken -------------------------------------------------------------------------------------

BROKEN: list[bytes | str] = [
    b"", "", "\n\n\n", "   ", "\ufeff", b"\xff\xfe", b"\xff\xfea", b"\x00" * 100, b"\x89PNG\r\n\x1a\n" + bytes(50),
    b"\xff\xd8\xff\xe0JFIF", b"GIF89a....", b"%PDF-1.7\n", b"PK\x03\x04" + b"x" * 50, b"\xd0\xcf\x11\xe0\xa1\xb1",
    b"\x1f\x8b\x08\x00abc", "a,b,c", "a,b,c\n", "a\n1\n2\n", "1\n2\n3\n4\n", "hello world", "hello\nworld\n",
    "a,b,c\n1,2,\x00\n", "a,b,c\n1,2,\x1b[31m\n", b"a,b,c\n1,2,\x81\x8d\n" * 9, b"1,2,3\n4,5\x00,6\n",
    "a,b,c\n1,2,x\n2,3,y\n", "a,b,c\n1,,x\n,2,y\n3,,x\n,4,y\n",
    "a,b,c\nNaN,NaN,NaN\nNaN,NaN,NaN\nNaN,NaN,NaN\nNaN,NaN,NaN\n", "a,b,c\n" + ",,\n" * 9,
    "a,b,c\n" + "1,2,3\n" * 20, "a,b,c\n" + '"1,2,3\n4,5,6\n7,8,9\n', '"a,b,c\n1,2,3', "x" * (MAX_BYTES + 1),
    b"1,2,3\n" * (MAX_BYTES // 6 + 1), ",".join("a" * 60) + "\n" + ",".join("1" * 60) + "\n",
    "a,b,c\n" + "x" * 140_000 + ",1,2\n1,2,3\n",
    "name,word,kind\n" + "".join(f"n{k},w{k},{k % 2}\n" for k in range(30)),
    "{'a': [1, 2, 3]}", "<html>1,2</html>",
    "<?xml version='1.0'?><a/>", "a;b;c\n", "\t\t\t\n\t\t\t\n", ",,,\n,,,\n", ";;;", '""', '"",""\n"",""\n', "'", '"',
    "=cmd|' /C calc'!A0", "a,b,c\n=1,=2,=3\n", "1e999,1e999,1\n" * 8, "-,-,-\n" * 8, "?,?,?\n" * 8,
]  # fmt: skip


@pytest.mark.parametrize("content", BROKEN, ids=lambda content: repr(content[:25]))
def test_a_broken_table_is_refused_with_a_sentence(content: bytes | str) -> None:
    with pytest.raises(ValueError, match=SENTENCE) as refusal:
        learn(content)
    assert len(str(refusal.value)) < 300
    assert "Traceback" not in str(refusal.value)


UNFIT = [
    "a,b,c\n1,2,x\n2,3,x\n3,4,x\n4,5,x\n", "a,b,c\n1,2,x\n2,3,y\n3,4,z\n4,5,w\n", "a,b,c\n1,1,x\n1,2,y\n1,3,x\n1,4,y\n",
    "a,b,c\ninf,1,x\ninf,2,y\n-inf,3,x\ninf,4,y\n", "a,b,c\n" + "".join(f"{k},{k * k},w{k}\n" for k in range(30)),
]  # fmt: skip


@pytest.mark.parametrize("content", UNFIT, ids=lambda content: repr(content[6:25]))
def test_columns_that_cannot_be_used_are_refused_when_they_are_asked_for_and_not_guessed(content: str) -> None:
    table = read_table(content)
    with pytest.raises(ValueError, match=SENTENCE):
        choose(table, ["a", "b"], "c")
    guessed = guess(table)
    assert guessed.target != "c" or guessed.inputs == ("b",)
    choose(table, guessed.inputs, guessed.target)


def is_sound(data: Dataset) -> bool:
    return (
        bool(np.isfinite(data.X).all())
        and np.ptp(data.X, axis=0).min() > 0
        and 4 <= data.n_samples <= MAX_POINTS
        and (data.task == "regression" or np.bincount(data.y, minlength=data.n_classes).min() >= 2)
        and all(len(name) <= 40 and name.isprintable() for name in data.class_names + data.feature_names)
    )


def refused_or_sound(content: bytes | str) -> None:
    try:
        data, notes = learn(content)
    except ValueError as refusal:
        assert SENTENCE.match(str(refusal)), str(refusal)  # noqa: PT017
    else:
        assert is_sound(data)
        assert all(note.endswith(".") and len(note) < 400 for note in notes)
        ExperimentConfig(dataset="own", points=encode(data), test_fraction=0).build()


ENTRY = st.one_of(
    st.integers(-5, 5).map(str),
    st.floats(allow_subnormal=False).map(repr),
    st.sampled_from(["", "NA", "inf", "-inf", "1e400", "1,5", "1.234,5", "=cmd()", "a", "b", "'", '"', "−3", "1_000"]),
    st.text(max_size=6),
)  # fmt: skip


@settings(max_examples=200)
@given(
    st.lists(st.lists(ENTRY, min_size=1, max_size=5), min_size=1, max_size=12),
    st.sampled_from([",", ";", "\t", "|", " "]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_any_entries_are_refused_with_a_sentence_or_read_as_sound_data(
    rows: list[list[str]], by: str, end: str
) -> None:
    refused_or_sound(end.join(by.join(row) for row in rows))


@settings(max_examples=60)
@given(st.binary(max_size=300))
@example(b"\xff\xfe,\x001\x00")
def test_any_bytes_are_refused_with_a_sentence_or_read_as_sound_data(content: bytes) -> None:
    refused_or_sound(content)


def damaged(seed: int) -> str:
    """Return a good table with a few things wrong with it."""
    rng = random.Random(seed)
    rows = [["a", "b", "c", "kind"]] + [
        [f"{rng.gauss(0, 1):.3f}" for _ in range(3)] + [rng.choice("xyz")] for _ in range(30)
    ]
    for _ in range(rng.randint(1, 8)):
        row = rng.choice([row for row in rows if row])
        match rng.randint(0, 6):
            case 0:
                row.append(rng.choice(["", "9", "x"]))
            case 1 if len(row) > 1:
                row.pop()
            case 2:
                row[rng.randrange(len(row))] = rng.choice(
                    ["", "NA", "inf", "1e999", "=1+1", '"', "abc", "1;2", "٣", "\u202e"]
                )
            case 3:
                rows.append(list(row))
            case 4:
                row.clear()
            case 5:
                column = rng.randrange(4)
                for other in rows[1:]:
                    if len(other) > column:
                        other[column] = rng.choice(["7", other[column]])
            case _:
                rng.shuffle(rows)
    return "\n".join(",".join(row) for row in rows)


@pytest.mark.parametrize("seed", range(80))
def test_a_damaged_table_is_refused_with_a_sentence_or_read_as_sound_data(seed: int) -> None:
    refused_or_sound(damaged(seed))


TABLE = read_table("a,b,c,kind\n1,2,3,x\n2,1,9,y\n3,5,1,x\n4,4,4,y\n5,1,7,x\n1,1,1,y\n")
#: What one can choose wrongly of it.
WRONG_CHOICES: list[tuple[list[str], str, str | None]] = [
    ([], "kind", None), (["a", "a"], "kind", None), (["a", "kind"], "kind", None),
    (["a", "z"], "kind", None), (["a", "b"], "z", None), (["a", "b"], "kind", "regression"), (["a", "b"], "c", "group"),
]  # fmt: skip


@pytest.mark.parametrize(("inputs", "target", "task"), WRONG_CHOICES)
def test_a_wrong_choice_is_refused_with_a_sentence(inputs: list[str], target: str, task: str | None) -> None:
    with pytest.raises(ValueError, match=r" must .*; .*got .*\."):
        choose(TABLE, inputs, target, task)


def test_values_far_from_0_must_be_standardised() -> None:
    table = read_table("a,b,kind\n1e9,2,x\n2e9,1,y\n3e9,5,x\n4e9,4,y\n")
    assert isinstance(table, Table)
    with pytest.raises(ValueError, match="unless it is standardised; 'a' got"):
        choose(table, ["a", "b"], "kind", standardise=False)
    assert choose(table, ["a", "b"], "kind")[0].n_samples == 4
