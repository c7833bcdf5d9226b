"""Data of one's own as text: what was encoded comes back, and no other text does any harm."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nnplay import ExperimentConfig
from nnplay.datasets import Dataset, make
from nnplay.datasets.drawn import text_of_drawing, why_undrawable
from nnplay.datasets.own_data import FARTHEST, MAX_CLASSES, MAX_FEATURES, MAX_POINTS, decode, encode
from nnplay.experiment.config.url import MAX_LINKED_POINTS, fit_for_address

#: The house form of a refusal: one sentence, what must be, what it got.
SENTENCE = re.compile(r"^(points|task|domain|dataset|y|class_names)\b.* must .*; got .*\.$")


@st.composite
def data_sets(draw: st.DrawFn) -> Dataset:
    n = draw(st.integers(4, 60))
    n_features = draw(st.integers(2, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    centre = draw(st.floats(-1e5, 1e5))
    X = centre + rng.normal(size=(n, n_features)) * 10.0 ** draw(st.integers(-5, 4))
    names = [draw(st.text(max_size=50)) for _ in range(n_features)]
    if draw(st.booleans()):
        return Dataset(X, rng.normal(size=n) * 10.0 ** draw(st.integers(-3, 4)), "regression", feature_names=names)
    n_classes = draw(st.integers(2, MAX_CLASSES))
    classes = np.concatenate([[0, n_classes - 1], rng.integers(0, n_classes, n - 2)])
    class_names = [draw(st.text(max_size=50)) for _ in range(n_classes)]
    return Dataset(X, np.eye(n_classes)[classes], "classification", class_names, names)


@settings(max_examples=60)
@given(data_sets())
def test_what_was_encoded_comes_back_within_its_grid_and_then_for_ever(data: Dataset) -> None:
    back = decode(encode(data)).data
    assert back.task == data.task
    np.testing.assert_allclose(back.X, data.X, atol=max(np.ptp(data.X, axis=0).max() / 32767, 1e-9), rtol=0)
    if data.task == "classification":
        np.testing.assert_array_equal(back.y, data.y)
        assert back.n_classes == data.n_classes
    else:
        np.testing.assert_allclose(back.y, data.y, atol=np.ptp(data.y) / 32767, rtol=0)
    again = decode(encode(back)).data
    np.testing.assert_array_equal(again.X, back.X)
    np.testing.assert_array_equal(again.y, back.y)
    assert (again.class_names, again.feature_names) == (back.class_names, back.feature_names)
    assert all(name.isprintable() and len(name) <= 40 for name in back.class_names + back.feature_names)


def test_the_plane_that_was_drawn_on_comes_back_exactly() -> None:
    domain = ((-1.2, 1.3), (0.1, 2.6))
    assert decode(encode(make("moons", n_samples=20), domain)).domain == domain


def test_as_many_points_as_can_be_drawn_fit_a_link() -> None:
    text = encode(make("moons", n_samples=MAX_POINTS, seed=3))
    assert re.fullmatch(r"[A-Za-z0-9_-]+", text)
    assert len(text) <= MAX_LINKED_POINTS


# --- hostile texts ------------------------------------------------------------------------------------------


def text_of(content: bytes, compress: Callable[[bytes], bytes] = zlib.compress) -> str:
    return "1" + base64.urlsafe_b64encode(compress(content)).decode().rstrip("=")


def content_of(text: str) -> bytes:
    return zlib.decompress(base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4)))


GOOD = encode(make("moons", n_samples=12), ((-2.0, 2.0), (-2.0, 2.0)))
CONTENT = content_of(GOOD)


def with_bytes(at: int, replacement: bytes) -> str:
    return text_of(CONTENT[:at] + replacement + CONTENT[at + len(replacement) :])


HOSTILE = [
    "",
    "1",
    "0" + GOOD[1:],
    "nonsense",
    GOOD[:-5],
    GOOD[:40],
    GOOD + "AAAA",
    GOOD[:30] + "!" + GOOD[31:],
    GOOD[:30] + "ü" + GOOD[31:],
    GOOD.replace("e", "\x00", 1),
    "1" + "A" * 1_000_000,
    text_of(b""),
    text_of(CONTENT[:5]),
    text_of(CONTENT[:-1]),
    text_of(CONTENT + b"\0"),
    text_of(b"\0" * 50_000_000),  # a bomb
    text_of(CONTENT, lambda content: zlib.compress(content) * 2),
    with_bytes(0, b"\xff"),
    with_bytes(1, b"\0"),
    with_bytes(1, b"\1"),
    with_bytes(1, b"\xff"),
    with_bytes(2, b"\0"),
    with_bytes(2, b"\1"),
    with_bytes(2, b"\xff"),
    with_bytes(3, b"\0\0"),
    with_bytes(3, b"\3\0"),
    with_bytes(3, b"\xff\xff"),
    with_bytes(0, b"\3"),  # regression with classes
    with_bytes(5, struct.pack("<d", float("nan"))),
    with_bytes(5, struct.pack("<d", float("inf"))),
    with_bytes(5, struct.pack("<d", -7.0)),  # no square
    with_bytes(5, struct.pack("<4d", 1e300, 2e300, 1e300, 2e300)),
    with_bytes(5, struct.pack("<4d", 2, 2, 2, 2)),
    with_bytes(5, struct.pack("<4d", 2, -2, 2, -2)),
    with_bytes(37, b"\xff\xff"),  # names longer than all
    with_bytes(37, b"\5\0"),
    with_bytes(39, b"\x7f"),  # the exponent of a column
    with_bytes(39, b"\x80"),
    with_bytes(40, struct.pack("<q", 2**62)),
    with_bytes(40, struct.pack("<q", -(2**63))),
    text_of(CONTENT[:-12] + bytes(12)),  # one class only
    text_of(CONTENT[:-12] + b"\xff" * 12),
]


def with_names(names: bytes) -> str:
    return text_of(CONTENT[:37] + struct.pack("<H", len(names)) + names + CONTENT[39:])


BAD_NAMES = [
    b"{}",
    b"[]",
    b"null",
    b"[[],[]]",
    b'[["a"],["x","y"]]',
    b'[["a",1],["x","y"]]',
    b'[["a","b"],["x",null]]',
    b'["ab","xy"]',
    b"\xff\xfe",
    b"[" * 20_000,
    b'[["a","b"],["x","y"]',
    b'{"0":["a","b"],"1":["x","y"]}',
    b"NaN",
    b"[1e999]",
]


@pytest.mark.parametrize("text", HOSTILE[1:] + [with_names(names) for names in BAD_NAMES], ids=lambda t: t[:25])
def test_a_bad_text_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=SENTENCE) as refusal:
        decode(text)
    assert len(str(refusal.value)) < 200
    config, sentences = ExperimentConfig.from_query({"dataset": "own", "points": text})
    assert config == ExperimentConfig()
    assert len(sentences) == 2


@settings(max_examples=150)
@given(st.integers(0, len(CONTENT) - 1), st.binary(min_size=1, max_size=9))
@example(1, b"\x14")
def test_a_text_with_wrong_bytes_is_refused_or_read_as_sound_data(at: int, replacement: bytes) -> None:
    try:
        own = decode(with_bytes(at, replacement))
    except ValueError as refusal:
        assert SENTENCE.match(str(refusal))  # noqa: PT017
        return
    assert np.isfinite(own.data.X).all()
    assert np.abs(own.data.X).max() <= 1.001 * FARTHEST
    assert own.data.X.shape == (12, 2)
    assert decode(encode(own.data, own.domain)).data.n_samples == 12


@settings(max_examples=100)
@given(st.text(max_size=80) | st.binary(max_size=80).map(lambda content: text_of(content)))
def test_no_text_at_all_raises_anything_but_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=SENTENCE):
        decode(text)


def test_a_text_that_is_no_text_is_refused() -> None:
    with pytest.raises(TypeError, match="points must be a string; got 5"):
        ExperimentConfig(points=5)  # type: ignore[arg-type]


# --- in a configuration -------------------------------------------------------------------------------------


def own_config(data: Dataset, **fields: Any) -> ExperimentConfig:
    return ExperimentConfig(dataset="own", points=encode(data), **fields)


def test_own_data_train_the_same_from_a_dict_a_link_and_the_configuration() -> None:
    config = own_config(make("blobs", n_samples=90, classes=3, seed=1), hidden_sizes=(4,))
    from_link, sentences = ExperimentConfig.from_query(dict(reversed(config.to_query().items())))
    assert sentences == []
    assert config == from_link == ExperimentConfig.from_dict(config.to_dict())
    assert hash(config) == hash(from_link)
    one, other = (c.build().run(epochs=3).history["train_loss"] for c in (config, from_link))
    np.testing.assert_array_equal(one, other)
    assert (config.n_classes, config.layer_sizes[-1], config.data.facts.size, config.n_train) == (3, 3, 90, 68)
    assert "points" not in repr(config)


def test_fewer_points_than_a_batch_are_one_batch() -> None:
    few = Dataset([[0, 0], [1, 1], [0, 1], [1, 0]], [0, 0, 1, 1])
    session = own_config(few, batch_size=10, test_fraction=0).build()
    assert session.steps_per_epoch == 1
    assert np.isfinite(session.run(epochs=2).history["train_loss"]).all()


def test_a_class_too_small_to_be_split_is_refused() -> None:
    data = Dataset(np.arange(20).reshape(10, 2), [0] * 9 + [1])
    with pytest.raises(ValueError, match="test_fraction must leave every class a training sample"):
        own_config(data)
    assert own_config(data, test_fraction=0).n_test == 0


def test_own_data_must_be_there_and_take_no_options() -> None:
    with pytest.raises(ValueError, match="dataset 'own' must come with its data"):
        ExperimentConfig(dataset="own")
    with pytest.raises(ValueError, match="takes no options"):
        ExperimentConfig(dataset="own(arms=2)", points=GOOD)
    with pytest.raises(ValueError, match=r"dataset must be one of .*'own'; got 'owm'. Did you mean 'own'"):
        ExperimentConfig(dataset="owm")


def test_points_of_one_place_and_one_value_are_learned_without_a_warning() -> None:
    data = Dataset(np.ones((6, 2)), np.ones(6), "regression")
    assert np.isfinite(own_config(data).build().run(epochs=2).history["train_loss"]).all()


def test_a_link_holds_own_data_while_they_are_learned_and_fit() -> None:
    config = own_config(make("moons", n_samples=40))
    assert fit_for_address(config.to_query()) == (config.to_query(), None)
    elsewhere = ExperimentConfig(dataset="moons", points=config.points)
    assert fit_for_address(elsewhere.to_query()) == ({"dataset": "moons"}, None)
    large = Dataset(np.random.default_rng(0).normal(size=(1000, 6)), np.arange(1000) % 2)
    query, sentence = fit_for_address({"dataset": "own", "points": encode(large)})
    assert query == {"dataset": "own"}
    assert sentence is not None
    assert "too large for the page's address" in sentence
    assert "too large for a link" in ExperimentConfig.from_query(query)[1][0]


# --- drawings -----------------------------------------------------------------------------------------------

DRAWING = {
    "task": "classification",
    "domain": [[-1, 1], [-1, 1]],
    "points": [[0, 0, 0], [0.5, 0, 0], [0, 1, 2], [0.25, 1, 2.0]],
}


def test_a_drawing_keeps_its_plane_its_class_numbers_and_the_names_it_was_drawn_on() -> None:
    own = decode(text_of_drawing(DRAWING, ["cat", "dog"], ["length", "weight"]))
    assert own.domain == ((-1, 1), (-1, 1))
    assert own.data.class_names == ("cat", "dog", "2")
    assert own.data.feature_names == ("length", "weight")
    assert own.data.y.tolist() == [0, 0, 2, 2]
    assert own.data.X.tolist() == [[0, 0], [0.5, 0], [0, 1], [0.25, 1]]


def test_values_can_be_drawn() -> None:
    own = decode(text_of_drawing({"task": "regression", "points": [[0, 0, -0.5]] * 2 + [[1, 0, 0.7]] * 2}))
    np.testing.assert_allclose(own.data.y, [-0.5, -0.5, 0.7, 0.7], atol=1e-4)
    assert own.domain is None


BAD_DRAWINGS: list[Any] = [
    None,
    [],
    "points",
    {},
    DRAWING | {"task": "clustering"},
    DRAWING | {"task": None},
    DRAWING | {"points": None},
    DRAWING | {"points": []},
    DRAWING | {"points": [[0, 0, 0]] * 3},
    DRAWING | {"points": [[0, 0, 0]] * 10},
    DRAWING | {"points": [[0, 0, k % 2] for k in range(1001)]},
    DRAWING | {"points": [*DRAWING["points"], [0, 0]]},
    DRAWING | {"points": [*DRAWING["points"], [0, 0, 0, 0]]},
    DRAWING | {"points": [*DRAWING["points"], [float("nan"), 0, 0]]},
    DRAWING | {"points": [*DRAWING["points"], [1e300, 0, 0]]},
    DRAWING | {"points": [*DRAWING["points"], [10**400, 0, 0]]},
    DRAWING | {"points": [*DRAWING["points"], ["0", 0, 0]]},
    DRAWING | {"points": [*DRAWING["points"], [None, 0, 0]]},
    DRAWING | {"points": [*DRAWING["points"], [0, True, 0]]},
    DRAWING | {"points": [*DRAWING["points"], [0, 0, -1]]},
    DRAWING | {"points": [*DRAWING["points"], [0, 0, 10]]},
    DRAWING | {"points": [*DRAWING["points"], [0, 0, 0.5]]},
    DRAWING | {"points": {"0": [0, 0, 0]}},
    DRAWING | {"domain": [0, 1]},
    DRAWING | {"domain": [[0, 1]]},
    DRAWING | {"domain": [[0, 1], [0, "1"]]},
    DRAWING | {"domain": [[0, 1], [0, float("inf")]]},
]


@pytest.mark.parametrize("drawing", BAD_DRAWINGS, ids=lambda drawing: repr(drawing)[-40:])
def test_a_bad_drawing_is_refused_with_a_sentence(drawing: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=SENTENCE):
        text_of_drawing(drawing)


def test_what_cannot_be_drawn_on_says_why() -> None:
    assert why_undrawable(2, MAX_POINTS) is None
    assert "two inputs" in str(why_undrawable(3, 10))
    assert "1,000" in str(why_undrawable(2, MAX_POINTS + 1))
    assert MAX_FEATURES > 2
