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
from nnplay.experiment.config import checks
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
        'str: A registered data set, one of ``nnplay.datasets.stored``, or the one in `points`: "own" where it is '
        'shown on a plane, "table" where it is a table.',
        "Data set",
        group="data",
        carried_over=True,
        word="data",
    )
    points: str = setting(
        "",
        checks.points,
        "str: Data of one's own, as :func:`nnplay.datasets.own_data.encode` writes them; of no effect with any other "
        "data set.",
        "Your data",
        group="data",
        pages=(PLAYGROUND, TABLES),
        carried_over=True,
        word="own points",
        is_readable=False,
    )
    n_samples: int = setting(
        400,
        whole(10, checks.MAX_SAMPLES),
        "int: Of generated data; of no effect with any other.",
        "Points",
        "How many points, for training and testing together. Few: easily learned by heart. Many: slower epochs.",
        control=Control("slider", {"low": 50, "high": 1000, "step": 50}),
        group="data",
        pages=(PLAYGROUND,),
        carried_over=True,
        idle=_is_own,
    )
    noise: float = setting(
        0.03,
        real(0, 1),
        "float: Of generated data; of no effect with any other.",
        "Noise",
        "How far the points stray, as a standard deviation. With much noise the classes overlap, and no network gets "
        "all points right.",
        control=Control("slider", {"high": 0.5}),
        group="data",
        pages=(PLAYGROUND,),
        carried_over=True,
        idle=_is_own,
        note=lambda config: (
            f"These are your own {config.data.own.data.n_samples} points: noise and number of points don't apply."
            if config.data.own
            else ""
        ),
    )
    n_rows: int = setting(
        0,
        checks.n_rows,
        "int: How many of the training rows of a stored data set are used, the first ones; 0 for all. Of no effect "
        "elsewhere.",
        "Training images",
        "Fewer: faster epochs, but more overfitting.",
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
        "float, from 0 to 0.9: Share of the samples held for testing; 0 for none. Of no effect where there is an "
        "official test set.",
        "Test share",
        "Share of the {samples} that is never trained on. Too small: the test loss is a matter of luck. Too large: "
        "little is left to learn from.",
        control=Control("slider", {"high": 0.9, "step": 0.05, "format": "percent"}, half=True),
        group="data",
        carried_over=True,
        absent=_has_test_set,
    )
    standardise: bool = setting(
        False,
        switch,
        "bool: Whether the columns of a table, and a regression's target, are brought to mean 0 and standard deviation "
        "1, as the training rows have them. Of no effect elsewhere.",
        "Standardise",
        "Shift and scale each column, and a target that is a number, to mean 0 and spread 1 over the training rows. "
        "Inputs that say a word or a gap stay 0 and 1.",
        control=Control("toggle"),
        group="data",
        pages=(TABLES,),
    )
    log_target: bool = setting(
        False,
        switch,
        "bool: Whether a table's regression learns the logarithm of its target; see "
        ":mod:`nnplay.experiment.config.scaling`.",
        "Logarithm of target",
        "Learn the logarithm: what counts is by how many percent an answer is off.",
        control=Control("toggle"),
        group="data",
        pages=(TABLES,),
        idle=lambda config: config.task != "regression",
    )
    columns: tuple[int, ...] = setting(
        (),
        checks.columns,
        "tuple of int: Which columns of a table are used, counted from 1; empty for all. Of no effect elsewhere.",
        "Columns used",
        "What the network is told of each row.",
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
        'tuple of str: What the network is fed with: formulas over x1 and x2, such as ``"x1**2"``. Those that need a '
        "coordinate which the data don't have are left out. Of no effect with data of more coordinates.",
        "Inputs",
        "What the network is fed with, each as it is: the coordinates run from about −1 to 1, so nothing needs "
        "scaling. The sines make two waves across the plane.",
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
        "Layers between inputs and outputs. None: only straight boundaries. Many: slower, and harder to train.",
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
        "What each hidden unit does with its weighted sum. Without a curve in it, layers add up to a straight line.",
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
        "What turns the last sums into an answer.",
        control=Control("choice", {"options": (None, *OUTPUTS), "none": "Automatic"}),
        none_word="auto",
    )
    loss: str | None = setting(
        None,
        optional(one_of(*LOSSES)),
        "str, optional: None chooses the one that goes with the output.",
        "Loss",
        "What training makes small.",
        control=Control("choice", {"options": _losses, "none": "Automatic"}),
        carried_over=True,
        says_itself=True,
        none_word="auto",
    )
    initializer: str = setting(
        "xavier_uniform",
        registered(initializers.get),
        "str",
        "Initializer",
        "How the first weights are drawn. Too small: signals die out from layer to layer. Too large: units saturate, "
        "or the loss explodes.",
        control=Control("named", {"registry": initializers.INITIALIZERS}),
    )
    bias: bool = setting(
        True,
        switch,
        "bool",
        "Biases",
        "Without them, every unit's line goes through the origin.",
        control=Control("toggle"),
    )
    dtype: str = setting(
        "float64",
        one_of("float64", "float32"),
        '{"float64", "float32"}',
        "Precision",
        "Double or single precision. Single is faster for large networks.",
        control=Control("choice", {"options": ("float64", "float32")}),
    )
    optimizer: str = setting(
        "sgd",
        checks.optimizer,
        "str",
        "Optimizer",
        "What a step does with the gradient.",
        control=Control("named", {"registry": OPTIMIZERS}),
        group="bar",
        live=True,
        says_itself=True,
    )
    nesterov: bool = setting(
        False,
        switch,
        'bool: For optimizer "sgd"; others take no notice of it.',
        "Nesterov",
        "Takes the gradient where momentum is about to lead, and so overshoots less.",
        control=Control("toggle"),
        live=True,
        idle=lambda config: _is_not_sgd(config) or config.momentum == 0,
    )
    learning_rate: float = setting(
        0.03,
        real(0, 1e4),
        "float",
        "Learning rate",
        "Size of each correction. Too small: slow. Too large: unstable.",
        control=Control("steps", {"options": _RATES}),
        group="bar",
        live=True,
        stands_alone=True,
    )
    momentum: float = setting(
        0.9,
        real(0, below=1),
        'float: For optimizer "sgd"; others take no notice of it.',
        "Momentum",
        "How much of the last step carries over into the next. None: slow along a valley. Too much: overshoots.",
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
        "How the learning rate changes with the epoch.",
        control=Control("named", {"registry": schedules.SCHEDULES}),
        live=True,
    )
    regularizer: str = setting(
        "none",
        one_of("none", *REGULARIZERS),
        '{"none", "l1", "l2"}',
        "Regularization",
        "Penalises large weights to reduce overfitting.",
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
        "Strength of the penalty. Too small: no effect. Too large: the network learns little else than to be simple.",
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
        "Share of the hidden units silenced at random in each step. Some reduces overfitting in large networks; too "
        "much leaves too few units to learn with.",
        control=Control("slider", {"high": 0.9, "step": 0.05}),
        live=True,
        idle=lambda config: not config.hidden_sizes,
    )
    batch_size: int | None = setting(
        10,
        optional(whole(1)),
        "int, optional: None for the full batch; so is one larger than one's own data.",
        "Batch size",
        "{Samples} for each step. Small: many, noisy steps in an epoch. Large: few, exact ones.",
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
        "Takes the samples in a new order in each epoch. Without, the same batches come again and again.",
        control=Control("toggle"),
        carried_over=True,
    )
    seed: int = setting(
        0,
        whole(0, 2**32 - 1),
        "int: For the data, its split, the first weights, shuffling and dropout, each from a stream of its own.",
        "Seed",
        "The same seed gives the same run: data, first weights, order of the samples. Another one shows what is luck.",
        control=Control("number"),
        carried_over=True,
    )
    max_epochs: int = setting(
        0,
        whole(0, MAX_EPOCHS),
        "int: On the stage, the run stops after so many epochs; 0 for never.",
        "Epochs",
        "Stop after so many epochs. Leave it empty to go on for ever.",
        control=Control("limit"),
        group="stop",
        live=True,
        empty_word="none",
    )
    target_loss: float = setting(
        0.0,
        real(0, 1e9),
        "float: On the stage, the run stops after the first epoch with a training loss as low as that; 0 for never.",
        "Training loss down to",
        "Stop after the first epoch with a training loss as low as that.",
        control=Control("limit", {"high": 1e9}),
        group="stop",
        live=True,
        word="target loss",
        empty_word="none",
    )
    patience: int = setting(
        0,
        whole(0, MAX_EPOCHS),
        "int: On the stage, the run stops when for so many epochs the test loss was never lower than before (the "
        "training loss where there are no test samples); 0 for never.",
        "Epochs without improvement",
        "Stop when the test loss has not become lower for so many epochs; the training loss, where there are no test "
        "{samples}. Too few: stops at a short plateau.",
        control=Control("limit"),
        group="stop",
        live=True,
        word="patience",
        empty_word="none",
    )


#: Every setting by its name, in the order of the table.
SETTINGS: dict[str, Setting] = {field.name: field.metadata["setting"] for field in dataclasses.fields(Fields)}
#: Settings that may change while a run goes on; any other begins a new run.
LIVE_FIELDS = tuple(name for name, row in SETTINGS.items() if row.live)
#: Settings besides those that leave the network's architecture alone: what was learned can go on with other values.
CARRIED_OVER_FIELDS = tuple(name for name, row in SETTINGS.items() if row.carried_over)
