"""ExperimentConfig: everything that defines a run, in one frozen and validated value.

The same value goes to a URL, a file, a test and the training session unchanged.
"""

from __future__ import annotations

import dataclasses
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from nnplay.attributes import guarded
from nnplay.datasets import Dataset
from nnplay.datasets.features import applicable
from nnplay.engine import Network, Optimizer, losses
from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.engine.outputs import OUTPUTS
from nnplay.engine.regularizers import REGULARIZERS, Regularizer
from nnplay.experiment.config.data_source import DataSource, source_of
from nnplay.experiment.config.fields import CARRIED_OVER_FIELDS, LIVE_FIELDS, SETTINGS, Fields, differing
from nnplay.experiment.config.input_plane import InputPlane
from nnplay.experiment.config.url import read_query, to_text
from nnplay.experiment.training.session import ARGUMENTS, TrainingSession
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.registry import parse_call
from nnplay.validation import choice, shown


@guarded()
@dataclass(frozen=True)
class ExperimentConfig(Fields):
    """The definition of a run: data, network, loss and training.

    Names may carry parameters, as in ``"spiral(arms=3)"``, ``"elu(alpha=2)"``, ``"normal(std=0.5)"``,
    ``"cosine(epochs=200)"``.

    {parameters}

    Raises
    ------
    TypeError, ValueError
        If a value is not as described, or values don't go together.
    """

    def __post_init__(self) -> None:
        for name, row in SETTINGS.items():
            object.__setattr__(self, name, row.check(name, getattr(self, name), self))
        self._check_together()

    def _check_together(self) -> None:
        """Raise ValueError if the settings don't go together."""
        data = self.data
        data.check(self.features)
        losses.get(self.loss, self.resolved_output)
        self.make_optimizer().bind(np.empty(0, self.dtype))  # whose epsilon that precision must hold
        if self.task == "regression" and self.resolved_output == "softmax":
            raise Refusal("output", "must be 'identity' or 'sigmoid' for a regression data set", "'softmax'")
        if self.task == "regression" and self.resolved_loss == "binary_cross_entropy":
            raise Refusal(
                "loss",
                "must be a squared loss for a regression data set",
                "'binary_cross_entropy', which takes targets from 0 to 1",
            )
        data.check_training(self.batch_size)

    # -- what is said of the data ----------------------------------------------------------------------------------

    @property
    def data(self) -> DataSource:
        """Where the data come from; the properties below are what is asked of it most."""
        return source_of(self)

    @property
    def task(self) -> str:
        """What is to be predicted: "classification" or "regression"."""
        return self.data.facts.task

    @property
    def n_classes(self) -> int:
        """Number of classes of the data; 0 for regression."""
        return self.data.facts.n_classes

    @property
    def n_train(self) -> int:
        """Number of training samples."""
        return self.data.facts.n_train

    @property
    def n_test(self) -> int:
        """Number of test samples."""
        return self.data.facts.n_test

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
        n = self.data.n_coordinates
        n_inputs = n if n > 2 or not self.data.has_plane else len(applicable(self.features, n))
        return (n_inputs, *self.hidden_sizes, 1 if one else self.n_classes)

    @property
    def n_parameters(self) -> int:
        """How many weights and biases the network has."""
        return sum((n_in + self.bias) * n_out for n_in, n_out in pairwise(self.layer_sizes))

    @property
    def steps_per_epoch(self) -> int:
        """Mini-batches in an epoch."""
        return -(-self.n_train // min(self.batch_size or self.n_train, self.n_train))

    # -- building --------------------------------------------------------------------------------------------------

    def build(self, evaluate_every: int = 1) -> TrainingSession:
        """Return the training session that this defines, untrained."""
        return self.build_on(self.data.plane(self.features), *self.data.split(), evaluate_every=evaluate_every)

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
        # Settings that a session takes as they are, and those that are made into something first.
        settings = {name: getattr(self, name) for name in SETTINGS if name in ARGUMENTS} | {
            "loss": self.resolved_loss,
            "optimizer": self.make_optimizer(),
            "regularizer": self._make_regularizer(),
            "batch_size": None if self.batch_size is None else min(self.batch_size, train.n_samples),
        }
        inputs, test_inputs = plane.as_inputs(train), None if test is None else plane.as_inputs(test)
        return TrainingSession(
            network, inputs, test_inputs, evaluate_every=evaluate_every, measured=measured, **settings
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
        for name in LIVE_FIELDS:
            as_it_is = name in ARGUMENTS and name not in ("optimizer", "regularizer")
            if as_it_is and getattr(session, name) != getattr(self, name):
                setattr(session, name, getattr(self, name))

    def same_run(self, other: ExperimentConfig) -> bool:
        """Return whether `other` differs in live fields at most."""
        return set(differing(self, other)) <= set(LIVE_FIELDS)

    def can_carry_over(self, other: ExperimentConfig) -> bool:
        """Return whether what was learned by this configuration can go on being trained by `other`."""
        return (
            set(differing(self, other)) <= {*LIVE_FIELDS, *CARRIED_OVER_FIELDS}
            and (self.data.n_coordinates, self.layer_sizes) == (other.data.n_coordinates, other.layer_sizes)
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
        return {name: list(value) if isinstance(value := getattr(self, name), tuple) else value for name in SETTINGS}

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> ExperimentConfig:
        """Return the configuration that :meth:`to_dict` gave; fields left out get their defaults."""
        if not isinstance(saved, Mapping):
            raise TypeRefusal("saved", "must be a dict of fields", shown(saved))
        for name in saved:
            choice("field", name, SETTINGS)
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in saved.items()
        }
        return cls(**values)

    def to_query(self) -> dict[str, str]:
        """Return the fields that differ from the defaults as strings, for a URL."""
        return {name: to_text(SETTINGS[name], getattr(self, name)) for name in differing(self, _DEFAULTS)}

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


_DEFAULTS = Fields()


def _parameters() -> str:
    """Return what the rows say of each setting, as a part of a docstring."""
    lines = ["Parameters", "----------"]
    for name, row in SETTINGS.items():
        kind, _, what = row.doc.partition(": ")
        lines += [f"{name} : {kind}", *textwrap.wrap(what, 100, initial_indent="    ", subsequent_indent="    ")]
    return textwrap.indent("\n".join(lines), "    ").lstrip()


ExperimentConfig.__doc__ = (ExperimentConfig.__doc__ or "").replace("{parameters}", _parameters())
