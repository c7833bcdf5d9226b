"""Whether what a page's run said is on its way to the browser.

No public function tells it. When the next run of a page, or of a part of it, begins, Streamlit throws away what the one
before said and was not sent yet: a control would keep a value that the run had changed.
"""

from __future__ import annotations

import threading
import time

from nnplay.ui.streamlit_internals import script_run, server

#: A busy server sends late; one that sends nothing for so long has lost the browser.
_LIMIT_SECONDS = 1.0
_LOOK_SECONDS = 0.002


def wait() -> None:
    """Wait until all that the present run has said is sent; not where the browser's connection is lost."""
    running, visit = server.running(), script_run.visit()
    if running is None or visit is None:
        return
    until = time.monotonic() + _LIMIT_SECONDS
    # What a run says comes to the loop's thread in order, so it is in the queue when that has come to this.
    queued = threading.Event()
    running._get_async_objs().eventloop.call_soon_threadsafe(queued.set)
    queued.wait(_LIMIT_SECONDS)
    while time.monotonic() < until:
        info = running._session_mgr.get_active_session_info(visit)
        if info is None or info.session._browser_queue.is_empty():
            return
        time.sleep(_LOOK_SECONDS)
