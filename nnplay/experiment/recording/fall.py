"""The last steps of a run before nothing is left of it: taken once more, one by one, so that they can be seen."""

from __future__ import annotations

from collections import deque

import numpy as np

from nnplay.experiment.frames.kept_frames import KeptFrames
from nnplay.experiment.recording.recovery import is_hopeless
from nnplay.experiment.training.breaks import take_break
from nnplay.experiment.training.session import TrainingSession
from nnplay.experiment.training.snapshot import Snapshot

#: So many of them are enough to see it, and few enough to wait for.
MOST_STEPS = 16
#: A frame is a good one up to so many times the first loss.
FAR_WORSE = 2.0
#: Looks that are taken on the way to find about where it happens.
MOST_LOOKS = 32

#: Training loss, test loss, training score, test score.
Measures = tuple[float, float, float, float]


@np.errstate(all="ignore")
def last_steps(session: TrainingSession, n_steps: int) -> list[tuple[Snapshot, Measures]]:
    """Return the last states that can be shown, step by step, with their measures, oldest first.

    Parameters
    ----------
    session : TrainingSession
        It stands where it can still be drawn. It is trained on until it can't.
    n_steps : int
        After so many steps nothing was left of it.
    """
    stride = max(MOST_STEPS, -(-n_steps // MOST_LOOKS))
    before = here = session.snapshot()
    left = n_steps
    while left > 0:
        session.advance(min(stride, left))
        left -= stride
        take_break()
        if left <= 0 or is_hopeless(session, session.measure()[0]):
            break
        before, here = here, session.snapshot()
    session.restore(before)
    steps: deque[tuple[Snapshot, Measures]] = deque(maxlen=MOST_STEPS)
    for _ in range(2 * stride):
        session.advance(1)
        take_break()
        measures = session.measure()
        if is_hopeless(session, measures[0]):
            break
        steps.append((session.snapshot(), measures))
    return list(steps)


def last_good(kept: KeptFrames) -> int:
    """Return the number of the last kept frame that isn't far worse than the first, of those that were just before."""
    numbers = sorted(kept.numbers)[-MOST_STEPS:]
    bound = FAR_WORSE * kept[kept.first].measures[0]
    return next((number for number in reversed(numbers) if kept[number].measures[0] <= bound), numbers[-1])
