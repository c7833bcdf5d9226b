"""Registries: a name, what it stands for, and ``"name(parameter=value)"`` as one string.

Every menu, test and message that lists the activations (losses, initializers, datasets, …) reads a registry, so adding
one is one registered class or function and nothing else.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from nnplay.attributes import guard_dataclass
from nnplay.refusal import Refusal
from nnplay.validation import choice, shown

T = TypeVar("T")

#: Longest ``name(parameter=value)`` that is looked at; a parameter may be a formula.
MAX_CALL = 2500
_CALL = re.compile(r"([A-Za-z_]\w*) ?\((.*)\)", re.ASCII)
_PARAMETER = re.compile(
    r"""\ *([A-Za-z_]\w*)\ *=\ *
    (?:([+-]?\d+) | ([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?) | (True|False)
    | '((?:[^'\\]|\\.)*)' | "((?:[^"\\]|\\.)*)")
    \ *(?:,|$)""",
    re.ASCII | re.VERBOSE,
)


class Registry(Mapping[str, T], Generic[T]):
    """Names in the order of registration, each standing for a class or a function.

    Parameters
    ----------
    kind : str
        What the entries are, as messages name them: ``"activation"``.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, T] = {}

    def register(self, name: str) -> Callable[[T], T]:
        """Return a decorator that enters what it decorates under `name`."""

        def enter(entry: T) -> T:
            if name in self._entries:
                raise Refusal(self.kind, "is registered already", chosen=name)
            guard_dataclass(entry)
            self._entries[name] = entry
            return entry

        return enter

    def __getitem__(self, name: str) -> T:
        return self._entries[choice(self.kind, name, self._entries)]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def parse_call(kind: str, text: str) -> tuple[str, dict[str, Any]]:
    """Split ``"elu(alpha=2)"`` into ``("elu", {"alpha": 2})``; a bare name has no parameters.

    Only literal numbers, strings and booleans are read; nothing is evaluated.

    Raises
    ------
    ValueError
        If `text` is longer than :data:`MAX_CALL`, or is neither.
    """
    if "(" not in text:
        return text, {}
    call = _CALL.fullmatch(text.strip()) if len(text) <= MAX_CALL else None
    arguments: dict[str, Any] = {}
    at = 0
    while call and at < len(call[2].rstrip()):
        parameter = _PARAMETER.match(call[2], at)
        if parameter is None or parameter[1] in arguments:
            call = None
        else:
            arguments[parameter[1]] = _literal(*parameter.groups()[1:])
            at = parameter.end()
    if call is None:
        raise Refusal(kind, "must be a name or name(parameter=value)", shown(text))
    return call[1], arguments


def _literal(whole: str | None, number: str | None, truth: str | None, *quoted: str | None) -> Any:
    """Return the value that one of these groups of a match writes."""
    if whole is not None:
        return int(whole)
    if number is not None:
        return float(number)
    if truth is not None:
        return truth == "True"
    return re.sub(r"\\(.)", r"\1", next(text for text in quoted if text is not None))


def describe(instance: Any, name: str) -> str:
    """Return the string that :func:`parse_call` reads back: the name and the fields that differ from their defaults."""
    changed = [
        f"{field.name}={getattr(instance, field.name)!r}"
        for field in dataclasses.fields(instance)
        if getattr(instance, field.name) != field.default
    ]
    return f"{name}({', '.join(changed)})" if changed else name


def make(registry: Registry[Any], value: Any, base: type) -> Any:
    """Return the registered object that `value` names, with its parameters, or `value` itself if it is a `base`."""
    if isinstance(value, base):
        return value
    if not isinstance(value, str):
        choice(registry.kind, value, registry)
    name, parameters = parse_call(registry.kind, value)
    factory = registry[name]
    fields = dataclasses.fields(factory)
    for parameter in parameters:
        if parameter not in [field.name for field in fields]:
            offered = [field.name for field in fields if not field.metadata.get("backward_only")]
            accepted = f"takes {', '.join(offered)}" if offered else "takes no parameters"
            raise Refusal(registry.kind, accepted, f"{parameter!r}", chosen=name)
    return factory(**parameters)
