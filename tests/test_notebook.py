"""What a notebook's user does with data, networks and sessions works as it reads, or is refused in one sentence."""

from __future__ import annotations

import copy
import math
import pickle
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import nnplay as nn
from nnplay.datasets import Dataset
from nnplay.engine import losses
from nnplay.engine.optimizers import OPTIMIZERS

MOONS = nn.datasets.make("moons", n_samples=60, noise=0.1, seed=0)
TRAIN, TEST = MOONS.split(0.25, seed=0)
CLOUDS = np.array([[0.0, 0.0], [5.0, 0.0], [0.0, 5.0]])


def clouds(labels: list[Any], each: int = 10) -> Dataset:
    """Return clouds whose classes a linear model tells apart, one for each of three labels."""
    X = np.repeat(CLOUDS, each, axis=0) + 0.3 * np.random.default_rng(0).normal(size=(3 * each, 2))
    return Dataset(X, np.repeat(np.array(labels), each))


def trained_on_clouds(labels: list[Any]) -> nn.TrainingSession:
    network = nn.Network([2, 3], output="softmax")
    return nn.TrainingSession(network, clouds(labels), optimizer=nn.SGD(0.5)).run(60)


def moon_session(**arguments: Any) -> nn.TrainingSession:
    network = arguments.pop("network", None) or nn.Network([2, 4, 3, 1])
    arguments = {"optimizer": nn.SGD(0.1, momentum=0.9), "batch_size": 7, "dropout": 0.1, **arguments}
    return nn.TrainingSession(network, TRAIN, TEST, **arguments)


def diverged(dtype: str = "float64") -> nn.TrainingSession:
    network = nn.Network([2, 4, 1], activation="relu", output="identity", dtype=dtype)
    X = np.random.default_rng(0).normal(size=(20, 2))
    session = nn.TrainingSession(network, Dataset(X, 1e3 * X[:, 0]), optimizer=nn.SGD(100.0))
    with pytest.warns(nn.DivergenceWarning):
        return session.run(100)


# --- 1. labels are the training set's -------------------------------------------------------------------------------


@pytest.mark.parametrize("labels", [[0, 1, 2], [10, 20, 30], ["ash", "beech", "cedar"], [-1, 0, 1]])
@pytest.mark.parametrize("kept", [[1], [2, 0], [2, 1], [0, 1, 2]])
def test_a_test_set_that_lacks_a_class_is_scored_by_the_training_sets_labels(
    labels: list[Any], kept: list[int]
) -> None:
    session = trained_on_clouds(labels)
    assert session.history["train_score"][-1] == 1.0
    y = np.array(labels)[kept]
    assert session.score(Dataset(CLOUDS[kept], y)) == 1.0
    assert session.score(Dataset(CLOUDS[kept], y[::-1])) == (len(kept) % 2) / len(kept)
    beside = nn.TrainingSession(session.network, clouds(labels), Dataset(CLOUDS[kept], y))
    assert beside.history["test_score"].tolist() == [1.0]
    assert beside.test is not None
    assert beside.test.class_names == beside.train.class_names


def test_two_classes_of_which_one_is_tested() -> None:
    session = nn.TrainingSession(nn.Network([2, 1]), clouds([0, 1, 1]), optimizer=nn.SGD(0.5)).run(100)
    for label, point in enumerate(CLOUDS[:2]):
        assert session.score(Dataset([point], [label])) == 1.0
        assert session.score(Dataset([point], [1 - label])) == 0.0


def test_a_label_is_the_same_in_another_form() -> None:
    session = nn.TrainingSession(nn.Network([2, 1]), clouds([0, 1, 1]), optimizer=nn.SGD(0.5)).run(100)
    for labels in ([0.0, 1.0, 1.0], [False, True, True], ["0", "1", "1"], np.array([0, 1, 1], "u1")):
        assert session.score(Dataset(CLOUDS, labels)) == 1.0
        assert session.score(Dataset(CLOUDS[1:], labels[1:])) == 1.0  # of 1.0 alone nothing says that it is a label
    with pytest.raises(ValueError, match="got regression data"):
        session.score(Dataset(CLOUDS[1:], [1.0, 1.0], task="regression"))


def test_the_names_of_all_classes_can_be_given_where_some_are_lacking() -> None:
    named = Dataset(CLOUDS, ["ash", "beech", "cedar"])
    assert Dataset(CLOUDS, ["cedar", "ash", "ash"], class_names=named.class_names).y.tolist() == [2, 0, 0]
    assert Dataset(CLOUDS, [2, 2, 2], class_names=named.class_names).y.tolist() == [2, 2, 2]
    assert Dataset(CLOUDS, [1, 2, 2], class_names=("1", "2", "3")).y.tolist() == [0, 1, 1]


def test_names_of_ones_own_are_found_by_label_and_by_name() -> None:
    train = Dataset(CLOUDS, [1, 2, 3], class_names=("ash", "beech", "cedar"))
    assert Dataset(CLOUDS[:2], [3, 1]).encoded_as(train).y.tolist() == [2, 0]
    assert Dataset(CLOUDS[:2], ["cedar", "ash"]).encoded_as(train).y.tolist() == [2, 0]
    with pytest.raises(ValueError, match="must label its classes as the training set does; got 'beech' for label '1'"):
        Dataset(CLOUDS[:2], [1, 2], class_names=train.class_names).encoded_as(train)  # or are 1 and 2 counted from 0?


@pytest.mark.parametrize("labels", [["beech", "oak"], ["oak", "oak"]])
def test_an_unknown_label_is_refused_by_name(labels: list[str]) -> None:
    session = trained_on_clouds(["ash", "beech", "cedar"])
    for use in (session.score, lambda data: nn.TrainingSession(session.network, session.train, data)):
        with pytest.raises(ValueError, match="training set has, 'ash', 'beech', 'cedar'; got 'oak'"):
            use(Dataset(CLOUDS[:2], labels))


def test_the_class_that_a_typing_error_meant_is_named() -> None:
    session = trained_on_clouds(["ash", "beech", "cedar"])
    with pytest.raises(ValueError, match=r"got 'beach'\. Did you mean 'beech'\?"):
        session.score(Dataset(CLOUDS[:1], ["beach"]))


def test_two_classes_need_one_output_or_two() -> None:
    with pytest.raises(ValueError, match="must have 3 classes for a network with 3 outputs; got 2"):
        nn.TrainingSession(nn.Network([2, 3], output="softmax"), MOONS)
    nn.TrainingSession(nn.Network([2, 2], output="softmax"), MOONS)


def test_columns_in_another_order_are_refused() -> None:
    train = Dataset(CLOUDS, [0, 1, 1], feature_names=["length", "width"])
    session = nn.TrainingSession(nn.Network([2, 1]), train)
    with pytest.raises(ValueError, match="data must have its columns in the order of the training set"):
        session.score(Dataset(CLOUDS, [0, 1, 1], feature_names=["width", "length"]))


# --- 2. threads -----------------------------------------------------------------------------------------------------


def test_one_network_answers_several_threads_at_once() -> None:
    network = nn.Network([2, 64, 64, 1])
    inputs = [np.random.default_rng(k).normal(size=(2000, 2)) for k in range(4)]
    expected = [network.copy().forward(X) for X in inputs]
    start = threading.Barrier(4)

    def answers(k: int) -> bool:
        start.wait()
        return all(np.array_equal(network.forward(inputs[k]), expected[k]) for _ in range(25))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(answers, range(4)))


# --- 3. copies ------------------------------------------------------------------------------------------------------


def through_joblib(thing: Any, folder: Path) -> Any:
    joblib.dump(thing, folder / "thing.joblib")
    return joblib.load(folder / "thing.joblib")


WAYS: list[Callable[[Any, Path], Any]] = [
    lambda thing, _: copy.deepcopy(thing),
    lambda thing, _: copy.copy(thing),
    lambda thing, _: pickle.loads(pickle.dumps(thing)),
    through_joblib,
]


@pytest.fixture(params=WAYS, ids=["deepcopy", "copy", "pickle", "joblib"])
def copied(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Any], Any]:
    return lambda thing: request.param(thing, tmp_path)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_copied_network_is_one_of_its_own(copied: Callable[[Any], Any], dtype: str, bias: bool) -> None:
    network = nn.Network([2, 3, 2], ["elu(alpha=2)"], "softmax", dtype=dtype, bias=bias)
    network.weights[0][:] = 0.5
    network.forward(TEST.X)
    twin = copied(network)
    assert twin.parameters.tobytes() == network.parameters.tobytes()
    assert np.array_equal(twin.forward(TEST.X), network.forward(TEST.X))
    twin.weights[1][:] = 7.0
    assert twin.parameters.max() == 7.0
    assert network.parameters.max() < 7.0
    assert not bias or np.shares_memory(twin.biases[0], twin.parameters)
    assert str(twin.activations) == str(network.activations)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_copied_session_goes_on_bit_for_bit_and_apart(copied: Callable[[Any], Any], optimizer: str) -> None:
    settings = {"regularizer": nn.L2(1e-3), "schedule": "step(every=2)", "optimizer": OPTIMIZERS[optimizer]()}
    session = moon_session(**settings).run(2).step(3)
    twin = copied(session)
    apart = session.network.parameters.tobytes()
    twin.run(3)
    assert session.network.parameters.tobytes() == apart
    session.run(3)
    assert twin.network.parameters.tobytes() == session.network.parameters.tobytes() != apart
    assert pd.DataFrame(twin.history).equals(pd.DataFrame(session.history))
    assert (twin.epoch, twin.n_steps, twin.learning_rate) == (5, session.n_steps, session.learning_rate)


def test_a_copy_keeps_how_a_session_was_made(copied: Callable[[Any], Any]) -> None:
    session = moon_session(
        max_epochs=5, target_loss=0.01, patience=2, evaluate_every=2, shuffle=False, loss="quadratic"
    )
    twin = copied(session)
    for name in ("max_epochs", "target_loss", "patience", "evaluate_every", "shuffle", "batch_size", "dropout", "seed"):
        assert getattr(twin, name) == getattr(session, name)
    assert twin.loss.name == "quadratic"
    assert twin.history["epoch"].tolist() == [0]


def test_a_copied_dataset_is_read_only(copied: Callable[[Any], Any]) -> None:
    twin = copied(MOONS)
    assert np.array_equal(twin.X, MOONS.X)
    assert (twin.class_names, twin.feature_names, twin.name) == (MOONS.class_names, MOONS.feature_names, MOONS.name)
    for array in (twin.X, twin.y):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_what_diverged_can_be_copied(copied: Callable[[Any], Any]) -> None:
    session = diverged()
    twin = copied(session)
    assert twin.divergence == session.divergence
    assert np.array_equal(twin.network.parameters, session.network.parameters, equal_nan=True)


def test_sessions_train_in_other_processes() -> None:
    sessions = [moon_session(seed=seed) for seed in (0, 1)]
    trained = joblib.Parallel(n_jobs=2)(joblib.delayed(session.run)(3) for session in sessions)
    for session, there in zip(sessions, trained, strict=True):
        assert session.epoch == 0
        assert there.network.parameters.tobytes() == session.run(3).network.parameters.tobytes()


# --- 5. predict and score agree ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("output", "n_outputs"), [("sigmoid", 1), ("sigmoid", 3), ("softmax", 3), ("identity", 3)])
def test_predict_labels_is_what_a_score_compares(output: str, n_outputs: int) -> None:
    data = clouds(["ash", "beech", "cedar"] if n_outputs == 3 else ["ash", "beech", "beech"])
    for seed in range(5):
        network = nn.Network([2, n_outputs], output=output, seed=seed)
        labels = network.predict_labels(data.X, data.class_names)
        right = np.mean(labels == np.array(data.class_names)[data.y])
        assert nn.TrainingSession(network, data).score(data) == pytest.approx(right)
        if output != "identity":
            assert np.mean(network.predict(data.X) == data.y) == pytest.approx(right)


@pytest.mark.parametrize(("names", "kind"), [(("a", "b"), ValueError), ("abc", TypeError), (3, TypeError)])
def test_names_that_are_not_one_for_each_class_are_refused(names: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind, match="class_names must be a sequence of 3 names, one for each class; got"):
        nn.Network([2, 3], output="softmax").predict_labels(CLOUDS, names)


# --- 6. assignments ---------------------------------------------------------------------------------------------------


def test_weights_and_biases_can_be_assigned() -> None:
    network, other = nn.Network([2, 3, 1]), nn.Network([2, 3, 1], seed=1)
    views = [*network.weights, *network.biases]
    network.weights = other.weights
    assert np.array_equal(network.forward(TEST.X), other.forward(TEST.X))
    network.weights = [np.ones((2, 3)), [[2], [2], [2]]]
    network.weights[0] = np.full((2, 3), 5.0)
    network.weights[-1] *= 2
    network.biases[1] = [7]
    network.biases[:1] = [np.ones(3)]
    assert network.parameters.tolist() == [5.0] * 6 + [1.0] * 3 + [4.0] * 3 + [7.0]
    assert all(old is new for old, new in zip(views, network.weights + network.biases, strict=True))


@pytest.mark.parametrize(
    ("assign", "kind", "message"),
    [
        (
            lambda n: setattr(n, "weights", [np.ones((2, 3))]),
            ValueError,
            "weights must be 2 arrays, one for each layer",
        ),
        (lambda n: setattr(n, "weights", 5), TypeError, "weights must be 2 arrays, one for each layer; got 5."),
        (
            lambda n: setattr(n, "weights", [np.full((2, 3), 9.0), np.ones((1, 3))]),
            ValueError,
            r"weights\[1\] must have shape \(3, 1\); got shape \(1, 3\).",
        ),
        (lambda n: n.weights.__setitem__(0, np.ones(3)), ValueError, r"weights\[0\] must have shape \(2, 3\)"),
        (lambda n: n.weights.__setitem__(0, np.full((2, 3), np.nan)), ValueError, "must hold finite numbers only"),
        (lambda n: n.weights.__setitem__(2, np.ones((2, 3))), ValueError, "index of weights must be an integer from"),
        (lambda n: n.biases.__setitem__(0, ["a", "b", "c"]), TypeError, r"biases\[0\] must be an array of numbers"),
    ],
)
def test_a_refused_assignment_to_weights_changes_nothing(
    assign: Callable[[nn.Network], None], kind: type[Exception], message: str
) -> None:
    network = nn.Network([2, 3, 1])
    before = network.parameters.tobytes()
    with pytest.raises(kind, match=message):
        assign(network)
    assert network.parameters.tobytes() == before


def test_biases_of_a_network_without_them_are_refused() -> None:
    with pytest.raises(ValueError, match=r"biases\[0\] can't be set in a network without biases"):
        nn.Network([2, 1], bias=False).biases[0] = [1.0]


def test_a_batch_size_acts_from_the_next_epoch_on() -> None:
    session, other = moon_session(dropout=0.0).run(2), moon_session(dropout=0.0, batch_size=45).run(2)
    session.batch_size = 5
    assert session.steps_per_epoch == 9
    before = session.n_steps
    assert session.run(1).n_steps == before + 9
    other.batch_size = 7  # was the full batch, which needs no order
    other.network.parameters = moon_session(dropout=0.0).network.parameters
    other.optimizer = nn.SGD(0.1, momentum=0.9)
    assert other.run(2).network.parameters.tobytes() == moon_session(dropout=0.0).run(2).network.parameters.tobytes()
    session.batch_size = None
    assert session.steps_per_epoch == 1


def test_a_snapshot_from_before_brings_the_batch_size_back() -> None:
    session = moon_session().run(1).step(2)
    state, expected = session.snapshot(), copy.deepcopy(session).run(2)
    session.run(1)
    session.batch_size, session.shuffle = 5, False
    assert session.restore(state).run(2).network.parameters.tobytes() == expected.network.parameters.tobytes()
    assert (session.batch_size, session.shuffle) == (7, True)


def test_a_batch_size_within_an_epoch_is_refused() -> None:
    session = moon_session().step(2)
    with pytest.raises(ValueError, match="batch_size can be changed between two epochs only; got it after step 2 of 7"):
        session.batch_size = 5


def test_another_loss_is_trained_and_measured() -> None:
    session, other = moon_session().run(1), moon_session(loss="quadratic")
    session.loss = "quadratic"
    session.network.parameters = other.network.parameters
    session.optimizer = nn.SGD(0.1)
    other.optimizer = nn.SGD(0.1)
    assert session.measure() == other.measure()
    gradient = session.network.loss_and_gradient(TRAIN.X, TRAIN.y, "quadratic")[1]
    session.batch_size, session.dropout, before = None, 0.0, session.network.parameters.copy()
    session.step()
    np.testing.assert_allclose(session.network.parameters, before - 0.1 * gradient)
    with pytest.raises(ValueError, match="loss must fit the output"):
        session.loss = "categorical_cross_entropy"
    assert session.loss.name == "quadratic"


def test_a_schedule_is_checked_when_it_is_set() -> None:
    session = moon_session()
    session.schedule = "step(every=1, gamma=0.5)"
    assert session.run(2).learning_rate == pytest.approx(0.1 / 4)
    with pytest.raises(ValueError, match="schedule must be one of 'constant', 'step'"):
        session.schedule = "linear"
    assert session.schedule == nn.schedules.step(every=1, gamma=0.5)


@pytest.mark.parametrize(
    ("thing", "name", "message"),
    [
        (nn.SGD(), "lr", "SGD has no attribute 'lr' to set. Did you mean 'learning_rate'?"),
        (nn.Adam(), "beta1", "Adam has no attribute 'beta1' to set. Did you mean 'beta_1'?"),
        (nn.Adam(), "eps", "Did you mean 'epsilon'?"),
        (nn.Network([2, 1]), "weight", "Network has no attribute 'weight' to set. Did you mean 'weights'?"),
        (nn.Network([2, 1]), "coefs_", "Did you mean 'weights'?"),
        (nn.Network([2, 1]), "qqq", "What can be set is 'biases', 'parameters', 'weights'."),
        (nn.Network([2, 1]), "layer_sizes", "Network.layer_sizes can't be changed. Make a new Network."),
        (nn.Network([2, 1]), "activations", "Network.activations can't be changed."),
        (nn.Network([2, 1]), "output", "Network.output can't be changed."),
        (moon_session(), "network", "TrainingSession.network can't be set. Make a new TrainingSession"),
        (moon_session(), "train", "TrainingSession.train can't be changed."),
        (moon_session(), "epoch", "TrainingSession.epoch can't be changed."),
        (moon_session(), "history", "TrainingSession.history can't be set."),
        (moon_session(), "learning_rate", "set optimizer.learning_rate"),
        (moon_session(), "lr", "to set, and learning_rate can't be set. It is the optimizer's"),
        (moon_session(), "batchsize", "Did you mean 'batch_size'?"),
        (moon_session(), "regularizers", "Did you mean 'regularizer'?"),
        (MOONS, "X", "Dataset.X can't be changed. Make a new Dataset, Dataset(X=…)."),
        (MOONS, "classnames", "Dataset(class_names=…)"),
        (nn.L2(), "rate", "L2.rate can't be changed. Make a new L2, L2(rate=…)."),
        (nn.activations.elu(), "alpha", "ELU.alpha can't be changed. Make a new ELU, ELU(alpha=…)."),
        (nn.schedules.step(), "evry", "Make a new Step, Step(every=…)."),
        (moon_session().history, "capacty", "Did you mean 'capacity'?"),
        (moon_session().loss, "name", "BinaryCrossEntropy.name can't be changed."),
        (nn.Network([2, 1]).weights, "foo", "LayerArrays.foo can't be changed."),
        (nn.ExperimentConfig(), "lr", "Make a new ExperimentConfig, ExperimentConfig(learning_rate=…)."),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_cannot_be_assigned_is_refused(thing: Any, name: str, message: str) -> None:
    with pytest.raises(AttributeError) as caught:
        setattr(thing, name, 5)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.SGD(lr=0.1), "SGD has no argument 'lr'. Did you mean 'learning_rate'?"),
        (lambda: nn.Adam(eps=1e-8), "Adam has no argument 'eps'. Did you mean 'epsilon'?"),
        (lambda: nn.L2(lambda_=0.1), "L2 has no argument 'lambda_'. Did you mean 'rate'?"),
        (lambda: nn.Network([2, 1], activations="relu"), "Network has no argument 'activations'. Did you mean"),
        (lambda: nn.TrainingSession(None, TRAIN, criterion="x"), "argument 'criterion'. Did you mean 'loss'?"),
        (lambda: nn.ExperimentConfig(lr=0.1), "ExperimentConfig has no argument 'lr'. Did you mean 'learning_rate'?"),
        (lambda: nn.schedules.step(evry=3), "Step has no argument 'evry'. Did you mean 'every'?"),
        (lambda: Dataset(TRAIN.X, TRAIN.y, qqqqq=1), "Dataset has no argument 'qqqqq'. It takes 'X', 'y'"),
        (lambda: nn.activations.elu(alfa=1), "Did you mean 'alpha'?"),
    ],
)
def test_an_argument_that_is_not_there_is_refused_with_the_one_that_is_meant(
    make: Callable[[], Any], message: str
) -> None:
    with pytest.raises(TypeError) as refused:
        make()
    assert message in str(refused.value)
    assert str(refused.value).endswith((".", "?"))


def test_inputs_and_targets_apart_are_refused_with_what_to_do() -> None:
    session = nn.TrainingSession(nn.Network([2, 1]), TRAIN)
    with pytest.raises(TypeError, match=r"score takes one data set, not X and y apart\. Use score\(nn"):
        session.score(TEST.X, TEST.y)


@pytest.mark.parametrize("epoch", ["2", 1.5, -1, None, 10**400])
@pytest.mark.parametrize("schedule", nn.schedules.SCHEDULES)
def test_a_schedule_is_asked_for_whole_epochs(schedule: str, epoch: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="epoch must be an integer"):
        nn.schedules.get(schedule).factor(epoch)


def test_a_session_says_where_it_stands() -> None:
    session = nn.TrainingSession(nn.Network([2, 3, 1]), TRAIN, batch_size=10, evaluate_every=0)
    assert repr(session) == "<TrainingSession: [2, 3, 1] on moons, 0 epochs>"
    assert repr(session.run(1).step()) == "<TrainingSession: [2, 3, 1] on moons, 1 epoch and 1 step>"
    measured = nn.TrainingSession(nn.Network([2, 3, 1]), TRAIN).run(2)
    assert f"training loss {measured.history['train_loss'][-1]:.4g}" in repr(measured)


def test_nothing_can_be_deleted() -> None:
    with pytest.raises(AttributeError, match=r"Network\.layer_sizes can't be deleted"):
        del nn.Network([2, 1]).layer_sizes


def test_a_subclass_may_have_attributes_of_its_own() -> None:
    class Mine(nn.Network):
        note: str

    mine = Mine([2, 1])
    mine.note = "kept"
    assert copy.deepcopy(mine).note == "kept"


# --- 8. what is not finite --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_score_after_divergence_is_nan(dtype: str) -> None:
    session = diverged(dtype)
    assert math.isnan(session.score(session.train))
    assert all(math.isnan(value) for value in session.measure()[2:])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(("output", "n"), [("sigmoid", 1), ("softmax", 2), ("identity", 1)])
@pytest.mark.parametrize("place", [0, -1])
def test_an_accuracy_of_a_network_that_is_not_finite_is_nan(bad: float, output: str, n: int, place: int) -> None:
    session = nn.TrainingSession(nn.Network([2, 3, n], activation="relu", output=output), TRAIN)
    session.network.parameters[place] = bad
    assert math.isnan(session.score(TEST))


@pytest.mark.parametrize(("right", "loss"), [(0, 0.0), (1, np.inf)])
def test_the_largest_logits_have_a_loss(right: int, loss: float) -> None:
    z = np.array([[1.7e308], [-1.7e308]])
    y = np.eye(2)[:, [right]]
    with np.errstate(over="ignore"):
        assert losses.get(None, "softmax").value(z, np.array([[1.0], [0.0]]), y) == loss


def test_the_largest_logits_have_a_loss_in_a_network() -> None:
    network = nn.Network([1, 2], output="softmax")
    network.weights[0] = [[1.7e308, -1.7e308]]
    assert network.loss_and_gradient([[1.0]], [0])[0] == 0.0
    assert nn.TrainingSession(network, Dataset([[1.0], [-1.0]], [0, 1])).history["train_loss"].tolist() == [0.0]


@pytest.mark.parametrize("optimizer", [nn.RMSProp, nn.Adagrad, nn.Adam])
def test_an_epsilon_that_is_nothing_in_the_runs_precision_is_refused(optimizer: Any) -> None:
    network = nn.Network([2, 1], dtype="float32")
    message = r"epsilon must be at least 1.18e-38 in float32, where less may be rounded to 0; got 1e-50"
    with pytest.raises(ValueError, match=message):
        nn.TrainingSession(network, TRAIN, optimizer=optimizer(epsilon=1e-50))
    session = nn.TrainingSession(network, TRAIN, optimizer=optimizer())
    with pytest.raises(ValueError, match=message):
        session.optimizer.epsilon = 1e-50
    with pytest.raises(ValueError, match=message):
        nn.ExperimentConfig(dtype="float32", optimizer=f"{optimizer.name}(epsilon=1e-50)")
    nn.TrainingSession(nn.Network([2, 1]), TRAIN, optimizer=optimizer(epsilon=1e-50)).run(1)


@pytest.mark.parametrize("ask", ["forward", "predict_proba", "hidden_activations"])
def test_outputs_that_are_nan_are_told_of(ask: str) -> None:
    network = nn.Network([2, 50, 50, 1], "identity", initializer="normal(std=10)", dtype="float32")
    with pytest.warns(RuntimeWarning, match="NaN for 1 sample: their values are too large for float32; scale"):
        getattr(network, ask)([[3e38, -3e38], [1.0, 1.0]])


def test_inputs_beyond_single_precision_are_refused() -> None:
    network = nn.Network([2, 1], dtype="float32")
    message = r"X must lie within 3.403e\+38 of 0, the largest number of float32; got 1e\+300"
    huge = Dataset([[1e300, 0.0], [0.0, 1.0]], [0, 1])
    for ask in (
        lambda: network.predict(huge.X),
        lambda: network.loss_and_gradient(huge.X, huge.y),
        lambda: nn.TrainingSession(network, huge),
        lambda: nn.TrainingSession(network, TRAIN).score(huge),
    ):
        with pytest.raises(ValueError, match=message):
            ask()


def test_no_class_is_predicted_from_nan() -> None:
    network = nn.Network([2, 1])
    network.parameters[0] = np.nan
    with pytest.raises(ValueError, match="its parameters are no longer finite, as training diverged"):
        network.predict(TEST.X)


def test_a_loss_that_is_infinite_from_the_start_is_said_to_be() -> None:
    session = nn.TrainingSession(nn.Network([2, 1], output="identity"), Dataset(1e200 * CLOUDS, [0.5, 1.5, 2.5]))
    with pytest.warns(nn.DivergenceWarning, match="not finite before the first step"):
        session.run(5)


# --- 9. data as they come ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("y", [[3, 1, 4], [7, 7, 7]])
def test_whole_numbers_to_be_predicted_are_advised(y: list[int]) -> None:
    with pytest.raises(ValueError, match=r'use Dataset\(X, y, task="regression"\)'):
        nn.TrainingSession(nn.Network([2, 1], output="identity"), Dataset(CLOUDS, y))
    nn.TrainingSession(nn.Network([2, 1], output="identity"), Dataset(CLOUDS, y, task="regression")).run(1)


def test_the_other_task_beside_the_training_data_is_refused() -> None:
    numbers, classes = Dataset(TEST.X, TEST.X[:, 0]), Dataset(TEST.X, np.arange(len(TEST.X)) % 3)
    with pytest.raises(ValueError, match="must be classification data, as the training set is; got regression data"):
        moon_session().score(numbers)
    with pytest.raises(ValueError, match="test must be classification data"):
        nn.TrainingSession(nn.Network([2, 1]), TRAIN, numbers)
    regression = nn.TrainingSession(nn.Network([2, 1], output="identity"), numbers)
    with pytest.raises(ValueError, match=r'got classification data. Use Dataset\(X, y, task="regression"\)'):
        regression.score(classes)


def test_names_of_a_pandas_table_are_kept() -> None:
    table = pd.DataFrame({"length": [1.0, 2.0, 3.0], "tall": [True, False, True], "age": pd.array([1, 2, 3], "Int64")})
    data = Dataset(table, pd.Series(["cat", "dog", "dog"], name="animal", dtype="category"))
    assert data.feature_names == ("length", "tall", "age")
    assert (data.class_names, data.name) == (("cat", "dog"), "animal")
    assert data.X.tolist() == [[1, 1, 1], [2, 0, 2], [3, 1, 3]]
    assert Dataset(table, pd.get_dummies(pd.Series(["b", "a", "c"]))).class_names == ("a", "b", "c")
    assert Dataset(pd.DataFrame(np.eye(3)), [0, 1, 1]).feature_names == ("x1", "x2", "x3")
    assert Dataset(table, [0, 1, 1], feature_names=["a", "b", "c"]).feature_names == ("a", "b", "c")


def test_a_column_of_words_is_named() -> None:
    table = pd.DataFrame({"length": [1.0, 2.0], "city": ["Rome", "Oslo"]})
    with pytest.raises(TypeError, match="got a table whose column 'city' holds other things"):
        Dataset(table, [0, 1])


MASKED = np.ma.masked_array([[1.0, 2.0], [3.0, 4.0]], mask=[[False, True], [False, False]])


@pytest.mark.parametrize(
    "use",
    [
        lambda: Dataset(MASKED, [0, 1]),
        lambda: Dataset(list(MASKED), [0, 1]),
        lambda: Dataset([[1.0], [2.0]], np.ma.masked_array([0, 1], mask=[True, False])),
        lambda: nn.Network([2, 1]).predict(MASKED),
        lambda: nn.Network([2, 1]).loss_and_gradient([[1.0, 2.0]], np.ma.masked_array([1], mask=[True])),
    ],
)
def test_masked_entries_are_refused(use: Callable[[], Any]) -> None:
    with pytest.raises(ValueError, match="must have no masked entries; got 1"):
        use()


def test_an_array_without_a_masked_entry_is_an_array() -> None:
    assert Dataset(np.ma.masked_array(CLOUDS), np.ma.masked_array([0, 1, 1])).X.tolist() == CLOUDS.tolist()


@pytest.mark.parametrize("form", [sparse.csr_matrix, sparse.coo_array])
def test_sparse_data_are_refused_with_what_to_do(form: Any) -> None:
    with pytest.raises(TypeError, match=r"X must be a dense array; got a sparse one. Use X.toarray\(\)."):
        Dataset(form(CLOUDS), [0, 1, 1])
    with pytest.raises(TypeError, match=r"Use X.toarray\(\)."):
        nn.Network([2, 1]).predict(form(CLOUDS))


def test_a_single_row_is_refused_with_what_to_do() -> None:
    with pytest.raises(ValueError, match=r"got shape \(2,\). Use X.reshape\(-1, 1\) for one feature, or X.reshape\(1,"):
        nn.Network([2, 1]).predict([1.0, 2.0])


def test_a_data_set_in_place_of_its_inputs_is_named() -> None:
    with pytest.raises(TypeError, match=r"got a whole data set\. Use its X\."):
        nn.Network([2, 1]).predict(MOONS)


@pytest.mark.parametrize("dtype", [np.float32, np.dtype("float32"), "float32"])
def test_a_dtype_may_be_numpys(dtype: Any) -> None:
    assert nn.Network([2, 1], dtype=dtype).dtype == Dataset(CLOUDS, [0, 1, 1], dtype=dtype).X.dtype == np.float32


def test_initials_are_understood() -> None:
    with pytest.raises(ValueError, match=r"got 'mse'\. Did you mean 'mean_squared_error'\?"):
        moon_session(loss="mse")


def test_numbers_held_as_objects_are_numbers() -> None:
    data = Dataset(CLOUDS.astype(object), np.array([1, 0, 1], dtype=object))
    assert data.X.dtype == np.float64
    assert data.y.tolist() == [1, 0, 1]
    assert Dataset(CLOUDS, np.array([1.5, 2.5, 3], dtype=object)).task == "regression"
    with pytest.raises(TypeError, match="all of one kind; got objects of type bool, int"):
        Dataset(CLOUDS, np.array([True, 0, 1], dtype=object))


# --- rows by number ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([0, 2], [0, 2]),
        ((2, 0, 0), [2, 0, 0]),
        (np.array([-1]), [2]),
        ([True, False, True], [0, 2]),
        (pd.Series([1, 2]), [1, 2]),
        (slice(None, None, -1), [2, 1, 0]),
        (range(1, 3), [1, 2]),
        (np.array([1], dtype=np.uint64), [1]),
    ],
)
def test_rows_are_taken_by_number_truth_or_slice(rows: Any, expected: list[int]) -> None:
    part = Dataset(CLOUDS, ["a", "b", "c"]).take(rows)
    assert part.X.tolist() == CLOUDS[expected].tolist()
    assert part.y.tolist() == expected


@pytest.mark.parametrize(
    "rows",
    [
        *("2", b"2", 2, 2**63, -(2**70), None, 1.5, {1: 2}, slice("a"), slice(0, 1, 0), slice(1.5), slice(5, 9)),
        *([], [1.5], ["1"], [3], [-4], [2**63], [2**70], [None], [np.nan], np.array([1.0]), [True, False]),
        *([[0, 1]], [[0], [1, 2]], np.ma.masked_array([1], [True]), sparse.csr_matrix(CLOUDS)),
    ],
    ids=repr,
)
def test_rows_that_are_not_there_are_refused(rows: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="rows must "):
        Dataset(CLOUDS, ["a", "b", "c"]).take(rows)
