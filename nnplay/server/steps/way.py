"""The way to a moment of a run: it is trained again little by little, so that others have their turns."""

from __future__ import annotations

import time

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.recording.recipe import NewSettings, Recipe, without_stops
from nnplay.experiment.recording.tracks import same_training
from nnplay.experiment.training.breaks import take_break
from nnplay.experiment.training.session import TrainingSession
from nnplay.experiment.training.snapshot import Snapshot
from nnplay.refusal import Refusal
from nnplay.server.budget import seconds_a_step
from nnplay.server.moments import Moment

#: Steps are taken a few at a time, for about so long.
_SLICE_SECONDS = 0.004


class Way:
    """Trains a run up to a moment.

    Attributes
    ----------
    session : TrainingSession
        Stands at the moment once :attr:`is_done`.

    Parameters
    ----------
    moment : Moment
    stands : Snapshot, optional
        How the session stands at the moment, where that is known.
    """

    def __init__(self, moment: Moment, stands: Snapshot | None = None) -> None:
        self._moment = moment
        if stands is None:
            self._n_events = 0
            self.session = _untrained(moment.recipe.config)
        else:
            self._n_events = len(moment.recipe.events)
            self.session = _untrained(moment.recipe.latest_config).restore(stands)

    @property
    def is_done(self) -> bool:
        """Whether it has come to its end."""
        at_end = self.session.n_steps == self._moment.n_steps
        return at_end and self._n_events == len(self._moment.recipe.events)

    @property
    def progress(self) -> list[int]:
        """Steps that are done, and how many there will be."""
        return [self.session.n_steps, self._moment.n_steps]

    def go_on(self, cpu_seconds: float) -> None:
        """Train for about so much CPU time of this thread.

        Raises
        ------
        Refusal
            If training diverges on the way.
        """
        deadline = time.thread_time() + cpu_seconds
        while not self.is_done and time.thread_time() < deadline:
            events = self._moment.recipe.events
            has_event = self._n_events < len(events)
            target = events[self._n_events].n_steps if has_event else self._moment.n_steps
            if self.session.n_steps < target:
                self._train(target - self.session.n_steps)
            else:
                self.session = events[self._n_events].apply(self.session, _untrained)
                self._n_events += 1
            take_break()

    def _train(self, at_most: int) -> None:
        latest = self._moment.recipe.up_to(self.session.n_steps).latest_config
        self.session.advance(min(at_most, max(1, int(_SLICE_SECONDS / seconds_a_step(latest)))))
        if self.session.divergence:
            why = "This run diverges before the step that is asked for, so there is none to explain."
            raise Refusal("step", "must be one that the run comes to", plainly=why)


def _untrained(config: ExperimentConfig) -> TrainingSession:
    return config.build(evaluate_every=0)


def with_settings(moment: Moment, config: ExperimentConfig) -> Moment:
    """Return the moment of a run that goes on by the live settings of `config` from there on."""
    recipe = moment.recipe
    if not same_training(recipe.latest_config, config):
        event = NewSettings(moment.n_steps, without_stops(config))
        recipe = Recipe(recipe.config, (*recipe.events, event))
    return Moment(recipe, moment.n_steps)
