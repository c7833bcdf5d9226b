"""Parameters set by hand: an edit is a frame of its own, and to take it back is to go on from the frame before."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from nnplay import ExperimentConfig
from nnplay.experiment.frames import frame_memory
from nnplay.experiment.recording.edits import edit
from nnplay.experiment.recording.recipe import LARGEST_PARAMETER
from nnplay.experiment.recording.recording import Recording
from tests.server.test_frames import CONFIG, Visitor

PLENTY = 1e9


def as_bytes(recording: Recording, number: int) -> bytes:
    return b"".join(array.tobytes() for array in recording.frame(number).arrays().values())


def test_an_edit_sets_one_parameter_and_nothing_else() -> None:
    recording = Recording(CONFIG)
    recording.advance(0, "step", 4, 3, PLENTY)
    before = recording.session.network.parameters.copy()
    frame = edit(recording, 3, 7, 0.1)
    after = recording.session.network.parameters
    assert (frame.number, recording.last_frame, recording.track.edits) == (4, 4, [4])
    assert after[7] == 0.1
    np.testing.assert_array_equal(np.delete(after, 7), np.delete(before, 7))
    assert (frame.epoch, frame.step_in_epoch, frame.n_steps) == (2, 2, 12)
    assert frame.measures[0] == recording.session.measure()[0]
    assert recording.history["epoch"][-1] == recording.history["epoch"][-2]
    assert recording.history["train_loss"][-1] == frame.measures[0]


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_training_goes_on_from_an_edit_and_without_it_as_if_it_had_never_been(optimizer: str) -> None:
    config = dataclasses.replace(CONFIG, optimizer=optimizer)
    plain, edited = Recording(config), Recording(config)
    for recording in (plain, edited):
        recording.advance(0, "step", 3, 5, PLENTY)
    frame_5 = as_bytes(edited, 5)
    edit(edited, 5, 0, 1.5)
    onward = edited.advance(6, "step", 3, 3, PLENTY)
    assert as_bytes(edited, 5) == frame_5
    edited.advance(5, "step", 3, 3, PLENTY)
    assert onward[0].measures != plain.advance(5, "step", 3, 3, PLENTY)[0].measures
    assert [as_bytes(edited, n) for n in range(9)] == [as_bytes(plain, n) for n in range(9)]
    assert edited.track.edits == []


def test_several_edits_from_one_frame_leave_one() -> None:
    recording = Recording(CONFIG)
    for value in (0.1, 0.2, 0.3):
        edit(recording, 0, 2, value)
    assert (recording.last_frame, recording.track.edits) == (1, [1])
    assert recording.session.network.parameters[2] == 0.3
    edit(recording, 1, 3, -1.0)
    assert recording.track.edits == [1, 2]
    assert recording.session.network.parameters[2:4].tolist() == [0.3, -1.0]


BAD_VALUES: tuple[Any, ...] = (None, "1", float("nan"), float("inf"), 10**400, -1001, 1e300, [1.0], {}, True)
BAD_EDITS: list[tuple[Any, Any]] = [
    *((0, value) for value in BAD_VALUES),
    *((index, 1.0) for index in (None, -1, 25, 10**400, 0.5, "0", [0], True)),
]


@pytest.mark.parametrize(("index", "value"), BAD_EDITS, ids=repr)
def test_a_bad_edit_is_refused_with_a_sentence_and_changes_nothing(index: Any, value: Any) -> None:
    visitor = Visitor()
    visitor.ask_frames(0, 3)
    recording = visitor.feed.recording
    before = [as_bytes(recording, n) for n in range(4)]
    header, _, frames = visitor.ask("edit", frame=1, index=index, value=value)
    assert frames == []
    assert header["refusal"].startswith(("index must be", "value must be"))
    assert (header["last_frame"], header["edits"]) == (3, [])
    assert [as_bytes(recording, n) for n in range(4)] == before


def test_an_edit_that_makes_the_loss_meaningless_is_refused_and_forgets_no_frame() -> None:
    recording = Recording(ExperimentConfig(dataset="hills", n_samples=40, hidden_sizes=(1,), activation="identity"))
    recording.advance(0, "step", 1, 3, PLENTY)
    for after, index in ((1, 0), (2, 1)):
        edit(recording, after, index, float(LARGEST_PARAMETER))
    frames = [as_bytes(recording, n) for n in range(4)]
    parameters = recording.session.network.parameters.copy()
    with pytest.raises(ValueError, match="value must leave the loss below"):
        edit(recording, 3, 3, float(LARGEST_PARAMETER))
    assert [as_bytes(recording, n) for n in range(4)] == frames
    np.testing.assert_array_equal(recording.session.network.parameters, parameters)


def test_the_feed_tells_of_edits_until_they_are_undone() -> None:
    visitor = Visitor()
    visitor.ask_frames(0, 2)
    header, _, (frame,) = visitor.ask("edit", frame=2, index=4, value=0.25)
    assert (frame["counters"][0], header["last_frame"], header["edits"]) == (3, 3, [3])
    assert frame["parameters"][4] == 0.25
    visitor.ask_frames(2, 1)
    assert visitor.ask("show", frame=0)[0]["edits"] == []
    header, _, _ = visitor.ask("edit", frame=99, index=4, value=0.25)
    assert header["kind"] == "sync"


def test_what_an_edit_is_undone_by_is_kept_however_long_training_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame_memory, "FRAME_BYTES", 200_000)
    recording = Recording(CONFIG)
    recording.advance(0, "step", 1, 6, PLENTY)
    before = recording.session.network.parameters.copy()
    edit(recording, 6, 0, 1.0)
    recording.advance(7, "step", 1, 500, PLENTY)
    assert 5 not in recording.track.kept
    np.testing.assert_array_equal(recording.track.kept[6].snapshot.parameters, before)
    assert recording.track.kept.can_resume(6)
    assert recording.track.kept[7].snapshot.parameters[0] == 1.0


def test_a_branch_has_the_edits_of_its_past_and_one_with_other_data_none() -> None:
    recording = Recording(CONFIG)
    edit(recording, 0, 0, 1.0)
    recording.advance(1, "step", 1, 3, PLENTY)
    recording.fork(3, 4)
    assert recording.track.edits == [1]
    edit(recording, 3, 1, 1.0)
    assert recording.track.edits == [1, 4]
    recording.switch("A", 4)
    assert recording.track.edits == [1]
    recording.carry_over(dataclasses.replace(CONFIG, seed=8), 4)
    assert recording.track.edits == []
