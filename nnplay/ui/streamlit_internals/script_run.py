"""What Streamlit knows about the run of a page that is going on.

No public function tells either. Without :func:`visit`, a visitor's uploads couldn't be let go of before the visit ends;
without :func:`by_history`, an address that Back leads to couldn't be told from one that the app is about to replace.
Without :func:`rerun`, a page that runs once more could take the place of the page that the visitor has just asked for.
"""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType


def visit() -> str | None:
    """Return the id of the visit that this run belongs to, or None outside of a run."""
    context = get_script_run_ctx()
    return context.session_id if context else None


def by_history() -> bool:
    """Return whether the browser's Back or Forward led to this run."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def rerun() -> None:
    """Run the page once more, as ``st.rerun``; if the visitor has asked for another page meanwhile, give way to that.

    Streamlit makes one request of a rerun and of what waits already, and takes the page of the later one: the rerun's.
    """
    if _other_page_waits():
        st.stop()
    st.rerun()


def _other_page_waits() -> bool:
    context = get_script_run_ctx()
    requests = context.script_requests if context else None
    if context is None or requests is None:
        return False
    with requests._lock:
        waits = requests._state == ScriptRequestType.RERUN
        return waits and requests._rerun_data.page_script_hash != context.page_script_hash
