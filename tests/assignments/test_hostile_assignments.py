"""Generated assignment links and answers that nobody means: a sentence each. ``tests/hostile`` has many more."""

from __future__ import annotations

from tests.hostile.case import try_out
from tests.hostile.kinds import case_of

COUNT = 320


def test_each_is_refused_in_a_sentence_or_rightly_accepted() -> None:
    counts = dict.fromkeys(("accepted", "refused"), 0)
    said = set()
    for number in range(COUNT):
        case = case_of("assignments", 14, number)
        outcome = try_out(case)
        assert outcome.what in counts, f"{number}: {case.said}\n{outcome.why}"
        counts[outcome.what] += 1
        said.add(outcome.why)
    assert min(counts.values()) > COUNT // 10
    assert len(said) > 20  # they say what is wrong with each
