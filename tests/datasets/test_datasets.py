"""Datasets: what is generated, how own data are read, how they are split, and what is refused."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression, LogisticRegression

from nnplay.datasets import DATASETS, Dataset, Option, make
from nnplay.datasets.generated.recipes import FormulaOption, recipe
from nnplay.wording import Help

CLASSIFICATION = [name for name in DATASETS if DATASETS[name].task == "classification"]
REGRESSION = [name for name in DATASETS if DATASETS[name].task == "regression"]
ONE_INPUT = [name for name in DATASETS if DATASETS[name].n_features == 1]
OPTIONS = [
    (name, option) for name in DATASETS for option in DATASETS[name].options if not isinstance(option, FormulaOption)
]

X4 = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]


def linear_accuracy(data: Dataset) -> float:
    """Return the training accuracy of the best-known linear classifier."""
    return LogisticRegression().fit(data.X, data.y).score(data.X, data.y)


def refused(message: str, kind: type[Exception] = ValueError) -> Any:
    """Return a context in which exactly `message` must be raised."""
    return pytest.raises(kind, match=f"^{re.escape(message)}$")


# --- every generator ----------------------------------------------------------------------------------------


def test_the_registry_lists_the_datasets_of_the_menu() -> None:
    classes = ["moons", "circles", "xor", "spiral", "blobs", "two_lines", "checkerboard"]
    values = ["plane", "hills", "sine", "absolute", "step", "formula"]
    assert [name for name in CLASSIFICATION if name in classes] == classes
    assert [name for name in REGRESSION if name in values] == values
    assert values[2:] == [name for name in ONE_INPUT if name in values]


@pytest.mark.parametrize("name", DATASETS)
def test_recipe_can_be_shown_in_a_menu(name: str) -> None:
    recipe = DATASETS[name]
    assert recipe.name == name
    assert recipe.label
    assert recipe.label[0].isupper()
    assert recipe.description.endswith(".")
    assert 0 <= recipe.default_noise <= 1
    assert all(option.help for option in recipe.options)
    assert all(option.low <= option.default <= option.high for of, option in OPTIONS if of == name)


@pytest.mark.parametrize("name", DATASETS)
def test_defaults_are_those_of_the_recipe(name: str) -> None:
    recipe = DATASETS[name]
    defaults = {option.name: option.default for option in recipe.options}
    explicit = make(name, n_samples=recipe.default_n_samples, noise=recipe.default_noise, seed=0, **defaults)
    assert np.array_equal(make(name).X, explicit.X)
    assert len(explicit) == recipe.default_n_samples


@pytest.mark.parametrize("n_samples", [10, 11, 13, 101, 500])
@pytest.mark.parametrize("name", DATASETS)
def test_generated_data_have_the_promised_form(name: str, n_samples: int) -> None:
    data = make(name, n_samples=n_samples, seed=3)
    assert data.X.shape == (n_samples, DATASETS[name].n_features)
    assert data.X.dtype == np.float64
    assert data.y.shape == (n_samples,)
    assert data.y.dtype == (np.int64 if name in CLASSIFICATION else np.float64)
    assert np.isfinite(data.X).all()
    assert np.isfinite(data.y).all()
    assert (data.task, data.name) == (DATASETS[name].task, name)
    assert data.feature_names == ("x1", "x2")[: data.n_features]


@pytest.mark.parametrize("name", CLASSIFICATION)
def test_classes_are_balanced_and_named_by_number(name: str) -> None:
    for n_samples in (10, 11, 12, 13, 14, 500):
        data = make(name, n_samples=n_samples)
        assert np.ptp(np.bincount(data.y)) <= 1
        assert data.class_names == ("0", "1")


@pytest.mark.parametrize(("name", "option"), [("spiral", "arms"), ("blobs", "classes")])
@pytest.mark.parametrize("n_classes", [2, 3, 5, 10])
def test_number_of_classes_is_an_option(name: str, option: str, n_classes: int) -> None:
    data = make(name, n_samples=103, **{option: n_classes})
    counts = np.bincount(data.y)
    assert len(counts) == data.n_classes == n_classes
    assert np.ptp(counts) <= 1


@pytest.mark.parametrize("name", DATASETS)
def test_same_seed_same_bytes(name: str) -> None:
    one, same, other = (make(name, noise=0.1, seed=seed) for seed in (7, 7, 8))
    assert one.X.tobytes() == same.X.tobytes()
    assert one.y.tobytes() == same.y.tobytes()
    assert not np.array_equal(one.X, other.X)


@pytest.mark.parametrize("name", DATASETS)
def test_noise_changes_the_data_at_both_ends_of_its_range(name: str) -> None:
    clean, noisy = make(name, noise=0, seed=1), make(name, noise=1, seed=1)
    assert np.isfinite(noisy.X).all()
    changed = (clean.X, noisy.X) if name in CLASSIFICATION else (clean.y, noisy.y)
    assert not np.allclose(*changed)


@pytest.mark.parametrize("name", CLASSIFICATION)
def test_samples_are_in_random_order(name: str) -> None:
    y = make(name, n_samples=400).y
    # In random order about half of the neighbours differ; sorted by class one pair would, alternating, all.
    assert 0.35 < np.mean(y[1:] != y[:-1]) < 0.65


@pytest.mark.parametrize("name", [name for name in DATASETS if name not in ("moons", "blobs")])
def test_clean_inputs_lie_in_the_square(name: str) -> None:
    largest = np.abs(make(name, noise=0).X).max()
    assert 0.9 < largest <= 1 + 1e-12


@pytest.mark.parametrize("name", CLASSIFICATION)
def test_classes_are_apart_without_noise(name: str) -> None:
    data = make(name, n_samples=300, noise=0, seed=2)
    gaps = np.linalg.norm(data.X[:, np.newaxis] - data.X, axis=2)
    between_classes = gaps[data.y[:, np.newaxis] != data.y]
    assert between_classes.min() > (0 if name == "checkerboard" else 0.09)


def made_with(name: str, option: Option, value: float, **others: Any) -> Dataset:
    return make(name, **others | {option.name: value})


@pytest.mark.parametrize(("name", "option"), OPTIONS, ids=lambda value: getattr(value, "name", value))
def test_options_act_within_their_bounds_only(name: str, option: Option) -> None:
    low, high = (made_with(name, option, bound, noise=0) for bound in (option.low, option.high))
    assert not (np.array_equal(low.X, high.X) and np.array_equal(low.y, high.y))
    step = 1 if option.is_whole else 0.01
    for value in (option.low - step, option.high + step):
        with pytest.raises(ValueError, match=f"^{option.name} must be .* from {option.low:g} to {option.high:g}; "):
            made_with(name, option, value)


@pytest.mark.parametrize(("name", "option"), OPTIONS, ids=lambda value: getattr(value, "name", value))
def test_options_of_whole_numbers_refuse_fractions(name: str, option: Option) -> None:
    between = option.low + 0.5 * (option.high - option.low) + 0.25 * option.is_whole
    if option.is_whole:
        with pytest.raises(TypeError, match=f"^{option.name} must be an integer from"):
            made_with(name, option, between)
    else:
        assert made_with(name, option, between).n_samples == DATASETS[name].default_n_samples


def test_adding_a_dataset_is_one_function(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DATASETS, "_entries", dict(DATASETS))
    slope = Option("slope", 1.0, 0.0, 2.0, Help("Rise of the line."))

    @recipe(
        "line",
        label="Line",
        task="regression",
        description="Try.",
        default_noise=0.0,
        default_n_samples=20,
        options=(slope,),
    )
    def line(rng: np.random.Generator, n_samples: int, noise: float, slope: float) -> Any:
        X = rng.uniform(-1, 1, size=(n_samples, 1))
        return X, slope * X[:, 0]

    data = make("line", slope=2)
    assert np.array_equal(data.y, 2 * data.X[:, 0])
    assert (data.n_samples, data.feature_names, data.name) == (20, ("x1",), "line")


# --- geometry -----------------------------------------------------------------------------------------------


def test_moons_are_scikit_learns_half_circles() -> None:
    data = make("moons", n_samples=101, noise=0)
    (x1, x2), (u1, u2) = data.X[data.y == 0].T, data.X[data.y == 1].T
    assert np.allclose(x1**2 + x2**2, 1)
    assert x2.min() > -1e-12
    assert np.allclose((u1 - 1) ** 2 + (u2 - 0.5) ** 2, 1)
    assert u2.max() < 0.5 + 1e-12


def test_noise_of_moons_is_a_standard_deviation() -> None:
    data = make("moons", n_samples=100_000, noise=0.1)
    centres = np.where(data.y[:, np.newaxis] == 0, [0.0, 0.0], [1.0, 0.5])
    radii = np.linalg.norm(data.X - centres, axis=1)
    assert np.std(radii) == pytest.approx(0.1, rel=0.02)


@pytest.mark.parametrize("factor", [0.3, 0.5])
def test_circles_have_their_radii(factor: float) -> None:
    data = make("circles", noise=0, factor=factor)
    assert np.allclose(np.linalg.norm(data.X, axis=1), np.where(data.y == 0, 1, factor))


def test_xor_is_whether_the_signs_differ() -> None:
    data = make("xor", n_samples=1000, noise=0)
    right, top = (data.X > 0).T
    assert np.array_equal(data.y == 1, right != top)
    assert np.abs(data.X).min() >= 0.05
    quadrants = np.bincount(2 * right + top)
    assert quadrants.min() > 200


@pytest.mark.parametrize("arms", [2, 3, 5, 10])
def test_spiral_arms_wind_outwards_from_radius_a_tenth_to_one(arms: int) -> None:
    data = make("spiral", n_samples=1000, noise=0, arms=arms)
    radius, angle = np.linalg.norm(data.X, axis=1), np.arctan2(data.X[:, 1], data.X[:, 0])
    assert 0.1 <= radius.min() < 0.2
    assert 0.98 < radius.max() <= 1
    turns_too_many = (3 * radius + data.y) / arms - angle / (2 * np.pi)
    assert np.allclose(turns_too_many, np.round(turns_too_many))


@pytest.mark.parametrize("classes", [2, 3, 4, 5])
def test_blobs_are_clouds_on_a_circle_which_lines_part(classes: int) -> None:
    data = make("blobs", n_samples=5000, noise=0, classes=classes)
    centres = np.array([data.X[data.y == label].mean(axis=0) for label in range(classes)])
    assert np.allclose(np.linalg.norm(centres, axis=1), 0.7, atol=0.02)
    assert np.allclose([data.X[data.y == label].std(axis=0) for label in range(classes)], 0.1, rtol=0.1)
    assert linear_accuracy(data) > 0.99


def test_noise_spreads_the_blobs() -> None:
    data = make("blobs", n_samples=5000, noise=0.4)
    assert np.allclose([data.X[data.y == label].std(axis=0) for label in (0, 1)], 0.1 + 0.4 / 2, rtol=0.1)


def test_two_lines_part_what_no_single_line_does() -> None:
    data = make("two_lines", n_samples=1000, noise=0)
    distance = np.abs(data.X.sum(axis=1)) / np.sqrt(2)
    line = np.sqrt(2) - 1
    assert np.array_equal(data.y == 1, distance < line)
    assert np.abs(distance - line).min() >= 0.05
    assert linear_accuracy(data) < 0.8


@pytest.mark.parametrize("cells", [3, 4, 6])
def test_checkerboard_alternates(cells: int) -> None:
    data = make("checkerboard", n_samples=2000, noise=0, cells=cells)
    column, row = np.floor((data.X + 1) / 2 * cells).T
    assert np.array_equal(data.y, (column + row) % 2)
    assert len(np.unique(column * cells + row)) == cells**2


@pytest.mark.parametrize("name", ["xor", "circles", "checkerboard", "spiral"])
def test_no_line_comes_near(name: str) -> None:
    assert linear_accuracy(make(name, n_samples=1000, noise=0)) < 0.7


def test_plane_is_linear_up_to_the_noise() -> None:
    clean = make("plane", noise=0)
    model = LinearRegression().fit(clean.X, clean.y)
    assert np.allclose([*model.coef_, model.intercept_], [0.6, -0.4, 0])
    noisy = make("plane", n_samples=100_000, noise=0.2)
    assert np.std(noisy.y - noisy.X @ [0.6, -0.4]) == pytest.approx(0.2, rel=0.02)


def test_hills_rise_and_fall_which_no_plane_does() -> None:
    data = make("hills", n_samples=2000, noise=0)
    assert -1 < data.y.min() < -0.8
    assert 0.8 < data.y.max() < 1.05
    assert LinearRegression().fit(data.X, data.y).score(data.X, data.y) < 0.3
    top = data.X[data.y.argmax()]
    assert np.allclose(top, [-0.5, -0.5], atol=0.15)


# --- make refuses -------------------------------------------------------------------------------------------


def test_unknown_dataset_is_refused_with_the_nearest() -> None:
    listed = ", ".join(repr(name) for name in DATASETS)
    with refused(f"dataset must be one of {listed}; got 'moon'. Did you mean 'moons'?"):
        make("moon")


def test_unknown_option_is_refused_with_the_nearest() -> None:
    known = "'n_samples', 'noise', 'seed', 'arms'"
    with refused(f"option of dataset 'spiral' must be one of {known}; got 'arm'. Did you mean 'arms'?"):
        make("spiral", arm=3)
    with refused("option of dataset 'xor' must be one of 'n_samples', 'noise', 'seed'; got 'gap'."):
        make("xor", gap=0.2)


@pytest.mark.parametrize("value", [9, 100_001])
def test_number_of_samples_out_of_bounds_is_refused(value: int) -> None:
    with refused(f"n_samples must be an integer from 10 to 100000; got {value}."):
        make("moons", n_samples=value)


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({"n_samples": 50.0}, TypeError, "n_samples must be an integer from 10 to 100000; got 50.0."),
        ({"noise": -0.1}, ValueError, "noise must be a finite number from 0 to 1; got -0.1."),
        ({"noise": 1.5}, ValueError, "noise must be a finite number from 0 to 1; got 1.5."),
        ({"noise": float("nan")}, ValueError, "noise must be a finite number from 0 to 1; got nan."),
        ({"noise": "much"}, TypeError, "noise must be a finite number from 0 to 1; got 'much'."),
        ({"seed": -1}, ValueError, "seed must be an integer at least 0; got -1."),
        ({"seed": "a"}, TypeError, "seed must be an integer at least 0; got 'a'."),
    ],
)
def test_bad_numbers_are_refused(arguments: dict[str, Any], kind: type[Exception], message: str) -> None:
    with refused(message, kind):
        make("moons", **arguments)


# --- own data -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("y", "indices", "names"),
    [
        ([0, 1, 1, 0], [0, 1, 1, 0], ("0", "1")),
        ([7, -2, 3, 7], [2, 0, 1, 2], ("-2", "3", "7")),
        ([True, False, True, True], [1, 0, 1, 1], ("False", "True")),
        (["dog", "cat", "dog", "dog"], [1, 0, 1, 1], ("cat", "dog")),
        (np.array(["b", "a", "b", "b"], dtype=object), [1, 0, 1, 1], ("a", "b")),
        (np.array([5, 6, 5, 5], dtype=np.uint8), [0, 1, 0, 0], ("5", "6")),
        ([0.0, 1.0, 1.0, 0.0], [0, 1, 1, 0], ("0", "1")),
        ([[0], [1], [1], [0]], [0, 1, 1, 0], ("0", "1")),
        ([["dog"], ["cat"], ["dog"], ["dog"]], [1, 0, 1, 1], ("cat", "dog")),
        ([[1, 0, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0]], [0, 2, 1, 0], ("0", "1", "2")),
        ([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [1.0, 0.0]], [0, 1, 1, 0], ("0", "1")),
        ([[1, 0, 0], [0, 0, 1], [0, 0, 1], [1, 0, 0]], [0, 2, 2, 0], ("0", "1", "2")),
    ],
)
def test_labels_become_indices_and_names(y: Any, indices: list[int], names: tuple[str, ...]) -> None:
    data = Dataset(X4, y)
    assert data.task == "classification"
    assert data.y.dtype == np.int64
    assert data.y.tolist() == indices
    assert data.class_names == names
    assert data.n_classes == len(names)


@pytest.mark.parametrize(
    ("y", "shape", "n_outputs"),
    [
        ([0.5, 1.0, 2.0, 0.0], (4,), 1),
        ([0.0, 1.0, 2.0, 1.0], (4,), 1),
        ([1.0, 1.0, 1.0, 1.0], (4,), 1),
        ([[0.5], [1.0], [2.0], [0.0]], (4,), 1),
        ([[0.5, 1], [1, 0], [2, 0], [0, 0]], (4, 2), 2),
        ([[1, 1, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], (4, 3), 3),
    ],
)
def test_other_numbers_are_regression_targets(y: Any, shape: tuple[int, ...], n_outputs: int) -> None:
    data = Dataset(X4, y)
    assert data.task == "regression"
    assert data.y.dtype == np.float64
    assert np.array_equal(data.y, np.reshape(y, shape))
    assert (data.n_outputs, data.n_classes, data.class_names) == (n_outputs, 0, ())


def test_an_explicit_task_wins() -> None:
    assert Dataset(X4, [0, 1, 2, 3], task="regression").y.dtype == np.float64
    assert Dataset(X4, [[0, 1], [1, 0], [1, 0], [0, 1]], task="regression").n_outputs == 2
    data = Dataset(X4, [1.0, 2.0, 10.0, 1.0], task="classification")
    assert (data.y.tolist(), data.class_names) == ([0, 1, 2, 0], ("1", "2", "10"))


def test_a_network_needs_one_output_for_two_classes_and_one_each_for_more() -> None:
    assert Dataset(X4, [0, 1, 0, 1]).n_outputs == 1
    assert Dataset(X4, [[1, 0], [0, 1], [1, 0], [0, 1]]).n_outputs == 1
    assert Dataset(X4, [0, 1, 2, 1]).n_outputs == 3


def test_names_are_kept_and_cut_at_40_characters() -> None:
    data = Dataset(X4, ["a" * 41, "b" * 40, "b" * 40, "b" * 40], feature_names=["width", "h" * 50], name="n" * 50)
    assert data.class_names == ("a" * 39 + "…", "b" * 40)
    assert data.feature_names == ("width", "h" * 39 + "…")
    assert data.name == "n" * 39 + "…"
    named = Dataset(X4, [3, 5, 5, 3], class_names=["three", "five"])
    assert named.class_names == ("three", "five")
    assert Dataset(np.ones((4, 3)), [0, 1, 0, 1]).feature_names == ("x1", "x2", "x3")


def test_long_labels_that_differ_only_at_the_end_stay_two_classes() -> None:
    data = Dataset(X4, ["a" * 50 + "1", "a" * 50 + "2"] * 2)
    assert data.y.tolist() == [0, 1, 0, 1]


def test_data_are_copied_and_read_only() -> None:
    X, y = np.array(X4), np.array([0.5, 1.0, 1.5, 2.0])
    data = Dataset(X, y)
    X[0, 0], y[0] = 99, 99
    assert data.X[0, 0] == 0
    assert data.y[0] == 0.5
    parts = data.split(0.5)
    for array in (data.X, data.y, *(part.X for part in parts), *(part.y for part in parts)):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    with pytest.raises(FrozenInstanceError):
        data.name = "other"  # type: ignore[misc]
    assert X.flags.writeable
    assert y.flags.writeable


def test_inputs_become_float64_rows() -> None:
    for X in (np.array(X4, dtype=np.float32), np.array(X4, dtype=bool), np.asfortranarray(X4)):
        data = Dataset(X, [0, 1, 1, 0])
        assert data.X.dtype == np.float64
        assert data.X.flags.c_contiguous
        assert data.X.tolist() == X4


def test_sizes_and_repr_say_what_is_inside() -> None:
    data = Dataset(X4, ["cat", "dog", "dog", "dog"], name="pets")
    assert (len(data), data.n_samples, data.n_features) == (4, 4, 2)
    assert repr(data) == "<Dataset 'pets': 4 samples, 2 features, classification ('cat': 1, 'dog': 3)>"
    one = Dataset([[1.0]], [0.3])
    assert repr(one) == "<Dataset: 1 sample, 1 feature, regression (1 output)>"
    many = Dataset(np.arange(6.0)[:, np.newaxis], [10, 11, 12, 13, 14, 15])
    assert repr(many) == "<Dataset: 6 samples, 1 feature, classification (6 classes)>"


LABELS_OR_NUMBERS = "y must hold class labels (text, booleans, whole numbers) or real numbers"
NUMBERS = "X must be an array of numbers of shape (n_samples, n_features)"


@pytest.mark.parametrize(
    ("X", "kind", "message"),
    [
        ([[0, 1], [2, np.nan]], ValueError, "X must hold finite numbers only; got nan at [1, 1]"),
        ([[0, np.inf], [2, 3]], ValueError, "X must hold finite numbers only; got inf at [0, 1]"),
        ([0.0, 1.0], ValueError, f"{NUMBERS}; got shape (2,)."),
        (np.zeros((2, 2, 2)), ValueError, f"{NUMBERS}; got shape (2, 2, 2)."),
        (np.zeros((0, 2)), ValueError, f"{NUMBERS}; got shape (0, 2)."),
        (np.zeros((2, 0)), ValueError, f"{NUMBERS}; got shape (2, 0)."),
        ([], ValueError, f"{NUMBERS}; got shape (0,)."),
        ([[1j], [2]], TypeError, f"{NUMBERS}; got [[1j], [2]]."),
        ([["a"], ["b"]], TypeError, f"{NUMBERS}; got [['a'], ['b']]."),
        ([[None], [1]], TypeError, f"{NUMBERS}; got [[None], [1]]."),
        ([[1, 2], [3]], TypeError, f"{NUMBERS}; got [[1, 2], [3]]."),
    ],
)
def test_bad_inputs_are_refused(X: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=f"^{re.escape(message)}"):
        Dataset(X, [0, 1])


@pytest.mark.parametrize(
    ("y", "kind", "message"),
    [
        ([0, 1, 1], ValueError, "y must have one row for each of the 4 samples of X; got 3."),
        (
            [0.5, np.nan, 1, 2],
            ValueError,
            "y must hold finite numbers only; got nan at [1] (1 such values in all).",
        ),
        (
            [0.5, 1, 2, -np.inf],
            ValueError,
            "y must hold finite numbers only; got -inf at [3] (1 such values in all).",
        ),
        ([1j, 0, 1, 0], TypeError, f"{LABELS_OR_NUMBERS}; got an array of shape (4,) and dtype complex128."),
        (
            ["a", None, "b", "a"],
            TypeError,
            f"{LABELS_OR_NUMBERS}, all of one kind; got objects of type NoneType, str.",
        ),
        (
            ["a", np.nan, "b", "a"],
            TypeError,
            f"{LABELS_OR_NUMBERS}, all of one kind; got objects of type float, str.",
        ),
        ([[0], [1], [0, 1], [0]], TypeError, f"{LABELS_OR_NUMBERS}; got [[0], [1], [0, 1], [0]]."),
        (3, ValueError, "y must be an array of shape (n_samples,) or (n_samples, n_outputs); got shape ()."),
        (
            np.zeros((4, 2, 2)),
            ValueError,
            "y must be an array of shape (n_samples,) or (n_samples, n_outputs); got shape (4, 2, 2).",
        ),
        (
            np.zeros((4, 0)),
            ValueError,
            "y must be an array of shape (n_samples,) or (n_samples, n_outputs); got shape (4, 0).",
        ),
        ([["a", "b"]] * 4, ValueError, "y must be an array of shape (n_samples,); got shape (4, 2)."),
    ],
)
def test_bad_targets_are_refused(y: Any, kind: type[Exception], message: str) -> None:
    with refused(message, kind):
        Dataset(X4, y)


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        (
            {"task": "regresion"},
            ValueError,
            "task must be one of 'classification', 'regression'; got 'regresion'. Did you mean 'regression'?",
        ),
        ({"task": 1}, ValueError, "task must be one of 'classification', 'regression'; got 1."),
        (
            {"class_names": ["a"]},
            ValueError,
            "class_names must be a sequence of 2 strings; got 1: ('a',).",
        ),
        ({"class_names": "ab"}, TypeError, "class_names must be a sequence of 2 strings; got 'ab'."),
        ({"class_names": [0, 1]}, TypeError, "class_names must be a sequence of 2 strings; got (0, 1)."),
        ({"class_names": 2}, TypeError, "class_names must be a sequence of 2 strings; got 2."),
        (
            {"class_names": ["a", "b"], "task": "regression"},
            ValueError,
            "class_names must be None for regression; got ['a', 'b'].",
        ),
        (
            {"feature_names": ["a"]},
            ValueError,
            "feature_names must be a sequence of 2 strings; got 1: ('a',).",
        ),
        ({"name": None}, TypeError, "name must be a string; got None."),
    ],
)
def test_bad_descriptions_are_refused(arguments: dict[str, Any], kind: type[Exception], message: str) -> None:
    with refused(message, kind):
        Dataset(X4, [0, 1, 1, 0], **arguments)


@pytest.mark.parametrize(
    ("y", "task", "kind", "message"),
    [
        (
            [0.5, 1.0, 2.0, 1.0],
            "classification",
            ValueError,
            "y must hold text, booleans or whole numbers for classification; got 0.5.",
        ),
        (
            [[1, 1], [0, 1], [1, 0], [0, 1]],
            "classification",
            ValueError,
            (
                "y must be a vector of class labels, or a matrix with a single 1 in each row, "
                "for classification; got an array of shape (4, 2) and dtype int64."
            ),
        ),
        (
            ["low", "high", "low", "low"],
            "regression",
            TypeError,
            "y must hold numbers for regression; got text such as 'low'.",
        ),
    ],
)
def test_targets_that_do_not_suit_the_task_are_refused(y: Any, task: str, kind: type[Exception], message: str) -> None:
    with refused(message, kind):
        Dataset(X4, y, task=task)


@given(
    labels=st.lists(st.integers(-50, 50), min_size=2, unique=True),
    more=st.data(),
)
def test_any_labels_map_to_sorted_names_and_back(labels: list[int], more: st.DataObject) -> None:
    y = labels + more.draw(st.lists(st.sampled_from(labels)))
    as_numbers = Dataset(np.zeros((len(y), 1)), y)
    assert [int(as_numbers.class_names[index]) for index in as_numbers.y] == y
    assert as_numbers.class_names == tuple(str(label) for label in sorted(labels))

    as_text = Dataset(np.zeros((len(y), 1)), [f"label {label}" for label in y])
    assert [as_text.class_names[index] for index in as_text.y] == [f"label {label}" for label in y]

    as_rows = Dataset(np.zeros((len(y), 1)), np.eye(len(labels))[as_numbers.y])
    assert np.array_equal(as_rows.y, as_numbers.y)


# --- splits -------------------------------------------------------------------------------------------------


def numbered(y: Any, **arguments: Any) -> Dataset:
    """Return data whose only feature is the number of the row, so that a sample can be recognised."""
    return Dataset(np.arange(len(y), dtype=float)[:, np.newaxis], y, **arguments)


@st.composite
def splittable(draw: st.DrawFn) -> Dataset:
    if draw(st.booleans()):
        return numbered(np.linspace(0.1, 0.9, draw(st.integers(2, 60))))
    counts = draw(st.lists(st.integers(2, 40), min_size=2, max_size=6))
    y = np.repeat(np.arange(len(counts)), counts)
    return numbered(draw(st.permutations(y.tolist())))


@given(data=splittable(), test_fraction=st.floats(0.02, 0.98), seed=st.integers(0, 1000))
def test_a_split_is_a_stratified_partition(data: Dataset, test_fraction: float, seed: int) -> None:
    n_test = min(max(round(test_fraction * len(data)), 1), len(data) - 1)
    if data.task == "classification" and np.bincount(data.y).min() * (len(data) - n_test) < len(data):
        # The smallest class's share of the training set is less than a sample.
        with pytest.raises(ValueError, match="test_fraction must leave every class"):
            data.split(test_fraction, seed)
        return
    train_rows, test_rows = data.split_indices(test_fraction, seed)
    train, test = data.split(test_fraction, seed)

    assert sorted([*train_rows, *test_rows]) == list(range(len(data)))
    assert len(test) == n_test
    for part, rows in ((train, train_rows), (test, test_rows)):
        assert np.array_equal(part.X, data.X[rows])
        assert np.array_equal(part.y, data.y[rows])
        assert (part.class_names, part.task, part.n_outputs) == (data.class_names, data.task, data.n_outputs)
    if data.task == "classification":
        counts, in_test = (np.bincount(part.y, minlength=data.n_classes) for part in (data, test))
        assert (np.abs(in_test - counts * len(test) / len(data)) < 1).all()
        assert (np.bincount(train.y, minlength=data.n_classes) >= 1).all()


@pytest.mark.parametrize("name", DATASETS)
def test_same_seed_same_split(name: str) -> None:
    data = make(name, n_samples=100)
    one, same, other = (data.split_indices(0.25, seed)[1].tolist() for seed in (73, 73, 74))
    assert one == same
    assert one != other
    assert len(one) == 25
    assert one == sorted(one)


def test_the_split_does_not_depend_on_the_drawn_data() -> None:
    assert np.array_equal(
        make("plane", seed=1).split_indices(seed=5)[1], make("hills", seed=2).split_indices(seed=5)[1]
    )


@pytest.mark.parametrize("y", [np.repeat([0, 1, 2], [10, 20, 30]), np.linspace(0.1, 0.9, 60)])
def test_every_sample_is_as_likely_a_test_sample(y: np.ndarray) -> None:
    data = numbered(y)
    n_splits = 2000
    times = np.zeros(len(data))
    for seed in range(n_splits):
        times[data.split_indices(0.3, seed)[1]] += 1
    # Binomial with a standard deviation of 0.0102: five of them.
    assert np.allclose(times / n_splits, 0.3, atol=0.052)


def test_four_points_can_be_split() -> None:
    train, test = Dataset(X4, [0, 1, 1, 0]).split(0.25)
    assert (len(train), len(test)) == (3, 1)
    assert test.n_classes == 2
    assert set(train.y) == {0, 1}


def test_a_class_missing_from_the_test_set_keeps_its_name_and_number() -> None:
    data = numbered(["a"] * 2 + ["b"] * 30 + ["c"] * 30)
    _, test = data.split(0.1)
    assert set(test.y) == {1, 2}
    assert test.class_names == ("a", "b", "c")
    assert "'a': 0" in repr(test)


def test_a_column_without_a_one_does_not_prevent_a_split() -> None:
    train, test = numbered(np.eye(3)[[0, 2] * 6]).split(0.25)
    assert train.n_classes == test.n_classes == 3
    assert np.bincount(test.y).tolist() in ([1, 0, 2], [2, 0, 1])


def test_a_class_too_small_for_the_fraction_is_refused() -> None:
    message = "test_fraction must leave every class a training sample; got 0.25, for which class 'cat' needs 2 "
    with refused(message + "samples and has 1."):
        numbered(["cat"] + ["dog"] * 19).split(0.25)
    with pytest.raises(ValueError, match=r"got 0\.8, for which class 'cat' needs 5 samples and has 4"):
        numbered(["cat"] * 4 + ["dog"] * 46).split(0.8)
    train, _ = numbered(["cat"] * 5 + ["dog"] * 45).split(0.8)
    assert np.bincount(train.y).tolist() == [1, 9]


def test_a_single_sample_cannot_be_split() -> None:
    with refused("A split needs at least 2 samples; got 1."):
        Dataset([[1.0]], [0.3]).split()


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ((0,), ValueError, "test_fraction must be a finite number above 0 and below 1; got 0."),
        ((1.0,), ValueError, "test_fraction must be a finite number above 0 and below 1; got 1.0."),
        (("0.2",), TypeError, "test_fraction must be a finite number above 0 and below 1; got '0.2'."),
        ((0.5, -1), ValueError, "seed must be an integer at least 0; got -1."),
        ((0.5, 1.5), TypeError, "seed must be an integer at least 0; got 1.5."),
    ],
)
def test_bad_splits_are_refused(arguments: tuple[Any, ...], kind: type[Exception], message: str) -> None:
    data = make("moons")
    for split in (data.split, data.split_indices):
        with refused(message, kind):
            split(*arguments)
