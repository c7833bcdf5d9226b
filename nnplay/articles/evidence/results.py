"""The results of the experiments: run, judged, and stored in a file with the date and the versions used."""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import os
import platform
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import comb
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from nnplay.articles.evidence.article import Article, Bound, Experiment, Outcome, Row, Table, finished, written
from nnplay.refusal import Refusal
from nnplay.validation import shown

FILE = Path(__file__).with_name("results.json")
FORMAT, VERSION = "nnplay articles", 2
#: Of a number that is not asked of exactly, so many digits are kept.
DIGITS = 5
_PACKAGES = ("numpy", "scikit-learn")


@dataclass(frozen=True)
class Result:
    """What an experiment gave.

    Attributes
    ----------
    seeds : tuple of int
    seconds : float
        CPU time for one seed, everything included; the mean.
    measures : dict of tuple of float
        By name, seed by seed.
    curves : dict
        By name: ``x``, and over the seeds ``low``, ``median`` and ``high``.
    made : dict of str
        The date, the versions, the machine.
    """

    seeds: tuple[int, ...]
    seconds: float
    measures: dict[str, tuple[float, ...]]
    curves: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Results:
    """What an article's experiments gave.

    Attributes
    ----------
    experiments : dict of Result
        By key.
    exhibits : dict
        What else the page shows.
    """

    experiments: dict[str, Result] = field(default_factory=dict)
    exhibits: dict[str, Any] = field(default_factory=dict)

    @property
    def made(self) -> str:
        """When they were made, and with what, in words."""
        if not self.experiments:
            return ""
        made = [result.made for result in self.experiments.values()]
        dates = sorted({one["date"] for one in made})
        when = dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"
        versions = (f"{name} {' and '.join(sorted({one[name] for one in made}))}" for name in ("python", *_PACKAGES))
        return f"{when} with {', '.join(versions)} ({', '.join(sorted({one['machine'] for one in made}))})"

    def values(self, row: Row) -> tuple[float, ...]:
        """Return what the seeds gave for a row; nothing if its experiment was left out."""
        result = self.experiments.get(row.experiment)
        return result.measures[row.measure] if result else ()

    def rival_values(self, row: Row) -> tuple[float, ...]:
        """Return what the row's rival gave, seed by seed; nothing without one."""
        result = self.experiments.get(row.rival) if row.rival else None
        return result.measures[row.measure] if result else ()


def run_experiment(
    experiment: Experiment, seeds: Sequence[int], note: Callable[[int, float], None] | None = None
) -> Result:
    """Run an experiment with these seeds; tell `note` how many are done and the share of the one under way."""
    outcomes: list[Outcome] = []
    start = time.thread_time()
    for seed in seeds:

        def tell(done: float, n_done: int = len(outcomes)) -> None:
            if note:
                note(n_done, done)

        outcomes.append(finished(experiment.run(seed), tell))
    seconds = (time.thread_time() - start) / len(seeds)
    measures = {name: tuple(_kept(o.measures[name]) for o in outcomes) for name in outcomes[0].measures}
    curves = {name: _over_seeds([o.curves[name] for o in outcomes]) for name in outcomes[0].curves}
    return Result(tuple(seeds), round(seconds, 2), measures, curves, provenance())


def run_article(article: Article, quick: bool, note: Callable[[str], None], only: Collection[str] = ()) -> Results:
    """Run an article's experiments, or `only` those; tell `note` how far it is, in words."""
    experiments = {}
    for experiment in article.experiments:
        n_seeds = experiment.n_quick if quick else experiment.n_seeds
        if not n_seeds or not experiment.is_available or (only and experiment.key not in only):
            continue

        def tell(n_done: int, done: float, key: str = experiment.key, n: int = n_seeds) -> None:
            note(f"{article.key} {key}: seed {n_done + 1} of {n}, {100 * done:.0f} %")

        experiments[experiment.key] = run_experiment(experiment, range(n_seeds), tell)
    exhibits = article.exhibits() if article.exhibits and not quick and not only else {}
    return Results(experiments, _rounded(exhibits))


def provenance() -> dict[str, str]:
    """Return when and on what this runs."""
    versions = {name: importlib.metadata.version(name) for name in _PACKAGES}
    return {
        "date": datetime.date.today().isoformat(),
        "python": platform.python_version(),
        **versions,
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }


#: Whether a row keeps to our own bound. Where a mistake must show, a large error is what is expected.
AS_EXPECTED, UNEXPECTED = "as expected", "not as expected"
#: Nothing is claimed of how long it takes, and machines differ: a target of our own, never a verdict on the article.
_TARGET = {AS_EXPECTED: "within our target", UNEXPECTED: "slower than our target"}


def bound_verdict(table: Table, row: Row, values: Sequence[float], n_seeds: int) -> str:
    """Return how the values of a row, which there are, keep to its bound, of those that a full run gives.

    "as expected" or "not as expected"; of a time, whether it keeps to our target; "too few seeds" for a part of what a
    median is of.
    """
    assert row.bound
    if len(values) < n_seeds and row.bound.statistic == "median":
        return "too few seeds"
    said = AS_EXPECTED if row.bound.holds(values) else UNEXPECTED
    return _TARGET[said] if table.kind == "seconds" else said


def verdicts(table: Table, row: Row, made: Results, n_seeds: int) -> list[str]:
    """Return what there is to say of a row: how it compares with its rival, and whether it keeps to our own bound."""
    values = made.values(row)
    if not values:
        return []
    said = compared(values, made.rival_values(row), table.is_lower_better)
    return [*([said] if said else []), *([bound_verdict(table, row, values, n_seeds)] if row.bound else [])]


def compared(values: Sequence[float], rival: Sequence[float], lower_is_better: bool) -> str:
    """Return how an experiment compares with another, seed by seed; "" where there is none.

    "better" or "worse" where that is so with more of the seeds than chance gives (:func:`unlikely`), and else "no clear
    difference".
    """
    if not values or not rival:
        return ""
    n_better, n_worse = n_better_and_worse(values, rival, -1 if lower_is_better else 1)
    if not unlikely(n_better, n_worse):
        return "no clear difference"
    return "better" if n_better > n_worse else "worse"


def n_better_and_worse(values: Sequence[float], rival: Sequence[float], sign: int = 1) -> tuple[int, int]:
    """Return with how many seeds the values are better than the rival's, and with how many worse; ties count for none.

    A rival that has fewer seeds is compared as far as it goes.
    """
    differences = [sign * (a - b) for a, b in zip(values, rival, strict=False)]
    return sum(d > 0 for d in differences), sum(d < 0 for d in differences)


def unlikely(n_better: int, n_worse: int) -> bool:
    """Return whether a fair coin falls as one-sidedly in less than one of twenty cases: the sign test, two-sided."""
    n, fewer = n_better + n_worse, min(n_better, n_worse)
    return 2 * sum(comb(n, k) for k in range(fewer + 1)) / 2**n < 0.05


def ours(kind: str, values: Sequence[float]) -> str:
    """Return our figure in words: the median, and where there are more seeds, the range and their number."""
    if not values:
        return ""
    if kind == "solved":
        return f"{sum(value == 1 for value in values)} of {len(values)} seeds"
    middle = written(kind, median(values))
    if len(values) == 1:
        return f"{middle} (1 seed)"
    low, high = written(kind, min(values)), written(kind, max(values))
    if low == high:
        return f"{middle} (all {len(values)} seeds)"
    return f"{middle} ({low} to {high}, {len(values)} seeds)"


def asked(table: Table, row: Row) -> str:
    """Return what is asked of a row in words: ``"median at least 93.0 %"``; empty where nothing is."""
    return worded_bound(table.kind, row.bound) if row.bound else ""


def worded_bound(kind: str, bound: Bound) -> str:
    """Return a bound in words, its numbers written as those of that kind are."""
    if kind == "solved":
        return "at least one seed" if bound.low else "no seed"
    ends = (("at least", bound.low), ("at most", bound.high))
    parts = [f"{word} {written(kind, end)}" for word, end in ends if end is not None]
    who = "every seed" if (bound.statistic, bound.high is None) in _EVERY_SEED else bound.statistic
    return f"{who} {' and '.join(parts)}"


#: If the lowest is at least, or the highest at most so much, every seed is.
_EVERY_SEED = (("lowest", True), ("highest", False))


# -- the file ------------------------------------------------------------------------------------------------------


def save(made: Mapping[str, Results], path: Path = FILE) -> None:
    """Write the results of some experiments over theirs in the file; those of others stay."""
    kept = read(path) if path.exists() else {}
    for key, new in made.items():
        old = kept.get(key, Results())
        kept[key] = Results({**old.experiments, **new.experiments}, {**old.exhibits, **new.exhibits})
    articles = {key: asdict(results) for key, results in sorted(kept.items())}
    text = json.dumps({"format": FORMAT, "version": VERSION, "articles": articles}, allow_nan=False)
    # A line for each experiment, so that a difference can be read.
    for key in ('"seeds": ', '"exhibits": '):
        text = text.replace(key, f"\n{key}")
    partial = path.with_suffix(".partial")
    partial.write_text(text + "\n", encoding="utf-8")
    partial.replace(path)


def read(path: Path = FILE) -> dict[str, Results]:
    """Return the results of each article in the file, by the article's key.

    Raises
    ------
    ValueError
        If the file is not of this format.
    """
    saved = json.loads(path.read_text(encoding="utf-8"))
    if (saved.get("format"), saved.get("version")) != (FORMAT, VERSION):
        raise Refusal(
            path.name,
            f"must be of format {FORMAT!r}, version {VERSION}",
            f"{shown(saved.get('format'))}, {shown(saved.get('version'))}",
        )
    return {
        key: Results(
            {name: _result(result) for name, result in article["experiments"].items()},
            article["exhibits"],
        )
        for key, article in saved["articles"].items()
    }


def _result(saved: dict[str, Any]) -> Result:
    measures = {name: tuple(values) for name, values in saved["measures"].items()}
    return Result(tuple(saved["seeds"]), saved["seconds"], measures, saved["curves"], saved["made"])


def _over_seeds(curves: Sequence[tuple[Sequence[int], Sequence[float]]]) -> dict[str, list[float]]:
    values = np.array([y for _, y in curves])
    return {
        "x": list(curves[0][0]),
        "low": _rounded(values.min(axis=0).tolist()),
        "median": _rounded(np.median(values, axis=0).tolist()),
        "high": _rounded(values.max(axis=0).tolist()),
    }


def _kept(value: float) -> float:
    return float(f"{value:.12g}")


def _rounded(value: Any) -> Any:
    """Return the same with every float brought down to a few digits."""
    if isinstance(value, Mapping):
        return {key: _rounded(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(part) for part in value]
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value
