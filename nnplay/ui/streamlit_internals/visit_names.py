"""The names of visits say which server they are on, where several serve one address.

A visit's name stands in the addresses that its files are sent to, and the browser says it when it connects again. So a
proxy can find the server without a cookie, which many browsers refuse to a page in a frame of another site. Streamlit
makes names up, and no public function gives it one.
"""

from __future__ import annotations

import uuid
from typing import Any

from nnplay.limits import server_number
from nnplay.ui.streamlit_internals import server


def begin(number: str | None) -> None:
    """From now on, let the names of this server's visits begin with its number.

    Parameters
    ----------
    number : str or None
        The server's number from 1, as `NNPLAY_SERVER` has it; None or empty for a server that is alone.

    Raises
    ------
    Refusal
        For anything else.
    """
    checked = server_number(number)
    if checked is not None:
        tell(server.running(), checked)


def tell(running: Any, number: int) -> None:
    """Let the server `running` name its visits by its number: ``s2-…``."""
    connect = running.connect_session

    def connect_session(
        client: Any, user_info: Any, existing_session_id: str | None = None, session_id_override: str | None = None
    ) -> str:
        # A visit of a server that is no more begins anew here, under a name of this one.
        kept = {info.session.id for info in running._session_mgr.list_sessions()} if existing_session_id else set()
        existing = existing_session_id if existing_session_id in kept else None
        name = None if existing else session_id_override or f"s{number}-{uuid.uuid4()}"
        return str(connect(client, user_info, existing_session_id=existing, session_id_override=name))

    running.connect_session = connect_session
