"""From a frame of a run on the stage to the step that follows it."""

from __future__ import annotations

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.recording.recording import Recording
from nnplay.server.moments import Moment
from nnplay.server.steps.way import with_settings

#: Where the run's beginning isn't known.
UNKNOWN = "How this run began isn’t known, so its steps can’t be explained. Press Reset and train it here."


def moment_at(recording: Recording, frame: int, is_newest: bool) -> tuple[ExperimentConfig, Moment] | None:
    """Return the settings and the moment of a frame, or of the nearest that is kept; None where no recipe is known.

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
    return config, with_settings(Moment(recipe, track.kept[number].snapshot.n_steps), config)
