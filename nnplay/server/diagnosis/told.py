"""Findings as the browser is told of them: in words, and with what can be tried on its page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS, differing
from nnplay.experiment.explain.doctor.diagnosis import findings_of
from nnplay.experiment.explain.doctor.finding import Finding, in_words
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.training.stop_conditions import Stop
from nnplay.refusal import Refusal
from nnplay.server.budget import check
from nnplay.server.diagnosis.moment import moment_of
from nnplay.server.setting_words import change_in_words
from nnplay.server.training_pages import page_of


def diagnosis_of(recording: Recording, number: int) -> dict[str, Any]:
    """Return what the doctor finds at a frame, or the nearest that is kept: ``diagnosis`` of a message.

    Its numbers are those of that frame, whose epoch is told, too. A run that diverged is diagnosed as such from the
    frame on to which it went back.
    """
    number = recording.nearest_kept(number)
    moment = moment_of(recording, number)
    findings = findings_of(moment)
    stopped = recording.stopped
    if moment.diverged and stopped is not None:
        findings = [_as_the_notice_says(finding, stopped) for finding in findings]
    kept = recording.track.kept[number]
    epoch = kept.snapshot.epoch + kept.step_in_epoch / recording.session.steps_per_epoch
    return {"frame": number, "epoch": epoch, "findings": [told(finding, recording.config) for finding in findings]}


def _as_the_notice_says(finding: Finding, stopped: Stop) -> Finding:
    """Return a finding about the rate with the one that was tried when the run diverged: both give the same advice."""
    if finding.kind != "rate_too_large":
        return finding
    if stopped.rate is None or stopped.back_to is not None:
        return replace(finding, advice=stopped.advice, change={})
    return replace(finding, advice=f"Try a learning rate of {stopped.rate:g}.", change={"learning_rate": stopped.rate})


def told(finding: Finding, config: ExperimentConfig) -> dict[str, Any]:
    """Return a finding as the browser shows it."""
    change = possible(finding, config)
    words = ""
    if change is not None:
        words = change_in_words(config, replace(config, **change))
    return {
        "kind": finding.kind,
        "sentence": finding.sentence,
        "evidence": [[name, in_words(value)] for name, value in finding.evidence.items()],
        "panel": finding.panel,
        "advice": finding.advice if change is not None or not finding.otherwise else finding.otherwise,
        "change": None if change is None else {name: _plain(value) for name, value in change.items()},
        "words": words,
        "goes_on": change is not None and finding.goes_on,
    }


def possible(finding: Finding, config: ExperimentConfig) -> dict[str, Any] | None:
    """Return what a finding would have changed, if the page has controls for it and the run may be so; else None."""
    page = page_of(config).name
    try:
        changed = replace(config, **finding.change)
        check(changed)
    except Refusal:
        return None
    names = differing(config, changed)
    rows = [SETTINGS[name] for name in names]
    if not names or any(page not in row.pages or row.absent(changed) or row.idle(changed) for row in rows):
        return None
    return dict(finding.change)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
