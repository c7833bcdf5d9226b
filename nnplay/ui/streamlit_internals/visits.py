"""The visits: those that are connected, and those whose connection was lost, which Streamlit keeps for two minutes.

No public function tells them or closes one. Streamlit itself looks at the time only when another connection is lost.
``nnplay/ui/closed_visits.py`` says when one is closed.
"""

from __future__ import annotations

from nnplay.ui.streamlit_internals import rehearsal, server


def disconnected() -> set[str]:
    """Return the ids of the visits that are kept though their connection was lost."""
    manager = server.running()._session_mgr
    active = {info.session.id for info in manager.list_active_sessions()}
    return {info.session.id for info in manager.list_sessions()} - active


def connected() -> int:
    """Return how many visitors are connected now."""
    active = {info.session.id for info in server.running()._session_mgr.list_active_sessions()}
    return len(active - rehearsal.under_way)


def close(visit: str) -> None:
    """Close one, if it wasn't connected again."""
    running = server.running()

    def close_if_not_back() -> None:
        if visit in disconnected():
            running._session_mgr.close_session(visit)

    # Connections come and go in the loop's thread, so no other may close one.
    running._get_async_objs().eventloop.call_soon_threadsafe(close_if_not_back)
