"""Configurations: one value that goes to a file, a URL and a session unchanged, and refuses what makes no sense."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnplay as nn
from nnplay import ExperimentConfig, datasets
from nnplay.datasets import DATASETS
from nnplay.datasets.features import FEATURES
from nnplay.datasets.own_data import encode
from nnplay.datasets.stored import STORED
from nnplay.engine.activations import ACTIVATIONS
from nnplay.engine.initializers import INITIALIZERS
from nnplay.engine.losses import LOSSES
from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.engine.outputs import OUTPUTS
from nnplay.engine.regularizers import REGULARIZERS
from nnplay.engine.schedules import SCHEDULES
from nnplay.experiment.config.fields import LIVE_FIELDS

OWN = [encode(datasets.make(name, n_samples=300)) for name in ("moons", "plane")]
BUILT_IN = [name for name, entry in STORED.items() if not entry.fetched_megabytes]
FIELDS = {field.name: field.default for field in dataclasses.fields(ExperimentConfig)}


def named(parametrised: list[str], registry: Any) -> st.SearchStrategy[str]:
    return st.sampled_from([*registry, *parametrised])


RATES = st.floats(0, 1e3, allow_subnormal=False)
#: Fields that go with any others, and can be set at once.
FREE = {
    "noise": st.floats(0, 1),
    "hidden_sizes": st.lists(st.integers(1, 512), max_size=8).map(tuple),
    "initializer": named(["normal(std=0.5)", "uniform(limit=0.1)"], INITIALIZERS),
    "bias": st.booleans(),
    "dtype": st.sampled_from(["float64", "float32"]),
    "optimizer": named(["adam(beta_1=0.5, epsilon=0.001)", "rmsprop(decay=0.99)"], OPTIMIZERS),
    "learning_rate": RATES,
    "momentum": st.floats(0, 1, exclude_max=True),
    "nesterov": st.booleans(),
    "schedule": named(["step(every=7)", "cosine(epochs=20, floor=0.5)", "exponential(gamma=0.5)"], SCHEDULES),
    "regularizer": st.sampled_from(["none", *REGULARIZERS]),
    "regularization_rate": RATES,
    "dropout": st.floats(0, 1, exclude_max=True),
    "shuffle": st.booleans(),
    "seed": st.integers(0, 2**32 - 1),
    "data_seed": st.none() | st.integers(0, 2**32 - 1),
    "max_epochs": st.integers(0, 10_000_000),
    "target_loss": st.floats(0, 1e9),
    "patience": st.integers(0, 10_000_000),
    "n_rows": st.just(0) | st.integers(10, 1_000_000),
    "standardise": st.booleans(),
    "log_target": st.booleans(),
    "columns": st.sets(st.integers(1, 3)).map(sorted).map(tuple),
}
#: Fields that must go together, in the order in which they are tried; formulas, which take longest to check, last.
BOUND = {
    "points": st.sampled_from(["", *OWN]),
    "dataset": named(
        ["spiral(arms=3)", "circles(factor=0.25)", "blobs(classes=5)", "formula(formula='x**3-x')", "own", *BUILT_IN],
        DATASETS,
    ),
    "n_samples": st.integers(10, 10_000),
    "test_fraction": st.floats(0, 0.9),
    "output": st.sampled_from([None, *OUTPUTS]),
    "loss": st.sampled_from([None, *LOSSES]),
    "batch_size": st.none() | st.integers(1, 10_000),
    "features": st.lists(
        st.sampled_from([*FEATURES, "x1**3", "x1*x2+1.5", "abs(x2)", "exp(-x1**2)"]), min_size=1, unique=True
    ).map(tuple),
}
ACTIVATION = named(["elu(alpha=2)", "leaky_relu(slope=0.25)"], ACTIVATIONS)


def changed(config: ExperimentConfig, **fields: Any) -> ExperimentConfig:
    return dataclasses.replace(config, **fields)


@st.composite
def configs(draw: st.DrawFn) -> ExperimentConfig:
    """Draw any valid configuration: what doesn't go with what was drawn before is left out."""
    config = changed(ExperimentConfig(n_samples=10_000), **{name: draw(strategy) for name, strategy in FREE.items()})
    for name, strategy in BOUND.items():
        value = draw(strategy)
        try:
            config = changed(config, **{name: value})
        except ValueError:
            continue
    n = len(config.hidden_sizes)
    several = st.lists(ACTIVATION, min_size=n, max_size=n).map(tuple)
    return dataclasses.replace(config, activation=draw(ACTIVATION | several))


# --- round trips --------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(configs(), st.randoms(use_true_random=False))
def test_a_configuration_survives_a_dict_json_and_a_url_whatever_its_order(
    config: ExperimentConfig, random: Any
) -> None:
    assert ExperimentConfig.from_dict(config.to_dict()) == config
    assert ExperimentConfig.from_dict(json.loads(json.dumps(config.to_dict(), allow_nan=False))) == config
    query = config.to_query()
    assert all(isinstance(text, str) for text in query.values())
    assert ExperimentConfig.from_query(query) == (config, [])
    items = list(query.items())
    random.shuffle(items)
    assert ExperimentConfig.from_query(dict(items)) == (config, [])


def test_the_strategy_reaches_every_field() -> None:
    assert {*FREE, *BOUND, "activation"} == set(FIELDS)


def test_the_default_configuration_has_an_empty_query() -> None:
    assert ExperimentConfig().to_query() == {}
    assert ExperimentConfig.from_query({}) == (ExperimentConfig(), [])


def test_a_query_is_short_and_readable() -> None:
    config = ExperimentConfig(
        hidden_sizes=(4, 3), activation=("relu", "elu(alpha=2)"), batch_size=None, nesterov=True, output="sigmoid"
    )
    assert config.to_query() == {
        "hidden_sizes": "4,3",
        "activation": "relu;elu(alpha=2.0)",
        "output": "sigmoid",
        "nesterov": "true",
        "batch_size": "full",
    }
    assert ExperimentConfig(hidden_sizes=()).to_query() == {"hidden_sizes": "none"}


def test_a_dict_may_leave_fields_out_and_hold_lists_for_tuples() -> None:
    assert ExperimentConfig.from_dict({"hidden_sizes": [3, 2], "noise": 0}) == ExperimentConfig(
        hidden_sizes=(3, 2), noise=0.0
    )


def test_equal_descriptions_are_equal_configurations() -> None:
    lists: dict[str, Any] = {"hidden_sizes": [4, 4], "activation": ["elu(alpha=2)"] * 2, "batch_size": np.int64(5)}
    one = ExperimentConfig(**lists, noise=0)
    other = ExperimentConfig(hidden_sizes=(4, 4), activation="elu( alpha = 2.0 )", noise=0.0, batch_size=5)
    assert one == other
    assert hash(one) == hash(other)
    assert json.dumps(one.to_dict()) == json.dumps(other.to_dict())


# --- hostile queries ----------------------------------------------------------------------------------------

HOSTILE = [
    *(
        "",
        " ",
        "none",
        "None",
        "null",
        "nan",
        "inf",
        "-inf",
        "1e999",
        "-1",
        "0x10",
        "1,5",
        "true ",
        "TRUE",
        "💥",
        "\x00",
    ),
    *("1" * 400, "1" * 5000, "9" * 5000 + ".5", "a" * 100_000, "(" * 2000, "elu(" * 500, "[" * 500 + "]" * 500),
    *("elu(alpha=" + "-" * 5000 + "1)", "elu(alpha=1e400)", "elu(alpha=nan)", "elu(alpha={[]: 1})", "elu(**{'a': 1})"),
    *("elu(alpha=__import__('os'))", "elu(2)", "elu(alpha=)", "elu(beta=1)", "elu.x(alpha=1)", "spiral(arms=2.5)"),
    *(
        "spiral(arms=True)",
        "moons(n_samples=20)",
        "moons(seed=1)",
        "blobs(classes=" + "1" * 400 + ")",
        "adam(momentum=1)",
    ),
    *(
        "tanh;tanh;",
        ";",
        ",",
        "8,,8",
        "8,8,8,8,8,8,8,8,8",
        "0",
        "513",
        "8;8",
        "<script>alert(1)</script>",
        "'; drop table",
    ),
]


@pytest.mark.parametrize("name", FIELDS)
def test_every_hostile_value_is_dropped_with_a_sentence_or_means_something(name: str) -> None:
    for text in HOSTILE:
        config, sentences = ExperimentConfig.from_query(
            {name: text, "learning_rate": "0.25"} if name != "learning_rate" else {name: text}
        )
        if config.to_query().get(name) is None and sentences:
            assert getattr(config, name) == FIELDS[name]
            (sentence,) = sentences
            assert sentence.endswith((".", "?"))
            assert "; got " in sentence
            assert len(sentence) < 700
        else:
            assert sentences == []
        if name != "learning_rate":
            assert config.learning_rate == 0.25


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(sorted(FIELDS)) | st.text(max_size=8), st.text() | st.sampled_from(HOSTILE)))
def test_no_query_raises_and_each_bad_value_costs_one_sentence(query: dict[str, str]) -> None:
    config, sentences = ExperimentConfig.from_query(query)
    kept = [name for name in query if name in FIELDS and getattr(config, name) != FIELDS[name]]
    assert len(sentences) + len(kept) <= len([name for name in query if name in FIELDS])
    assert ExperimentConfig.from_query(config.to_query()) == (config, [])


def test_bad_values_are_dropped_and_good_ones_kept() -> None:
    query = {"activation": "rulu", "noise": "2", "hidden_sizes": "4,4", "utm_source": "mail", "batch_size": "9999"}
    config, sentences = ExperimentConfig.from_query(query)
    assert config == ExperimentConfig(hidden_sizes=(4, 4))
    assert len(sentences) == 3
    assert sentences[0] == "noise must be a finite number from 0 to 1; got 2."
    assert sentences[1].endswith("got 'rulu'. Did you mean 'relu'?")
    assert sentences[2] == "batch_size must be at most the number of training samples, 300; got 9999."


def test_values_that_need_each_other_are_accepted_in_any_order() -> None:
    config, sentences = ExperimentConfig.from_query({"batch_size": "600", "n_samples": "1000", "test_fraction": "0.1"})
    assert (config.batch_size, sentences) == (600, [])
    config, sentences = ExperimentConfig.from_query({"n_samples": "10", "batch_size": "5"})
    assert (config.n_samples, config.batch_size, sentences) == (10, 5, [])


# --- refusals -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "kind", "message"),
    [
        ({"dataset": "mons"}, ValueError, "dataset must be one of 'moons', 'circles', "),
        ({"dataset": "mons"}, ValueError, "; got 'mons'. Did you mean 'moons'?"),
        ({"dataset": None}, ValueError, "; got None."),
        ({"dataset": "spiral(arms=11)"}, ValueError, "arms must be an integer from 2 to 10; got 11."),
        ({"dataset": "spiral(arm=3)"}, ValueError, "Did you mean 'arms'?"),
        (
            {"dataset": "moons(n_samples=20)"},
            ValueError,
            "dataset must not set 'n_samples', which is a setting of its own; got",
        ),
        ({"n_samples": 9}, ValueError, "n_samples must be an integer from 10 to 10000; got 9."),
        ({"n_samples": 20.0}, TypeError, "n_samples must be an integer from 10 to 10000; got 20.0."),
        ({"n_samples": True}, TypeError, "n_samples must be an integer from 10 to 10000; got True."),
        ({"noise": -0.1}, ValueError, "noise must be a finite number from 0 to 1; got -0.1."),
        ({"noise": float("nan")}, ValueError, "noise must be a finite number from 0 to 1; got nan."),
        ({"noise": 10**400}, ValueError, "noise must be a finite number from 0 to 1; got 1000"),
        ({"noise": "0.1"}, TypeError, "noise must be a finite number from 0 to 1; got '0.1'."),
        ({"test_fraction": 1.0}, ValueError, "test_fraction must be a finite number from 0 to 0.9; got 1.0."),
        ({"hidden_sizes": 8}, TypeError, "hidden_sizes must be a tuple of integers, one for each hidden layer; got 8."),
        ({"hidden_sizes": (8, 0)}, ValueError, "hidden_sizes[1] must be an integer from 1 to 512; got 0."),
        ({"hidden_sizes": (8, 513)}, ValueError, "hidden_sizes[1] must be an integer from 1 to 512; got 513."),
        ({"hidden_sizes": (8, "8")}, TypeError, "hidden_sizes[1] must be an integer from 1 to 512; got '8'."),
        ({"hidden_sizes": (1,) * 9}, ValueError, "hidden_sizes must have at most 8 layers; got 9."),
        ({"activation": "tan"}, ValueError, "got 'tan'. Did you mean 'tanh'?"),
        ({"activation": None}, ValueError, "activation must be one of 'relu', 'leaky_relu', "),
        (
            {"activation": ("tanh",) * 3},
            ValueError,
            "activation must be one name or one for each of the 2 hidden layers; got 3.",
        ),
        ({"activation": "elu(slope=2)"}, ValueError, "activation 'elu' takes alpha; got 'slope'."),
        ({"activation": "tanh(alpha=2)"}, ValueError, "activation 'tanh' takes no parameters; got 'alpha'."),
        ({"activation": "elu(alpha=-1)"}, ValueError, "alpha must be a finite number"),
        ({"activation": "elu(2)"}, ValueError, "activation must be a name or name(parameter=value); got 'elu(2)'."),
        ({"output": "softmaks"}, ValueError, "Did you mean 'softmax'?"),
        ({"loss": "hinge"}, ValueError, "loss must be one of 'binary_cross_entropy', "),
        (
            {"loss": "categorical_cross_entropy"},
            ValueError,
            "loss must fit the output; got loss 'categorical_cross_entropy' with output 'sigmoid'. "
            "Valid are 'softmax' with 'categorical_cross_entropy', and with output 'sigmoid' the losses "
            "'binary_cross_entropy', 'mean_squared_error', 'sum_squared_error', 'quadratic'.",
        ),
        (
            {"dataset": "plane", "output": "softmax"},
            ValueError,
            "output must be 'identity' or 'sigmoid' for a regression data set; got 'softmax'.",
        ),
        (
            {"dataset": "plane", "output": "sigmoid"},
            ValueError,
            "loss must be a squared loss for a regression data set",
        ),
        ({"initializer": "xavier"}, ValueError, "Did you mean 'xavier_"),
        ({"initializer": "normal(std=0)"}, ValueError, "std must be a finite number"),
        ({"bias": 1}, TypeError, "bias must be True or False; got 1."),
        ({"dtype": "float16"}, ValueError, "dtype must be one of 'float64', 'float32'; got 'float16'."),
        ({"optimizer": "adm"}, ValueError, "optimizer must be one of 'sgd', 'rmsprop', 'adagrad', 'adam'; got 'adm'."),
        ({"optimizer": "sgd(momentum=0.5)"}, ValueError, "optimizer 'sgd' takes no parameters; got 'momentum'."),
        ({"optimizer": "adam(beta_1=1)"}, ValueError, "beta_1 must be a finite number at least 0 and below 1; got 1."),
        ({"learning_rate": -1}, ValueError, "learning_rate must be a finite number from 0 to 10000; got -1."),
        ({"momentum": 1}, ValueError, "momentum must be a finite number at least 0 and below 1; got 1."),
        ({"nesterov": None}, TypeError, "nesterov must be True or False; got None."),
        ({"schedule": "linear"}, ValueError, "schedule must be one of 'constant', 'step', 'exponential', 'cosine'"),
        ({"schedule": "step(every=0)"}, ValueError, "every must be an integer at least 1; got 0."),
        ({"regularizer": "l3"}, ValueError, "regularizer must be one of 'none', 'l2', 'l1'; got 'l3'."),
        ({"regularization_rate": -1}, ValueError, "regularization_rate must be a finite number from 0 to 1000"),
        ({"dropout": 1.0}, ValueError, "dropout must be a finite number at least 0 and below 1; got 1.0."),
        ({"batch_size": 0}, ValueError, "batch_size must be an integer at least 1; got 0."),
        ({"batch_size": True}, TypeError, "batch_size must be an integer at least 1; got True."),
        ({"batch_size": 301}, ValueError, "batch_size must be at most the number of training samples, 300; got 301."),
        (
            {"dataset": "spiral(arms=5)", "n_samples": 10, "test_fraction": 0.9, "batch_size": 1},
            ValueError,
            "test_fraction must leave each of the 5 classes a training sample; got 0.9 of 10 samples.",
        ),
        ({"shuffle": "yes"}, TypeError, "shuffle must be True or False; got 'yes'."),
        ({"seed": -1}, ValueError, "seed must be an integer from 0 to 4294967295; got -1."),
    ],
)
def test_bad_fields_are_refused(fields: dict[str, Any], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=re.escape(message)):
        ExperimentConfig(**fields)
    with pytest.raises(kind, match=re.escape(message)):
        ExperimentConfig.from_dict(fields)


def test_what_is_no_dict_of_fields_is_refused() -> None:
    with pytest.raises(TypeError, match=re.escape("saved must be a dict of fields; got [1].")):
        ExperimentConfig.from_dict([1])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=re.escape("got 'learning_rat'. Did you mean 'learning_rate'?")):
        ExperimentConfig.from_dict({"learning_rat": 1})


def test_a_configuration_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        ExperimentConfig().noise = 0.5  # type: ignore[misc]


# --- what follows, and building -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "output", "loss", "layers"),
    [
        ({}, "sigmoid", "binary_cross_entropy", (2, 8, 8, 1)),
        ({"dataset": "spiral(arms=4)"}, "softmax", "categorical_cross_entropy", (2, 8, 8, 4)),
        ({"dataset": "hills", "hidden_sizes": ()}, "identity", "mean_squared_error", (2, 1)),
        ({"output": "softmax"}, "softmax", "categorical_cross_entropy", (2, 8, 8, 2)),
        ({"output": "identity"}, "identity", "mean_squared_error", (2, 8, 8, 1)),
        ({"loss": "quadratic"}, "sigmoid", "quadratic", (2, 8, 8, 1)),
        ({"dataset": "blobs(classes=3)", "output": "sigmoid"}, "sigmoid", "binary_cross_entropy", (2, 8, 8, 3)),
    ],
)
def test_what_is_left_open_is_chosen_by_the_data(
    fields: dict[str, Any], output: str, loss: str, layers: tuple[int, ...]
) -> None:
    config = ExperimentConfig(**fields)
    assert (config.resolved_output, config.resolved_loss, config.layer_sizes) == (output, loss, layers)
    session = config.build()
    assert (session.network.output.name, session.loss.name, session.network.layer_sizes) == (output, loss, layers)
    session.run(1)


SMALL = st.fixed_dictionaries({"n_samples": st.integers(10, 40), "hidden_sizes": st.just((3,))})


@settings(max_examples=40)
@given(configs(), SMALL)
def test_every_valid_configuration_builds_what_it_says_and_takes_a_step(
    config: ExperimentConfig, small: dict[str, Any]
) -> None:
    if isinstance(config.activation, tuple):
        small["activation"] = config.activation[:1] or "tanh"
    test_fraction = config.test_fraction
    config = dataclasses.replace(config, test_fraction=0.0, batch_size=None)
    config = dataclasses.replace(config, **small, test_fraction=min(test_fraction, 0.5), learning_rate=1e-3)
    session = config.build(evaluate_every=0)
    assert session.network.layer_sizes == config.layer_sizes
    assert session.network.dtype.name == config.dtype
    assert session.network.has_bias == config.bias
    assert [str(a) for a in session.network.activations] == [str(nn.activations.get(session.network.activations[0]))]
    assert str(session.network.initializer) == config.initializer
    assert session.train.n_samples == config.n_train == session.batch_size
    assert (session.test.n_samples if session.test else 0) == config.n_test
    assert session.loss.name == config.resolved_loss
    assert session.optimizer.learning_rate == config.learning_rate
    assert session.optimizer.name == config.optimizer.partition("(")[0]
    assert (session.regularizer is None) == (config.regularizer == "none" or config.regularization_rate == 0)
    assert (session.dropout, session.shuffle, session.seed) == (config.dropout, config.shuffle, config.seed)
    assert str(session.schedule) == config.schedule
    session.step()
    assert session.n_steps == 1


def test_parameters_of_names_reach_what_is_built() -> None:
    config = ExperimentConfig(
        dataset="spiral(arms=3)",
        activation=("elu(alpha=2)", "tanh"),
        initializer="normal(std=0.25)",
        optimizer="adam(beta_1=0.5)",
        schedule="step(every=7)",
        momentum=0.5,
    )
    session = config.build()
    assert session.train.n_classes == 3
    assert session.network.activations == (nn.activations.elu(alpha=2), nn.activations.tanh())
    assert session.network.initializer == nn.initializers.normal(std=0.25)
    assert session.optimizer == nn.Adam(0.03, beta_1=0.5)
    assert session.schedule == nn.schedules.step(every=7)


def test_the_same_configuration_builds_the_same_run() -> None:
    runs = [ExperimentConfig(dropout=0.1, seed=seed).build().run(2).network.parameters.tobytes() for seed in (3, 3, 4)]
    assert runs[0] == runs[1] != runs[2]


# --- live settings ------------------------------------------------------------------------------------------

#: Another value of each setting than its default; rates are ones that the page offers.
OTHER_VALUES: dict[str, Any] = {
    "dataset": "moons",
    "points": OWN[0],
    "n_samples": 300,
    "noise": 0.1,
    "test_fraction": 0.5,
    "features": ("x1", "x1**2"),
    "hidden_sizes": (4,),
    "activation": "relu",
    "output": "identity",
    "loss": "quadratic",
    "initializer": "he_normal",
    "bias": False,
    "dtype": "float32",
    "optimizer": "adam",
    "learning_rate": 0.1,
    "momentum": 0.5,
    "nesterov": True,
    "schedule": "cosine",
    "regularizer": "l1",
    "regularization_rate": 0.01,
    "dropout": 0.5,
    "batch_size": None,
    "shuffle": False,
    "seed": 7,
    "data_seed": 7,
    "max_epochs": 50,
    "target_loss": 0.1,
    "patience": 20,
    "n_rows": 100,
    "standardise": True,
    "log_target": True,
    "columns": (2,),
}


@pytest.mark.parametrize("name", FIELDS)
def test_only_live_fields_may_change_within_a_run(name: str) -> None:
    config = ExperimentConfig()
    other = changed(config, **{name: OTHER_VALUES[name]})
    assert other != config
    assert config.same_run(other) == other.same_run(config) == (name in LIVE_FIELDS)


def test_live_settings_leave_what_was_learned_and_the_optimizers_state() -> None:
    config = ExperimentConfig(regularizer="l2", dropout=0.2)
    session = config.build().run(2)
    parameters, velocity = session.network.parameters.tobytes(), session.snapshot().optimizer["vectors"]["velocity"]
    assert velocity.any()
    dataclasses.replace(
        config, learning_rate=0.5, momentum=0.3, nesterov=True, schedule="cosine", regularizer="l1", dropout=0.4
    ).apply_live(session)
    assert session.network.parameters.tobytes() == parameters
    assert np.array_equal(session.snapshot().optimizer["vectors"]["velocity"], velocity)
    assert session.optimizer == nn.SGD(0.5, momentum=0.3, nesterov=True)
    assert session.schedule == nn.schedules.cosine()
    assert session.regularizer == nn.L1(0.001)
    assert session.dropout == 0.4
    assert session.epoch == 2


def test_another_optimizer_begins_without_a_state_and_keeps_the_parameters() -> None:
    config = ExperimentConfig()
    session = config.build().run(2)
    parameters = session.network.parameters.tobytes()
    dataclasses.replace(config, optimizer="adam(beta_1=0.5)", learning_rate=0.25).apply_live(session)
    assert session.network.parameters.tobytes() == parameters
    assert session.optimizer == nn.Adam(0.25, beta_1=0.5)
    assert session.optimizer.n_updates == 0


def test_applying_the_same_settings_changes_nothing_in_the_run() -> None:
    config = ExperimentConfig(dropout=0.2, optimizer="adam", regularizer="l2")
    plain, applied = config.build().run(1), config.build().run(1)
    config.apply_live(applied)
    assert plain.run(2).network.parameters.tobytes() == applied.run(2).network.parameters.tobytes()
