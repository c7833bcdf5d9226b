"""Print claim, result and verdict of every article, and write what the articles' page shows.

python -m nnplay.articles              # every seed; MNIST takes some minutes
python -m nnplay.articles --quick      # a few seeds and nothing that takes long; writes nothing
python -m nnplay.articles --only 000 002
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import threadpoolctl

from nnplay.articles import ARTICLES, results
from nnplay.articles.article import Article

_WIDTHS = (56, 26, 44, 28)


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; return 0 unless a bound for a correct engine was missed, which no time is."""
    parser = argparse.ArgumentParser(prog="python -m nnplay.articles", description="The articles' claims, checked.")
    parser.add_argument("--quick", action="store_true", help="a few seeds, nothing that takes long; writes nothing")
    parser.add_argument("--only", nargs="+", choices=list(ARTICLES), default=list(ARTICLES), help="these articles")
    parser.add_argument("--output", type=Path, help=f"where to write; without --quick {results.FILE.name} is written")
    options = parser.parse_args(arguments)
    path = options.output or (None if options.quick else results.FILE)

    # Matrices as small as these gain nothing from a second thread.
    threadpoolctl.threadpool_limits(limits=1, user_api="blas")
    start, missed = time.perf_counter(), 0
    print(_line("", "the article says", "ours", "asked", "verdict"))
    for number in dict.fromkeys(options.only):
        made = results.run_article(ARTICLES[number], options.quick, _progress)
        missed += _print(ARTICLES[number], made)
        if path:
            results.save({number: made}, path)
    print(f"\n{time.perf_counter() - start:.0f} s" + (f"; written to {path}" if path else "; nothing is written"))
    return 1 if missed else 0


def _print(article: Article, made: results.Results) -> int:
    """Print the tables of an article; return how many rows missed what is asked."""
    _progress("")
    print(f"\n{article.number} {article.title}. {article.by_line}")
    missed = 0
    for table in article.tables:
        print(f"  {table.title}" + (f"\n    {table.help}" if table.kind == "seconds" else ""))
        for row in table.rows:
            values, experiment = made.values(row), article.experiment(row.experiment)
            said = results.verdicts(table, row, made, experiment.n_seeds)
            missed += "missed" in said
            verdict = "; ".join(said) or ("–" if values else "not run")
            if not values and not experiment.is_available:
                verdict = f"needs {experiment.data}"
            cells = (row.claim, results.ours(table, values), results.asked(table, row), verdict)
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
