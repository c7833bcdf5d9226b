from typing import Any

import numpy as np
import pytest

import nnplay as nn
from nnplay.experiment.explain.landscape import LossOfStack, bounds_of, loss_landscape
from nnplay.experiment.explain.planes import principal_plane
from nnplay.experiment.explain.survey import Survey
from nnplay.experiment.training.breaks import breaks

RUNS: dict[str, dict[str, Any]] = {
    "two classes": {"dataset": "moons", "activation": "tanh", "regularizer": "l2"},
    "many classes": {"dataset": "blobs", "hidden_sizes": (5,)},
    "a value": {"dataset": "hills", "activation": "gelu", "hidden_sizes": (6, 4)},
    "single precision": {"dataset": "circles", "hidden_sizes": (4,), "dtype": "float32"},
    "no hidden layer": {"dataset": "two_lines", "hidden_sizes": ()},
}


def trained(settings: dict[str, Any], epochs: int = 8) -> tuple[nn.TrainingSession, np.ndarray]:
    session = nn.ExperimentConfig.from_dict(settings).build()
    path = [session.network.parameters.copy()]
    for _ in range(epochs):
        path.append(session.run(epochs=1).network.parameters.copy())
    return session, np.array(path)


@pytest.fixture(scope="module")
def run() -> tuple[nn.TrainingSession, np.ndarray]:
    return trained({"hidden_sizes": (4, 3), "activation": "tanh"})


@pytest.mark.parametrize("settings", RUNS.values(), ids=RUNS)
def test_what_is_drawn_is_the_loss_of_the_network_there(settings: dict[str, Any]) -> None:
    session, path = trained(settings, 5)
    network, data = session.network.copy(), session.train
    rtol = 1e-12 if network.dtype == np.float64 else 1e-5
    landscape = nn.loss_landscape(path, network, data, session.loss, resolution=5)
    for i, j in ((0, 0), (1, 3), (4, 2)):
        network.parameters = landscape.parameters_at(landscape.x[j], landscape.y[i])
        loss, _ = network.loss_and_gradient(data.X, data.y, session.loss)
        assert landscape.loss[i, j] == pytest.approx(loss, rel=rtol)
    # The losses of the path's frames are the run's own, its penalty left out as there.
    np.testing.assert_allclose(landscape.path_loss, session.history["train_loss"], rtol=1e-6)


def test_the_last_frame_lies_in_the_plane_and_distances_say_how_far_off_others_are(
    run: tuple[nn.TrainingSession, np.ndarray],
) -> None:
    session, path = run
    landscape = nn.loss_landscape(path, session.network, session.train, resolution=3)
    assert landscape.distance[-1] < 1e-12
    off = path[2] - landscape.parameters_at(*landscape.path[2])
    assert landscape.distance[2] == pytest.approx(np.linalg.norm(off))
    assert 0 < landscape.distance[2] < np.linalg.norm(path[2] - path[-1])
    x, y = landscape.path[-1]
    there = nn.loss_landscape(path, session.network, session.train, resolution=2, bounds=((x, x + 1), (y, y + 1)))
    assert there.loss[0, 0] == pytest.approx(session.history["train_loss"][-1], rel=1e-12)


def test_the_picture_holds_the_path_with_room_around_it(run: tuple[nn.TrainingSession, np.ndarray]) -> None:
    session, path = run
    ways: list[dict[str, Any]] = [{}, {"weights": (0, 5)}]
    for kwargs in ways:
        landscape = nn.loss_landscape(path, session.network, session.train, resolution=3, **kwargs)
        for axis, places in zip((landscape.x, landscape.y), landscape.path.T, strict=True):
            assert axis[0] < places.min()
            assert places.max() < axis[-1]
    one = nn.loss_landscape(path[0], session.network, session.train, resolution=3)
    assert one.path.shape == (1, 2)
    assert np.isnan(one.explained_variance).all()
    assert one.x[-1] - one.x[0] > np.linalg.norm(path[0])


def test_a_penalty_is_added_only_where_it_is_asked_for(run: tuple[nn.TrainingSession, np.ndarray]) -> None:
    session, path = run
    penalty = nn.L2(0.1)
    without = nn.loss_landscape(path, session.network, session.train, resolution=3)
    with_it = nn.loss_landscape(path, session.network, session.train, resolution=3, regularizer=penalty)
    there = without.parameters_at(without.x[2], without.y[0])
    expected = penalty.penalty(there, session.network.is_weight)
    assert with_it.loss[0, 2] - without.loss[0, 2] == pytest.approx(expected)


def test_the_test_loss_over_the_same_plane(run: tuple[nn.TrainingSession, np.ndarray]) -> None:
    session, path = run
    assert session.test is not None
    train = nn.loss_landscape(path, session.network, session.train, resolution=3)
    test = nn.loss_landscape(path, session.network, session.test, resolution=3, plane=train.plane)
    np.testing.assert_array_equal(test.x, train.x)
    assert not np.allclose(test.loss, train.loss)
    np.testing.assert_allclose(test.path_loss, session.history["test_loss"], rtol=1e-6)


def test_losses_beyond_the_largest_number_do_no_harm(run: tuple[nn.TrainingSession, np.ndarray]) -> None:
    session, path = run
    far = ((-1e200, 1e200), (-1e200, 1e200))
    network = nn.Network([2, 4, 3, 1], activation="identity", output="identity")
    data = nn.datasets.Dataset(session.train.X, session.train.X[:, 0], task="regression")
    landscape = nn.loss_landscape(path, network, data, "mean_squared_error", resolution=3, bounds=far)
    assert not np.isfinite(landscape.loss[0, 0])
    assert np.isfinite(landscape.loss[1, 1])


def test_many_samples_and_many_networks_go_through_in_parts(
    run: tuple[nn.TrainingSession, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    session, path = run
    whole = nn.loss_landscape(path, session.network, session.train, resolution=4)
    monkeypatch.setattr("nnplay.experiment.explain.landscape.PART_BYTES", 64 * 7 * 8 * 3)
    monkeypatch.setattr("nnplay.experiment.explain.landscape.STACK_BYTES", session.network.parameters.nbytes * 2)
    offered: list[None] = []
    with breaks(lambda: offered.append(None)):
        in_parts = nn.loss_landscape(path, session.network, session.train, resolution=4)
    np.testing.assert_allclose(in_parts.loss, whole.loss, rtol=1e-12)
    assert len(offered) >= 16


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"parameters": np.zeros((3, 4))}, "parameters must have shape"),
        ({"parameters": np.zeros((0, 31))}, "parameters must have shape"),
        ({"parameters": np.full(31, np.nan)}, "parameters"),
        ({"parameters": "path"}, "parameters"),
        ({"network": "network"}, "network"),
        ({"data": np.zeros((3, 2))}, "data"),
        ({"loss": "mean"}, "loss"),
        ({"resolution": 1}, "resolution"),
        ({"resolution": 402}, "resolution"),
        ({"weights": (0, 0)}, "weights"),
        ({"bounds": ((0, 1), (1, 0))}, "bounds"),
        ({"bounds": 3}, "bounds"),
        ({"regularizer": 0.1}, "regularizer"),
        ({"plane": 3}, "plane"),
    ],
)
def test_what_makes_no_landscape_is_refused(
    run: tuple[nn.TrainingSession, np.ndarray], change: dict[str, Any], named: str
) -> None:
    session, path = run
    asked: dict[str, Any] = {"parameters": path, "network": session.network, "data": session.train} | change
    with pytest.raises((nn.Refusal, TypeError), match=named):
        loss_landscape(**asked)


def test_a_survey_grows_finer_and_ends_as_the_landscape(run: tuple[nn.TrainingSession, np.ndarray]) -> None:
    session, path = run
    plane = principal_plane(path, session.network)
    bounds = bounds_of(plane.place_of(path), plane)
    assert session.test is not None
    of = LossOfStack(session.network, [session.train, session.test], session.loss)
    survey = Survey(plane, bounds, of, levels=(3, 5, 9))
    whole = nn.loss_landscape(path, session.network, session.train, resolution=9)
    seen = []
    while not survey.is_complete:
        if survey.work(0.0):
            x, _, losses = survey.grid
            seen.append(len(x))
            stride = 8 // (len(x) - 1)
            np.testing.assert_allclose(losses[0], whole.loss[::stride, ::stride], rtol=1e-12)
            assert losses.shape[0] == 2
    assert seen == [3, 5, 9]
    assert survey.done == 81


def test_a_survey_of_a_network_that_takes_long_stays_coarse(
    run: tuple[nn.TrainingSession, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    session, path = run
    plane = principal_plane(path, session.network)
    survey = Survey(plane, ((-1, 1), (-1, 1)), LossOfStack(session.network, [session.train], session.loss))
    monkeypatch.setattr("nnplay.experiment.explain.survey.MOST_SECONDS", 0.0)
    while not survey.is_complete:
        survey.work(1.0)
    assert survey.level == 0
    assert survey.done == 121
