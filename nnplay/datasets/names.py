"""Names of classes and features, as the interface shows them: one for each, of bounded length."""

from __future__ import annotations

from collections.abc import Iterable

from nnplay.validation import shown

#: Longest name kept; longer ones would push the plots around.
MAX_NAME_LENGTH = 40


def shortened(text: str) -> str:
    """Return `text`, cut to :data:`MAX_NAME_LENGTH` characters with an ellipsis if it is longer."""
    return text if len(text) <= MAX_NAME_LENGTH else text[: MAX_NAME_LENGTH - 1] + "…"


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
    wanted = f"{argument} must be a sequence of {count} strings"
    # A string is itself a sequence of strings: "ab" would pass for two names.
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise TypeError(f"{wanted}; got {shown(names)}.")
    listed = tuple(names)
    if not all(isinstance(name, str) for name in listed):
        raise TypeError(f"{wanted}; got {shown(listed)}.")
    if len(listed) != count:
        raise ValueError(f"{wanted}; got {len(listed)}: {shown(listed)}.")
    return tuple(shortened(str(name)) for name in listed)


def printable(text: str) -> str:
    """Return `text` on one line, of bounded length, without characters that are invisible or turn text around."""
    visible = "".join(character if character.isprintable() else " " for character in text)
    return shortened(" ".join(visible.split()))
