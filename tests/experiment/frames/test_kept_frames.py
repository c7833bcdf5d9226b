"""The store of kept frames: never above its budget, spread over the whole run, and quick to search."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.frames.frame_memory import FrameMemory, RunFrames
from nnplay.experiment.frames.kept_frames import LEAST_RECENT, OVERHEAD, KeptFrame, KeptFrames
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.training.snapshot import Snapshot
from nnplay.experiment.training.stop_conditions import Watch

MEASURES = (0.0, 0.0, 0.0, 0.0, 0.0)


def frame(n_parameters: int) -> KeptFrame:
    """Return a frame with the state of Adam."""
    vectors = {name: np.zeros(n_parameters) for name in OPTIMIZERS["adam"].state_names}
    snapshot = Snapshot(0, 0, np.zeros(n_parameters), {"name": "adam", "vectors": vectors}, {}, {}, None)
    return KeptFrame(snapshot, 0, MEASURES, ("epoch", 1), Watch())


def shelf_of_large_frames(run: RunFrames, n: int) -> KeptFrames:
    """Return a shelf to which `n` frames were added, each with its number for parameters."""
    shelf = run.new_shelf()
    for number in range(n):
        kept = frame(20_000)
        kept.snapshot.parameters[:] = number
        shelf.add(number, kept)
    return shelf


def numbers_of(shelf: KeptFrames) -> list[int]:
    return [number for number in range(shelf.last + 1) if number in shelf]


def counted(shelves: list[KeptFrames]) -> int:
    frames = {id(shelf[number]): shelf[number] for shelf in shelves for number in numbers_of(shelf)}
    return sum(kept.nbytes for kept in frames.values())


@settings(max_examples=30, deadline=None)
@given(
    n_parameters=st.sampled_from([10, 200, 3000]),
    limit=st.integers(900_000, 3_000_000),
    acts=st.lists(
        st.one_of(
            st.tuples(st.just("add"), st.integers(1, 400)),
            st.tuples(st.just("back"), st.floats(0, 1)),
            st.tuples(st.just("fork"), st.floats(0, 1)),
            st.tuples(st.just("delete"), st.integers(0, 5)),
        ),
        max_size=12,
    ),
)
def test_the_budget_is_never_exceeded_whatever_is_done(n_parameters: int, limit: int, acts: list) -> None:
    memory = FrameMemory(limit)
    run = memory.new_run()
    shelves = [run.new_shelf()]
    active = shelves[0]
    active.add(0, frame(n_parameters))
    for act, amount in acts:
        if act == "add":
            for _ in range(amount):
                active.add(active.last + 1, frame(n_parameters))
                assert memory.nbytes <= limit
        elif act == "back":
            numbers = numbers_of(active)
            active.truncate_after(numbers[int(amount * (len(numbers) - 1))])
        elif act == "fork" and len(shelves) < 6:
            numbers = numbers_of(active)
            active.is_active = False
            active = active.fork(numbers[int(amount * (len(numbers) - 1))])
            shelves.append(active)
        elif act == "delete" and len(shelves) > 1:
            gone = shelves[amount % len(shelves)]
            if gone is not active:
                shelves.remove(gone)
                run.drop(gone)
    assert memory.nbytes == counted(shelves) <= limit
    for shelf in shelves:
        numbers = numbers_of(shelf)
        assert len(shelf) == len(numbers)
        assert (numbers[0], shelf.first, shelf.last) == (0, 0, numbers[-1])
    assert active.can_resume(active.last)


@settings(max_examples=40, deadline=None)
@given(n=st.integers(1, 3000), asked=st.integers(0, 4000))
def test_the_nearest_is_the_nearest_and_what_follows_follows(n: int, asked: int) -> None:
    shelf = FrameMemory(40 * (OVERHEAD + 240)).new_run().new_shelf()
    for number in range(n):
        shelf.add(number, frame(10))
    numbers = numbers_of(shelf)
    assert abs(shelf.nearest(asked) - asked) == min(abs(number - asked) for number in numbers)
    assert shelf.following(asked, 5) == [number for number in numbers if number > asked][:5]


def test_frames_are_spread_as_evenly_as_they_are_kept() -> None:
    shelf = FrameMemory(10**9).new_run().new_shelf()
    for number in range(100):
        shelf.add(number, frame(10))
    assert shelf.spread(9, 49, 4) == [19, 29, 39, 49]
    assert shelf.spread(0, 3, 80) == [1, 2, 3]
    assert shelf.spread(90, 300, 2) == [99]
    assert shelf.spread(99, 120, 5) == []


def test_a_long_run_is_covered_evenly() -> None:
    shelf = FrameMemory(200 * (OVERHEAD + 240)).new_run().new_shelf()
    for number in range(50_000):
        shelf.add(number, frame(10))
    old = [number for number in numbers_of(shelf) if number < 49_900]
    assert len(set(np.diff(old).tolist())) == 1
    assert len(old) >= 60


def test_large_frames_give_up_what_only_training_needs_before_any_is_dropped() -> None:
    memory = FrameMemory(6_000_000)
    shelf = shelf_of_large_frames(memory.new_run(), 2000)
    numbers = numbers_of(shelf)
    resumable = [number for number in numbers if shelf.can_resume(number)]
    assert memory.nbytes <= 6_000_000
    assert len(numbers) > 2 * len(resumable)
    assert resumable[-shelf.n_recent :] == list(range(2000 - shelf.n_recent, 2000))
    assert shelf.n_recent >= LEAST_RECENT
    assert min(resumable) == 0
    light = next(number for number in numbers if number not in resumable)
    assert shelf[light].snapshot.parameters.dtype == np.float32
    assert (shelf[light].snapshot.parameters == light).all()


def test_pinned_frames_stay_as_they_are_while_their_branch_is_active() -> None:
    memory = FrameMemory(6_000_000)
    shelf = memory.new_run().new_shelf()
    for number in range(400):
        shelf.add(number, frame(20_000))
        shelf.pinned = set(range(1, 1 + shelf.most_pinned))
        assert memory.nbytes <= 6_000_000
    assert len(shelf.pinned) >= 2
    assert all(shelf.can_resume(number) for number in shelf.pinned)
    shelf.is_active = False
    shelf.thin()
    assert not any(shelf.can_resume(number) for number in shelf.pinned)


def test_a_frame_that_two_branches_keep_is_counted_once() -> None:
    memory = FrameMemory(10_000_000)
    run = memory.new_run()
    shelf = run.new_shelf()
    for number in range(10):
        shelf.add(number, frame(100))
    before = memory.nbytes
    other = shelf.fork(6)
    assert memory.nbytes == before
    assert all(other[number] is shelf[number] for number in range(7))
    shelf.truncate_after(2)
    assert memory.nbytes == 7 * before // 10
    run.drop(other)
    assert memory.nbytes == 3 * before // 10


@pytest.mark.parametrize("n_parameters", [10, 30_000])
def test_what_a_frame_takes_is_at_least_its_vectors(n_parameters: int) -> None:
    kept = frame(n_parameters)
    assert kept.nbytes == 3 * 8 * n_parameters + OVERHEAD
    lighter = dataclasses.replace(kept)
    lighter.lighten()
    assert lighter.nbytes == 4 * n_parameters + OVERHEAD
    assert not lighter.can_resume


def test_training_goes_on_from_a_frame_that_gave_up_its_vectors() -> None:
    memory = FrameMemory(6_000_000)
    run = memory.new_run()  # held, as the run's branches hold it
    shelf = shelf_of_large_frames(run, 400)
    light = next(number for number in numbers_of(shelf) if not shelf.can_resume(number))
    other = shelf.fork(light)
    other.wake_last()
    assert other.can_resume(light)
    assert not shelf.can_resume(light)
    assert (other[light].snapshot.parameters == light).all()
    assert not any(vector.any() for vector in other[light].snapshot.optimizer["vectors"].values())
    assert memory.nbytes == counted([shelf, other]) <= 6_000_000


# --- the budget holds whatever lives on it ----------------------------------------------------------------------


@pytest.mark.parametrize("n_parameters", [20_000, 120_000, 250_000])
def test_branches_of_a_large_network_stay_within_the_budget(n_parameters: int) -> None:
    memory = FrameMemory(13_000_000)
    run = memory.new_run()
    shelves = [run.new_shelf()]
    for _ in range(6):
        active = shelves[-1]
        for _ in range(30):
            active.add(active.last + 1 if len(active) else 0, frame(n_parameters))
            active.pinned = set(range(active.last)[-active.most_pinned :])
            assert memory.nbytes <= memory.allowance
        if not run.has_room_for_branch:
            break
        active.is_active = False
        shelves.append(active.fork(active.last))
    assert memory.nbytes == counted(shelves) <= memory.allowance == max(13_000_000, active.least_nbytes)
    assert all(active.can_resume(number) for number in active.numbers[-LEAST_RECENT:])
    assert all(len(shelf) for shelf in shelves)


def test_there_are_fewer_branches_where_not_even_their_last_frames_fit() -> None:
    recording = Recording(ExperimentConfig(hidden_sizes=(512,) * 3, batch_size=None, n_samples=50))
    memory, n_branches = recording.branches.memory, 1
    while not recording.branches.are_full:
        recording.fork(recording.last_frame, recording.last_frame)
        n_branches += 1
        recording.advance(recording.last_frame, "step", 1, 2, 9.0)
        assert memory.nbytes <= memory.allowance
    assert 1 < n_branches < 6
    with pytest.raises(ValueError, match=f"at most {n_branches} for a network this large"):
        recording.fork(recording.last_frame, recording.last_frame)
    recording.switch("A", recording.last_frame)
    assert memory.nbytes <= memory.allowance


def run_of(memory: FrameMemory, n: int, n_parameters: int) -> tuple[RunFrames, KeptFrames]:
    run = memory.new_run()
    shelf = run.new_shelf()
    for number in range(n):
        shelf.add(number, frame(n_parameters))
        assert memory.nbytes <= memory.allowance
    return run, shelf


def test_runs_that_were_set_aside_leave_most_of_the_budget_to_the_present_one() -> None:
    memory = FrameMemory(2_000_000)
    earlier = [run_of(memory, 600, 1000) for _ in range(3)]
    present, shelf = run_of(memory, 600, 1000)
    assert present.nbytes > memory.limit / 2
    assert sum(run.nbytes for run, _ in earlier) + present.nbytes == memory.nbytes <= memory.limit
    assert [run.is_forgotten for run, _ in earlier] == [False] * 3
    assert len(shelf) > 2 * max(len(each) for _, each in earlier)
    run, shelf = earlier[1]
    shelf.is_active = True
    memory.bring_back(run)
    assert (memory.present, present.is_aside, run.is_aside) == (run, True, False)
    for number in range(600, 1200):
        shelf.add(number, frame(1000))
        assert memory.nbytes <= memory.limit
    assert shelf.can_resume(shelf.last)


def test_the_oldest_runs_are_forgotten_where_not_even_their_last_frames_fit() -> None:
    memory = FrameMemory(2_000_000)
    runs = [run_of(memory, 5, 20_000) for _ in range(12)]
    kept = [run for run, _ in runs if not run.is_forgotten]
    assert kept == [run for run, _ in runs][-len(kept) :]
    assert 1 < len(kept) < 12
    assert memory.nbytes == sum(run.nbytes for run in kept) <= memory.limit


def test_what_nobody_holds_any_more_is_out_of_the_account_at_once() -> None:
    memory = FrameMemory()
    run, shelf = run_of(memory, 20, 100)
    before = memory.nbytes
    other = shelf.fork(10)
    other.add(11, frame(100))
    assert memory.nbytes > before
    del other
    assert memory.nbytes == before
    del run, shelf
    assert memory.nbytes == 0


def test_a_run_that_was_set_aside_comes_back_with_its_branches() -> None:
    config = ExperimentConfig(n_samples=60)
    first = Recording(config)
    memory = first.branches.memory
    first.advance(0, "epoch", 1, 6, 9.0)
    first.fork(4, 6)
    first.advance(4, "epoch", 1, 3, 9.0)
    measures = first.frame(7).measures
    first.set_aside()
    second = Recording(dataclasses.replace(config, seed=1), memory)
    second.advance(0, "epoch", 1, 5, 9.0)
    second.set_aside()
    first.bring_back()
    assert first.frame(7).measures == measures
    assert [track.name for track in first.branches] == ["A", "B"]
    assert len(first.advance(7, "epoch", 1, 2, 9.0)) == 2
    first.switch("A", 9)
    assert first.last_frame == 6
    second.branches.frames.forget()
    assert second.is_forgotten
    with pytest.raises(LookupError, match="memory was needed for others"):
        second.bring_back()
