"""Training sessions: what is recorded, what a step is, and that nothing but the settings and the seed decides a run."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnplay as nn
from nnplay.engine.losses import LOSSES
from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.experiment.training import batches
from nnplay.experiment.training.batches import Batches

MOONS = nn.datasets.make("moons", n_samples=40, noise=0.1, seed=0)
TRAIN, TEST = MOONS.split(0.25, seed=0)  # 30 and 10

OPTIMIZER_CHOICES = {
    "sgd": nn.SGD(0.1),
    "momentum": nn.SGD(0.1, momentum=0.9),
    "nesterov": nn.SGD(0.1, momentum=0.9, nesterov=True),
    "rmsprop": nn.RMSProp(),
    "adagrad": nn.Adagrad(),
    "adam": nn.Adam(),
}


def make(hidden_sizes: tuple[int, ...] = (4, 3), **settings: Any) -> nn.TrainingSession:
    """Return a session on 30 samples, in batches of 7 (so that the last of an epoch has 2) unless told otherwise."""
    arguments = {"optimizer": nn.SGD(0.1, momentum=0.9), "batch_size": 7, **settings}
    return nn.TrainingSession(nn.Network([2, *hidden_sizes, 1]), TRAIN, TEST, **arguments)


def state_of(session: nn.TrainingSession) -> tuple[Any, ...]:
    """Return everything that two equal sessions have in common, down to the bit."""
    snapshot = session.snapshot()
    vectors = {name: vector.tobytes() for name, vector in snapshot.optimizer["vectors"].items()}
    history = {name: column.tobytes() for name, column in session.history.items()}
    return (
        session.epoch,
        session.n_steps,
        session.step_in_epoch,
        session.network.parameters.tobytes(),
        {**snapshot.optimizer, "vectors": vectors},
        snapshot.batches,
        snapshot.dropout_rng,
        history,
    )


# --- history ------------------------------------------------------------------------------------------------


def test_the_history_begins_before_training_and_has_a_row_for_each_epoch() -> None:
    session = make()
    untrained = session.network.loss_and_gradient(TRAIN.X, TRAIN.y)[0]
    session.run(3)
    history = session.history
    assert history["epoch"].tolist() == [0, 1, 2, 3]
    assert history["train_loss"][0] == pytest.approx(untrained, rel=1e-12)
    assert set(history) == {"epoch", "train_loss", "test_loss", "train_score", "test_score", "learning_rate"}
    assert {len(column) for column in history.values()} == {4}


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "mean_squared_error", "sum_squared_error", "quadratic"])
def test_recorded_losses_are_those_of_the_whole_sets(loss: str) -> None:
    session = make(loss=loss, regularizer=nn.L2(0.1), dropout=0.3).run(2)
    network, history = session.network, session.history
    for data, column in ((TRAIN, "train_loss"), (TEST, "test_loss")):
        assert history[column][-1] == pytest.approx(network.loss_and_gradient(data.X, data.y, loss)[0], rel=1e-12)
    for data, column in ((TRAIN, "train_score"), (TEST, "test_score")):
        assert history[column][-1] == (network.predict(data.X) == data.y).mean() == session.score(data)


def test_a_large_set_is_measured_in_parts_that_add_up() -> None:
    data = nn.datasets.make("moons", n_samples=9000)
    for loss in ("binary_cross_entropy", "mean_squared_error", "sum_squared_error", "quadratic"):
        session = nn.TrainingSession(nn.Network([2, 3, 1]), data, loss=loss)
        assert session.history["train_loss"][0] == pytest.approx(
            session.network.loss_and_gradient(data.X, data.y, loss)[0], rel=1e-10
        )
        assert session.history["train_score"][0] == (session.network.predict(data.X) == data.y).mean()


def test_regression_is_scored_by_r_squared() -> None:
    data = nn.datasets.Dataset([[0.0], [1.0], [2.0]], [0.0, 1.5, 3.0])
    network = nn.Network([1, 1], output="identity", initializer="zeros")
    session = nn.TrainingSession(network, data)
    network.biases[0][:] = 1.5
    assert session.score(data) == 0.0  # no better than the mean
    network.parameters = [1.5, 0.0]
    assert session.score(data) == 1.0
    network.parameters = [1.5, 1.0]
    assert session.score(data) == pytest.approx(1 - 3 / 4.5)


def test_evaluate_every_thins_the_rows_and_zero_leaves_none() -> None:
    assert make(evaluate_every=5).run(12).history["epoch"].tolist() == [0, 5, 10]
    session = make(evaluate_every=0).run(3)
    assert session.history.n_rows == 0
    assert session.epoch == 3


def test_how_often_is_measured_changes_nothing_in_what_is_learned() -> None:
    runs = [make(evaluate_every=every, dropout=0.2).run(4).network.parameters.tobytes() for every in (0, 1, 3)]
    assert runs[0] == runs[1] == runs[2]


def test_without_a_test_set_its_columns_are_nan() -> None:
    session = nn.TrainingSession(nn.Network([2, 1]), TRAIN).run(2)
    assert np.isnan(session.history["test_loss"]).all()
    assert np.isnan(session.history["test_score"]).all()
    assert np.isfinite(session.history["train_loss"]).all()
    assert np.isnan(session.measure()[1])


def test_the_history_records_the_learning_rate_of_the_schedule() -> None:
    session = make(optimizer=nn.SGD(0.8), schedule="step(every=2, gamma=0.5)").run(5)
    assert session.history["learning_rate"].tolist() == [0.8, 0.8, 0.4, 0.4, 0.2, 0.2]


def test_a_column_can_be_asked_for_and_an_unknown_one_is_named() -> None:
    history = make().history
    assert "train_loss" in history
    assert "loss" not in history
    with pytest.raises(ValueError, match=re.escape("got 'train_los'. Did you mean 'train_loss'?")):
        history["train_los"]


# --- steps and epochs ---------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(a=st.integers(1, 12), b=st.integers(1, 12), dropout=st.sampled_from([0.0, 0.4]), shuffle=st.booleans())
def test_steps_add_up_also_across_epochs(a: int, b: int, dropout: float, shuffle: bool) -> None:
    arguments: dict[str, Any] = {"dropout": dropout, "shuffle": shuffle}
    assert state_of(make(**arguments).step(a).step(b)) == state_of(make(**arguments).step(a + b))


def test_five_epochs_and_five_more_are_ten() -> None:
    assert state_of(make(dropout=0.2).run(5).run(5)) == state_of(make(dropout=0.2).run(10))


def test_one_call_is_as_many_single_steps() -> None:
    one_by_one = make()
    for _ in range(11):
        one_by_one.step()
    assert state_of(one_by_one) == state_of(make().step(11))


def test_run_counts_an_epoch_that_has_begun_as_the_first() -> None:
    session = make()
    assert session.steps_per_epoch == 5
    session.step(7)
    assert (session.epoch, session.step_in_epoch, session.n_steps) == (1, 2, 7)
    session.run(2)
    assert (session.epoch, session.step_in_epoch, session.n_steps) == (3, 0, 15)
    assert state_of(session.run(0)) == state_of(make().step(15))


def test_run_and_step_return_the_session() -> None:
    session = make()
    assert session.run(1) is session
    assert session.step() is session


def test_an_unshuffled_step_follows_the_gradient_of_its_batch() -> None:
    session = make(optimizer=nn.SGD(0.5), shuffle=False)
    starts = [0, 7, 14, 21, 28]
    for start in starts:  # the last batch has the 2 samples that are left
        X, y = TRAIN.X[start : start + 7], TRAIN.y[start : start + 7]
        before = session.network.parameters.copy()
        gradient = session.network.loss_and_gradient(X, y)[1]
        session.step()
        assert np.allclose(session.network.parameters, before - 0.5 * gradient, rtol=1e-12, atol=1e-14)
    assert len(y) == 2
    assert session.epoch == 1


def test_the_full_batch_is_one_step_an_epoch_and_the_default() -> None:
    default = make(batch_size=None)
    assert (default.batch_size, default.steps_per_epoch) == (30, 1)
    gradient = default.network.loss_and_gradient(TRAIN.X, TRAIN.y)[1]
    before = default.network.parameters.copy()
    default.step()
    assert np.allclose(default.network.parameters, before - 0.1 * gradient, rtol=1e-12, atol=1e-14)
    assert state_of(default.run(3))[3] == state_of(make(batch_size=30).run(4))[3]


def test_a_penalty_adds_to_the_gradient_of_the_weights() -> None:
    session = make(optimizer=nn.SGD(0.5), batch_size=None, regularizer=nn.L2(0.2))
    before, weights = session.network.parameters.copy(), session.network.is_weight
    gradient = session.network.loss_and_gradient(TRAIN.X, TRAIN.y)[1]
    session.step()
    assert np.allclose(session.network.parameters, before - 0.5 * (gradient + 0.2 * weights * before), rtol=1e-12)


@pytest.mark.parametrize("n", [30, 31])
def test_every_sample_is_in_exactly_one_batch_of_an_epoch(n: int) -> None:
    inputs, targets = np.arange(n, dtype=float)[:, np.newaxis], np.arange(n, dtype=float)[:, np.newaxis] * 10
    made = Batches(inputs, targets, 7, shuffle=True, seed=0)
    orders = []
    for _ in range(3):
        parts = [(x.copy(), y.copy()) for x, y in made.rest_of_epoch(100)]
        x, y = (np.concatenate([part[i][0] for part in parts]) for i in (0, 1))
        assert sorted(x) == list(range(n))
        assert np.array_equal(y, x * 10)
        assert [part[0].shape[1] for part in parts] == [7] * 4 + [n - 28]
        orders.append(x.tolist())
    assert orders[0] != orders[1] != orders[2]


@pytest.mark.parametrize("block_bytes", [1, 500, 1000])
def test_data_gathered_in_several_blocks_train_as_in_one(monkeypatch: pytest.MonkeyPatch, block_bytes: int) -> None:
    whole = make().step(13)
    monkeypatch.setattr(batches, "BLOCK_BYTES", block_bytes)
    parts = make()
    assert parts._batches._batches_in_block < parts.steps_per_epoch
    parts.step(6)
    state = parts.snapshot()
    parts.step(9)
    parts.restore(state).step(7)
    assert state_of(parts) == state_of(whole)


# --- settings that change -----------------------------------------------------------------------------------


def test_a_new_learning_rate_acts_on_the_next_step() -> None:
    session = make(optimizer=nn.SGD(0.1), batch_size=None).run(2)
    before = session.network.parameters.copy()
    gradient = session.network.loss_and_gradient(TRAIN.X, TRAIN.y)[1]
    session.optimizer.learning_rate = 0.7
    session.step()
    assert np.allclose(session.network.parameters, before - 0.7 * gradient, rtol=1e-12)
    session.optimizer.learning_rate = 0.0
    frozen = session.network.parameters.tobytes()
    assert session.run(3).network.parameters.tobytes() == frozen


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_takes_a_new_learning_rate_at_once(name: str) -> None:
    session = make(optimizer=OPTIMIZERS[name]()).step(3)
    before = session.network.parameters.copy()
    state = session.snapshot()
    session.step()
    small = np.abs(session.network.parameters - before)
    session.restore(state)
    session.optimizer.learning_rate *= 10
    session.step()
    assert np.allclose(np.abs(session.network.parameters - before), 10 * small, rtol=1e-9)


def test_the_session_copies_the_optimizer_it_is_given() -> None:
    given = nn.SGD(0.1, momentum=0.9)
    one, two = make(optimizer=given), make(optimizer=given)
    one.optimizer.learning_rate = 0.5
    assert (given.learning_rate, two.optimizer.learning_rate) == (0.1, 0.1)
    given.momentum = 0.0
    assert isinstance(one.optimizer, nn.SGD)
    assert one.optimizer.momentum == 0.9


def test_a_new_optimizer_begins_without_a_state() -> None:
    session = make().run(2)
    session.optimizer = nn.Adam(0.02)
    fresh = nn.TrainingSession(session.network.copy(), TRAIN, optimizer=nn.Adam(0.02), batch_size=7, shuffle=False)
    assert session.snapshot().optimizer["n_updates"] == 0
    vectors = session.snapshot().optimizer["vectors"]
    assert vectors.keys() == fresh.snapshot().optimizer["vectors"].keys()
    assert not any(vector.any() for vector in vectors.values())


def test_a_regularizer_and_a_dropout_can_be_set_and_taken_away() -> None:
    plain, changed = make(), make(regularizer=nn.L1(0.5), dropout=0.5)
    changed.regularizer, changed.dropout = None, 0.0
    assert plain.run(2).network.parameters.tobytes() == changed.run(2).network.parameters.tobytes()
    changed.regularizer = nn.L1(0.5)
    assert plain.run(1).network.parameters.tobytes() != changed.run(1).network.parameters.tobytes()


# --- snapshots ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("dropout", [0.0, 0.3])
@pytest.mark.parametrize("optimizer", OPTIMIZER_CHOICES)
def test_restore_after_snapshot_is_the_identity(optimizer: str, dropout: float, shuffle: bool) -> None:
    arguments: dict[str, Any] = {"optimizer": OPTIMIZER_CHOICES[optimizer], "dropout": dropout, "shuffle": shuffle}
    for steps in (0, 3, 5, 12):  # at the start, within the first epoch, at its end, within the third
        session = make(**arguments)
        if steps:
            session.step(steps)
        state, before = session.snapshot(), state_of(session)
        after = state_of(session.step(9))
        assert state_of(session.restore(state)) == before
        assert state_of(session.step(9)) == after
        assert state_of(make(**arguments).restore(state).step(9)) == after  # in another session made alike


@settings(max_examples=40)
@given(
    moves=st.lists(st.one_of(st.integers(1, 8), st.just("snapshot"), st.integers(-5, -1)), max_size=12),
    optimizer=st.sampled_from(sorted(OPTIMIZER_CHOICES)),
    dropout=st.sampled_from([0.0, 0.3]),
)
def test_any_walk_through_snapshots_stays_on_the_one_trajectory(
    moves: list[Any], optimizer: str, dropout: float
) -> None:
    """Positive moves train, negative ones go back to a snapshot; the number of steps alone decides where one is."""
    arguments: dict[str, Any] = {"optimizer": OPTIMIZER_CHOICES[optimizer], "dropout": dropout}
    session = make(**arguments)
    kept = [session.snapshot()]
    for move in moves:
        if move == "snapshot":
            kept.append(session.snapshot())
        elif move > 0:
            session.step(move)
        else:
            session.restore(kept[move % len(kept)])
    straight = make(**arguments)
    if session.n_steps:
        straight.step(session.n_steps)
    assert state_of(session) == state_of(straight)


def test_an_older_and_then_a_newer_snapshot_can_be_restored() -> None:
    session = make(dropout=0.2)
    older = session.step(3).snapshot()
    newer = session.step(9).snapshot()
    at_newer = state_of(session)
    session.step(4)
    session.restore(older).step(1)
    assert state_of(session.restore(newer)) == at_newer
    assert state_of(session.restore(older)) == state_of(make(dropout=0.2).step(3))


def test_a_snapshot_is_not_touched_by_further_training() -> None:
    session = make(optimizer=nn.Adam()).step(3)
    state = session.snapshot()
    before = state.parameters.tobytes(), state.optimizer["vectors"]["mean"].tobytes()
    session.run(3)
    assert (state.parameters.tobytes(), state.optimizer["vectors"]["mean"].tobytes()) == before


def test_a_snapshot_brings_back_the_optimizer_of_its_time() -> None:
    session = make(optimizer=nn.Adam(0.02)).step(6)
    state, expected = session.snapshot(), state_of(make(optimizer=nn.Adam(0.02)).step(9))
    session.optimizer = nn.SGD(0.5)
    session.step(4).restore(state)
    assert state_of(session.step(3)) == expected


# --- dropout ------------------------------------------------------------------------------------------------


def test_dropout_leaves_the_expected_activation_unchanged() -> None:
    network = nn.Network([2, 50, 1], "sigmoid", "identity")
    n, rate = 400, 0.3
    X = np.tile([[0.4, -0.2]], (n, 1))
    gradient = np.empty_like(network.parameters)
    loss = LOSSES["mean_squared_error"]()
    with_dropout = network.backpropagation(loss, n, gradient, rate, np.random.default_rng(0))
    total = np.zeros(n)
    for _ in range(50):
        total += with_dropout.run(network.as_columns(X), np.zeros((1, n)))[0]
    expected = network.forward(X[:1])[0, 0]
    # 20 000 draws of a sum of 50 terms: their spread is known, five standard deviations of their mean.
    terms = network.hidden_activations(X[:1])[0][0] * network.weights[1][:, 0]
    deviation = np.sqrt((terms**2).sum() * rate / (1 - rate) / (50 * n))
    assert abs(total.mean() / 50 - expected) < 5 * deviation
    assert deviation < 0.01


def test_dropout_silences_its_share_of_units_and_their_gradients() -> None:
    network = nn.Network([1, 1000, 1], "identity", "identity", bias=False)
    network.weights[0][:] = 1.0
    network.weights[1][:] = 1.0
    gradient = np.empty_like(network.parameters)
    pass_ = network.backpropagation(LOSSES["quadratic"](), 1, gradient, 0.25, np.random.default_rng(0))
    pass_.run(np.ones((1, 1)), np.zeros((1, 1)))
    below, above = gradient[:1000], gradient[1000:]
    assert np.array_equal(below == 0, above == 0)  # a silent unit learns nothing on either side
    assert (above == 0).mean() == pytest.approx(0.25, abs=0.07)  # five standard deviations


def test_dropout_is_off_when_measuring() -> None:
    plain, dropping = make(dropout=0.0), make(dropout=0.9)
    assert plain.history["train_loss"][0] == dropping.history["train_loss"][0]
    assert plain.measure() == dropping.measure()


def test_dropout_without_a_hidden_layer_changes_nothing() -> None:
    one, other = make((), dropout=0.5).run(2), make((), dropout=0.0).run(2)
    assert one.network.parameters.tobytes() == other.network.parameters.tobytes()


# --- divergence ---------------------------------------------------------------------------------------------


def diverging(**arguments: Any) -> nn.TrainingSession:
    data = nn.datasets.make("hills", n_samples=30)
    network = nn.Network([2, 4, 3, 1], "relu", "identity", "he_normal")
    arguments = {"optimizer": nn.SGD(1e3), "batch_size": 7, **arguments}
    return nn.TrainingSession(network, data, loss="sum_squared_error", **arguments)


@pytest.mark.parametrize(
    ("index", "layer", "what"),
    [
        (0, 1, "a weight of hidden layer 1"),
        (11, 1, "a bias of hidden layer 1"),
        (12, 2, "a weight of hidden layer 2"),
        (26, 2, "a bias of hidden layer 2"),
        (27, 3, "a weight of the output layer"),
        (30, 3, "a bias of the output layer"),
    ],
)
def test_divergence_names_the_epoch_and_the_first_layer(index: int, layer: int, what: str) -> None:
    class Breaking(nn.SGD):
        def update(self, parameters: np.ndarray, gradient: np.ndarray, learning_rate: float | np.ndarray) -> None:
            self.n_updates += 1
            parameters[index:] = np.nan if self.n_updates >= 12 else 0.1

    session = diverging(optimizer=Breaking(), evaluate_every=0)
    assert session.network.parameters.size == 31
    with pytest.warns(nn.DivergenceWarning, match=f"training stopped in epoch 3: {what} is no longer finite"):
        session.run(20)
    assert session.divergence is not None
    assert (session.divergence.epoch, session.divergence.layer, session.divergence.what) == (3, layer, what)


def test_divergence_stops_training_with_a_warning_that_says_what_to_try() -> None:
    session = diverging(evaluate_every=0)
    with pytest.warns(nn.DivergenceWarning, match="no longer finite. Try a learning rate below 1000") as caught:
        session.run(50)
    assert session.divergence is not None
    assert f"epoch {session.divergence.epoch}" in str(caught[0].message)
    assert session.epoch < 50
    stopped_at = session.n_steps
    with pytest.warns(nn.DivergenceWarning):
        session.step(3)
    assert session.n_steps == stopped_at


def test_a_restored_session_trains_on_after_a_divergence() -> None:
    session = diverging()
    state = session.snapshot()
    with pytest.warns(nn.DivergenceWarning):
        session.run(50)
    session.restore(state)
    assert session.divergence is None
    session.optimizer.learning_rate = 1e-3
    session.run(5)
    assert session.divergence is None
    assert session.history["train_loss"][-1] < session.history["train_loss"][0]


def test_a_loss_that_is_no_longer_finite_stops_training_too() -> None:
    data = nn.datasets.Dataset([[1.0], [1.0]], [0.0, 1.0], task="regression")
    session = nn.TrainingSession(nn.Network([1, 1], output="identity"), data, optimizer=nn.SGD(0.0))
    session.network.weights[0][:] = 1e200  # finite, but its square isn't
    with pytest.warns(nn.DivergenceWarning, match="the training loss is no longer finite"):
        session.run(5)
    assert (session.divergence.epoch, session.divergence.layer) == (1, 0)


# --- seeds and streams --------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes_and_another_one_does_not() -> None:
    runs = [state_of(make(seed=seed, dropout=0.2).run(3)) for seed in (5, 5, 6)]
    assert runs[0] == runs[1]
    assert runs[0][3] != runs[2][3]


def order_of_samples(**arguments: Any) -> list[list[float]]:
    session = make(**arguments)
    return [x[0].tolist() for _ in range(2) for x, _ in session._batches.rest_of_epoch(10)]


def test_streams_are_independent() -> None:
    usual = order_of_samples()
    assert order_of_samples(hidden_sizes=(9, 9, 9)) == usual
    assert order_of_samples(dropout=0.5) == usual
    assert order_of_samples(seed=1) != usual
    weights = [session.network.parameters.tobytes() for session in (make(), make(seed=9, dropout=0.5))]
    assert weights[0] == weights[1]  # the network has a seed of its own


def test_the_first_layers_weights_do_not_depend_on_the_layers_above() -> None:
    one, other = nn.Network([2, 4, 1], seed=3), nn.Network([2, 4, 7, 7, 1], seed=3)
    assert one.weights[0].tobytes() == other.weights[0].tobytes()


def test_the_same_batches_are_drawn_whatever_was_measured_in_between() -> None:
    plain, watched = make(), make()
    for _ in range(9):
        plain.step()
        watched.step()
        watched.measure()
        watched.score(TEST)
        watched.network.forward(TEST.X)
        watched.snapshot()
    assert state_of(plain) == state_of(watched)


def test_epochs_of_a_small_integer_type_are_as_many_as_they_say() -> None:
    data = nn.datasets.make("moons", n_samples=40, seed=0)
    session = nn.TrainingSession(nn.Network([2, 2, 1]), data, batch_size=5)
    epochs: Any = np.uint8(200)
    assert session.run(epochs).epoch == 200
