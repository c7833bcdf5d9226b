"""A server that is told to stop sends its visitors elsewhere first.

``SIGTERM`` begins it. From then on the health check answers 503 and so does every new visit, which tells the proxy to
ask another server. The visitors' connections are closed one after another, so that the other servers aren't asked by
all at once. Each browser connects again by itself, and brings its run along as a recipe. When the last one has gone,
the server ends as it always does; :data:`LIMIT_SECONDS` after the signal it ends in any case.

``SIGINT``, that is Ctrl-C, and a second ``SIGTERM`` end the server at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import threading
from types import FrameType

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nnplay.ui.streamlit_internals.server import HEALTH

#: From one closed connection to the next: about what it takes the others to run a page and to train a run again. And
#: from the first to the last, however many there are. Whoever isn't sent away yet plays on here meanwhile.
STEP_SECONDS, SPREAD_SECONDS = 0.4, 30.0
#: What still isn't over so long after the signal is cut off. ``deploy/compose.yaml`` waits a little longer.
LIMIT_SECONDS = 40.0
#: The WebSocket's code for "the service restarts": come back at once.
COME_BACK = 1012
_SAID = b"This server is stopping. Another one takes its place.\n"
_LOG = logging.getLogger("uvicorn.error")  # what it says stands among what the server says of its end


class Connection:
    """A visitor's WebSocket, which can be closed from here.

    Parameters
    ----------
    send : callable
        ASGI's, as the server gave it.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._is_open = self._is_closed = False

    async def send(self, message: Message) -> None:
        """Send, unless the connection was closed: whoever speaks has not heard of it yet."""
        is_handshake = message["type"] == "websocket.accept"
        if self._is_closed and not is_handshake:
            return
        self._is_open = self._is_open or is_handshake
        await self._send(message)
        if self._is_closed:
            await self._send_close()

    async def close(self) -> None:
        """Ask the browser to connect again. It answers by closing its end, of which the application hears as ever."""
        if self._is_closed:
            return
        self._is_closed = True
        if self._is_open:
            await self._send_close()

    async def _send_close(self) -> None:
        with contextlib.suppress(OSError):  # the browser went just now
            await self._send({"type": "websocket.close", "code": COME_BACK, "reason": "the server restarts"})


class Drain:
    """Whether the server is being left, and who is still there.

    Attributes
    ----------
    is_on : bool
        Whether it takes nobody any more.
    """

    def __init__(self) -> None:
        self.is_on = False
        self._there: dict[Connection, None] = {}  # in the order in which they came

    def enter(self, connection: Connection) -> None:
        """Take note of a visitor."""
        self._there[connection] = None

    def leave(self, connection: Connection) -> None:
        """Take note that one is gone."""
        self._there.pop(connection, None)

    async def run(self) -> int:
        """Close all connections, one after another; return how many there were at first."""
        self.is_on = True
        leaving = list(self._there)
        told = []
        for connection in leaving:
            if connection not in self._there:
                continue  # gone by itself
            # Nobody waits for a browser that takes nothing any more.
            told.append(asyncio.create_task(connection.close()))
            await asyncio.sleep(min(STEP_SECONDS, SPREAD_SECONDS / len(leaving)))
        if told:
            await asyncio.wait(told, timeout=1.0)
        return len(leaving)


#: There is one server in a process.
DRAIN = Drain()


class Draining:
    """Lets connections be closed from here, and answers 503 where a server that stops takes nobody.

    Parameters
    ----------
    app : callable
        The ASGI application that answers.
    drain : Drain
        Whether the server stops.
    """

    def __init__(self, app: ASGIApp, drain: Drain = DRAIN) -> None:
        self._app, self._drain = app, drain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or take a visitor."""
        is_visit = scope["type"] == "websocket"
        if self._drain.is_on and (is_visit or (scope["type"] == "http" and _is_health(scope))):
            await _refuse("websocket.http" if is_visit else "http", send)
        elif is_visit:
            connection = Connection(send)
            self._drain.enter(connection)
            try:
                await self._app(scope, receive, connection.send)
            finally:
                self._drain.leave(connection)
        else:
            await self._app(scope, receive, send)


def _is_health(scope: Scope) -> bool:
    return str(scope["path"]).rstrip("/").endswith(HEALTH)


async def _refuse(kind: str, send: Send) -> None:
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-cache"), (b"retry-after", b"1")]
    await send({"type": f"{kind}.response.start", "status": 503, "headers": headers})
    await send({"type": f"{kind}.response.body", "body": _SAID})


def begin() -> None:
    """From now on, let the present loop's server drain when it is told to stop."""
    if threading.current_thread() is not threading.main_thread():
        return  # signals come to the main thread alone: a test has the server in another
    end, loop = signal.getsignal(signal.SIGTERM), asyncio.get_running_loop()
    if not callable(end):
        return
    tasks: list[asyncio.Task[None]] = []

    async def drain() -> None:
        n_visitors = await DRAIN.run()
        _LOG.info("%d visitors were sent to other servers.", n_visitors)
        end(signal.SIGTERM, None)

    def stop(number: int, frame: FrameType | None) -> None:
        if DRAIN.is_on:
            end(number, frame)
            return
        DRAIN.is_on = True
        limit = threading.Timer(LIMIT_SECONDS, os._exit, (0,))
        limit.daemon = True
        limit.start()
        loop.call_soon_threadsafe(lambda: tasks.append(loop.create_task(drain())))

    signal.signal(signal.SIGTERM, stop)
