"""What only the browser can do for a dialog: say what the page shows, fill the clipboard, fill the screen."""

from __future__ import annotations

from typing import Any

from nnplay.ui import component

_component = component.declare("nnplay_share", "nnplay-share", "share")


def look_at_page(key: str) -> dict[str, Any]:
    """Return the page's address, the frame on its stage and what the browser remembers; nothing before it answered."""
    answer = _component(key=key, data={"kind": "look"}, on_seen_change=lambda: None).get("seen")
    return answer if isinstance(answer, dict) else {}


def copy_line(label: str, text: str, key: str) -> None:
    """Show a line of text with a button that copies it."""
    _component(key=key, data={"kind": "line", "label": label, "text": text})


def show_qr(image: str, key: str) -> None:
    """Show a QR code, a data URI, as large as there is room for."""
    _component(key=key, data={"kind": "qr", "image": image, "label": "QR code of the link"})
