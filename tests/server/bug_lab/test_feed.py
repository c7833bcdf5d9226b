"""The bug lab's messages: a case and its evidence, and nothing of what is planted before it is named."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from nnplay.experiment.explain.bug_lab.case import Case
from nnplay.experiment.explain.bug_lab.faults import FAULTS
from nnplay.server.bug_lab.feed import BugLabFeed


def read(message: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Return the header and the arrays of a message, as docs/protocol.md has them."""
    length = int.from_bytes(message[4:8], "little")
    header, start, arrays = json.loads(message[8 : 8 + length]), 8 + length, {}
    for entry in header["static_layout"]:
        count = int(np.prod(entry["shape"]))
        arrays[entry["name"]] = np.frombuffer(message, "<f8", count, start).reshape(entry["shape"])
        start += 8 * count
    return header, arrays


def ask(feed: BugLabFeed, **request: Any) -> dict[str, Any]:
    feed.answer({"id": feed.reply + 1, "run": feed.run, **request})
    return read(feed.message)[0]


def test_a_case_comes_with_all_its_evidence() -> None:
    feed = BugLabFeed(7)
    header, arrays = read(feed.message)
    case = Case(7)
    run = case.run()
    assert (header["case"], header["told"], header["verdict"], header["named"]) == (7, None, None, [])
    assert [each["key"] for each in header["faults"]] == list(FAULTS)
    assert np.array_equal(arrays["parameters"], run.parameters)
    assert np.array_equal(arrays["backward"], case.check(run).backward)
    assert np.array_equal(arrays["shares"], case.batches().shares)
    assert arrays["losses"].shape == arrays["scores"].shape == (len(run.epochs), 2)
    assert "healthy_losses" not in arrays


@pytest.mark.parametrize("key", FAULTS)
def test_what_is_planted_is_told_once_it_is_named(key: str) -> None:
    number = next(number for number in range(1, 200) if Case(number).fault.key == key)
    feed, fault = BugLabFeed(number), FAULTS[key]
    wrong = next(other for other in FAULTS if other != key)
    header = ask(feed, kind="name", fault=wrong)
    assert header["told"] is None
    assert header["verdict"] == {"right": False, "title": FAULTS[wrong].title, "planted": "", "text": fault.symptom}
    assert fault.explanation not in json.dumps(header)
    header = ask(feed, kind="name", fault=key)
    assert header["told"] == key
    assert header["verdict"]["right"]
    assert header["verdict"]["text"] == fault.explanation
    assert ("without the fault" in header["verdict"]["figures"]) == fault.is_planted
    assert header["named"] == [wrong, key]
    arrays = read(feed.message)[1]
    assert (np.array_equal(arrays["healthy_losses"], arrays["losses"])) == (not fault.is_planted)
    header = ask(feed, kind="name", fault=wrong)  # once it is told, there is nothing more to answer
    assert header["verdict"]["title"] == fault.title
    assert header["named"] == [wrong, key]


def test_one_can_give_up() -> None:
    header = ask(BugLabFeed(0), kind="tell")
    assert header["told"] == "derivative"
    assert not header["verdict"]["right"]
    assert "layer 1" in header["verdict"]["figures"]
    case = Case(0)
    ours, theirs = (100 * case.run(session).scores[-1, 1] for session in (None, case.healthy()))
    said = f"After 2,000 epochs its test accuracy is {ours:.1f} %; the same run without the fault has {theirs:.1f} %."
    assert header["verdict"]["figures"].endswith(said)


def test_another_case_begins_anew() -> None:
    feed = BugLabFeed(0)
    ask(feed, kind="tell")
    header = ask(feed, kind="case", number=12)
    assert (header["case"], header["told"], header["named"]) == (12, None, [])
    numbers = {ask(feed, kind="new")["case"] for _ in range(3)}
    assert len(numbers - {0, 12}) == 3


@pytest.mark.parametrize(
    "request_",
    [{"kind": "case"}, {"kind": "case", "number": -1}, {"kind": "case", "number": 10_000}, {"kind": "name"},
     {"kind": "name", "fault": "bogus"}, {"kind": "name", "fault": ["bias"]}, {"kind": "look"}, {}],
)  # fmt: skip
def test_a_bad_request_changes_nothing(request_: dict[str, Any]) -> None:
    feed = BugLabFeed(0)
    header = ask(feed, **request_)
    assert (header["case"], header["named"], header["told"]) == (0, [], None)


def test_a_request_of_another_case_gets_the_present_one() -> None:
    feed = BugLabFeed(0)
    feed.answer({"id": 1, "run": "of another server", "kind": "name", "fault": "bias"})
    assert read(feed.message)[0]["named"] == []
    feed.answer({"id": 1, "run": feed.run, "kind": "tell"})  # heard already
    assert read(feed.message)[0]["told"] is None
