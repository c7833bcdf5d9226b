"""The HTTP headers of every response, and the addresses that the server doesn't answer.

``docs/hosting.md`` says what a server in front of this one may add.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nnplay.ui.served.draining import Draining
from nnplay.ui.streamlit_internals.server import METRICS
from nnplay.ui.streamlit_internals.upload_token import UploadToken
from nnplay.ui.way_in.doorman import Doorman
from nnplay.ui.way_in.files import Files
from nnplay.ui.way_in.head import Head
from nnplay.ui.way_in.operator_page import OperatorPage

#: Everything comes from this server. Streamlit writes scripts and styles into the page itself, and makes modules of
#: what a component brings, hence what is inline and from blobs. Other pages may show this one in a frame.
POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob: data:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' blob:",
    "font-src": "'self' data:",
    "connect-src": "'self' ws: wss: data: blob:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{directive} {sources}" for directive, sources in POLICY.items()),
    # A run's definition is in the address: it is nobody else's business.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
#: How busy the server is, and with what, is for those who run it: they measure the process.
NOT_TOLD = METRICS


class SecurityHeaders:
    """Adds the headers to every answer, and answers that there is nothing where nothing is told.

    Parameters
    ----------
    app : callable
        The ASGI application that answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message.setdefault("headers", []))
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        if str(scope["path"]).rstrip("/").endswith(NOT_TOLD):
            await send_with_headers({"type": "http.response.start", "status": 404, "headers": []})
            await send_with_headers({"type": "http.response.body", "body": b"Not found.\n"})
            return
        await self._app(scope, receive, send_with_headers)


MIDDLEWARE = [
    Middleware(SecurityHeaders),
    Middleware(Draining),
    Middleware(OperatorPage),
    Middleware(Doorman),
    Middleware(UploadToken),
    Middleware(Files),
    Middleware(Head),
]
