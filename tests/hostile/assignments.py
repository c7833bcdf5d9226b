"""Assignments in links, and answers to them: damaged, forged with good checksums, or nothing of the kind."""

from __future__ import annotations

import base64
import json
from random import Random
from typing import Any
from urllib.parse import quote

from nnplay.assignments import answer
from nnplay.assignments.assignment import Assignment
from nnplay.assignments.checking import check, compared
from nnplay.assignments.table import to_csv
from nnplay.refusal import Refusal
from nnplay.server.moments import squeezed
from tests.assignments.making import random_answer, random_assignment
from tests.hostile import values
from tests.hostile.case import Case
from tests.hostile.links import train

#: Pieces of an answer's check that are waited for here: a longer training goes on in just this way.
PIECES = 200


def case(random: Random) -> Case:
    """Return an assignment's text, or a text with answers."""
    return _assignment(random) if random.random() < 0.5 else _answers(random)


def _assignment(random: Random) -> Case:
    text = _text_of(random, random_assignment(random))
    return Case(f"assignment {text!r:.300}", len(text), lambda: _taken(text), _use)


def _taken(text: Any) -> Assignment:
    try:
        return Assignment.from_text(text)
    except Refusal as refusal:
        # As the page says it.
        raise ValueError(f"The assignment {refusal.plainly}.") from None


def _use(assignment: Assignment) -> None:
    assert Assignment.from_text(assignment.to_text()) == assignment
    for said in (assignment.title, assignment.task, assignment.goal.in_words(), assignment.fingerprint):
        assert said.isprintable()
    assignment.check(assignment.kept(assignment.config))
    train(assignment.config)


def _text_of(random: Random, honest: Assignment) -> str:
    kind = random.random()
    if kind < 0.1:
        return honest.to_text()
    if kind < 0.3:
        return _damaged(random, honest.to_text())
    if kind < 0.4:
        return random.choice((values.text(random), values.long_text(random, 60_000)))
    if kind < 0.45:
        return base64.urlsafe_b64encode(squeezed(random.choice((b" ", b"[", b"1")) * 5_000_000)).decode().rstrip("=")
    plain = json.dumps(_forged(random, honest.to_list())).encode()
    return base64.urlsafe_b64encode(squeezed(plain)).decode().rstrip("=")


def _answers(random: Random) -> Case:
    assignment = random_assignment(random)
    text = _code_of(random, assignment)
    asked = random.choice((None, assignment))
    return Case(f"answer {text!r:.300}", len(text), lambda: _read(text), lambda codes: _checked(codes, asked))


def _read(text: str) -> list[str]:
    codes = answer.find_codes(text)
    if len(codes) == 1:
        try:
            answer.read_code(codes[0])
        except Refusal as refusal:
            raise ValueError(refusal.plainly) from None
    return codes


def _checked(codes: list[str], asked: Assignment | None) -> None:
    verdicts = []
    for code in codes[:3]:
        work = check(code, asked)
        try:
            for _ in range(PIECES):
                next(work)
        except StopIteration as done:
            verdicts.append(done.value)
    for verdict in compared(verdicts):
        assert verdict.accepted or verdict.reason
        assert (verdict.reason + verdict.name + verdict.title).isprintable()
    assert len(to_csv(verdicts).splitlines()) == 1 + len(verdicts)


def _code_of(random: Random, assignment: Assignment) -> str:
    honest = random_answer(assignment, random)
    kind = random.random()
    if kind < 0.1:
        return honest.to_code()
    if kind < 0.35:
        return _damaged(random, honest.to_code())
    if kind < 0.45:
        return random.choice(("", answer.BEGIN)) + random.choice(
            (values.text(random), values.long_text(random, 60_000))
        )
    told = [honest.assignment.to_list(), honest.n_steps, *honest.recipe.to_dict(assignment.config).values(), "here"]
    plain = json.dumps(_forged(random, told)).encode()
    if kind < 0.5:
        plain = random.choice((b" ", b"[", b'"')) * 8_000_000
    body = squeezed(plain + random.choice((b"\0", b"\0", b"")) + _numbers(random, honest))
    name = random.choice((honest.name, values.text(random)))
    checks = answer._checks(name, body)
    letters = base64.b64encode(checks + body).decode().rstrip("=")
    return f"{answer.BEGIN}{quote(name.encode('utf-8', 'replace'), safe='')}|{letters}{answer.END}"


def _numbers(random: Random, honest: answer.Answer) -> bytes:
    given = answer._in_bytes(honest.parameters)
    return random.choice((given, given, given, given[:-1], b"", b"\xff" * len(given), given * 100))


def _damaged(random: Random, text: str) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + values.text(random, 2) + text[at + random.choice((0, 1, 5, 100)) :]


def _forged(random: Random, told: Any) -> Any:
    """Return a value that JSON can hold with a part of it, at any depth, another one."""
    if isinstance(told, (list, dict)) and told and random.random() < 0.85:
        key = random.choice(range(len(told)) if isinstance(told, list) else sorted(told))
        copy = told.copy()
        copy[key] = _forged(random, told[key])
        return copy
    return random.choice((values.json_value(random), values.text(random), *((told + 1,) if type(told) is int else ())))
