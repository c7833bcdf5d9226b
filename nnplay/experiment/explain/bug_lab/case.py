"""A case of the bug lab: a fault chosen by a number, its run, and the evidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnplay import datasets
from nnplay.datasets import Dataset
from nnplay.engine import numerical_gradient
from nnplay.engine.activations import Array
from nnplay.experiment.explain.bug_lab.faults import FAULTS, FULL_BATCH, HEALTHY, LAYER_SIZES, Fault, Plan
from nnplay.experiment.training.breaks import take_break
from nnplay.experiment.training.session import TrainingSession
from nnplay.random_streams import random_stream
from nnplay.validation import choice, integer

#: Cases have numbers up to this one; and which of them is the first that one meets.
MOST_CASES, ARTICLE_000 = 9999, 0
N_SAMPLES, NOISE, TEST_FRACTION = 500, 0.1, 0.25
#: Moments of a run at which everything is measured, first and last among them.
N_MOMENTS = 25
#: Epochs whose steps are looked at one by one.
WATCHED_EPOCHS = 3
#: Components of the gradient smaller than this share of the largest are compared on that scale.
FLOOR = 1e-3
#: From which relative error on a gradient counts as wrong.
WRONG_FROM = 1e-4


@dataclass(frozen=True)
class GradientCheck:
    """The gradient of all training points by backpropagation and by finite differences, at some moments of a run.

    Attributes
    ----------
    backward, differences : ndarray, (n_moments, n_parameters)
        In the order of ``network.parameters``; differences are NaN where a unit is at its kink.
    """

    backward: Array
    differences: Array

    @property
    def errors(self) -> Array:
        """The relative errors, ``|g − n| / max(|g|, |n|, 0.001·max|n|)``: much as ``nn.check_gradient`` has them."""
        g, n = np.abs(self.backward), np.abs(self.differences)
        floor = FLOOR * np.nanmax(n, axis=1, keepdims=True, initial=0.0, where=np.isfinite(n))
        scale = np.maximum(np.maximum(g, n), np.maximum(floor, np.finfo(float).tiny))
        return np.abs(self.backward - self.differences) / scale

    @property
    def worst(self) -> float:
        """The largest of them in the whole run."""
        return float(np.nanmax(self.errors))


@dataclass(frozen=True)
class Run:
    """A run, measured at some moments.

    Attributes
    ----------
    epochs : ndarray, (n_moments,)
    losses, scores : ndarray, (n_moments, 2)
        Of the training and of the test points; a score is the share that is classified rightly.
    parameters : ndarray, (n_moments, n_parameters)
    """

    epochs: Array
    losses: Array
    scores: Array
    parameters: Array


@dataclass(frozen=True)
class BatchEvidence:
    """What the first epochs' batches are made of, and what each does to the loss.

    Attributes
    ----------
    shares : ndarray, (n_epochs, n_batches)
        The share of class 1 in each batch.
    losses : ndarray, (n_epochs · n_batches + 1,)
        Of all training points, before the first step and after each.
    """

    shares: Array
    losses: Array


class Case:
    """A case: what is planted depends on its number alone. The first one is article 000's.

    Parameters
    ----------
    number : int
        From 0 to :data:`MOST_CASES`.
    fault : str, optional
        Plant this one of :data:`FAULTS` in place of the one that the number chooses.
    plan : str, optional
        Likewise, the key of one of the fault's plans.

    Attributes
    ----------
    fault : Fault
    plan : Plan
    train, test : Dataset
    """

    def __init__(self, number: int, fault: str | None = None, plan: str | None = None) -> None:
        self.number = integer("number", number, 0, MOST_CASES)
        rng = random_stream(self.number, "sample")
        chosen = list(FAULTS)[int(rng.integers(len(FAULTS)))]
        if fault is not None:
            chosen = choice("fault", fault, FAULTS)
        elif self.number == ARTICLE_000:
            chosen, plan = "derivative", plan or FULL_BATCH.key
        self.fault: Fault = FAULTS[chosen]
        plans = {each.key: each for each in self.fault.plans}
        drawn = list(plans)[int(rng.integers(len(plans)))]
        self.plan: Plan = plans[drawn if plan is None else choice("plan", plan, plans, chosen=chosen)]
        data = datasets.make("moons", n_samples=N_SAMPLES, noise=NOISE, seed=self.number)
        self.train, self.test = data.split(test_fraction=TEST_FRACTION, seed=self.number)
        if self.plan.sorted_by_class:
            self.train = _sorted(self.train)

    def session(self, fault: Fault | None = None) -> TrainingSession:
        """Return its training, not yet begun; with `fault`, the same with that one planted."""
        fault = fault or self.fault
        network = fault.network(LAYER_SIZES, fault.activation, "sigmoid", seed=self.number)
        return TrainingSession(
            network,
            self.train,
            self.test,
            optimizer=self.plan.optimizer,
            batch_size=self.plan.batch_size,
            shuffle=fault.shuffle,
            evaluate_every=0,
            seed=self.number,
        )

    def healthy(self) -> TrainingSession:
        """Return the same training without a fault, not yet begun."""
        return self.session(FAULTS[HEALTHY])

    def run(self, session: TrainingSession | None = None) -> Run:
        """Return the run of this case, or of another session of it, from beginning to end."""
        session = session or self.session()
        epochs, measures, parameters = moments(self.plan.n_epochs), [], []
        for epoch in epochs.tolist():
            session.advance((epoch - session.epoch) * session.steps_per_epoch)
            measures.append(session.measure())
            parameters.append(session.network.parameters.copy())
            take_break()
        measured = np.array(measures)
        return Run(epochs, measured[:, :2], measured[:, 2:], np.array(parameters))

    def check(self, run: Run) -> GradientCheck:
        """Return the gradient check at every moment of its run."""
        network = self.session().network
        backward, differences = [], []
        for parameters in run.parameters:
            network.parameters = parameters
            backward.append(network.loss_and_gradient(self.train.X, self.train.y)[1])
            differences.append(numerical_gradient(network, self.train.X, self.train.y))
            take_break()
        return GradientCheck(np.array(backward), np.array(differences))

    def batches(self, n_epochs: int = WATCHED_EPOCHS) -> BatchEvidence:
        """Return what the batches of the first epochs are made of, and the loss from step to step."""
        session, shares = self.session(), []
        losses = [session.measure()[0]]
        for _ in range(n_epochs * session.steps_per_epoch):
            rows, _ = session.next_batch()
            shares.append(float(np.mean(self.train.y[rows])))
            session.advance(1)
            losses.append(session.measure()[0])
        take_break()
        return BatchEvidence(np.array(shares).reshape(n_epochs, -1), np.array(losses))


def moments(n_epochs: int) -> Array:
    """Return the epochs at which a run is measured: close together at first, farther apart later."""
    spaced = np.concatenate([[0.0], np.geomspace(1, n_epochs, N_MOMENTS - 1)])
    return np.unique(np.round(spaced).astype(int))


def _sorted(data: Dataset) -> Dataset:
    return data.take(np.argsort(data.y, kind="stable"))
