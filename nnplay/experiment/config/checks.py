"""What an ExperimentConfig must be: each field by itself, then the fields together."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from nnplay.datasets import DATASETS, own_data
from nnplay.datasets.features import checked_features
from nnplay.datasets.stored import STORED
from nnplay.engine import activations, initializers, losses, schedules
from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.engine.outputs import OUTPUTS
from nnplay.engine.regularizers import REGULARIZERS
from nnplay.experiment.config.input_plane import check_inputs
from nnplay.experiment.config.scaling import check_positive
from nnplay.experiment.training.stop_conditions import StopConditions
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.registry import parse_call
from nnplay.validation import boolean, choice, integer, number, shown

if TYPE_CHECKING:
    from nnplay.experiment.config.config import ExperimentConfig

MAX_HIDDEN_LAYERS = 8
MAX_UNITS = 512
MAX_SAMPLES = 10_000
LEAST_ROWS, MAX_ROWS = 10, 1_000_000


def checked_fields(config: ExperimentConfig) -> dict[str, Any]:
    """Return every field's value in its one form: plain numbers, and names with the parameters that aren't defaults.

    Raises
    ------
    TypeError, ValueError
        If a value is not as :class:`ExperimentConfig` describes it.
    """
    hidden_sizes = _hidden_sizes(config.hidden_sizes)
    return {
        "dataset": _dataset(config),
        "features": checked_features(config.features),
        "points": _points(config),
        "hidden_sizes": hidden_sizes,
        "n_samples": integer("n_samples", config.n_samples, 10, MAX_SAMPLES),
        "noise": number("noise", config.noise, 0, 1),
        "n_rows": _n_rows(config.n_rows),
        "standardise": boolean("standardise", config.standardise),
        "log_target": boolean("log_target", config.log_target),
        "columns": _columns(config.columns),
        "test_fraction": number("test_fraction", config.test_fraction, 0, 0.9),
        "learning_rate": number("learning_rate", config.learning_rate, 0, 1e4),
        "momentum": number("momentum", config.momentum, 0, below=1),
        "regularization_rate": number("regularization_rate", config.regularization_rate, 0, 1e3),
        "dropout": number("dropout", config.dropout, 0, below=1),
        **vars(StopConditions(config.max_epochs, config.target_loss, config.patience)),
        "seed": integer("seed", config.seed, 0, 2**32 - 1),
        "batch_size": None if config.batch_size is None else integer("batch_size", config.batch_size, 1),
        "bias": boolean("bias", config.bias),
        "nesterov": boolean("nesterov", config.nesterov),
        "shuffle": boolean("shuffle", config.shuffle),
        "regularizer": choice("regularizer", config.regularizer, ("none", *REGULARIZERS)),
        "dtype": choice("dtype", config.dtype, ("float64", "float32")),
        "optimizer": _optimizer(config),
        "initializer": str(initializers.get(config.initializer)),
        "schedule": str(schedules.get(config.schedule)),
        "activation": _activation(config.activation, len(hidden_sizes)),
        "output": None if config.output is None else choice("output", config.output, OUTPUTS),
        "loss": None if config.loss is None else choice("loss", config.loss, losses.LOSSES),
    }


def check_together(config: ExperimentConfig) -> None:
    """Check what depends on more than one field.

    Raises
    ------
    ValueError
        If values don't go together.
    """
    if config.dataset in (own_data.OWN, own_data.TABLE) and not config.points:
        raise Refusal(
            "dataset",
            "must come with its points",
            "none, perhaps since they were too many for a link",
            chosen=config.dataset,
        )
    if config.is_table:
        _check_table(config)
    check_inputs(config)
    losses.get(config.loss, config.resolved_output)
    config.make_optimizer().bind(np.empty(0, config.dtype))  # whose epsilon that precision must hold
    if config.task == "regression" and config.resolved_output == "softmax":
        raise Refusal("output", "must be 'identity' or 'sigmoid' for a regression data set", "'softmax'")
    if config.task == "regression" and config.resolved_loss == "binary_cross_entropy":
        raise Refusal(
            "loss",
            "must be a squared one for a regression data set",
            "'binary_cross_entropy', which takes targets from 0 to 1",
        )
    if config.own:
        if config.test_fraction:  # must leave every class a training sample
            config.own.data.split_indices(config.test_fraction, config.seed)
        return
    if config.batch_size is not None and config.batch_size > config.n_train:
        raise Refusal(
            "batch_size", f"must be at most the number of training samples, {config.n_train}", config.batch_size
        )
    if config.stored:
        return
    # The split is stratified: a class is sure of floor(count · n_train / n_samples) training samples.
    if config.n_classes and config.n_samples // config.n_classes * config.n_train < config.n_samples:
        raise Refusal(
            "test_fraction",
            f"must leave each of the {config.n_classes} classes a training sample",
            f"{config.test_fraction:g} of {config.n_samples} samples",
        )


def _check_table(config: ExperimentConfig) -> None:
    if config.columns and config.columns[-1] > config.n_columns:
        raise Refusal("columns", f"must be from 1 to {config.n_columns} for these data", config.columns[-1])
    if config.own and config.log_target and config.task == "regression":
        check_positive(config.own.data.y, shown(config.target_name))


def _columns(value: Any) -> tuple[int, ...]:
    if not isinstance(value, (list, tuple)):
        raise TypeRefusal("columns", "must be a tuple of column numbers, counted from 1", shown(value))
    if len(value) > own_data.MAX_INPUTS:
        raise Refusal("columns", f"must be at most {own_data.MAX_INPUTS}", len(value))
    columns = sorted(integer("columns", number, 1, own_data.MAX_INPUTS, index=i) for i, number in enumerate(value))
    if len(set(columns)) < len(columns):
        raise Refusal("columns", "must be different ones", shown(tuple(columns)))
    return tuple(columns)


def _n_rows(value: Any) -> int:
    rows = integer("n_rows", value, 0, MAX_ROWS)
    if 0 < rows < LEAST_ROWS:
        raise Refusal("n_rows", f"must be 0, for all rows, or at least {LEAST_ROWS}", rows)
    return rows


def _hidden_sizes(value: Any) -> tuple[int, ...]:
    if not isinstance(value, (list, tuple)):
        raise TypeRefusal("hidden_sizes", "must be a tuple of integers, one for each hidden layer", shown(value))
    if len(value) > MAX_HIDDEN_LAYERS:
        raise Refusal("hidden_sizes", f"must have at most {MAX_HIDDEN_LAYERS} layers", len(value))
    return tuple(integer("hidden_sizes", size, 1, MAX_UNITS, index=i) for i, size in enumerate(value))


def _activation(value: Any, n_layers: int) -> str | tuple[str, ...]:
    if not isinstance(value, (list, tuple)):
        return str(activations.get(value))
    names = tuple(str(activations.get(name)) for name in value)
    if len(names) != n_layers:
        raise Refusal("activation", f"must be one name or one for each of the {n_layers} hidden layers", len(names))
    return names[0] if len(set(names)) == 1 else names


def _points(config: ExperimentConfig) -> str:
    value = config.points
    if not isinstance(value, str):
        raise TypeRefusal("points", "must be a string", shown(value))
    if value:
        own_data.decode(value, config.dataset != own_data.OWN)  # idle points may be of either kind
    return value


def _dataset(config: ExperimentConfig) -> str:
    if isinstance(config.dataset, str) and config.dataset in (own_data.OWN, own_data.TABLE):
        return config.dataset
    name, options = _parsed("dataset", config.dataset, (*DATASETS, *STORED, own_data.TABLE, own_data.OWN))
    if name in (own_data.OWN, own_data.TABLE) or name in STORED:
        if name != config.dataset:
            raise Refusal("dataset", "takes no options", shown(config.dataset), chosen=name)
        return name
    recipe = DATASETS[name]
    for option in options:
        if hasattr(config, option):
            raise Refusal("dataset", f"must not set {option!r}, a field of its own", shown(config.dataset))
    defaults = {option.name: option.default for option in recipe.options}
    return _spelled(name, recipe.complete(options), defaults)


def _optimizer(config: ExperimentConfig) -> str:
    name, parameters = _parsed("optimizer", config.optimizer, OPTIMIZERS)
    defaults = {
        field.name: field.default
        for field in dataclasses.fields(OPTIMIZERS[name])
        if field.init and not hasattr(config, field.name)
    }
    for parameter in parameters:
        if parameter not in defaults:
            accepted = ", ".join(defaults) or "no parameters"
            raise Refusal("optimizer", f"takes {accepted}", shown(parameter), chosen=name)
    checked = OPTIMIZERS[name](**parameters)
    return _spelled(name, {parameter: getattr(checked, parameter) for parameter in parameters}, defaults)


def _parsed(field: str, value: Any, names: Iterable[str]) -> tuple[str, dict[str, Any]]:
    if not isinstance(value, str):
        choice(field, value, names)
    name, parameters = parse_call(field, value)
    return choice(field, name, names), parameters


def _spelled(name: str, values: dict[str, Any], defaults: dict[str, Any]) -> str:
    changed = ", ".join(f"{key}={value!r}" for key, value in values.items() if value != defaults[key])
    return f"{name}({changed})" if changed else name
