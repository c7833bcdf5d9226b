"""Lets a page upload files though the browser gives it no cookies, as in a frame on another site's page.

Streamlit takes an upload only with a token that it gave the page as a cookie, so that no other site's page can upload
in a visitor's name. Browsers keep cookies from a page in a frame, and no setting offers another proof. They say
themselves which site asks, which is proof enough: an upload from the app's own page gets a token here.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME

from nnplay.ui.streamlit_internals.server import UPLOADS

_TOKEN = b"x-xsrftoken"


class UploadToken:
    """Gives uploads from the app's own page a token, and hands all requests on.

    Parameters
    ----------
    app : callable
        The ASGI application that answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on."""
        if scope["type"] == "http" and UPLOADS in scope["path"] and comes_from_own_page(Headers(scope=scope)):
            others = [(name, value) for name, value in scope["headers"] if name not in (b"cookie", _TOKEN)]
            token = generate_xsrf_token_string().encode()
            given = [(_TOKEN, token), (b"cookie", XSRF_COOKIE_NAME.encode() + b"=" + token)]
            scope = {**scope, "headers": others + given}
        await self._app(scope, receive, send)


def comes_from_own_page(headers: Headers) -> bool:
    """Return whether the browser says that a page of the same address asks; no page can make it say so."""
    asked_by = headers.get("sec-fetch-site")
    if asked_by is not None:  # also behind a proxy that asks for another host
        return asked_by == "same-origin"
    host = headers.get("host")  # browsers say the other only where the page came by https, or from localhost
    return bool(host) and urlsplit(headers.get("origin", "")).netloc == host
