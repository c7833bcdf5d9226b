"""Unknown attributes and arguments of a class: refused, with the nearest name that exists.

Python takes an assignment to any name, so that ``SGD().lr = 5`` would do nothing and say nothing.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import FrozenInstanceError, is_dataclass
from typing import Any, TypeVar

from nnplay.validation import nearest_choice, shown

T = TypeVar("T")

#: What other libraries call it, and what it is here; the first one that the object has is meant.
_ELSEWHERE = {
    "lr": ("learning_rate",),
    "eta": ("learning_rate",),
    "alpha": ("learning_rate", "rate"),
    "lambda_": ("rate",),
    "eps": ("epsilon",),
    "rho": ("decay", "momentum"),
    "mu": ("momentum",),
    "betas": ("beta_1",),
    "coefs_": ("weights",),
    "W": ("weights",),
    "w": ("weights",),
    "intercepts_": ("biases",),
    "b": ("biases",),
    "params": ("parameters",),
    "theta": ("parameters",),
    "cost": ("loss",),
    "criterion": ("loss",),
    "scheduler": ("schedule",),
    "weight_decay": ("regularizer",),
    "max_iter": ("max_epochs",),
    "epochs": ("max_epochs",),
    "n_iter_no_change": ("patience",),
    "model": ("network",),
}


def guarded(**instead: str) -> Callable[[type[T]], type[T]]:
    """Return a decorator of a class whose properties with a setter are all that can be set from outside.

    Names that begin with an underscore are the class's own. A subclass may set what it likes.

    Parameters
    ----------
    **instead : str
        For a name that can't be set, what to do in its place: a sentence.
    """

    def decorate(cls: type[T]) -> type[T]:
        public = [name for name in dir(cls) if not name.startswith("_")]
        settable = [name for name in public if getattr(getattr(cls, name), "fset", None)]

        def refusal(self: T, name: str) -> AttributeError:
            kind = FrozenInstanceError if is_dataclass(cls) else AttributeError
            if name in instead:
                return kind(f"{cls.__name__}.{name} can't be set. {instead[name]}")
            known = [*public, *vars(self)]
            if not settable or name in known:
                fields = nearest_name(name, [each for each in known if not each.startswith("_")])
                example = f", {cls.__name__}({fields}=…)" if fields and is_dataclass(cls) else ""
                return kind(f"{cls.__name__}.{name} can't be changed. Make a new {cls.__name__}{example}.")
            return no_such_attribute(cls.__name__, name, settable, known, instead)

        def __setattr__(self: T, name: str, value: Any) -> None:
            if not (name.startswith("_") or name in settable or type(self) is not cls):
                raise refusal(self, name)
            object.__setattr__(self, name, value)

        def __delattr__(self: T, name: str) -> None:
            if not name.startswith("_") and type(self) is cls:
                raise AttributeError(f"{cls.__name__}.{name} can't be deleted.")
            object.__delattr__(self, name)

        cls.__delattr__ = __delattr__  # type: ignore[method-assign, assignment]
        cls.__setattr__ = __setattr__  # type: ignore[method-assign, assignment]
        return knows_its_arguments(cls)

    return decorate


def knows_its_arguments(cls: type[T]) -> type[T]:
    """Let `cls` refuse an argument that its constructor doesn't have, with the nearest one that it has."""
    construct = cls.__init__
    names = [name for name in inspect.signature(construct).parameters if name != "self"]

    @functools.wraps(construct)
    def __init__(self: T, *args: Any, **arguments: Any) -> None:
        for name in arguments:
            if name not in names:
                raise no_such_argument(type(self).__name__, name, names)
        construct(self, *args, **arguments)

    cls.__init__ = __init__  # type: ignore[method-assign, assignment]
    return cls


def no_such_argument(called: str, name: str, names: list[str]) -> TypeError:
    """Return the refusal of an argument `name`, with the nearest of those that there are."""
    nearest = nearest_name(name, names)
    listed = ", ".join(repr(each) for each in names)
    advice = f"Did you mean {nearest!r}?" if nearest else f"It takes {listed or 'none'}."
    return TypeError(f"{called} has no argument {shown(name)}. {advice}")


def fix(thing: Any, **values: Any) -> None:
    """Set what a guarded object is made of, from its own constructor."""
    for name, value in values.items():
        object.__setattr__(thing, name, value)  # through its __dict__, all reading of the object would be slower


def guard_dataclass(thing: Any) -> None:
    """Guard `thing` if it is a frozen dataclass; any other dataclass checks what it can be set to on its own."""
    if not (isinstance(thing, type) and is_dataclass(thing)):
        return
    if thing.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        guarded()(thing)
    else:
        knows_its_arguments(thing)


def no_such_attribute(
    kind: str, name: str, settable: Iterable[str], known: Iterable[str] = (), instead: Mapping[str, str] | None = None
) -> AttributeError:
    """Return the refusal to set `name`, with the nearest of the names that can be set, or else are `known`."""
    settable = list(settable)
    options = [*settable, *(each for each in known if not each.startswith("_"))]
    nearest = nearest_name(name, settable) or nearest_name(name, options)
    listed = ", ".join(repr(each) for each in settable)
    refused = f"{kind} has no attribute {name!r} to set"
    if nearest and instead and nearest in instead:
        return AttributeError(f"{refused}, and {nearest} can't be set. {instead[nearest]}")
    advice = f"Did you mean {nearest!r}?" if nearest else f"What can be set is {listed}."
    return AttributeError(f"{refused}. {advice}")


def nearest_name(name: str, options: list[str]) -> str | None:
    """Return which of `options` is meant by `name`, a typing error or another library's word for it, or None."""
    if name in options:
        return name
    elsewhere = (each for each in _ELSEWHERE.get(name, ()) if each in options)
    return next(elsewhere, None) or nearest_choice(name, options)
