"""What the stage is told of the landscape of the loss, and how it goes to a place of it."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

import nnplay as nn
from nnplay.experiment.recording.earlier_runs import MOST_RUNS
from nnplay.server.recovery.held import read
from tests.server.test_branch_requests import CONFIG, use, visitor_at
from tests.server.test_frames import BAD_VALUES, Visitor, numbers_of
from tests.server.test_refused_requests import everything


def landscape(visitor: Visitor, frame: int, **more: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Ask until the surface is as fine as it gets."""
    told: dict[str, Any] = {"complete": False}
    arrays: dict[str, np.ndarray] = {}
    while not told["complete"]:
        header, found, frames = visitor.ask("landscape", frame=frame, **({"plane": "principal"} | more))
        assert (header["kind"], frames) == ("frames", [])
        told, arrays = header["landscape"], arrays | found
        more.pop("again", None)
    return told, arrays


def test_the_surface_is_that_of_the_run_and_the_path_has_its_own_losses() -> None:
    visitor = visitor_at(8)
    told, arrays = landscape(visitor, 8)
    session, kept = visitor.feed.recording.session, visitor.feed.recording.track.kept
    path = np.array([kept[number].snapshot.parameters for number in range(9)])
    for which, data in enumerate((session.train, session.test)):
        whole = nn.loss_landscape(path, session.network, data, session.loss)
        np.testing.assert_allclose(arrays["landscape_loss"][which], whole.loss, rtol=1e-6)
        np.testing.assert_allclose(arrays["landscape_path"][:, 3 + which], whole.path_loss, rtol=1e-6)
    np.testing.assert_allclose(arrays["landscape_x"], whole.x)
    np.testing.assert_allclose(arrays["landscape_path"][:, 1:3], whole.path)
    assert arrays["landscape_path"][:, 0].tolist() == list(range(9))
    assert told["explained"] == pytest.approx(whole.explained_variance.tolist())
    # So the browser finds where a frame lies: directions · parameters − offset.
    places = path @ arrays["landscape_directions"].T - arrays["landscape_offset"]
    np.testing.assert_allclose(places, whole.path, atol=1e-5)


def test_the_plane_stays_until_it_is_asked_for_again() -> None:
    visitor = visitor_at(4)
    first, before = landscape(visitor, 4)
    visitor.ask_frames(4, 30, "epoch")
    header, arrays, _ = visitor.ask("landscape", frame=34, plane="principal", have=[first["id"], first["level"]])
    assert (header["landscape"]["id"], arrays) == (first["id"], {})
    wider, after = landscape(visitor, 34, again="wider")
    assert wider["id"] > first["id"]
    np.testing.assert_array_equal(after["landscape_directions"], before["landscape_directions"])
    for axis, old, place in zip("xy", first["bounds"], after["landscape_path"][-1, 1:3], strict=True):
        new = after[f"landscape_{axis}"]
        assert new[0] <= old[0]
        assert old[1] <= new[-1]
        assert new[0] < place < new[-1]
    anew, fitted = landscape(visitor, 34, again="fit")
    assert anew["id"] > wider["id"]
    assert not np.allclose(fitted["landscape_directions"], before["landscape_directions"])


def test_other_data_and_other_planes_bring_another_landscape() -> None:
    visitor = visitor_at(4)
    first, _ = landscape(visitor, 4)
    weights, arrays = landscape(visitor, 4, plane=[3, 0])
    assert (weights["plane"], weights["chosen"]) == ("parameters", [3, 0])
    assert weights["id"] > first["id"]
    parameters = visitor.feed.recording.track.kept[4].snapshot.parameters
    np.testing.assert_allclose(arrays["landscape_path"][-1, 1:3], parameters[[3, 0]])
    visitor.ask("fork", frame=4, furthest=4)
    forked, arrays = landscape(visitor, 4, plane=[3, 0])
    assert forked["id"] == weights["id"]
    assert {name for name in arrays if name.startswith("landscape_path_")} == {"landscape_path_A"}
    use(visitor, noise=0.3)
    visitor.ask("carry_over", frame=4)
    assert landscape(visitor, 4, plane=[3, 0])[0]["id"] > weights["id"]


def test_one_frame_alone_has_a_plane_of_random_directions() -> None:
    told, arrays = landscape(Visitor(CONFIG), 0)
    assert (told["plane"], told["explained"], told["level"]) == ("random", [None, None], 2)
    assert len(arrays["landscape_path"]) == 1
    no_test = dataclasses.replace(CONFIG, test_fraction=0.0)
    assert landscape(Visitor(no_test), 0)[1]["landscape_loss"].shape == (1, 41, 41)


def test_the_steps_in_which_a_run_diverges_are_no_part_of_the_path() -> None:
    config = dataclasses.replace(
        CONFIG, dataset="hills", activation="relu", learning_rate=10.0, loss="sum_squared_error"
    )
    visitor = Visitor(config)
    visitor.ask_frames(0, 60, "step")
    stopped = visitor.feed.recording.stopped
    assert stopped is not None
    assert stopped.reason == "diverged"
    _, arrays = landscape(visitor, visitor.feed.recording.last_frame)
    assert arrays["landscape_path"][-1, 0] <= (stopped.good or 0)
    assert np.isfinite(arrays["landscape_x"]).all()


def test_a_place_is_gone_to_on_a_branch_and_the_loss_there_is_the_one_drawn() -> None:
    visitor = visitor_at(6)
    told, arrays = landscape(visitor, 6)
    x, y = arrays["landscape_x"][30], arrays["landscape_y"][7]
    run = visitor.feed.run
    header, _, frames = visitor.ask("place", frame=6, furthest=6, landscape=told["id"], x=x, y=y)
    assert (header["kind"], header["branch"], header["edits"], numbers_of(frames)) == ("sync", "B", [7], [7])
    assert header["run"] != run
    np.testing.assert_allclose(frames[0]["measures"][:2], arrays["landscape_loss"][:, 7, 30], rtol=1e-5)
    # The plane is the same, and the new branch's path ends where one went.
    again, after = landscape(visitor, 7)
    assert again["id"] == told["id"]
    np.testing.assert_allclose(after["landscape_path"][-1, 1:3], [x, y], atol=1e-5)
    # To take it back is to go back to the frame before; and training goes on from it.
    np.testing.assert_array_equal(
        visitor.ask("show", frame=6)[2][0]["parameters"],
        visitor.feed.recording.branches["A"].kept[6].snapshot.parameters.astype("<f4"),
    )
    assert numbers_of(visitor.ask_frames(7, 2, "epoch")) == [8, 9]


def test_a_run_that_was_taken_to_a_place_comes_back_after_a_restart() -> None:
    visitor = visitor_at(6)
    told, _ = landscape(visitor, 6)
    visitor.ask("place", frame=6, furthest=6, landscape=told["id"], x=0.1, y=0.2)
    visitor.ask_frames(7, 3, "epoch")
    header, _, frames = visitor.ask("show", frame=10)
    session = visitor.feed.recording.session
    back = read({"recipe": header["recipe"], "steps": session.n_steps}, visitor.feed.config).run
    branch = back.branches[0]
    again = branch.recipe.replay(branch.n_steps)
    assert again.network.parameters.tobytes() == session.network.parameters.tobytes()
    assert again.network.parameters.astype("<f4").tobytes() == frames[0]["parameters"].tobytes()


def go(visitor: Visitor, told: dict[str, Any], x: float, y: float = 0.0) -> dict[str, Any]:
    at = visitor.feed.recording.last_frame
    header, _, _ = visitor.ask("place", frame=at, furthest=at, landscape=told["id"], x=x, y=y)
    assert header["kind"] == "sync"
    return header


def state(visitor: Visitor) -> tuple[Any, ...]:
    recording = visitor.feed.recording
    names = [track.name for track in recording.branches]
    return names, recording.track.name, recording.last_frame, recording.session.network.parameters.tobytes()


def test_undo_leads_from_place_to_place_and_to_the_run_as_it_was_and_redo_back() -> None:
    visitor = visitor_at(6)
    visitor.ask_frames(6, 3, "epoch")  # trained ahead, and never seen
    told, _ = landscape(visitor, 6)
    visitor.ask("show", frame=6)
    at_six = visitor.feed.recording.track.kept[6].snapshot.parameters.tobytes()
    visitor.ask("place", frame=6, furthest=6, landscape=told["id"], x=0.1, y=0.2)
    states = [(["A"], "A", 6, at_six), state(visitor)]
    for x in (0.05, -0.1):
        header = go(visitor, told, x)
        assert (header["undo"]["why"], header["places"], header["edits"]) == ("place", [7], [7])
        states.append(state(visitor))
    assert [each[:3] for each in states[1:]] == [(["A", "B"], "B", 7)] * 3
    back = []
    for _ in range(3):
        header, _, _ = visitor.ask("undo")
        back.append(state(visitor))
    assert back == states[2::-1]
    assert (header["undo"], header["redo"]["why"], header["edits"]) == (None, "place", [])
    # The plane is the one that was pointed at, all the time.
    assert landscape(visitor, 6)[0]["id"] == told["id"]
    for each in states[1:]:
        visitor.ask("redo")
        assert state(visitor) == each
    visitor.ask("undo")
    # What was undone, and took no time, isn't gone back to from the next place.
    go(visitor, told, 0.07)
    visitor.ask("undo")
    assert state(visitor) == states[2]


def test_what_was_trained_from_a_place_is_not_lost() -> None:
    visitor = visitor_at(6)
    told, _ = landscape(visitor, 6)
    go(visitor, told, 0.1)
    visitor.ask_frames(7, 2, "epoch")
    trained = state(visitor)
    visitor.ask("undo", frame=6)
    go(visitor, told, -0.1)
    reached = []
    for _ in range(2):
        visitor.ask("undo")
        reached.append(state(visitor))
    assert reached[0][:3] == (["A"], "A", 6)
    assert reached[1] == trained


def test_many_places_leave_the_runs_before_and_the_run_they_began_from() -> None:
    visitor = visitor_at(3)
    visitor.ask("reset")
    visitor.ask_frames(0, 4, "epoch")
    told, _ = landscape(visitor, 4)
    for k in range(MOST_RUNS + 4):
        go(visitor, told, k / 1000)
    reached = []
    while visitor.feed._earlier.before:
        visitor.ask("undo")
        reached.append(state(visitor)[:3])
    assert len(reached) == MOST_RUNS
    assert reached[-2:] == [(["A"], "A", 4), (["A"], "A", 3)]


def test_a_place_is_undone_after_a_restart_too() -> None:
    visitor = visitor_at(6)
    told, _ = landscape(visitor, 6)
    before = visitor.feed.recording.track.kept[6].snapshot.n_steps
    header = go(visitor, told, 0.1)
    beside = header["texts"][header["hold"]["beside"]]
    recording = visitor.feed.recording
    request = {"recipe": header["recipe"], "steps": recording.session.n_steps, "beside": beside}
    (run,) = read(request, visitor.feed.config).before
    assert (run.why, run.shown) == ("place", before)


PLACE = {"frame": 6, "furthest": 6, "x": 0.0, "y": 0.0}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"landscape": 99}, "landscape must be the one"),
        ({"x": 1e6}, "x must be"),
        ({"x": None}, "x must be"),
        ({"y": float("nan")}, "y must be"),
    ],
)
def test_a_place_that_is_not_drawn_is_refused_in_words(change: dict[str, Any], words: str) -> None:
    visitor = visitor_at(6)
    told, _ = landscape(visitor, 6)
    before = everything(visitor)
    header, _, frames = visitor.ask("place", **PLACE | {"landscape": told["id"]} | change)
    assert frames == []
    assert header["refusal"].startswith(words)
    assert everything(visitor) == before


@pytest.mark.parametrize(
    ("kind", "request_"),
    [
        ("landscape", {"plane": "principal"}),
        ("landscape", {"frame": 6, "plane": "random"}),
        ("landscape", {"frame": 6, "plane": [1]}),
        ("landscape", {"frame": 6, "plane": [1, 1]}),
        ("landscape", {"frame": 6, "plane": [0, 10_000]}),
        ("landscape", {"frame": 6, "plane": [0, -1]}),
        ("landscape", {"frame": 6, "plane": "principal", "again": "later"}),
        ("place", PLACE | {"frame": -1}),
        ("place", {"frame": 6, "x": 0.0, "y": 0.0}),
    ],
    ids=repr,
)
def test_what_the_protocol_does_not_know_changes_nothing(kind: str, request_: dict[str, Any]) -> None:
    visitor = visitor_at(6)
    before = everything(visitor)
    header, arrays, frames = visitor.ask(kind, **request_)
    assert (header["kind"], arrays, frames) == ("frames", {}, [])
    assert "landscape" not in header
    assert everything(visitor) == before


def test_of_an_assignment_with_locked_weights_no_place_is_gone_to() -> None:
    visitor = visitor_at(6)
    told, _ = landscape(visitor, 6)
    visitor.feed.no_edits = "Locked."
    before = everything(visitor)
    header, _, _ = visitor.ask("place", **PLACE | {"landscape": told["id"]})
    assert header["refusal"] == "Locked."
    assert everything(visitor) == before


def test_without_a_plane_of_inputs_or_with_one_weight_there_is_none() -> None:
    visitor = Visitor(dataclasses.replace(CONFIG, dataset="diabetes"))
    assert "landscape" not in visitor.ask("landscape", frame=0, plane="principal")[0]
    visitor = Visitor(dataclasses.replace(CONFIG, dataset="sine", features=("x1",), hidden_sizes=(), bias=False))
    assert visitor.feed.recording.session.network.parameters.size == 1
    assert "landscape" not in visitor.ask("landscape", frame=0, plane="principal")[0]


def test_no_hostile_place_raises_and_the_feed_still_works() -> None:
    visitor = visitor_at(2)
    told, _ = landscape(visitor, 2)
    for key in ("frame", "furthest", "landscape", "x", "y"):
        for value in BAD_VALUES:
            request = {"frame": 2, "furthest": 2, "landscape": told["id"], "x": 0.0, "y": 0.0} | {key: value}
            visitor.ask("place", **request)
    last = visitor.feed.recording.last_frame
    assert numbers_of(visitor.ask_frames(last, 1)) == [last + 1]
