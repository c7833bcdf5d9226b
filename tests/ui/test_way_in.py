"""What a visitor's browser is told to fetch, and gets: the bundle or its sources, and Streamlit's own files."""

from __future__ import annotations

import asyncio
import gc
import gzip
import io
import json
import re
import runpy
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st

from nnplay.server.training_pages import TRAINING_PAGES
from nnplay.ui import headers
from nnplay.ui.served.draining import Draining
from nnplay.ui.streamlit_internals import page_files, rehearsal, upload_token
from nnplay.ui.way_in import bundle, doorman, files, head, opening, operator_page, warm_up
from tests import ROOT

STATIC = ROOT / "static"
PAGE = b'<html><head><title>A page</title><link rel="icon" href="./a.png"></head><body></body></html>'


def ask(application: Any, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return the answer to a request: its status, headers and body."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    asyncio.run(application({"type": "http", "method": method, "path": path, "headers": raw}, None, send))
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], told, b"".join(message["body"] for message in sent[1:])


def streamlit_answers(body: bytes = b"Streamlit's", kind: str = "text/html", asked: list[Any] | None = None) -> Any:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        if asked is not None:
            asked.append(dict(scope["headers"]))
        headers = [(b"content-type", kind.encode()), (b"etag", b'"theirs"'), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body[:20], "more_body": True})
        await send({"type": "http.response.body", "body": body[20:]})

    return application


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what the browser is served, whose bundle was made of what is there."""
    static = tmp_path / "static"
    for path in bundle.sources():
        target = static / path.relative_to(STATIC)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    (static / "bundle").mkdir()
    (static / "bundle" / bundle.MADE_OF).write_text(bundle.digest(static) + "\n")
    return static


# -- the bundle --------------------------------------------------------------------------------------------------------


def test_the_bundle_in_the_repository_was_made_of_its_sources() -> None:
    stale = "static/bundle is stale: run `make bundle`, and commit what it made"
    if not bundle.is_fresh() and not shutil.which("npm"):
        pytest.skip(f"{stale}. It can't be made here, without npm; the app serves the modules one by one.")
    assert bundle.is_fresh(), stale
    assert {path.name for path in bundle.BUNDLE.iterdir()} == {
        "components.js",
        "components.css",
        "elsewhere.js",
        "film.js",
        "gif_worker.js",
        "replay.css",
        "replay.js",
        "shared.js",
        "worker.js",
        bundle.MADE_OF,
    }


@pytest.mark.parametrize("name", ["stage/stage.js", "stage/layout.css", "network/picture.js"])
def test_a_bundle_is_stale_when_a_source_was_changed(copy: Path, name: str) -> None:
    assert bundle.is_fresh(copy)
    before = (copy / name).read_text(encoding="utf-8")
    (copy / name).write_text(before + "\n", encoding="utf-8")
    assert not bundle.is_fresh(copy)
    (copy / name).write_text(before.replace("\n", "\r\n"), encoding="utf-8", newline="")
    assert bundle.is_fresh(copy)


def test_a_bundle_is_stale_when_a_source_came_or_went_or_it_is_not_there(copy: Path) -> None:
    (copy / "kit" / "new.js").touch()
    assert not bundle.is_fresh(copy)
    (copy / "kit" / "new.js").unlink()
    assert bundle.is_fresh(copy)
    (copy / "pad" / "pad.css").unlink()
    assert not bundle.is_fresh(copy)
    shutil.rmtree(copy / "bundle")
    assert not bundle.is_fresh(copy)


def test_all_modules_and_style_sheets_are_in_it() -> None:
    there = {path.relative_to(STATIC).as_posix() for path in bundle.sources()}
    of_replay_pages = {name for name in there if name.startswith(("replay/", "entry/replay."))}
    of_videos = ["take_away/film.js", "take_away/gif_worker.js"]
    assert set(bundle.with_imports([bundle.COMPONENTS, bundle.WORKER, *of_videos])) == {
        name for name in there - of_replay_pages if name.endswith(".js")
    }
    styles = [name for name in there - of_replay_pages if name.endswith(".css") and name != bundle.STYLES]
    assert sorted(bundle.sheets()) == sorted(styles)


def test_a_replay_page_s_own_modules_are_all_in_its_bundle() -> None:
    own = {path.relative_to(STATIC).as_posix() for path in (STATIC / "replay").glob("*.js")}
    assert own - set(bundle.with_imports(["entry/replay.js"])) == {"replay/loader.js"}  # which stands there as it is


def test_the_server_s_components_are_parts_of_it() -> None:
    parts = set(re.findall(r"^export const (\w+)", (STATIC / bundle.COMPONENTS).read_text(), re.MULTILINE))
    declared = [
        part
        for path in (ROOT / "nnplay" / "ui").rglob("*.py")
        for part in re.findall(r'component\.declare\([^)]*?, "[^"]+", "([^"]+)"', path.read_text(encoding="utf-8"))
    ]
    assert len(declared) >= 5
    assert parts == {*declared, "preparePage"}


# -- the head ----------------------------------------------------------------------------------------------------------


def fetched(path: str) -> list[str]:
    return re.findall(r'href="\./([^"]+)"', head.links(path))


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bundle count as fresh: one test alone is about whether it is."""
    monkeypatch.setattr(bundle, "is_fresh", lambda: True)


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("path", ["/", *(f"/{page}" for page in TRAINING_PAGES)])
def test_a_page_with_a_stage_says_all_that_it_needs(path: str) -> None:
    named = fetched(path)
    assert named[0] == f"app/static/{bundle.folder()}/components.js"
    parts = ["shared.js"] if path in ("/", "/playground") else ["shared.js", "elsewhere.js"]
    assert named[1 : len(parts) + 2] == [f"app/static/{bundle.folder()}/{name}" for name in (*parts, "components.css")]
    assert len([name for name in named if name.startswith("app/")]) < 12
    assert [name for name in named if not files.find(f"/{name}")] == []
    assert any("/BidiComponent." in name for name in named)
    assert len(named) == len(set(named))


@pytest.mark.parametrize(
    ("path", "page"), [("/", "playground"), ("/lab", "playground"), ("/tabular", "tabular"), ("/compare", "")]
)
def test_a_page_begins_before_the_server_says_what_is_on_it(path: str, page: str) -> None:
    script = head.links(path).partition("<script")[2]
    assert f'preparePage("{page}")' in script
    assert json.dumps(f"./{page_files.files_of_elements()[0]}") in script


@pytest.mark.usefixtures("fresh")
def test_a_page_without_a_stage_says_only_what_it_would_begin_with() -> None:
    assert fetched("/articles") == [f"app/static/{bundle.folder()}/components.js"]


def test_a_stale_bundle_is_not_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "is_fresh", lambda: False)
    named = fetched("/")
    ours = [name for name in named if name.startswith("app/")]
    assert ours[0] == f"app/static/{bundle.COMPONENTS}"
    assert {"app/static/stage/stage.js", "app/static/stage/layout.css"} <= set(ours)
    assert [name for name in named if not files.find(f"/{name}")] == []


def test_the_head_is_written_into_a_page_and_nothing_else() -> None:
    status, told, body = ask(head.Head(streamlit_answers(PAGE)), "/")
    assert status == 200
    expected = PAGE.replace(b"<link", head.FIRST.encode() + b"<link")
    assert body == expected.replace(b"</head>", head.links("/", all_controls=False).encode() + b"</head>")
    assert int(told["content-length"]) == len(body)
    assert "etag" not in told
    for path, kind in (("/", "text/plain"), ("/file.html", "text/html"), ("/_stcore/health", "text/html")):
        assert ask(head.Head(streamlit_answers(PAGE, kind)), path)[2] == PAGE


def test_a_page_travels_compressed_and_is_never_an_old_one() -> None:
    asked: list[Any] = []
    answer = ask(head.Head(streamlit_answers(PAGE, asked=asked)), "/digits", accept_encoding="gzip", if_none_match="x")
    assert answer[1]["content-encoding"] == "gzip"
    assert gzip.decompress(answer[2]).startswith(b"<html><head><title>A page</title><script>")
    assert asked == [{}]


# -- the files ---------------------------------------------------------------------------------------------------------


def get(path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    return ask(files.Files(streamlit_answers()), path, **headers)


def test_a_file_travels_compressed_and_is_asked_for_once() -> None:
    status, told, body = get(f"/app/static/{bundle.folder()}/components.js", accept_encoding="br, gzip")
    assert (status, told["content-encoding"]) == (200, "gzip")
    assert told["content-type"].startswith("text/javascript")
    assert "immutable" in told["cache-control"]
    assert int(told["content-length"]) == len(body)
    assert gzip.decompress(body) == (bundle.BUNDLE / "components.js").read_bytes()


@pytest.mark.usefixtures("fresh")
def test_the_playground_begins_with_a_small_part_of_the_modules() -> None:
    modules = [path for path in head.entry_files()[0] if path.startswith("bundle-")]
    assert len(modules) == 2
    assert sum(len(get(f"/app/static/{path}", accept_encoding="gzip")[2]) for path in modules) < 140_000


def test_a_file_without_a_name_of_its_own_is_asked_for_again_and_sent_once() -> None:
    status, told, body = get("/app/static/kit/dom.js")
    assert (status, told["cache-control"]) == (200, "no-cache")
    assert body == (STATIC / "kit/dom.js").read_bytes()
    assert ask(files.Files(streamlit_answers()), "/app/static/kit/dom.js", "HEAD")[2] == b""
    status, again, body = get("/app/static/kit/dom.js", if_none_match=told["etag"])
    assert (status, body, again["etag"]) == (304, b"", told["etag"])
    assert get("/app/static/kit/dom.js", if_none_match='"another"')[0] == 200


def test_a_file_that_was_changed_is_read_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bundle, "STATIC", tmp_path)
    (tmp_path / "a.js").write_text("before")
    first = get("/app/static/a.js")
    (tmp_path / "a.js").write_text("afterwards")
    second = get("/app/static/a.js", if_none_match=first[1]["etag"])
    assert (first[2], second[0], second[2]) == (b"before", 200, b"afterwards")


def test_streamlits_own_files_are_given_as_they_are() -> None:
    script = page_files.files_of_elements()[0]
    status, told, body = get(f"/{script}", accept_encoding="gzip")
    assert (status, gzip.decompress(body)) == (200, (page_files.FOLDER / script).read_bytes())
    assert "immutable" in told["cache-control"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/digits",
        "/static",
        "/static/js/none.js",
        "/static/js/../../../LICENSE",
        "/static//js",
        "/static/..",
        "/app/static/",
        "/app/static/../app.py",
        "/app/static/kit/..\\..\\app.py",
        "/app/static//etc/passwd",
        "/app/static/bundle-0123456789ab/components.js",
        "/app/static/kit",
        "/app/static/\0",
        "/other/app/static/kit/dom.js",
    ],
)
def test_anything_else_is_streamlits_to_answer(path: str) -> None:
    assert files.find(path) is None
    assert get(path)[2] == b"Streamlit's"


def test_a_part_of_a_file_is_streamlits_to_answer() -> None:
    assert get("/app/static/kit/dom.js", range="bytes=0-9")[2] == b"Streamlit's"


def test_files_are_found_where_the_app_is_below_a_folder() -> None:
    before = st.get_option("server.baseUrlPath")
    st._config.set_option("server.baseUrlPath", "/lab/nn/")
    try:
        assert files.find("/lab/nn/app/static/kit/dom.js")
        assert files.find("/lab/nn/static/js/none.js") is None
    finally:
        st._config.set_option("server.baseUrlPath", before)


# -- before the first visitor ------------------------------------------------------------------------------------------


async def through_a_server_s_life(until: Callable[[], bool]) -> None:
    async with warm_up.lifespan(None):
        for _ in range(500):
            if until():
                return
            await asyncio.sleep(0.01)


@pytest.mark.usefixtures("fresh")
def test_a_server_has_the_files_of_a_visit_before_the_first_one_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    async def visit() -> list[str]:
        monkeypatch.setattr(files.Files, "kept", {})
        return []

    monkeypatch.setattr(rehearsal, "visit", visit)
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(True))
    frozen: list[bool] = []
    asyncio.run(through_a_server_s_life(lambda: bool(frozen)))
    kept = {path.name for path in files.Files.kept}
    assert {"components.js", "components.css"} < kept
    assert {Path(name).name for name in page_files.files_of_elements()} < kept
    assert any(name.startswith("index.") and name.endswith(".js") for name in kept)


def test_a_server_whose_page_fails_serves_all_the_same(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def visit() -> list[str]:
        raise RuntimeError("no page")

    monkeypatch.setattr(rehearsal, "visit", visit)
    asyncio.run(through_a_server_s_life(lambda: bool(caplog.messages)))
    assert caplog.messages == ["The front page could not be run before the first visitor came."]


def test_the_app_s_server_does_all_of_it() -> None:
    parts = [headers.SecurityHeaders, Draining, operator_page.OperatorPage, doorman.Doorman]
    parts += [upload_token.UploadToken, files.Files, head.Head]
    assert [middleware.cls for middleware in headers.MIDDLEWARE] == parts
    app = runpy.run_path(str(ROOT / "app.py"), run_name="app")["app"]
    assert app._user_lifespan is warm_up.lifespan


# --- the browser of whoever started it --------------------------------------------------------------------------------


class AtOnce:
    """Takes the place of a thread, and runs what it is to run at once."""

    def __init__(self, target: Callable[..., None], args: tuple[str, ...], daemon: bool) -> None:
        self._run = lambda: target(*args)
        assert daemon

    def start(self) -> None:
        self._run()


def test_the_browser_is_opened_once_when_the_server_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    opened: list[str] = []

    def urlopen(address: str, timeout: float) -> io.BytesIO:
        asked.append(address)
        if len(asked) < 3:
            raise ConnectionRefusedError
        return io.BytesIO(b"ok")

    monkeypatch.setattr(opening, "threading", SimpleNamespace(Thread=AtOnce))
    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr(opening, "_PAUSE_SECONDS", 0.0)
    monkeypatch.setenv("DISPLAY", ":0")
    opening.begin()
    assert opened == []  # nobody asked
    monkeypatch.setenv(opening.VARIABLE, "http://localhost:8501")
    opening.begin()
    opening.begin()
    assert asked == ["http://localhost:8501/_stcore/health"] * 3
    assert opened == ["http://localhost:8501"]


def test_without_a_screen_no_browser_takes_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not opening.has_screen()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert opening.has_screen()
