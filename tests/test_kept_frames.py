"""The store of kept frames: never above its budget, spread over the whole run, and quick to search."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.experiment.kept_frames import LEAST_RECENT, OVERHEAD, FrameMemory, KeptFrame, KeptFrames
from nnplay.experiment.session import Snapshot
from nnplay.experiment.stop_conditions import Watch

MEASURES = (0.0, 0.0, 0.0, 0.0, 0.0)


def frame(n_parameters: int) -> KeptFrame:
    """Return a frame with the state of Adam."""
    vectors = {name: np.zeros(n_parameters) for name in OPTIMIZERS["adam"].state_names}
    snapshot = Snapshot(0, 0, np.zeros(n_parameters), {"name": "adam", "vectors": vectors}, {}, {}, None)
    return KeptFrame(snapshot, 0, MEASURES, ("epoch", 1), Watch())


def shelf_of_large_frames(memory: FrameMemory, n: int) -> KeptFrames:
    """Return a shelf to which `n` frames were added, each with its number for parameters."""
    shelf = memory.new_shelf()
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
    shelves = [memory.new_shelf()]
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
                memory.forget(gone)
    assert memory.nbytes == counted(shelves) <= limit
    for shelf in shelves:
        numbers = numbers_of(shelf)
        assert len(shelf) == len(numbers)
        assert (numbers[0], shelf.first, shelf.last) == (0, 0, numbers[-1])
    assert active.can_resume(active.last)


@settings(max_examples=40, deadline=None)
@given(n=st.integers(1, 3000), asked=st.integers(0, 4000))
def test_the_nearest_is_the_nearest_and_what_follows_follows(n: int, asked: int) -> None:
    shelf = FrameMemory(40 * (OVERHEAD + 240)).new_shelf()
    for number in range(n):
        shelf.add(number, frame(10))
    numbers = numbers_of(shelf)
    assert abs(shelf.nearest(asked) - asked) == min(abs(number - asked) for number in numbers)
    assert shelf.following(asked, 5) == [number for number in numbers if number > asked][:5]


def test_a_long_run_is_covered_evenly() -> None:
    shelf = FrameMemory(200 * (OVERHEAD + 240)).new_shelf()
    for number in range(50_000):
        shelf.add(number, frame(10))
    old = [number for number in numbers_of(shelf) if number < 49_900]
    assert len(set(np.diff(old).tolist())) == 1
    assert len(old) >= 60


def test_large_frames_give_up_what_only_training_needs_before_any_is_dropped() -> None:
    memory = FrameMemory(6_000_000)
    shelf = shelf_of_large_frames(memory, 2000)
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
    shelf = memory.new_shelf()
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
    shelf = memory.new_shelf()
    for number in range(10):
        shelf.add(number, frame(100))
    before = memory.nbytes
    other = shelf.fork(6)
    assert memory.nbytes == before
    assert all(other[number] is shelf[number] for number in range(7))
    shelf.truncate_after(2)
    assert memory.nbytes == 7 * before // 10
    memory.forget(other)
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
    shelf = shelf_of_large_frames(memory, 400)
    light = next(number for number in numbers_of(shelf) if not shelf.can_resume(number))
    other = shelf.fork(light)
    other.wake_last()
    assert other.can_resume(light)
    assert not shelf.can_resume(light)
    assert (other[light].snapshot.parameters == light).all()
    assert not any(vector.any() for vector in other[light].snapshot.optimizer["vectors"].values())
    assert memory.nbytes == counted([shelf, other]) <= 6_000_000
