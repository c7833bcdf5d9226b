"""What a link asks for and can't have, in a visitor's words: what it was, what there may be, what is used instead.

No Streamlit in here, so that it can be tested as it is.
"""

from __future__ import annotations

import re

from nnplay.datasets import DATASETS
from nnplay.datasets.stored import STORED
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.server.setting_words import field_word, value_word

#: Of what a visitor wrote, so much is repeated; and so many names are listed.
_MAX_ASKED, _MAX_NAMES = 40, 8
#: Most notices of one link.
_MAX_NOTICES = 4
#: What a link says besides the run, inside a sentence.
_LABELS = {
    "hide": "what to hide",
    "present": "presenting",
    "log_scale": "logarithmic loss",
    "mode": "picture of the hidden layer",
    "layer": "hidden layer",
    "units": "units shown",
}
#: The form that every refusal has (nnplay/validation.py).
_REFUSAL = re.compile(r"(?P<what>.+?) must (?P<must>.+?)(?:; got .*?)?\.?(?: Did you mean '(?P<near>[^']*)'\?)?", re.S)
_QUOTED = re.compile(r"'([^' ]*)'")
_PLAINER = (("finite number", "number"), ("an integer", "a whole number"), ("True or False", "true or false"))


def refused(name: str, asked: str, refusal: str, config: ExperimentConfig, more: int = 0) -> str:
    """Say that a part of a link can't be had.

    Parameters
    ----------
    name, asked : str
        The part's name and value in the link.
    refusal : str
        Why, as whoever refused it said.
    config : ExperimentConfig
        What is used instead.
    more : int
        How many more there were of the kind.
    """
    others = f", and {more:,} more," if more else ""
    sentence = f"{_capital(_label(name))} “{_cut(asked)}”{others} in the link{_reason(name, refusal)}"
    used = _used(name, config)
    return f"{sentence} Instead: {used}." if used else f"{sentence} It is left out."


def brief(notices: list[str]) -> list[str]:
    """Return no more notices than fit on the screen, the last of them with the number of those left out."""
    if len(notices) <= _MAX_NOTICES:
        return notices
    shown = notices[: _MAX_NOTICES - 1]
    return [*shown, f"{len(notices) - len(shown)} more parts of the link can't be used; they are left out, too."]


def _label(name: str) -> str:
    return _LABELS.get(name) or field_word(name)


def _reason(name: str, refusal: str) -> str:
    if "must come with its points" in refusal:
        return ": the data themselves are not in it, perhaps since they were too many."
    form = _REFUSAL.fullmatch(refusal)
    if not form:
        return (
            ": " + _QUOTED.sub(r"\1", refusal.partition("; got ")[0].removeprefix(f"{name} ").removesuffix(".")) + "."
        )
    must = form["must"]
    for technical, plainer in _PLAINER:
        must = must.replace(technical, plainer)
    names = re.fullmatch(r"be one of (.*)", must, re.S)
    if names and must.count("', '") >= _MAX_NAMES:
        must = "be one that is offered here"
    near = f" Did you mean “{form['near']}”?" if form["near"] else ""
    must = _QUOTED.sub(r"\1", must)
    return f"{_subject(name, form['what'])} must {must}.{near}"


def _subject(name: str, what: str) -> str:
    """Say of what in the value something is asked, where that isn't the whole of it."""
    if part := re.fullmatch(r"hidden_sizes\[(\d+)\]", what):
        return f": units in layer {int(part[1]) + 1}"
    if re.fullmatch(r"columns\[\d+\]", what):
        return ": the number of a column"
    return "" if what == name else ": " + what.replace("_", " ").replace("'", "")


def _used(name: str, config: ExperimentConfig) -> str:
    if name == "dataset":
        kind, _, options = config.dataset.partition("(")
        if options or kind not in (*STORED, *DATASETS):
            return config.dataset
        return STORED[kind].label if kind in STORED else DATASETS[kind].label
    if name == "points" or name not in ExperimentConfig.__dataclass_fields__:
        return ""
    return value_word(name, getattr(config, name))


def _cut(text: str) -> str:
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    return text if len(text) <= _MAX_ASKED else f"{text[: _MAX_ASKED - 1]}…"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
