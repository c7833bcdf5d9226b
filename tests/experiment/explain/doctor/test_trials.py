"""A small share of ``python -m nnplay.doctor``: planted faults are found, advice helps, good runs are left alone."""

from __future__ import annotations

import pytest

import nnplay.doctor
from nnplay.experiment.explain.doctor.conditions import CONDITIONS
from nnplay.experiment.explain.doctor.trials.judging import false_alarms, trial
from nnplay.experiment.explain.doctor.trials.planted import HEALTHY, PLANTED, Planted


def test_each_kind_of_finding_is_planted() -> None:
    assert {planted.kind for planted in PLANTED} == set(CONDITIONS)


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.kind)
def test_a_planted_fault_is_found_and_the_advice_helps(planted: Planted) -> None:
    verdicts = [trial(planted, seed) for seed in (0, 1)]
    assert all(verdict.found for verdict in verdicts), verdicts
    # Of a small test set the luck of a few samples decides: over 20 seeds its advice helps in 18.
    assert any(verdict.helped for verdict in verdicts), verdicts


@pytest.mark.parametrize("k", range(len(HEALTHY)))
def test_a_run_that_learns_well_is_left_alone(k: int) -> None:
    assert [kinds for _, kinds in false_alarms(HEALTHY[k], 0) if kinds] == []


def test_the_command_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert nnplay.doctor.main(["--seeds", "1", "--only", "symmetric_weights", "--each"]) == 0
    said = capsys.readouterr().out
    assert "1/1 100%" in said
    assert "seed 0: symmetric_weights" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--only", "dead_unit"], "--only must be one of"),
        (["--seeds", "0"], "--seeds must be an integer from 1 to 1000; got 0."),
    ],
)
def test_the_command_refuses_in_a_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert nnplay.doctor.main(arguments) == 1
    assert capsys.readouterr().err.startswith(sentence)
