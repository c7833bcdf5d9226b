"""What a row of the table of settings says; the table itself is :mod:`nnplay.experiment.config.fields`."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nnplay.validation import boolean, choice, integer, number
from nnplay.wording import Help

#: Checks a value: takes the setting's name, the value, and the configuration with the settings above it in the table
#: checked. Returns the value in its one form, or raises a Refusal.
Check = Callable[[str, Any, Any], Any]

PLAYGROUND, DIGITS, TABLES = "playground", "digits", "tabular"
EVERYWHERE = (PLAYGROUND, DIGITS, TABLES)
#: What the samples are on a page.
SAMPLES = {PLAYGROUND: "points", DIGITS: "images", TABLES: "rows"}


@dataclass(frozen=True)
class Control:
    """How a page lets one choose a value.

    Attributes
    ----------
    kind : {"toggle", "slider", "steps", "choice", "number", "limit", "named", "own"}
        A class of :mod:`nnplay.ui.form.widgets`; "own" has a class of its own, by the setting's name.
    options : mapping
        What that class takes: the ends of a slider, what a menu offers.
    half : bool
        Whether it takes half of the sidebar's width.
    """

    kind: str
    options: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    half: bool = False

    @property
    def is_line(self) -> bool:
        """Whether a value is set on a line, and shown there."""
        return self.kind in ("slider", "steps")


@dataclass(frozen=True)
class Setting:
    """One setting of a run.

    Attributes
    ----------
    check : callable
    doc : str
        For a reader of the code: its type, a colon, and what it is.
    label : str
        What its control is called.
    help : Help, optional
        What the control says of itself; none where there is nothing to set. ``{samples}`` stands for what the samples
        are on the page.
    control : Control
    group : {"data", "network", "bar", "more", "stop"}
        Where the control is: also the name by which a link hides it ("bar" goes by "training").
    pages : tuple of str
        Which pages have the control.
    live : bool
        Whether it may change while a run goes on; else another value begins a new run.
    carried_over : bool
        Whether what was learned can go on with another value, on a branch.
    idle, absent : callable
        Whether it is of no effect on a configuration: its control is grey, or isn't there.
    stands_alone : bool
        Whether only the bar and the stage show it: nothing else of the page depends on it.
    word : str
        What it is called inside a sentence; by default the label.
    entry : str
        What entry number ``{n}`` is called, where it holds several.
    says_itself, is_readable : bool
        Whether a value says enough without the name; whether anybody can read one.
    none_word, empty_word : str
        How None is spelled in a link; what an empty or zero value is called.
    separator : str
        Between several values in a link.
    entries : {"", "numbers", "texts"}
        What it holds several of.
    note : callable
        A sentence below the control, made of the configuration; empty for none.
    """

    check: Check
    doc: str
    label: str
    help: Help | None = None
    control: Control = Control("own")
    group: str = "more"
    pages: tuple[str, ...] = EVERYWHERE
    live: bool = False
    carried_over: bool = False
    idle: Callable[[Any], bool] = lambda config: False
    absent: Callable[[Any], bool] = lambda config: False
    stands_alone: bool = False
    word: str = ""
    entry: str = "entry {n}"
    says_itself: bool = False
    is_readable: bool = True
    none_word: str = ""
    empty_word: str = ""
    separator: str = ","
    entries: str = ""
    note: Callable[[Any], str] = lambda config: ""

    @property
    def in_sentence(self) -> str:
        """What it is called inside a sentence."""
        return self.word or self.label[:1].lower() + self.label[1:]

    def help_on(self, page: str) -> str | None:
        """Return the control's help on a page."""
        samples = SAMPLES[page]
        return str(self.help).format(samples=samples, Samples=samples.capitalize()) if self.help else None


def setting(default: Any, check: Check, doc: str, label: str, help: Help | None = None, **more: Any) -> Any:
    """Return a row: a field of a dataclass with what :class:`Setting` says of it."""
    row = Setting(check, doc, label, help, **more)
    return dataclasses.field(default=default, repr=row.is_readable, metadata={"setting": row})


# -- checks that several settings share --------------------------------------------------------------------------------


def real(low: float, high: float | None = None, *, below: float | None = None) -> Check:
    """Return the check of a finite number."""
    return lambda name, value, config: number(name, value, low, high, below=below)


def whole(low: int, high: int | None = None) -> Check:
    """Return the check of a whole number."""
    return lambda name, value, config: integer(name, value, low, high)


def switch(name: str, value: Any, config: Any) -> bool:
    """Check a truth value."""
    return boolean(name, value)


def one_of(*options: str) -> Check:
    """Return the check of a name among some."""
    return lambda name, value, config: choice(name, value, options)


def optional(check: Check) -> Check:
    """Return the check of a value that may be None."""
    return lambda name, value, config: None if value is None else check(name, value, config)


def registered(get: Callable[[Any], Any]) -> Check:
    """Return the check of a registered name, which may carry parameters."""
    return lambda name, value, config: str(get(value))
