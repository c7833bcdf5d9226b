"""The step that is explained is the one that the run takes; what can't be explained is said in a sentence."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

import nnplay as nn
from nnplay.experiment.recording.recipe import Edit, NewSettings, Recipe
from nnplay.experiment.recording.recording import Recording
from nnplay.server import answers, moments
from nnplay.server.moments import Moment
from nnplay.server.steps import steps_feed
from nnplay.server.steps.handover import moment_at
from nnplay.server.steps.steps_feed import StepsFeed
from nnplay.server.training_pages import TRAINING_PAGES
from tests.server.test_frames import read_message

CONFIG = nn.ExperimentConfig(dataset="moons", n_samples=60, hidden_sizes=(4, 3), dropout=0.2, seed=3)


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "CPU_SECONDS", 1e9)
    monkeypatch.setattr(answers, "CPU_SECONDS_ALONE", 1e9)


class Visitor:
    """Who asks a feed, as the browser does."""

    def __init__(self, feed: StepsFeed) -> None:
        self.feed, self.number = feed, 0

    def read(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        header, statics, _ = read_message(self.feed.message)
        return header, statics

    def ask(self, kind: Any, **more: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        self.number += 1
        self.feed.answer({"id": self.number, "run": self.feed.run, "kind": kind, **more})
        return self.read()


def steps_of(statics: dict[str, np.ndarray]) -> np.ndarray:
    layers = range(len([name for name in statics if name.startswith("weight_steps.")]))
    parts = [statics[f"{kind}_steps.{layer}"].ravel() for layer in layers for kind in ("weight", "bias")]
    return np.concatenate(parts)


@pytest.mark.usefixtures("unhurried")
def test_each_step_taken_is_the_one_that_was_explained() -> None:
    visitor = Visitor(StepsFeed(CONFIG))
    session = CONFIG.build()
    for step in range(12):
        header, statics = visitor.read()
        before = session.network.parameters.copy()
        session.step()
        assert header["step"] == step
        np.testing.assert_allclose(before + steps_of(statics), session.network.parameters, rtol=1e-12, atol=1e-15)
        visitor.ask("next", step=step)
    eleventh = visitor.ask("previous", step=12)
    assert eleventh[0]["step"] == 11
    assert all(np.array_equal(eleventh[1][name], statics[name]) for name in statics)
    assert visitor.ask("next", step=3)[0]["step"] == 11  # that has been done
    assert visitor.ask("next", step=11)[0]["step"] == 12


@pytest.mark.usefixtures("unhurried")
def test_steps_can_be_undone_as_far_as_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps_feed, "BACK_BYTES", 3 * 2 * 8 * CONFIG.n_parameters)  # parameters and velocity
    visitor = Visitor(StepsFeed(CONFIG))
    for step in range(5):
        visitor.ask("next", step=step)
    headers = [visitor.ask("previous", step=step)[0] for step in (5, 4, 3, 2)]
    assert [header["step"] for header in headers] == [4, 3, 2, 2]
    assert [header["can_go_back"] for header in headers] == [True, True, False, False]


@pytest.mark.usefixtures("unhurried")
def test_what_was_changed_on_the_way_is_in_it() -> None:
    slower = dataclasses.replace(CONFIG, learning_rate=0.001)
    recipe = Recipe(CONFIG, (Edit(5, 2, 0.75), NewSettings(9, slower)))
    header, statics = Visitor(StepsFeed(slower, Moment(recipe, 14))).read()
    session = recipe.replay(14)
    before = session.network.parameters.copy()
    session.step()
    np.testing.assert_allclose(before + steps_of(statics), session.network.parameters, rtol=1e-12, atol=1e-15)
    assert header["info"]["learning_rate"] == 0.001


@pytest.mark.usefixtures("unhurried")
def test_the_address_opens_the_same_step() -> None:
    feed = StepsFeed(CONFIG, Moment(Recipe(CONFIG, (Edit(2, 0, -0.5),)), 7))
    Visitor(feed).ask("next", step=7)
    config, notices = TRAINING_PAGES["lessons"].read_link(feed.address)
    again = StepsFeed(config, moments.from_link(feed.address[moments.NAME], config))
    assert notices == []
    one, other = Visitor(feed).read()[1], Visitor(again).read()[1]
    assert one.keys() == other.keys()
    assert all(np.array_equal(one[name], other[name]) for name in one)


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("shown", [2, 5])
def test_a_frame_of_a_run_hands_over_the_step_that_followed_it(shown: int) -> None:
    recording = Recording(CONFIG)
    recording.advance(0, "step", 3, 4, 1e9)
    recording.apply(dataclasses.replace(CONFIG, learning_rate=0.5))
    recording.advance(4, "step", 3, 4, 1e9)
    recording.apply(dataclasses.replace(CONFIG, learning_rate=0.25))
    chosen = moment_at(recording, shown, is_newest=False)
    assert chosen is not None
    header, statics = Visitor(StepsFeed(chosen.config, chosen.moment)).read()
    assert header["step"] == 3 * shown
    assert header["info"]["learning_rate"] == (0.03 if shown == 2 else 0.5)
    # Whether it is trained up to there again or taken up as it stands.
    at_once = Visitor(StepsFeed(chosen.config, chosen.moment, stands=chosen.stands)).read()[1]
    assert chosen.stands is not None
    assert all(np.array_equal(statics[name], at_once[name]) for name in statics)
    before = recording.track.kept[shown].snapshot.parameters
    session = chosen.moment.recipe.replay(3 * shown + 3)
    np.testing.assert_array_equal(session.network.parameters, recording.track.kept[shown + 1].snapshot.parameters)
    first = chosen.moment.recipe.replay(3 * shown + 1).network.parameters
    np.testing.assert_allclose(before + steps_of(statics), first, rtol=1e-12, atol=1e-15)


@pytest.mark.usefixtures("unhurried")
def test_from_the_newest_frame_the_step_goes_by_the_settings_of_now() -> None:
    recording = Recording(CONFIG)
    recording.advance(0, "step", 3, 4, 1e9)
    recording.apply(dataclasses.replace(CONFIG, learning_rate=0.5))
    chosen = moment_at(recording, 4, is_newest=True)
    assert chosen is not None
    header, _ = Visitor(StepsFeed(chosen.config, chosen.moment)).read()
    assert (header["step"], header["info"]["learning_rate"]) == (12, 0.5)


@pytest.mark.usefixtures("unhurried")
def test_finite_differences_are_those_of_the_weight() -> None:
    header, statics = Visitor(StepsFeed(CONFIG)).ask("weight", layer=1, unit=2, **{"from": 4})
    ledger = nn.explain_next_step(CONFIG.build())
    assert header["weight"] == [1, 4, 2]
    assert header["gradient"] == ledger.gradient(1, 4, 2)
    assert statics["difference_errors"][header["best"]] < 1e-7
    assert statics["difference_errors"][0] > 1e-3  # an ε of 1e-14 is rounding
    assert statics["quotients"].shape == (81,)


@pytest.mark.parametrize(
    "more", [{"layer": 9, "from": 0, "unit": 0}, {"layer": 0, "from": 3, "unit": 0}, {"layer": "0"}, {}]
)
def test_a_forged_request_gets_an_answer_and_changes_nothing(more: dict[str, Any]) -> None:
    visitor = Visitor(StepsFeed(CONFIG))
    header, statics = visitor.ask("weight", **more)
    assert header["reply"] == 1
    assert statics == {}
    assert visitor.ask("sync")[0]["kind"] == "step"


def test_a_long_way_is_gone_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "CPU_SECONDS_ALONE", 0.0)
    visitor = Visitor(StepsFeed(CONFIG, Moment(Recipe(CONFIG), 40)))
    assert visitor.read()[0]["progress"] == [0, 40]
    monkeypatch.setattr(answers, "CPU_SECONDS_ALONE", 1e9)
    header, _ = visitor.ask("go_on")
    assert (header["kind"], header["step"], header["progress"]) == ("step", 40, None)


@pytest.mark.usefixtures("unhurried")
def test_what_cant_be_explained_is_said_in_a_sentence() -> None:
    large = dataclasses.replace(CONFIG, hidden_sizes=(300, 300))
    header, _ = Visitor(StepsFeed(large)).read()
    assert header["kind"] == "problem"
    assert header["problem"].startswith("This network has 91,501 parameters")
    wild = dataclasses.replace(CONFIG, activation="relu", learning_rate=1e4, loss="quadratic", output="identity")
    header, _ = Visitor(StepsFeed(wild, Moment(Recipe(wild), 500))).read()
    assert header["kind"] == "problem"
    assert "diverge" in header["problem"]
    visitor = Visitor(StepsFeed(wild))
    for step in range(500):
        header, _ = visitor.ask("next", step=step)
        if header["problem"]:
            break
    assert "diverge" in header["problem"]
