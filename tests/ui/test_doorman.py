"""Who is let in, and what whoever runs the server is told: requests as the server gets them, without a server."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest

from nnplay import limits
from nnplay.server.operating import process, report
from nnplay.ui.streamlit_internals import server, visits
from nnplay.ui.way_in import operator_page
from nnplay.ui.way_in.doorman import Doorman
from nnplay.ui.way_in.operator_page import OperatorPage

KEY = "a long random word"


def ask(part: Any, path: str, kind: str = "http", **scope: Any) -> list[dict[str, Any]]:
    """Return what is sent for a request; the application behind answers with a page."""
    sent: list[dict[str, Any]] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": f"{kind}.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    headers = [(name.encode(), value.encode()) for name, value in scope.pop("headers", {}).items()]
    asked = {"type": kind, "method": "GET", "path": path, "query_string": b"", "headers": headers} | scope
    asyncio.run(part(application)(asked, receive, send))
    return sent


def status(sent: list[dict[str, Any]]) -> int:
    return int(sent[0]["status"])


@pytest.fixture
def visitors(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Those who are there, on a server with two places."""
    there: list[str] = []
    monkeypatch.setattr(server, "running", lambda: object())
    monkeypatch.setattr(visits, "connected", lambda: len(there))
    monkeypatch.setattr(visits, "disconnected", lambda: {"lost"})
    monkeypatch.setattr(limits, "whole", lambda name: {"sessions": 2}[name])
    return there


def test_one_more_than_there_are_places_gets_a_page_with_the_same_link(visitors: list[str]) -> None:
    visitors += ["Ada"]
    sent = ask(Doorman, "/")
    assert (status(sent), dict(sent[0]["headers"])[b"set-cookie"][:13]) == (200, b"nnplay-here=1")
    visitors += ["Alan"]
    for path, query, link in (("/", b'a=1&b="', "?a=1&amp;b=&quot;"), ("/digits", b"", "digits"), ("/", b"", "./")):
        sent = ask(Doorman, path, query_string=query)
        assert (status(sent), dict(sent[0]["headers"])[b"retry-after"]) == (503, b"30")
        assert f'<a href="{link}">Try again</a>'.encode() in sent[1]["body"]
        assert b"as many visitors as it can serve well (2)." in sent[1]["body"]


def test_who_is_there_may_load_the_page_again_and_files_are_for_all(visitors: list[str]) -> None:
    visitors += ["Ada", "Alan"]
    assert status(ask(Doorman, "/", headers={"cookie": "a=b; nnplay-here=1"})) == 200
    assert status(ask(Doorman, "/", headers={"cookie": "nnplay-here=12"})) == 503
    assert status(ask(Doorman, "/app/static/icon.png")) == status(ask(Doorman, "/_stcore/health")) == 200


def test_lines_are_counted_and_who_was_cut_off_comes_back(visitors: list[str]) -> None:
    visitors += ["Ada"] * 3
    assert ask(Doorman, "/_stcore/stream", "websocket")[0]["type"] == "websocket.response.start"
    visitors += ["Alan"]
    refused = ask(Doorman, "/_stcore/stream", "websocket", headers={"sec-websocket-protocol": "streamlit, x, other"})
    assert refused == [{"type": "websocket.close", "code": 1013}]
    back = ask(Doorman, "/_stcore/stream", "websocket", headers={"sec-websocket-protocol": "streamlit, x, lost"})
    assert back[0]["type"] == "websocket.response.start"


def test_nobody_new_is_let_in_without_memory(visitors: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "most_memory_bytes", lambda: 1)
    monkeypatch.setattr(process, "memory_bytes", lambda: 1)
    assert b"no memory left" in ask(Doorman, "/")[1]["body"]
    monkeypatch.setattr(process, "memory_bytes", lambda: None)
    assert status(ask(Doorman, "/")) == 200


HERE: dict[str, Any] = {"client": ("127.0.0.1", 5000), "http_version": "1.1", "headers": {"host": "localhost:8501"}}


@pytest.fixture
def told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "wait_seconds", lambda: 0.0)
    monkeypatch.setattr(operator_page, "_GUESSING_SECONDS", 0.0)


@pytest.mark.usefixtures("told_at_once")
@pytest.mark.parametrize(
    ("other", "answered"),
    [
        ({}, 200),
        ({"client": ("::ffff:127.0.0.1", 1)}, 200),
        ({"client": ("::1", 1), "headers": {"host": "[::1]:8501"}}, 200),
        ({"client": ("192.0.2.7", 1)}, 404),
        ({"client": None}, 404),
        ({"headers": {"host": "play.example.org"}}, 404),
        ({"headers": {"host": "localhost", "x-forwarded-for": "192.0.2.7"}}, 404),
        ({"headers": {"host": "localhost", "x-real-ip": "192.0.2.7"}}, 404),
        ({"http_version": "1.0"}, 404),
    ],
)
@pytest.mark.parametrize("path", ["/operator", "/operator/", "/operator/json", "/operator/metrics"])
def test_without_a_key_only_this_machine_is_told(
    path: str, other: dict[str, Any], answered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NNPLAY_OPERATOR_KEY", raising=False)
    assert status(ask(OperatorPage, path, **(HERE | other))) == answered


@pytest.mark.usefixtures("told_at_once")
def test_with_a_key_whoever_knows_it_is_told_from_anywhere_and_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNPLAY_OPERATOR_KEY", KEY)

    def answered(authorization: str) -> int:
        headers = {"host": "play.example.org", "x-forwarded-for": "192.0.2.7"}
        if authorization:
            headers["authorization"] = authorization
        return status(ask(OperatorPage, "/operator/json", client=("192.0.2.7", 1), headers=headers))

    def basic(text: str) -> str:
        return f"Basic {base64.b64encode(text.encode()).decode()}"

    assert [answered(f"Bearer {KEY}"), answered(basic(f"me:{KEY}"))] == [200, 200]
    wrong = [
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {KEY}x",
        KEY,
        basic("me:"),
        basic(KEY),
        "Basic ä",
        "Basic !",
        f"Digest {KEY}",
    ]
    assert {answered(each) for each in wrong} == {401}
    assert status(ask(OperatorPage, "/operator", **HERE)) == 401
    assert status(ask(OperatorPage, "/operators", **HERE)) == 200  # another page's
