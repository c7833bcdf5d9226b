"""A share of the generated hostile input: refused in a sentence, or accepted, and then nothing fails.

``python -m tests.hostile --count 10000`` is all of it, with what each piece costs.
"""

from __future__ import annotations

import pytest

from tests.hostile.case import try_out
from tests.hostile.kinds import KINDS, case_of, pieces_of

#: Pieces of each kind.
COUNT = 60


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_input_is_refused_in_a_sentence_or_rightly_accepted(kind: str) -> None:
    counts = dict.fromkeys(("accepted", "refused"), 0)
    for number in range(pieces_of(kind, COUNT)):
        case = case_of(kind, 0, number)
        outcome = try_out(case)
        assert outcome.what in counts, f"{kind} {number}: {case.said}\n{outcome.why}"
        counts[outcome.what] += 1
    assert counts["accepted"], "nothing was accepted: what comes after isn't looked at"
