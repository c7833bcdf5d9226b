"""How a field of a configuration is spelled in a query string."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from nnplay.experiment.config.fields import SETTINGS, Fields
from nnplay.experiment.config.setting import Setting
from nnplay.refusal import Refusal

#: A configuration.
Config = TypeVar("Config", bound=Fields)

#: Longest text of any other field: the longest list of formulas, and some.
MAX_TEXT = 2500
#: Longest text of one's own data that goes into a link: longer addresses get lost in mail and chat programs.
MAX_LINKED_POINTS = 6000


def without_idle_points(query: dict[str, str]) -> dict[str, str]:
    """Return `query` without data of one's own that aren't what is learned."""
    idle = query.get("dataset") not in ("own", "table")
    return {name: text for name, text in query.items() if not (idle and name == "points")}


def fit_for_address(query: dict[str, str]) -> tuple[dict[str, str], str | None]:
    """Return what of `query` the page's address may hold, and a sentence where the visitor's own data don't fit."""
    query = without_idle_points(query)
    if len(query.get("points", "")) <= MAX_LINKED_POINTS:
        return query, None
    del query["points"]
    return query, "These data are too large for the page's address. To share the run, save it as a file."


def to_text(row: Setting, value: Any) -> str:
    """Return a setting's value as text."""
    if value is None:
        return row.none_word
    if isinstance(value, tuple):
        return row.separator.join(map(str, value)) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def from_text(row: Setting, text: str, default: Any) -> Any:
    """Read what :func:`to_text` wrote; `default` tells the kind of a single value.

    What isn't of that kind comes back as text, for the configuration to refuse.
    """
    if row.none_word and text == row.none_word:
        return None
    if row.entries and text == "none":
        return ()
    if row.entries == "numbers":
        return tuple(_number_or_text(part) for part in text.split(row.separator))
    if row.entries == "texts" and (isinstance(default, tuple) or row.separator in text):
        return tuple(part for part in text.split(row.separator) if part.strip() or isinstance(default, str))
    if isinstance(default, bool):
        return {"true": True, "false": False}.get(text, text)
    is_number = isinstance(default, (int, float)) or row.control.kind == "number"  # whose default may be None
    return _number_or_text(text) if is_number else text


def read_query(
    config: Config,
    query: Mapping[str, str],
    check: Callable[[Config], None] = lambda config: None,
) -> tuple[Config, dict[str, Refusal]]:
    """Return `config` with the fields that `query` describes, and by name the refusal of each that was dropped.

    What `check` refuses is dropped, too.
    """
    defaults = {field.name: field.default for field in dataclasses.fields(config)}
    given = {name: query[name] for name in defaults if name in query}
    refusals = {
        name: Refusal(name, f"must have at most {MAX_TEXT} characters", len(text))
        for name, text in given.items()
        if name != "points" and len(text) > MAX_TEXT
    }
    too_long = dict(refusals)
    pending = {name: text for name, text in given.items() if name not in too_long}
    try:  # a link that the app wrote is good as a whole
        fields = {name: from_text(SETTINGS[name], text, defaults[name]) for name, text in pending.items()}
        whole = dataclasses.replace(config, **fields)
        check(whole)
        return whole, too_long
    except Refusal:
        pass
    # A value may need another one to be valid (a batch size its number of samples), so go on while any is accepted.
    progress = True
    while pending and progress:
        progress = False
        for name, text in list(pending.items()):
            try:
                changed = dataclasses.replace(config, **{name: from_text(SETTINGS[name], text, defaults[name])})
                check(changed)
            except Refusal as refusal:
                refusals[name] = refusal
            else:
                config = changed
                del pending[name]
                progress = True
    return config, {name: refusals[name] for name in given if name in pending or name in too_long}


def _number_or_text(text: str) -> int | float | str:
    """Return the number that plain digits write; Python itself reads digits of other scripts and 1_000, too."""
    if not text.isascii() or "_" in text:
        return text
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
