"""From a frame of a run on the stage to the step that follows it."""

from __future__ import annotations

from dataclasses import dataclass

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.training.snapshot import Snapshot
from nnplay.server.moments import Moment
from nnplay.server.steps.way import with_settings

#: Where the run's beginning isn't known.
UNKNOWN = "How this run began isn’t known, so its steps can’t be explained. Press Reset and train it here."


@dataclass(frozen=True)
class Handed:
    """A moment of a run, and all that its next step depends on.

    Attributes
    ----------
    config : ExperimentConfig
        By which training goes on.
    moment : Moment
    stands : Snapshot or None
        How the session stands there, if that is kept: then nothing has to be trained again.
    """

    config: ExperimentConfig
    moment: Moment
    stands: Snapshot | None = None


def moment_at(recording: Recording, frame: int, is_newest: bool) -> Handed | None:
    """Return the moment of a frame, or of the nearest that is kept; None where no recipe is known.

    From the newest frame in sight, training goes on by the settings as they are now; from an earlier one, it went on by
    those that it had then.

    Parameters
    ----------
    recording : Recording
    frame : int
    is_newest : bool
        Whether nothing that was trained after it has been seen.
    """
    track = recording.track
    number = recording.nearest_kept(frame)
    recipe = track.recipe_at(number)
    if recipe is None:
        return None
    config = track.config
    if not is_newest:
        config = next((each.settings for each in reversed(track.changes) if each.frame <= number), config)
    if not config.same_run(recipe.latest_config):
        config = recipe.latest_config
    snapshot = track.kept[number].snapshot
    stands = snapshot if track.kept.can_resume(number) else None
    return Handed(config, with_settings(Moment(recipe, snapshot.n_steps), config), stands)
