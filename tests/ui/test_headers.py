"""What every answer of the server says, and what is told to nobody."""

from __future__ import annotations

import asyncio
import runpy
from typing import Any

import pytest

from nnplay.ui.headers import HEADERS, SecurityHeaders
from tests import ROOT

APP = ROOT / "app.py"


def answer(path: str, kind: str = "http") -> tuple[list[dict[str, Any]], list[str]]:
    """Return what is sent for a request, and the paths that the application was asked for."""
    sent: list[dict[str, Any]] = []
    asked: list[str] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        asked.append(scope["path"])
        await send({"type": f"{kind}.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": f"{kind}.response.body", "body": b"page"})

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(SecurityHeaders(application)({"type": kind, "path": path}, None, send))
    return sent, asked


@pytest.mark.parametrize("path", ["/", "/digits", "/app/static/stage/index.js", "/_stcore/health"])
def test_every_answer_has_the_headers_and_keeps_its_own(path: str) -> None:
    sent, asked = answer(path)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    assert headers == {"content-type": "text/html"} | {name.lower(): value for name, value in HEADERS.items()}
    assert (sent[0]["status"], sent[1]["body"], asked) == (200, b"page", [path])


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/", "/below/_stcore/metrics"])
def test_nobody_is_told_how_busy_the_server_is(path: str) -> None:
    sent, asked = answer(path)
    assert (sent[0]["status"], asked) == (404, [])


def test_a_connection_that_is_no_request_is_left_alone() -> None:
    sent, asked = answer("/_stcore/stream", "websocket")
    assert sent[0]["headers"] == [(b"content-type", b"text/html")]
    assert asked == ["/_stcore/stream"]


def test_the_server_that_the_app_starts_has_them() -> None:
    app = runpy.run_path(str(APP), run_name="app")["app"]
    assert SecurityHeaders in [middleware.cls for middleware in app._user_middleware]
