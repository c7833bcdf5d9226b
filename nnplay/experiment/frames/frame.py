"""Frames, and the bytes they travel as.

``docs/protocol.md`` is the description of the format; this module writes it, ``static/messages/decode.js`` reads it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnplay.experiment.frames.hidden_space import HiddenSpace

MAGIC = b"NNP1"
#: Arrays start at multiples of this many bytes, so that the browser can use them where they lie.
ALIGNMENT = 8
#: Coordinates beyond it, in the last frames before a run diverges, are drawn there: their scale must be finite.
FARTHEST = 1e30

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
        The view that the hidden arrays were drawn with.
    in_passing : bool
        Numbers that nobody reads while frames play are left out.
    surface : ndarray of uint8, (planes, resolution, resolution)
    hidden : HiddenSpace
        What the view shows of the hidden layers.
    parts : dict of ndarray
        Arrays of the optional parts that the view shows.
    """

    number: int
    epoch: int
    step_in_epoch: int
    n_steps: int
    measures: tuple[float, float, float, float, float]
    view_id: int
    surface: np.ndarray
    hidden: HiddenSpace
    in_passing: bool = False
    parts: Arrays = field(default_factory=dict)

    def arrays(self) -> Arrays:
        """Return the frame as the arrays of the protocol, in its order."""
        scale, points, grid = _to_uint16(self.hidden.points, self.hidden.grid)
        counters = (self.number, self.epoch, self.step_in_epoch, self.n_steps, self.view_id, self.in_passing)
        return {
            "counters": np.array(counters, "<f8"),
            "measures": np.array(self.measures, "<f8"),
            "surface": self.surface,
            "hidden_scale": scale,
            "hidden_points": points,
            "hidden_grid": grid,
            "hidden_line": self.hidden.line.astype("<f4", copy=False),
            "hidden_shifts": self.hidden.shifts.astype("<f4", copy=False),
            **self.parts,
        }


def to_bytes_of_range(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return `values` as uint8: 0 for `low`, 255 for `high`, clipped outside."""
    scaled = np.fmin(np.fmax(values, low), high)  # a NaN becomes `low`
    scaled -= low
    scaled *= 255.0 / (high - low)
    scaled += 0.5
    return scaled.astype(np.uint8)


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
    text = json.dumps(full_header, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % ALIGNMENT)
    parts = [MAGIC, len(text).to_bytes(4, "little"), text]
    for arrays in (statics, *bodies):
        for array in arrays.values():
            data = array.tobytes()
            parts += [data, bytes(-len(data) % ALIGNMENT)]
    return b"".join(parts)


def _layout(arrays: Arrays) -> list[dict[str, Any]]:
    return [{"name": name, "dtype": a.dtype.str[1:], "shape": a.shape} for name, a in arrays.items()]


def _to_uint16(points: np.ndarray, grid: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (x0, dx, y0, dy, …), and both arrays of coordinates (…, d) as uint16 steps of that scale."""
    scale: list[float] = []
    point_steps, grid_steps = np.empty(points.shape, "<u2"), np.empty(grid.shape, "<u2")
    for k in range(points.shape[-1]):  # one coordinate at a time: long rows are fast
        values = np.concatenate([points[..., k].ravel(), grid[..., k].ravel()])
        low, high = values.min(), values.max()
        if not (low >= -FARTHEST and high <= FARTHEST):  # NaN isn't either
            np.clip(np.nan_to_num(values, copy=False), -FARTHEST, FARTHEST, values)
            low, high = values.min(), values.max()
        step = max((high - low) / 65535.0, 1e-30)
        values -= low
        values /= step
        values += 0.5
        rounded = np.minimum(values, 65535.0).astype("<u2")
        n = points.size // points.shape[-1]
        point_steps[..., k] = rounded[:n].reshape(points.shape[:-1])
        grid_steps[..., k] = rounded[n:].reshape(grid.shape[:-1])
        scale += [low, step]
    return np.array(scale, "<f4"), point_steps, grid_steps
