"""A drawing is made to look like the data, by the pad's JavaScript: laws that must hold for any ink, and MNIST's own
images as the judge."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnplay.datasets.stored import files as stored_files
from nnplay.datasets.stored import sets
from tests.server.pad_in_node import PadInNode

SHAPES = [(28, 28), (8, 8)]


def painted(corners: list[tuple[float, float]], side: int = 60, pen: float = 3.0) -> np.ndarray:
    """Return the ink of a round pen that goes straight from corner to corner, (side, side) in 0…255."""
    places = np.array([(x, y) for x, y in corners]) * (side - 1)
    points = np.concatenate([np.linspace(a, b, 40) for a, b in pairwise(places)])
    y, x = np.mgrid[:side, :side]
    distance = np.hypot(x[..., None] - points[:, 0], y[..., None] - points[:, 1]).min(axis=-1)
    return np.rint(255 * np.clip(pen + 0.5 - distance, 0, 1))


shares = st.floats(0.1, 0.9)
corners = st.lists(st.tuples(shares, shares), min_size=2, max_size=4)
strokes = st.builds(painted, corners, pen=st.floats(1, 6))
a_drawing = settings(max_examples=15)


@pytest.mark.parametrize("shape", SHAPES)
@a_drawing
@given(ink=strokes, down=st.integers(0, 30), along=st.integers(0, 30), zoom=st.integers(2, 3))
def test_it_matters_neither_where_nor_how_large_nor_how_dark_one_draws(
    pad: PadInNode, shape: tuple[int, int], ink: np.ndarray, down: int, along: int, zoom: int
) -> None:
    expected, paler = pad.normalised([ink, ink / 7], shape)
    np.testing.assert_allclose(paler, expected, atol=1e-6)
    moved = np.pad(ink, ((down, 30 - down), (along, 30 - along)))
    np.testing.assert_allclose(pad.normalised([moved], shape)[0], expected, atol=1e-6)
    (larger,) = pad.normalised([np.kron(ink, np.ones((zoom, zoom)))], shape)
    assert np.abs(larger - expected).mean() < (1e-6 if shape == (28, 28) else 0.06)  # bits may fall the other way


@a_drawing
@given(ink=strokes)
def test_like_mnist_it_fills_the_box_and_balances_about_the_middle(pad: PadInNode, ink: np.ndarray) -> None:
    (image,) = pad.normalised([ink])
    assert image.min() >= 0
    assert image.max() == 1
    for axis in (0, 1):
        assert abs(np.arange(28) @ image.sum(axis=1 - axis) / image.sum() - 14) <= 0.5 + 1e-4
    sides = [np.flatnonzero(image.any(axis=axis)) for axis in (0, 1)]
    assert max(side[-1] - side[0] + 1 for side in sides) == 20


@a_drawing
@given(ink=strokes)
def test_like_the_small_digits_it_is_counts_of_bits(pad: PadInNode, ink: np.ndarray) -> None:
    image = pad.normalised([ink], (8, 8))[0] * 16
    np.testing.assert_array_equal(image, np.rint(image))
    assert 0 < image.sum() < 32**2 / 2


def test_the_small_digits_come_out_much_as_they_were(pad: PadInNode) -> None:
    data = sets.load("digits")
    images = data.X.reshape(-1, 8, 8)
    again = pad.normalised([_smooth(image) for image in images[::18]], (8, 8))
    difference = np.abs(again[:, None] - images[None]).mean(axis=(2, 3))
    assert difference.min(axis=1).mean() < 0.1
    # Of all 1797 images, the nearest to what comes out is of the same digit.
    assert (data.y[difference.argmin(axis=1)] == data.y[::18]).mean() > 0.9


def test_mnist_comes_out_as_it_was(pad: PadInNode) -> None:
    if not stored_files.path_of("mnist"):
        pytest.skip("mnist.npz is not in NNPLAY_DATA_DIR")
    images = sets.split("mnist")[1].X[:60].reshape(-1, 28, 28)
    again = pad.normalised([np.kron(image, np.ones((4, 4))) for image in images])
    np.testing.assert_allclose(again, images, atol=0.02)


def _smooth(image: np.ndarray, zoom: int = 14) -> np.ndarray:
    """Return `image` larger, straight lines between its pixels, as a browser draws it."""
    padded = np.pad(image, 1)
    old = np.arange(len(padded)) + 0.5
    new = (np.arange(len(padded) * zoom) + 0.5) / zoom
    along = np.array([np.interp(new, old, row) for row in padded])
    return np.array([np.interp(new, old, column) for column in along.T]).T
