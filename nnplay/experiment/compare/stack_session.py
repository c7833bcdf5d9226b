"""A session for a stack: many runs of one architecture, trained at once to the numbers that each has alone."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnplay.datasets import Dataset
from nnplay.engine import Network, losses, schedules
from nnplay.engine.optimizers import SGD
from nnplay.engine.regularizers import REGULARIZERS, Regularizer
from nnplay.engine.stack import NetworkStack, together
from nnplay.experiment.compare.stack_batches import StackBatches
from nnplay.experiment.compare.stack_evaluation import MeasuredSet, StackEvaluation
from nnplay.experiment.compare.stack_history import StackHistory
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.training.breaks import take_break
from nnplay.experiment.training.divergence import Divergence, find_divergence
from nnplay.experiment.training.stop_conditions import (
    StopConditions,
    Watch,
    condition_met,
    needs_losses,
    note_epoch,
)
from nnplay.random_streams import random_stream
from nnplay.refusal import Refusal
from nnplay.validation import integer, must_be, shown

#: The four measures of a run, in the order in which a session gives them.
MEASURES = ("train_loss", "test_loss", "train_score", "test_score")


def stack_key(config: ExperimentConfig) -> tuple[Any, ...]:
    """Return what configurations must have in common to be trained as one stack.

    That is the architecture, the loss, the kind of optimizer, the batch size, and how many samples there are. Rates of
    all kinds, schedules, penalties, dropout, first weights, seeds, data and stop conditions may differ.
    """
    optimizer = config.make_optimizer()
    facts = config.data.facts
    n_hidden = len(config.hidden_sizes)
    names = (config.activation,) * n_hidden if isinstance(config.activation, str) else config.activation
    return (
        *(config.layer_sizes, names, config.resolved_output, config.bias, config.dtype, config.resolved_loss),
        *(optimizer.name, isinstance(optimizer, SGD) and optimizer.nesterov and optimizer.momentum > 0),
        *(facts.task, facts.n_train, facts.n_test),
        min(config.batch_size or facts.n_train, facts.n_train),
    )


#: Most parameters of all networks of a stack, and most numbers of all that they learn from: some hundred megabytes.
MAX_PARAMETERS, MAX_NUMBERS = 10_000_000, 80_000_000


@dataclass(frozen=True)
class StackSnapshot:
    """Where a stack stands: everything that training changes."""

    epoch: int
    n_steps: int
    rows: np.ndarray
    parameters: np.ndarray
    n_updates: int
    vectors: dict[str, np.ndarray]
    batches: dict[str, Any]
    dropout: list[Any]
    history: Any
    epochs: np.ndarray
    divergences: tuple[Divergence | None, ...]
    stops: tuple[str | None, ...]
    watches: tuple[Watch, ...]


@dataclass
class _Source:
    """Data that one or more of the runs learn from, as their networks see them."""

    train: Dataset
    test: Dataset | None


class StackSession:
    """Train K runs of one architecture at once.

    Each run has its own first weights, order of samples, dropout, rates, penalty and schedule, and stops by itself:
    where it diverges, or meets a stop condition of its configuration. The others go on unharmed.

    Parameters
    ----------
    configs : sequence of ExperimentConfig
        At least one; :func:`stack_key` says what they must have in common.
    evaluate_every : int
        Epochs between two rows of the history; 0 for none: train only.

    Attributes
    ----------
    configs : tuple of ExperimentConfig
    epoch, n_steps : int
        Completed epochs and mini-batches of the runs that still train.
    epochs : ndarray of int, (K,)
        Completed epochs of each run.
    divergences : list of Divergence or None
        Where a run's values stopped being finite.
    stops : list of str or None
        The setting by which a run stopped: "max_epochs", "target_loss" or "patience".
    history : StackHistory

    Raises
    ------
    ValueError
        If there is no configuration, they can't be one stack, or one of them can't be built.
    """

    def __init__(self, configs: Sequence[ExperimentConfig], evaluate_every: int = 1) -> None:
        configs = tuple(configs)
        if not configs:
            raise Refusal("configs", "must be at least one ExperimentConfig", shown(configs))
        for config in configs:
            must_be("configs", config, ExperimentConfig)
        keys = list(map(stack_key, configs))
        if any(key != keys[0] for key in keys):
            different = next(i for i, key in enumerate(keys) if key != keys[0])
            got = f"{shown(keys[0])} and {shown(keys[different])}"
            raise Refusal("configs", "must have one architecture, loss, optimizer and batch size", got)
        _check_size(configs)
        self.configs = configs
        self.evaluate_every = integer("evaluate_every", evaluate_every, 0)
        self._sources, self._source_of = _sources_of(configs)
        like = configs[0]
        network = _network_of(like)
        first = self._sources[0]
        self._loss = losses.get(like.loss, like.resolved_output)
        self.steps_per_epoch = like.steps_per_epoch
        self._size = min(like.batch_size or first.train.n_samples, first.train.n_samples)
        self._like = network

        stack = NetworkStack([_network_of(config) for config in configs])
        trains = [source.train for source in self._sources]
        tests = [source.test for source in self._sources if source.test is not None]
        self._sets = [MeasuredSet.of(stack, each, self._loss) for each in (trains, tests) if each]

        k = len(configs)
        self._schedules = [schedules.get(name) for name in {config.schedule: None for config in configs}]
        self._stop_conditions = [StopConditions(c.max_epochs, c.target_loss, c.patience) for c in configs]
        self.epoch = self.n_steps = 0
        self.epochs = np.zeros(k, np.int64)
        self.divergences: list[Divergence | None] = [None] * k
        self.stops: list[str | None] = [None] * k
        self._watches = [Watch()] * k
        self._dropout_rngs = [random_stream(config.seed, "dropout") for config in configs]
        self.history = StackHistory(k)
        self._has_stopped = False  # whether a run is to be taken out
        self._batches = StackBatches(
            self._sets[0].inputs,
            self._sets[0].targets,
            self._source_of,
            self._size,
            [config.shuffle for config in configs],
            [config.seed for config in configs],
        )
        self._parameters = stack.parameters
        # Of all runs, those that have stopped among them.
        self._whole = StackEvaluation(stack, self._sets, self._source_of, self._loss)
        self._begin(np.arange(k))
        if self.evaluate_every:
            self._record()
            if self._has_stopped:
                self._retire()

    def __len__(self) -> int:
        return len(self.configs)

    # -- what trains -----------------------------------------------------------------------------------------------

    def _begin(self, rows: np.ndarray) -> None:
        """Make ready to train the runs `rows` from their parameters on; the optimizer starts afresh."""
        self._rows = rows
        if not len(rows):
            return
        configs = [self.configs[row] for row in rows]
        self._stack = stack = NetworkStack.of(self._like, self._parameters[rows])
        dtype = stack.parameters.dtype
        optimizers = [config.make_optimizer() for config in configs]
        self._optimizer = together(optimizers, dtype)
        self._optimizer.bind(stack.parameters)
        self._base_rates = np.array([optimizer.learning_rate for optimizer in optimizers])
        names = list(map(str, self._schedules))
        self._schedule_of = np.array([names.index(config.schedule) for config in configs])
        self._gradient = np.zeros_like(stack.parameters)
        self._penalties = _penalties_of(configs, dtype)
        sizes = {self._size, self._batches.last_batch_size}
        dropout = [config.dropout if config.hidden_sizes else 0.0 for config in configs]
        rngs = [self._dropout_rngs[row] for row in rows]
        self._passes = {size: stack.backpropagation(self._loss, size, self._gradient, dropout, rngs) for size in sizes}
        self._evaluation = StackEvaluation(stack, self._sets, self._source_of[rows], self._loss)
        self._watched = any(self._stop_conditions[row].any for row in rows)
        self._needs_losses = any(needs_losses(self._stop_conditions[row]) for row in rows)

    @property
    def parameters(self) -> np.ndarray:
        """Each run's parameters, (K, n_parameters), in the order of its network's own; not to be written in."""
        self._store()
        return self._parameters

    def _store(self) -> None:
        if len(self._rows):
            self._parameters[self._rows] = self._stack.parameters

    def network(self, k: int) -> Network:
        """Return run `k`'s network as it is now, with parameters of its own."""
        network = _network_of(self.configs[k])
        network.parameters[:] = self.parameters[k]  # those that diverged, too
        return network

    @property
    def training(self) -> np.ndarray:
        """Whether each run still trains, (K,)."""
        return np.isin(np.arange(len(self)), self._rows)

    # -- training --------------------------------------------------------------------------------------------------

    @property
    def step_in_epoch(self) -> int:
        """Mini-batches done in the current epoch."""
        return self._batches.position

    def run(self, epochs: int = 1) -> StackSession:
        """Train until `epochs` more epochs are complete, one that has begun among them; return the session."""
        self.advance(integer("epochs", epochs, 0) * self.steps_per_epoch - self.step_in_epoch)
        return self

    def advance(self, n_steps: int) -> None:
        """Train on the next `n_steps` mini-batches, unless all runs have stopped."""
        left = n_steps
        with np.errstate(all="ignore"):
            while left > 0 and len(self._rows):
                take_break()
                done = self._rest_of_epoch(left)
                left -= done
                if self._batches.position == 0:
                    self._complete_epoch()

    def _rest_of_epoch(self, at_most: int) -> int:
        rates = self._rates()
        rate = float(rates[0]) if (rates == rates[0]).all() else rates.astype(self._gradient.dtype)[:, None]
        passes, gradient, update = self._passes, self._gradient, self._optimizer.update
        parameters, is_weight, penalties = self._stack.parameters, self._stack.is_weight, self._penalties
        done = 0
        try:
            for x, y in self._batches.rest_of_epoch(at_most):
                passes[y.shape[-1]].run(x, y)
                for penalty in penalties:
                    penalty.add_gradient(gradient, parameters, is_weight)
                update(parameters, gradient, rate)
                done += 1
        finally:  # also where a notebook's user interrupts it
            self.n_steps += done
        return done

    def _rates(self) -> np.ndarray:
        factors = np.array([schedule.factor(self.epoch) for schedule in self._schedules])
        return self._base_rates * factors[self._schedule_of]

    def _complete_epoch(self) -> None:
        self.epoch += 1
        self.epochs[self._rows] = self.epoch
        finite = np.isfinite(self._stack.parameters).all(axis=1)
        if not finite.all():
            for i in np.flatnonzero(~finite).tolist():
                self.divergences[self._rows[i]] = find_divergence(self._stack.network(i), self.epoch)
            self._has_stopped = True
        measures = None
        if self.evaluate_every and self.epoch % self.evaluate_every == 0:
            measures = self._record()
        elif self._needs_losses:
            measures = self._measure()
        if self._watched:
            self._look_for_stops(measures)
        if self._has_stopped:
            self._retire()

    def _look_for_stops(self, measures: np.ndarray | None) -> None:
        for i, row in enumerate(self._rows.tolist()):
            if self.divergences[row] is not None:
                continue
            settings = self._stop_conditions[row]
            train_loss, test_loss = (np.nan, np.nan) if measures is None else measures[:2, i].tolist()
            if settings.patience:
                self._watches[row] = note_epoch(settings, self._watches[row], self.epoch, train_loss, test_loss)
            self.stops[row] = condition_met(settings, self._watches[row], self.epoch, train_loss)
            self._has_stopped |= self.stops[row] is not None

    def _retire(self) -> None:
        """Go on without the runs that have diverged or met a condition."""
        self._has_stopped = False
        going = [self.divergences[row] is None and self.stops[row] is None for row in self._rows]
        self._store()
        keep, before = np.array(going), self._optimizer
        self._batches.choose(self._rows[keep])
        self._begin(self._rows[keep])
        if keep.any():
            self._resume_optimizer(before.n_updates, {name: vector[keep] for name, vector in before.state.items()})

    def _resume_optimizer(self, n_updates: int, vectors: dict[str, np.ndarray]) -> None:
        self._optimizer.n_updates = n_updates
        for name, vector in vectors.items():
            self._optimizer.state[name][:] = vector

    # -- measuring -------------------------------------------------------------------------------------------------

    def _measure(self) -> np.ndarray:
        """Return the measures of the runs that train, (4, runs)."""
        return _in_order(self._evaluation.measure())

    def _record(self) -> np.ndarray:
        with np.errstate(all="ignore"):
            measures = self._measure()
        row = np.full((len(MEASURES) + 1, len(self)), np.nan)
        row[:-1, self._rows], row[-1, self._rows] = measures, self._rates()
        if self._has_stopped or not np.isfinite(measures[0]).all():
            for i, each in enumerate(self._rows.tolist()):
                if self.divergences[each] is not None:
                    row[:, each] = np.nan  # it has no record any more
                elif not np.isfinite(measures[0, i]):
                    self.divergences[each] = Divergence(self.epoch, 0, "the training loss")
                    self._has_stopped = True
        self.history.append(self.epoch, row)
        return measures

    def measures(self) -> dict[str, np.ndarray]:
        """Return each run's losses and scores as they are now, (K,) each; NaN where there is no test set.

        A run that has stopped is measured as it stopped. One that diverged has no scores.
        """
        self._store()
        with np.errstate(all="ignore"):
            return dict(zip(MEASURES, _in_order(self._whole.measure()), strict=True))

    # -- snapshots, copies -----------------------------------------------------------------------------------------

    def __getstate__(self) -> dict[str, Any]:
        """Return what a session is made of, and where it stands: what looks at the parameters is made again."""
        return {"configs": self.configs, "evaluate_every": self.evaluate_every, "stands": self.snapshot()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["configs"], evaluate_every=0)  # type: ignore[misc]
        self.evaluate_every = state["evaluate_every"]
        self.restore(state["stands"])

    def __copy__(self) -> StackSession:
        return copy.deepcopy(self)

    def snapshot(self) -> StackSnapshot:
        """Return where the stack stands; :meth:`restore` brings it back bit for bit."""
        trains, draws = bool(len(self._rows)), any(config.dropout for config in self.configs)
        return StackSnapshot(
            epoch=self.epoch,
            n_steps=self.n_steps,
            rows=self._rows,
            parameters=self.parameters.copy(),
            n_updates=self._optimizer.n_updates if trains else 0,
            vectors={name: vector.copy() for name, vector in self._optimizer.state.items()} if trains else {},
            batches=self._batches.snapshot(),
            dropout=[rng.bit_generator.state for rng in self._dropout_rngs] if draws else [],
            history=self.history.snapshot(),
            epochs=self.epochs.copy(),
            divergences=tuple(self.divergences),
            stops=tuple(self.stops),
            watches=tuple(self._watches),
        )

    def restore(self, state: StackSnapshot) -> StackSession:
        """Return to a :meth:`snapshot` of this session, or of one made alike."""
        must_be("state", state, StackSnapshot)
        if state.parameters.shape != self._parameters.shape:
            shapes = f"{self._parameters.shape}", f"{state.parameters.shape}"
            raise Refusal("state", f"must be of a stack with parameters of shape {shapes[0]}", shapes[1])
        self._parameters[:] = state.parameters
        if np.array_equal(state.rows, self._rows):
            self._stack.parameters[:] = self._parameters[self._rows]
        else:
            self._begin(state.rows)
        if len(self._rows):
            self._resume_optimizer(state.n_updates, state.vectors)
        self._batches.restore(state.batches)
        for rng, stored in zip(self._dropout_rngs, state.dropout, strict=bool(state.dropout)):
            rng.bit_generator.state = stored
        self.history.restore(state.history)
        self.epoch, self.n_steps, self.epochs = state.epoch, state.n_steps, state.epochs.copy()
        self.divergences, self.stops = list(state.divergences), list(state.stops)
        self._watches = list(state.watches)
        return self


def _in_order(measures: np.ndarray) -> np.ndarray:
    """Return measures of one or two sets, (n_sets, 2, K), in the order of :data:`MEASURES`, (4, K)."""
    train = measures[0]
    test = measures[1] if len(measures) > 1 else np.full_like(train, np.nan)
    return np.stack([train[0], test[0], train[1], test[1]])


def _network_of(config: ExperimentConfig) -> Network:
    return Network(
        config.layer_sizes,
        activation=config.activation,
        output=config.resolved_output,
        initializer=config.initializer,
        dtype=config.dtype,
        seed=config.seed,
        bias=config.bias,
    )


def _check_size(configs: Sequence[ExperimentConfig]) -> None:
    """Raise ValueError if a stack would take more memory than a machine may have."""
    like = configs[0]
    if len(configs) * like.n_parameters > MAX_PARAMETERS:
        wanted = f"must have at most {MAX_PARAMETERS:,} parameters in all"
        got = f"{len(configs) * like.n_parameters:,} ({len(configs)} networks of {like.n_parameters:,})"
        raise Refusal("configs", wanted, got)
    n_sources = len({(config.data, config.features) for config in configs})
    numbers = n_sources * like.data.facts.size * (like.layer_sizes[0] + 1)
    if numbers > MAX_NUMBERS:
        wanted = f"must learn from at most {MAX_NUMBERS:,} numbers in all"
        raise Refusal("configs", wanted, f"{numbers:,} ({n_sources} different data sets)")


def _sources_of(configs: Sequence[ExperimentConfig]) -> tuple[list[_Source], np.ndarray]:
    """Return what the configurations learn from, each once, and which of them each learns from, (K,)."""
    sources: dict[Any, int] = {}
    found: list[_Source] = []
    which = []
    for config in configs:
        key = config.data, config.features
        if key not in sources:
            sources[key] = len(found)
            # A session knows how data become a network's inputs, and what can't be trained.
            session = config.build(evaluate_every=0)
            found.append(_Source(session.train, session.test))
        which.append(sources[key])
    return found, np.array(which)


def _penalties_of(configs: Sequence[ExperimentConfig], dtype: np.dtype) -> list[Regularizer]:
    """Return a penalty of each kind that some of the networks have; for the others its rate is 0."""
    rates = [0.0 if config.regularizer == "none" else config.regularization_rate for config in configs]
    penalties = []
    for name, kind in REGULARIZERS.items():
        own = [rate * (config.regularizer == name) for rate, config in zip(rates, configs, strict=True)]
        if any(own):
            penalties.append(together([kind(rate) for rate in own], dtype))
    return penalties
