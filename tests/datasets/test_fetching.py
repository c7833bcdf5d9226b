"""A fetch that hangs, fails or is cancelled, by processes that do so; and what it must not hold up."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from nnplay.datasets import Dataset
from nnplay.datasets.stored import fetching, sets
from nnplay.datasets.stored import files as stored_files
from nnplay.datasets.stored.fetching import Fetch

HANGS = [sys.executable, "-c", "import time; time.sleep(600)"]
FAILS = [sys.executable, "-c", "import sys; sys.exit('openml.org must be within reach; it is not.')"]
PATIENCE = 30.0


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> dict[str, Dataset]:
    there: dict[str, Dataset] = {}
    monkeypatch.setattr(sets, "_LOADED", there)
    monkeypatch.setattr(fetching, "_UNDER_WAY", {})
    return there


def test_one_that_hangs_is_given_up(loaded: dict[str, Dataset]) -> None:
    fetch = Fetch("mnist", HANGS, seconds=0.1)
    fetch.wait()
    assert fetch.problem == "openml.org didn't send it within 0.1 seconds."
    assert fetch._process.poll() is not None
    assert not loaded


def test_one_that_fails_says_why(loaded: dict[str, Dataset]) -> None:
    fetch = Fetch("mnist", FAILS)
    fetch.wait()
    assert fetch.problem == "openml.org must be within reach; it is not."


def test_one_is_shared_by_all_who_ask_and_ended_when_the_last_one_cancels(
    loaded: dict[str, Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "Fetch", lambda name: Fetch(name, HANGS))
    first, second = fetching.start("mnist"), fetching.start("mnist")
    assert first is second
    assert first.n_waiting == 2
    first.cancel()
    assert first.is_running
    second.cancel()
    first.wait()
    assert first.problem == "It was cancelled."
    again = fetching.start("mnist")
    assert again is not first
    again.cancel()
    again.wait()


def test_who_asks_while_a_cancelled_one_ends_gets_another(
    loaded: dict[str, Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "Fetch", lambda name: Fetch(name, HANGS))
    monkeypatch.setattr(Fetch, "is_running", True)  # it takes a moment until the process is seen to have ended
    first = fetching.start("mnist")
    first.cancel()
    second = fetching.start("mnist")
    second.cancel()
    assert second is not first
    first.wait()
    second.wait()


def test_what_was_fetched_is_there_and_a_broken_file_is_a_sentence(
    loaded: dict[str, Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = [sys.executable, "-c", ""]
    monkeypatch.setattr(sets, "load", lambda name: loaded.setdefault(name, Dataset([[0.0], [1.0]], [0, 1])))
    fetch = Fetch("mnist", done)
    fetch.wait()
    assert fetch.problem is None
    assert "mnist" in loaded

    def broken(name: str) -> Dataset:
        raise ValueError("mnist.npz must be an .npz file")

    monkeypatch.setattr(sets, "load", broken)
    fetch = Fetch("mnist", done)
    fetch.wait()
    assert fetch.problem == "mnist.npz must be an .npz file"


def test_who_waits_for_one_set_holds_up_nobody_who_wants_another(
    loaded: dict[str, Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    began, go_on = threading.Event(), threading.Event()

    def hang() -> None:
        began.set()
        go_on.wait(PATIENCE)
        raise stored_files.NotAtHand("mnist is not to be had")

    monkeypatch.setattr(stored_files, "mnist", hang)
    problems: list[Exception] = []

    def ask() -> None:
        try:
            sets.load("mnist")
        except stored_files.NotAtHand as error:
            problems.append(error)

    waiting = threading.Thread(target=ask)
    waiting.start()
    assert began.wait(PATIENCE)
    answers: list[Dataset] = []
    other = threading.Thread(target=lambda: answers.append(sets.load("digits")))
    other.start()
    other.join(PATIENCE)
    assert len(answers) == 1
    assert waiting.is_alive()
    go_on.set()
    waiting.join(PATIENCE)
    assert len(problems) == 1


def test_what_is_kept_is_read_as_what_was_fetched(
    loaded: dict[str, Dataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Bunch:
        data = [[float(row % 7)] * 8 for row in range(20_640)]
        target = [float(row) for row in range(20_640)]
        feature_names = tuple("abcdefgh")

    monkeypatch.delenv("NNPLAY_DATA_DIR", raising=False)
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path))
    monkeypatch.setattr("sklearn.datasets.fetch_california_housing", lambda: Bunch)
    assert not sets.STORED["california"].is_readable
    stored_files.keep("california")
    assert [path.name for path in (tmp_path / "nnplay").iterdir()] == ["california.npz"]
    X, y, names = stored_files.california()
    assert (X.shape, y[5], names) == ((20_640, 8), 5.0, list("abcdefgh"))
