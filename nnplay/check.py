"""``python -m nnplay.check answers/``: check the answers to an assignment, and write a table of what became of them.

Each answer's run is trained again, and compared with what the answer says bit for bit; see ``docs/assignments.md``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import threadpoolctl

from nnplay.assignments.answer import MAX_TEXT, find_codes
from nnplay.assignments.assignment import Assignment
from nnplay.assignments.checking import Verdict, check, compared
from nnplay.assignments.in_address import from_link
from nnplay.assignments.table import to_csv, to_text
from nnplay.refusal import Refusal

#: Names of files that no answer is in.
_SKIPPED = (".", "~", "__MACOSX")


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return 0 if all answers are accepted, 1 if not, 2 if it couldn't be done."""
    parser = argparse.ArgumentParser(prog="python -m nnplay.check", description="Check answers to an assignment.")
    parser.add_argument("answers", nargs="+", help="files with answers, or folders of them")
    parser.add_argument("--assignment", metavar="LINK", help="the assignment's link; without it, each answer is held "
                        "against the assignment that it names itself")  # fmt: skip
    parser.add_argument("--csv", help="where to write the table (default: answers.csv)", default="answers.csv")
    asked = parser.parse_args(arguments)
    # As the app has it: a product of several threads may be rounded in another way.
    threadpoolctl.threadpool_limits(limits=1, user_api="blas")
    try:
        assignment = from_link(asked.assignment) if asked.assignment else None
        verdicts = list(_verdicts(files_in(asked.answers), assignment))
        if not verdicts:
            print("There are no files in it.", file=sys.stderr)
            return 2
        verdicts = compared(verdicts)
        Path(asked.csv).write_text(to_csv(verdicts), encoding="utf-8-sig")
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"{error.filename}: {error.strerror}.", file=sys.stderr)
        return 2
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 2
    if assignment is not None:
        print(f"{assignment.title or 'Assignment'} ({assignment.fingerprint}): {assignment.goal.in_words()}")
    elif len({verdict.fingerprint for verdict in verdicts if verdict.fingerprint}) > 1:
        print("These answers are to several assignments. Say which one you gave by --assignment LINK.")
    print(to_text(verdicts))
    print(f"The table is in {asked.csv}.")
    return 0 if all(verdict.accepted for verdict in verdicts) else 1


def files_in(paths: Sequence[str]) -> Iterator[tuple[str, Path]]:
    """Yield files, and those in folders and what is below them, each with what it is called in the table."""
    for path in map(Path, paths):
        if not path.is_dir():
            yield path.name, path
            continue
        for found in sorted(path.rglob("*")):
            inside = found.relative_to(path)
            if found.is_file() and not any(part.startswith(_SKIPPED) for part in inside.parts):
                yield str(inside), found


def _verdicts(files: Iterator[tuple[str, Path]], assignment: Assignment | None) -> Iterator[Verdict]:
    for source, path in files:
        if path.stat().st_size > MAX_TEXT:
            yield Verdict(False, f"The file is larger than {MAX_TEXT / 1e6:g} MB.", source)
            continue
        try:
            codes = find_codes(path.read_bytes().decode("utf-8", errors="replace"))
        except Refusal as why:
            yield Verdict(False, why.plainly or str(why), source)
            continue
        for code in codes:
            yield _checked(code, assignment, source)


def _checked(code: str, assignment: Assignment | None, source: str) -> Verdict:
    """Return the verdict on an answer, and say on the terminal meanwhile how far its training is."""
    work, shows = check(code, assignment, source), sys.stderr.isatty()
    try:
        while True:
            share = next(work)
            if shows:
                print(f"\r{source[:60]} {share:4.0%}", end="", file=sys.stderr, flush=True)
    except StopIteration as done:
        if shows:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
        verdict: Verdict = done.value
        return verdict


if __name__ == "__main__":
    sys.exit(main())
