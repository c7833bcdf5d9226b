"""Findings as the browser is told of them: in words, and with what can be tried on its page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS, differing
from nnplay.experiment.explain.doctor.diagnosis import findings_of
from nnplay.experiment.explain.doctor.finding import Finding, percent
from nnplay.experiment.recording.recording import Recording
from nnplay.refusal import Refusal
from nnplay.server.budget import check
from nnplay.server.diagnosis.moment import moment_of
from nnplay.server.setting_words import change_in_words
from nnplay.server.training_pages import page_of

#: What such numbers are shares of is said by their names.
_SHARES = ("share of", "recognised of", "right ", "jump ", "fall ", "from", "to")


def diagnosis_of(recording: Recording, number: int) -> dict[str, Any]:
    """Return what the doctor finds at a frame, or the nearest that is kept: ``diagnosis`` of a message.

    Of a run that diverged nothing: the notice says why it stopped, and what helps.
    """
    number = recording.nearest_kept(number)
    stopped = recording.stopped
    has_diverged = stopped is not None and stopped.reason == "diverged"
    findings = [] if has_diverged else findings_of(moment_of(recording, number))
    return {"frame": number, "findings": [told(finding, recording.config) for finding in findings]}


def told(finding: Finding, config: ExperimentConfig) -> dict[str, Any]:
    """Return a finding as the browser shows it."""
    change = possible(finding, config)
    words = ""
    if change is not None:
        words = change_in_words(config, replace(config, **change))
    return {
        "kind": finding.kind,
        "sentence": finding.sentence,
        "evidence": [[name, in_words(name, value, config)] for name, value in finding.evidence.items()],
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


def in_words(name: str, value: float, config: ExperimentConfig) -> str:
    """Return a number of the evidence as a reader writes it."""
    if name.startswith(_SHARES) or ("score" in name and config.task == "classification"):
        return percent(value)
    if value == int(value) and abs(value) < 1e6:
        return f"{value:,.0f}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
