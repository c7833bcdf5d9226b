"""A run that another one has overtaken leaves alone what the visitor has done since.

When the visitor changes something while a page's run goes on, Streamlit begins the next run at once, in a thread of its
own, and tells the first one to stop. That one may be at its end already, and then tidies up: it sets back the press of
every button and whatever components have said, also what the next run has just been told and has not looked at yet. The
press is lost, or the thread ends with an error, as two of them change one dictionary. No setting keeps it from that.
"""

from __future__ import annotations

import functools
import threading
from contextlib import AbstractContextManager
from typing import Any

from streamlit.runtime.state.session_state import _TRIGGER_PROTO_FIELDS, SessionState  # type: ignore[attr-defined]

#: Kept with a visit's state: which run began last, and whose turn it is to change the state.
_LATEST, _TURN = "_nnplay_latest_run", "_nnplay_turn"
#: The run of the present thread.
_MINE = threading.local()


def leave_alone() -> None:
    """From now on, let runs in this process do so. Once more changes nothing."""
    if hasattr(SessionState.on_script_finished, "__wrapped__"):
        return
    begin, finish = SessionState.on_script_will_rerun, SessionState.on_script_finished

    @functools.wraps(begin)
    def begin_in_turn(state: SessionState, *args: Any, **named: Any) -> None:
        with _turn(state):
            _MINE.run = _kept_with(state)[_LATEST] = object()
            begin(state, *args, **named)

    @functools.wraps(finish)
    def finish_in_turn(state: SessionState, *args: Any, **named: Any) -> None:
        with _turn(state):
            if getattr(_MINE, "run", None) is _kept_with(state).get(_LATEST):
                finish(state, *args, **named)
            else:
                _forget_earlier_presses(state)

    SessionState.on_script_will_rerun = begin_in_turn  # type: ignore[method-assign, assignment]
    SessionState.on_script_finished = finish_in_turn  # type: ignore[method-assign, assignment]


def _kept_with(state: SessionState) -> dict[str, Any]:
    # The state itself has room for nothing more, and can't be a key.
    return state.query_params.__dict__


def _turn(state: SessionState) -> AbstractContextManager[Any]:
    turn: AbstractContextManager[Any] = _kept_with(state).setdefault(_TURN, threading.RLock())
    return turn


def _forget_earlier_presses(state: SessionState) -> None:
    """Set back what the overtaken run was told: the next run has put it aside, and holds its own apart from it."""
    for name in list(state._old_state):
        told = state._new_widget_state.widget_metadata.get(name)
        if told is not None and told.value_type in _TRIGGER_PROTO_FIELDS:
            state._old_state[name] = False if told.value_type == "trigger_value" else None
