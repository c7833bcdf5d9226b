"""ExperimentConfig: everything that defines a run, in one frozen and validated value.

The same value goes to a URL, a file, a test and the training session unchanged.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nnplay import datasets
from nnplay.datasets import DATASETS, Dataset
from nnplay.engine import Network, Optimizer, activations, initializers, losses, schedules
from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.engine.outputs import OUTPUTS
from nnplay.engine.regularizers import REGULARIZERS, Regularizer
from nnplay.experiment.session import TrainingSession
from nnplay.registry import parse_call
from nnplay.validation import boolean, choice, integer, number, shown

MAX_HIDDEN_LAYERS = 8
MAX_UNITS = 512
MAX_SAMPLES = 10_000

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
)

#: How a query string or a form spells a None.
NONE_WORDS = {"output": "auto", "loss": "auto", "batch_size": "full"}


@dataclass(frozen=True)
class ExperimentConfig:
    """The definition of a run: data, network, loss and training.

    Names may carry parameters, as in ``"spiral(arms=3)"``, ``"elu(alpha=2)"``, ``"normal(std=0.5)"``,
    ``"cosine(epochs=200)"``.

    Parameters
    ----------
    dataset : str
        A registered data set.
    n_samples : int
    noise : float
    test_fraction : float, in [0, 1)
        Share of the samples held for testing; 0 for none.
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
        None for the full batch.
    shuffle : bool
    seed : int
        For the data, its split, the first weights, shuffling and dropout, each from a stream of its own.

    Raises
    ------
    TypeError, ValueError
        If a value is not as described, or values don't go together.
    """

    dataset: str = "spiral"
    n_samples: int = 400
    noise: float = 0.03
    test_fraction: float = 0.25
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

    def __post_init__(self) -> None:
        checked = {
            "hidden_sizes": _hidden_sizes(self.hidden_sizes),
            "n_samples": integer("n_samples", self.n_samples, 10, MAX_SAMPLES),
            "noise": number("noise", self.noise, 0, 1),
            "test_fraction": number("test_fraction", self.test_fraction, 0, 0.9),
            "learning_rate": number("learning_rate", self.learning_rate, 0, 1e4),
            "momentum": number("momentum", self.momentum, 0, below=1),
            "regularization_rate": number("regularization_rate", self.regularization_rate, 0, 1e3),
            "dropout": number("dropout", self.dropout, 0, below=1),
            "seed": integer("seed", self.seed, 0, 2**32 - 1),
            "batch_size": None if self.batch_size is None else integer("batch_size", self.batch_size, 1),
            "bias": boolean("bias", self.bias),
            "nesterov": boolean("nesterov", self.nesterov),
            "shuffle": boolean("shuffle", self.shuffle),
            "regularizer": choice("regularizer", self.regularizer, ("none", *REGULARIZERS)),
            "dtype": choice("dtype", self.dtype, ("float64", "float32")),
            "initializer": str(initializers.get(self.initializer)),
            "schedule": str(schedules.get(self.schedule)),
            "activation": self._checked_activation(),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        self._check_together()

    def _checked_activation(self) -> str | tuple[str, ...]:
        if isinstance(self.activation, (list, tuple)):
            names = tuple(str(activations.get(name)) for name in self.activation)
            if len(names) != len(self.hidden_sizes):
                raise ValueError(
                    f"activation must be one name or one for each of the {len(self.hidden_sizes)} hidden layers; "
                    f"got {len(names)}."
                )
            return names[0] if len(set(names)) == 1 else names
        return str(activations.get(self.activation))

    def _check_together(self) -> None:
        """Check what depends on more than one field."""
        spec, _ = self._dataset_spec()
        self._make_optimizer()
        if self.output is not None:
            choice("output", self.output, OUTPUTS)
        losses.get(self.loss, self.resolved_output)
        if spec.task == "regression" and self.resolved_output == "softmax":
            raise ValueError("output must be 'identity' or 'sigmoid' for a regression data set; got 'softmax'.")
        if (
            self.resolved_output == "sigmoid"
            and spec.task == "regression"
            and self.resolved_loss == "binary_cross_entropy"
        ):
            raise ValueError(
                "loss must be a squared one for a regression data set; "
                "got 'binary_cross_entropy', which takes targets from 0 to 1."
            )
        if self.batch_size is not None and self.batch_size > self.n_train:
            raise ValueError(
                f"batch_size must be at most the number of training samples, {self.n_train}; got {self.batch_size}."
            )
        # The split is stratified: a class is sure of floor(count · n_train / n_samples) training samples.
        if self.n_classes and self.n_samples // self.n_classes * self.n_train < self.n_samples:
            raise ValueError(
                f"test_fraction must leave each of the {self.n_classes} classes a training sample; "
                f"got {self.test_fraction:g} of {self.n_samples} samples."
            )

    # -- what follows from the fields ------------------------------------------------------------------------------

    @property
    def task(self) -> str:
        """ "classification" or "regression"."""
        return self._dataset_spec()[0].task

    @property
    def n_classes(self) -> int:
        """Number of classes of the data; 0 for regression."""
        spec, options = self._dataset_spec()
        return spec.n_classes(options)

    @property
    def n_train(self) -> int:
        """Number of training samples."""
        return self.n_samples - self.n_test

    @property
    def n_test(self) -> int:
        """Number of test samples."""
        return datasets.n_test_samples(self.n_samples, self.test_fraction) if self.test_fraction else 0

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
        return (2, *self.hidden_sizes, 1 if one else self.n_classes)

    # -- building --------------------------------------------------------------------------------------------------

    def make_data(self) -> Dataset:
        """Return the whole data set."""
        spec, options = self._dataset_spec()
        return datasets.make(spec.name, n_samples=self.n_samples, noise=self.noise, seed=self.seed, **options)

    def split(self, data: Dataset) -> tuple[Dataset, Dataset | None]:
        """Return the training set, and the test set or None."""
        if not self.test_fraction:
            return data, None
        return data.split(test_fraction=self.test_fraction, seed=self.seed)

    def build(self, evaluate_every: int = 1) -> TrainingSession:
        """Return the training session that this defines, untrained."""
        train, test = self.split(self.make_data())
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
            train,
            test,
            loss=self.resolved_loss,
            optimizer=self._make_optimizer(),
            batch_size=self.batch_size,
            shuffle=self.shuffle,
            regularizer=self._make_regularizer(),
            dropout=self.dropout,
            schedule=self.schedule,
            evaluate_every=evaluate_every,
            seed=self.seed,
        )

    def apply_live(self, session: TrainingSession) -> None:
        """Give `session` this configuration's live settings, without touching what it has learned.

        The optimizer's state is kept where the optimizer is of the same kind.
        """
        optimizer = self._make_optimizer()
        if optimizer.name == session.optimizer.name:
            for name, value in optimizer.hyperparameters.items():
                setattr(session.optimizer, name, value)
        else:
            session.optimizer = optimizer
        session.regularizer = self._make_regularizer()
        session.schedule = schedules.get(self.schedule)
        if session.dropout != self.dropout:
            session.dropout = self.dropout

    def same_run(self, other: ExperimentConfig) -> bool:
        """Return whether `other` differs in live fields at most."""
        return all(
            getattr(self, field.name) == getattr(other, field.name)
            for field in dataclasses.fields(self)
            if field.name not in LIVE_FIELDS
        )

    def _dataset_spec(self) -> tuple[Any, dict[str, Any]]:
        if not isinstance(self.dataset, str):
            choice("dataset", self.dataset, DATASETS)
        name, options = parse_call("dataset", self.dataset)
        spec = DATASETS[name]
        for option in options:
            if option in _FIELDS:
                raise ValueError(f"dataset must not set {option!r}, a field of its own; got {shown(self.dataset)}.")
        spec.complete(options)
        return spec, options

    def _make_optimizer(self) -> Optimizer:
        if not isinstance(self.optimizer, str):
            choice("optimizer", self.optimizer, OPTIMIZERS)
        name, parameters = parse_call("optimizer", self.optimizer)
        kind = OPTIMIZERS[name]
        known = [field.name for field in dataclasses.fields(kind) if field.init]
        for parameter in parameters:
            if parameter not in known or hasattr(self, parameter):
                accepted = ", ".join(n for n in known if not hasattr(self, n)) or "no parameters"
                raise ValueError(f"optimizer {name!r} takes {accepted}; got {shown(parameter)}.")
        own = {n: getattr(self, n) for n in known if hasattr(self, n)}
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
            raise TypeError(f"saved must be a dict of fields; got {shown(saved)}.")
        for name in saved:
            choice("field", name, _FIELDS)
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in saved.items()
        }
        return cls(**values)

    def to_query(self) -> dict[str, str]:
        """Return the fields that differ from the defaults as strings, for a URL."""
        return {
            name: _to_text(name, getattr(self, name))
            for name in _FIELDS
            if getattr(self, name) != _FIELDS[name].default
        }

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[ExperimentConfig, list[str]]:
        """Return the configuration that a URL describes, and a sentence for each part of it that was dropped.

        Parameters that are no fields are left alone: they may be somebody else's.
        """
        config = cls()
        pending = {name: query[name] for name in _FIELDS if name in query}
        refusals: dict[str, str] = {}
        # A value may need another one to be valid (a batch size its number of samples), so go on while any is accepted.
        progress = True
        while pending and progress:
            progress = False
            for name, text in list(pending.items()):
                try:
                    config = dataclasses.replace(config, **{name: _from_text(name, text)})
                except (TypeError, ValueError) as error:
                    refusals[name] = str(error)
                else:
                    del pending[name]
                    progress = True
        return config, [refusals[name] for name in pending]


_FIELDS = {field.name: field for field in dataclasses.fields(ExperimentConfig)}


def _hidden_sizes(value: Any) -> tuple[int, ...]:
    if not isinstance(value, (list, tuple)):
        raise TypeError(f"hidden_sizes must be a tuple of integers, one for each hidden layer; got {shown(value)}.")
    if len(value) > MAX_HIDDEN_LAYERS:
        raise ValueError(f"hidden_sizes must have at most {MAX_HIDDEN_LAYERS} layers; got {len(value)}.")
    return tuple(integer(f"hidden_sizes[{i}]", size, 1, MAX_UNITS) for i, size in enumerate(value))


def _to_text(name: str, value: Any) -> str:
    if value is None:
        return NONE_WORDS[name]
    if isinstance(value, tuple):
        return (";" if name == "activation" else ",").join(map(str, value)) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _from_text(name: str, text: str) -> Any:
    """Read what :func:`_to_text` wrote; what isn't of the field's kind comes back as text, to be refused."""
    if NONE_WORDS.get(name) == text:
        return None
    if name in ("hidden_sizes", "activation") and text == "none":
        return ()
    if name == "hidden_sizes":
        return tuple(_number_or_text(part) for part in text.split(","))
    if name == "activation" and ";" in text:
        return tuple(text.split(";"))
    default = _FIELDS[name].default
    if isinstance(default, bool):
        return {"true": True, "false": False}.get(text, text)
    return _number_or_text(text) if isinstance(default, (int, float)) else text


def _number_or_text(text: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
