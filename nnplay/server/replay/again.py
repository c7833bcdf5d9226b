"""A run of which few frames are kept, as one that was saved and opened, trained again for the others."""

from __future__ import annotations

from contextlib import suppress

import numpy as np

from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.replaying import Replay
from nnplay.experiment.recording.told_run import ToldRun
from nnplay.refusal import Refusal
from nnplay.server.budget import seconds_a_step

#: A run is trained again if fewer of its frames are kept, and it takes no more seconds, about.
FEW_FRAMES, MOST_SECONDS = 24, 4.0


def with_frames(recording: Recording, last: int) -> tuple[Recording, int]:
    """Return a run up to its kept frame `last`, with frames along the way, and the number of that one in it.

    It is the recording itself where most frames are kept, where the recipe isn't known, and where to train again would
    take long, or lead elsewhere.
    """
    kept = recording.track.kept
    n_kept = sum(number <= last for number in kept.numbers)
    recipe, n_steps = recording.track.recipe_at(last), kept[last].snapshot.n_steps
    if n_kept >= min(FEW_FRAMES, last - kept.first + 1) or recipe is None:
        return recording, last
    with suppress(Refusal):
        seconds = sum((end - begin) * seconds_a_step(config) for config, begin, end in recipe.stretches(n_steps))
        if seconds <= MOST_SECONDS:
            again = Replay(ToldRun.of(recipe, n_steps)).run().recording
            if _same(again, recording, last):
                return again, again.last_frame
    return recording, last


def _same(again: Recording, recording: Recording, last: int) -> bool:
    one, other = (each.track.kept[n].snapshot.parameters for each, n in ((again, again.last_frame), (recording, last)))
    return bool(np.array_equal(one.astype(np.float32), other.astype(np.float32)))
