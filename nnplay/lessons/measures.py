"""What can be measured of a trained run, by name: for a lesson's claims, and for its questions about a number."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nnplay.datasets import Dataset
from nnplay.engine import Network, check_gradient
from nnplay.engine.losses import Loss
from nnplay.experiment.compare.seed_fan import SeedFan
from nnplay.experiment.measures.layer_statistics import Flat, StuckUnits
from nnplay.experiment.measures.scores import reliability
from nnplay.experiment.training.session import TrainingSession
from nnplay.refusal import Refusal
from nnplay.registry import Registry, describe, make
from nnplay.validation import integer, number

MEASURES: Registry[type[Measure]] = Registry("measure")
#: Samples that the gradient is checked on: each parameter takes eight passes.
_CHECKED = 40


@dataclass(frozen=True)
class Trained:
    """A run as it stands.

    Attributes
    ----------
    network : Network
    loss : Loss
    train, test : Dataset
        As the network sees them; no `test` where nothing is held out.
    history : mapping of str to ndarray
        Columns as :attr:`TrainingSession.history` has them.
    diverged : bool
        Whether its numbers have stopped being finite.
    """

    network: Network
    loss: Loss
    train: Dataset
    test: Dataset | None
    history: Mapping[str, np.ndarray]
    diverged: bool

    @classmethod
    def of_session(cls, session: TrainingSession) -> Trained:
        """Return a session's run as it stands."""
        history = {name: np.asarray(session.history[name]) for name in _COLUMNS}
        diverged = session.divergence is not None
        return cls(session.network, session.loss, session.train, session.test, history, diverged)

    @classmethod
    def of_fan(cls, fan: SeedFan, k: int) -> Trained:
        """Return the run of seed number `k` of a fan as it stands."""
        config = fan.config(k)
        plane, (train, test) = config.data.plane(config.features), config.data.split()
        rows = fan.history["epoch"] <= fan.epochs[k]
        history = {name: fan.history[name][rows] for name in _COLUMNS if name == "epoch"}
        history |= {name: fan.history[name][rows, k] for name in _COLUMNS if name != "epoch"}
        return cls(
            fan.network(k),
            config.build(evaluate_every=0).loss,
            plane.as_inputs(train),
            None if test is None else plane.as_inputs(test),
            history,
            fan.divergences[k] is not None,
        )

    @property
    def held_out(self) -> Dataset:
        """The test samples, or the training samples where there are none."""
        return self.test or self.train


_COLUMNS = ("epoch", "train_loss", "test_loss", "train_score", "test_score")


class Measure(ABC):
    """Something that can be measured of a run.

    Attributes
    ----------
    name : str
        The registered one.
    label : str
        What it is called inside a sentence.
    is_share : bool
        Whether it is a share, which the unit ``%`` multiplies by 100.
    of_each_epoch : bool
        Whether it goes by what was measured after each epoch: fewer rows would give another value.
    """

    name: ClassVar[str] = ""
    label: ClassVar[str] = ""
    is_share: ClassVar[bool] = False
    of_each_epoch: ClassVar[bool] = False

    @abstractmethod
    def of(self, run: Trained) -> float:
        """Return its value; NaN where there is none, which no claim holds for."""

    def __str__(self) -> str:
        return describe(self, self.name)


def get(name: str) -> Measure:
    """Return the measure that a name stands for, with its parameters: ``"epochs_to(train_score=0.95)"``."""
    measure: Measure = make(MEASURES, name, Measure)
    return measure


def _column(name: str, label: str, is_share: bool = False) -> None:
    """Register the newest value of a column of the history."""

    @MEASURES.register(name)
    @dataclass(frozen=True)
    class Newest(Measure):
        def of(self, run: Trained) -> float:
            if run.diverged:
                return np.inf if name.endswith("loss") else np.nan
            return float(run.history[name][-1])

    Newest.name, Newest.label, Newest.is_share = name, label, is_share
    Newest.__name__ = Newest.__qualname__ = "".join(part.title() for part in name.split("_"))


_column("train_loss", "training loss")
_column("test_loss", "test loss")
_column("train_score", "training accuracy", is_share=True)
_column("test_score", "test accuracy", is_share=True)


@MEASURES.register("diverged")
@dataclass(frozen=True)
class Diverged(Measure):
    """1 if the run's numbers stopped being finite, else 0."""

    name = "diverged"
    label = "numbers too large to go on"

    def of(self, run: Trained) -> float:
        return float(run.diverged)


@MEASURES.register("score_gap")
@dataclass(frozen=True)
class ScoreGap(Measure):
    """How much better the training samples are predicted than the test samples."""

    name = "score_gap"
    label = "gap between training and test accuracy"
    is_share = True

    def of(self, run: Trained) -> float:
        return np.nan if run.diverged else float(run.history["train_score"][-1] - run.history["test_score"][-1])


@MEASURES.register("loss_gap")
@dataclass(frozen=True)
class LossGap(Measure):
    """How much larger the test loss is than the training loss."""

    name = "loss_gap"
    label = "gap between test and training loss"

    def of(self, run: Trained) -> float:
        return np.nan if run.diverged else float(run.history["test_loss"][-1] - run.history["train_loss"][-1])


@MEASURES.register("test_loss_rise")
@dataclass(frozen=True)
class TestLossRise(Measure):
    """How many times as large the test loss is as it was at its lowest."""

    name = "test_loss_rise"
    label = "test loss as a multiple of its lowest"
    of_each_epoch = True

    def of(self, run: Trained) -> float:
        losses = run.history["test_loss"]
        return np.nan if run.diverged else float(losses[-1] / np.nanmin(losses))


@MEASURES.register("loss_rises")
@dataclass(frozen=True)
class LossRises(Measure):
    """In which share of the epochs so far the training loss rose."""

    name = "loss_rises"
    label = "share of epochs in which the training loss rose"
    of_each_epoch = True
    is_share = True

    def of(self, run: Trained) -> float:
        steps = np.diff(run.history["train_loss"])
        return float(np.mean(steps > 0)) if len(steps) else np.nan


@MEASURES.register("epochs_to")
@dataclass(frozen=True)
class EpochsTo(Measure):
    """After how many epochs a score was reached first, or a loss; infinity if never."""

    train_score: float | None = None
    test_score: float | None = None
    train_loss: float | None = None
    test_loss: float | None = None

    name = "epochs_to"
    label = "epochs until it was reached"
    of_each_epoch = True

    def __post_init__(self) -> None:
        given = {name: value for name, value in dataclasses.asdict(self).items() if value is not None}
        if len(given) != 1:
            raise Refusal("measure", "must have one target, such as train_score=0.95", chosen=self.name)
        for name, value in given.items():
            number(name, value)

    def of(self, run: Trained) -> float:
        for column, target in dataclasses.asdict(self).items():
            if target is not None:
                values = run.history[column]
                reached = values >= target if column.endswith("score") else values <= target
                return float(run.history["epoch"][reached.argmax()]) if reached.any() else np.inf
        raise AssertionError


class _Stuck(Measure):
    is_share = True
    _flat: ClassVar[Flat]
    layer: int

    def __post_init__(self) -> None:
        integer("layer", self.layer, 0)

    def of(self, run: Trained) -> float:
        network = run.network
        if run.diverged or self.layer > len(network.activations):
            return np.nan
        stuck, n_units = 0.0, 0
        for layer, (activation, a) in enumerate(
            zip(network.activations, network.hidden_activations(run.train.X), strict=True), 1
        ):
            if self.layer in (0, layer):
                counter = StuckUnits(activation)
                counter.add(a.T)
                n_units += a.shape[1]
                stuck += a.shape[1] * counter.share if counter.flat is self._flat else 0.0
        return stuck / n_units if n_units else np.nan


@MEASURES.register("dead_units")
@dataclass(frozen=True)
class DeadUnits(_Stuck):
    """Which share of the hidden units is 0 on every training sample; of hidden layer `layer`, or 0 for all."""

    layer: int = 0

    name = "dead_units"
    label = "share of dead units"
    _flat = Flat.ONE_SIDE


@MEASURES.register("saturated_units")
@dataclass(frozen=True)
class SaturatedUnits(_Stuck):
    """Which share of the hidden units is at an end of its range nearly everywhere; of `layer`, or 0 for all."""

    layer: int = 0

    name = "saturated_units"
    label = "share of saturated units"
    _flat = Flat.BOTH_SIDES


@MEASURES.register("calibration_error")
@dataclass(frozen=True)
class CalibrationError(Measure):
    """How far stated probabilities lie, on average, from how often they come true; of held-out samples."""

    name = "calibration_error"
    label = "calibration error"
    is_share = True

    def of(self, run: Trained) -> float:
        data = run.held_out
        if run.diverged or data.task != "classification" or run.network.output.name == "identity":
            return np.nan
        a, y = run.network.forward(data.X), np.asarray(data.y)
        if a.shape[1] <= 2:
            return reliability(a[:, -1], y == 1).calibration_error
        return reliability(a.max(axis=1), a.argmax(axis=1) == y).calibration_error


@MEASURES.register("confidence")
@dataclass(frozen=True)
class Confidence(Measure):
    """How sure the network is on average of the class that it names; of held-out samples."""

    name = "confidence"
    label = "how sure it is on average"
    is_share = True

    def of(self, run: Trained) -> float:
        if run.diverged or run.held_out.task != "classification" or run.network.output.name == "identity":
            return np.nan
        a = run.network.forward(run.held_out.X)
        sure = np.maximum(a[:, 0], 1 - a[:, 0]) if a.shape[1] == 1 else a.max(axis=1)
        return float(sure.mean())


@MEASURES.register("mean_weight")
@dataclass(frozen=True)
class MeanWeight(Measure):
    """How large the weights are on average, whatever their sign."""

    name = "mean_weight"
    label = "mean size of the weights"

    def of(self, run: Trained) -> float:
        return (
            np.nan if run.diverged else float(np.mean(np.abs(np.concatenate([w.ravel() for w in run.network.weights]))))
        )


@MEASURES.register("mean_absolute_error")
@dataclass(frozen=True)
class MeanAbsoluteError(Measure):
    """How far the predictions lie off on average; of held-out samples."""

    name = "mean_absolute_error"
    label = "mean error"

    def of(self, run: Trained) -> float:
        if run.diverged or run.held_out.task != "regression":
            return np.nan
        off = run.network.forward(run.held_out.X)[:, 0] - np.asarray(run.held_out.y).reshape(-1)
        return float(np.mean(np.abs(off)))


@MEASURES.register("output_at")
@dataclass(frozen=True)
class OutputAt(Measure):
    """What the network answers at a place of the plane: of several outputs, that of `output`, counted from 1."""

    x1: float = 0.0
    x2: float = 0.0
    output: int = 1

    name = "output_at"
    label = "the network’s answer there"

    def __post_init__(self) -> None:
        number("x1", self.x1)
        number("x2", self.x2)
        integer("output", self.output, 1, 100)

    def of(self, run: Trained) -> float:
        n_inputs = run.network.n_inputs
        if run.diverged or n_inputs > 2 or self.output > run.network.n_outputs:
            return np.nan
        return float(run.network.forward(np.array([[self.x1, self.x2][:n_inputs]]))[0, self.output - 1])


@MEASURES.register("gradient_error")
@dataclass(frozen=True)
class GradientError(Measure):
    """The largest relative error of backpropagation against finite differences, on the first training samples."""

    name = "gradient_error"
    label = "largest error of the gradient"
    is_share = True

    def of(self, run: Trained) -> float:
        if run.diverged:
            return np.nan
        return check_gradient(run.network, run.train.X[:_CHECKED], run.train.y[:_CHECKED], run.loss)


def in_unit(measure: Measure, value: float, unit: str) -> float:
    """Return a measured value as a question asks for it: a share in per cent, if its unit is that."""
    return 100 * value if measure.is_share and unit.strip() == "%" else value
