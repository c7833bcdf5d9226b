"""What Streamlit knows about the run of a page that is going on.

No public function tells either. Without :func:`visit`, a visitor's uploads couldn't be let go of before the visit ends;
without :func:`by_history`, an address that Back leads to couldn't be told from one that the app is about to replace.
"""

from __future__ import annotations

from streamlit.runtime.scriptrunner import get_script_run_ctx


def visit() -> str | None:
    """Return the id of the visit that this run belongs to, or None outside of a run."""
    context = get_script_run_ctx()
    return context.session_id if context else None


def by_history() -> bool:
    """Return whether the browser's Back or Forward led to this run."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation
