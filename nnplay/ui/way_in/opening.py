"""Opens the app in the browser of whoever started it by the command ``nnplay``, once the server answers.

Streamlit would do this for a script, but not for an app that has its own server.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import urllib.request
import webbrowser

#: The address to open; the command says it.
VARIABLE = "NNPLAY_OPEN"
_PATIENCE_SECONDS, _PAUSE_SECONDS = 60.0, 0.1


def begin() -> None:
    """Open the browser as soon as the server answers, if that was asked for, and there is a screen to show it on."""
    address = os.environ.pop(VARIABLE, "")  # once; processes that the server starts need not know
    if address and has_screen():
        threading.Thread(target=_open, args=(address,), daemon=True).start()


def has_screen() -> bool:
    """Return whether a browser would have a window, rather than fill the terminal."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _open(address: str) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=5).close()
        except OSError:
            time.sleep(_PAUSE_SECONDS)
        else:
            webbrowser.open(address)
            return
