"""A run with its branches, told and trained again: every branch is what it was, and what they share is trained once."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from nnplay.experiment.frames import frame_memory
from nnplay.experiment.frames.kept_frames import KeptFrame
from nnplay.experiment.recording.recipe import Recipe, without_stops
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.replaying import Replay
from nnplay.experiment.recording.told_run import ToldBranch, ToldRun, told
from nnplay.refusal import Refusal
from tests.experiment.recording.random_runs import PLENTY, course_of
from tests.experiment.recording.test_recipe import CONFIG, state_of


def stand(frame: KeptFrame, in_part: bool) -> Any:
    """Return where a frame stands; `in_part`, as far as one tells that gave up what only training needs."""
    at = frame.snapshot
    parameters = at.parameters.astype("f4" if in_part else "f8").tobytes()
    return at.n_steps, at.epoch, parameters, at.batches, at.dropout_rng


@pytest.mark.parametrize("chunk", range(2))
def test_random_runs_trained_again_have_all_their_branches_bit_for_bit(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frame_memory, "WORTH_LIGHTENING", 0)
    n_branched = 0
    for seed in range(chunk, 80, 2):
        original = course_of(seed)
        run = told(original)
        assert run is not None
        again = Replay(run).run().recording
        assert told(again) == run
        assert again.track.name == original.track.name
        for track in original.branches:
            kept, kept_again = (each.kept[each.last_frame] for each in (track, again.branches[track.name]))
            in_part = not (kept.can_resume and kept_again.can_resume)
            assert stand(kept_again, in_part) == stand(kept, in_part)
        for recording in (original, again):
            recording.apply(without_stops(original.config))
        assert state_of(again.session.snapshot()) == state_of(original.session.snapshot())
        n_branched += len(run.branches) > 1
    assert n_branched > 10


def branched() -> Recording:
    """Return a run of three branches that share 10, and 14, epochs."""
    recording = Recording(CONFIG)
    recording.advance(0, "epoch", 1, 20, PLENTY)
    recording.fork(10, 20)
    recording.apply(dataclasses.replace(CONFIG, learning_rate=0.01, max_epochs=50))
    recording.advance(10, "epoch", 1, 8, PLENTY)
    recording.fork(14, 18)
    recording.apply(dataclasses.replace(recording.config, momentum=0.2))
    recording.advance(14, "epoch", 1, 4, PLENTY)
    return recording


def test_what_branches_share_is_trained_once_and_told_as_progress() -> None:
    original = branched()
    original.switch("B", 18)
    run = told(original)
    assert run is not None
    replay = Replay(run)
    assert replay.epochs == 20 + 8 + 4
    told_epochs = []
    while not replay.is_done:
        told_epochs.append(replay.run(0).epoch)
    assert told_epochs == sorted(told_epochs)
    assert told_epochs[-1] == replay.epochs
    again = replay.recording
    assert [(track.name, track.parent, track.config) for track in again.branches] == [
        (track.name, track.parent, track.config) for track in original.branches
    ]
    assert (again.track.name, again.session.epoch, again.branches.have_forked) == ("B", 18, True)
    assert (again.history["epoch"].min(), again.history["epoch"].max()) == (0, 18)
    frames = again.branches["A"].kept, again.track.kept
    assert frames[0][3] is frames[1][3]  # kept once


A = ToldBranch(Recipe(CONFIG), 12, CONFIG)


@pytest.mark.parametrize(
    ("branches", "says"),
    [
        ((), "branches must be 1 to 6"),
        ((A, A), "branches must be 1 to 6"),
        ((dataclasses.replace(A, name="B"),), "the active one among them"),
        ((A, ToldBranch(Recipe(dataclasses.replace(CONFIG, seed=1)), 5, CONFIG, "B")), "must have begun as one run"),
        ((dataclasses.replace(A, config=dataclasses.replace(CONFIG, seed=1)),), "config must be what the recipe leads"),
        ((dataclasses.replace(A, n_steps=-1),), "n_steps must be an integer"),
    ],
)
def test_what_are_no_branches_of_one_run_are_refused(branches: tuple[ToldBranch, ...], says: str) -> None:
    with pytest.raises(Refusal, match=says):
        ToldRun(branches)
