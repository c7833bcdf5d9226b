"""nnplay: a neural-network engine in NumPy, and an app to watch it learn.

>>> import nnplay as nn
>>> data = nn.datasets.make("moons", n_samples=500, noise=0.1, seed=0)
>>> train, test = data.split(test_fraction=0.25, seed=73)
>>> network = nn.Network([2, 8, 8, 1], activation="tanh")
>>> session = nn.TrainingSession(network, train, test, optimizer=nn.SGD(learning_rate=0.1, momentum=0.9), batch_size=32)
>>> session.run(epochs=200).score(test) > 0.95
True
"""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

from nnplay import datasets, export
from nnplay.engine import (
    L1,
    L2,
    SGD,
    Adagrad,
    Adam,
    Network,
    RMSProp,
    activations,
    check_gradient,
    initializers,
    losses,
    numerical_gradient,
    optimizers,
    outputs,
    regularizers,
    schedules,
)
from nnplay.experiment.compare.race import Race
from nnplay.experiment.compare.seed_fan import SeedFan
from nnplay.experiment.compare.sweeps.sweep import Sweep, sweep
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.explain.doctor.diagnosis import diagnose
from nnplay.experiment.explain.folds import fold_lines
from nnplay.experiment.explain.landscape import loss_landscape
from nnplay.experiment.explain.step import explain_next_step, explain_step
from nnplay.experiment.saved_runs.loading import load
from nnplay.experiment.training.divergence import DivergenceWarning
from nnplay.experiment.training.session import TrainingSession
from nnplay.refusal import Refusal

if _TYPE_CHECKING:
    from nnplay.estimators import Classifier, Regressor
    from nnplay.plots import plot_boundary, plot_history, plot_network

__version__ = "0.1.0"

__all__ = [
    "L1",
    "L2",
    "SGD",
    "Adagrad",
    "Adam",
    "Classifier",
    "DivergenceWarning",
    "ExperimentConfig",
    "Network",
    "RMSProp",
    "Race",
    "Refusal",
    "Regressor",
    "SeedFan",
    "Sweep",
    "TrainingSession",
    "activations",
    "check_gradient",
    "datasets",
    "diagnose",
    "explain_next_step",
    "explain_step",
    "export",
    "fold_lines",
    "initializers",
    "load",
    "loss_landscape",
    "losses",
    "numerical_gradient",
    "optimizers",
    "outputs",
    "plot_boundary",
    "plot_history",
    "plot_network",
    "regularizers",
    "schedules",
    "sweep",
]

#: What needs a library that takes long to load, and the module that has it: loaded when it is first asked for.
_LATER = {
    **dict.fromkeys(("Classifier", "Regressor"), "nnplay.estimators"),
    **dict.fromkeys(("plot_boundary", "plot_history", "plot_network"), "nnplay.plots"),
}


def __getattr__(name: str) -> _Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(_import_module(_LATER[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})
