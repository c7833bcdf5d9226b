"""What a message says of a run's branches: their names, where settings were changed, and the curves of the others."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.tracks import Track
from nnplay.server.setting_words import change_in_words, changed_fields, settings_in_words

#: Most changes that a message tells of, the newest ones.
MAX_MARKS = 24
#: Points of another branch's curve.
MAX_CURVE_ROWS = 500
#: Largest network whose branches' ends are told: as long as the curves, in bytes, for each branch.
MAX_END = 5000


def branches_header(recording: Recording) -> dict[str, Any]:
    """Return the keys of a header that tell of branches."""
    branches = recording.branches
    return {
        "branch": branches.active.name,
        "branches": [{"name": track.name, "label": _label(track, list(branches))} for track in branches],
        "more_branches": not branches.are_full,
        "marks": _marks(branches.active),
        "ahead": branches.active.kept.n_recent - 1,
    }


def other_curves(recording: Recording) -> dict[str, np.ndarray]:
    """Return the static arrays with the curves of the branches that are not shown."""
    arrays: dict[str, np.ndarray] = {}
    for track in recording.branches:
        if track is recording.track:
            continue
        rows = thinned(track.history.n_rows, MAX_CURVE_ROWS)
        for name in ("epoch", "train_loss", "test_loss", "train_score", "test_score"):
            arrays[f"branch_{track.name}_{name}"] = track.history[name][rows].astype("<f8")
    return arrays


def other_ends(recording: Recording) -> dict[str, np.ndarray]:
    """Return the static arrays with the networks that the branches not shown end with, where they are drawn."""
    if not recording.config.data.has_plane or recording.session.network.parameters.size > MAX_END:
        return {}
    return {
        f"branch_{track.name}_parameters": track.kept[track.last_frame].snapshot.parameters.astype("<f4")
        for track in recording.branches
        if track is not recording.track
    }


def thinned(n_rows: int, at_most: int) -> np.ndarray:
    """Return the indices of at most so many rows, evenly spread, the first and the last among them."""
    return np.unique(np.linspace(0, n_rows - 1, at_most).astype(int))


def _label(track: Track, tracks: list[Track]) -> str:
    """Return in which settings a branch differs from the one that it came from; the first one, from the others."""
    if track.parent:
        names = changed_fields(track.base, track.config)
    else:
        different = {name for other in tracks for name in changed_fields(track.config, other.config)}
        names = [name for name in track.config.to_dict() if name in different]
    return settings_in_words(track.config, names)


def _marks(track: Track) -> list[dict[str, Any]]:
    changes = [
        {"frame": after.frame, "epoch": after.epoch, "text": change_in_words(before.settings, after.settings)}
        for before, after in pairwise(track.changes)
    ]
    return changes[-MAX_MARKS:]
