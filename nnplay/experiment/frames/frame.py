"""Frames, and the bytes they travel as.

``docs/protocol.md`` is the description of the format; this module writes it, ``static/messages/decode.js`` reads it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np

MAGIC = b"NNP1"
#: Arrays start at multiples of this many bytes, so that the browser can use them where they lie.
ALIGNMENT = 8

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Frame:
    """One moment of a run, ready to be shown.

    Attributes
    ----------
    number : int
        0 is the untrained network.
    epoch, step_in_epoch, n_steps : int
        Completed epochs, mini-batches done in the current one, mini-batches in all.
    measures : tuple of float
        Train loss, test loss, train score, test score, learning rate; NaN where there is no test set.
    view_id : int
        The view that says which parts it has.
    parts : dict of ndarray
        What the frame shows: the network's parameters, or what was computed from them, and the optional parts.
    """

    number: int
    epoch: int
    step_in_epoch: int
    n_steps: int
    measures: tuple[float, float, float, float, float]
    view_id: int
    parts: Arrays = field(default_factory=dict)

    def arrays(self) -> Arrays:
        """Return the frame as the arrays of the protocol, in its order."""
        counters = (self.number, self.epoch, self.step_in_epoch, self.n_steps, self.view_id)
        return {"counters": np.array(counters, "<f8"), "measures": np.array(self.measures, "<f8"), **self.parts}

    @property
    def nbytes(self) -> int:
        """About what it takes in a message."""
        return sum(array.nbytes for array in self.arrays().values())


def pack_frames(frames: list[Frame], header: dict[str, Any], statics: Arrays | None = None) -> bytes:
    """Return a message of the stage protocol.

    Parameters
    ----------
    frames : list of Frame
        All of the same shape.
    header : dict
        The header's keys, but for the layouts and the number of frames.
    statics : dict of ndarray, optional
        The static arrays of a sync.
    """
    statics = statics or {}
    bodies = [frame.arrays() for frame in frames]
    full_header = {
        **header,
        "n_frames": len(frames),
        "static_layout": _layout(statics),
        "frame_layout": _layout(bodies[0]) if bodies else [],
    }
    parts = [_head(full_header)]
    for arrays in (statics, *bodies):
        for array in arrays.values():
            data = array.tobytes()
            parts += [data, bytes(-len(data) % ALIGNMENT)]
    return b"".join(parts)


def with_key(message: bytes, name: str, value: Any) -> bytes:
    """Return a message of :func:`pack_frames` whose header has another value for one of its keys."""
    begin = len(MAGIC) + 4
    end = begin + int.from_bytes(message[len(MAGIC) : begin], "little")
    return _head(json.loads(message[begin:end]) | {name: value}) + message[end:]


def _head(header: dict[str, Any]) -> bytes:
    """Return what a message has before its arrays."""
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % ALIGNMENT)
    return MAGIC + len(text).to_bytes(4, "little") + text


def _layout(arrays: Arrays) -> list[dict[str, Any]]:
    return [{"name": name, "dtype": a.dtype.str[1:], "shape": a.shape} for name, a in arrays.items()]
