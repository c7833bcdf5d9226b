"""The weights, or the biases, of a network: one array per layer, each a view into its parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, overload

import numpy as np

from nnplay.attributes import guarded
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.validation import finite, integer, is_list_of_values, real_array, shown


@guarded()
class LayerArrays(Sequence[np.ndarray]):
    """A fixed list of views into a network's parameters.

    Writing in an array changes the network. Assigning an array to an entry copies its values in.

    Parameters
    ----------
    name : str
        What they are, in a message: ``"weights"``.
    views : list of ndarray
    """

    def __init__(self, name: str, views: list[np.ndarray]) -> None:
        self._name, self._views = name, views

    def __len__(self) -> int:
        return len(self._views)

    def __iter__(self) -> Iterator[np.ndarray]:
        return iter(self._views)

    @overload
    def __getitem__(self, index: int) -> np.ndarray: ...
    @overload
    def __getitem__(self, index: slice) -> list[np.ndarray]: ...
    def __getitem__(self, index: int | slice) -> np.ndarray | list[np.ndarray]:
        return self._views[index]

    def __setitem__(self, index: int | slice, values: Any) -> None:
        if isinstance(index, slice):
            self._assign(range(len(self))[index], values)
            return
        index = integer(f"index of {self._name}", index, -len(self), len(self) - 1)
        self._assign([index % len(self)], [values])

    def __add__(self, other: Sequence[np.ndarray]) -> list[np.ndarray]:
        return [*self, *other]

    def __repr__(self) -> str:
        return repr(self._views)

    def assign(self, arrays: Any) -> None:
        """Copy an array into each layer; all are checked before the first one is."""
        self._assign(range(len(self)), arrays)

    def _assign(self, places: Sequence[int], arrays: Any) -> None:
        wanted = f"must be {len(places)} arrays, one for each layer"
        if not is_list_of_values(arrays) or not hasattr(arrays, "__len__"):
            raise TypeRefusal(self._name, wanted, shown(arrays))
        if len(arrays) != len(places):
            raise Refusal(self._name, wanted, len(arrays))
        checked = [self._checked(place, values) for place, values in zip(places, arrays, strict=True)]
        for place, values in zip(places, checked, strict=True):
            self._views[place][...] = values

    def _checked(self, place: int, values: Any) -> np.ndarray:
        view, name = self._views[place], f"{self._name}[{place}]"
        if values is view:  # as `network.weights[0] += 1` assigns it
            return view
        if not view.flags.writeable:
            raise Refusal(name, "can't be set in a network without biases", advice="Make one with bias=True.")
        array = real_array(name, values, "must be an array of numbers")
        if array.shape != view.shape:
            raise Refusal(name, f"must have shape {view.shape}", f"shape {array.shape}")
        with np.errstate(over="ignore"):  # single precision ends at 3e38
            array = array.astype(view.dtype)
        finite(name, array)
        return array
