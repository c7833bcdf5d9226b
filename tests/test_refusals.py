"""Refusals: which argument, what it must be, what it got, and the nearest valid choice."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import nnplay as nn
from nnplay.engine.activations import ACTIVATIONS
from nnplay.engine.losses import LOSSES
from nnplay.engine.outputs import OUTPUTS
from nnplay.registry import Registry
from nnplay.validation import MAX_SHOWN

DATA = nn.datasets.make("moons", n_samples=20)
THREE = nn.datasets.make("spiral", n_samples=21, arms=3)
WIDE = nn.datasets.Dataset(np.ones((4, 3)), [0, 1, 0, 1])
X2 = [[0.0, 1.0], [1.0, 0.0]]

ACTIVATION_NAMES = f"activation must be one of {', '.join(map(repr, ACTIVATIONS))}; got "
OPTIMIZER_RATE = "learning_rate must be a finite number from 0 to 10000; got "


def network(**arguments: Any) -> nn.Network:
    return nn.Network(arguments.pop("layer_sizes", [2, 3, 1]), **arguments)


def session(**arguments: Any) -> nn.TrainingSession:
    return nn.TrainingSession(
        arguments.pop("network", nn.Network([2, 3, 1])),
        arguments.pop("train", DATA),
        arguments.pop("test", None),
        **arguments,
    )


def gradient(y: Any, **arguments: Any) -> Any:
    return network(**arguments).loss_and_gradient(X2, y)


def assigned(thing: Any, name: str, value: Any) -> None:
    setattr(thing, name, value)


Case = tuple[Callable[[], Any], type[Exception], str]

NETWORKS: list[Case] = [
    (
        lambda: network(layer_sizes=[2]),
        ValueError,
        "layer_sizes must be a sequence of at least 2 integers, inputs to outputs; got [2].",
    ),
    (lambda: network(layer_sizes=[]), ValueError, "at least 2 integers, inputs to outputs; got []."),
    (
        lambda: network(layer_sizes=5),
        TypeError,
        "layer_sizes must be a sequence of at least 2 integers, inputs to outputs; got 5.",
    ),
    (lambda: network(layer_sizes="2,1"), TypeError, "inputs to outputs; got '2,1'."),
    (lambda: network(layer_sizes=[2, 0, 1]), ValueError, "layer_sizes[1] must be an integer at least 1; got 0."),
    (lambda: network(layer_sizes=[2, -3, 1]), ValueError, "layer_sizes[1] must be an integer at least 1; got -3."),
    (lambda: network(layer_sizes=[2, 3.0, 1]), TypeError, "layer_sizes[1] must be an integer at least 1; got 3.0."),
    (lambda: network(layer_sizes=[2, True]), TypeError, "layer_sizes[1] must be an integer at least 1; got True."),
    (lambda: network(layer_sizes=[2, None]), TypeError, "layer_sizes[1] must be an integer at least 1; got None."),
    (
        lambda: network(layer_sizes=[100_000, 100_000]),
        ValueError,
        "layer_sizes must give at most 100,000,000 parameters; got 10,000,100,000 from (100000, 100000).",
    ),
    (lambda: network(activation="rulu"), ValueError, ACTIVATION_NAMES + "'rulu'. Did you mean 'relu'?"),
    (lambda: network(activation="ReLU"), ValueError, ACTIVATION_NAMES + "'ReLU'. Did you mean 'relu'?"),
    (lambda: network(activation=""), ValueError, ACTIVATION_NAMES + "''."),
    (lambda: network(activation=None), ValueError, ACTIVATION_NAMES + "None."),
    (lambda: network(activation=np.tanh), ValueError, ACTIVATION_NAMES + "<ufunc 'tanh'>."),
    (
        lambda: network(activation=["tanh", "tanh"]),
        ValueError,
        "activation must be one name or one for each of the 1 hidden layers; got 2.",
    ),
    (lambda: network(activation=["tan"]), ValueError, ACTIVATION_NAMES + "'tan'. Did you mean 'tanh'?"),
    (lambda: network(activation=[3]), ValueError, ACTIVATION_NAMES + "3."),
    (
        lambda: network(activation="elu(alpha=0)"),
        ValueError,
        "alpha must be a finite number at most 100 and above 0; got 0.",
    ),
    (lambda: network(activation="elu(beta=1)"), ValueError, "activation 'elu' takes alpha; got 'beta'."),
    (
        lambda: network(output="softmac"),
        ValueError,
        "output must be one of 'identity', 'sigmoid', 'softmax'; got 'softmac'. Did you mean 'softmax'?",
    ),
    (lambda: network(output="tanh"), ValueError, "output must be one of 'identity', 'sigmoid', 'softmax'; got 'tanh'."),
    (lambda: network(output=None), ValueError, "output must be one of 'identity', 'sigmoid', 'softmax'; got None."),
    (
        lambda: network(output="softmax"),
        ValueError,
        "layer_sizes must end in at least 2 outputs with output 'softmax', a choice between classes; got 1. "
        "Did you mean output 'sigmoid'?",
    ),
    (lambda: network(initializer="he"), ValueError, "initializer must be one of 'zeros', 'normal', "),
    (lambda: network(initializer="he_norml"), ValueError, "got 'he_norml'. Did you mean 'he_normal'?"),
    (
        lambda: network(initializer="normal(std=-1)"),
        ValueError,
        "std must be a finite number at most 100 and above 0; got -1.",
    ),
    (lambda: network(initializer="zeros(std=1)"), ValueError, "initializer 'zeros' takes no parameters; got 'std'."),
    (lambda: network(dtype="float16"), ValueError, "dtype must be one of 'float64', 'float32'; got 'float16'."),
    (lambda: network(dtype=int), ValueError, "dtype must be one of 'float64', 'float32'; got "),
    (lambda: network(bias=1), TypeError, "bias must be True or False; got 1."),
    (lambda: network(bias=None), TypeError, "bias must be True or False; got None."),
    (lambda: network(seed=-1), ValueError, "seed must be an integer at least 0; got -1."),
    (lambda: network(seed=1.5), TypeError, "seed must be an integer at least 0; got 1.5."),
    (lambda: network(seed=None), TypeError, "seed must be an integer at least 0; got None."),
    (
        lambda: assigned(network(), "parameters", np.zeros(5)),
        ValueError,
        "parameters must have shape (13,); got shape (5,).",
    ),
    (lambda: assigned(network(), "parameters", 0.0), ValueError, "parameters must have shape (13,); got shape ()."),
]

INPUTS = "X must be an array of numbers of shape (n_samples, 2)"
SAMPLES: list[Case] = [
    (lambda: network().forward([0.0, 1.0]), ValueError, f"{INPUTS}; got shape (2,)."),
    (lambda: network().forward([[1.0, 2.0, 3.0]]), ValueError, f"{INPUTS}; got shape (1, 3)."),
    (lambda: network().forward(np.zeros((0, 2))), ValueError, f"{INPUTS}; got shape (0, 2)."),
    (lambda: network().forward([["a", "b"]]), TypeError, f"{INPUTS}; got [['a', 'b']]."),
    (lambda: network().forward(None), TypeError, f"{INPUTS}; got None."),
    (lambda: network().forward([[1.0], [1.0, 2.0]]), TypeError, f"{INPUTS}; got [[1.0], [1.0, 2.0]]."),
    (lambda: network().predict([[0.0, np.nan]]), ValueError, "X must hold finite numbers only; got nan at [0, 1]"),
    (
        lambda: network().predict_proba([[np.inf, 0.0]]),
        ValueError,
        "X must hold finite numbers only; got inf at [0, 0]",
    ),
    (lambda: network().hidden_activations([[1.0]]), ValueError, f"{INPUTS}; got shape (1, 1)."),
    (
        lambda: network(output="identity").predict_proba(X2),
        ValueError,
        "predict_proba must have output 'sigmoid' or 'softmax'; got 'identity'. Use predict or forward.",
    ),
    (
        lambda: gradient([0, 1, 0]),
        ValueError,
        "y must have one row for each of the 2 samples, shape (2,) or (2, 1); got shape (3,).",
    ),
    (lambda: gradient([[0, 1], [1, 0]]), ValueError, "y must have 1 column(s), one for each output; got shape (2, 2)."),
    (lambda: gradient(["a", "b"]), TypeError, "y must be class indices or numbers; got ['a', 'b']."),
    (lambda: gradient([[0], [0, 1]]), TypeError, "y must be class indices or numbers; got [[0], [0, 1]]."),
    (lambda: gradient(None), TypeError, "y must be class indices or numbers; got None."),
    (lambda: gradient([0.0, np.nan]), ValueError, "y must hold finite numbers only; got nan at [1]"),
    (
        lambda: gradient([0, 2]),
        ValueError,
        "y must lie between 0 and 1 for loss 'binary_cross_entropy' with 1 output(s); got values from 0 to 2.",
    ),
    (
        lambda: gradient([0, 3], layer_sizes=[2, 3], output="softmax"),
        ValueError,
        "y must hold class indices from 0 to 2, one class for each output; got values from 0 to 3.",
    ),
    (lambda: gradient([0, -1], layer_sizes=[2, 3], output="softmax"), ValueError, "got values from -1 to 0."),
    (
        lambda: gradient([0, 0.5], layer_sizes=[2, 3], output="softmax"),
        ValueError,
        "y must hold class indices from 0 to 2",
    ),
    (
        lambda: gradient([[0.5, 0.4], [1, 0]], layer_sizes=[2, 2], output="softmax"),
        ValueError,
        "y must have rows that sum to 1 for loss 'categorical_cross_entropy'; got rows that don't.",
    ),
    (
        lambda: nn.check_gradient(network(dtype="float32"), X2, [0, 1]),
        ValueError,
        "network must have dtype 'float64' for a gradient check; got 'float32'.",
    ),
    (lambda: nn.check_gradient(network(), [[1.0]], [0]), ValueError, f"{INPUTS}; got shape (1, 1)."),
]

OPTIMIZERS: list[Case] = [
    (lambda: nn.SGD(learning_rate=-0.1), ValueError, OPTIMIZER_RATE + "-0.1."),
    (lambda: nn.SGD(learning_rate=float("nan")), ValueError, OPTIMIZER_RATE + "nan."),
    (lambda: nn.SGD(learning_rate="fast"), TypeError, OPTIMIZER_RATE + "'fast'."),
    (lambda: nn.SGD(learning_rate=True), TypeError, OPTIMIZER_RATE + "True."),
    (lambda: nn.SGD(learning_rate=10**400), ValueError, OPTIMIZER_RATE + "1000"),
    (lambda: nn.SGD(momentum=1.0), ValueError, "momentum must be a finite number at least 0 and below 1; got 1.0."),
    (lambda: nn.SGD(nesterov=1), TypeError, "nesterov must be True or False; got 1."),
    (lambda: nn.RMSProp(decay=-0.5), ValueError, "decay must be a finite number at least 0 and below 1; got -0.5."),
    (lambda: nn.RMSProp(epsilon=0), ValueError, "epsilon must be a finite number at most 1 and above 0; got 0."),
    (lambda: nn.Adagrad(learning_rate=1e5), ValueError, OPTIMIZER_RATE + "100000.0."),
    (lambda: nn.Adam(beta_1=1), ValueError, "beta_1 must be a finite number at least 0 and below 1; got 1."),
    (lambda: nn.Adam(beta_2=None), TypeError, "beta_2 must be a finite number at least 0 and below 1; got None."),
    (lambda: assigned(session().optimizer, "learning_rate", -1), ValueError, OPTIMIZER_RATE + "-1."),
    (
        lambda: assigned(nn.SGD(), "momentum", 2),
        ValueError,
        "momentum must be a finite number at least 0 and below 1; got 2.",
    ),
    (lambda: nn.L2(-1), ValueError, "rate must be a finite number from 0 to 1000; got -1."),
    (lambda: nn.L1("a"), TypeError, "rate must be a finite number from 0 to 1000; got 'a'."),
    (
        lambda: nn.activations.elu(alpha=-1),
        ValueError,
        "alpha must be a finite number at most 100 and above 0; got -1.",
    ),
    (
        lambda: nn.activations.leaky_relu(slope=1),
        ValueError,
        "slope must be a finite number above 0 and below 1; got 1.",
    ),
    (lambda: nn.activations.get("sinus"), ValueError, "got 'sinus'. Did you mean 'sine'?"),
    (
        lambda: nn.initializers.uniform(limit=0),
        ValueError,
        "limit must be a finite number at most 100 and above 0; got 0.",
    ),
    (lambda: nn.schedules.step(every=0), ValueError, "every must be an integer at least 1; got 0."),
    (
        lambda: nn.schedules.exponential(gamma=2),
        ValueError,
        "gamma must be a finite number at most 1 and above 0; got 2.",
    ),
    (lambda: nn.schedules.cosine(epochs=1.5), TypeError, "epochs must be an integer at least 1; got 1.5."),
    (lambda: nn.schedules.get("cosin"), ValueError, "Did you mean 'cosine'?"),
]

SESSIONS: list[Case] = [
    (lambda: session(network="mlp"), TypeError, "network must be an instance of Network; got 'mlp'."),
    (lambda: session(train=X2), TypeError, "train must be an instance of Dataset; got [[0.0, 1.0], [1.0, 0.0]]."),
    (
        lambda: session(test=DATA.X),
        TypeError,
        "test must be an instance of Dataset; got an array of shape (20, 2) and dtype float64.",
    ),
    (lambda: session(train=WIDE), ValueError, "train must have 2 features, one for each input of the network; got 3."),
    (lambda: session(test=WIDE), ValueError, "test must have 2 features, one for each input of the network; got 3."),
    (
        lambda: session(train=THREE),
        ValueError,
        "train must have 2 classes for a network with 1 output; got 3. Use 3 outputs with output 'softmax'.",
    ),
    (
        lambda: session(network=nn.Network([2, 2], output="softmax"), train=THREE),
        ValueError,
        "train must have 2 classes for a network with 2 outputs; got 3. Use 3 outputs.",
    ),
    (
        lambda: session(train=nn.datasets.make("hills", n_samples=20)),
        ValueError,
        "y must lie between 0 and 1 for loss 'binary_cross_entropy'",
    ),
    (
        lambda: session(loss="mse"),
        ValueError,
        "loss must be one of 'binary_cross_entropy', 'categorical_cross_entropy', ",
    ),
    (lambda: session(loss="mean_square_error"), ValueError, "Did you mean 'mean_squared_error'?"),
    (lambda: session(loss=3), ValueError, "; got 3."),
    (lambda: session(optimizer="adam"), TypeError, "optimizer must be an instance of Optimizer; got 'adam'."),
    (lambda: session(optimizer=nn.Adam), TypeError, "optimizer must be an instance of Optimizer; got <class"),
    (lambda: session(batch_size=0), ValueError, "batch_size must be an integer at least 1; got 0."),
    (
        lambda: session(batch_size=21),
        ValueError,
        "batch_size must be at most the number of training samples, 20; got 21.",
    ),
    (lambda: session(batch_size=5.0), TypeError, "batch_size must be an integer at least 1; got 5.0."),
    (lambda: session(batch_size=True), TypeError, "batch_size must be an integer at least 1; got True."),
    (lambda: session(shuffle="no"), TypeError, "shuffle must be True or False; got 'no'."),
    (lambda: session(regularizer=0.1), TypeError, "regularizer must be an instance of Regularizer; got 0.1."),
    (lambda: session(regularizer="l2"), TypeError, "regularizer must be an instance of Regularizer; got 'l2'."),
    (lambda: session(dropout=1), ValueError, "dropout must be a finite number at least 0 and below 1; got 1."),
    (lambda: session(dropout=-0.1), ValueError, "dropout must be a finite number at least 0 and below 1; got -0.1."),
    (
        lambda: session(schedule="warmup"),
        ValueError,
        "schedule must be one of 'constant', 'step', 'exponential', 'cosine'",
    ),
    (lambda: session(evaluate_every=-1), ValueError, "evaluate_every must be an integer at least 0; got -1."),
    (lambda: session(seed="0"), TypeError, "seed must be an integer at least 0; got '0'."),
    (lambda: session().step(0), ValueError, "n must be an integer at least 1; got 0."),
    (lambda: session().run(-1), ValueError, "epochs must be an integer at least 0; got -1."),
    (lambda: session().run(1.5), TypeError, "epochs must be an integer at least 0; got 1.5."),
    (lambda: session().score(DATA.X), TypeError, "data must be an instance of Dataset; got an array of shape"),
    (lambda: session().score(WIDE), ValueError, "data must have 2 features, one for each input of the network; got 3."),
    (lambda: session().restore({}), TypeError, "state must be an instance of Snapshot; got {}."),
    (
        lambda: assigned(session(), "optimizer", None),
        TypeError,
        "optimizer must be an instance of Optimizer; got None.",
    ),
    (
        lambda: assigned(session(), "dropout", "0"),
        TypeError,
        "dropout must be a finite number at least 0 and below 1; got '0'.",
    ),
]

DATASETS: list[Case] = [
    (
        lambda: session(train=nn.datasets.Dataset(X2, [1, 1])),
        ValueError,
        "train must have at least 2 classes; got only '1'.",
    ),
    (
        lambda: nn.datasets.Dataset([[0.0], [np.nan]], [0, 1]),
        ValueError,
        "X must hold finite numbers only; got nan at [1, 0]",
    ),
    (lambda: nn.datasets.make("moon"), ValueError, "Did you mean 'moons'?"),
    (
        lambda: nn.datasets.make("moons", n_samples=True),
        TypeError,
        "n_samples must be an integer from 10 to 100000; got True.",
    ),
    (lambda: DATA.split(1.5), ValueError, "test_fraction must be a finite number above 0 and below 1; got 1.5."),
]


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [*NETWORKS, *SAMPLES, *OPTIMIZERS, *SESSIONS, *DATASETS],
    ids=lambda value: value[:70] if isinstance(value, str) else None,
)
def test_bad_arguments_are_refused_in_the_one_form(
    call: Callable[[], Any], kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=re.escape(message)) as caught:
        call()
    assert isinstance(caught.value, TypeError) == (kind is TypeError)
    assert re.fullmatch(r"\S+ .*(must|takes|got).*[.?]", str(caught.value), re.DOTALL)


@pytest.mark.parametrize(
    ("loss", "output"),
    [(loss, output) for loss in LOSSES for output in OUTPUTS if output not in LOSSES[loss].valid_outputs],
)
def test_a_pair_that_makes_no_sense_is_refused_with_the_valid_ones_named(loss: str, output: str) -> None:
    fitting = [name for name in LOSSES if output in LOSSES[name].valid_outputs]
    made = nn.Network([2, 2], output=output)
    for call in (
        lambda: made.loss_and_gradient(X2, [0, 1], loss),
        lambda: nn.check_gradient(made, X2, [0, 1], loss),
        lambda: nn.TrainingSession(made, DATA, loss=loss),
    ):
        with pytest.raises(
            ValueError, match=f"loss must fit the output; got loss '{loss}' with output '{output}'"
        ) as caught:
            call()
        message = str(caught.value)
        assert all(f"{valid!r} with {loss!r}" in message for valid in LOSSES[loss].valid_outputs)
        assert message.endswith(f"with output {output!r} the losses " + ", ".join(map(repr, fitting)) + ".")


def test_a_refused_setting_leaves_the_old_one() -> None:
    made = session(optimizer=nn.SGD(0.5), dropout=0.25)
    for thing, name, value in ((made.optimizer, "learning_rate", -1), (made, "dropout", 2), (made, "optimizer", 3)):
        with pytest.raises((TypeError, ValueError)):
            setattr(thing, name, value)
    assert made.optimizer.learning_rate == 0.5
    assert made.dropout == 0.25
    made.run(1)


def test_a_long_value_is_cut_in_the_message() -> None:
    with pytest.raises(ValueError, match="activation must be") as caught:
        network(activation="x" * 10_000)
    assert len(str(caught.value)) < len(ACTIVATION_NAMES) + MAX_SHOWN + 5


def test_the_state_of_another_optimizer_is_refused() -> None:
    adam, sgd = nn.Adam(), nn.SGD()
    for optimizer in (adam, sgd):
        optimizer.bind(np.zeros(3))
    with pytest.raises(ValueError, match=re.escape("state must be of optimizer 'sgd'; got one of 'adam'.")):
        sgd.restore(adam.snapshot())


def test_a_name_can_be_registered_once() -> None:
    registry: Registry[int] = Registry("number")
    registry.register("one")(1)
    with pytest.raises(ValueError, match=re.escape("number 'one' is registered already.")):
        registry.register("one")(2)
    assert registry["one"] == 1


@pytest.mark.parametrize(
    ("argument", "call"),
    [
        ("layer_sizes", lambda value: nn.Network(value)),
        ("class_names", lambda value: nn.Network([2, 1]).predict_labels([[0.0, 1.0]], value)),
        ("weights", lambda value: setattr(nn.Network([2, 1]), "weights", value)),
        ("class_names", lambda value: nn.datasets.Dataset([[0.0], [1.0]], [0, 1], class_names=value)),
        ("features", lambda value: nn.ExperimentConfig(features=value)),
        ("hidden_sizes", lambda value: nn.ExperimentConfig(hidden_sizes=value)),
        ("missing", lambda value: nn.datasets.read_table("a,b\n1,2\n", missing=value)),
        ("columns", lambda value: nn.datasets.from_table(nn.datasets.read_table("a,b\n1,2\n"), columns=value)),
    ],
)
@pytest.mark.parametrize("value", [np.array(3.0), np.array("relu")], ids=["number", "word"])
def test_an_array_of_no_dimension_is_no_list(argument: str, call: Callable[[Any], Any], value: np.ndarray) -> None:
    with pytest.raises((TypeError, ValueError), match=rf"^{argument} must be .*got an array of shape \(\)"):
        call(value)
