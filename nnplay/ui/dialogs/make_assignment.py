"""Make an assignment: a task, a goal, and what is fixed, for the run on the stage. It becomes a link."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st

from nnplay.assignments.assignment import (
    BY_HAND,
    DATA,
    LIMITS,
    LOCKABLE,
    LOSS,
    MAX_TASK,
    MAX_TITLE,
    MEASURES,
    NAME,
    UNSEEN,
    Assignment,
    Goal,
)
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS
from nnplay.refusal import Refusal
from nnplay.server.setting_words import capital, refusal_words
from nnplay.ui import state
from nnplay.ui.dialogs.browser_help import copy_line
from nnplay.ui.text import complain, plain

_DRAFT = "assignment.draft"


def draw(page: object) -> None:
    """Let the visitor say what is to be done, and show the link; `page` is where the browser is."""
    config = state.config()
    draft = st.session_state.setdefault(state.key(_DRAFT), {"begun": {}, **_first_draft(config)})
    title = _kept(draft, "title", st.text_input, "Title", max_chars=MAX_TITLE, placeholder="Two spirals, few units")
    task = _kept(
        draft, "task", st.text_area, "Task", max_chars=MAX_TASK, height=80,
        placeholder="Separate the spirals with at most 8 hidden units. Which activation needs the fewest?",
    )  # fmt: skip
    goal = _draw_goal(draft, config)
    fixed, away = _draw_locks(draft, config)
    try:
        made = Assignment(title, task, Goal(**goal), config, tuple(fixed), tuple(away))
    except Refusal as refusal:
        complain(capital(refusal_words(refusal)))
        return
    try:
        text = made.to_text()
    except Refusal as refusal:
        st.info(plain(f"The assignment {refusal.plainly}."), icon=":material/link_off:")
        return
    st.markdown(plain(f"Goal: {made.goal.in_words()}, on the {made.measured_on} data."))
    copy_line("Link for your students", _address(page, text), key="assignment.link")
    st.caption(
        f"Answers to it carry the fingerprint {made.fingerprint}. Check them on the page "
        f"[Check answers](check?{NAME}={text}), or with `python -m nnplay.check`."
    )


def _first_draft(config: ExperimentConfig) -> dict[str, Any]:
    """Return what the form begins with: the assignment that the visitor came by, or a goal near the present score."""
    present = state.assignment()
    if present is not None:
        goal = present.goal
        return {
            "title": present.title, "task": present.task, "measure": goal.measure, "value": goal.value,
            "most_units": goal.most_units, "most_epochs": goal.most_epochs, "most_parameters": goal.most_parameters,
            "fixed": [name for name in present.fixed if name not in DATA],
            "away": [name for name in present.away if name not in UNSEEN],
        }  # fmt: skip
    measure = "r_squared" if config.task == "regression" else "accuracy"
    return {
        "title": "", "task": "", "measure": measure, "value": 0.9, "most_units": None, "most_epochs": None,
        "most_parameters": None, "fixed": [BY_HAND], "away": [],
    }  # fmt: skip


def _kept(draft: dict[str, Any], name: str, widget: Any, label: str, **options: Any) -> Any:
    """Draw a widget whose value outlives the dialog, and return it."""
    key = state.key(f"assignment.{name}")
    begun: dict[str, Any] = draft["begun"]
    if key not in st.session_state:  # the dialog has just opened
        begun[name] = draft[name]
    # Not set in the session: a run of the dialog that is cut off would not tell the browser of it.
    if widget is st.selectbox:
        options["index"] = options["options"].index(begun[name])
    else:
        options["default" if widget is st.multiselect else "value"] = begun[name]
    draft[name] = widget(label, key=key, **options)
    return draft[name]


def _draw_goal(draft: dict[str, Any], config: ExperimentConfig) -> dict[str, Any]:
    measures = ["r_squared" if config.task == "regression" else "accuracy", LOSS]
    if draft["measure"] not in measures:
        draft["measure"] = measures[0]
        st.session_state.pop(state.key("assignment.measure"), None)
    left, middle, *others = st.columns(5)
    with left:
        measure = _kept(
            draft, "measure", st.selectbox, "Goal", options=measures, format_func=lambda name: capital(MEASURES[name])
        )
    with middle:
        _kept(draft, "value", st.number_input, "At most" if measure == LOSS else "At least", step=0.01, format="%g")
    for column, (name, word, low) in zip(others, LIMITS, strict=True):
        with column:
            _kept(draft, name, st.number_input, f"Most {word}s", min_value=low, step=1, placeholder="no limit")
    return {name: draft[name] for name in ("measure", "value", "most_units", "most_epochs", "most_parameters")}


def _draw_locks(draft: dict[str, Any], config: ExperimentConfig) -> tuple[list[str], list[str]]:
    page = state.page().name
    there = [name for name in LOCKABLE if name == BY_HAND or _is_there(name, page, config)]

    def say(name: str) -> str:
        return "Setting weights by hand" if name == BY_HAND else SETTINGS[name].label

    for name in ("fixed", "away"):  # another run may have other controls
        known = [each for each in draft[name] if each in there]
        if known != draft[name]:
            draft[name] = known
            st.session_state.pop(state.key(f"assignment.{name}"), None)
    choices = [name for name in there if name not in DATA]
    fixed = _kept(
        draft, "fixed", st.multiselect, "Fixed", options=choices, format_func=say, placeholder="Nothing but the data",
        help="These controls stay in sight, but can't be changed. The data are always fixed.",
    )  # fmt: skip
    away = _kept(
        draft, "away", st.multiselect, "Left away", options=[name for name in there if name != BY_HAND],
        format_func=say, placeholder="Nothing", help="These controls aren't there, and stay as they are now.",
    )  # fmt: skip
    return fixed, away


def _is_there(name: str, page: str, config: ExperimentConfig) -> bool:
    row = SETTINGS[name]
    return page in row.pages and not row.absent(config) and name not in UNSEEN


def _address(page: object, text: str) -> str:
    base = page if isinstance(page, str) and urlsplit(page).scheme in ("http", "https") else st.context.url or ""
    return f"{base.partition('?')[0].partition('#')[0]}?{urlencode({NAME: text})}"
