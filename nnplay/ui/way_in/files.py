"""Gives browsers the files of a page from memory, compressed once.

Streamlit reads a file anew for each request, in a thread, and leaves its own uncompressed, since compressing them anew
each time would be slower still. A visit asks for a hundred of them. Whatever is no such file goes on to Streamlit.
"""

from __future__ import annotations

import asyncio
import gzip
import mimetypes
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import streamlit as st
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from nnplay.ui.streamlit_internals import page_files
from nnplay.ui.way_in import bundle

#: A file of this name never has anything else in it.
_FOR_GOOD = "public, immutable, max-age=31536000"
#: A browser asks each time whether it is still the same.
_AS_LONG_AS_IT_IS_THE_SAME = "no-cache"
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".json": "application/json"}
_COMPRESSED = {".js", ".css", ".svg", ".json"}
_LEVEL = 6


@dataclass(frozen=True)
class Kept:
    """A file in memory: as it travels, and what it was on the disk then."""

    state: tuple[int, int]
    body: bytes
    is_compressed: bool


def base_path() -> str:
    """Return what all addresses of the app begin with: nothing, or a folder with a slash before it."""
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


class Files:
    """Answers requests for files, and hands all others on.

    Parameters
    ----------
    app : callable
        The ASGI application that answers everything else.
    """

    #: For all of the process: there is one server, and its files are finite.
    kept: dict[Path, Kept] = {}

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        found = find(scope["path"]) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        headers = Headers(raw=scope.get("headers", ())) if found else Headers()
        if not found or "range" in headers:
            await self._app(scope, receive, send)
            return
        path, caching = found
        takes_compressed = "gzip" in headers.get("accept-encoding", "")
        kept = self.kept.get(path)
        if kept is None or kept.state != state_of(path):
            kept = await asyncio.to_thread(keep, path)
        said = {
            "content-type": _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream",
            "cache-control": caching,
            "etag": f'"{kept.state[0]:x}-{kept.state[1]:x}"',
            "access-control-allow-origin": "*",
        }
        if path.suffix in _COMPRESSED:
            said["vary"] = "Accept-Encoding"
        if headers.get("if-none-match", "").removeprefix("W/") == said["etag"]:
            await answer(send, 304, said, b"")
            return
        body = kept.body
        if kept.is_compressed and takes_compressed:
            said["content-encoding"] = "gzip"
        elif kept.is_compressed:
            body = await asyncio.to_thread(gzip.decompress, body)
        said["content-length"] = str(len(body))
        await answer(send, 200, said, body if scope["method"] == "GET" else b"")


async def answer(send: Send, status: int, headers: dict[str, str], body: bytes) -> None:
    """Send an answer."""
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


def find(address: str) -> tuple[Path, str] | None:
    """Return the file at an address, and how long it may be kept; None for anything that isn't one of ours to give."""
    below = address.removeprefix(base_path()).removeprefix("/")
    parts = PurePosixPath(below).parts
    if ".." in parts or "\\" in below or "\0" in below or below != "/".join(parts):
        return None
    if parts[:1] == ("static",):
        # Streamlit names them by what is in them, but for its list.
        found, caching = page_files.FOLDER.joinpath(*parts), _FOR_GOOD
    elif parts[:2] == ("app", "static") and len(parts) > 2:
        if parts[2].startswith("bundle-"):
            if not (bundle.BUNDLE.is_dir() and parts[2] == bundle.folder()):
                return None
            found, caching = bundle.BUNDLE.joinpath(*parts[3:]), _FOR_GOOD
        else:
            found, caching = bundle.STATIC.joinpath(*parts[2:]), _AS_LONG_AS_IT_IS_THE_SAME
    else:
        return None
    return (found, caching) if found.is_file() else None


def state_of(path: Path) -> tuple[int, int]:
    """Return what tells a file from what it was before it was changed."""
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size


def keep(path: Path) -> Kept:
    """Take a file into memory."""
    state, body = state_of(path), path.read_bytes()
    is_compressed = path.suffix in _COMPRESSED and len(body) > 200
    Files.kept[path] = kept = Kept(
        state, gzip.compress(body, _LEVEL, mtime=0) if is_compressed else body, is_compressed
    )
    return kept
