"""A recipe replayed is the run: parameters, optimizer, random streams and losses, bit for bit."""

from __future__ import annotations

import dataclasses
import json
import random
from typing import Any

import numpy as np
import pytest

from nnplay import ExperimentConfig
from nnplay.experiment.frames import frame_memory
from nnplay.experiment.frames.frame_memory import FrameMemory
from nnplay.experiment.frames.kept_frames import KeptFrame
from nnplay.experiment.recording import edits
from nnplay.experiment.recording.recipe import CarryOver, Edit, FreshOptimizer, NewSettings, Recipe, without_stops
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.replaying import Replay
from nnplay.experiment.recording.trainer import Unit
from nnplay.experiment.saved_runs.loading import session_of
from nnplay.experiment.training.snapshot import Snapshot
from nnplay.refusal import Refusal

PLENTY = 1e9
CONFIG = ExperimentConfig(dataset="moons", n_samples=40, hidden_sizes=(3,), batch_size=7, seed=3)

LIVE: dict[str, list[Any]] = {
    "optimizer": ["sgd", "adam", "rmsprop", "adagrad", "adam(beta_1=0.8)"],
    "nesterov": [False, True],
    "learning_rate": [0.003, 0.01, 0.03],
    "momentum": [0.0, 0.5, 0.9],
    "schedule": ["constant", "cosine(epochs=9)", "step(every=2, gamma=0.5)"],
    "regularizer": ["none", "l1", "l2"],
    "regularization_rate": [0.001, 0.01],
    "dropout": [0.0, 0.3],
    "max_epochs": [0, 2, 5],
    "patience": [0, 2],
}
CARRIED: dict[str, list[Any]] = {
    "noise": [0.0, 0.1],
    "n_samples": [30, 40],
    "batch_size": [5, 12, None],
    "shuffle": [True, False],
    "seed": [0, 4],
    "dataset": ["moons", "circles", "xor"],
    "test_fraction": [0.0, 0.25],
}
NEW: dict[str, list[Any]] = {
    "hidden_sizes": [(), (3,), (4, 2)],
    "activation": ["tanh", "relu", "elu(alpha=2)"],
    "dtype": ["float64", "float32"],
    "bias": [True, False],
    "features": [("x1", "x2"), ("x1", "x2", "x1*x2")],
    "loss": [None, "mean_squared_error"],
}


def any_of(rng: random.Random, fields: dict[str, list[Any]], n: int) -> dict[str, Any]:
    return {name: rng.choice(fields[name]) for name in rng.sample(sorted(fields), n)}


def state_of(at: Snapshot) -> tuple[Any, ...]:
    vectors = {name: vector.astype(float).tobytes() for name, vector in at.optimizer["vectors"].items()}
    optimizer = (at.optimizer["name"], at.optimizer["n_updates"], at.optimizer["hyperparameters"], vectors)
    return at.n_steps, at.epoch, at.parameters.astype(float).tobytes(), optimizer, at.batches, at.dropout_rng


def newest(recording: Recording) -> KeptFrame:
    return recording.track.kept[recording.last_frame]


def lead(recording: Recording, rng: random.Random, n_acts: int = 12) -> None:
    """Do what a visitor may do, in any order."""
    for _ in range(n_acts):
        act = rng.choice(["train"] * 4 + ["live"] * 3 + ["edit", "rewind", "rewind", "fork", "switch", "carry_over"])
        frame = recording.nearest_kept(rng.randint(0, recording.last_frame))
        config = recording.config
        if act == "train":
            unit: Unit = rng.choice(["step", "epoch"])
            amount = 1 if unit == "epoch" else 2
            recording.advance(rng.choice([recording.last_frame, frame]), unit, amount, rng.randint(1, 6), PLENTY, True)
        elif act == "live":
            recording.apply(dataclasses.replace(config, **any_of(rng, LIVE, 2)))
        elif act == "edit":
            n = recording.session.network.parameters.size
            edits.edit(recording, rng.choice([recording.last_frame, frame]), rng.randrange(n), rng.uniform(-2, 2))
        elif act == "rewind":
            recording.rewind(frame)
        elif act == "fork" and len(recording.branches) < 3:
            recording.fork(frame, recording.last_frame)
        elif act == "switch":
            recording.switch(rng.choice([track.name for track in recording.branches]), frame)
        elif act == "carry_over":
            other = dataclasses.replace(config, **any_of(rng, CARRIED, 2))
            if config.can_carry_over(other):
                recording.carry_over(other, frame)


@pytest.mark.parametrize("chunk", range(8))
def test_a_recipe_replayed_is_the_run_bit_for_bit(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # So little room that old frames give up what only training needs, as those of large networks do.
    monkeypatch.setattr(frame_memory, "WORTH_LIGHTENING", 0)
    kinds: set[type] = set()
    for seed in range(26 * chunk, 26 * chunk + 26):
        rng = random.Random(seed)
        config = dataclasses.replace(CONFIG, **any_of(rng, NEW, 3), **any_of(rng, LIVE, 2), **any_of(rng, CARRIED, 1))
        recording = Recording(config, FrameMemory(rng.choice([40_000, 13_000_000])))
        lead(recording, rng)
        for track in list(recording.branches):
            recording.switch(track.name, recording.last_frame)
            told = recording.recipe
            assert told is not None
            kinds |= {type(event) for event in told.events}
            recipe, n_steps = Recipe.from_dict(json.loads(json.dumps(told.to_dict()))), recording.session.n_steps
            assert recipe == told
            replayed = Replay(recipe, n_steps).run().recording
            kept, again = newest(recording), newest(replayed)
            assert state_of(again.snapshot) == state_of(kept.snapshot)
            np.testing.assert_array_equal(again.measures, kept.measures)
            assert replayed.recipe == recipe
            session = recipe.replay(n_steps, evaluate_every=0)
            assert state_of(session.snapshot()) == state_of(kept.snapshot)
            np.testing.assert_array_equal(session.measure(), session_of(recording).measure())
            # All of them go on in the same way.
            now = without_stops(recording.config)
            recording.apply(now)
            replayed.apply(now)
            now.apply_live(session)
            session.advance(5)
            assert replayed.train_to(n_steps + 5)
            assert recording.train_to(n_steps + 5)
            ends = state_of(newest(recording).snapshot), state_of(newest(replayed).snapshot)
            assert ends[0] == ends[1] == state_of(session.snapshot())
    assert kinds == {NewSettings, CarryOver, Edit, FreshOptimizer}


def test_each_kept_frame_has_its_recipe() -> None:
    rng = random.Random(5)
    recording = Recording(CONFIG)
    for _ in range(6):
        lead(recording, rng, 4)
        for number in recording.track.kept.numbers[::3]:
            recipe, snapshot = recording.track.recipe_at(number), recording.track.kept[number].snapshot
            assert recipe is not None
            session = recipe.replay(snapshot.n_steps)
            assert session.network.parameters.tobytes() == snapshot.parameters.tobytes()


def test_a_replay_in_slices_comes_to_the_same_end_and_tells_how_far_it_is() -> None:
    recording = Recording(CONFIG)
    recording.advance(0, "epoch", 2, 20, PLENTY)
    recording.apply(dataclasses.replace(CONFIG, learning_rate=0.01, max_epochs=100))
    recording.advance(20, "epoch", 2, 20, PLENTY, go_on=True)
    assert recording.recipe is not None
    replay = Replay(recording.recipe, recording.session.n_steps)
    epochs = [replay.run(0).epoch for _ in range(40)]
    assert replay.epochs == 80
    assert epochs == sorted(epochs)
    assert not replay.is_done
    assert replay.run().is_done
    assert replay.epoch == 80
    assert state_of(newest(replay.recording).snapshot) == state_of(newest(recording).snapshot)
    assert replay.recording.history["epoch"].tolist()[:3] == [0, 1, 2]
    shown = dict(zip(recording.history["epoch"], recording.history["train_loss"], strict=True))
    told = dict(zip(replay.recording.history["epoch"], replay.recording.history["train_loss"], strict=True))
    assert all(told[epoch] == loss for epoch, loss in shown.items())


def test_settings_that_were_changed_and_changed_back_leave_no_trace() -> None:
    one, other = Recording(CONFIG), Recording(CONFIG)
    for recording in (one, other):
        recording.advance(0, "step", 3, 2, PLENTY)
    one.apply(dataclasses.replace(CONFIG, optimizer="adam"))
    one.apply(CONFIG)
    for recording in (one, other):
        recording.advance(2, "step", 3, 2, PLENTY)
    assert state_of(newest(one).snapshot) == state_of(newest(other).snapshot)
    assert one.recipe == other.recipe == Recipe(CONFIG)


def test_settings_before_the_first_step_are_how_the_run_began() -> None:
    recording = Recording(CONFIG)
    recording.apply(dataclasses.replace(CONFIG, learning_rate=0.1, max_epochs=50))
    recording.advance(0, "step", 1, 3, PLENTY)
    assert recording.recipe == Recipe(dataclasses.replace(CONFIG, learning_rate=0.1))


def test_a_run_changed_too_often_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnplay.experiment.recording.tracks.MAX_EVENTS", 3)
    recording = Recording(CONFIG)
    for number in range(4):
        assert recording.recipe is not None
        edits.edit(recording, number, 0, 0.5)
    assert recording.recipe is None


DICT = Recipe(CONFIG, (NewSettings(3, dataclasses.replace(CONFIG, momentum=0.5)), Edit(4, 1, 0.25))).to_dict()


@pytest.mark.parametrize(
    ("saved", "says"),
    [
        ([], "recipe must be an object"),
        ({"steps": 3}, "key in recipe must be one of"),
        ({"config": {"momentum": 2}}, "momentum must be"),
        ({"events": {}}, "events must be a list"),
        ({"events": [[0, "edit", 0, 0.5]] * 2001}, "events must be a list of at most 2000"),
        ({"events": [3]}, "event must be a list that begins with a step and a kind"),
        ({"events": [[3, "sett", {}]]}, "kind of event must be one of"),
        ({"events": [[-1, "edit", 0, 0.5]]}, "step must be an integer"),
        ({"events": [[2**60, "edit", 0, 0.5]]}, "step must be an integer"),
        ({"events": [[5, "edit", 0, 0.5], [4, "edit", 0, 0.5]]}, r"step\[1\] must be an integer"),
        ({"events": [[5, "edit", 0]]}, "event 'edit' must have 4 entries; got 3"),
        ({"events": [[5, "edit", 999, 0.5]]}, "index of an edit must be"),
        ({"events": [[5, "edit", 0, 1e9]]}, "value of an edit must be"),
        ({"events": [[5, "edit", 0, float("nan")]]}, "value of an edit must be a finite number"),
        ({"events": [[5, "set", 3]]}, "event 'set' must have an object with settings"),
        ({"events": [[5, "set", {"noise": 0.2}]]}, r"events\[0\] must change live settings only"),
        ({"events": [[5, "set", {"momentum": 1.5}]]}, "momentum must be"),
        ({"events": [[5, "carry_over", {"hidden_sizes": [9]}]]}, r"events\[0\] must leave the network as it is"),
        ({"events": [[5, "fresh_optimizer", 1]]}, "event 'fresh_optimizer' must have 2 entries; got 3"),
    ],
)
def test_what_is_no_recipe_is_refused_with_what_is_wrong(saved: Any, says: str) -> None:
    with pytest.raises(Refusal, match=says):
        Recipe.from_dict(saved if not isinstance(saved, dict) else DICT | saved)


def test_steps_before_the_last_event_and_steps_that_diverge_are_refused() -> None:
    recipe = Recipe.from_dict(DICT)
    with pytest.raises(Refusal, match="n_steps must be an integer from 4"):
        recipe.replay(3)
    wild = Recipe(dataclasses.replace(CONFIG, learning_rate=1.0, regularizer="l2", regularization_rate=1000.0))
    for replay in (lambda: wild.replay(5000), lambda: Replay(wild, 5000).run()):
        with pytest.raises(Refusal, match="recipe must not diverge before step 5,000"):
            replay()
