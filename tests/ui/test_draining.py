"""A server that stops sends its visitors elsewhere, and takes no others."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from nnplay.ui.served import draining
from nnplay.ui.served.draining import Drain, Draining

STREAM = {"type": "websocket", "path": "/_stcore/stream"}


async def visit(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer as Streamlit does: greet, and listen until the browser is gone."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})
        return
    await send({"type": "websocket.accept"})
    while (await receive())["type"] != "websocket.disconnect":
        await send({"type": "websocket.send", "bytes": b"frames"})
    await send({"type": "websocket.send", "bytes": b"too late"})


class Browser:
    """A browser's connection, which closes its end when the server closes its own."""

    def __init__(self) -> None:
        self.said: asyncio.Queue[Message] = asyncio.Queue()
        self.heard: list[Any] = []

    async def send(self, message: Message) -> None:
        self.heard.append(message.get("status") or message.get("code") or message["type"])
        if message["type"] == "websocket.close":
            self.said.put_nowait({"type": "websocket.disconnect", "code": 1012})


def begin(app: Draining, scope: Scope = STREAM) -> tuple[Browser, asyncio.Task[None]]:
    browser = Browser()

    async def come() -> None:
        await app(scope, browser.said.get, browser.send)

    return browser, asyncio.create_task(come())


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draining, "STEP_SECONDS", 0.001)


def test_every_visitor_is_told_to_come_back_and_the_connection_ends() -> None:
    async def course() -> None:
        app = Draining(visit, drain := Drain())
        visitors = [begin(app) for _ in range(3)]
        await asyncio.sleep(0)
        visitors[0][0].said.put_nowait({"type": "websocket.receive", "bytes": b"more"})
        assert await drain.run() == 3
        await asyncio.gather(*(task for _, task in visitors))
        assert [browser.heard for browser, _ in visitors] == [
            ["websocket.accept", "websocket.send", 1012],
            ["websocket.accept", 1012],
            ["websocket.accept", 1012],
        ]

    asyncio.run(course())


def test_nobody_new_is_taken_and_the_health_check_says_so_while_other_requests_are_answered() -> None:
    async def answers(app: Draining) -> list[Any]:
        asked = [
            STREAM,
            *({"type": "http", "path": path} for path in ("/_stcore/health", "/", "/_stcore/upload_file/a/b")),
        ]
        return [(await finished(app, scope))[0] for scope in asked]

    async def finished(app: Draining, scope: Scope) -> list[Any]:
        browser, task = begin(app, scope)
        browser.said.put_nowait({"type": "websocket.disconnect"})
        await task
        return browser.heard

    async def course() -> None:
        app = Draining(visit, drain := Drain())
        assert await answers(app) == ["websocket.accept", 200, 200, 200]
        assert await drain.run() == 0  # they are gone already
        assert await answers(app) == [503, 503, 200, 200]

    asyncio.run(course())


def test_whoever_goes_before_the_turn_comes_is_sent_nothing() -> None:
    async def course() -> None:
        app = Draining(visit, drain := Drain())
        (first, first_task), (second, second_task) = (begin(app) for _ in range(2))
        await asyncio.sleep(0)
        second.said.put_nowait({"type": "websocket.disconnect"})
        assert await drain.run() == 2  # at first
        await asyncio.gather(first_task, second_task)
        assert first.heard == ["websocket.accept", 1012]
        assert second.heard == ["websocket.accept", "websocket.send"]

    asyncio.run(course())


def test_a_browser_that_takes_nothing_any_more_keeps_nobody_waiting() -> None:
    async def course() -> None:
        app = Draining(visit, drain := Drain())
        stuck, others = begin(app), [begin(app) for _ in range(2)]
        await asyncio.sleep(0)

        async def never(message: Message) -> None:
            await asyncio.Event().wait()

        next(iter(drain._there))._send = never
        assert await drain.run() == 3
        await asyncio.gather(*(task for _, task in others))
        assert not stuck[1].done()
        stuck[1].cancel()

    asyncio.run(course())


def test_one_whose_handshake_is_under_way_is_sent_on_after_it() -> None:
    async def course() -> None:
        may_answer = asyncio.Event()

        async def slow(scope: Scope, receive: Receive, send: Send) -> None:
            await may_answer.wait()
            await visit(scope, receive, send)

        app = Draining(slow, drain := Drain())
        browser, task = begin(app)
        await asyncio.sleep(0)
        await drain.run()
        may_answer.set()
        await task
        assert browser.heard == ["websocket.accept", 1012]

    asyncio.run(course())
