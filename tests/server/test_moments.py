"""A moment of a run as text, and the run that is trained again from it: in links, and after a server was restarted."""

from __future__ import annotations

import base64
import dataclasses
import json
import zlib
from typing import Any

import pytest

from nnplay.experiment.recording.recording import Recording
from nnplay.refusal import Refusal
from nnplay.server import answers, moments
from nnplay.server.stage_feed import Feed
from tests.experiment.recording.random_runs import PLENTY
from tests.experiment.recording.test_recipe import CONFIG, newest, state_of
from tests.server.test_frames import read_message


def halved(recording: Recording, frame: int) -> Recording:
    recording.rewind(frame)
    recording.apply(dataclasses.replace(recording.config, learning_rate=0.01))
    return recording


def run_with_a_change() -> Recording:
    recording = Recording(CONFIG)
    recording.advance(0, "epoch", 1, 12, PLENTY)
    halved(recording, 10).advance(10, "epoch", 1, 8, PLENTY)
    return recording


def test_a_run_without_changes_has_the_link_that_it_always_had() -> None:
    recording = Recording(CONFIG)
    recording.advance(0, "epoch", 1, 5, PLENTY)
    assert moments.query_of(recording, recording.config, 5) == CONFIG.to_query()
    recording.fork(3, 5)
    assert moments.query_of(recording, recording.config, 3) == CONFIG.to_query()


def test_a_link_of_a_run_without_changes_may_open_where_it_is() -> None:
    recording = Recording(CONFIG)
    recording.advance(0, "epoch", 1, 5, PLENTY)
    assert moments.query_of(recording, CONFIG, 0, is_there=True) == CONFIG.to_query()
    query = moments.query_of(recording, CONFIG, 4, is_there=True)
    assert len(query.pop(moments.NAME)) < 20
    assert query == CONFIG.to_query()
    text = moments.query_of(recording, CONFIG, 4, is_there=True)[moments.NAME]
    feed = Feed(CONFIG, moment=moments.from_link(text, CONFIG))
    assert epochs_shown(feed) == 4
    assert state_of(newest(feed.recording).snapshot) == state_of(recording.track.kept[4].snapshot)


def test_a_change_takes_few_letters_in_a_link() -> None:
    recording = run_with_a_change()
    assert len(moments.query_of(recording, recording.config, recording.last_frame)[moments.NAME]) < 50


def test_old_texts_are_read_forever() -> None:
    recipe, n_steps = run_with_a_change().recipe, 90
    assert recipe is not None
    now = recipe.latest_config
    text = "i7Y0wJQAa9aJjjY1wKUVYnBsLAA"
    assert moments.from_link(text, now) == moments.Moment(recipe, n_steps)


def squeezed(value: Any) -> str:
    squeeze = zlib.compressobj(9, wbits=-15, zdict=moments._WORDS)
    plain = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(squeeze.compress(plain) + squeeze.flush()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "are damaged"),
        ("é", "are damaged"),
        ("AAAA", "are damaged"),
        ("=" * 70_000, "are damaged"),
        (squeezed(b" " * 400_000_000), "are damaged"),
        (squeezed(b"[" * 100_000), "are damaged"),
        (squeezed(b"9" * 400_000), "are damaged"),
        (squeezed({"a": 1}), "are damaged"),
        (squeezed([5, {}]), "are damaged"),
        (squeezed([5, {"momentum": 7}, []]), "don’t fit the run"),
        (squeezed([5, {"hidden_sizes": [9]}, []]), "don’t fit the run"),
        (squeezed([5, [], []]), "don’t fit the run"),
        (squeezed([-5, {}, []]), "don’t fit the run"),
        (squeezed([5, {}, [[9, "edit", 0, 1]]]), "don’t fit the run"),
        (squeezed([5, {}, [[1, "edit", 10**9, 1]]]), "don’t fit the run"),
        (squeezed([5, {}, [[1, "edit", 0, 1]] * 3000]), "don’t fit the run"),
        (squeezed([5, {}, [[1, "carry_over", {}]] * 51]), "are too many"),
        (squeezed([10**9, {}, []]), "would take too long to train again"),
        (squeezed([10**400, {}, []]), "don’t fit the run"),
    ],
)
def test_what_is_no_moment_of_the_run_is_refused_in_one_sentence(text: str, says: str) -> None:
    with pytest.raises(Refusal) as caught:
        moments.from_link(text, CONFIG)
    sentence = moments.in_words(caught.value)
    assert (
        sentence == f"The changes in the link {says}, so the run starts from the beginning, with the latest settings."
    )


# -- the stage -------------------------------------------------------------------------------------------------------


def moment_of(recording: Recording) -> moments.Moment:
    assert recording.recipe is not None
    return moments.Moment(recording.recipe, recording.session.n_steps)


def ask(feed: Feed, kind: str, **more: Any) -> dict[str, Any]:
    feed.answer({"id": feed.reply + 1, "run": feed.run, "kind": kind} | more)
    return read_message(feed.message)[0]


def epochs_shown(feed: Feed) -> float:
    return read_message(feed.message)[2][0]["counters"][1]


def test_a_stage_begins_at_the_moment_that_the_link_tells_of() -> None:
    recording = run_with_a_change()
    feed = Feed(recording.config, moment=moment_of(recording))
    header, statics, _ = read_message(feed.message)
    assert (header["kind"], header["replaying"], header["recovered"]) == ("sync", None, False)
    assert epochs_shown(feed) == 18
    assert state_of(newest(feed.recording).snapshot) == state_of(newest(recording).snapshot)
    assert [mark["text"] for mark in header["marks"]] == ["learning rate 0.03 → 0.01"]
    assert statics["history_epoch"].max() == 18


def in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "CPU_SECONDS", 0.0)
    monkeypatch.setattr(answers, "CPU_SECONDS_ALONE", 0.0)


def test_what_takes_long_is_replayed_request_by_request_and_each_answer_says_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_slices(monkeypatch)
    recording = run_with_a_change()
    feed = Feed(recording.config, moment=moment_of(recording))
    header = read_message(feed.message)[0]
    assert (header["kind"], header["replaying"]) == ("sync", [0, 18])
    epochs = []
    while header["replaying"]:
        epochs.append(header["replaying"][0])
        header = ask(feed, "frames", **{"from": 0, "unit": "epoch", "amount": 1, "n": 5})
    assert len(set(epochs)) > 5
    assert epochs == sorted(epochs)
    assert (header["kind"], epochs_shown(feed)) == ("sync", 18)
    assert feed.recording.recipe == recording.recipe


def test_who_chooses_something_else_meanwhile_gets_that(monkeypatch: pytest.MonkeyPatch) -> None:
    in_slices(monkeypatch)
    recording = run_with_a_change()
    feed = Feed(recording.config, moment=moment_of(recording))
    feed.use(dataclasses.replace(recording.config, momentum=0.5))
    while feed.is_replaying:
        ask(feed, "sync")
    assert (feed.config.momentum, feed.recording.config.momentum, epochs_shown(feed)) == (0.5, 0.5, 18)
    feed.follow(moment_of(recording))
    feed.use(dataclasses.replace(recording.config, seed=9))
    assert not feed.is_replaying
    feed.follow(moment_of(recording))
    assert ask(feed, "reset")["replaying"] is None


def test_a_run_goes_on_where_the_browser_had_it_though_the_server_is_another_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_slices(monkeypatch)
    recording = run_with_a_change()
    before = Feed(recording.config)
    before.open(recording)
    told = read_message(before.message)[0]["recipe"]
    recording.advance(recording.last_frame, "epoch", 1, 4, PLENTY)
    after = Feed(dataclasses.replace(recording.config, max_epochs=20))
    lost = {"run": "0123456789abcdef-3", "recipe": told, "steps": recording.session.n_steps}
    header = ask(after, "recover", **lost)
    while header["replaying"]:
        header = ask(after, "recover", **lost)
    assert (header["kind"], header["recovered"], epochs_shown(after)) == ("sync", True, 22)
    assert state_of(newest(after.recording).snapshot) == state_of(newest(recording).snapshot)
    assert after.recording.config.max_epochs == 20  # gone past before, as it would otherwise have stopped there
    one, other = (r.advance(r.last_frame, "step", 1, 3, PLENTY) for r in (recording, after.recording))
    assert [frame.measures for frame in one] == [frame.measures for frame in other]


@pytest.mark.parametrize("recipe", [None, 5, "", "AAAA", squeezed([5, {}, []])])
@pytest.mark.parametrize("steps", [None, -1, "x", 10**10])
def test_a_run_that_cannot_be_had_back_is_told_to_be_lost(recipe: Any, steps: Any) -> None:
    feed = Feed(CONFIG)
    header = ask(feed, "recover", run="0123456789abcdef-3", recipe=recipe, steps=steps)
    if "recovered" in header:
        assert steps is None
        return
    assert header["kind"] == "sync"
    assert header["lost"].startswith("The run can’t be brought back: its changes ")
    assert len(read_message(feed.message)[2]) == 1


def test_the_address_says_what_was_changed_and_where_the_run_rested() -> None:
    feed = Feed(CONFIG)
    assert feed.changes() == {}
    feed.use(dataclasses.replace(CONFIG, learning_rate=0.02))  # nothing was trained by the rate of before
    assert feed.changes() == {}
    feed.use(CONFIG)
    ask(feed, "frames", **{"from": 0, "unit": "epoch", "amount": 1, "n": 3})
    assert feed.changes() == {}
    feed.use(dataclasses.replace(CONFIG, learning_rate=0.01))
    ask(feed, "frames", **{"from": 2, "unit": "epoch", "amount": 1, "n": 3})
    at_the_change = moments.from_link(feed.changes()[moments.NAME], feed.config)
    assert (at_the_change.n_steps, len(at_the_change.recipe.events)) == (10, 1)
    ask(feed, "show", frame=4, shown=4)
    assert moments.from_link(feed.changes()[moments.NAME], feed.config).n_steps == 20
    feed.use(CONFIG)
    ask(feed, "reset")
    assert feed.changes() == {}


def test_an_edit_that_was_taken_back_is_no_part_of_the_address_nor_of_what_comes_back() -> None:
    feed = Feed(CONFIG)
    ask(feed, "frames", **{"from": 0, "unit": "epoch", "amount": 1, "n": 3})
    before = newest(feed.recording).snapshot.parameters.copy()
    for frame in (3, 4):
        header = ask(feed, "edit", frame=frame, index=0, value=float(frame), shown=frame)
    assert (header["edits"], header["before_edits"]) == ([4, 5], [0, 1])
    for shown, n_events in ((5, 2), (4, 1), (3, 0)):
        header = ask(feed, "rest", shown=shown)
        changes = feed.changes()
        assert len(moments.from_link(changes[moments.NAME], feed.config).recipe.events if changes else ()) == n_events
        after = Feed(feed.config)
        lost = {"run": "x", "recipe": header["recipe"], "steps": 15}
        ask(after, "recover", **lost, **({} if shown == 5 else {"events": header["before_edits"][shown - 3]}))
        weight = newest(after.recording).snapshot.parameters[0]
        assert weight == (before[0] if shown == 3 else shown - 1)


@pytest.mark.parametrize("events", [-1, "x", 1.5, True])
def test_what_is_no_number_of_changes_loses_the_run_with_a_word(events: Any) -> None:
    lost = {"run": "x", "recipe": squeezed([5, {}, []]), "steps": 5, "events": events}
    assert "changes" in ask(Feed(CONFIG), "recover", **lost)["lost"]


def test_a_run_that_would_take_too_long_has_no_recipe_for_the_browser() -> None:
    recording = run_with_a_change()
    told = moments.Told()
    assert told.to_browser(recording, recording.config)
    state = newest(recording).snapshot
    newest(recording).snapshot = dataclasses.replace(state, n_steps=10**9)
    assert told.to_browser(recording, recording.config) == ""
