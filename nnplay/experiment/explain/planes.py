"""A plane in the space of a network's parameters: what a landscape of the loss is drawn over.

A network of n parameters is a point in n dimensions, and training is a path there. To draw the loss one has to choose
two of these directions:

- *principal directions*: those in which the path spreads the most, from a singular value decomposition of its frames;
- *two parameters*: all others stay as they are;
- *random directions*, where there is no path yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from nnplay.engine import Network
from nnplay.random_streams import random_stream
from nnplay.refusal import Refusal
from nnplay.validation import integer, is_list_of_values, shown

#: A direction with a smaller share of the path's variance than this is nothing but rounding.
NO_SHARE = 1e-12
#: The directions of a network with more parameters are found from the frames' products.
MOST_EXACT = 2000

Kind = Literal["principal", "parameters", "random"]


@dataclass(frozen=True, eq=False)
class Plane:
    """The parameters ``origin + x · directions[0] + y · directions[1]``.

    Attributes
    ----------
    kind : {"principal", "parameters", "random"}
        How its directions were chosen.
    origin : ndarray, (n_parameters,)
        Where x and y are 0.
    directions : ndarray, (2, n_parameters)
        Of length 1, at right angles to each other.
    explained_variance : ndarray, (2,)
        Which share of the path's variance lies in either direction; NaN where the path is a single place.
    chosen : tuple of int
        The two parameters, by their index, of a plane of that kind; else empty.
    """

    kind: Kind
    origin: np.ndarray
    directions: np.ndarray
    explained_variance: np.ndarray
    chosen: tuple[int, ...] = ()

    def parameters_at(self, x: Any, y: Any) -> np.ndarray:
        """Return the parameters at a place: (n_parameters,), or for arrays of places (..., n_parameters)."""
        x, y = np.asarray(x, np.float64)[..., None], np.asarray(y, np.float64)[..., None]
        return self.origin + x * self.directions[0] + y * self.directions[1]

    def place_of(self, parameters: np.ndarray) -> np.ndarray:
        """Return the place (..., 2) in the plane that is nearest to `parameters` (..., n_parameters)."""
        return (parameters - self.origin) @ self.directions.T


def principal_plane(path: np.ndarray, network: Network, seed: int = 0) -> Plane:
    """Return the plane through the path's last frame along its two principal directions.

    Places are told as principal component scores: x and y are 0 at the mean of the path. Either direction points from
    where the path began to where it is. Where the path is a single place, or lies on a line, what is missing is drawn
    at random.

    Parameters
    ----------
    path : ndarray, (n_frames, n_parameters)
    network : Network
        Of that architecture: random directions get the sizes of its layers' weights.
    seed : int
        For the random directions.

    Raises
    ------
    ValueError
        If there is but one parameter.
    """
    _check_room(path)
    mean = path.mean(axis=0)
    spread = path - mean
    total = float(np.sum(spread**2))
    squares, directions = _principal(spread)
    shares = squares / total if total > 0.0 else np.zeros(0)
    found = [direction for direction, share in zip(directions, shares, strict=False) if share > NO_SHARE]
    explained = np.zeros(2)
    explained[: len(found)] = shares[: len(found)]
    if not found:
        explained[:] = np.nan
    along = [direction if (path[-1] - path[0]) @ direction >= 0 else -direction for direction in found]
    along = [*along, *_random_directions(2 - len(along), along, path[-1], network, seed)]
    directions = np.array(along)
    origin = path[-1] - ((path[-1] - mean) @ directions.T) @ directions
    return Plane("principal" if found else "random", origin, directions, explained)


def _principal(spread: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first two, or fewer, right singular vectors of `spread` (n_frames, n_parameters), and their squares.

    Those of a large network are found from the frames' products with each other: a third of the time.
    """
    if spread.shape[1] <= MOST_EXACT:
        _, sizes, directions = np.linalg.svd(spread, full_matrices=False)
        return sizes[:2] ** 2, directions[:2]
    squares, among_frames = np.linalg.eigh(spread @ spread.T)
    squares, among_frames = np.maximum(squares[::-1][:2], 0.0), among_frames[:, ::-1][:, :2]
    directions = among_frames.T @ spread
    for k, direction in enumerate(directions):
        for other in directions[:k]:
            direction -= (direction @ other) * other
        direction /= np.linalg.norm(direction) or 1.0
    return squares, directions


def parameter_plane(path: np.ndarray, chosen: Any) -> Plane:
    """Return the plane through the path's last frame in which two parameters vary; x and y are their values.

    Raises
    ------
    TypeError, ValueError
        If `chosen` isn't two different parameters, by their index in the flat vector.
    """
    _check_room(path)
    n_parameters = path.shape[1]
    wanted = "must be the indices of two different parameters"
    if not is_list_of_values(chosen) or len(chosen) != 2:
        raise Refusal("weights", wanted, shown(chosen))
    first, second = (integer("weights", index, 0, n_parameters - 1, index=k) for k, index in enumerate(chosen))
    if first == second:
        raise Refusal("weights", wanted, shown(list(chosen)))
    directions = np.zeros((2, n_parameters))
    directions[0, first] = directions[1, second] = 1.0
    origin = path[-1].copy()
    origin[[first, second]] = 0.0
    total = float(path.var(axis=0).sum())
    own = path.var(axis=0)[[first, second]]
    explained = own / total if total > 0.0 else np.full(2, np.nan)
    return Plane("parameters", origin, directions, explained, (first, second))


def _check_room(path: np.ndarray) -> None:
    if path.shape[1] < 2:
        raise Refusal("network", "must have at least 2 parameters, the directions of a plane", path.shape[1])


def _random_directions(
    n: int, others: Sequence[np.ndarray], parameters: np.ndarray, network: Network, seed: int
) -> list[np.ndarray]:
    """Return `n` directions of length 1 at right angles to `others` and to each other.

    In each layer they are as long as the layer's own parameters, so that no layer is lost beside the larger ones.

    Source: Li et al. (2018), https://arxiv.org/abs/1712.09913
    """
    rng = random_stream(seed, "landscape")
    found: list[np.ndarray] = []
    while len(found) < n:
        direction = rng.normal(size=parameters.size)
        for block, own in zip(network.blocks_of(direction), network.blocks_of(parameters), strict=True):
            block *= (np.linalg.norm(own) or 1.0) / np.linalg.norm(block)
        for other in [*others, *found]:
            direction -= (direction @ other) * other
        length = float(np.linalg.norm(direction))
        if length > 0.0:
            found.append(direction / length)
    return found
