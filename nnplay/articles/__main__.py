"""Print figures and verdicts of every article, and write what the articles' page shows.

python -m nnplay.articles                          # every seed; MNIST takes some minutes
python -m nnplay.articles --quick                  # a few seeds and nothing that takes long; writes nothing
python -m nnplay.articles --stored                 # what is stored, without training
python -m nnplay.articles --only moons four-rows   # these articles
python -m nnplay.articles --only digits.xavier     # a single experiment; the others stay as they are stored
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import threadpoolctl

from nnplay.articles import ARTICLES, find
from nnplay.articles.evidence import judging, results
from nnplay.articles.evidence.article import Article
from nnplay.validation import choice

_WIDTHS = (56, 26, 44, 28)


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; return 0 unless a bound for a correct engine was missed, which no time is."""
    parser = argparse.ArgumentParser(prog="python -m nnplay.articles", description="The articles' claims, checked.")
    parser.add_argument("--quick", action="store_true", help="a few seeds, nothing that takes long; writes nothing")
    parser.add_argument("--stored", action="store_true", help="print what is stored and train nothing")
    parser.add_argument(
        "--only", nargs="+", default=list(ARTICLES), help=f"{', '.join(ARTICLES)}, or one experiment: digits.xavier"
    )
    parser.add_argument("--output", type=Path, help=f"where to write; without --quick {results.FILE.name} is written")
    options = parser.parse_args(arguments)
    try:
        wanted = _wanted(options.only)
    except ValueError as error:
        parser.error(str(error))
    path = None if options.stored else options.output or (None if options.quick else results.FILE)

    # Matrices as small as these gain nothing from a second thread.
    threadpoolctl.threadpool_limits(limits=1, user_api="blas")
    start, missed = time.perf_counter(), 0
    for key, experiments in wanted.items():
        if options.stored:
            made = results.read(options.output or results.FILE).get(key, results.Results())
        else:
            made = results.run_article(ARTICLES[key], options.quick, _progress, experiments)
        if path:
            results.save({key: made}, path)
            made = results.read(path)[key]
        missed += _print(ARTICLES[key], made)
    print(f"\n{time.perf_counter() - start:.0f} s" + (f"; written to {path}" if path else "; nothing is written"))
    return 1 if missed else 0


def _wanted(names: list[str]) -> dict[str, list[str]]:
    """Return the articles to run and of each the experiments, where none means all."""
    wanted: dict[str, list[str]] = {}
    for name in names:
        article_name, _, experiment = name.partition(".")
        article = find(article_name)
        key = article.key if article else choice("--only", article_name, list(ARTICLES))
        chosen = wanted.setdefault(key, [])
        if experiment:
            known = [one.key for one in ARTICLES[key].experiments]
            chosen.append(choice(f"--only {key}.", experiment, known))
    return wanted


def _print(article: Article, made: results.Results) -> int:
    """Print the claims and tables of an article; return how many rows missed what is asked."""
    _progress("")
    print(f"\n{article.name}: {article.title}. {article.by_line}")
    print(f"  {made.made}" if made.made else "  Nothing is stored yet.")
    for claim in article.claims:
        print(f"  {judging.verdict(claim, made).upper()}: {claim.says}\n    {claim.told_setup}")
        for line in (
            *(judging.evidence(test, made) for test in claim.tests),
            f"Why: {judging.filled(claim.why, made)}",
        ):
            print(f"    - {line}")
        if claim.better:
            print(f"    - Else: {claim.better} {'; '.join(judging.told(figure, made) for figure in claim.figures)}")
    missed = 0
    print(_line("", "the article says", "ours", "asked", "compared"))
    for table in article.tables:
        print(f"  {table.title}\n    {table.help}")
        for row in table.rows:
            values, experiment = made.values(row), article.experiment(row.experiment)
            said = results.verdicts(table, row, made, experiment.n_seeds)
            missed += results.UNEXPECTED in said
            verdict = "; ".join(said) or ("–" if values else "not run")
            if not values and not experiment.is_available:
                verdict = f"needs {experiment.data}"
            cells = (row.claim, results.ours(table.kind, values), results.asked(table, row), verdict)
            print(_line(f"    {row.name}", *cells), flush=True)
    return missed


def _line(*cells: str) -> str:
    return " ".join(f"{cell:<{width}}" for cell, width in zip(cells, (*_WIDTHS, 0), strict=True)).rstrip()


def _progress(words: str) -> None:
    """Say how far it is, where someone looks on."""
    if sys.stderr.isatty():
        print(f"\r\033[K{words}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
