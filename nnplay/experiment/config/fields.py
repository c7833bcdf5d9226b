"""The settings of a run: one table, a row a setting.

ExperimentConfig's checks, links, the form, notices, branch labels and the lists of live settings read it. To add a
setting is to add a row here, and the line that uses it. The rows of a group stand in the order in which a page shows
them. :mod:`nnplay.experiment.config.setting` says what a row holds.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from nnplay.datasets.features import checked_features
from nnplay.engine import activations, initializers, schedules
from nnplay.engine.losses import LOSSES
from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.engine.outputs import OUTPUTS
from nnplay.engine.regularizers import REGULARIZERS
from nnplay.experiment.config import checks, helps
from nnplay.experiment.config.setting import (
    DIGITS,
    PLAYGROUND,
    TABLES,
    Control,
    Setting,
    one_of,
    optional,
    real,
    registered,
    setting,
    switch,
    whole,
)
from nnplay.experiment.training.stop_conditions import MAX_EPOCHS

_RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
_PENALTY_RATES = (0.0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
_FEW, _MANY = (1, 2, 5, 10, 20, 32, 50, 64, 100, 128, 200), (10, 20, 32, 64, 128, 256, 512)
_ROWS = (1000, 5000, 10_000, 30_000, 0)


def _batch_sizes(config: Any) -> list[int | None]:
    sizes = [size for size in (_FEW if config.data.has_plane else _MANY) if size <= config.n_train]
    return [*sizes] if config.data.has_images else [*sizes, None]


def _losses(config: Any) -> list[str | None]:
    return [None, *(name for name in LOSSES if config.resolved_output in LOSSES[name].valid_outputs)]


def _has_test_set(config: Any) -> bool:
    return bool(config.data.stored and config.data.stored.n_test)


def _is_own(config: Any) -> bool:
    return config.data.own is not None


def _is_not_sgd(config: Any) -> bool:
    return not config.optimizer.startswith("sgd")


@dataclasses.dataclass(frozen=True)
class Fields:
    """The values of all settings."""

    dataset: str = setting(
        "spiral",
        checks.dataset,
        'str: A registered data set, one of ``nnplay.datasets.stored``, or "own" or "table" for the data in '
        '`points`: "own" is shown on a plane, "table" is a table.',
        "Data set",
        helps.DATASET,
        group="data",
        carried_over=True,
        word="data",
    )
    points: str = setting(
        "",
        checks.points,
        'str: Your own data, as :func:`nnplay.datasets.own_data.encode` writes them. Used only with data set "own" '
        'or "table".',
        "Your data",
        group="data",
        pages=(PLAYGROUND, TABLES),
        carried_over=True,
        word="your data",
        is_readable=False,
    )
    n_samples: int = setting(
        400,
        whole(10, checks.MAX_SAMPLES),
        "int: Number of generated samples. Used only with generated data.",
        "Points",
        helps.N_SAMPLES,
        control=Control("slider", {"low": 50, "high": 1000, "step": 50}),
        group="data",
        pages=(PLAYGROUND,),
        carried_over=True,
        idle=_is_own,
    )
    noise: float = setting(
        0.03,
        real(0, 1),
        "float: Standard deviation of the noise. Used only with generated data.",
        "Noise",
        helps.NOISE,
        control=Control("slider", {"high": 0.5}),
        group="data",
        pages=(PLAYGROUND,),
        carried_over=True,
        idle=_is_own,
        note=lambda config: (
            f"Noise and the number of points don't apply to your own {config.data.own.data.n_samples} points."
            if config.data.own
            else ""
        ),
    )
    n_rows: int = setting(
        0,
        checks.n_rows,
        "int: How many training rows of a stored data set are used, counted from the first; 0 for all. Used only "
        "there.",
        "Training images",
        helps.N_ROWS,
        control=Control(
            "choice",
            {"options": lambda config: [n for n in _ROWS if n < config.data.stored.n_samples], "zero": "All"},
            half=True,
        ),
        group="data",
        pages=(DIGITS,),
        carried_over=True,
        absent=lambda config: not _has_test_set(config),
        word="training rows",
        empty_word="all",
    )
    test_fraction: float = setting(
        0.25,
        real(0, 0.9),
        "float, from 0 to 0.9: Share of the samples kept for testing; 0 for none. Not used where there is an "
        "official test set.",
        "Test share",
        helps.TEST_FRACTION,
        control=Control("slider", {"high": 0.9, "step": 0.05, "format": "percent"}, half=True),
        group="data",
        carried_over=True,
        absent=_has_test_set,
    )
    standardise: bool = setting(
        False,
        switch,
        "bool: Whether the columns of a table, and a regression's target, are scaled to mean 0 and standard "
        "deviation 1 over the training rows. Used only with tables.",
        "Standardise",
        helps.STANDARDISE,
        control=Control("toggle"),
        group="data",
        pages=(TABLES,),
    )
    log_target: bool = setting(
        False,
        switch,
        "bool: Whether a table's regression learns the logarithm of its target; see "
        ":mod:`nnplay.experiment.config.preparation`.",
        "Logarithm of target",
        helps.LOG_TARGET,
        control=Control("toggle"),
        group="data",
        pages=(TABLES,),
        idle=lambda config: config.task != "regression",
    )
    columns: tuple[int, ...] = setting(
        (),
        checks.columns,
        "tuple of int: Which columns of a table are used, counted from 1; empty for all. Used only with tables.",
        "Columns used",
        helps.COLUMNS,
        group="data",
        pages=(TABLES,),
        word="columns",
        entry="the number of a column",
        entries="numbers",
        empty_word="all",
    )
    features: tuple[str, ...] = setting(
        ("x1", "x2"),
        lambda name, value, config: checked_features(value),
        'tuple of str: The network\'s inputs: formulas in x1 and x2, such as ``"x1**2"``. Formulas with a '
        "coordinate that the data don't have are left out. Not used with data of more than two coordinates.",
        "Inputs",
        helps.FEATURES,
        group="data",
        pages=(PLAYGROUND,),
        separator=";",
        entries="texts",
    )
    hidden_sizes: tuple[int, ...] = setting(
        (8, 8),
        checks.hidden_sizes,
        "tuple of int: Units of each hidden layer; empty for a linear model.",
        "Hidden layers",
        helps.HIDDEN_SIZES,
        group="network",
        entry="units in layer {n}",
        entries="numbers",
        empty_word="none",
    )
    activation: str | tuple[str, ...] = setting(
        "tanh",
        checks.activation,
        "str or tuple of str: One for all hidden layers, or one for each.",
        "Activation",
        helps.ACTIVATION,
        control=Control("own", {"registry": activations.ACTIVATIONS}),
        group="bar",
        idle=lambda config: not config.hidden_sizes or isinstance(config.activation, tuple),
        separator=";",
        entries="texts",
        empty_word="none",
    )
    output: str | None = setting(
        None,
        optional(one_of(*OUTPUTS)),
        "str, optional: Output activation; None chooses by the data: sigmoid for two classes, softmax for more, "
        "identity for regression.",
        "Output",
        helps.OUTPUT,
        control=Control("choice", {"options": (None, *OUTPUTS), "none": "Automatic"}),
        none_word="auto",
    )
    loss: str | None = setting(
        None,
        optional(one_of(*LOSSES)),
        "str, optional: None chooses the one that goes with the output.",
        "Loss",
        helps.LOSS,
        control=Control("choice", {"options": _losses, "none": "Automatic"}),
        carried_over=True,
        says_itself=True,
        none_word="auto",
    )
    initializer: str = setting(
        "xavier_uniform",
        registered(initializers.get),
        "str",
        "Initialiser",
        helps.INITIALIZER,
        control=Control("named", {"registry": initializers.INITIALIZERS}),
    )
    bias: bool = setting(
        True,
        switch,
        "bool",
        "Biases",
        helps.BIAS,
        control=Control("toggle"),
    )
    dtype: str = setting(
        "float64",
        one_of("float64", "float32"),
        '{"float64", "float32"}',
        "Precision",
        helps.DTYPE,
        control=Control("choice", {"options": ("float64", "float32")}),
    )
    optimizer: str = setting(
        "sgd",
        checks.optimizer,
        "str",
        "Optimiser",
        helps.OPTIMIZER,
        control=Control("named", {"registry": OPTIMIZERS}),
        group="bar",
        live=True,
        says_itself=True,
    )
    nesterov: bool = setting(
        False,
        switch,
        'bool: Used only with optimizer "sgd".',
        "Nesterov",
        helps.NESTEROV,
        control=Control("toggle"),
        live=True,
        idle=lambda config: _is_not_sgd(config) or config.momentum == 0,
    )
    learning_rate: float = setting(
        0.03,
        real(0, 1e4),
        "float",
        "Learning rate",
        helps.LEARNING_RATE,
        control=Control("steps", {"options": _RATES}),
        group="bar",
        live=True,
        stands_alone=True,
    )
    momentum: float = setting(
        0.9,
        real(0, below=1),
        'float: Used only with optimizer "sgd".',
        "Momentum",
        helps.MOMENTUM,
        control=Control("slider", {"high": 0.99}),
        group="bar",
        live=True,
        idle=_is_not_sgd,
        stands_alone=True,
    )
    schedule: str = setting(
        "constant",
        registered(schedules.get),
        "str",
        "Schedule",
        helps.SCHEDULE,
        control=Control("named", {"registry": schedules.SCHEDULES}),
        live=True,
    )
    regularizer: str = setting(
        "none",
        one_of("none", *REGULARIZERS),
        '{"none", "l1", "l2"}',
        "Regularisation",
        helps.REGULARIZER,
        control=Control("choice", {"options": ("none", *REGULARIZERS)}),
        group="bar",
        live=True,
        stands_alone=True,
    )
    regularization_rate: float = setting(
        0.001,
        real(0, 1e3),
        "float",
        "Penalty rate",
        helps.REGULARIZATION_RATE,
        control=Control("steps", {"options": _PENALTY_RATES}),
        group="bar",
        live=True,
        idle=lambda config: config.regularizer == "none",
        stands_alone=True,
    )
    dropout: float = setting(
        0.0,
        real(0, below=1),
        "float, in [0, 1)",
        "Dropout",
        helps.DROPOUT,
        control=Control("slider", {"high": 0.9, "step": 0.05}),
        live=True,
        idle=lambda config: not config.hidden_sizes,
    )
    batch_size: int | None = setting(
        10,
        optional(whole(1)),
        "int, optional: None for the full batch. With your own data, a size larger than the training set is the "
        "full batch, too.",
        "Batch size",
        helps.BATCH_SIZE,
        control=Control("choice", {"options": _batch_sizes, "none": "Full batch"}, half=True),
        group="data",
        carried_over=True,
        none_word="full",
    )
    shuffle: bool = setting(
        True,
        switch,
        "bool",
        "Shuffle",
        helps.SHUFFLE,
        control=Control("toggle"),
        carried_over=True,
    )
    seed: int = setting(
        0,
        whole(0, 2**32 - 1),
        "int: For the data, the split (but see `data_seed`), the initial weights, shuffling and dropout. Each draws "
        "from its own random stream.",
        "Seed",
        helps.SEED,
        control=Control("number"),
        carried_over=True,
    )
    data_seed: int | None = setting(
        None,
        optional(whole(0, 2**32 - 1)),
        "int, optional: For the data and the split alone, so that runs with other seeds have the same data; None is "
        "`seed`.",
        "Data seed",
        helps.DATA_SEED,
        control=Control("number", {"placeholder": "as the seed"}),
        carried_over=True,
        absent=lambda config: config.data_seed is None,
        none_word="seed",
    )
    max_epochs: int = setting(
        0,
        whole(0, MAX_EPOCHS),
        "int: In the app, the run stops after this many epochs; 0 for never.",
        "Epochs",
        helps.MAX_EPOCHS,
        control=Control("limit"),
        group="stop",
        live=True,
        empty_word="none",
    )
    target_loss: float = setting(
        0.0,
        real(0, 1e9),
        "float: In the app, the run stops after the first epoch with a training loss this low; 0 for never.",
        "Target training loss",
        helps.TARGET_LOSS,
        control=Control("limit", {"high": 1e9}),
        group="stop",
        live=True,
        word="target training loss",
        empty_word="none",
    )
    patience: int = setting(
        0,
        whole(0, MAX_EPOCHS),
        "int: In the app, the run stops when the test loss (the training loss where there are no test samples) "
        "hasn't improved for this many epochs; 0 for never.",
        "Epochs without improvement",
        helps.PATIENCE,
        control=Control("limit"),
        group="stop",
        live=True,
        word="patience",
        empty_word="none",
    )


#: Every setting by its name, in the order of the table.
SETTINGS: dict[str, Setting] = {field.name: field.metadata["setting"] for field in dataclasses.fields(Fields)}


def differing(one: Fields, other: Fields) -> list[str]:
    """Return the settings in which two configurations differ, in the order of the table."""
    return [name for name in SETTINGS if getattr(one, name) != getattr(other, name)]


#: What a beginner needs: the controls of the others come in sight at a click.
AT_FIRST = frozenset({"dataset", "points", "activation", "learning_rate"})
#: The one that draws other data of the same kind, and nothing else.
DRAWS_DATA = "data_seed"
#: What one changes of the data while others watch.
ABOUT_THE_DATA = ("dataset", "noise", "n_samples")
#: What has another place than its control: the network's picture, and a die.
CHOSEN_ELSEWHERE = frozenset({"hidden_sizes", DRAWS_DATA})
#: Settings that may change while a run goes on; any other begins a new run.
LIVE_FIELDS = tuple(name for name, row in SETTINGS.items() if row.live)
#: Settings besides those that leave the network's architecture alone: what was learned can go on with other values.
CARRIED_OVER_FIELDS = tuple(name for name, row in SETTINGS.items() if row.carried_over)
