"""A visit without a visitor: the front page is run once, as Streamlit runs it for a browser.

No public function runs a page on the server that serves it. Much of what a first visitor would wait for is in
Streamlit itself, which imports and compiles when it is first needed.
"""

from __future__ import annotations

import asyncio
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg

from nnplay.ui.streamlit_internals import server

_PATIENCE_SECONDS = 60.0
#: The visits that are rehearsals: nobody is there.
under_way: set[str] = set()


class Listener:
    """Takes the place of the browser: waits until the page has been run."""

    client_context = None

    def __init__(self) -> None:
        self.finished = asyncio.Event()
        self.heard: list[str] = []

    def write_forward_msg(self, msg: Any) -> None:
        """Hear what the browser would be sent."""
        self.heard.append(str(msg.WhichOneof("type")))
        if self.heard[-1] == "script_finished":
            self.finished.set()


async def visit() -> list[str]:
    """Run the front page to its end, in the server's loop; return the kinds of messages that were sent."""
    running = server.running()
    listener = Listener()
    session = running.connect_session(listener, {})
    under_way.add(session)
    try:
        asked = BackMsg()
        asked.rerun_script.query_string = ""
        running.handle_backmsg(session, asked)
        await asyncio.wait_for(listener.finished.wait(), _PATIENCE_SECONDS)
    finally:
        running.close_session(session)
        under_way.discard(session)
    return listener.heard
