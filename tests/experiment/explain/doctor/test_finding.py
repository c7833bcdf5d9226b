"""How a finding's numbers are written."""

from __future__ import annotations

import pytest

from nnplay.experiment.explain.doctor.finding import Finding, Share, in_words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Share(0.8123), "81 %"),
        (Share(0.0312), "3.1 %"),
        (Share(1), "100 %"),
        (5.0, "5"),
        (12345.6, "12,346"),
        (0.8123, "0.812"),
        (float("inf"), "inf"),
    ],
)
def test_numbers_are_written_as_a_reader_writes_them(value: float, text: str) -> None:
    assert in_words(value) == text


def test_a_finding_says_what_is_the_matter_its_numbers_and_what_to_try() -> None:
    finding = Finding("noise", 1.0, "It jumps.", {"batch size": 4.0, "jump": Share(0.25)}, "loss", "Try ten.")
    assert str(finding) == "It jumps. (batch size 4, jump 25 %) Try ten."
