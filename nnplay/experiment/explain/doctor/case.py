"""A case: a run at a moment, and what can be measured of it, each once and only if somebody asks."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnplay.datasets import Dataset
from nnplay.engine import Network, Optimizer
from nnplay.engine.losses import Loss
from nnplay.engine.targets import encode_targets
from nnplay.experiment.explain.doctor.course import Course
from nnplay.experiment.explain.doctor.finding import Share
from nnplay.experiment.explain.doctor.neighbours import neighbours_score
from nnplay.experiment.explain.doctor.sharpness import sharpness, stable_product, step_scale
from nnplay.experiment.training.breaks import take_break
from nnplay.experiment.training.r_squared import r_squared, spread_of
from nnplay.experiment.training.session import TrainingSession
from nnplay.random_streams import random_stream

Vector = NDArray[np.float64]

#: Training samples that are looked at, at most: shares of them are right to about ±3 %.
MOST_ROWS = 1000
#: Multiplications that a diagnosis may take for its products with the Hessian, about a fifth of a second on a common
#: core. Of a network too large for four products, how sharp its loss is stays unknown.
MOST_PRODUCTS = 5e9
#: Mini-batches whose gradients are compared with that of all samples: their spread is known to about a third then.
BATCHES = 16
#: A network does well that gets so much right, of the training samples and of the test samples; as the coach has it
#: (static/stage/coach/outcome.js).
SOLVED_TRAIN, SOLVED_TEST = 0.97, 0.93


@dataclass(frozen=True, eq=False)
class Moment:
    """What is diagnosed.

    Attributes
    ----------
    session : TrainingSession
        The run's data, loss, architecture and settings.
    optimizer : Optimizer
        With what it remembered then.
    parameters : ndarray, (n_parameters,)
        The network's, at that moment.
    first_parameters : ndarray, (n_parameters,)
        Those from before training.
    course : Course
        The losses until then, as far as the settings were what they are now.
    train, test : Dataset, Dataset or None
        The samples that are looked at, as the network takes them.
    n_test : int
        How many test samples the test score is of.
    diverged : bool
        Whether training stopped there, as numbers grew beyond bounds.
    memory : dict
        Where to keep what is measured once for the whole run.
    """

    session: TrainingSession
    optimizer: Optimizer
    parameters: Vector
    first_parameters: Vector
    course: Course
    train: Dataset
    test: Dataset | None
    n_test: int
    diverged: bool
    memory: MutableMapping[str, Any]


class Layers:
    """What samples do in a network's layers, and the gradient there.

    Parameters
    ----------
    network : Network
        In double precision, with the parameters in question.
    x, y : ndarray, (n_inputs + 1, n_samples), (n_outputs, n_samples)
    loss : Loss
    """

    def __init__(self, network: Network, x: Vector, y: Vector, loss: Loss) -> None:
        self.network = network
        gradient = np.zeros_like(network.parameters)
        backpropagation = network.backpropagation(loss, x.shape[1], gradient)
        with np.errstate(all="ignore"):
            self.outputs: Vector = backpropagation.run(x, y).copy()
            self.loss = float(loss.value(backpropagation.forward.logits, self.outputs, y))
        self.hidden: list[Vector] = [activations.copy() for activations in backpropagation.forward.hidden]
        self.gradient = gradient

    @property
    def gradient_sizes(self) -> Vector:
        """Root mean square of each layer's gradient with respect to its weights, (n_layers,)."""
        blocks = zip(self.network.layer_sizes, self.network.blocks_of(self.gradient), strict=False)
        return np.array([np.sqrt(np.mean(np.square(block[:n_in]))) for n_in, block in blocks])

    @property
    def weight_sizes(self) -> Vector:
        """Root mean square of each layer's weights, (n_layers,)."""
        return np.array([np.sqrt(np.mean(np.square(weights))) for weights in self.network.weights])


class Case:
    """A run at a moment.

    Parameters
    ----------
    moment : Moment

    Attributes
    ----------
    session, course, train, test, n_test, diverged
        As the moment has them.
    """

    def __init__(self, moment: Moment) -> None:
        self.moment = moment
        self.session, self.course = moment.session, moment.course
        self.test, self.n_test, self.diverged = moment.test, moment.n_test, moment.diverged
        self.train = _rows_of(moment.train, self.session.seed)
        self._network = self.session.network.copy("float64")

    # -- the settings ----------------------------------------------------------------------------------------------

    @property
    def learning_rate(self) -> float:
        """The rate of the next step, by the optimizer and the schedule."""
        return self.session.learning_rate

    @property
    def hidden_sizes(self) -> tuple[int, ...]:
        """Units of each hidden layer."""
        return self.session.network.hidden_sizes

    @property
    def is_classification(self) -> bool:
        """Whether there are classes."""
        return self.session.train.task == "classification"

    @property
    def uses_batches(self) -> bool:
        """Whether a step sees a part of the samples only."""
        return self.session.batch_size < self.session.train.n_samples

    # -- how well it does ------------------------------------------------------------------------------------------

    @cached_property
    def _columns(self) -> tuple[Vector, Vector]:
        network, train = self._network, self.train
        targets = encode_targets(train.y, train.n_samples, network.n_outputs, self.session.loss)
        return network.as_columns(train.X), np.ascontiguousarray(targets.T, float)

    @property
    def inputs(self) -> Vector:
        """The training samples as the network takes them, (n_samples, n_inputs)."""
        return np.asarray(self.train.X, float)

    @property
    def targets(self) -> Vector:
        """What it is to answer to them, (n_outputs, n_samples)."""
        return self._columns[1]

    def layers_at(self, parameters: Vector) -> Layers:
        """Return what the training samples do in the network with these parameters."""
        take_break()
        self._network.parameters[:] = parameters
        return Layers(self._network.copy(), *self._columns, self.session.loss)

    @cached_property
    def now(self) -> Layers:
        """What the training samples do in the network now."""
        return self.layers_at(self.moment.parameters)

    @cached_property
    def first(self) -> Layers:
        """The same before training."""
        return self.layers_at(self.moment.first_parameters)

    @cached_property
    def constant_loss(self) -> float:
        """The training loss of the best answer that is the same for all samples."""
        y = self._columns[1]
        mean = np.clip(y.mean(axis=1, keepdims=True), 1e-9, None)
        name = self.session.network.output.name
        if name == "sigmoid":
            mean = np.minimum(mean, 1 - 1e-9)
            z = np.log(mean / (1 - mean))
        elif name == "softmax":
            z = np.log(mean)
        else:
            z = mean = y.mean(axis=1, keepdims=True)
        like = np.ones_like(y)
        return float(self.session.loss.value(z * like, mean * like, y))

    @property
    def loss(self) -> float:
        """The training loss now: over the last records, or where there are none, as it is."""
        return self.course.loss if len(self.course.train_loss) else self.now.loss

    @property
    def left(self) -> float:
        """The loss now as a share of the loss of the best constant answer: 1 has learned nothing, 0 all."""
        return self.now.loss / self.constant_loss if self.constant_loss > 0 else 0.0

    @cached_property
    def train_score(self) -> float:
        """Accuracy, a :class:`Share`, or R² on the training samples; NaN after training diverged."""
        return self._score(self.now.outputs, self._columns[1])

    @cached_property
    def test_score(self) -> float:
        """The same on the test samples; NaN where there are none."""
        if self.test is None:
            return float("nan")
        network = self._network
        network.parameters[:] = self.moment.parameters
        targets = encode_targets(self.test.y, self.test.n_samples, network.n_outputs, self.session.loss)
        with np.errstate(all="ignore"):
            outputs = network.forward_pass(self.test.n_samples).run(network.as_columns(self.test.X))
        return self._score(outputs, np.ascontiguousarray(targets.T, float))

    def _score(self, outputs: Vector, targets: Vector) -> float:
        if not np.isfinite(outputs).all():
            return float("nan")
        if not self.is_classification:
            return r_squared(float(np.square(outputs - targets).sum()), spread_of(targets.T, np.dtype(float)))
        return Share(np.mean(classes_of(outputs) == classes_of(targets)))

    @property
    def is_solved(self) -> bool:
        """Whether the network has learned its data, the test samples too."""
        test = self.test_score
        return self.train_score >= SOLVED_TRAIN and (np.isnan(test) or test >= SOLVED_TEST)

    @cached_property
    def attainable(self) -> float:
        """What the nearest neighbours of each training sample get right of it: about what can be learned here."""
        memory, key = self.moment.memory, "neighbours"
        if key not in memory:
            take_break()
            memory[key] = neighbours_score(self.train)
        return Share(memory[key]) if self.is_classification else float(memory[key])

    @property
    def lags(self) -> float:
        """By how much the training score is below what is attainable; 0 where it isn't, 1 after training diverged."""
        return 1.0 if np.isnan(self.train_score) else max(0.0, self.attainable - self.train_score)

    # -- how its steps are -----------------------------------------------------------------------------------------

    def gradient_at(self, parameters: Vector) -> Vector:
        """Return the gradient over the training samples, penalty included, as large as a step has it."""
        take_break()
        self._network.parameters[:] = parameters
        backpropagation, gradient = self._backpropagation
        with np.errstate(all="ignore"):
            backpropagation.run(*self._columns)
            gradient *= self._share_of_step
            if self.session.regularizer is not None:
                self.session.regularizer.add_gradient(gradient, parameters, self._network.is_weight)
        return gradient.copy()

    @cached_property
    def _backpropagation(self) -> Any:
        gradient = np.zeros_like(self._network.parameters)
        return self._network.backpropagation(self.session.loss, self.train.n_samples, gradient), gradient

    @property
    def _share_of_step(self) -> float:
        """Of a loss that is a sum, a batch has only its part."""
        return 1.0 if self.session.loss.is_mean else self.session.batch_size / self.train.n_samples

    @property
    def _products(self) -> int:
        """How many products with the Hessian there is time for: each is two gradients, each three passes."""
        return int(min(24, MOST_PRODUCTS / (6 * self._network.parameters.size * self.train.n_samples)))

    def _sharpness_at(self, parameters: Vector, scale: Vector | float) -> float:
        if self._products < 4 or not np.isfinite(parameters).all():
            return float("nan")
        return sharpness(self.gradient_at, parameters.astype(float), scale, self._products, close=0.01)

    @cached_property
    def sharpness(self) -> float:
        """The largest curvature of the loss, as the optimizer's next step sees it; NaN of a network too large."""
        return self._sharpness_at(self.moment.parameters, step_scale(self.moment.optimizer))

    @property
    def rate_share(self) -> float:
        """The rate as a share of the largest at which steps don't grow, where the network is; NaN where unknown."""
        return self.learning_rate * self.sharpness / stable_product(self.session.optimizer)

    @property
    def first_rate_share(self) -> float:
        """The same where the network began, for gradient descent; an optimizer with a scale has none there."""
        if self.session.optimizer.name != "sgd":
            return float("nan")
        memory, key = self.moment.memory, f"first sharpness with {self.session.regularizer!r}"
        if key not in memory:
            memory[key] = self._sharpness_at(self.moment.first_parameters, 1.0)
        return self.learning_rate * float(memory[key]) / stable_product(self.session.optimizer)

    @property
    def largest_rate_share(self) -> float:
        """The larger of the two, or the one that is known; NaN where none is."""
        shares = [share for share in (self.rate_share, self.first_rate_share) if np.isfinite(share)]
        return max(shares, default=float("nan"))

    @cached_property
    def gradient_noise(self) -> float:
        """How long the difference between a mini-batch's gradient and that of all is, beside the latter; 0 without.

        The root of the mean of squares over :data:`BATCHES` batches.
        """
        if not self.uses_batches:
            return 0.0
        x, y = self._columns
        whole = self.now.gradient * (1.0 if self.session.loss.is_mean else self.session.batch_size / x.shape[1])
        size = min(self.session.batch_size, x.shape[1])
        self._network.parameters[:] = self.moment.parameters
        part = np.zeros_like(self._network.parameters)
        backpropagation = self._network.backpropagation(self.session.loss, size, part)
        rng = random_stream(0, "sample")
        squares = 0.0
        with np.errstate(all="ignore"):
            for _ in range(BATCHES):
                take_break()
                rows = rng.choice(x.shape[1], size, replace=False)
                backpropagation.run(np.asfortranarray(x[:, rows]), np.ascontiguousarray(y[:, rows]))
                squares += float(np.square(part - whole).sum())
        length = float(np.linalg.norm(whole))
        return float(np.sqrt(squares / BATCHES)) / length if length > 0 else float("inf")


def classes_of(outputs: Vector) -> NDArray[np.intp]:
    """Return the class of each column, (n_samples,): of one output, whether it is above ½."""
    return (outputs[0] > 0.5).astype(np.intp) if len(outputs) == 1 else outputs.argmax(axis=0)


def _rows_of(data: Dataset, seed: int) -> Dataset:
    if data.n_samples <= MOST_ROWS:
        return data
    return data.take(np.sort(random_stream(seed, "sample").choice(data.n_samples, MOST_ROWS, replace=False)))
