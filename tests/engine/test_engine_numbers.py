"""The engine's numbers: worked by hand, finite at the extremes, and of the precision that was asked for."""

from __future__ import annotations

import copy
import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import nnplay as nn
from nnplay.engine.activations import ACTIVATIONS
from nnplay.engine.initializers import INITIALIZERS
from nnplay.engine.losses import LOSSES
from nnplay.engine.optimizers import OPTIMIZERS, Optimizer
from nnplay.engine.outputs import OUTPUTS
from nnplay.engine.schedules import SCHEDULES

PAIRS = [(loss, output) for loss in LOSSES for output in OUTPUTS if output in LOSSES[loss].valid_outputs]


# --- a 2-2-1 network, worked out on paper -------------------------------------------------------------------


@pytest.fixture
def small() -> nn.Network:
    """Return the network of the worked example; for x = (1, 2) its hidden z are 1 and 0."""
    network = nn.Network([2, 2, 1], "sigmoid", "sigmoid")
    network.weights[0][:] = [[0.5, -0.5], [0.25, 0.75]]
    network.biases[0][:] = [0.0, -1.0]
    network.weights[1][:] = [[2.0], [-1.0]]
    network.biases[1][:] = [0.5]
    return network


def test_the_forward_pass_gives_the_numbers_worked_by_hand(small: nn.Network) -> None:
    (hidden,) = small.hidden_activations([[1, 2]])
    assert np.allclose(hidden, [[0.7310585786300049, 0.5]], rtol=1e-14)
    assert np.allclose(small.forward([[1, 2]]), [[0.8118562749129378]], rtol=1e-14)
    assert np.allclose(small.predict_proba([[1, 2]]), [[0.1881437250870622, 0.8118562749129378]], rtol=1e-14)
    assert small.predict([[1, 2], [-9, 2]]).tolist() == [1, 0]


def test_backpropagation_gives_the_numbers_worked_by_hand(small: nn.Network) -> None:
    loss, gradient = small.loss_and_gradient([[1, 2]], [1], "binary_cross_entropy")
    assert loss == pytest.approx(0.2084319558257912, rel=1e-14)
    expected = [
        [-0.07398260303324236, 0.04703593127176554],  # from input 1
        [-0.1479652060664847, 0.09407186254353108],  # from input 2
        [-0.07398260303324236, 0.04703593127176554],  # hidden biases
        [-0.137544084240302],  # from hidden unit 1
        [-0.09407186254353108],  # from hidden unit 2
        [-0.1881437250870622],  # output bias
    ]
    assert np.allclose(gradient, np.concatenate(expected), rtol=1e-13)


def test_the_squared_error_gives_the_numbers_worked_by_hand(small: nn.Network) -> None:
    loss, gradient = small.loss_and_gradient([[1, 2]], [1], "mean_squared_error")
    assert loss == pytest.approx(0.03539806128963602, rel=1e-14)
    assert gradient[-1] == pytest.approx(-0.05747627635548753, rel=1e-13)


def test_softmax_and_its_cross_entropy_give_the_numbers_worked_by_hand() -> None:
    network = nn.Network([1, 3], output="softmax")
    network.weights[0][:] = [[1.0, 2.0, 3.0]]
    assert np.allclose(network.forward([[1]]), [[0.09003057317038046, 0.24472847105479764, 0.6652409557748219]])
    loss, gradient = network.loss_and_gradient([[1]], [2])
    assert loss == pytest.approx(0.4076059644443803, rel=1e-14)
    assert np.allclose(gradient[:3], [0.09003057317038046, 0.24472847105479764, -0.3347590442251781])


@pytest.mark.parametrize(
    ("loss", "value", "bias_gradient"),
    [
        ("mean_squared_error", 23 / 6, [2 / 3, 2.0, 1 / 3]),
        ("sum_squared_error", 23.0, [4.0, 12.0, 2.0]),
        ("quadratic", 5.75, [1.0, 3.0, 0.5]),
    ],
)
def test_the_squared_losses_reduce_over_samples_and_outputs_as_defined(
    loss: str, value: float, bias_gradient: list[float]
) -> None:
    network = nn.Network([3, 3], output="identity")
    network.weights[0][:] = np.eye(3)
    # The errors are 1, 2, 0 and 1, 4, 1: squares sum to 23, columns to 2, 6, 1; 2 samples, 3 outputs.
    result, gradient = network.loss_and_gradient([[1, 2, 0], [3, 5, 1]], [[0.0, 0, 0], [2, 1, 0]], loss)
    assert result == pytest.approx(value, rel=1e-14)
    assert np.allclose(gradient[-3:], bias_gradient, rtol=1e-14)


def test_the_binary_cross_entropy_adds_outputs_and_averages_samples() -> None:
    network = nn.Network([2, 3], initializer="zeros")
    loss, gradient = network.loss_and_gradient([[1, 0], [0, 1]], [[1, 0, 1], [1, 1, 0]])
    assert loss == pytest.approx(2.0794415416798357, rel=1e-14)  # 3 · ln 2
    assert gradient[-3:].tolist() == [-0.5, 0.0, 0.0]


def test_labels_and_one_hot_rows_are_the_same_targets() -> None:
    network = nn.Network([2, 4, 3], output="softmax")
    X = [[0.0, 1], [1, 0], [1, 1]]
    by_label = network.loss_and_gradient(X, [0, 2, 1])
    by_row = network.loss_and_gradient(X, [[1, 0, 0], [0, 0, 1], [0, 1, 0]])
    assert by_label[0] == by_row[0]
    assert np.array_equal(by_label[1], by_row[1])


# --- activations --------------------------------------------------------------------------------------------

KNOWN_VALUES = {
    "relu": [(-2.0, 0.0), (0.0, 0.0), (3.0, 3.0)],
    "leaky_relu": [(-2.0, -0.02), (3.0, 3.0)],
    "leaky_relu(slope=0.5)": [(-2.0, -1.0), (3.0, 3.0)],
    "tanh": [(0.0, 0.0), (1.0, 0.7615941559557649), (-1.0, -0.7615941559557649)],
    "elu": [(-1.0, -0.6321205588285577), (3.0, 3.0)],
    "elu(alpha=2)": [(-1.0, -1.2642411176571153), (3.0, 3.0)],
    "sigmoid": [(0.0, 0.5), (2.0, 0.8807970779778823), (-2.0, 0.1192029220221176)],
    "identity": [(-2.5, -2.5), (3.0, 3.0)],
    "softplus": [(0.0, 0.6931471805599453), (-1.0, 0.31326168751822286)],
    "silu": [(0.0, 0.0), (1.0, 0.7310585786300049), (-1.0, -0.2689414213699951)],
    "gelu": [(0.0, 0.0), (1.0, 0.8411919906082768), (-1.0, -0.15880800939172324)],
    "sine": [(0.0, 0.0), (1.0, 0.8414709848078965), (-2.0, -0.9092974268256817)],
}


def test_every_activation_has_known_values() -> None:
    assert {name.partition("(")[0] for name in KNOWN_VALUES} == set(ACTIVATIONS)


@pytest.mark.parametrize("name", KNOWN_VALUES)
def test_activations_have_their_known_values(name: str) -> None:
    z, a = np.array(KNOWN_VALUES[name]).T
    activation = nn.activations.get(name)
    assert np.allclose(activation(z), a, rtol=1e-14, atol=1e-16)
    assert np.array_equal(activation(z.tolist()), activation(z))
    assert [float(activation(number)) for number in z] == activation(z).tolist()


@pytest.mark.parametrize("name", KNOWN_VALUES)
def test_derivatives_are_the_slopes_of_the_values(name: str) -> None:
    z = np.array([-30.0, -5.0, -1.3, -0.75, -0.2, -0.01, 0.01, 0.2, 0.75, 1.3, 5.0, 30.0])
    activation = nn.activations.get(name)
    slopes = (activation(z + 1e-5) - activation(z - 1e-5)) / 2e-5
    derivative = activation.derivative(z, activation(z), np.empty_like(z))
    assert np.allclose(derivative, slopes, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("name", KNOWN_VALUES)
def test_activations_stay_within_their_stated_bounds(name: str) -> None:
    activation = nn.activations.get(name)
    low, high = activation.bounds
    values = activation(np.linspace(-40, 40, 80_001))
    for bound, extreme in ((low, values.min()), (high, -values.max())):
        if bound is None:
            assert extreme < -0.39  # it does go on without a bound
        else:
            signed = bound if bound is low else -bound
            assert signed - 1e-12 <= extreme < signed + 1e-6  # and the bound is a tight one


# --- optimizers, schedules, penalties -----------------------------------------------------------------------


def after_two_steps(optimizer: Optimizer) -> list[list[float]]:
    """Return the parameters 1, -2 after a step with the gradients 0.5, -1, and after another with 0.25, 3."""
    parameters = np.array([1.0, -2.0])
    optimizer.bind(parameters)
    trace = []
    for gradient in ([0.5, -1.0], [0.25, 3.0]):
        optimizer.update(parameters, np.array(gradient), optimizer.learning_rate)
        trace.append(parameters.tolist())
    return trace


@pytest.mark.parametrize(
    ("optimizer", "first", "second"),
    [
        (nn.SGD(0.1), [0.95, -1.9], [0.925, -2.2]),
        (nn.SGD(0.1, momentum=0.9), [0.95, -1.9], [0.88, -2.11]),
        (nn.SGD(0.1, momentum=0.9, nesterov=True), [0.905, -1.81], [0.817, -2.299]),
        (nn.SGD(0.1, nesterov=True), [0.95, -1.9], [0.925, -2.2]),
        (
            nn.RMSProp(0.1, decay=0.9, epsilon=1e-12),
            [0.6837722339831620, -1.683772233983162],
            [0.5363302778282649, -1.985283578560925],
        ),
        (nn.Adagrad(0.1), [0.9, -1.9], [0.85527864045000421, -1.994868329805051380]),
        (nn.Adam(0.1, epsilon=1e-12), [0.9, -1.9], [0.80678203611885910, -1.949418983329708704]),
    ],
    ids=str,
)
def test_the_first_two_steps_are_those_worked_by_hand(
    optimizer: Optimizer, first: list[float], second: list[float]
) -> None:
    assert np.allclose(after_two_steps(optimizer), [first, second], rtol=1e-9)


@pytest.mark.parametrize(
    ("optimizer", "first"),
    [
        (nn.RMSProp(0.3, decay=0.75, epsilon=1.0), [0.88, -1.8]),  # roots 0.25 and 0.5: 0.15/1.25, 0.3/1.5
        (nn.Adagrad(0.3, epsilon=1.0), [0.9, -1.85]),  # roots 0.5 and 1: 0.15/1.5, 0.3/2
    ],
    ids=str,
)
def test_epsilon_is_added_after_the_root(optimizer: Optimizer, first: list[float]) -> None:
    assert np.allclose(after_two_steps(optimizer)[0], first, rtol=1e-12)


def test_optimizers_have_the_documented_defaults() -> None:
    assert nn.SGD().hyperparameters == {"learning_rate": 0.1, "momentum": 0.0, "nesterov": False}
    assert (nn.RMSProp().decay, nn.RMSProp().epsilon) == (0.9, 1e-7)
    assert nn.Adagrad().epsilon == 1e-10
    assert (nn.Adam().beta_1, nn.Adam().beta_2, nn.Adam().epsilon) == (0.9, 0.999, 1e-8)


@pytest.mark.parametrize(
    ("schedule", "factors"),
    [
        ("constant", {0: 1.0, 1: 1.0, 10_000: 1.0}),
        ("step(every=10, gamma=0.1)", {0: 1.0, 9: 1.0, 10: 0.1, 19: 0.1, 20: 0.01}),
        ("exponential(gamma=0.5)", {0: 1.0, 1: 0.5, 3: 0.125}),
        ("cosine(epochs=100)", {0: 1.0, 25: 0.8535533905932737, 50: 0.5, 100: 0.0, 500: 0.0}),
        ("cosine(epochs=100, floor=0.2)", {0: 1.0, 50: 0.6, 100: 0.2, 101: 0.2}),
    ],
)
def test_schedules_have_the_factors_worked_by_hand(schedule: str, factors: dict[int, float]) -> None:
    made = nn.schedules.get(schedule)
    assert [made.factor(epoch) for epoch in factors] == pytest.approx(list(factors.values()), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules_start_at_one_and_never_rise(name: str) -> None:
    factors = [nn.schedules.get(name).factor(epoch) for epoch in range(0, 1000, 7)]
    assert factors[0] == 1.0
    assert all(later <= earlier for earlier, later in itertools.pairwise(factors))


@pytest.mark.parametrize(
    ("regularizer", "penalty", "pull"),
    [
        (nn.L2(0.5), 3.5, [0.5, -1.0, 0, 1.5, 0]),  # squares 1 + 4 + 9 = 14
        (nn.L1(0.5), 3.0, [0.5, -0.5, 0, 0.5, 0]),  # sizes 1 + 2 + 3 = 6
    ],
    ids=str,
)
def test_penalties_act_on_weights_and_leave_biases_free(
    regularizer: nn.regularizers.Regularizer, penalty: float, pull: list[float]
) -> None:
    network = nn.Network([2, 1, 1], bias=True)
    network.parameters = [1.0, -2.0, 10.0, 3.0, -10.0]  # two weights, a bias, a weight, a bias
    assert network.is_weight.tolist() == [1, 1, 0, 1, 0]
    assert regularizer.penalty(network.parameters, network.is_weight) == pytest.approx(penalty)
    gradient = np.ones(5)
    regularizer.add_gradient(gradient, network.parameters, network.is_weight)
    assert np.allclose(gradient - 1.0, pull)


# --- initializers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "variance", "bound"),
    [
        ("normal(std=0.5)", 0.25, None),
        ("uniform(limit=2)", 4 / 3, 2.0),
        ("xavier_uniform", 0.0025, 0.0866025403784),
        ("xavier_normal", 0.0025, None),
        ("he_uniform", 2 / 300, 0.1414213562373),
        ("he_normal", 2 / 300, None),
        ("lecun_normal", 1 / 300, None),
    ],
)
def test_initializers_have_their_variance_and_their_bound(name: str, variance: float, bound: float | None) -> None:
    weights = nn.initializers.get(name).draw(np.random.default_rng(0), 300, 500)
    assert weights.shape == (300, 500)
    assert weights.var() == pytest.approx(variance, rel=0.02)
    assert abs(weights.mean()) < 5 * math.sqrt(variance / weights.size)
    largest = np.abs(weights).max()
    if bound is None:
        assert largest > 4 * math.sqrt(variance)  # a normal distribution has tails
    else:
        assert 0.999 * bound < largest <= bound


@pytest.mark.parametrize("name", INITIALIZERS)
def test_biases_start_at_zero_and_the_same_seed_gives_the_same_weights(name: str) -> None:
    one, same, other = (nn.Network([3, 5, 2], initializer=name, seed=seed) for seed in (4, 4, 5))
    assert not any(bias.any() for bias in one.biases)
    assert one.parameters.tobytes() == same.parameters.tobytes()
    assert (one.parameters.tobytes() == other.parameters.tobytes()) == (name == "zeros")


# --- the extremes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_loss_and_gradient_are_finite_where_a_logit_is_a_thousand(loss: str, output: str, dtype: str) -> None:
    network = nn.Network([1, 2], output=output, dtype=dtype)
    network.weights[0][:] = [[1.0, -1.0]]
    X = [[1000.0], [-1000.0], [1000.0], [-1000.0]]
    y = [[1, 0], [1, 0], [0, 1], [0, 1]]
    value, gradient = network.loss_and_gradient(X, y, loss)
    assert math.isfinite(value)
    assert value > 0.1  # two of the four are as wrong as can be
    assert np.isfinite(gradient).all()


def test_a_confident_mistake_costs_as_many_nats_as_its_logit() -> None:
    one = nn.Network([1, 1])
    one.weights[0][:] = 1.0
    assert one.loss_and_gradient([[1000.0]], [0])[0] == 1000.0
    assert one.loss_and_gradient([[-1000.0]], [1])[0] == 1000.0
    assert one.loss_and_gradient([[1000.0]], [1])[0] == 0.0
    three = nn.Network([1, 3], output="softmax")
    three.weights[0][:] = [[1.0, 0.0, -1.0]]
    assert three.loss_and_gradient([[1000.0]], [2])[0] == 2000.0


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_are_finite_where_a_hidden_unit_is_at_a_thousand(activation: str, dtype: str) -> None:
    network = nn.Network([1, 2, 1], activation, dtype=dtype)
    network.weights[0][:] = [[1.0, -1.0]]
    network.weights[1][:] = [[0.5], [0.25]]
    value, gradient = network.loss_and_gradient([[1000.0], [-1000.0]], [1, 0])
    assert math.isfinite(value)
    assert np.isfinite(gradient).all()
    assert np.isfinite(nn.activations.get(activation)(np.array([-1e4, 1e4], dtype))).all()


@given(arrays.arrays(np.float64, (4, 3), elements=st.floats(-1000, 1000)))
def test_softmax_rows_are_probabilities_that_sum_to_one(logits: np.ndarray) -> None:
    network = nn.Network([3, 3], output="softmax")
    network.weights[0][:] = np.eye(3)
    outputs = network.forward(logits)
    assert (outputs >= 0).all()
    assert np.allclose(outputs.sum(axis=1), 1.0, rtol=0, atol=1e-15 * 8)
    assert np.allclose(network.forward(logits + 7.0), outputs, rtol=1e-9, atol=1e-300)  # a shift changes nothing


# --- precision, views, biases -------------------------------------------------------------------------------


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_float32_network_computes_in_float32_throughout(activation: str, output: str) -> None:
    network = nn.Network([2, 3, 2], activation, output, dtype="float32")
    X, y = np.random.default_rng(0).normal(size=(5, 2)), np.eye(2)[[0, 1, 0, 1, 1]]
    assert network.parameters.dtype == np.float32
    assert network.forward(X).dtype == np.float32
    assert [a.dtype for a in network.hidden_activations(X)] == [np.float32]
    assert network.loss_and_gradient(X, y)[1].dtype == np.float32
    z = X.astype(np.float32)
    hidden = nn.activations.get(activation)
    assert hidden(z).dtype == np.float32
    a = hidden(z)
    for inside in (hidden.value(z, np.empty_like(z)), hidden.derivative(z, a, np.empty_like(z))):
        assert inside.dtype == np.float32


@pytest.mark.parametrize("regularizer", [None, nn.L1(0.1), nn.L2(0.1)], ids=str)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_training_in_float32_stays_in_float32(optimizer: str, regularizer: Any) -> None:
    data = nn.datasets.make("moons", n_samples=20)
    network = nn.Network([2, 3, 1], dtype="float32")
    before = network.parameters.copy()
    session = nn.TrainingSession(
        network, data, optimizer=OPTIMIZERS[optimizer](), regularizer=regularizer, dropout=0.2, batch_size=7
    ).run(2)
    assert not np.array_equal(network.parameters, before)
    vectors = session.snapshot().optimizer["vectors"].values()
    assert {vector.dtype for vector in (network.parameters, *vectors)} == {np.dtype(np.float32)}


def test_weights_and_biases_are_views_of_the_parameters() -> None:
    network = nn.Network([2, 3, 1])
    assert [weights.shape for weights in network.weights] == [(2, 3), (3, 1)]
    assert [biases.shape for biases in network.biases] == [(3,), (1,)]
    for part in (*network.weights, *network.biases):
        assert np.shares_memory(part, network.parameters)
    network.parameters[:] = np.arange(13.0)
    assert network.weights[0].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert network.biases[0].tolist() == [6, 7, 8]
    assert network.weights[1].tolist() == [[9], [10], [11]]
    assert network.biases[1].tolist() == [12]
    network.weights[1][2, 0] = -5.0
    assert network.parameters[11] == -5.0


def test_writing_in_a_weight_changes_what_the_network_answers() -> None:
    network = nn.Network([1, 1], output="identity", initializer="zeros")
    assert network.forward([[2.0]]).tolist() == [[0.0]]
    network.weights[0][0, 0] = 3.0
    network.biases[0][0] = 0.5
    assert network.forward([[2.0]]).tolist() == [[6.5]]


def test_assigning_parameters_copies_the_values_and_keeps_the_views() -> None:
    network = nn.Network([2, 3, 1])
    vector, values = network.parameters, np.arange(13.0)
    network.parameters = values
    values[:] = 0.0
    assert network.parameters is vector
    assert network.weights[0][0, 1] == 1.0


def test_a_network_without_biases_has_weights_alone() -> None:
    network = nn.Network([2, 3, 1], bias=False)
    assert network.parameters.size == 2 * 3 + 3 * 1
    assert network.is_weight.all()
    assert [biases.tolist() for biases in network.biases] == [[0, 0, 0], [0]]
    with pytest.raises(ValueError, match="read-only"):
        network.biases[0][0] = 1.0
    assert network.forward([[0.0, 0.0]]).tolist() == [[0.5]]  # tanh 0 is 0 all the way, with nothing to shift it


@pytest.mark.parametrize("duplicate", [nn.Network.copy, copy.deepcopy])
def test_a_copy_answers_alike_and_shares_no_memory(duplicate: Any) -> None:
    network = nn.Network([2, 3, 2], ["elu(alpha=2)"], "softmax", dtype="float32", bias=False, seed=3)
    network.parameters *= 1.5
    twin = duplicate(network)
    assert repr(twin) == repr(network)
    assert twin.parameters.tobytes() == network.parameters.tobytes()
    assert not np.shares_memory(twin.parameters, network.parameters)
    before = network.forward([[1.0, 2.0]])
    twin.parameters[:] = 0.0
    assert twin.forward([[1.0, 2.0]]).tolist() == [[0.5, 0.5]]
    assert network.forward([[1.0, 2.0]]).tolist() == before.tolist()


def test_reset_gives_the_untrained_network_back() -> None:
    network = nn.Network([2, 3, 1], seed=5)
    before = network.parameters.tobytes()
    network.parameters += 1.0
    network.reset()
    assert network.parameters.tobytes() == before


def test_answers_are_the_callers_to_keep() -> None:
    network = nn.Network([2, 3, 1])
    first = network.forward([[1.0, 2.0]])
    kept = first.copy()
    network.forward([[-5.0, 1.0]])
    assert first.tolist() == kept.tolist()
    (hidden,) = network.hidden_activations([[1.0, 2.0]])
    hidden[:] = 99.0
    assert network.forward([[1.0, 2.0]]).tolist() == kept.tolist()


@pytest.mark.parametrize("n_samples", [1, 2, 3, 50])
def test_samples_are_answered_one_by_one_as_together(n_samples: int) -> None:
    network = nn.Network([2, 5, 4, 3], ["relu", "silu"], "softmax")
    X = np.random.default_rng(0).normal(size=(n_samples, 2))
    together = network.forward(X)
    assert together.shape == (n_samples, 3)
    assert np.allclose([network.forward(row[np.newaxis])[0] for row in X], together, rtol=1e-12)


def test_predictions_have_the_form_that_goes_with_the_output() -> None:
    X = np.random.default_rng(0).normal(size=(4, 2))
    several = nn.Network([2, 3], output="sigmoid")
    assert several.predict(X).tolist() == several.forward(X).argmax(axis=1).tolist()
    classes = nn.Network([2, 3], output="softmax")
    assert classes.predict(X).tolist() == classes.forward(X).argmax(axis=1).tolist()
    assert np.array_equal(classes.predict_proba(X), classes.forward(X))
    values = nn.Network([2, 1], output="identity")
    assert values.predict(X).tolist() == values.forward(X)[:, 0].tolist()
    assert nn.Network([2, 2], output="identity").predict(X).shape == (4, 2)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e300])
def test_parameters_that_are_not_finite_are_refused_and_nothing_changes(dtype: str, bad: float) -> None:
    network = nn.Network([2, 2, 1], dtype=dtype)
    before = network.parameters.copy()
    values = np.zeros(network.parameters.size)
    values[3] = bad
    if dtype == "float64" and bad == 1e300:
        network.parameters = values
        return
    with pytest.raises(ValueError, match=r"parameters must hold finite numbers only; got .* at \[3\]"):
        network.parameters = values
    np.testing.assert_array_equal(network.parameters, before)
