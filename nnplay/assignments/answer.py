"""An answer: that a run reached an assignment's goal, told by its recipe and its final parameters, as a short code.

A code is ``nnplay1(NAME|BODY)``: the student's name as an address would have it, and in letters that mail and chat
programs leave alone two checksums and, compressed, everything else. White space and ``>`` anywhere in it are ignored.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import platform
import re
import unicodedata
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

import numpy as np

from nnplay.assignments.assignment import Assignment
from nnplay.datasets.stored.files import NotAtHand
from nnplay.experiment.recording.recipe import LARGEST_STEP, Recipe
from nnplay.refusal import Refusal
from nnplay.server.moments import MAX_BYTES, MOST_DATA, inflated, squeezed
from nnplay.server.setting_words import refusal_words
from nnplay.validation import integer, one_line, shown

BEGIN, END, BETWEEN = "nnplay1(", ")", "|"
MAX_NAME = 60
#: Longest code, and longest text that codes are looked for in; most codes at a time.
MAX_CODE, MAX_TEXT, MAX_CODES = 5_000_000, 20_000_000, 500
_CHECK_BYTES = 6
_IGNORED = re.compile(r"[\s>\u200b\u2060\ufeff]+")
_LINE = 76


@dataclass(frozen=True)
class Answer:
    """A run that is said to reach the goal of an assignment.

    Attributes
    ----------
    assignment : Assignment
        Without the text of its task.
    name : str
        The student's, as typed.
    recipe : Recipe
    n_steps : int
        Mini-batches in all.
    parameters : ndarray, (n_parameters,)
        At the end, bit for bit.
    made_with : str
        The version of NumPy, and the kind of machine: others may round in another way.
    """

    assignment: Assignment
    name: str
    recipe: Recipe
    n_steps: int
    parameters: np.ndarray
    made_with: str = ""

    @property
    def run(self) -> str:
        """Letters that tell this run from others, whoever handed it in."""
        told = json.dumps([self.recipe.to_dict(), self.n_steps], sort_keys=True).encode()
        return hashlib.sha256(told + self.parameters.tobytes()).hexdigest()[:16]

    def to_code(self) -> str:
        """Return it as a code, on one line.

        Raises
        ------
        Refusal
            If the network is too large for that.
        """
        return code_of(self.name, self.body())

    def body(self) -> bytes:
        """Return everything but the name, compressed. The browser makes the code of it (``static/share/answer.js``).

        Raises
        ------
        Refusal
            If the network is too large for that.
        """
        recipe = self.recipe.to_dict(self.assignment.config)
        told = [self.assignment.to_list(with_task=False), self.n_steps, recipe["config"], recipe["events"], here()]
        plain = json.dumps(told, separators=(",", ":"), ensure_ascii=True).encode() + b"\0" + _in_bytes(self.parameters)
        body = squeezed(plain)
        if len(body) > MAX_CODE // 2:
            raise Refusal("answer", "must be of a smaller network", plainly="The network is too large for an answer.")
        return body


def code_of(name: str, body: bytes) -> str:
    """Return the code of a name and of what is compressed."""
    letters = base64.b64encode(_checks(name, body) + body).decode().rstrip("=")
    return f"{BEGIN}{quote(name, safe='')}{BETWEEN}{letters}{END}"


def here() -> str:
    """Return with what answers are made here: the version of NumPy, and the kind of machine."""
    return f"NumPy {np.__version__}, {platform.machine()}"[:60]


def checked_name(name: Any) -> str:
    """Return a name as an answer has it: on one line, letters in their one form.

    Raises
    ------
    Refusal
        If there is none, or it is too long.
    """
    text = one_line(unicodedata.normalize("NFC", name)).strip() if isinstance(name, str) else ""
    if not text:
        raise Refusal("name", "must be there, so that your teacher knows whose answer it is", plainly="is missing")
    if len(text) > MAX_NAME:
        raise Refusal("name", f"must have at most {MAX_NAME} characters", f"{len(text):,}")
    return text


def file_of(answer: Answer) -> tuple[str, str]:
    """Return an answer as a text file: what it is called, and what is in it."""
    letters = "".join(sign for sign in answer.name if sign.isalnum() or sign in " -") or "answer"
    code = answer.to_code()
    lines = [code[at : at + _LINE] for at in range(0, len(code), _LINE)]
    head = f"An answer to the assignment {answer.assignment.title or answer.assignment.fingerprint!r}."
    return f"nnplay-answer-{'-'.join(letters.split())[:40]}.txt", "\n".join([head, "", *lines, ""])


def find_codes(text: str) -> list[str]:
    """Return all codes in a text, however it is wrapped; one that is cut off is one, too.

    Raises
    ------
    Refusal
        If there are none, or too many.
    """
    if len(text) > MAX_TEXT:
        raise Refusal("answers", f"must have at most {MAX_TEXT / 1e6:g} MB", f"{len(text) / 1e6:.1f} MB")
    parts = text.split(BEGIN)[1 : MAX_CODES + 2]
    if not parts:
        raise Refusal("answers", f"must hold a code that begins with {BEGIN!r}", plainly="There is no answer in it.")
    if len(parts) > MAX_CODES:
        raise Refusal("answers", f"must be at most {MAX_CODES} at a time")
    return [BEGIN + part[: part.index(END) + 1] if END in part else BEGIN + part for part in parts]


class NameChanged(Refusal):
    """The code was made under another name; everything else of it is as it was.

    Attributes
    ----------
    answer : Answer
        What it says, under the name that it has now.
    """

    answer: Answer


def read_code(code: str) -> Answer:
    """Return the answer that a code is, as it is told: nothing of it is trained.

    Raises
    ------
    Refusal
        If it is none. ``plainly`` is a sentence for who hands it in.
    NameChanged
        If it was made under another name.
    """
    name, body, is_its_own = _parted(code)
    answer = _answer(name, body)
    if is_its_own:
        return answer
    called = shown(name)
    said = f"The code was made under another name than {called}: it was copied, or the name was changed afterwards."
    why = NameChanged("answer", "must have the name that it was made under", called, plainly=said)
    why.answer = answer
    raise why


def _answer(name: str, body: bytes) -> Answer:
    """Return the answer of a name and of what is compressed."""
    try:
        plain = inflated(body, MAX_BYTES + MAX_CODE)
    except Refusal:
        raise _damaged() from None
    try:
        told, _, parameters = plain.partition(b"\0")
        if len(told) > MAX_BYTES:
            raise _damaged()
        told = json.loads(told)
        if not isinstance(told, list) or len(told) != 5 or not isinstance(told[3], list):
            raise _damaged()
        listed, n_steps, config, events, made_with = told
        assignment = Assignment.from_list(listed)
        if sum("carry_over" in each for each in events if isinstance(each, list)) > MOST_DATA:
            raise _damaged()
        recipe = Recipe.from_dict({"config": config, "events": events}, assignment.config)
        n_steps = integer("n_steps", n_steps, recipe.n_steps, LARGEST_STEP)
        final = _from_bytes(parameters, recipe.config)
    except NotAtHand as why:
        raise Refusal("answer", "must be for data that are here", finding=str(why), plainly=str(why)) from why
    except (ValueError, RecursionError, OverflowError) as why:
        if isinstance(why, Refusal) and why.argument == "answer":
            raise
        said = refusal_words(why) if isinstance(why, Refusal) else "it can't be read."
        raise Refusal("answer", "must be as nnplay wrote it", plainly=f"This is no code of nnplay's: {said}") from why
    said = one_line(made_with)[:60] if isinstance(made_with, str) else ""
    return Answer(assignment, name, recipe, n_steps, final, said)


def _parted(code: str) -> tuple[str, bytes, bool]:
    """Return the name of a code, what is compressed, and whether it was made under that name."""
    if len(code) > 2 * MAX_CODE:
        raise Refusal("answer", "must be shorter", plainly="The code is too long.")
    text = _IGNORED.sub("", code)
    if not text.endswith(END):
        raise Refusal("answer", "must be whole", plainly="The code is cut off: its end is missing.")
    quoted, between, letters = text.removeprefix(BEGIN).removesuffix(END).partition(BETWEEN)
    if not between or len(quoted) > 12 * MAX_NAME:
        raise _damaged()
    try:
        raw = base64.b64decode(letters + "=" * (-len(letters) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise _damaged() from error
    checks, body = raw[: 2 * _CHECK_BYTES], raw[2 * _CHECK_BYTES :]
    name = unquote(quoted, errors="replace")
    wanted = _checks(name, body)
    if checks[:_CHECK_BYTES] != wanted[:_CHECK_BYTES]:
        raise _damaged()
    return name, body, checks == wanted and _is_a_name(name)


def _is_a_name(name: str) -> bool:
    try:
        return checked_name(name) == name
    except Refusal:
        return False


_DAMAGED = "The code was changed or damaged after it was made"


def _damaged() -> Refusal:
    return Refusal("answer", "must be as nnplay wrote it", plainly=f"{_DAMAGED}.")


def _checks(name: str, body: bytes) -> bytes:
    """Return two checksums: of what is compressed, and of that and the name. They hold no secret."""
    of_body = hashlib.sha256(b"nnplay answer\0" + body).digest()
    named = hashlib.sha256(b"nnplay name\0" + name.encode("utf-8", "replace") + b"\0" + body).digest()
    return of_body[:_CHECK_BYTES] + named[:_CHECK_BYTES]


def _in_bytes(parameters: np.ndarray) -> bytes:
    """Return numbers as bytes: all first bytes, then all second ones, and so on, which takes less when compressed."""
    each = parameters.astype(parameters.dtype.newbyteorder("<"), copy=False).view(np.uint8)
    return each.reshape(len(parameters), -1).T.tobytes()


def _from_bytes(data: bytes, config: Any) -> np.ndarray:
    dtype, n = np.dtype(config.dtype), config.n_parameters
    if len(data) != n * dtype.itemsize:
        raise _damaged()
    each = np.frombuffer(data, np.uint8).reshape(dtype.itemsize, n).T
    return np.ascontiguousarray(each).view(dtype.newbyteorder("<"))[:, 0].astype(dtype)
