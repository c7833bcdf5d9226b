"""Where a run stands, as a browser holds it: long runs, and those whose recipe isn't known, go on from there."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import pytest

from nnplay.experiment.recording.recipe import NewSettings
from nnplay.refusal import Refusal
from nnplay.server import budget, moments
from nnplay.server.recovery import stands
from nnplay.server.stage_feed import Feed
from tests.experiment.recording.test_recipe import CONFIG, newest, state_of
from tests.server.recovery.test_held import Browser
from tests.server.test_moments import ask, epochs_shown

STEPS_AN_EPOCH = CONFIG.steps_per_epoch
A_STEP = budget.seconds_a_step(CONFIG)


@pytest.fixture(autouse=True)
def long_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let 10 epochs be much to train again, and 40 too much; and let there be a stand as often as one is due."""
    monkeypatch.setattr(stands, "TRAINED_AGAIN_SECONDS", 10 * STEPS_AN_EPOCH * A_STEP)
    monkeypatch.setattr(stands, "LEAST_SECONDS", 10 * STEPS_AN_EPOCH * A_STEP)
    monkeypatch.setattr(stands, "PLAYING", stands.Playing())
    monkeypatch.setattr(stands, "EVERY_SECONDS", 0.0)
    monkeypatch.setattr(stands, "CHARACTERS_A_SECOND", 1e12)
    monkeypatch.setattr(budget, "REPLAY_SECONDS", 40.5 * STEPS_AN_EPOCH * A_STEP)


def played(visitor: Browser, epochs: int, chunk: int = 5) -> Browser:
    """Play on as a browser does, which shows what came with the last answer."""
    for _ in range(epochs // chunk):
        visitor.play(visitor.feed.recording.last_frame, chunk)
    visitor.ask("rest", shown=visitor.feed.recording.last_frame)
    return visitor


def stand_of(visitor: Browser) -> stands.Stand:
    return stands.read(visitor.texts[visitor.header["hold"]["stand"]])


def test_the_more_visitors_play_the_less_of_each_run_is_trained_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stands, "LEAST_SECONDS", 4 * STEPS_AN_EPOCH * A_STEP)

    def stand_after(epochs: int) -> bool:
        visitor = played(Browser(Feed(CONFIG)), epochs, chunk=1)
        return "stand" in visitor.header["hold"]

    assert [stand_after(8), stand_after(4)] == [False, False]  # the second has 5 epochs to go, and the first is there
    others = [played(Browser(Feed(CONFIG)), 1) for _ in range(8)]
    assert stand_after(5)
    assert not stand_after(3)  # not for so little
    assert len(others) == 8


def test_whoever_was_not_answered_for_long_does_not_play_now() -> None:
    playing, (one, another) = stands.Playing(), (object(), object())
    assert [playing.count(one, 0.0), playing.count(another, 5.0), playing.count(one, 14.0)] == [1, 2, 2]
    assert playing.count(one, 16.0) == 1


def test_a_run_that_would_take_too_long_to_train_again_goes_on_from_its_stand_bit_for_bit() -> None:
    visitor = played(Browser(Feed(CONFIG)), 30)
    visitor.feed.use(dataclasses.replace(CONFIG, learning_rate=0.01))
    played(visitor, 40)
    before = visitor.feed
    visitor.play(before.recording.last_frame, 3)
    with pytest.raises(Refusal, match="must be trained again in at most"):
        moments.from_text(visitor.header["recipe"], CONFIG, before.recording.session.n_steps)
    assert 60 * STEPS_AN_EPOCH <= stand_of(visitor).n_steps < 73 * STEPS_AN_EPOCH
    after = Feed(before.config)
    header = visitor.recover(after)
    assert (header["recovered"], header["fresh_optimizer"], epochs_shown(after)) == (True, False, 73)
    assert state_of(newest(after.recording).snapshot) == state_of(newest(before.recording).snapshot)
    assert after.recording.recipe == before.recording.recipe
    for feed in (before, after):
        ask(feed, "frames", **{"from": feed.recording.last_frame, "unit": "epoch", "amount": 1, "n": 3})
    assert state_of(newest(after.recording).snapshot) == state_of(newest(before.recording).snapshot)


def test_what_was_changed_since_the_stand_is_trained_again_too() -> None:
    visitor = played(Browser(Feed(CONFIG)), 45)
    recording = visitor.feed.recording
    stands_at = stand_of(visitor).n_steps
    visitor.ask("edit", frame=recording.last_frame, index=1, value=0.25)
    visitor.feed.use(dataclasses.replace(CONFIG, momentum=0.3))
    visitor.play(recording.last_frame, 4)
    assert stand_of(visitor).n_steps == stands_at
    end = state_of(newest(recording).snapshot)
    after = Feed(CONFIG)
    visitor.recover(after)
    assert state_of(newest(after.recording).snapshot) == end
    assert after.recording.recipe == recording.recipe


def test_a_short_run_has_no_stand() -> None:
    assert "stand" not in played(Browser(Feed(CONFIG)), 5).header["hold"]


def test_there_is_a_new_stand_only_every_so_often(monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = played(Browser(Feed(CONFIG)), 15)
    first = visitor.header["hold"]["stand"]
    monkeypatch.setattr(stands, "EVERY_SECONDS", 3600.0)
    assert played(visitor, 30).header["hold"]["stand"] == first
    monkeypatch.setattr(stands, "LEAST_SECONDS", 10 * STEPS_AN_EPOCH * A_STEP)
    monkeypatch.setattr(stands, "PLAYING", stands.Playing())
    monkeypatch.setattr(stands, "EVERY_SECONDS", 0.0)
    monkeypatch.setattr(stands, "CHARACTERS_A_SECOND", len(visitor.texts[first]) / 3600)
    assert played(visitor, 10).header["hold"]["stand"] == first
    later = time.monotonic() + 3600
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert played(visitor, 5).header["hold"]["stand"] != first


def test_who_goes_back_before_the_stand_and_changes_something_gets_another_one() -> None:
    visitor = played(Browser(Feed(CONFIG)), 45)
    first = visitor.header["hold"]["stand"]
    visitor.feed.use(dataclasses.replace(CONFIG, learning_rate=0.01))
    visitor.play(20, 5)
    assert visitor.header["hold"].get("stand") != first
    stand, recipe = stand_of(visitor), visitor.feed.recording.recipe
    assert recipe is not None
    assert stand.goes_on(recipe) is not None
    after = Feed(CONFIG)
    end = state_of(newest(visitor.feed.recording).snapshot)
    visitor.recover(after)
    assert state_of(newest(after.recording).snapshot) == end


def test_a_run_whose_recipe_is_not_known_goes_on_from_its_stand() -> None:
    visitor = Browser(Feed(CONFIG))
    visitor.feed.recording.track.begin_as_told(None)
    played(visitor, 5)
    before = visitor.feed.recording
    assert visitor.header["recipe"] == ""
    after = Feed(CONFIG)
    header = visitor.recover(after)
    assert (header["recovered"], header["recipe"], epochs_shown(after)) == (True, "", 5)
    assert state_of(newest(after.recording).snapshot) == state_of(newest(before).snapshot)


def test_a_network_too_large_for_all_that_training_needs_is_told_in_single_precision(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wide = dataclasses.replace(CONFIG, hidden_sizes=(60,), optimizer="adam")
    visitor = played(Browser(Feed(wide)), 45)
    full = visitor.texts[visitor.header["hold"]["stand"]]
    monkeypatch.setattr(stands, "MAX_CHARACTERS", len(full) - 2000)
    played(visitor, 15)
    stand = stand_of(visitor)
    assert stand.is_light
    after = Feed(wide)
    end = newest(visitor.feed.recording).snapshot.parameters
    header = visitor.recover(after)
    assert (header["recovered"], header["fresh_optimizer"], epochs_shown(after)) == (True, True, 60)
    assert abs(newest(after.recording).snapshot.parameters - end).max() < 0.3  # another optimizer's way
    recipe = after.recording.recipe
    assert recipe is not None
    assert [event.kind for event in recipe.events] == ["fresh_optimizer"]
    monkeypatch.setattr(stands, "MAX_CHARACTERS", 100)
    assert stands.write(after.recording, after.recording.last_frame) == ""


@pytest.mark.parametrize("damage", [lambda text: "x", lambda text: text[:-8], lambda text: "." + text, lambda text: 7])
def test_a_damaged_stand_is_none_and_the_recipe_counts(damage: Any) -> None:
    visitor = played(Browser(Feed(CONFIG)), 30)
    text = damage(visitor.texts[visitor.header["hold"]["stand"]])
    after = Feed(CONFIG)
    told = {"recipe": visitor.header["recipe"], "steps": 30 * STEPS_AN_EPOCH, "stand": text}
    header = ask(after, "recover", run="x", **told)
    assert (header["recovered"], epochs_shown(after)) == (True, 30)
    header = ask(Feed(CONFIG), "recover", run="x", **told | {"recipe": ""})
    assert header["lost"].startswith("The run can’t be brought back: its changes ")


def test_a_stand_knows_which_recipes_lead_by_it() -> None:
    visitor = played(Browser(Feed(CONFIG)), 45)
    stand, recipe = stand_of(visitor), visitor.feed.recording.recipe
    assert recipe is not None
    assert stand.goes_on(recipe) == 0
    other = dataclasses.replace(CONFIG, learning_rate=0.01)
    later = dataclasses.replace(recipe, events=(NewSettings(stand.n_steps, other),))
    before = dataclasses.replace(recipe, events=(NewSettings(stand.n_steps - 1, other),))
    assert (stand.goes_on(later), stand.goes_on(before)) == (0, None)
    assert stand.goes_on(dataclasses.replace(recipe, config=other)) is None
