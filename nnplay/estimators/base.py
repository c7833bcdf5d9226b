"""What both estimators share: their parameters, and how they train."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from nnplay.datasets import Dataset
from nnplay.engine import Network
from nnplay.engine.activations import Activation
from nnplay.engine.initializers import Initializer
from nnplay.engine.losses import Loss
from nnplay.engine.optimizers import OPTIMIZERS, Optimizer
from nnplay.engine.regularizers import REGULARIZERS, Regularizer
from nnplay.engine.schedules import Schedule
from nnplay.experiment.training.session import TrainingSession
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.registry import parse_call
from nnplay.validation import boolean, integer, is_list_of_values, number, shown
from nnplay.wording import counted

T = TypeVar("T", bound=type)

#: The docstring of both, with what is said of each parameter once.
_PARAMETERS = """
    Parameters
    ----------
    hidden_sizes : sequence of int
        Units of each hidden layer; empty for a linear model.
    activation : str, Activation, or a sequence of them
        One for all hidden layers, or one for each.
    initializer : str or Initializer
        How the weights are drawn.
    loss : str, optional
        By default {loss}.
    optimizer : str or Optimizer
        A name, ``"sgd"``, ``"rmsprop"``, ``"adagrad"``, ``"adam"``, perhaps with parameters of its own as in
        ``"adam(beta_1=0.8)"``; or an optimizer with everything said, as ``nn.SGD(0.1, momentum=0.9, nesterov=True)``.
    learning_rate, momentum : float
        Of an optimizer that is given by its name; momentum of ``"sgd"`` alone.
    schedule : str or Schedule
        How the learning rate changes with the epoch, as ``"cosine(epochs=200)"``.
    batch_size : int, optional
        Samples a step, though never more than there are; None for all of them.
    epochs : int
        How often :meth:`fit` goes through the samples.
    shuffle : bool
        Whether each epoch takes the samples in a new order.
    regularizer : {{"l1", "l2"}} or Regularizer, optional
        The penalty on large weights.
    regularization_rate : float
        Of a regularizer that is given by its name.
    dropout : float, in [0, 1)
        Share of the hidden units silenced in each step.
    early_stopping : bool
        Whether :meth:`fit` holds some samples back, stops when the loss on them no longer improves, and returns to the
        epoch where it was lowest.
    validation_fraction : float, strictly between 0 and 1
        Share of the samples that early stopping holds back{stratified}.
    patience : int
        Epochs without a lower loss after which early stopping stops.
    warm_start : bool
        Whether another :meth:`fit` goes on from where the last one ended: its weights, the optimizer, the epochs.
    evaluate_every : int
        Epochs between two rows of the history; 0 for none.
    seed : int
        The same seed gives the same weights, batches and held-back samples.
    random_state : int, RandomState or None
        What scikit-learn's own tools set, such as a bagging ensemble whose members are to differ. Unless it is None, it
        is used in place of `seed`.

    Attributes
    ----------{classes}
    network_ : Network
        The trained network.
    history_ : dict of ndarray
        Columns as those of a session: ``epoch``, ``train_loss``, ``test_loss`` (on what early stopping held back, else
        NaN), ``train_score``, ``test_score``, ``learning_rate``.
    n_epochs_ : int
        Epochs trained.
    best_epoch_ : int
        With early stopping, the epoch that the network is of.
    n_features_in_ : int
    feature_names_in_ : ndarray of str
        Where `X` was a table with names.
"""


def documented(loss: str, stratified: str = "", classes: str = "") -> Callable[[T], T]:
    """Return a decorator that puts what is said of the parameters into a class's docstring."""

    def document(cls: T) -> T:
        parameters = _PARAMETERS.format(loss=loss, stratified=stratified, classes=classes).strip()
        cls.__doc__ = (cls.__doc__ or "").replace("{parameters}", parameters)
        return cls

    return document


class NetworkEstimator(BaseEstimator):
    """An estimator that trains a network; what its targets are is left to those that it is the base of."""

    network_: Network
    history_: dict[str, np.ndarray]
    _optimizer_state: dict[str, Any] | None

    def __init__(
        self,
        hidden_sizes: Sequence[int] = (8, 8),
        activation: str | Activation | Sequence[str | Activation] = "tanh",
        *,
        initializer: str | Initializer = "xavier_uniform",
        loss: str | Loss | None = None,
        optimizer: str | Optimizer = "adam",
        learning_rate: float = 0.01,
        momentum: float = 0.9,
        schedule: str | Schedule = "constant",
        batch_size: int | None = 32,
        epochs: int = 200,
        shuffle: bool = True,
        regularizer: str | Regularizer | None = None,
        regularization_rate: float = 0.001,
        dropout: float = 0.0,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        patience: int = 10,
        warm_start: bool = False,
        evaluate_every: int = 1,
        seed: int = 0,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.hidden_sizes = hidden_sizes
        self.activation = activation
        self.initializer = initializer
        self.loss = loss
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.schedule = schedule
        self.batch_size = batch_size
        self.epochs = epochs
        self.shuffle = shuffle
        self.regularizer = regularizer
        self.regularization_rate = regularization_rate
        self.dropout = dropout
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.patience = patience
        self.warm_start = warm_start
        self.evaluate_every = evaluate_every
        self.seed = seed
        self.random_state = random_state

    # -- what those that it is the base of say -----------------------------------------------------------------------

    def _data(self, X: np.ndarray, y: np.ndarray) -> Dataset:
        """Return checked samples and targets as a data set."""
        raise NotImplementedError

    def _output(self, data: Dataset) -> str:
        """Return the output activation for such data."""
        raise NotImplementedError

    # -- training ----------------------------------------------------------------------------------------------------

    def _checked_epochs(self) -> int:
        return integer("epochs", self.epochs, 1)

    def _stops_early(self) -> bool:
        return boolean("early_stopping", self.early_stopping)

    def _goes_on(self) -> bool:
        return boolean("warm_start", self.warm_start) and hasattr(self, "network_")

    def _train(self, data: Dataset, epochs: int, go_on: bool, early_stopping: bool) -> None:
        """Train for so many epochs; `go_on` from where the last call ended, or begin with fresh weights."""
        if go_on:
            self._check_shape(data)
        else:
            self._begin(data)
        train, held_back = self._held_back(data) if early_stopping else (data, None)
        session = self._session(train, held_back)
        best = _Best()
        if early_stopping:
            session.run(epochs, patience=integer("patience", self.patience, 1), callback=best.note, progress=False)
        else:
            session.run(epochs, progress=False)  # a search fits hundreds of them
        self.n_epochs_ = session.epoch
        self._n_steps = session.n_steps
        self._optimizer_state = session.optimizer.snapshot()
        if best.parameters is not None:
            self.network_.parameters[:] = best.parameters
            self.best_epoch_ = best.epoch
        measured = session.history.copy()
        before = self.history_ if go_on else {name: np.zeros(0) for name in measured}
        self.history_ = {name: np.concatenate([before[name], measured[name]]) for name in measured}

    def _begin(self, data: Dataset) -> None:
        """Make a network with fresh weights that fits the data."""
        self._seed = self._chosen_seed()
        self.network_ = self._fresh_network(data, self._seed)
        self.n_epochs_, self._n_steps, self._optimizer_state = 0, 0, None
        if hasattr(self, "best_epoch_"):
            del self.best_epoch_

    def _fresh_network(self, data: Dataset, seed: int = 0) -> Network:
        return Network(
            [data.n_features, *self._checked_sizes(), data.n_outputs],
            activation=self.activation,
            output=self._output(data),
            initializer=self.initializer,
            seed=seed,
        )

    def _checked_sizes(self) -> list[int]:
        if not is_list_of_values(self.hidden_sizes):
            raise TypeRefusal("hidden_sizes", "must be a sequence of integers", shown(self.hidden_sizes))
        return [integer("hidden_sizes", size, 1, index=i) for i, size in enumerate(self.hidden_sizes)]

    def _check_shape(self, data: Dataset) -> None:
        sizes = self._checked_sizes()
        if tuple(sizes) != self.network_.hidden_sizes:
            wanted = f"must be {self.network_.hidden_sizes}, as before, where training goes on"
            raise Refusal("hidden_sizes", wanted, shown(tuple(sizes)))
        n_outputs = self.network_.n_outputs
        if data.n_outputs != n_outputs:
            raise Refusal("y", f"must have {counted(n_outputs, 'target')} a sample, as before", data.n_outputs)
        if self._fresh_network(data).activations != self.network_.activations:
            before_each = tuple(map(str, self.network_.activations))
            before = shown(before_each if len(set(before_each)) > 1 else before_each[0])
            raise Refusal("activation", f"must be {before}, as before, where training goes on", shown(self.activation))

    def _chosen_seed(self) -> int:
        if self.random_state is None:
            return integer("seed", self.seed, 0)
        if isinstance(self.random_state, (int, np.integer)):
            return integer("random_state", self.random_state, 0)
        try:
            stream = check_random_state(self.random_state)
        except ValueError:
            wanted = "must be None, an integer or a RandomState"
            raise TypeRefusal("random_state", wanted, shown(self.random_state)) from None
        return int(stream.randint(np.iinfo(np.int32).max))

    def _session(self, train: Dataset, held_back: Dataset | None) -> TrainingSession:
        """Return a session that trains the network on these data, as far as it has come."""
        size = self.batch_size if self.batch_size is None else integer("batch_size", self.batch_size, 1)
        goes_on = self.n_epochs_ > 0
        session = TrainingSession(
            self.network_,
            train,
            held_back,
            loss=self.loss,
            optimizer=self._made_optimizer(),
            batch_size=None if size is None else min(size, train.n_samples),
            shuffle=self.shuffle,
            regularizer=self._made_regularizer(),
            dropout=self.dropout,
            schedule=self.schedule,
            evaluate_every=0 if goes_on else self.evaluate_every,
            # Another order of the samples than in the epochs before.
            seed=self._seed + self.n_epochs_,
        )
        if goes_on:
            state = session.snapshot()
            optimizer = state.optimizer
            if self._optimizer_state and optimizer["name"] == self._optimizer_state["name"]:
                # What was set since counts.
                optimizer = self._optimizer_state | {"hyperparameters": optimizer["hyperparameters"]}
            session.restore(
                dataclasses.replace(state, epoch=self.n_epochs_, n_steps=self._n_steps, optimizer=optimizer)
            )
            session.evaluate_every = self.evaluate_every
        return session

    def _held_back(self, data: Dataset) -> tuple[Dataset, Dataset]:
        fraction = number("validation_fraction", self.validation_fraction, above=0, below=1)
        if data.n_samples < 2:
            raise Refusal("early_stopping", "needs at least 2 samples, to hold one back", "1 sample")
        try:
            return data.split(fraction, seed=self._seed)
        except Refusal as refusal:
            raise Refusal("validation_fraction", refusal.requirement, refusal.got) from None

    def _made_optimizer(self) -> Optimizer:
        if isinstance(self.optimizer, Optimizer):
            return self.optimizer
        if not isinstance(self.optimizer, str):
            raise TypeRefusal("optimizer", "must be a name or an optimizer", shown(self.optimizer))
        name, parameters = parse_call("optimizer", self.optimizer)
        kind = OPTIMIZERS[name]
        own = [field.name for field in dataclasses.fields(kind) if field.init]
        given = {each: getattr(self, each) for each in ("learning_rate", "momentum") if each in own}
        return kind(**given | parameters)

    def _made_regularizer(self) -> Regularizer | None:
        if self.regularizer is None or isinstance(self.regularizer, Regularizer):
            return self.regularizer
        if not isinstance(self.regularizer, str):
            raise TypeRefusal("regularizer", "must be None, a name or a regularizer", shown(self.regularizer))
        rate = number("regularization_rate", self.regularization_rate, 0, 1e3)
        return REGULARIZERS[self.regularizer](rate)

    # -- answering ---------------------------------------------------------------------------------------------------

    def _inputs(self, X: Any) -> np.ndarray:
        """Return checked samples for the trained network."""
        check_is_fitted(self)
        return np.asarray(validate_data(self, X, dtype=np.float64, reset=False))

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "network_")


class _Best:
    """Remembers the parameters of the epoch with the lowest loss on the samples that were held back."""

    def __init__(self) -> None:
        self.loss, self.epoch = np.inf, 0
        self.parameters: np.ndarray | None = None

    def note(self, session: TrainingSession) -> None:
        """Look at the session after an epoch."""
        loss = session.latest_measures()[1]
        if loss < self.loss:
            self.loss, self.epoch, self.parameters = loss, session.epoch, session.network.parameters.copy()
