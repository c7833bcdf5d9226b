"""One configuration from many seeds: how much of a result is luck."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from nnplay.attributes import fix, guarded
from nnplay.engine import Network
from nnplay.experiment.compare.stack_history import StackHistory
from nnplay.experiment.compare.stack_session import StackSession, StackSnapshot
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.training.divergence import Divergence
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.validation import boolean, choice, integer, is_list_of_values, must_be, number, shown

#: Most seeds of a fan.
MAX_SEEDS = 256
MAX_SEED = 2**32 - 1
#: The normal distribution's 97.5 % quantile: what lies within it on both sides is 95 %.
_Z_95 = 1.959963984540054


class SuccessRate(NamedTuple):
    """The share of seeds that reach a target, and the 95 % interval of what it would be over all seeds."""

    share: float
    low: float
    high: float


@guarded(
    configs="Make a new SeedFan of another configuration.",
    seeds="Make a new SeedFan with other seeds.",
    history="It holds what was measured. Make a new SeedFan to start another history.",
)
class SeedFan:
    """Train one configuration from many seeds at once, as one stack of networks.

    Each seed gives the numbers of its own single run: ``fan.network(k)`` is what ``fan.config(k).build().run(n)``
    makes, but for rounding. First weights, order of samples and dropout vary with the seed, the data only if asked.

    Parameters
    ----------
    config : ExperimentConfig
        Its own seed is only used for the data.
    seeds : int or iterable of int
        How many seeds, counted from 0, or which; 1 to 256 of them.
    fresh_data : bool
        Whether each seed draws data and split of its own; else all learn from those of `config`.
    evaluate_every : int
        Epochs between two rows of the history; 0 for none: train only.

    Attributes
    ----------
    seeds : tuple of int
    epoch, n_steps : int
        Completed epochs and mini-batches of the seeds that still train.
    epochs : ndarray of int, (n_seeds,)
        Completed epochs of each seed.
    history : mapping
        ``history["epoch"]`` (n_records,); ``history["train_loss"]``, ``["test_loss"]``, ``["train_score"]``,
        ``["test_score"]``, ``["learning_rate"]`` (n_records, n_seeds), NaN for a seed that had stopped, and where there
        is no test set. The first row is from before training.
    divergences : tuple of Divergence or None
        Where a seed's values stopped being finite. It stops there, and the others go on.
    stops : tuple of str or None
        The setting by which a seed stopped: "max_epochs", "target_loss" or "patience".

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or the configuration can't be built.

    Examples
    --------
    >>> import nnplay as nn
    >>> fan = nn.SeedFan(nn.ExperimentConfig(dataset="moons", n_samples=100), seeds=8).run(epochs=20)
    >>> fan.history["test_loss"].shape
    (21, 8)
    """

    seeds: tuple[int, ...]

    def __init__(
        self,
        config: ExperimentConfig,
        seeds: int | Iterable[int] = 32,
        fresh_data: bool = False,
        *,
        evaluate_every: int = 1,
    ) -> None:
        must_be("config", config, ExperimentConfig)
        seeds = checked_seeds(seeds, MAX_SEEDS)
        fresh_data = boolean("fresh_data", fresh_data)
        configs = [with_seed(config, seed, fresh_data) for seed in seeds]
        fix(self, seeds=seeds, _session=StackSession(configs, evaluate_every))

    _session: StackSession

    def __len__(self) -> int:
        return len(self.seeds)

    def __repr__(self) -> str:
        config = self.config(0)
        stopped = len(self) - int(self.training.sum())
        rest = f", {stopped} stopped" if stopped else ""
        return (
            f"<SeedFan: {len(self)} seeds of {list(config.layer_sizes)} on {config.dataset}, epoch {self.epoch}{rest}>"
        )

    def __copy__(self) -> SeedFan:
        return copy.deepcopy(self)  # two fans that train one stack would get in each other's way

    # -- where it stands -------------------------------------------------------------------------------------------

    @property
    def epoch(self) -> int:
        """Completed epochs of the seeds that still train."""
        return self._session.epoch

    @property
    def n_steps(self) -> int:
        """Mini-batches of the seeds that still train."""
        return self._session.n_steps

    @property
    def steps_per_epoch(self) -> int:
        """Mini-batches in an epoch."""
        return self._session.steps_per_epoch

    @property
    def epochs(self) -> np.ndarray:
        """Completed epochs of each seed, (n_seeds,)."""
        return self._session.epochs.copy()

    @property
    def training(self) -> np.ndarray:
        """Whether each seed still trains, (n_seeds,): it has neither diverged nor met a stop condition."""
        return self._session.training

    @property
    def history(self) -> StackHistory:
        """What was measured, a row a record."""
        return self._session.history

    @property
    def divergences(self) -> tuple[Divergence | None, ...]:
        """Where each seed's values stopped being finite, or None."""
        return tuple(self._session.divergences)

    @property
    def stops(self) -> tuple[str | None, ...]:
        """The setting by which each seed stopped, or None."""
        return tuple(self._session.stops)

    @property
    def parameters(self) -> np.ndarray:
        """Each seed's parameters as they are now, (n_seeds, n_parameters); a copy."""
        return self._session.parameters.copy()

    def config(self, k: int) -> ExperimentConfig:
        """Return the configuration of the single run of seed number `k`, counted from 0."""
        return self._session.configs[self._index(k)]

    def network(self, k: int) -> Network:
        """Return the network of seed number `k`, counted from 0, as it is now; with parameters of its own."""
        return self._session.network(self._index(k))

    def _index(self, k: int) -> int:
        return integer("k", k, -len(self), len(self) - 1) % len(self)

    # -- training --------------------------------------------------------------------------------------------------

    def run(self, epochs: int = 1) -> SeedFan:
        """Train until `epochs` more epochs are complete, one that has begun among them; return the fan."""
        self._session.run(epochs)
        return self

    def advance(self, n_steps: int) -> SeedFan:
        """Train on the next `n_steps` mini-batches; return the fan. What is measured comes with complete epochs."""
        self._session.advance(integer("n_steps", n_steps, 0))
        return self

    def snapshot(self) -> StackSnapshot:
        """Return where all seeds stand; :meth:`restore` brings it back bit for bit."""
        return self._session.snapshot()

    def restore(self, state: StackSnapshot) -> SeedFan:
        """Return to a :meth:`snapshot` of this fan, or of one made alike; return the fan."""
        self._session.restore(state)
        return self

    # -- what came of it -------------------------------------------------------------------------------------------

    def scores(self, which: str = "test") -> np.ndarray:
        """Return each seed's accuracy, or R² for regression, as it is now, (n_seeds,).

        Parameters
        ----------
        which : {"test", "train"}
            On which set. NaN without a test set, and for a seed that diverged.
        """
        return self._measures(which, "score")

    def losses(self, which: str = "test") -> np.ndarray:
        """Return each seed's loss on the set `which`, "test" or "train", as it is now, (n_seeds,)."""
        return self._measures(which, "loss")

    def _measures(self, which: str, what: str) -> np.ndarray:
        which = choice("which", which, ("test", "train"))
        return self._session.measures()[f"{which}_{what}"]

    def success_rate(self, target: float, which: str | None = None) -> SuccessRate:
        """Return the share of seeds whose score is at least `target`, with Wilson's 95 % interval.

        Parameters
        ----------
        target : float
        which : {"test", "train"}, optional
            On which set; by default the test set, or the training set where there is none.

        Returns
        -------
        share, low, high : float
            A seed that diverged has not reached it.
        """
        target = number("target", target)
        if which is None:
            which = "test" if self.config(0).n_test else "train"
        reached = int(np.count_nonzero(self.scores(which) >= target))
        return wilson_interval(reached, len(self))


def wilson_interval(successes: int, n: int) -> SuccessRate:
    """Return the share of `successes` among `n`, and Wilson's 95 % interval of it.

    ``(p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n)``. It never leaves 0 to 1, and is honest for few seeds too:
    of 8 successes in 8, it says from 0.68.

    Source: Wilson (1927), https://doi.org/10.1080/01621459.1927.10502953
    """
    n = integer("n", n, 1)
    share = integer("successes", successes, 0, n) / n
    z2 = _Z_95**2 / n
    middle = share + z2 / 2
    half = math.sqrt(share * (1 - share) * z2 + z2 * z2 / 4)
    low = 0.0 if share == 0 else (middle - half) / (1 + z2)
    high = 1.0 if share == 1 else (middle + half) / (1 + z2)
    return SuccessRate(share, low, high)


def with_seed(config: ExperimentConfig, seed: int, fresh_data: bool) -> ExperimentConfig:
    """Return `config` from another seed, with the data that it has, or those of that seed."""
    data_seed = config.seed if config.data_seed is None else config.data_seed
    return replace(config, seed=seed, data_seed=None if fresh_data else data_seed)


def checked_seeds(seeds: Any, most: int) -> tuple[int, ...]:
    """Return which seeds are meant: so many from 0 on, or those listed; from 1 to `most`, none of them twice."""
    if not is_list_of_values(seeds):
        if isinstance(seeds, (str, bytes)) or not hasattr(seeds, "__index__"):
            raise TypeRefusal("seeds", "must be a number of seeds, or a list of them", shown(seeds))
        return tuple(range(integer("seeds", seeds, 1, most)))
    if hasattr(seeds, "__len__") and len(seeds) > most:
        raise Refusal("seeds", f"must be at most {most}", len(seeds))
    listed: list[int] = []
    for i, seed in enumerate(seeds):
        if i == most:
            raise Refusal("seeds", f"must be at most {most}", "more")
        listed.append(integer("seeds", seed, 0, MAX_SEED, index=i))
    if not listed:
        raise Refusal("seeds", "must be at least one", "none")
    if len(set(listed)) < len(listed):
        twice = next(seed for seed in listed if listed.count(seed) > 1)
        raise Refusal("seeds", "must not name a seed twice", f"{twice} more than once")
    return tuple(listed)
