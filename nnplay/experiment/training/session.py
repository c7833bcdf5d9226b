"""A training session: a network, its data, and where the training stands."""

from __future__ import annotations

import copy
import inspect
from dataclasses import replace
from typing import Any

import numpy as np

from nnplay.attributes import fix, guarded
from nnplay.datasets import Dataset
from nnplay.engine import SGD, Network, Optimizer, losses, schedules
from nnplay.engine.losses import Loss
from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.engine.passes import ForwardPass
from nnplay.engine.regularizers import Regularizer
from nnplay.engine.schedules import Schedule
from nnplay.engine.targets import encode_targets
from nnplay.experiment.training.batches import Batch, Batches, checked_batch_size
from nnplay.experiment.training.data_checks import as_trained_on, check_training_data
from nnplay.experiment.training.divergence import Divergence, find_divergence, warn_if_diverged
from nnplay.experiment.training.evaluation import Evaluation, columns_of
from nnplay.experiment.training.history import History
from nnplay.experiment.training.progress import progress_of
from nnplay.experiment.training.snapshot import Progress, Snapshot
from nnplay.experiment.training.stop_conditions import Callback, StopConditions, Watch, run_watched, stop_condition
from nnplay.experiment.training.summary import session_as_html, session_as_text
from nnplay.random_streams import random_stream
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.validation import boolean, fits, integer, must_be, number, shown

COLUMNS = ("epoch", "train_loss", "test_loss", "train_score", "test_score", "learning_rate")


@guarded(
    network="Make a new TrainingSession with the other network.",
    learning_rate="It is the optimizer's, times what the schedule says: set optimizer.learning_rate.",
    history="It holds what was measured. Make a new TrainingSession to start another history.",
)
class TrainingSession:
    """Train `network` on `train`, one mini-batch or many epochs at a time.

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
        Samples per step; by default all of them (the full batch).
    shuffle : bool
        Whether each epoch uses a new order of the samples.
    regularizer : Regularizer, optional
    dropout : float, in [0, 1)
        Share of the hidden units switched off at random in each step.
    schedule : str or Schedule
        How the learning rate changes with the epoch.
    evaluate_every : int
        Epochs between two rows of the history; 0 for none: train only.
    seed : int
        For shuffling and dropout.
    measured : pair of Dataset, optional
        What losses and scores are measured on in place of `train` and `test`: of large sets, a part.
    max_epochs, target_loss, patience : int, float, int
        When :meth:`run` stops early: after this many epochs; once the training loss is this low; once the test loss
        (the training loss without a test set) hasn't improved for this many epochs. 0 for never.

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

    network: Network
    train: Dataset
    test: Dataset | None
    seed: int
    history: History

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
        max_epochs: int = 0,
        target_loss: float = 0.0,
        patience: int = 0,
    ) -> None:
        must_be("network", network, Network)
        check_training_data(train, network)
        test = None if test is None else as_trained_on("test", test, train)
        measured_train, measured_test = measured or (train, test)
        self._measured = (
            as_trained_on("measured[0]", measured_train, train),
            None if measured_test is None else as_trained_on("measured[1]", measured_test, train),
        )
        # What a session is made of can't be assigned to, from its own methods neither.
        fix(self, network=network, train=train, test=test, seed=integer("seed", seed, 0))
        self._at = Progress()
        self._measures_at: tuple[int, tuple[float, float, float, float]] | None = None
        self.schedule = schedule
        self.evaluate_every = evaluate_every
        self._stop = StopConditions(max_epochs, target_loss, patience)
        self._watch = Watch()

        self._gradient = np.zeros_like(network.parameters)
        self._dropout_rng = random_stream(self.seed, "dropout")
        self._dropout = 0.0
        size = checked_batch_size(batch_size, train.n_samples)
        self._set_loss(losses.get(loss, network.output.name), size, boolean("shuffle", shuffle))
        self.optimizer = SGD() if optimizer is None else optimizer
        self.regularizer = regularizer
        self.dropout = dropout
        fix(self, history=History(COLUMNS))
        self.record()

    def _set_loss(self, loss: Loss, batch_size: int, shuffle: bool) -> None:
        """Make the targets, and what is made of them, as `loss` takes them."""
        train, network = self.train, self.network
        targets = encode_targets(train.y, train.n_samples, network.n_outputs, loss)
        fits("y", targets, network.dtype)
        fits("X", train.X, network.dtype)
        inputs = columns_of(train, network).T
        batches = Batches(inputs, targets.astype(network.dtype), batch_size, shuffle, self.seed)
        measured_train, measured_test = self._measured
        passes: dict[int, ForwardPass] = {}
        train_evaluation = Evaluation(network, measured_train, loss, passes)
        self._test_evaluation = None if measured_test is None else Evaluation(network, measured_test, loss, passes)
        self._loss, self._batches, self._train_evaluation = loss, batches, train_evaluation

    __repr__, _repr_html_ = session_as_text, session_as_html

    # -- where it stands -------------------------------------------------------------------------------------------

    @property
    def epoch(self) -> int:
        """Completed epochs."""
        return self._at.epoch

    @property
    def n_steps(self) -> int:
        """Mini-batch updates so far."""
        return self._at.n_steps

    @property
    def divergence(self) -> Divergence | None:
        """Where a value stopped being finite, or None."""
        return self._at.divergence

    # -- settings that may change while training -------------------------------------------------------------------

    @property
    def loss(self) -> Loss:
        """The loss that training minimises. Another, or its name, can be assigned; the history continues with it."""
        return self._loss

    @loss.setter
    def loss(self, loss: str | Loss | None) -> None:
        batches = self._batches.snapshot()
        self._set_loss(losses.get(loss, self.network.output.name), self.batch_size, self.shuffle)
        self._batches.restore(batches)
        self.dropout = self._dropout  # the backward passes begin at the loss

    @property
    def batch_size(self) -> int:
        """Samples a step; may be changed between two epochs, None for all of them."""
        return self._batches.batch_size

    @batch_size.setter
    def batch_size(self, batch_size: int | None) -> None:
        self._change_batches("batch_size", checked_batch_size(batch_size, self.train.n_samples), self.shuffle)

    @property
    def shuffle(self) -> bool:
        """Whether each epoch takes the samples in a new order; may be changed between two epochs."""
        return self._batches.shuffle

    @shuffle.setter
    def shuffle(self, shuffle: bool) -> None:
        self._change_batches("shuffle", self.batch_size, boolean("shuffle", shuffle))

    def _change_batches(self, name: str, batch_size: int, shuffle: bool) -> None:
        if self.step_in_epoch:
            got = f"it after step {self.step_in_epoch} of {self.steps_per_epoch}"
            advice = "Complete the epoch with run(1) first."
            raise Refusal(name, "can be changed between two epochs only", got, advice=advice)
        self._restore_batches({**self._batches.snapshot(), "batch_size": batch_size, "shuffle": shuffle})

    def _restore_batches(self, state: dict[str, Any]) -> None:
        size, shuffle = state.get("batch_size", self.batch_size), state.get("shuffle", self.shuffle)
        if (size, shuffle) != (self.batch_size, self.shuffle):
            self._batches = self._batches.resized(size, shuffle)
            self.dropout = self._dropout  # a pass is made for one batch size
        self._batches.restore(state)

    @property
    def schedule(self) -> Schedule:
        """How the learning rate changes with the epoch; its name may be assigned."""
        return self._schedule

    @schedule.setter
    def schedule(self, schedule: str | Schedule) -> None:
        self._schedule = schedules.get(schedule)

    @property
    def evaluate_every(self) -> int:
        """Epochs between two rows of the history; 0 for none."""
        return self._evaluate_every

    @evaluate_every.setter
    def evaluate_every(self, evaluate_every: int) -> None:
        self._evaluate_every = integer("evaluate_every", evaluate_every, 0)

    max_epochs = stop_condition("max_epochs", "Epochs after which :meth:`run` stops; 0 for never.")
    target_loss = stop_condition("target_loss", "Training loss at which :meth:`run` stops; 0 for never.")
    patience = stop_condition("patience", "Epochs without a lower loss after which :meth:`run` stops; 0 for never.")

    @property
    def optimizer(self) -> Optimizer:
        """The session's own optimizer; change its hyperparameters, or assign another one, which starts afresh."""
        return self._optimizer

    @optimizer.setter
    def optimizer(self, optimizer: Optimizer) -> None:
        must_be("optimizer", optimizer, Optimizer)
        self._optimizer = optimizer.unbound_copy()
        self._optimizer.bind(self.network.parameters)

    @property
    def regularizer(self) -> Regularizer | None:
        """The penalty on large weights, or None."""
        return self._regularizer

    @regularizer.setter
    def regularizer(self, regularizer: Regularizer | None) -> None:
        if regularizer is not None:
            must_be("regularizer", regularizer, Regularizer)
        self._regularizer = regularizer if regularizer is not None and regularizer.rate else None
        self._is_weight = self.network.is_weight if self._regularizer else np.ones(0)

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
            size: self.network.backpropagation(self.loss, size, self._gradient, rate, self._dropout_rng)
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

    def next_batch(self) -> tuple[np.ndarray, Batch]:
        """Return which samples the next step will train on, and their columns; the session stays where it is."""
        return self._batches.upcoming()

    def step(self, n: int = 1) -> TrainingSession:
        """Train on the next `n` mini-batches; return the session."""
        self.advance(integer("n", n, 1))
        warn_if_diverged(self.divergence, self.train, self.optimizer.learning_rate)
        return self

    def run(
        self,
        epochs: int = 1,
        *,
        patience: int | None = None,
        target_loss: float | None = None,
        callback: Callback | None = None,
        progress: bool | None = None,
    ) -> TrainingSession:
        """Train until `epochs` more epochs are complete, one that has begun among them; return the session.

        Parameters
        ----------
        epochs : int
        patience : int, optional
            Stop when the test loss (the training loss without a test set) hasn't improved for this many epochs of this
            call; 0 for never. By default as the session's.
        target_loss : float, optional
            Stop once the training loss is this low; 0 for never. By default as the session's.
        callback : callable, optional
            Called with the session after each epoch, once its row is in the history. Training stops if it returns
            True.
        progress : bool, optional
            Whether a bar says how far it is; by default in a notebook or at a prompt, once it has taken two seconds.

        Warns
        -----
        DivergenceWarning
            If a value is no longer finite.
        UserWarning
            If nothing is trained, because one of the session's own stop conditions is already met.
        """
        epochs = integer("epochs", epochs, 0)
        if callback is not None and not callable(callback):
            raise TypeRefusal("callback", "must be a function of the session", shown(callback))
        asked: dict[str, Any] = {"patience": patience, "target_loss": target_loss}
        asked = {name: value for name, value in asked.items() if value is not None}
        stop = replace(self._stop, **asked)
        watch = Watch(best_epoch=self.epoch) if asked else None
        if not epochs:
            return self
        bar = progress_of(self, epochs, progress)
        if callback is None and bar is None and not stop.any:
            self.advance(epochs * self.steps_per_epoch - self.step_in_epoch)
        else:
            self._measures_at = None  # weights may have been set by hand since
            run_watched(self, epochs, stop, watch, callback, bar)
        warn_if_diverged(self.divergence, self.train, self.optimizer.learning_rate)
        return self

    def advance(self, n_steps: int) -> None:
        """Train on the next `n_steps` mini-batches; if a value stops being finite, only `divergence` says so."""
        left, at = n_steps, self._at
        with np.errstate(all="ignore"):
            while left and not at.divergence:
                rate = self.learning_rate
                done = 0
                try:
                    for x, y in self._batches.rest_of_epoch(left):
                        self._update(x, y, rate)
                        done += 1
                finally:  # also where a notebook's user interrupts it
                    at.n_steps += done
                left -= done
                at.divergence = find_divergence(self.network, at.epoch + 1)
                if self._batches.position == 0:
                    self._complete_epoch()

    def score(self, data: Dataset, *apart: Any) -> float:
        """Return the accuracy on `data`, or R² for regression.

        Classes are matched by the labels of the training set, whichever of them `data` has. NaN where it isn't defined:
        R² of a constant target, and any score after training diverged.

        Raises
        ------
        TypeError, ValueError
            If `data` isn't a data set like the training set, or inputs and targets are given separately.
        """
        if apart:
            advice = "Use score(nn.datasets.Dataset(X, y))."
            raise TypeRefusal("score", "takes one data set, not X and y apart", advice=advice)
        data = as_trained_on("data", data, self.train)
        with np.errstate(all="ignore"):
            fits("X", data.X, self.network.dtype)
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
        self._backpropagations[y.shape[1]].run(x, y)
        if self._regularizer:
            self._regularizer.add_gradient(self._gradient, self.network.parameters, self._is_weight)
        self._optimizer.update(self.network.parameters, self._gradient, learning_rate)

    def _complete_epoch(self) -> None:
        at, every = self._at, self._evaluate_every
        at.epoch += 1
        if at.divergence is None and every and at.epoch % every == 0:
            self.record()

    def record(self) -> None:
        """Measure losses and scores as they are now, and write them as a row into the history, if it is kept."""
        if not self.evaluate_every:
            return
        measures = self.measure()
        self._measures_at = self.n_steps, measures
        self.history.append(self.epoch, *measures, self.learning_rate)
        if not np.isfinite(measures[0]):
            self._at.divergence = Divergence(self.epoch, 0, "the training loss")

    def latest_measures(self) -> tuple[float, float, float, float]:
        """Return the measures after the step that was just taken: those of the history's row, if it has one."""
        if self._measures_at is None or self._measures_at[0] != self.n_steps:
            self._measures_at = self.n_steps, self.measure()
        return self._measures_at[1]

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
            watch=self._watch,
        )

    def restore(self, state: Snapshot) -> TrainingSession:
        """Return to a :meth:`snapshot` of this session, or of one made alike."""
        must_be("state", state, Snapshot)
        n, got = self.network.parameters.size, state.parameters.size
        if n != got:
            raise Refusal("state", f"must be of a network with {n} parameters", got)
        self.network.parameters[:] = state.parameters  # those of a session that diverged, too
        if state.optimizer["name"] != self._optimizer.name:
            self.optimizer = OPTIMIZERS[state.optimizer["name"]]()
        self._optimizer.restore(state.optimizer)
        self._restore_batches(state.batches)
        self._dropout_rng.bit_generator.state = state.dropout_rng
        self.history.restore(state.history)
        self._at, self._watch = Progress(state.epoch, state.n_steps), state.watch
        self._measures_at = None
        return self

    # -- copying ---------------------------------------------------------------------------------------------------

    def __copy__(self) -> TrainingSession:
        return copy.deepcopy(self)  # two sessions that train one network would get in each other's way

    def __getstate__(self) -> dict[str, Any]:
        """Return what a session is made of, and where it stands: what looks at the parameters is made again."""
        made_of = {name: getattr(self, name) for name in ARGUMENTS if name not in ("optimizer", "measured")}
        return {
            "made_of": made_of | {"measured": self._measured, "optimizer": self._optimizer.unbound_copy()},
            "stands": self.snapshot(),
            "divergence": self.divergence,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        made_of = dict(state["made_of"])
        evaluate_every = made_of.pop("evaluate_every")
        self.__init__(**made_of, evaluate_every=0)  # type: ignore[misc]
        self.evaluate_every = evaluate_every
        self.restore(state["stands"])
        self._at.divergence = state["divergence"]


#: The arguments of a session; all but those that it keeps in another form are attributes, too, and go to a copy.
ARGUMENTS = tuple(name for name in inspect.signature(TrainingSession.__init__).parameters if name != "self")
