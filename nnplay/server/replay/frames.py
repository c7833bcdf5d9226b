"""The frames of a recording that a replay page holds, and the two messages of the stage protocol that bring them."""

from __future__ import annotations

import gzip
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnplay.experiment.frames.drawn_samples import DrawnSamples
from nnplay.experiment.frames.frame import Frame, pack_frames
from nnplay.experiment.recording.parts import PARTS, parts_of
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.training.breaks import aside, take_break
from nnplay.refusal import Refusal
from nnplay.server.run_info import info_of, news_of, statics_of

#: Most frames of a page: at 60 a second they play for ten seconds.
MOST_FRAMES = 600
#: The same without a plane, where each has to be computed for long.
MOST_FRAMES_COMPUTED = 120
#: With fewer frames nothing can be seen to learn: of a large network the page has as many, and takes the bytes.
LEAST_FRAMES = 24
#: Bytes of the frames that nobody wants to send or open.
MOST_BYTES = 8_000_000
#: Optional parts of a frame that a page shows. Those that the data don't have are left out.
SHOWN = tuple(PARTS)


@dataclass(frozen=True)
class Packed:
    """What a page holds of a run, compressed.

    Attributes
    ----------
    sync, frames : bytes
        A message that tells of the run, and one that brings all frames, each as gzip.
    n_frames, n_recorded : int
        How many frames these are, and how many the run has.
    first_epoch, last_epoch : float
    """

    sync: bytes
    frames: bytes
    n_frames: int
    n_recorded: int
    first_epoch: float
    last_epoch: float

    @property
    def nbytes(self) -> int:
        """What it takes in a page, in base64."""
        return in_base64(len(self.sync) + len(self.frames))


def pack(recording: Recording, room: int, last: int) -> Packed:
    """Return the frames of a recording's active branch as a page holds them.

    Parameters
    ----------
    recording : Recording
    room : int
        Bytes that they may take in the page. Of more frames than fit, fewer are taken, evenly spread, but no fewer than
        `LEAST_FRAMES`.
    last : int
        The frame to end with, one that is kept.

    Raises
    ------
    Refusal
        If the run has no frame but the first, or the network is so large that even few frames are too much.
    """
    if last == recording.track.kept.first:
        raise Refusal(
            "recording", "must have been trained for a frame at least", plainly="must have been trained for a while"
        )
    draw = _Drawing(recording)
    # First, as the directions in which digits and tables are shown are those of the frame that is drawn first.
    most = min(
        _most_frames(draw.frame(last), room), MOST_FRAMES if recording.setup.drawn is None else MOST_FRAMES_COMPUTED
    )
    frames = [draw.frame(number) for number in chosen(recording, most, last)]
    packed = _packed(recording, frames)
    while packed.nbytes > room and len(frames) > LEAST_FRAMES:
        wanted = int(len(frames) * 0.97 * room / packed.nbytes)
        frames = _fewer(frames, max(LEAST_FRAMES, min(wanted, len(frames) - 1)), recording)
        packed = _packed(recording, frames)
    return packed


def _most_frames(frame: Frame, room: int) -> int:
    """Return how many frames to begin with: a few more than the room is likely to have."""
    if in_base64(LEAST_FRAMES * frame.nbytes) > MOST_BYTES:
        most = int(MOST_BYTES * 3 / 4 / LEAST_FRAMES)
        raise Refusal(
            "network",
            f"must be small enough for a page: a frame may take {most:,} bytes",
            f"{frame.nbytes:,} bytes",
            plainly="is too large for a page that replays it",
        )
    likely = 4 * room / in_base64(frame.nbytes)
    return max(LEAST_FRAMES, min(MOST_FRAMES, int(likely)))


def chosen(recording: Recording, most: int, last: int) -> list[int]:
    """Return the numbers of at most so many frames up to `last`, evenly spread, and all in which the run diverged."""
    kept = recording.track.kept
    numbers = np.array([number for number in kept.numbers if number <= last])
    fall = _fall(recording)
    whole = numbers[numbers <= fall]
    # Old frames are kept on a grid: beside them, all of the newest would play in slow motion.
    widest = int(np.diff(whole).max(initial=1))
    n = min(most, math.ceil((whole[-1] - whole[0]) / widest) + 1)
    return [*evenly(whole, n), *(int(number) for number in numbers[numbers > fall])]


def evenly(numbers: np.ndarray, n: int) -> list[int]:
    """Return about `n` of the ascending `numbers`, evenly spread, the first and the last among them."""
    wanted = np.linspace(numbers[0], numbers[-1], n)
    after = np.clip(np.searchsorted(numbers, wanted), 1, len(numbers) - 1) if len(numbers) > 1 else np.zeros(n, int)
    before = np.maximum(after - 1, 0)
    nearest = np.where(wanted - numbers[before] < numbers[after] - wanted, before, after)
    return sorted({int(numbers[0]), *(int(number) for number in numbers[nearest]), int(numbers[-1])})


def _fall(recording: Recording) -> int:
    """Return the last frame before the steps in which the run diverged; these are to be seen one by one."""
    stopped = recording.stopped
    return recording.last_frame if stopped is None or stopped.good is None else stopped.good


def _fewer(frames: Sequence[Frame], n: int, recording: Recording) -> list[Frame]:
    fall = _fall(recording)
    kept = set(evenly(np.array([frame.number for frame in frames if frame.number <= fall]), n))
    return [frame for frame in frames if frame.number in kept or frame.number > fall]


class _Drawing:
    """Draws kept frames with all that a page shows; the view of whoever looks at the run stays as it is."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._shows = parts_of(recording.config, SHOWN)
        self._samples: DrawnSamples | None = None
        setup = recording.setup
        if setup.drawn is not None:
            # Directions of its own, those of the last frame: the run's may be those of an untrained network.
            self._samples = DrawnSamples(setup.session.network, setup.inputs)

    def frame(self, number: int) -> Frame:
        take_break()
        return self._recording.frame(number, self._shows, self._samples)


def _packed(recording: Recording, frames: list[Frame]) -> Packed:
    all_frames = pack_frames(frames, {"kind": "frames"})
    take_break()
    # Twice the same run is the same page.
    name = hashlib.sha256(all_frames).hexdigest()[:16]
    news = news_of(recording)
    header = {
        **news,
        "kind": "sync",
        "seq": 0,
        "last_frame": frames[-1].number,
        "stopped": news["stopped"] if frames[-1].number == recording.last_frame else None,
        "run": f"replay-{name}",
        "settings": 0,
        "reply": 0,
        "view": {**news["view"], "shows": parts_of(recording.config, SHOWN)},
        "more_branches": False,
        "undo": None,
        "redo": None,
        "recipe": "",
        "info": info_of(recording),
        "linked_view": None,
    }
    sync = pack_frames([], header, statics_of(recording))
    take_break()
    per_epoch = recording.session.steps_per_epoch
    first, last = (frame.epoch + frame.step_in_epoch / per_epoch for frame in (frames[0], frames[-1]))
    n_recorded = frames[-1].number - frames[0].number + 1
    with aside():
        return Packed(squeeze(sync), squeeze(all_frames), len(frames), n_recorded, first, last)


def squeeze(data: bytes) -> bytes:
    """Return `data` as gzip; the same data, the same bytes."""
    return gzip.compress(data, 9, mtime=0)


def in_base64(nbytes: int) -> int:
    """Return how many letters so many bytes take."""
    return 4 * math.ceil(nbytes / 3)
