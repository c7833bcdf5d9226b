"""A training session: a network, its data, and where the training stands."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnplay.datasets import Dataset
from nnplay.engine import SGD, Network, Optimizer, losses, schedules
from nnplay.engine.losses import Loss
from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.engine.passes import Backpropagation
from nnplay.engine.regularizers import Regularizer
from nnplay.engine.schedules import Schedule
from nnplay.engine.targets import encode_targets
from nnplay.experiment.batches import Batches
from nnplay.experiment.columns import columns_of
from nnplay.experiment.divergence import Divergence, DivergenceWarning, find_divergence, too_large
from nnplay.experiment.evaluation import Evaluation
from nnplay.experiment.history import History
from nnplay.random_streams import random_stream
from nnplay.validation import boolean, integer, number, shown

COLUMNS = ("epoch", "train_loss", "test_loss", "train_score", "test_score", "learning_rate")


@dataclass(frozen=True)
class Snapshot:
    """Where a session stands: everything that training changes, and the optimizer's hyperparameters."""

    epoch: int
    n_steps: int
    parameters: np.ndarray
    optimizer: dict[str, Any]
    batches: dict[str, Any]
    dropout_rng: Mapping[str, Any]
    history: Any


class TrainingSession:
    """Train `network` on `train`, one mini-batch, or many epochs, at a time.

    Parameters
    ----------
    network : Network
        Trained in place.
    train : Dataset
    test : Dataset, optional
        Measured, never trained on.
    loss : str, optional
        By default the one that goes with the network's output.
    optimizer : Optimizer, optional
        Copied, so that one description can serve many sessions. By default ``SGD()``.
    batch_size : int, optional
        Samples a step; by default all of them (the full batch).
    shuffle : bool
        Whether each epoch takes the samples in a new order.
    regularizer : Regularizer, optional
    dropout : float, in [0, 1)
        Share of hidden units silenced at random in each step.
    schedule : str or Schedule
        How the learning rate changes with the epoch.
    evaluate_every : int
        Epochs between two rows of the history; 0 for none: train only.
    seed : int
        For shuffling and dropout.
    measured : pair of Dataset, optional
        What losses and scores are measured on in place of `train` and `test`: of large sets, a part.

    Attributes
    ----------
    epoch : int
        Completed epochs.
    n_steps : int
        Mini-batch updates so far.
    history : History
        Columns ``epoch``, ``train_loss``, ``test_loss``, ``train_score``, ``test_score``, ``learning_rate``; losses are
        over the whole set, without penalties and dropout, the first row is from before training, NaN where there is no
        test set.
    divergence : Divergence or None
        Set when a value is no longer finite; training stops there, and :meth:`step` and :meth:`run` warn of it.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or the data doesn't fit the network.
    """

    def __init__(
        self,
        network: Network,
        train: Dataset,
        test: Dataset | None = None,
        *,
        loss: str | Loss | None = None,
        optimizer: Optimizer | None = None,
        batch_size: int | None = None,
        shuffle: bool = True,
        regularizer: Regularizer | None = None,
        dropout: float = 0.0,
        schedule: str | Schedule = "constant",
        evaluate_every: int = 1,
        seed: int = 0,
        measured: tuple[Dataset, Dataset | None] | None = None,
    ) -> None:
        _must_be("network", network, Network)
        _must_fit("train", train, network)
        if test is not None:
            _must_fit("test", test, network)
        self.network, self.train, self.test = network, train, test
        self.loss = losses.get(loss, network.output.name)
        self.schedule = schedules.get(schedule)
        self.evaluate_every = integer("evaluate_every", evaluate_every, 0)
        self.seed = integer("seed", seed, 0)
        self.batch_size = _checked_batch_size(batch_size, train.n_samples)
        self.shuffle = boolean("shuffle", shuffle)

        targets = encode_targets(train.y, train.n_samples, network.n_outputs, self.loss).astype(network.dtype)
        inputs = columns_of(train.X, network).T
        self._batches = Batches(inputs, targets, self.batch_size, self.shuffle, self.seed)
        self._dropout_rng = random_stream(self.seed, "dropout")
        self._gradient = np.zeros_like(network.parameters)
        self._is_weight = network.is_weight
        measured_train, measured_test = measured or (train, test)
        self._train_evaluation = Evaluation(network, measured_train, self.loss)
        self._test_evaluation = None if measured_test is None else Evaluation(network, measured_test, self.loss)

        self.optimizer = SGD() if optimizer is None else optimizer
        self.regularizer = regularizer
        self.dropout = dropout

        self.epoch = 0
        self.n_steps = 0
        self.divergence: Divergence | None = None
        self.history = History(COLUMNS)
        self._record()

    # -- settings that may change while training -------------------------------------------------------------------

    @property
    def optimizer(self) -> Optimizer:
        """The session's own optimizer; change its hyperparameters, or assign another one, which begins anew."""
        return self._optimizer

    @optimizer.setter
    def optimizer(self, optimizer: Optimizer) -> None:
        _must_be("optimizer", optimizer, Optimizer)
        self._optimizer = optimizer.unbound_copy()
        self._optimizer.bind(self.network.parameters)

    @property
    def regularizer(self) -> Regularizer | None:
        """The penalty on large weights, or None."""
        return self._regularizer

    @regularizer.setter
    def regularizer(self, regularizer: Regularizer | None) -> None:
        if regularizer is not None:
            _must_be("regularizer", regularizer, Regularizer)
        self._regularizer = regularizer if regularizer is not None and regularizer.rate else None

    @property
    def dropout(self) -> float:
        """Share of hidden units silenced in each step."""
        return self._dropout

    @dropout.setter
    def dropout(self, dropout: float) -> None:
        self._dropout = number("dropout", dropout, 0.0, below=1.0)
        sizes = {self.batch_size, self._batches.last_batch_size}
        rate = self._dropout if self.network.hidden_sizes else 0.0
        self._backpropagations = {
            size: Backpropagation(self.network, self.loss, size, self._gradient, rate, self._dropout_rng)
            for size in sizes
        }

    @property
    def learning_rate(self) -> float:
        """The rate of the next step: the optimizer's times the schedule's factor."""
        return self.optimizer.learning_rate * self.schedule.factor(self.epoch)

    # -- training --------------------------------------------------------------------------------------------------

    @property
    def steps_per_epoch(self) -> int:
        """Mini-batches in an epoch."""
        return self._batches.n_batches

    @property
    def step_in_epoch(self) -> int:
        """Mini-batches done in the current epoch."""
        return self._batches.position

    def step(self, n: int = 1) -> TrainingSession:
        """Train on the next `n` mini-batches; return the session."""
        self.advance(integer("n", n, 1))
        self._warn_if_diverged()
        return self

    def run(self, epochs: int = 1) -> TrainingSession:
        """Train until `epochs` more epochs are complete, one that has begun among them; return the session."""
        if integer("epochs", epochs, 0):
            self.advance(epochs * self.steps_per_epoch - self.step_in_epoch)
            self._warn_if_diverged()
        return self

    def advance(self, n_steps: int) -> None:
        """Train on the next `n_steps` mini-batches; if a value stops being finite, only `divergence` says so."""
        left = n_steps
        with np.errstate(all="ignore"):
            while left and not self.divergence:
                rate = self.learning_rate
                steps_before = self.n_steps
                for x, y in self._batches.rest_of_epoch(left):
                    self._update(x, y, rate)
                    self.n_steps += 1
                left -= self.n_steps - steps_before
                self.divergence = find_divergence(self.network, self.epoch + 1)
                if self._batches.position == 0:
                    self._complete_epoch()

    def score(self, data: Dataset) -> float:
        """Return the accuracy on `data`, or R² for regression."""
        _must_fit("data", data, self.network)
        with np.errstate(all="ignore"):
            return Evaluation(self.network, data, self.loss).measure()[1]

    def measured_by(self, train: Evaluation, test: Evaluation | None) -> None:
        """Measure losses and scores in another way from now on."""
        self._train_evaluation, self._test_evaluation = train, test

    def measure(self) -> tuple[float, float, float, float]:
        """Return train loss, test loss, train score, test score as they are now; NaN where there is no test set."""
        with np.errstate(all="ignore"):
            train_loss, train_score = self._train_evaluation.measure()
            test_loss, test_score = self._test_evaluation.measure() if self._test_evaluation else (np.nan, np.nan)
        return train_loss, test_loss, train_score, test_score

    def _update(self, x: np.ndarray, y: np.ndarray, learning_rate: float) -> None:
        """One step: the batch's gradient, the penalty's on top, then the optimizer."""
        self._backpropagations[y.shape[1]](x, y)
        if self._regularizer:
            self._regularizer.add_gradient(self._gradient, self.network.parameters, self._is_weight)
        self._optimizer.update(self.network.parameters, self._gradient, learning_rate)

    def _complete_epoch(self) -> None:
        self.epoch += 1
        if self.divergence is None and self.evaluate_every and self.epoch % self.evaluate_every == 0:
            self._record()

    def _record(self) -> None:
        if not self.evaluate_every:
            return
        measures = self.measure()
        self.history.append(self.epoch, *measures, self.learning_rate)
        if not np.isfinite(measures[0]):
            self.divergence = Divergence(self.epoch, 0, "the training loss")

    # -- when it goes wrong ----------------------------------------------------------------------------------------

    def _warn_if_diverged(self) -> None:
        if self.divergence:
            large = too_large(self.train)
            advice = f"Try a learning rate below {self.optimizer.learning_rate:g}, or restore a snapshot."
            if large:
                advice = f"That is because {large}: bring them to values around 1."
            warnings.warn(
                f"training stopped in epoch {self.divergence.epoch}: {self.divergence.what} is no longer finite. "
                f"{advice}",
                DivergenceWarning,
                stacklevel=3,
            )

    # -- snapshots -------------------------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """Return the session's state; :meth:`restore` brings it back bit for bit."""
        return Snapshot(
            epoch=self.epoch,
            n_steps=self.n_steps,
            parameters=self.network.parameters.copy(),
            optimizer=self._optimizer.snapshot(),
            batches=self._batches.snapshot(),
            dropout_rng=self._dropout_rng.bit_generator.state,
            history=self.history.snapshot(),
        )

    def restore(self, state: Snapshot) -> TrainingSession:
        """Return to a :meth:`snapshot` of this session, or of one made alike."""
        _must_be("state", state, Snapshot)
        self.network.parameters[:] = state.parameters  # those of a session that diverged, too
        if state.optimizer["name"] != self._optimizer.name:
            self.optimizer = OPTIMIZERS[state.optimizer["name"]]()
        self._optimizer.restore(state.optimizer)
        self._batches.restore(state.batches)
        self._dropout_rng.bit_generator.state = state.dropout_rng
        self.history.restore(state.history)
        self.epoch, self.n_steps = state.epoch, state.n_steps
        self.divergence = None
        return self


def _must_be(name: str, value: Any, kind: type) -> None:
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be an instance of {kind.__name__}; got {shown(value)}.")


def _must_fit(name: str, data: Any, network: Network) -> None:
    _must_be(name, data, Dataset)
    if data.n_features != network.n_inputs:
        raise ValueError(
            f"{name} must have {network.n_inputs} features, one for each input of the network; got {data.n_features}."
        )
    if data.task == "classification" and network.n_outputs == 1 and data.n_classes > 2:
        raise ValueError(
            f"{name} must have 2 classes for a network with 1 output; got {data.n_classes}. "
            f"Use {data.n_classes} outputs with output 'softmax'."
        )


def _checked_batch_size(batch_size: int | None, n_samples: int) -> int:
    if batch_size is None:
        return n_samples
    size = integer("batch_size", batch_size, 1)
    if size > n_samples:
        raise ValueError(f"batch_size must be at most the number of training samples, {n_samples}; got {size}.")
    return size
