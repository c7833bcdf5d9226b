"""What a visitor's stage is told of the landscape of the loss; ``docs/protocol.md`` describes what travels.

The plane is chosen once and then stays, so that the picture doesn't jump while the run plays: the browser says when it
is to be chosen again. The surface is measured a piece at each request, coarse at first, and each piece has breaks, so
that nobody waits for it.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from nnplay.experiment.explain.landscape import LossOfStack, bounds_of
from nnplay.experiment.explain.planes import Plane, parameter_plane, principal_plane
from nnplay.experiment.explain.survey import Survey
from nnplay.experiment.frames.frame import Arrays
from nnplay.experiment.frames.kept_frames import KeptFrames
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.setup import Setup
from nnplay.experiment.recording.tracks import Track
from nnplay.experiment.training.breaks import take_break
from nnplay.refusal import Refusal
from nnplay.server.request_fields import BadRequest, whole
from nnplay.validation import number

#: Numbers that the principal directions are found from, and frames at most and at least: a few frames of a large
#: network take as long as many of a small one.
FITTED_NUMBERS, MOST_FITTED, LEAST_FITTED = 1_000_000, 100, 6
#: Numbers of the frames whose places are told of each branch, and frames at most.
TOLD_NUMBERS, MOST_TOLD = 8_000_000, 300
#: A frame with a larger parameter belongs to the steps in which a run diverged: no plane holds it.
LARGEST = 1e6
#: Of so many of the newest landscapes a place may be chosen.
KNOWN = 3

#: Why the plane is chosen again: for the path as it is now; or only what is drawn of it, as the path went beyond.
Again = Literal["fit", "wider"]


@dataclass
class _Drawn:
    """A landscape under way."""

    number: int
    setup: Setup
    asked: Any
    survey: Survey


class LandscapeView:
    """The landscape of the run that is on a visitor's stage."""

    def __init__(self) -> None:
        self._drawn: _Drawn | None = None
        # A place may be chosen on one that is drawn anew in this moment.
        self._newest: deque[_Drawn] = deque(maxlen=KNOWN)
        self._n_drawn = 0

    def answer(
        self, recording: Recording, request: dict[str, Any], cpu_seconds: float
    ) -> tuple[Arrays, dict[str, Any]]:
        """Return the arrays and the keys of the header that answer a request.

        Parameters
        ----------
        recording : Recording
        request : dict
        cpu_seconds : float
            For so long the surface is measured further.

        Raises
        ------
        BadRequest
            If it asks for what the protocol doesn't know.
        """
        if not recording.config.data.has_plane:
            raise BadRequest
        frame, asked = whole(request, "frame"), _asked(request.get("plane"))
        again, have = request.get("again"), request.get("have")
        if again not in (None, "fit", "wider"):
            raise BadRequest
        drawn = self._drawn
        if drawn is None or not _is_of(drawn, recording, asked) or again == "fit":
            drawn = self._draw_anew(recording, frame, asked)
        elif again == "wider":
            drawn = self._draw_wider(drawn, recording, frame)
        before = drawn.survey.level
        drawn.survey.work(cpu_seconds)
        known = isinstance(have, list) and have == [drawn.number, drawn.survey.level]
        return self._told(drawn, recording, is_known=known and before == drawn.survey.level)

    def parameters_at(self, recording: Recording, request: dict[str, Any]) -> tuple[np.ndarray, tuple[int, ...]]:
        """Return the parameters at a place that a request names, and which of them alone are other ones, if few are.

        Raises
        ------
        Refusal
            If it is no place of the landscape that is drawn.
        """
        asked = request.get("landscape")
        drawn = next((each for each in self._newest if each.number == asked and each.setup is recording.setup), None)
        if drawn is None:
            raise Refusal(
                "landscape", "must be the one that is drawn now", advice="It is drawn again: choose once more."
            )
        (x_low, x_high), (y_low, y_high) = drawn.survey.bounds
        x, y = number("x", request.get("x"), x_low, x_high), number("y", request.get("y"), y_low, y_high)
        return drawn.survey.plane.parameters_at(x, y), drawn.survey.plane.chosen

    def _draw_anew(self, recording: Recording, frame: int, asked: Any) -> _Drawn:
        n_parameters = recording.session.network.parameters.size
        most = max(LEAST_FITTED, min(MOST_FITTED, FITTED_NUMBERS // n_parameters))
        numbers = _some(_there(recording.track, frame), most)
        path = _parameters(recording.track.kept, numbers)
        take_break()
        network = recording.session.network
        try:
            plane = principal_plane(path, network) if asked == "principal" else parameter_plane(path, asked)
        except (Refusal, TypeError):
            raise BadRequest from None
        take_break()
        return self._begin(recording, asked, plane, bounds_of(plane.place_of(path), plane))

    def _draw_wider(self, drawn: _Drawn, recording: Recording, frame: int) -> _Drawn:
        plane, bounds = drawn.survey.plane, drawn.survey.bounds
        numbers = _some(_there(recording.track, frame), MOST_FITTED)
        places = np.array([plane.place_of(_parameters(recording.track.kept, [each])[0]) for each in numbers])
        wider = bounds_of(np.concatenate([places, np.array(bounds).T]), plane) if len(places) else bounds
        inside = all(low <= at <= high for (low, high), at in zip(bounds, places[-1].tolist(), strict=True))
        return drawn if inside else self._begin(recording, drawn.asked, plane, wider)

    def _begin(self, recording: Recording, asked: Any, plane: Plane, bounds: Any) -> _Drawn:
        self._n_drawn += 1
        setup, session = recording.setup, recording.session
        sets = [part for part in (setup.train, setup.test) if part is not None]
        survey = Survey(plane, bounds, LossOfStack(session.network, sets, session.loss))
        self._drawn = _Drawn(self._n_drawn, setup, asked, survey)
        self._newest.append(self._drawn)
        return self._drawn

    def _told(self, drawn: _Drawn, recording: Recording, is_known: bool) -> tuple[Arrays, dict[str, Any]]:
        survey, plane = drawn.survey, drawn.survey.plane
        shares = [None if math.isnan(share) else float(share) for share in plane.explained_variance]
        header = {
            "id": drawn.number,
            "level": survey.level,
            "complete": survey.is_complete,
            "plane": plane.kind,
            "chosen": list(plane.chosen),
            "explained": shares,
            "bounds": [list(pair) for pair in survey.bounds],
        }
        if is_known or survey.level < 0:
            return {}, {"landscape": header}
        x, y, losses = survey.grid
        with np.errstate(over="ignore"):
            arrays: Arrays = {
                "landscape_x": x.astype("<f8"),
                "landscape_y": y.astype("<f8"),
                "landscape_loss": losses.astype("<f4"),
                "landscape_directions": plane.directions.astype("<f4"),
                "landscape_offset": (plane.directions @ plane.origin).astype("<f8"),
            }
        for track in recording.branches:
            take_break()
            name = "landscape_path" if track is recording.track else f"landscape_path_{track.name}"
            arrays[name] = _path_of(track, plane)
        return arrays, {"landscape": header}


def _is_of(drawn: _Drawn, recording: Recording, asked: Any) -> bool:
    """Return whether a landscape is of this run: of its data, its loss and its network, and of the plane asked for."""
    return drawn.setup is recording.setup and drawn.asked == asked


def _asked(plane: Any) -> Any:
    """Return which plane is asked for: the principal one, or that of two parameters."""
    if plane == "principal":
        return plane
    if isinstance(plane, list) and len(plane) == 2:
        return tuple(whole({"index": index}, "index") for index in plane)
    raise BadRequest


def _there(track: Track, last: float = math.inf) -> list[int]:
    """Return the kept frames of a branch up to one of them, but for the steps in which it diverged; never none."""
    good = track.stopped.good if track.stopped and track.stopped.good is not None else math.inf
    numbers = [each for each in track.kept.numbers if each <= min(last, good)]
    calm = [each for each in numbers if np.abs(track.kept[each].snapshot.parameters).max() < LARGEST]
    return calm or [track.kept.first]


def _some(numbers: list[int], most: int) -> list[int]:
    """Return at most so many of some numbers, evenly spread, the first and the last among them."""
    if len(numbers) <= most:
        return numbers
    return [numbers[at] for at in np.linspace(0, len(numbers) - 1, most).round().astype(int).tolist()]


def _parameters(kept: KeptFrames, numbers: Iterable[int]) -> np.ndarray:
    return np.array([kept[each].snapshot.parameters for each in numbers], np.float64)


def _path_of(track: Track, plane: Plane) -> np.ndarray:
    """Return a row for each of a branch's frames, (n_frames, 5): number, place in the plane, train loss, test loss."""
    n_parameters = plane.origin.size
    numbers = _some(_there(track), max(LEAST_FITTED, min(MOST_TOLD, TOLD_NUMBERS // n_parameters)))
    places = plane.place_of(_parameters(track.kept, numbers))
    losses = np.array([track.kept[each].measures[:2] for each in numbers])
    return np.column_stack([numbers, places, losses]).astype("<f8")
