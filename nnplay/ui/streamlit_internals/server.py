"""The server that runs the app: visits and uploads hang on it.

No public function gives it. Without it, what a closed visit leaves behind stays until the next visitor happens to come.
"""

from __future__ import annotations

from typing import Any

from streamlit import runtime


def running() -> Any:
    """Return the server, or None where a page is run alone, as a test does."""
    return runtime.get_instance() if runtime.exists() else None
