"""What the browser is told of a run that something is wrong with."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from nnplay import ExperimentConfig, diagnose
from nnplay.experiment.explain.doctor.finding import Finding
from nnplay.server import answers
from nnplay.server.diagnosis.moment import moment_of
from nnplay.server.diagnosis.told import possible
from tests.server.test_frames import Visitor

TOO_LARGE = ExperimentConfig(dataset="moons", n_samples=400, learning_rate=10.0, momentum=0.0)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "CPU_SECONDS", 1e9)
    monkeypatch.setattr(answers, "CPU_SECONDS_ALONE", 1e9)


def visitor_of(config: ExperimentConfig, epochs: int = 12) -> Visitor:
    visitor = Visitor(config)
    visitor.ask_frames(0, epochs, "epoch")
    return visitor


def test_a_finding_comes_in_words_with_what_to_try() -> None:
    visitor = visitor_of(TOO_LARGE)
    before = visitor.feed.recording.session.network.parameters.copy()
    header, _, frames = visitor.ask("diagnose", frame=12)
    assert (header["kind"], len(frames), header["diagnosis"]["frame"]) == ("frames", 0, 12)
    first = header["diagnosis"]["findings"][0]
    assert (first["kind"], first["panel"], first["goes_on"]) == ("rate_too_large", "loss", True)
    assert first["change"]["learning_rate"] <= 1
    assert first["words"] == f"learning rate 10 → {first['change']['learning_rate']:g}"
    assert ["learning rate", "10"] in first["evidence"]
    np.testing.assert_array_equal(visitor.feed.recording.session.network.parameters, before)


def test_it_is_what_a_notebook_finds() -> None:
    visitor = visitor_of(TOO_LARGE)
    told = visitor.ask("diagnose", frame=12)[0]["diagnosis"]["findings"]
    session = TOO_LARGE.build().run(12)
    assert [finding["kind"] for finding in told] == [finding.kind for finding in diagnose(session)]
    assert [finding["sentence"] for finding in told] == [finding.sentence for finding in diagnose(session)]


def test_nothing_is_said_of_a_run_that_goes_well() -> None:
    visitor = visitor_of(dataclasses.replace(TOO_LARGE, learning_rate=0.03, momentum=0.9))
    assert visitor.ask("diagnose", frame=12)[0]["diagnosis"]["findings"] == []


@pytest.mark.parametrize("dataset", ["hills", "plane"])
def test_a_run_that_diverges_in_its_first_epoch_is_told_the_rate_that_its_notice_names(dataset: str) -> None:
    visitor = visitor_of(ExperimentConfig(dataset=dataset, learning_rate=10.0))
    stopped = visitor.feed.recording.stopped
    assert stopped is not None
    assert stopped.good == 0
    for frame in (stopped.good, stopped.frame):
        finding, *_ = visitor.ask("diagnose", frame=frame)[0]["diagnosis"]["findings"]
        assert (finding["kind"], finding["goes_on"]) == ("rate_too_large", True)
        assert finding["change"] == {"learning_rate": stopped.rate}
        assert f"{stopped.rate:g} or less" in stopped.advice
        assert finding["advice"] == f"Try a learning rate of {stopped.rate:g}."


def test_before_it_diverged_a_run_is_diagnosed_as_any_other() -> None:
    visitor = visitor_of(ExperimentConfig(dataset="hills", learning_rate=0.03), 12)
    recording = visitor.feed.recording
    visitor.feed.use(dataclasses.replace(recording.config, learning_rate=10.0))
    visitor.ask_frames(12, 3, "epoch")
    assert recording.stopped is not None
    assert [moment_of(recording, number).diverged for number in (11, 12)] == [False, True]


def test_the_numbers_are_those_of_the_frame_that_is_asked_about() -> None:
    visitor = visitor_of(TOO_LARGE, 15)
    recording = visitor.feed.recording
    for frame in (12, 15):
        told = visitor.ask("diagnose", frame=frame)[0]["diagnosis"]
        assert told["epoch"] == frame
        evidence = dict(told["findings"][0]["evidence"])
        assert float(evidence["loss"]) == pytest.approx(recording.track.kept[frame].measures[0], rel=5e-3)
        losses = [recording.track.kept[number].measures[0] for number in range(frame - 4, frame + 1)]
        assert float(evidence["median of the last 5"]) == pytest.approx(np.median(losses), rel=5e-3)


def test_only_the_losses_since_a_setting_was_changed_count() -> None:
    visitor = visitor_of(TOO_LARGE)
    visitor.feed.use(dataclasses.replace(TOO_LARGE, learning_rate=0.1))
    visitor.ask_frames(12, 5, "epoch")
    recording = visitor.feed.recording
    assert moment_of(recording, 17).course.epochs.tolist() == [12, 13, 14, 15, 16, 17]
    assert moment_of(recording, 10).course.epochs.tolist() == list(range(11))


@pytest.mark.parametrize("frame", [-1, "x", None])
def test_a_bad_request_gets_an_empty_answer(frame: object) -> None:
    header, _, frames = visitor_of(TOO_LARGE, 2).ask("diagnose", frame=frame)
    assert "diagnosis" not in header
    assert frames == []


def test_what_a_page_has_no_control_for_is_not_offered() -> None:
    finding = Finding("unscaled_inputs", 1.0, "", {}, "data", "Switch it on.", {"standardise": True}, "Scale it.")
    assert possible(finding, ExperimentConfig()) is None
    assert possible(finding, ExperimentConfig(dataset="diabetes")) == {"standardise": True}
    too_many = Finding("small_test_set", 1.0, "", {}, "data", "", {"n_samples": 10**9})
    assert possible(too_many, ExperimentConfig()) is None
    as_it_is = Finding("plateau", 1.0, "", {}, "loss", "", {"optimizer": "sgd"})
    assert possible(as_it_is, ExperimentConfig()) is None


@pytest.mark.parametrize(("dataset", "per_cent"), [("moons", True), ("hills", False)])
def test_a_score_is_told_in_per_cent_where_it_is_a_share(dataset: str, per_cent: bool) -> None:
    visitor = visitor_of(ExperimentConfig(dataset=dataset, n_samples=40, noise=0.3, learning_rate=0.1))
    findings = visitor.ask("diagnose", frame=12)[0]["diagnosis"]["findings"]
    vague = next(dict(finding["evidence"]) for finding in findings if finding["kind"] == "small_test_set")
    assert vague["test score"].endswith(" %") == per_cent
    assert not vague["test samples"].endswith(" %")
