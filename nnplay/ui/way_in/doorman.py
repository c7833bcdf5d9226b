"""Turns visitors away from a server that is full: they get a plain page at once, in place of the app slowly.

Who is there already stays, and may load the page again: a cookie says so for as long as the browser is open. Where that
doesn't come back, the line to the server, which is counted exactly, has a few places more than the pages have.
"""

from __future__ import annotations

import html

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nnplay import limits
from nnplay.server.operating import process
from nnplay.server.operating.meters import TURNED_AWAY
from nnplay.ui.streamlit_internals import server, visits
from nnplay.ui.way_in.files import answer
from nnplay.ui.way_in.head import is_page, may_be_page

#: Says that the browser has had a page of this server.
COOKIE = "nnplay-here"
#: Seconds after which programs may try again.
_AGAIN_SECONDS = 30
#: For visitors that load their page again.
_MORE_SHARE, _MORE = 0.1, 2
#: The code that a line is refused with: try again later.
_TRY_AGAIN_LATER = 1013
_STYLE = """
:root { color-scheme: light dark; font: 18px/1.5 system-ui, sans-serif; }
body { box-sizing: border-box; display: grid; gap: 1rem; justify-items: start; margin: 0 auto; max-width: 34rem;
  min-height: 100vh; align-content: center; padding: 1.5rem; }
p { margin: 0; }
a { border: 1px solid; border-radius: .5rem; color: inherit; padding: .4rem 1rem; text-decoration: none; }
"""


class Doorman:
    """Lets so many visitors in, and hands all other requests on.

    Parameters
    ----------
    app : callable
        The ASGI application that answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or say that the server is full."""
        if scope["type"] == "websocket" and str(scope["path"]).rstrip("/").endswith(server.STREAM):
            if _has_no_line(Headers(scope=scope)):
                TURNED_AWAY.add()
                await receive()
                await send({"type": "websocket.close", "code": _TRY_AGAIN_LATER})
                return
        elif scope["type"] == "http" and scope["method"] == "GET" and may_be_page(scope["path"]):
            headers = Headers(scope=scope)
            is_known = f"{COOKIE}=1" in headers.get("cookie", "").split("; ")
            if not is_known and (why := full()):
                TURNED_AWAY.add()
                said = {"content-type": "text/html; charset=utf-8", "cache-control": "no-store"}
                await answer(send, 503, said | {"retry-after": str(_AGAIN_SECONDS)}, page(scope, why).encode())
                return
            await self._app(scope, receive, send if is_known else _with_cookie(send))
            return
        await self._app(scope, receive, send)


def full() -> str:
    """Return why nobody else can be let in now, in a sentence; or nothing."""
    n = limits.whole("sessions")
    if not server.running():
        return ""
    if visits.connected() >= n:
        return f"This server has as many visitors as it can serve well ({n:,}). Please try again in a minute."
    memory, most = process.memory_bytes(), process.most_memory_bytes()
    if memory is not None and most is not None and memory >= most:
        return "This server has no memory left for another visitor. Please try again in a minute."
    return ""


def _has_no_line(headers: Headers) -> bool:
    """Return whether there are too many lines for another; whoever comes back after theirs was cut has one."""
    n = limits.whole("sessions")
    if not server.running() or visits.connected() < n + max(_MORE, int(n * _MORE_SHARE)):
        return False
    told = [part.strip() for part in headers.get("sec-websocket-protocol", "").split(",")]
    return not (len(told) > 2 and told[2] in visits.disconnected())


def page(scope: Scope, why: str) -> str:
    """Return the page that says why, with a way to try the same address again."""
    query = scope.get("query_string", b"").decode("latin-1")
    address = html.escape(f"?{query}" if query else scope["path"].rpartition("/")[2] or "./")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>nnplay</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<style>{_STYLE}</style></head><body><p role="status">{html.escape(why)}</p>'
        f'<a href="{address}">Try again</a></body></html>'
    )


def _with_cookie(send: Send) -> Send:
    async def send_with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start" and is_page(message):
            MutableHeaders(raw=message["headers"]).append("set-cookie", f"{COOKIE}=1; Path=/; SameSite=Lax; HttpOnly")
        await send(message)

    return send_with_cookie
