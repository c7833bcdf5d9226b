"""The server that runs the app, on which visits and uploads hang; and where it answers, besides the pages.

No public function gives it. Without it, what a closed visit leaves behind stays until the next visitor happens to come.
One of its addresses tells strangers how busy the server is, and with what; no setting closes it.
``nnplay/ui/headers.py`` does.
"""

from __future__ import annotations

from typing import Any

from streamlit import runtime

METRICS = "/_stcore/metrics"
#: The line to a visitor's browser, and where files are uploaded.
STREAM, UPLOADS = "/_stcore/stream", "/_stcore/upload_file/"
#: Whether the server takes visitors.
HEALTH = "/_stcore/health"


def running() -> Any:
    """Return the server, or None where a page is run alone, as a test does."""
    return runtime.get_instance() if runtime.exists() else None
