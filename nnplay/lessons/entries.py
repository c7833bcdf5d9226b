"""Reads the entries of a group and the words in them; what isn't as it must be is said with its line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from nnplay.lessons.lesson import Text
from nnplay.lessons.yaml_tree import AtLine, Node
from nnplay.refusal import Refusal
from nnplay.validation import choice, nearest_choice, shown

#: Longest name of a lesson's file, of a run, and of a language.
NAME = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
MAX_NAME, MAX_TITLE, MAX_WORDS, MAX_NOTES = 40, 80, 700, 2500
INTEGER = re.compile(r"[+-]?[0-9]{1,15}", re.ASCII)
REAL = re.compile(r"[+-]?(?:[0-9]{1,30}\.?[0-9]{0,30}|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
#: Where a sentence ends: after it comes a new one, or nothing.
_SENTENCE_END = re.compile(r"[.!?…][\"”’“)*]*(?=\s+[\"“„(*`$]*[A-ZÄÖÜ0-9]|\s*$)")
#: So many names of entries fit in a message.
_FEW_NAMES = 12


class Entries:
    """The entries of a group, each of which must be one of those that there are."""

    def __init__(self, node: Node, what: str, names: tuple[str, ...]) -> None:
        if node.entries is None:
            raise AtLine(node.line, f"{what} is a group of entries, such as “{names[0]}: …”; got {node.kind}.")
        self._node, self._what = node, what
        for name, entry in node.entries.items():
            known(entry.line, f"{what} has no entry", name, names)

    def __contains__(self, name: str) -> bool:
        return name in self._there

    def __iter__(self) -> Iterator[str]:
        return iter(self._there)

    @property
    def _there(self) -> dict[str, Node]:
        assert self._node.entries is not None
        return self._node.entries

    def get(self, name: str) -> Node | None:
        """Return an entry that may be left out."""
        return self._there.get(name)

    def need(self, name: str) -> Node:
        """Return an entry that must be there."""
        if name not in self:
            raise AtLine(self._node.line, f"{self._what} needs the entry {name}, which is missing.")
        return self._there[name]

    def only(self, *names: str) -> None:
        """Raise AtLine for an entry that has no meaning beside these."""
        for name, entry in self._there.items():
            if name not in names:
                raise AtLine(entry.line, f"{name} has no meaning in {self._what} of the kind {names[0]}.")


class Texts:
    """Reads texts of a lesson that comes in certain languages."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self._languages = languages

    def __call__(self, node: Node, what: str, most: int = MAX_WORDS, sentences: int = 0) -> Text:
        """Return a text: words for all languages, or words for each."""
        if node.entries is None:
            words = self._words(node, what, most, sentences)
            return Text(tuple((language, words) for language in self._languages))
        for language, entry in node.entries.items():
            if language not in self._languages:
                listed = ", ".join(self._languages)
                raise AtLine(entry.line, f"{what} is in {shown(language)}, but the lesson’s languages are {listed}.")
        for language in self._languages:
            if language not in node.entries:
                raise AtLine(node.line, f"{what} has no words in {shown(language)}, which is one of the languages.")
        return Text(tuple((each, self._words(node.entries[each], what, most, sentences)) for each in self._languages))

    def _words(self, node: Node, what: str, most: int, sentences: int) -> str:
        words = " ".join(word(node, what).split()) if most != MAX_NOTES else word(node, what).strip()
        if not words:
            raise AtLine(node.line, f"{what} must have words; got nothing.")
        if len(words) > most:
            raise AtLine(node.line, f"{what} must have at most {most} characters; got {len(words):,}.")
        if any(not sign.isprintable() and sign != "\n" for sign in words):
            raise AtLine(node.line, f"{what} must have no invisible characters; got {shown(words)}.")
        found = len(_SENTENCE_END.findall(words))
        if sentences and found > sentences:
            count = "one sentence" if sentences == 1 else f"at most {sentences} sentences"
            raise AtLine(node.line, f"{what} must have {count}; got {found}.")
        return words


def items_of(node: Node, what: str) -> list[Node]:
    if node.items is None:
        raise AtLine(node.line, f"{what} must be a list, a line with a dash for each; got {node.kind}.")
    return node.items


def word(node: Node, what: str) -> str:
    if node.word is None:
        raise AtLine(node.line, f"{what} must be a text; got {node.kind}.")
    if node.is_empty:
        raise AtLine(node.line, f"{what} must be a text; got nothing.")
    return node.word


def name_of(node: Node, what: str) -> str:
    name = word(node, what)
    if not NAME.fullmatch(name) or len(name) > MAX_NAME:
        raise AtLine(node.line, f"{what} must be up to {MAX_NAME} small letters, digits, _ and -; got {shown(name)}.")
    return name


def choice_of(node: Node, what: str, options: Any) -> str:
    with at_line(node.line):
        return choice(what, word(node, what), options)


def known(line: int, sentence: str, name: str, names: Collection[str]) -> str:
    """Return `name` if it is known; else say so, with the one that may be meant."""
    if name in names:
        return name
    nearest = nearest_choice(name, names)
    listed = "" if len(names) > _FEW_NAMES else f"; there are {', '.join(names)}"
    raise AtLine(line, f"{sentence} {shown(name)}{f'. Did you mean {nearest!r}?' if nearest else f'{listed}.'}")


def switch(node: Node, what: str) -> bool:
    written = word(node, what)
    if not node.is_plain or written not in ("true", "false"):
        raise AtLine(node.line, f"{what} must be true or false; got {shown(written)}.")
    return written == "true"


def integer(node: Node, what: str, low: int, high: int) -> int:
    written = word(node, what)
    if not (node.is_plain and INTEGER.fullmatch(written) and low <= int(written) <= high):
        raise AtLine(node.line, f"{what} must be a whole number from {low} to {high:,}; got {shown(written)}.")
    return int(written)


def real(node: Node, what: str, low: float | None = None) -> float:
    written = word(node, what)
    number = float(written) if node.is_plain and REAL.fullmatch(written) else float("nan")
    if not (abs(number) < 1e12 and (low is None or number >= low)):
        least = "" if low is None else f" at least {low:g}"
        raise AtLine(node.line, f"{what} must be a number{least}; got {shown(written)}.")
    return number


@contextmanager
def at_line(line: int) -> Iterator[None]:
    """Give a refusal its line."""
    try:
        yield
    except Refusal as refusal:
        raise AtLine(line, str(refusal)) from None
