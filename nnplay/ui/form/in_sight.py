"""Which controls of the playground are in sight: the few that a beginner needs, or all, as the visitor left it.

A setting that isn't as it usually is, by a link or a file, has its control in sight in any case. The browser remembers
the choice in a cookie: the server is to know it before it draws the first control.
"""

from __future__ import annotations

import streamlit as st

from nnplay.experiment.config.fields import AT_FIRST, CHOSEN_ELSEWHERE, differing
from nnplay.experiment.config.setting import PLAYGROUND
from nnplay.ui import on_page, state
from nnplay.ui.form.widgets import Spec

_COOKIE, _EVERYTHING = "nnplay-controls", "all"
#: In the session: whether all controls are in sight, and whether the visitor said so in this visit.
_ALL, _SAID = "controls.all", "controls.said"
_YEAR_SECONDS = 365 * 24 * 3600


def remembered() -> bool:
    """Return whether the browser remembers that all controls are to be in sight."""
    return st.context.cookies.get(_COOKIE) == _EVERYTHING


def remembered_by(cookies: str) -> bool:
    """Return whether the cookies that come with a request say the same."""
    return f"{_COOKIE}={_EVERYTHING}" in cookies.split("; ")


def can_choose() -> bool:
    """Return whether the visitor chooses.

    A link that hides some controls has been made for those that it leaves, so has an assignment; and a frame in a slide
    has no room for it.
    """
    is_made_so = st.context.is_embedded or state.link().hide or state.assignment() is not None
    return state.page().name == PLAYGROUND and not is_made_so


def are_all() -> bool:
    """Return whether all controls are in sight."""
    return not can_choose() or bool(st.session_state.setdefault(_ALL, remembered()))


def take_note() -> None:
    """Bring what isn't as usual in sight, for the rest of the visit: a control doesn't leave under one's hand."""
    unusual = set(differing(state.config(), state.page().begins_with)) - CHOSEN_ELSEWHERE
    state.kept.unusual = (state.kept.unusual or set()) | unusual


def shows(name: str) -> bool:
    """Return whether the control of a setting is in sight."""
    if _is_away(name):
        return False
    return are_all() or name in AT_FIRST or name in (state.kept.unusual or ())


def shows_parameters(field: Spec) -> bool:
    """Return whether what a chosen name takes in brackets is in sight: also what was given, and what only words can."""
    if _is_away(field.name):
        return False
    needs_words = any(isinstance(parameter.default, str) for parameter in field.parameters())
    return are_all() or needs_words or bool(field.given())


def _is_away(name: str) -> bool:
    """Return whether the assignment leaves it away."""
    return state.lock_of(name) == "away"


def draw_switch() -> None:
    """Draw what brings all controls in sight, or puts most of them away again."""
    everything = are_all()
    st.button(
        "Fewer controls" if everything else "All controls",
        icon=":material/tune:",
        type="tertiary",
        key="controls-switch",
        help="Show only what one needs at first" if everything else "Show every setting of the data and of training",
        on_click=on_page.bound(_choose),
        args=(not everything,),
    )
    if st.session_state.get(_SAID):
        word = _EVERYTHING if everything else "few"
        cookie = f"{_COOKIE}={word}; path=/; max-age={_YEAR_SECONDS}; samesite=lax"
        st.html(f'<script>document.cookie = "{cookie}"</script>', unsafe_allow_javascript=True)


def _choose(everything: bool) -> None:
    st.session_state[_ALL] = everything
    st.session_state[_SAID] = True
    if not everything:
        state.kept.unusual = None
    state.note_put()
