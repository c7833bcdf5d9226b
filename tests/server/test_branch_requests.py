"""What the browser asks about branches, and what it is told of them."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from nnplay import ExperimentConfig
from nnplay.server import answers
from nnplay.server.setting_words import change_in_words, settings_in_words
from tests.server.test_frames import Visitor, bytes_of, numbers_of

CONFIG = ExperimentConfig(dataset="moons", n_samples=40, hidden_sizes=(4, 2), batch_size=7, seed=3)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "CPU_SECONDS", 1e9)
    monkeypatch.setattr(answers, "CPU_SECONDS_ALONE", 1e9)


def visitor_at(frame: int) -> Visitor:
    visitor = Visitor(CONFIG)
    visitor.ask_frames(0, frame, "epoch")
    return visitor


def use(visitor: Visitor, **fields: Any) -> None:
    visitor.feed.use(dataclasses.replace(visitor.feed.config, **fields))


def names(header: dict[str, Any]) -> list[tuple[str, str]]:
    return [(branch["name"], branch["label"]) for branch in header["branches"]]


def test_a_fork_is_another_run_from_the_frame_on_and_the_old_one_can_be_gone_back_to() -> None:
    visitor = visitor_at(8)
    first = visitor.feed.run
    header, statics, frames = visitor.ask("fork", frame=5, furthest=7)
    assert (header["kind"], header["branch"], numbers_of(frames)) == ("sync", "B", [5])
    assert header["run"] != first
    assert names(header) == [("A", ""), ("B", "")]
    assert statics["branch_A_epoch"].tolist() == list(range(8))
    history = visitor.feed.recording.history  # up to the fork, both branches are one
    for name in ("train_loss", "test_loss", "train_score", "test_score"):
        np.testing.assert_array_equal(statics[f"branch_A_{name}"][:6], history[name][:6])
    use(visitor, learning_rate=0.1, optimizer="adam")
    visitor.ask_frames(5, 3, "epoch")
    header, statics, frames = visitor.ask("branch", name="A", furthest=8)
    assert (header["branch"], numbers_of(frames), header["last_frame"]) == ("A", [7], 7)
    assert names(header) == [("A", "SGD, learning rate 0.03"), ("B", "Adam, learning rate 0.1")]
    assert visitor.feed.config == CONFIG  # so that the page's controls follow
    assert statics["branch_B_epoch"].tolist() == list(range(9))
    header, _, frames = visitor.ask("branch", name="B", furthest=7)
    assert (header["branch"], numbers_of(frames)) == ("B", [8])
    # Each branch's last network was told while the other one was shown.
    np.testing.assert_array_equal(statics["branch_B_parameters"], frames[0]["parameters"])
    assert [(mark["frame"], mark["text"]) for mark in header["marks"]] == [
        (5, "optimiser SGD → Adam, learning rate 0.03 → 0.1")
    ]


def test_an_edit_that_was_undone_does_not_come_back_with_the_branch() -> None:
    visitor = visitor_at(5)
    before = bytes_of(visitor.ask("show", frame=5)[2])
    visitor.ask("edit", frame=5, index=0, value=9.0)
    visitor.ask("fork", frame=5, furthest=5)
    header, _, frames = visitor.ask("branch", name="A", furthest=5)
    assert (header["branch"], header["edits"], header["last_frame"], numbers_of(frames)) == ("A", [], 5, [5])
    assert bytes_of(frames) == before


def test_a_branch_can_be_deleted_and_reset_leaves_one() -> None:
    visitor = visitor_at(4)
    visitor.ask("fork", frame=2, furthest=4)
    visitor.ask("fork", frame=2, furthest=2)
    header, statics, _ = visitor.ask("delete_branch", name="C")
    assert (header["branch"], [name for name, _ in names(header)]) == ("B", ["A", "B"])
    assert not [name for name in statics if name.startswith("branch_C")]
    header, _, _ = visitor.ask("reset")
    assert names(header) == [("A", "")]


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("branch", {"name": "Q", "furthest": 3}),
        ("branch", {"furthest": 3}),
        ("delete_branch", {"name": "A"}),
        ("fork", {"furthest": 3}),
        ("fork", {"frame": -1, "furthest": 3}),
        ("carry_over", {"frame": 2}),
        ("replay", {"from": 0}),
    ],
)
def test_a_bad_request_about_branches_gets_an_empty_answer(kind: str, more: dict[str, Any]) -> None:
    visitor = visitor_at(3)
    run = visitor.feed.run
    header, _, frames = visitor.ask(kind, **more)
    assert (header["kind"], header["run"], frames) == ("frames", run, [])
    assert len(visitor.ask_frames(3, 2, "epoch")) == 2


def test_no_more_branches_than_there_may_be() -> None:
    visitor = visitor_at(1)
    for _ in range(5):
        header, _, _ = visitor.ask("fork", frame=1, furthest=1)
    assert not header["more_branches"]
    header, _, frames = visitor.ask("fork", frame=1, furthest=1)
    assert (header["kind"], frames, len(header["branches"])) == ("frames", [], 6)


def test_once_forked_other_data_are_learned_from_the_frame_that_the_browser_names() -> None:
    visitor = visitor_at(6)
    run = visitor.feed.run
    use(visitor, noise=0.2)
    assert visitor.feed.run != run  # not forked: begins anew
    visitor.ask_frames(0, 6, "epoch")
    visitor.ask("fork", frame=6, furthest=6)
    parameters = visitor.feed.recording.session.network.parameters.copy()
    run = visitor.feed.run
    use(visitor, dataset="circles", n_samples=60)
    header, _, _ = visitor.ask("show", frame=6)
    assert (visitor.feed.run, header["carry_over"]) == (run, True)
    header, statics, frames = visitor.ask("carry_over", frame=6)
    assert (header["kind"], header["carry_over"], header["branch"], numbers_of(frames)) == ("sync", False, "B", [6])
    assert len(statics["inputs"]) == 60
    assert np.array_equal(visitor.feed.recording.session.network.parameters, parameters)
    assert names(header)[1] == ("B", "data circles, points 60")
    use(visitor, hidden_sizes=(3,))
    assert len(visitor.feed.recording.branches) == 1  # another architecture begins anew


def test_a_lost_answer_is_given_again_without_training() -> None:
    visitor = Visitor(CONFIG)
    first = visitor.ask_frames(0, 5, "epoch")
    n_steps = visitor.feed.recording.session.n_steps
    assert bytes_of(visitor.ask_frames(0, 5, "epoch")) == bytes_of(first)
    assert bytes_of(visitor.ask_frames(2, 5, "epoch")) == bytes_of(first[2:])
    assert visitor.feed.recording.session.n_steps == n_steps
    visitor.ask_frames(5, 2, "epoch")
    assert bytes_of(visitor.ask_frames(0, 5, "epoch")) == bytes_of(first)
    use(visitor, learning_rate=0.5)
    assert bytes_of(visitor.ask_frames(0, 5, "epoch")) != bytes_of(first)


def test_what_was_recorded_can_be_had_again_and_nothing_is_forgotten() -> None:
    visitor = visitor_at(9)
    frames = visitor.ask("replay", **{"from": 3, "n": 4})[2]
    assert numbers_of(frames) == [4, 5, 6, 7]
    assert numbers_of(visitor.ask("replay", **{"from": 7, "n": 60})[2]) == [8, 9]
    assert numbers_of(visitor.ask("replay", **{"from": 1, "to": 9, "n": 4})[2]) == [3, 5, 7, 9]
    assert visitor.feed.recording.last_frame == 9


def test_settings_in_words() -> None:
    after = dataclasses.replace(CONFIG, batch_size=None, nesterov=True, dataset="circles", regularization_rate=0.5)
    assert change_in_words(CONFIG, after) == (
        "data moons → circles, nesterov off → on, penalty rate 0.001 → 0.5, batch size 7 → full"
    )
    assert settings_in_words(after, ["regularizer", "loss"]) == "regularisation none, auto"
    table = dataclasses.replace(CONFIG, dataset="diabetes", n_rows=100, columns=(1, 3))
    assert settings_in_words(table, ["n_rows", "columns"]) == "training rows 100, columns 1, 3"
    assert settings_in_words(CONFIG, ["n_rows", "columns"]) == "training rows all, columns all"
