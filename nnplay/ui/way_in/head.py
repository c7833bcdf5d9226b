"""Lets the browser fetch what a page needs beside Streamlit's own files, as soon as it has the page's head.

Otherwise it would learn of the stage only from Streamlit's page, when that has been loaded and has heard of it from the
server, and of the stage's modules and Streamlit's widgets one after another.
"""

from __future__ import annotations

import gzip
import json

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nnplay.experiment.config.setting import PLAYGROUND
from nnplay.server.training_pages import TRAINING_PAGES
from nnplay.ui import shell
from nnplay.ui.form import in_sight
from nnplay.ui.streamlit_internals import color_scheme, early_connection, page_files
from nnplay.ui.streamlit_internals.history_entries import HEAD
from nnplay.ui.way_in import bundle

#: Pages that train nothing: they have no stage, and few of Streamlit's elements.
_WITHOUT_STAGE = ("articles",)
#: Where what comes first is written, before anything that the browser would wait for; and all else.
_FIRST_LINK, _END_OF_HEAD = b"<link", b"</head>"
#: What must not come to Streamlit: it would answer that its page is still the same, or compress it first.
_NOT_ASKED = (b"if-none-match", b"if-modified-since", b"accept-encoding")
_LEVEL = 6
#: In a frame that its page keeps apart from everything, nothing can be heard from this server: says so, and goes no
#: further. What comes after it in the page isn't read any more.
_KEPT_APART = """<script>
if (self.origin === "null") {
  const said = document.createElement("body"), link = document.createElement("a");
  said.style.cssText = "font: 18px/1.5 system-ui, sans-serif; margin: 1.5rem; color-scheme: light dark";
  said.append("nnplay can’t play in this frame: the page around it keeps it apart from its own server "
    + "(sandbox without allow-same-origin). ", link);
  link.href = location.href.replace(/([?&])embed=true&?/, "$1").replace(/[?&]$/, "");
  link.target = "_blank";
  link.textContent = "Open it in a tab of its own";
  window.stop();
  document.documentElement.replaceChildren(said);
}
</script>"""
#: What stands at the beginning of every page's head.
FIRST = _KEPT_APART + early_connection.HEAD
#: Runs what was fetched while Streamlit's page waits to hear from the server, in place of when it has heard what is on
#: the page; not sooner, or the page would ask the server later.
_BEGIN = """<script type="module">
window.nnplayConnects.then(() => {{
  import("{begin}").then(({{ preparePage }}) => "{page}" && preparePage("{page}"));
  for (const file of {elements}) import(file);
}});
</script>"""


class Head:
    """Writes into the head of every page what the browser is to fetch.

    Parameters
    ----------
    app : callable
        The ASGI application that answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or scope["method"] != "GET" or not may_be_page(scope["path"]):
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def send_with_links(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and is_page(message):
                start = message
            elif start is None or message["type"] != "http.response.body":
                await send(message)
            else:
                body += message.get("body", b"")
                if message.get("more_body"):
                    return
                head = links(scope["path"], in_sight.remembered_by(Headers(scope=scope).get("cookie", "")))
                body = body.replace(_FIRST_LINK, FIRST.encode() + _FIRST_LINK, 1)
                body = body.replace(_END_OF_HEAD, head.encode() + _END_OF_HEAD, 1)
                headers = MutableHeaders(raw=start["headers"])
                if "gzip" in Headers(scope=scope).get("accept-encoding", ""):
                    body = gzip.compress(body, _LEVEL)
                    headers["content-encoding"] = "gzip"
                headers["content-length"] = str(len(body))
                headers.add_vary_header("Accept-Encoding")
                # What is fetched may be something else when Streamlit's page is still the same.
                for name in ("etag", "last-modified"):
                    del headers[name]
                await send(start)
                await send({"type": "http.response.body", "body": body})

        asked = [(name, value) for name, value in scope["headers"] if name not in _NOT_ASKED]
        await self._app({**scope, "headers": asked}, receive, send_with_links)


def may_be_page(path: str) -> bool:
    """Return whether a page may be at this path: no file, and none of Streamlit's addresses for its own use."""
    return "." not in path.rpartition("/")[2] and "/_stcore/" not in path


def is_page(start: Message) -> bool:
    """Return whether the answer that begins so is a page."""
    headers = MutableHeaders(raw=start.setdefault("headers", []))
    return bool(start["status"] == 200) and headers.get("content-type", "").startswith("text/html")


def links(path: str, all_controls: bool = True) -> str:
    """Return what the head of the page at this path is to say: what our parts begin with, and what else to fetch.

    Without `all_controls`, the playground needs fewer of Streamlit's widgets.
    """
    name = path.rpartition("/")[2]
    page = _training_page(name)
    (first, *others), styles = entry_files(page)
    begin = f"./app/static/{first}"
    said = [HEAD, color_scheme.SCRIPT, f'<link rel="modulepreload" href="{begin}" data-nnplay>']
    if name in _WITHOUT_STAGE:
        return "".join(said)
    few = page == PLAYGROUND and not all_controls
    needed = page_files.FIRST_ELEMENTS if few else page_files.ELEMENTS
    elements = [f"./{file}" for file in page_files.files_of_elements(needed)]
    said += [f'<link rel="modulepreload" href="./app/static/{module}">' for module in others]
    said += [f'<link rel="preload" as="style" href="./app/static/{style}">' for style in styles]
    said += [f'<link rel="modulepreload" href="{file}">' for file in elements]
    return "".join(said) + _BEGIN.format(begin=begin, page=page, elements=json.dumps(elements))


def _training_page(name: str) -> str:
    """Return the training page of this name, the front page for one that isn't any page's, or nothing."""
    if name in TRAINING_PAGES:
        return name
    return "" if name in {page.file.removesuffix(".py") for page in shell.PAGES} else PLAYGROUND


def entry_files(page: str = PLAYGROUND) -> tuple[list[str], list[str]]:
    """Return modules and style sheets that a page gets, below ``app/static``; what it begins with is first."""
    if bundle.is_fresh():
        folder = bundle.folder()
        modules = ["components.js", "shared.js", *([] if page == PLAYGROUND else ["elsewhere.js"])]
        return [f"{folder}/{module}" for module in modules], [f"{folder}/components.css"]
    return bundle.with_imports([bundle.COMPONENTS]), bundle.sheets()
