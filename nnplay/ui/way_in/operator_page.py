"""The operator's page: how busy this server is, for whoever runs it and nobody else. It is in no menu.

``/operator`` is a page, ``/operator/json`` the same for programs, ``/operator/metrics`` for Prometheus. With a key
(``NNPLAY_OPERATOR_KEY``) they are there for whoever knows it: as the password that the browser asks for, with any
name, or as a bearer token. Without a key, they are there for this machine alone, and not through a proxy. For all
others there is nothing at these addresses.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import ipaddress
import os

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from nnplay.server.operating import report
from nnplay.ui.streamlit_internals import server, uploads, visits
from nnplay.ui.way_in.files import answer, base_path

KEY_VARIABLE = "NNPLAY_OPERATOR_KEY"
_FORMS = {
    "/operator": ("text/html; charset=utf-8", report.to_html),
    "/operator/json": ("application/json", report.to_json),
    "/operator/metrics": ("text/plain; version=0.0.4; charset=utf-8", report.to_prometheus),
}
#: What a proxy adds, one or another.
_OF_PROXIES = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
#: Whoever guesses waits so many seconds for each answer.
_GUESSING_SECONDS = 1.0
_PLAIN = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"}


class OperatorPage:
    """Answers whoever runs the server, and hands all other requests on.

    Parameters
    ----------
    app : callable
        The ASGI application that answers everything else.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        form = None
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            form = _FORMS.get(str(scope["path"]).removeprefix(base_path()).rstrip("/"))
        if form is None:
            await self._app(scope, receive, send)
            return
        headers, key = Headers(scope=scope), os.environ.get(KEY_VARIABLE, "").strip()
        if key and not knows(key, headers.get("authorization", "")):
            if "authorization" in headers:
                await asyncio.sleep(_GUESSING_SECONDS)
            asks = {"www-authenticate": 'Basic realm="nnplay, for its operator", charset="UTF-8"'}
            await answer(send, 401, _PLAIN | asks, b"This page is for whoever runs this server.\n")
        elif not key and not is_from_here(scope, headers):
            await answer(send, 404, _PLAIN, b"Not found.\n")
        else:
            kind, write = form
            await asyncio.sleep(report.wait_seconds())
            body = write(report.readings(counted())).encode()
            await answer(send, 200, _PLAIN | {"content-type": kind}, body if scope["method"] == "GET" else b"")


def counted() -> report.Visits:
    """Return how many visits there are."""
    if not server.running():
        return report.Visits(0, 0, 0, 0)
    return report.Visits(visits.connected(), len(visits.disconnected()), *uploads.kept())


def knows(key: str, said: str) -> bool:
    """Return whether an ``Authorization`` header has the key."""
    scheme, _, value = said.partition(" ")
    if scheme.lower() == "basic":
        try:
            value = base64.b64decode(value, validate=True).decode("utf-8").partition(":")[2]
        except ValueError:
            return False
    elif scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(value.strip().encode(), key.encode())


def is_from_here(scope: Scope, headers: Headers) -> bool:
    """Return whether a request was made on this machine, and not by a proxy or a page of another address for others."""
    client = scope.get("client")
    host = headers.get("host", "").rpartition(":")[0] or headers.get("host", "")
    return (
        client is not None
        and _is_loopback(client[0])
        and _is_loopback(host.strip("[]"))
        and scope.get("http_version") != "1.0"  # as nginx asks for others, where it is told nothing
        and not any(name in headers for name in _OF_PROXIES)
    )


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return (
        getattr(address, "ipv4_mapped", None) or address
    ).is_loopback  # a socket for both kinds has ::ffff:127.0.0.1
