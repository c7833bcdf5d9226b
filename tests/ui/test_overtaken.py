"""A run that was overtaken by another one takes nothing away from it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import SessionState

from nnplay.ui.streamlit_internals import overtaken

BUTTONS = ("first", "second")


def pressed(name: str) -> WidgetStates:
    states = WidgetStates()
    state = states.widgets.add()
    state.id, state.trigger_value = name, True
    return states


def a_state() -> SessionState:
    overtaken.leave_alone()
    state = SessionState()
    for name in BUTTONS:
        state._new_widget_state.widget_metadata[name] = WidgetMetadata(
            id=name, deserializer=bool, serializer=bool, value_type="trigger_value"
        )
    return state


def in_a_thread(act: Callable[[], None]) -> None:
    thread = threading.Thread(target=act)
    thread.start()
    thread.join()


def test_a_press_that_the_next_run_was_told_of_outlives_the_end_of_the_run_before() -> None:
    state = a_state()
    state.on_script_will_rerun(pressed("first"))
    assert state["first"]
    in_a_thread(lambda: state.on_script_will_rerun(pressed("second")))
    state.on_script_finished(frozenset(BUTTONS))  # of the run that began first
    assert (state["first"], state["second"]) == (False, True)


def test_a_run_that_nobody_overtook_sets_its_presses_back() -> None:
    state = a_state()
    state.on_script_will_rerun(pressed("first"))
    state.on_script_finished(frozenset(BUTTONS))
    assert not state["first"]

    def next_run() -> None:
        state.on_script_will_rerun(pressed("second"))
        assert state["second"]
        state.on_script_finished(frozenset(BUTTONS))

    in_a_thread(next_run)
    assert not state["second"]


def test_the_end_of_a_run_waits_while_the_next_one_is_told() -> None:
    state = a_state()
    state.on_script_will_rerun(pressed("first"))
    ended = threading.Event()

    def end() -> None:
        state.on_script_finished(frozenset(BUTTONS))
        ended.set()

    with overtaken._turn(state):
        thread = threading.Thread(target=end)
        thread.start()
        assert not ended.wait(0.05)
    thread.join()
    assert ended.is_set()
