"""A run with all its branches, as it can be told: the recipe of each, and how far it was trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.recording.branches import MAX_BRANCHES
from nnplay.experiment.recording.recipe import Recipe
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.tracks import Track
from nnplay.refusal import Refusal


@dataclass(frozen=True)
class ToldBranch:
    """A branch of a run.

    Attributes
    ----------
    recipe : Recipe
    n_steps : int
        Its mini-batches; all events of the recipe are in them.
    config : ExperimentConfig
        Its settings now, stop conditions among them.
    name, parent : str
        As :class:`~nnplay.experiment.recording.tracks.Track` has them.
    base : ExperimentConfig
        The parent's settings when it forked.
    """

    recipe: Recipe
    n_steps: int
    config: ExperimentConfig
    name: str = "A"
    parent: str = ""
    base: ExperimentConfig | None = None


@dataclass(frozen=True)
class ToldRun:
    """A run.

    Attributes
    ----------
    branches : sequence of ToldBranch
        One or more, which share a beginning; in the order in which they were made.
    active : str
        Name of the one that is on the stage.
    have_forked : bool
        Whether there ever were several.

    Raises
    ------
    ValueError
        If they can't be the branches of one run.
    """

    branches: tuple[ToldBranch, ...]
    active: str = "A"
    have_forked: bool = False

    def __post_init__(self) -> None:
        names = [branch.name for branch in self.branches]
        if not 1 <= len(names) <= MAX_BRANCHES or len(set(names)) < len(names) or self.active not in names:
            raise Refusal("branches", f"must be 1 to {MAX_BRANCHES}, of different names, the active one among them")
        first = self.branches[0].recipe.config
        for branch in self.branches:
            branch.recipe.checked_steps(branch.n_steps)
            if not first.same_run(branch.recipe.config):
                raise Refusal("branches", "must have begun as one run")
            if not branch.config.same_run(branch.recipe.latest_config):
                raise Refusal("config", "must be what the recipe leads to, but for live settings")

    @classmethod
    def of(cls, recipe: Recipe, n_steps: int | None = None, config: ExperimentConfig | None = None) -> ToldRun:
        """Return a run that has one branch, by default up to the last event."""
        return cls((ToldBranch(recipe, recipe.checked_steps(n_steps), config or recipe.latest_config),))

    @property
    def branch(self) -> ToldBranch:
        """The active branch."""
        return next(branch for branch in self.branches if branch.name == self.active)

    @property
    def config(self) -> ExperimentConfig:
        """Its settings."""
        return self.branch.config

    @property
    def is_forgotten(self) -> bool:
        """Whether it makes no sense to go back to it: never, as it takes no memory."""
        return False


def told(recording: Recording) -> ToldRun | None:
    """Return a run as it can be told, without the branches whose recipe isn't known; None if that is the active one."""
    branches = [branch for branch in map(_told, recording.branches) if branch]
    active = recording.track.name
    if active not in [branch.name for branch in branches]:
        return None
    return ToldRun(tuple(branches), active, recording.branches.have_forked)


def _told(track: Track) -> ToldBranch | None:
    recipe, kept = track.recipe_at(track.last_frame), track.kept[track.last_frame]
    if recipe is None:
        return None
    # Settings that wait for the browser to say from which frame on are no part of it yet.
    return ToldBranch(recipe, kept.snapshot.n_steps, track.config, track.name, track.parent, track.base)


def agreement(one: ToldBranch, other: ToldBranch) -> tuple[int, int]:
    """Return how many events two branches share, and up to which step they are the same."""
    if one.recipe.config != other.recipe.config:
        return 0, 0
    pairs: Sequence = list(zip(one.recipe.events, other.recipe.events, strict=False))
    n_events = len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
    ends = [
        branch.recipe.events[n_events].n_steps if n_events < len(branch.recipe.events) else branch.n_steps
        for branch in (one, other)
    ]
    return n_events, min(ends)
