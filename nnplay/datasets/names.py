"""Names of classes and features, as the app shows them: one each, of bounded length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from nnplay.refusal import Refusal, TypeRefusal
from nnplay.validation import is_list_of_values, shown

#: Longest name kept; longer ones would push the plots around.
MAX_NAME_LENGTH = 40
#: What lies beyond it in a text isn't looked at: a name may be a cell of 100 000 characters.
_LONGEST_LOOKED_AT = 1000


def shortened(text: str, length: int = MAX_NAME_LENGTH) -> str:
    """Return `text`, cut to `length` characters with an ellipsis if it is longer."""
    return text if len(text) <= length else text[: length - 1] + "…"


def distinct(names: Iterable[str]) -> list[str]:
    """Return `names`, each like no other: a second "a" becomes "a (2)"."""
    listed = list(names)
    taken: set[str] = set()
    result = []
    for name in listed:
        base, number = shortened(name, MAX_NAME_LENGTH - 6), 2
        while name in taken or (number > 2 and name in listed):
            name, number = f"{base} ({number})", number + 1
        taken.add(name)
        result.append(name)
    return result


def name_tuple(argument: str, names: Iterable[str], count: int) -> tuple[str, ...]:
    """Return `names` as a tuple of `count` shortened strings.

    Parameters
    ----------
    argument : str
        What the names are called in a message: ``"class_names"``.
    names : iterable of str
    count : int
        How many there must be.

    Raises
    ------
    TypeError
        If `names` is a single string or holds anything but strings.
    ValueError
        If there are more or fewer than `count`.
    """
    wanted = f"must be a sequence of {count} strings"
    # A string is itself a sequence of strings: "ab" would pass for two names.
    if not is_list_of_values(names):
        raise TypeRefusal(argument, wanted, shown(names))
    listed = tuple(names)
    if not all(isinstance(name, str) for name in listed):
        raise TypeRefusal(argument, wanted, shown(listed))
    if len(listed) != count:
        raise Refusal(argument, wanted, f"{len(listed)}: {shown(listed)}")
    return tuple(shortened(str(name)) for name in listed)


def printable(text: str) -> str:
    """Return `text` on one line, of bounded length, without characters that are invisible or turn text around."""
    return shortened(one_line(text[:_LONGEST_LOOKED_AT]))


def one_line(text: str) -> str:
    """Return `text` on one line, without characters that are invisible or turn text around."""
    if not text.isprintable():
        text = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(text.split())


def told_apart(labels: Iterable[str]) -> list[str]:
    """Return different `labels` as names of bounded length, different ones, too: where the end tells, it is kept."""
    listed = list(labels)
    names = [shortened(label) for label in listed]
    alike = Counter(names)
    head, tail = MAX_NAME_LENGTH // 2 - 1, MAX_NAME_LENGTH // 2
    return distinct(
        f"{label[:head]}…{label[-tail:]}" if len(label) > MAX_NAME_LENGTH and alike[name] > 1 else name
        for label, name in zip(listed, names, strict=True)
    )
