"""Invalid parts of a link, in a visitor's words: what it asked for, what is valid, what is used instead.

No Streamlit in here, so that it can be tested as it is.
"""

from __future__ import annotations

from nnplay.datasets import DATASETS
from nnplay.datasets.own_data import OWN, TABLE
from nnplay.datasets.stored import STORED
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.refusal import Refusal
from nnplay.server.setting_words import MAX_NAMES, capital, field_word, part_refused, value_word

#: Of what a visitor wrote, so much is repeated.
_MAX_ASKED = 40
#: Most notices of one link.
_MAX_NOTICES = 4
#: What a link says besides the run, inside a sentence.
_LABELS = {
    "hide": "what to hide",
    "present": "presenter mode",
    "log_scale": "logarithmic loss axis",
    "mode": "view of the hidden layer",
    "layer": "hidden layer",
    "units": "units shown",
}


def refused(name: str, asked: str, refusal: Refusal, config: ExperimentConfig, more: int = 0) -> str:
    """Say that a part of a link can't be had.

    Parameters
    ----------
    name, asked : str
        The part's name and value in the link.
    refusal : Refusal
    config : ExperimentConfig
        What is used instead.
    more : int
        How many more there were of the kind.
    """
    label, used = capital(_LABELS.get(name) or field_word(name)), _used(name, config)
    if asked in (OWN, TABLE) and refusal.chosen == asked:
        sentence = "The link doesn't contain its data; there may have been too many."
    elif name == "points":
        sentence = f"The data in the link can't be read: they {refusal.plainly or refusal.requirement}."
    elif more:
        sentence = f"{label} in the link: “{_cut(asked)}” and {more:,} more {_reason(name, refusal, 'are', used)}"
    else:
        sentence = f"{label} in the link: “{_cut(asked)}” {_reason(name, refusal, 'is', used)}"
    return f"{sentence} Using {used} instead." if used else f"{sentence} This part of the link is ignored."


def brief(notices: list[str]) -> list[str]:
    """Return no more notices than fit on the screen, the last of them with the number of those left out."""
    if len(notices) <= _MAX_NOTICES:
        return notices
    shown = notices[: _MAX_NOTICES - 1]
    return [*shown, f"{len(notices) - len(shown)} more parts of the link can't be used and are ignored, too."]


def _reason(name: str, refusal: Refusal, verb: str, used: str) -> str:
    near = f" Did you mean “{refusal.nearest}”?" if refusal.nearest and refusal.nearest != used else ""
    part = part_refused(refusal, name).removeprefix(": ")
    if len(refusal.options) > MAX_NAMES and not part:
        return f"{verb}n't among the choices.{near}"
    must = f"must be one of {', '.join(refusal.options)}" if refusal.options else refusal.plainly or refusal.requirement
    return f"{verb}n't valid; {part or ('it' if verb == 'is' else 'they')} {must}.{near}"


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
