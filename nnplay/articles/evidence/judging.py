"""Whether a claim holds: a rule from the stored figures to one of a few plain words."""

from __future__ import annotations

import re
from statistics import median

from nnplay.articles.evidence.article import Claim, Figure, Test, is_lower_better, written
from nnplay.articles.evidence.results import Results, compared, n_better_and_worse, ours, worded_bound

HOLDS, PARTLY, FAILS, UNTESTED = "holds", "partly", "does not hold", "not tested"
#: All the verdicts that there are, and what each says.
VERDICTS = {
    HOLDS: "every test of it came out as the article says",
    PARTLY: "some tests did, or only a few seeds did",
    FAILS: "no test did",
    UNTESTED: "nothing here can decide it",
}
#: How far a figure may lie from the article's and still agree: of an accuracy, and as a share of any other number.
CLOSE, CLOSE_SHARE = 0.02, 0.1
#: Of fewer pairs the sign test never says that one is better.
MIN_PAIRS = 6
RULE = (
    "An accuracy agrees with the article's if it is at least as good, or at most two percentage points below; an "
    "error agrees if it is at most a tenth larger. At least half of the seeds must agree. One network is better "
    "than another if it wins with more seeds than chance would give (sign test, 5 %); both are trained in the same "
    "way, apart from what is compared."
)


def verdict(claim: Claim, made: Results) -> str:
    """Return one of :data:`VERDICTS`: "partly" unless all tests agree that the claim holds or does not."""
    grades = [grade(test, made) for test in claim.tests]
    known = [one for one in grades if one is not None]
    if not known or len(known) < len(grades):
        return UNTESTED
    if min(known) == 1:
        return HOLDS
    return FAILS if max(known) == 0 else PARTLY


def grade(test: Test, made: Results) -> float | None:
    """Return 1 where the test came out as claimed, 0 where not, and None where it never ran or with too few seeds.

    An article's figure that fewer than half of the seeds agree with, but some, is worth 0.5.
    """
    values = _values(test, made)
    if not values:
        return None
    if test.claimed is not None:
        n = n_agreeing(test, values)
        return 1.0 if 2 * n >= len(values) else 0.5 if n else 0.0
    if test.bound:
        return float(test.bound.holds(values))
    if len(values) < MIN_PAIRS:
        return None
    return float(compared(values, _rival(test, made), is_lower_better(test.kind)) == "better")


def n_agreeing(test: Test, values: tuple[float, ...]) -> int:
    """Return how many seeds' results are as good as the claimed figure, or close to it."""
    assert test.claimed is not None
    if is_lower_better(test.kind):
        return sum(value <= test.claimed * (1 + CLOSE_SHARE) for value in values)
    return sum(value >= test.claimed - CLOSE for value in values)


def evidence(test: Test, made: Results) -> str:
    """Return in words what a test was of and what came out of it."""
    values = _values(test, made)
    if not values:
        return f"{test.words}: not run yet"
    told = f"{test.words}: {ours(test.kind, values)}"
    if test.claimed is not None:
        n = n_agreeing(test, values)
        return f"{told}; the article: {written(test.kind, test.claimed)}; {n} of {len(values)} seeds agree"
    if test.bound:
        return f"{told}; needed: {worded_bound(test.kind, test.bound)}"
    rival = _rival(test, made)
    n_better, n_worse = n_better_and_worse(values, rival, -1 if is_lower_better(test.kind) else 1)
    return (
        f"{told}, against {ours(test.kind, rival)}: better with {n_better} of {len(values)} seeds, worse with {n_worse}"
    )


def told(figure: Figure, made: Results) -> str:
    """Return a figure in words; empty where it never ran."""
    result = made.experiments.get(figure.experiment)
    return f"{figure.words}: {ours(figure.kind, result.measures[figure.measure])}" if result else ""


def filled(text: str, made: Results) -> str:
    """Return `text` with the median of a stored result for each ``{experiment.measure:kind}``."""

    def fill(match: re.Match[str]) -> str:
        experiment, measure, kind = match.groups()
        result = made.experiments.get(experiment)
        return written(kind, median(result.measures[measure])) if result else "(not run yet)"

    return re.sub(r"\{(\w+)\.(\w+):(\w+)\}", fill, text)


def _values(test: Test, made: Results) -> tuple[float, ...]:
    result = made.experiments.get(test.experiment)
    return result.measures[test.measure] if result else ()


def _rival(test: Test, made: Results) -> tuple[float, ...]:
    result = made.experiments.get(test.rival or test.experiment)
    return result.measures[test.rival_measure or test.measure] if result else ()
