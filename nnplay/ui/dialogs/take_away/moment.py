"""The moment of the run that is taken away: the one on screen."""

from __future__ import annotations

from dataclasses import dataclass

from nnplay.experiment.frames.kept_frames import KeptFrame
from nnplay.experiment.recording.recording import Recording
from nnplay.ui import state


@dataclass(frozen=True)
class Moment:
    """A frame of the run on the stage.

    Attributes
    ----------
    recording : Recording
    frame : int
        The number of a frame that is kept.
    furthest : int
        The last frame that was on screen, or the nearest that is kept: what comes after it was trained ahead.
    page : object
        Where the browser is, as it says.
    """

    recording: Recording
    frame: int
    furthest: int
    page: object = None

    @property
    def kept(self) -> KeptFrame:
        """What is kept of it."""
        return self.recording.track.kept[self.frame]

    @property
    def epoch(self) -> int:
        """How many epochs are complete."""
        return self.kept.snapshot.epoch

    def file_name(self, suffix: str) -> str:
        """Return what a file of it is called."""
        return f"nnplay-{state.config().dataset.partition('(')[0]}-{self.epoch}.{suffix}"


def moment_at(frame: object, furthest: object = None, page: object = None) -> Moment:
    """Return the moment at `frame`, which the browser says is on screen; at the newest one if that can't be."""
    recording = state.feed().recording
    shown = recording.nearest_kept(_number(frame, recording.last_frame))
    return Moment(recording, shown, recording.nearest_kept(max(shown, _number(furthest, shown))), page)


def _number(said: object, otherwise: int) -> int:
    return said if isinstance(said, int) and not isinstance(said, bool) else otherwise
