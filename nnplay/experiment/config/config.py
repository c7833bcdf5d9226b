"""ExperimentConfig: everything that defines a run, in one frozen and validated value.

The same value goes to a URL, a file, a test and the training session unchanged.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nnplay.attributes import guarded
from nnplay.datasets import Dataset
from nnplay.datasets.features import applicable
from nnplay.engine import Network, Optimizer
from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.engine.outputs import OUTPUTS
from nnplay.engine.regularizers import REGULARIZERS, Regularizer
from nnplay.experiment.config.checks import check_together, checked_fields
from nnplay.experiment.config.data_of_config import DataOfConfig
from nnplay.experiment.config.input_plane import InputPlane, plane_of
from nnplay.experiment.config.url import read_query, to_text
from nnplay.experiment.training.session import TrainingSession
from nnplay.experiment.training.stop_conditions import STOP_FIELDS
from nnplay.refusal import TypeRefusal
from nnplay.registry import parse_call
from nnplay.validation import choice, shown

#: Fields that may change while a run goes on; any other begins a new run.
LIVE_FIELDS = (
    "optimizer",
    "learning_rate",
    "momentum",
    "nesterov",
    "schedule",
    "regularizer",
    "regularization_rate",
    "dropout",
    *STOP_FIELDS,
)
#: Fields besides those that leave the network's architecture alone: what was learned can go on with other values.
CARRIED_OVER_FIELDS = (
    "dataset",
    "points",
    "n_samples",
    "noise",
    "n_rows",
    "test_fraction",
    "loss",
    "batch_size",
    "shuffle",
    "seed",
)


@guarded()
@dataclass(frozen=True)
class ExperimentConfig(DataOfConfig):
    """The definition of a run: data, network, loss and training.

    Names may carry parameters, as in ``"spiral(arms=3)"``, ``"elu(alpha=2)"``, ``"normal(std=0.5)"``,
    ``"cosine(epochs=200)"``.

    Parameters
    ----------
    dataset : str
        A registered data set, one of ``nnplay.datasets.stored``, or the one in `points`: "own" where it is shown on a
        plane, "table" where it is a table.
    points : str
        Data of one's own, as :func:`nnplay.datasets.own_data.encode` writes them; of no effect with any other data set.
    n_samples, noise : int, float
        Of generated data; of no effect with any other.
    n_rows : int
        How many of the training rows of a stored data set are used, the first ones; 0 for all. Of no effect elsewhere.
    test_fraction : float, from 0 to 0.9
        Share of the samples held for testing; 0 for none. Of no effect where there is an official test set.
    standardise : bool
        Whether the columns of a table, and a regression's target, are brought to mean 0 and standard deviation 1, as
        the training rows have them. Of no effect elsewhere.
    log_target : bool
        Whether a table's regression learns the logarithm of its target; see :mod:`nnplay.experiment.config.scaling`.
    columns : tuple of int
        Which columns of a table are used, counted from 1; empty for all. Of no effect elsewhere.
    features : tuple of str
        What the network is fed with: formulas over x1 and x2, such as ``"x1**2"``. Those that need a coordinate which
        the data don't have are left out. Of no effect with data of more coordinates.
    hidden_sizes : tuple of int
        Units of each hidden layer; empty for a linear model.
    activation : str or tuple of str
        One for all hidden layers, or one for each.
    output : str, optional
        Output activation; None chooses by the data: sigmoid for two classes, softmax for more, identity for regression.
    loss : str, optional
        None chooses the one that goes with the output.
    initializer : str
    bias : bool
    dtype : {"float64", "float32"}
    optimizer : str
    learning_rate : float
    momentum, nesterov : float, bool
        For optimizer "sgd"; others take no notice of them.
    schedule : str
    regularizer : {"none", "l1", "l2"}
    regularization_rate : float
    dropout : float, in [0, 1)
    batch_size : int, optional
        None for the full batch; so is one larger than one's own data.
    shuffle : bool
    seed : int
        For the data, its split, the first weights, shuffling and dropout, each from a stream of its own.
    max_epochs : int
        On the stage, the run stops after so many epochs; 0 for never.
    target_loss : float
        On the stage, the run stops after the first epoch with a training loss as low as that; 0 for never.
    patience : int
        On the stage, the run stops when for so many epochs the test loss was never lower than before (the training loss
        where there are no test samples); 0 for never.

    Raises
    ------
    TypeError, ValueError
        If a value is not as described, or values don't go together.
    """

    dataset: str = "spiral"
    points: str = field(default="", repr=False)
    n_samples: int = 400
    noise: float = 0.03
    n_rows: int = 0
    test_fraction: float = 0.25
    standardise: bool = False
    log_target: bool = False
    columns: tuple[int, ...] = ()
    features: tuple[str, ...] = ("x1", "x2")
    hidden_sizes: tuple[int, ...] = (8, 8)
    activation: str | tuple[str, ...] = "tanh"
    output: str | None = None
    loss: str | None = None
    initializer: str = "xavier_uniform"
    bias: bool = True
    dtype: str = "float64"
    optimizer: str = "sgd"
    learning_rate: float = 0.03
    momentum: float = 0.9
    nesterov: bool = False
    schedule: str = "constant"
    regularizer: str = "none"
    regularization_rate: float = 0.001
    dropout: float = 0.0
    batch_size: int | None = 10
    shuffle: bool = True
    seed: int = 0
    max_epochs: int = 0
    target_loss: float = 0.0
    patience: int = 0

    def __post_init__(self) -> None:
        for name, value in checked_fields(self).items():
            object.__setattr__(self, name, value)
        check_together(self)

    # -- what follows from the fields ------------------------------------------------------------------------------

    @property
    def resolved_output(self) -> str:
        """The output activation, chosen by the data where the field is None."""
        if self.output is not None:
            return self.output
        if self.task == "regression":
            return "identity"
        return "sigmoid" if self.n_classes == 2 else "softmax"

    @property
    def resolved_loss(self) -> str:
        """The loss, chosen by the output where the field is None."""
        return self.loss or OUTPUTS[self.resolved_output].default_loss

    @property
    def layer_sizes(self) -> tuple[int, ...]:
        """Inputs, hidden units, outputs."""
        one = self.task == "regression" or (self.n_classes == 2 and self.resolved_output != "softmax")
        n = self.n_coordinates
        n_inputs = n if n > 2 or not self.has_plane else len(applicable(self.features, n))
        return (n_inputs, *self.hidden_sizes, 1 if one else self.n_classes)

    # -- building --------------------------------------------------------------------------------------------------

    def build(self, evaluate_every: int = 1) -> TrainingSession:
        """Return the training session that this defines, untrained."""
        data = self.make_data()
        return self.build_on(plane_of(self, data), *self.split(data), evaluate_every=evaluate_every)

    def build_on(
        self,
        plane: InputPlane,
        train: Dataset,
        test: Dataset | None,
        evaluate_every: int = 1,
        measured: tuple[Dataset, Dataset | None] | None = None,
    ) -> TrainingSession:
        """Return the training session on a training and a test set as they lie on `plane`, untrained.

        Losses and scores are measured on the two sets `measured`, by default on those.
        """
        network = Network(
            self.layer_sizes,
            activation=self.activation,
            output=self.resolved_output,
            initializer=self.initializer,
            dtype=self.dtype,
            seed=self.seed,
            bias=self.bias,
        )
        return TrainingSession(
            network,
            plane.as_inputs(train),
            None if test is None else plane.as_inputs(test),
            loss=self.resolved_loss,
            optimizer=self.make_optimizer(),
            batch_size=None if self.batch_size is None else min(self.batch_size, train.n_samples),
            shuffle=self.shuffle,
            regularizer=self._make_regularizer(),
            dropout=self.dropout,
            schedule=self.schedule,
            evaluate_every=evaluate_every,
            seed=self.seed,
            measured=measured,
            **{name: getattr(self, name) for name in STOP_FIELDS},
        )

    def apply_live(self, session: TrainingSession) -> None:
        """Give `session` this configuration's live settings, without touching what it has learned.

        The optimizer's state is kept where the optimizer is of the same kind.
        """
        optimizer = self.make_optimizer()
        if optimizer.name == session.optimizer.name:
            for name, value in optimizer.hyperparameters.items():
                setattr(session.optimizer, name, value)
        else:
            session.optimizer = optimizer
        session.regularizer = self._make_regularizer()
        session.schedule = self.schedule
        for name in STOP_FIELDS:
            if getattr(session, name) != getattr(self, name):
                setattr(session, name, getattr(self, name))
        if session.dropout != self.dropout:
            session.dropout = self.dropout

    def same_run(self, other: ExperimentConfig) -> bool:
        """Return whether `other` differs in live fields at most."""
        return all(
            getattr(self, field.name) == getattr(other, field.name)
            for field in dataclasses.fields(self)
            if field.name not in LIVE_FIELDS
        )

    def can_carry_over(self, other: ExperimentConfig) -> bool:
        """Return whether what was learned by this configuration can go on being trained by `other`."""
        return (
            all(
                getattr(self, field.name) == getattr(other, field.name)
                for field in dataclasses.fields(self)
                if field.name not in LIVE_FIELDS + CARRIED_OVER_FIELDS
            )
            and (self.n_coordinates, self.layer_sizes) == (other.n_coordinates, other.layer_sizes)
            and (self.task, self.n_classes, self.resolved_output)
            == (other.task, other.n_classes, other.resolved_output)
        )

    def make_optimizer(self) -> Optimizer:
        """Return the optimizer that the fields describe, without a state."""
        name, parameters = parse_call("optimizer", self.optimizer)
        kind = OPTIMIZERS[name]
        own = {field.name: getattr(self, field.name) for field in dataclasses.fields(kind) if hasattr(self, field.name)}
        return kind(**own, **parameters)

    def _make_regularizer(self) -> Regularizer | None:
        return None if self.regularizer == "none" else REGULARIZERS[self.regularizer](self.regularization_rate)

    # -- dict, JSON, query string ----------------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Return all fields as values that JSON can hold."""
        return {
            field.name: list(value) if isinstance(value := getattr(self, field.name), tuple) else value
            for field in dataclasses.fields(self)
        }

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> ExperimentConfig:
        """Return the configuration that :meth:`to_dict` gave; fields left out get their defaults."""
        if not isinstance(saved, Mapping):
            raise TypeRefusal("saved", "must be a dict of fields", shown(saved))
        for name in saved:
            choice("field", name, _FIELDS)
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in saved.items()
        }
        return cls(**values)

    def to_query(self) -> dict[str, str]:
        """Return the fields that differ from the defaults as strings, for a URL."""
        return {
            name: to_text(name, getattr(self, name)) for name in _FIELDS if getattr(self, name) != _FIELDS[name].default
        }

    @classmethod
    def from_query(
        cls, query: Mapping[str, str], base: ExperimentConfig | None = None
    ) -> tuple[ExperimentConfig, list[str]]:
        """Return the configuration that a URL describes, and a sentence for each part of it that was dropped.

        What the URL doesn't say is as in `base`, by default a configuration of defaults. Parameters that are no fields
        are left alone: they may be somebody else's.
        """
        config, refusals = read_query(base or cls(), query)
        return config, list(map(str, refusals.values()))


_FIELDS = {field.name: field for field in dataclasses.fields(ExperimentConfig)}
