"""A drawing made to look like the digits that a network was trained on: the one place where that is done.

Ink is an array of any size, 0 where the paper is bare. What comes out is what the data hold, in 0…1: MNIST's 28×28
pixels, or the 8×8 of scikit-learn's digits. A network knows digits of one size, in one place and, for the small ones,
of one weight of stroke; without this it would be asked about something that it has never seen.
"""

from __future__ import annotations

from collections.abc import Callable
from math import floor

import numpy as np

from nnplay.validation import float_matrix, shown

Array = np.ndarray

MNIST_SIDE, MNIST_BOX = 28, 20
#: The small digits come from bitmaps of this side; the ink was scaled to fill its height and this much of its width.
BITMAP_SIDE, BITMAP_WIDTH = 32, 20
BLOCK = 4
#: Ink from this share of the strongest on is a bit.
THRESHOLD = 0.5
#: How many of a bitmap's 1024 bits are ink, about: scikit-learn's digits have 313 on average.
LEAST_INK, MOST_INK = 290, 340
#: Strokes are made thicker or thinner this many times at most.
MOST_PASSES = 4


def normalised(ink: Array, shape: tuple[int, int]) -> Array:
    """Return `ink` as the data whose images have this `shape` hold it; bare paper stays bare.

    Parameters
    ----------
    ink : array_like, (rows, columns)
        At least 0, in any unit.
    shape : tuple of int
        ``(28, 28)`` or ``(8, 8)``.

    Returns
    -------
    ndarray of float32, `shape`
        In 0…1.

    Raises
    ------
    ValueError
        If there are no data of that shape, or `ink` is not as described.
    """
    if shape not in _NORMALISATIONS:
        known = " or ".join(str(known) for known in _NORMALISATIONS)
        raise ValueError(f"shape must be {known}; got {shown(shape)}.")
    ink = float_matrix("ink", ink)
    strongest = ink.max()
    if ink.min() < 0:
        raise ValueError(f"ink must be at least 0 everywhere; got {ink.min():g}.")
    if strongest == 0:
        return np.zeros(shape, np.float32)
    return _NORMALISATIONS[shape](ink / strongest).astype(np.float32)


def like_mnist(ink: Array) -> Array:
    """Return `ink` in 0…1 as MNIST's makers would have: (28, 28) in 0…1.

    The digit is scaled, its aspect kept, to fit a box of 20×20, and placed so that the centre of mass of its pixels
    falls on the pixel in the middle. A larger drawing gets its greys from being averaged, as MNIST did.

    Source: LeCun, Cortes and Burges, http://yann.lecun.com/exdb/mnist/; that the place is rounded to whole pixels is
    seen from the images.
    """
    ink = cropped(ink)
    rows, columns = (max(1, round(MNIST_BOX * side / max(ink.shape))) for side in ink.shape)
    digit = resized(ink, rows, columns)
    digit /= digit.max()
    place = np.zeros((3 * MNIST_SIDE, 3 * MNIST_SIDE))  # so that no centre of mass leads beyond its edges
    middle = MNIST_SIDE + MNIST_SIDE // 2
    # A centre right between two pixels counts as the further one, whatever rounding made of it.
    top, left = (middle - floor(centre + 0.5 + 1e-6) for centre in centre_of_mass(digit))
    place[top : top + rows, left : left + columns] = digit
    return place[MNIST_SIDE : 2 * MNIST_SIDE, MNIST_SIDE : 2 * MNIST_SIDE]


def like_small_digits(ink: Array) -> Array:
    """Return `ink` in 0…1 as scikit-learn's digits were made: (8, 8) in 0…1.

    A bitmap of 32×32, which the digit fills from top to bottom, is cut into blocks of 4×4, and the bits in each are
    counted. NIST's programs, which made the bitmaps, stretch every digit to the same height and width, thicken or thin
    its strokes until there is a usual amount of ink, and shift its rows until it stands upright.

    Source: Alpaydin and Kaynak (1998), https://archive.ics.uci.edu/dataset/80; the bitmaps: Garris et al. (1994), NIST
    Form-Based Handprint Recognition System, NISTIR 5469.
    """
    bitmap = np.zeros((BITMAP_SIDE, BITMAP_SIDE), bool)
    left = (BITMAP_SIDE - BITMAP_WIDTH) // 2
    bits = cropped((ink > THRESHOLD).astype(float))
    shares = resized(bits, BITMAP_SIDE, BITMAP_WIDTH)
    bitmap[:, left : left + BITMAP_WIDTH] = shares > THRESHOLD * shares.max()  # hairlines fill no bit
    bitmap = _upright(_of_usual_weight(bitmap))
    n_blocks = BITMAP_SIDE // BLOCK
    return bitmap.reshape(n_blocks, BLOCK, n_blocks, BLOCK).mean(axis=(1, 3))


def cropped(ink: Array) -> Array:
    """Return the smallest part of `ink` that holds all of it; there must be some."""
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def resized(image: Array, rows: int, columns: int) -> Array:
    """Return `image` with so many rows and columns, each new pixel the mean of what it covers of the old ones."""
    return _shares(image.shape[0], rows) @ image @ _shares(image.shape[1], columns).T


def centre_of_mass(image: Array) -> tuple[float, float]:
    """Return the row and the column, in pixels, about which the ink of `image` balances."""
    total = image.sum()
    row, column = (np.arange(n) @ image.sum(axis=1 - axis) / total for axis, n in enumerate(image.shape))
    return float(row), float(column)


def _shares(n_old: int, n_new: int) -> Array:
    """Return (n_new, n_old): which share of each new pixel every old one covers."""
    edges = np.linspace(0, n_old, n_new + 1)
    old = np.arange(n_old)
    covered = np.minimum(edges[1:, None], old + 1) - np.maximum(edges[:-1, None], old)
    return np.maximum(covered, 0.0) * (n_new / n_old)


def _of_usual_weight(bitmap: Array) -> Array:
    for _ in range(MOST_PASSES):
        if bitmap.sum() < LEAST_INK:
            bitmap = _spread(bitmap)
        elif bitmap.sum() > MOST_INK:
            thinner = ~_spread(~bitmap)
            if not thinner.any():
                break
            bitmap = thinner
    return bitmap


def _spread(bitmap: Array) -> Array:
    """Return `bitmap` with the four neighbours of every bit set, too."""
    wide = np.pad(bitmap, 1)
    return wide[1:-1, 1:-1] | wide[:-2, 1:-1] | wide[2:, 1:-1] | wide[1:-1, :-2] | wide[1:-1, 2:]


def _upright(bitmap: Array) -> Array:
    """Return `bitmap` with its rows shifted so that the first and the last one begin in the same column."""
    down, along = np.nonzero(bitmap)
    first, last = down.min(), down.max()
    if first == last:
        return bitmap
    slant = (along[down == last].min() - along[down == first].min()) / (last - first)
    moved = along - np.rint(slant * (down - (first + last) / 2)).astype(int)
    inside = (moved >= 0) & (moved < BITMAP_SIDE)
    upright = np.zeros_like(bitmap)
    upright[down[inside], moved[inside]] = True
    return upright


_NORMALISATIONS: dict[tuple[int, int], Callable[[Array], Array]] = {
    (MNIST_SIDE, MNIST_SIDE): like_mnist,
    (BITMAP_SIDE // BLOCK, BITMAP_SIDE // BLOCK): like_small_digits,
}
