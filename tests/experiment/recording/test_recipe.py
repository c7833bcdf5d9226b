"""A recipe replayed is the run: parameters, optimizer, random streams and losses, bit for bit."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

import pytest

from nnplay import ExperimentConfig
from nnplay.experiment.frames.kept_frames import KeptFrame
from nnplay.experiment.recording import edits
from nnplay.experiment.recording.recipe import Edit, NewSettings, Recipe
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.replaying import Replay
from nnplay.experiment.recording.told_run import ToldRun
from nnplay.experiment.training.snapshot import Snapshot
from nnplay.refusal import Refusal
from tests.experiment.recording.random_runs import PLENTY, lead

CONFIG = ExperimentConfig(dataset="moons", n_samples=40, hidden_sizes=(3,), batch_size=7, seed=3)


def state_of(at: Snapshot) -> tuple[Any, ...]:
    vectors = {name: vector.astype(float).tobytes() for name, vector in at.optimizer["vectors"].items()}
    optimizer = (at.optimizer["name"], at.optimizer["n_updates"], at.optimizer["hyperparameters"], vectors)
    return at.n_steps, at.epoch, at.parameters.astype(float).tobytes(), optimizer, at.batches, at.dropout_rng


def newest(recording: Recording) -> KeptFrame:
    return recording.track.kept[recording.last_frame]


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
    replay = Replay(ToldRun.of(recording.recipe, recording.session.n_steps))
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
    for replay in (lambda: wild.replay(5000), lambda: Replay(ToldRun.of(wild, 5000)).run()):
        with pytest.raises(Refusal, match="recipe must not diverge before step 5,000"):
            replay()
