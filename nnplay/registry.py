"""Registries: a name, what it stands for, and ``"name(parameter=value)"`` as one string.

Every menu, test and message that lists the activations (losses, initializers, datasets, …) reads a registry, so adding
one is one registered class or function and nothing else.
"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from nnplay.validation import choice, shown

T = TypeVar("T")


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
                raise ValueError(f"{self.kind} {name!r} is registered already.")
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
    """
    if "(" not in text:
        return text, {}
    wanted = f"{kind} must be a name or name(parameter=value)"
    try:
        call = ast.parse(text.strip(), mode="eval").body
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.args:
            raise ValueError
        arguments = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in call.keywords}
    except (SyntaxError, TypeError, ValueError, RecursionError, MemoryError):
        raise ValueError(f"{wanted}; got {shown(text)}.") from None
    return call.func.id, arguments


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
    known = [field.name for field in dataclasses.fields(factory)]
    for parameter in parameters:
        if parameter not in known:
            accepted = f"takes {', '.join(known)}" if known else "takes no parameters"
            raise ValueError(f"{registry.kind} {name!r} {accepted}; got {parameter!r}.")
    return factory(**parameters)
