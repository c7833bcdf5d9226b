"""The bar of a long run: when it is there, what it says, and that the run is the same with it."""

from __future__ import annotations

import sys
from typing import Any

import pytest
import tqdm.auto

import nnplay as nn
from nnplay.experiment.training import progress

TRAIN, TEST = nn.datasets.make("moons", n_samples=60, noise=0.1, seed=0).split(0.25, seed=0)


def moon_session(**arguments: Any) -> nn.TrainingSession:
    return nn.TrainingSession(nn.Network([2, 4, 1]), TRAIN, TEST, optimizer=nn.SGD(0.1), batch_size=7, **arguments)


class Bar:
    """Takes the place of tqdm's, and keeps what it is told."""

    made: list[Bar] = []

    def __init__(self, **options: Any) -> None:
        self.options, self.n, self.said, self.closed = options, 0, "", False
        self.made.append(self)

    def set_postfix_str(self, said: str, refresh: bool) -> None:
        self.said = said

    def update(self, n: int) -> None:
        self.n += n

    def close(self) -> None:
        self.closed = True


@pytest.fixture(autouse=True)
def bars(monkeypatch: pytest.MonkeyPatch) -> list[Bar]:
    monkeypatch.setattr(tqdm.auto, "tqdm", Bar)
    monkeypatch.setattr(Bar, "made", [])
    return Bar.made


def test_a_bar_that_is_asked_for_counts_the_epochs_and_says_the_loss(bars: list[Bar]) -> None:
    session = moon_session()
    session.run(3)
    session.run(20, progress=True)
    (bar,) = bars
    assert (bar.options["total"], bar.n, bar.closed) == (20, 20, True)
    assert bar.said == f"training loss {session.history['train_loss'][-1]:.4g}"


def test_the_run_is_the_same_with_a_bar() -> None:
    with_bar, without = moon_session(dropout=0.1), moon_session(dropout=0.1)
    with_bar.step(3)
    without.step(3)
    with_bar.run(15, progress=True)
    without.run(15)
    assert with_bar.network.parameters.tobytes() == without.network.parameters.tobytes()
    assert with_bar.history["test_loss"].tolist() == without.history["test_loss"].tolist()
    assert (with_bar.epoch, with_bar.n_steps) == (without.epoch, without.n_steps)


def test_a_run_that_ends_early_closes_its_bar(bars: list[Bar]) -> None:
    moon_session().run(20, progress=True, callback=lambda session: session.epoch == 4)
    assert (bars[0].n, bars[0].closed) == (4, True)

    def interrupt(session: nn.TrainingSession) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        moon_session().run(20, progress=True, callback=interrupt)
    assert (bars[1].n, bars[1].closed) == (1, True)


def test_who_waits_gets_a_bar_after_a_while(bars: list[Bar], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    now = iter(range(100))
    monkeypatch.setattr(progress, "monotonic", lambda: 0.5 * next(now))
    moon_session().run(3)
    assert bars == []
    moon_session().run(8)
    assert [bar.n for bar in bars] == [8]  # what was done before it appeared counts
    monkeypatch.setattr(sys, "ps1", "", raising=False)
    moon_session().run(8, progress=False)
    assert len(bars) == 1


def test_a_script_gets_none_unless_it_asks(bars: list[Bar], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sys, "ps1", raising=False)
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 0.0)
    moon_session().run(3)
    assert bars == []
    monkeypatch.setitem(sys.modules, "ipykernel", sys)
    moon_session().run(3)
    assert len(bars) == 1


def test_without_a_history_there_is_no_loss_to_say(bars: list[Bar]) -> None:
    moon_session(evaluate_every=0).run(3, progress=True)
    assert (bars[0].said, bars[0].n) == ("", 3)
    with pytest.raises(nn.Refusal, match="progress must be True or False; got 3"):
        moon_session().run(3, progress=3)  # type: ignore[arg-type]
