import numpy as np
import pytest

import nnplay as nn
from nnplay.experiment.explain.planes import parameter_plane, principal_plane


@pytest.fixture(scope="module")
def network() -> nn.Network:
    return nn.Network([2, 3, 1], seed=4)


def a_path(network: nn.Network, frames: int = 12, seed: int = 0) -> np.ndarray:
    """A walk in all directions, in some of them farther than in others."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(size=(frames, network.parameters.size)) * np.geomspace(3, 0.01, network.parameters.size)
    return network.parameters + np.cumsum(steps, axis=0)


def test_directions_and_shares_are_those_of_a_singular_value_decomposition(network: nn.Network) -> None:
    path = a_path(network)
    plane = principal_plane(path, network)
    centred = path - path.mean(axis=0)
    _, sizes, directions = np.linalg.svd(centred)
    assert plane.kind == "principal"
    np.testing.assert_allclose(np.abs(np.sum(plane.directions * directions[:2], axis=1)), 1.0, rtol=1e-10)
    np.testing.assert_allclose(plane.explained_variance, sizes[:2] ** 2 / (sizes**2).sum(), rtol=1e-12)
    np.testing.assert_allclose(np.abs(plane.place_of(path)), np.abs(centred @ directions[:2].T), atol=1e-10)


def test_the_directions_of_a_large_network_are_the_same(network: nn.Network, monkeypatch: pytest.MonkeyPatch) -> None:
    path = a_path(network)
    exact = principal_plane(path, network)
    monkeypatch.setattr("nnplay.experiment.explain.planes.MOST_EXACT", 0)
    plane = principal_plane(path, network)
    np.testing.assert_allclose(plane.directions, exact.directions, atol=1e-9)
    np.testing.assert_allclose(plane.explained_variance, exact.explained_variance, rtol=1e-9)
    line, still = principal_plane(a_path(network, 2), network), principal_plane(a_path(network, 1), network)
    np.testing.assert_allclose(line.explained_variance, [1.0, 0.0], atol=1e-12)
    assert still.kind == "random"


def test_the_plane_goes_through_the_last_frame_and_directions_point_there(network: nn.Network) -> None:
    path = a_path(network)
    plane = principal_plane(path, network)
    first, last = plane.place_of(path[[0, -1]])
    np.testing.assert_allclose(plane.parameters_at(*last), path[-1], rtol=1e-12, atol=1e-12)
    assert (last >= first).all()
    np.testing.assert_allclose(plane.directions @ plane.directions.T, np.eye(2), atol=1e-12)


def test_of_three_frames_all_lie_in_the_plane(network: nn.Network) -> None:
    path = a_path(network, 3)
    plane = principal_plane(path, network)
    x, y = plane.place_of(path).T
    np.testing.assert_allclose(plane.parameters_at(x, y), path, rtol=1e-12, atol=1e-12)
    assert plane.explained_variance.sum() == pytest.approx(1.0)


def test_what_the_path_lacks_is_drawn_at_random_and_alike_each_time(network: nn.Network) -> None:
    still, line = a_path(network, 1), a_path(network, 2)
    for path, kind in ((still, "random"), (np.repeat(still, 4, axis=0), "random"), (line, "principal")):
        plane, again = principal_plane(path, network), principal_plane(path, network)
        assert plane.kind == kind
        np.testing.assert_array_equal(plane.directions, again.directions)
        np.testing.assert_allclose(plane.directions @ plane.directions.T, np.eye(2), atol=1e-12)
        np.testing.assert_allclose(plane.parameters_at(*plane.place_of(path[-1])), path[-1], atol=1e-12)
        assert not np.allclose(plane.directions, principal_plane(path, network, seed=1).directions)
    assert np.isnan(principal_plane(still, network).explained_variance).all()
    np.testing.assert_allclose(principal_plane(line, network).explained_variance, [1.0, 0.0])


def test_places_of_two_weights_are_their_values(network: nn.Network) -> None:
    path = a_path(network)
    plane = parameter_plane(path, (7, 2))
    np.testing.assert_allclose(plane.place_of(path), path[:, [7, 2]])
    there = plane.parameters_at(0.25, -0.5)
    assert (there[7], there[2]) == (0.25, -0.5)
    np.testing.assert_array_equal(np.delete(there, [2, 7]), np.delete(path[-1], [2, 7]))
    spread = path.var(axis=0)
    np.testing.assert_allclose(plane.explained_variance, spread[[7, 2]] / spread.sum())


@pytest.mark.parametrize("chosen", [3, (3,), (3, 3), (3, 99), (-1, 0), (0, 1.5), "01", (0, 1, 2)])
def test_other_pairs_of_weights_are_refused(network: nn.Network, chosen: object) -> None:
    with pytest.raises((nn.Refusal, TypeError), match="weights"):
        parameter_plane(a_path(network), chosen)


def test_a_network_of_one_parameter_has_no_plane() -> None:
    network = nn.Network([1, 1], bias=False)
    path = network.parameters[None]
    for make in (lambda: principal_plane(path, network), lambda: parameter_plane(path, (0, 1))):
        with pytest.raises(nn.Refusal, match="at least 2 parameters"):
            make()


def test_two_parameters_are_enough() -> None:
    network = nn.Network([1, 1])
    for frames in (1, 2, 3):
        plane = principal_plane(a_path(network, frames), network)
        np.testing.assert_allclose(plane.directions @ plane.directions.T, np.eye(2), atol=1e-9)
