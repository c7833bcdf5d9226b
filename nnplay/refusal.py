"""One form for every refusal of an argument. Its parts are attributes, so nobody has to parse the sentence.

A leaf module: the engine, the datasets, the experiments and the pages share it.
"""

from __future__ import annotations

import copyreg
from dataclasses import KW_ONLY, dataclass
from typing import Any


@dataclass(unsafe_hash=True, repr=False)
class Refusal(ValueError):
    """An argument, or a setting, that can't be what it is.

    ``str()`` gives the one form: ``activation must be one of 'relu', …; got 'rulu'. Did you mean 'relu'?``

    Attributes
    ----------
    argument : str
        The name of what was refused.
    requirement : str
        What it must be, with its verb: ``"must be an integer at least 1"``.
    got : str, optional
        What it is, in words. Given as something else, it is written out.
    nearest : str, optional
        The nearest valid choice.
    advice : str
        A further sentence.
    options : tuple of str
        The valid choices, where it must be one of a list.
    details : str
        A part of the requirement that a page needn't repeat, as its help says so anyway.
    plainly : str
        The requirement for somebody who doesn't program.
    index : int, optional
        Which entry of the argument it is about, counted from 0.
    chosen : str
        What was chosen, where the requirement is about that: ``"adam"`` of ``optimizer 'adam' takes beta_1, …``.
    finding : str
        What is wrong, where that isn't what was got: ``"it is missing"``.
    """

    argument: str
    requirement: str
    got: Any = None
    nearest: str | None = None
    advice: str = ""
    _: KW_ONLY
    options: tuple[str, ...] = ()
    details: str = ""
    plainly: str = ""
    index: int | None = None
    chosen: str = ""
    finding: str = ""

    def __post_init__(self) -> None:
        if self.got is not None:
            self.got = str(self.got)
            self.finding = f"got {self.got}"
        index = "" if self.index is None else f"[{self.index}]"
        chosen = f" {self.chosen!r}" if self.chosen else ""
        details = f" ({self.details})" if self.details else ""
        super().__init__(self.worded(f"{self.argument}{index}{chosen}", f"{self.requirement}{details}"))

    def worded(self, subject: str, requirement: str) -> str:
        """Return the sentence with other words for what was refused and what it must be."""
        finding = f"; {self.finding}" if self.finding else ""
        nearest = f" Did you mean {self.nearest!r}?" if self.nearest else ""
        return f"{subject} {requirement}{finding}.{nearest}{' ' if self.advice else ''}{self.advice}"

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle and copy the parts as they are, without calling the constructor with the sentence."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class TypeRefusal(Refusal, TypeError):
    """An argument of a type that it can't be of; a TypeError, too, as Python would raise."""
