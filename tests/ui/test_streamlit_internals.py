"""What nnplay uses of Streamlit's internals is still there, and is used in one place each.

``.ci/run`` runs these tests once more with the newest Streamlit that ``requirements.txt`` allows.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import re
from collections.abc import Awaitable, Callable, Iterator
from functools import cache
from http.cookies import SimpleCookie
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit
from starlette.datastructures import Headers
from streamlit import config
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime, RuntimeConfig
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner_utils.exceptions import StopException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest
from streamlit.web.server.starlette import (
    starlette_app_utils,
    starlette_routes,
    starlette_server_config,
    starlette_websocket,
)

from nnplay.refusal import Refusal
from nnplay.ui.streamlit_internals import (
    color_scheme,
    early_connection,
    history_entries,
    page_files,
    rehearsal,
    script_run,
    server,
    upload_token,
    uploads,
    visit_names,
    visits,
)
from nnplay.ui.streamlit_internals.sending import wait as wait_until_sent
from nnplay.ui.way_in import bundle, head
from tests import ROOT
from tests.test_architecture import imports_of, module_name

ROOM = ROOT / "nnplay" / "ui" / "streamlit_internals"
STATIC = ROOT / "static"

#: Names in Streamlit's page: a class or test id of an element, an attribute.
_PAGE_NAME = re.compile(r"""\.(st[A-Z]\w*)|data-testid=\\?['"](st[A-Z]\w*)|\[(data-test-[\w-]+)\]""")
#: Who may use one, besides the room of Streamlit's internals, and what for.
MAY_NAME = {
    "stage/page/print.css": "on paper, the stage alone",
    "stage/commands/presenter.css": "on a projector, the stage alone",
    "stage/commands/presenter.js": "on a projector, the sidebar with the data a key away",
    "stage/commands/projector.css": "on a projector of full size, what opens is written as large as the rest",
    "share/share.css": "a component that shows nothing takes no room",
    "share/pages_list.js": "in a narrow window, the list of pages goes once one is chosen",
    "stage/controls/connection_notice.js": "whether the connection is cut",
}


class Browser:
    """A client of the server that listens to nothing."""

    client_context = None

    def write_forward_msg(self, msg: Any) -> None:
        pass


def with_server(course: Callable[[Runtime], Awaitable[None]]) -> None:
    """Run a course with a real server, without a port."""

    async def run() -> None:
        running = Runtime(
            RuntimeConfig(
                script_path=str(ROOT / "app.py"),
                media_file_storage=MemoryMediaFileStorage("/media"),
                uploaded_file_manager=MemoryUploadedFileManager("/upload"),
            )
        )
        try:
            await running.start()
            await course(running)
        finally:
            running.stop()
            await running.stopped
            Runtime._instance = None

    asyncio.run(run())


def test_a_visit_whose_connection_was_lost_is_known_and_can_be_closed() -> None:
    async def course(running: Runtime) -> None:
        gone, there = (running.connect_session(Browser(), {}) for _ in "12")
        assert server.running() is running
        assert visits.disconnected() == set()
        running.disconnect_session(gone)
        assert (visits.disconnected(), visits.connected()) == ({gone}, 1)
        rehearsal.under_way.add(there)
        assert visits.connected() == 0  # nobody is there
        rehearsal.under_way.clear()
        visits.close(gone)
        visits.close(there)  # which is connected, so it stays
        await asyncio.sleep(0.1)
        assert visits.disconnected() == set()
        assert running.is_active_session(there)

    with_server(course)


def test_a_visits_name_says_which_server_it_is_on_where_there_are_several() -> None:
    async def course(running: Runtime) -> None:
        visit_names.begin("2")
        first = running.connect_session(Browser(), {})
        assert re.fullmatch(r"s2-[0-9a-f-]{36}", first)
        assert f"/{first}/" in running.uploaded_file_mgr.get_upload_urls(first, ["a.csv"])[0].upload_url
        running.disconnect_session(first)
        assert running.connect_session(Browser(), {}, existing_session_id=first) == first
        of_another = running.connect_session(Browser(), {}, existing_session_id="s1-0f")
        assert of_another.startswith("s2-")
        assert of_another != first
        await asyncio.sleep(0)

    with_server(course)


def test_a_server_alone_names_its_visits_as_streamlit_does_and_a_bad_number_is_refused() -> None:
    async def course(running: Runtime) -> None:
        visit_names.begin(None)
        assert re.fullmatch(r"[0-9a-f-]{36}", running.connect_session(Browser(), {}))
        for number in ("0", "100", "two", "-1", "²"):
            with pytest.raises(Refusal, match="NNPLAY_SERVER must be a whole number from 1 to 99"):
                visit_names.begin(number)

    with_server(course)


def test_a_run_can_wait_until_what_it_said_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = []

    class Listener(Browser):
        def write_forward_msg(self, msg: Any) -> None:
            heard.append(msg)

    async def course(running: Runtime) -> None:
        visit = running.connect_session(Listener(), {})
        monkeypatch.setattr(script_run, "visit", lambda: visit)
        session = running._session_mgr.get_active_session_info(visit).session
        said = ForwardMsg()
        said.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY

        def page() -> bool:
            running._get_async_objs().eventloop.call_soon_threadsafe(session._enqueue_forward_msg, said)
            wait_until_sent()
            return any(each.WhichOneof("type") == "script_finished" for each in heard)

        assert await asyncio.to_thread(page)
        running.disconnect_session(visit)
        await asyncio.to_thread(wait_until_sent)  # nobody is there to send it to

    with_server(course)


def test_a_page_can_be_run_without_a_visitor_and_leaves_no_visit_behind() -> None:
    async def course(running: Runtime) -> None:
        heard = await rehearsal.visit()
        assert heard.count("script_finished") == 1
        assert heard.count("delta") > 20
        assert running._session_mgr.list_sessions() == []
        assert rehearsal.under_way == set()

    with_server(course)


def test_a_visit_has_few_uploads_and_they_can_be_let_go_of(monkeypatch: pytest.MonkeyPatch) -> None:
    async def course(running: Runtime) -> None:
        uploads.keep_few()
        manager: Any = running.uploaded_file_mgr
        for k in range(20):
            manager.add_file("visit", UploadedFileRec(str(k), "a.csv", "text/csv", bytes(1000)))
        manager.add_file("other", UploadedFileRec("x", "a.csv", "text/csv", b""))
        assert list(manager.file_storage["visit"]) == ["18", "19"]
        assert list(manager.file_storage["other"]) == ["x"]
        monkeypatch.setattr(script_run, "visit", lambda: "visit")
        uploads.forget()
        assert "visit" not in manager.file_storage

    with_server(course)


@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "cross-site", "host": "a.example", "origin": "https://a.example"}, False),
        ({"host": "a.example:8501", "origin": "http://a.example:8501"}, True),
        ({"host": "a.example", "origin": "https://b.example"}, False),
        ({"host": "a.example", "origin": "null"}, False),
        ({"host": "a.example"}, False),
        ({}, False),
    ],
)
def test_an_upload_from_the_app_s_own_page_needs_no_cookie(headers: dict[str, str], is_ours: bool) -> None:
    seen: list[Any] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.append(Headers(scope=scope))

    told = [(name.encode(), value.encode()) for name, value in headers.items()]
    told += [(b"cookie", b"_streamlit_xsrf=1"), (b"x-xsrftoken", b"2")]
    scope = {"type": "http", "method": "PUT", "path": "/below/_stcore/upload_file/a/b", "headers": told}
    asyncio.run(upload_token.UploadToken(application)(scope, None, None))
    cookie = SimpleCookie(seen[0]["cookie"])[starlette_server_config.XSRF_COOKIE_NAME].value
    assert starlette_app_utils.validate_xsrf_token(seen[0]["x-xsrftoken"], cookie) == is_ours
    route = starlette_routes._ROUTE_UPLOAD_FILE
    assert f"/{route}".startswith(server.UPLOADS)
    assert f"/{starlette_websocket._ROUTE_WEBSOCKET_STREAM}" == server.STREAM


def test_a_run_tells_its_visit_and_whether_back_led_to_it() -> None:
    def page() -> None:
        import streamlit as st

        from nnplay.ui.streamlit_internals import script_run

        st.session_state["told"] = script_run.visit(), script_run.by_history()
        from streamlit.runtime.scriptrunner import get_script_run_ctx

        context = get_script_run_ctx()
        assert context is not None
        context.is_history_navigation = True  # a dataclass without slots would take any name, hence the next test
        script_run.begin()
        st.session_state["back"] = script_run.by_history()

    app = AppTest.from_function(page).run()
    assert not app.exception
    visit, by_history = app.session_state["told"]
    assert isinstance(visit, str)
    assert by_history is False
    assert app.session_state["back"] is True


def test_streamlit_itself_says_whether_back_led_to_a_run() -> None:
    from dataclasses import fields

    from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

    assert "is_history_navigation" in {field.name for field in fields(ScriptRunContext)}


def test_outside_of_a_server_and_a_run_there_is_nothing() -> None:
    assert server.running() is None
    uploads.keep_few()
    uploads.forget()


def test_streamlit_tells_its_metrics_and_its_health_where_they_are_looked_for() -> None:
    from streamlit.web.server.starlette import starlette_routes

    assert f"/{starlette_routes.ROUTE_METRICS}" == server.METRICS
    assert f"/{starlette_routes.ROUTE_HEALTH}" == server.HEALTH


def test_settings_that_no_page_of_streamlit_tells_are_still_there() -> None:
    assert "runner.postScriptGC" in config.get_config_options()


# --- in the browser -----------------------------------------------------------------------------------------


@cache
def shipped() -> str:
    """Return all JavaScript that Streamlit sends to browsers."""
    folder = Path(streamlit.__file__).parent / "static"
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.js")))


def page_names(text: str) -> set[str]:
    return {next(filter(None, found)) for found in _PAGE_NAME.findall(text)}


def sources() -> Iterator[Path]:
    yield from (path for path in (ROOT / "nnplay").rglob("*.py") if ROOM not in path.parents)
    yield from bundle.sources()


def used_names() -> set[str]:
    texts = [*ROOM.glob("*.py"), *(STATIC / name for name in MAY_NAME)]
    return {name for path in texts for name in page_names(path.read_text(encoding="utf-8"))}


def test_names_are_found() -> None:
    text = """.stMain > [data-testid="stSidebar"], [data-testid='stDialog'] [data-test-x-y] .stapler .nn-stage"""
    assert page_names(text) == {"stMain", "stSidebar", "stDialog", "data-test-x-y"}
    assert len(used_names()) > 20


def test_names_in_streamlits_page_are_still_used_there() -> None:
    there = set(re.findall(r"""(?<=["'`\s])(?:st[A-Z]\w*|data-test-[\w-]+|aria-valuetext)(?=["'`\s])""", shipped()))
    assert (used_names() | {"aria-valuetext"}) - there == set()


def test_streamlit_still_writes_the_browsers_history_by_the_function_that_is_replaced() -> None:
    assert "history.pushState" in history_entries.HEAD
    assert "history.pushState(" in shipped()


def test_streamlit_still_asks_the_browser_whether_it_is_dark() -> None:
    asked = 'const QUERY = "(prefers-color-scheme: dark)"'
    assert asked in color_scheme.SCRIPT
    assert asked in head.links("/articles")
    assert "window.matchMedia(`(prefers-color-scheme: dark)`)" in shipped()


def test_streamlit_still_lists_the_files_of_each_element() -> None:
    found = page_files.files_of_elements()
    assert [name for name in found if not (page_files.FOLDER / name).is_file()] == []
    for element in page_files.ELEMENTS:
        assert any(f"/{element.rpartition('/')[2]}." in name for name in found), element
    page = (page_files.FOLDER / "index.html").read_text(encoding="utf-8")
    assert page.index("<link") < page.index("<script") < page.index("</head>")
    assert [name for name in found if name in page] == []


def test_streamlit_still_asks_for_its_health_and_connects_as_the_head_does_before() -> None:
    for name in ("health", "host-config", "stream"):
        assert name in early_connection.HEAD
        assert f"`_stcore/{name}`" in shipped()
    for name in ("_streamlit_xsrf", "PLACEHOLDER_AUTH_TOKEN"):
        assert name in early_connection.HEAD
        assert name in shipped()
    assert "new WebSocket(" in shipped()


def test_no_other_file_names_a_part_of_streamlits_page() -> None:
    named = {path: page_names(path.read_text(encoding="utf-8")) for path in sources()}
    found = {path.relative_to(ROOT).as_posix() for path, names in named.items() if names}
    assert found == {f"static/{name}" for name in MAY_NAME}


def test_no_other_file_imports_from_within_streamlit() -> None:
    files = [path for path in (*sources(), *(ROOT / "pages").glob("*.py"), ROOT / "app.py") if path.suffix == ".py"]
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in files
        for name in imports_of(path.read_text(encoding="utf-8"), module_name(path), path.name == "__init__.py")
        if name.startswith("streamlit.")
    }
    assert found == set()


def test_each_module_says_why() -> None:
    for path in ROOM.glob("*.py"):
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        assert said
        assert path.name == "__init__.py" or len(said.split()) > 15, path.name


@pytest.fixture
def run_of_page(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Return what Streamlit knows of a run of a page, with its real queue of requests."""
    files = {"the other page": "pages/digits.py", "this page": "pages/playground.py"}
    pages = {name: {"script_path": str(ROOT / file), "page_script_hash": name} for name, file in files.items()}
    context = SimpleNamespace(
        script_requests=ScriptRequests(),
        page_script_hash="this page",
        query_string="embed=true&dataset=circles",
        cached_message_hashes=frozenset(),
        context_info=None,
        pages_manager=SimpleNamespace(get_pages=lambda: pages),
        fragment_storage=MemoryFragmentStorage(),
        fragment_ids_this_run=None,
    )
    context.fragment_storage.register("stage", lambda: None)
    monkeypatch.setattr(script_run, "get_script_run_ctx", lambda: context)
    return context


GO_ON = {
    "once more": (script_run.rerun, ("this page", "embed=true&dataset=circles")),
    "to another page": (
        lambda: script_run.go_to(ROOT / "pages" / "digits.py", {"dataset": "digits"}),
        ("the other page", "embed=true&dataset=digits"),
    ),
}


@pytest.mark.parametrize("way", GO_ON)
@pytest.mark.parametrize("asked_for", ["the other page", "this page", None])
def test_a_page_that_goes_on_gives_way_to_what_the_visitor_asked_for(
    asked_for: str | None, way: str, run_of_page: SimpleNamespace
) -> None:
    requests = run_of_page.script_requests
    go_on, unasked = GO_ON[way]
    if asked_for:
        back = RerunData(query_string="dataset=moons", page_script_hash=asked_for, is_history_navigation=True)
        requests.request_rerun(back)
    with contextlib.suppress(StopException):
        go_on()
    waiting = requests._rerun_data
    expected = (asked_for, "dataset=moons") if asked_for else unasked
    assert (waiting.page_script_hash, waiting.query_string) == expected
    assert waiting.is_history_navigation is bool(asked_for)


def test_a_part_of_the_page_that_waits_does_not_keep_the_page_from_running_once_more(
    run_of_page: SimpleNamespace,
) -> None:
    requests = run_of_page.script_requests
    requests.request_rerun(RerunData(page_script_hash="this page", fragment_id="bar"))
    with contextlib.suppress(StopException):
        script_run.rerun()
    assert requests._rerun_data.fragment_id_queue == []


def test_no_part_of_a_page_that_is_left_is_run_any_more(
    run_of_page: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamlit.session_state", {})
    run_of_page.is_history_navigation = False
    parts = run_of_page.fragment_storage
    script_run.begin()
    parts.register("stage", lambda: None)
    script_run.begin()
    assert parts.contains("stage")  # the same page once more
    with contextlib.suppress(StopException):
        script_run.rerun()
    assert parts.contains("stage")
    run_of_page.page_script_hash = "the other page"
    script_run.begin()
    assert not parts.contains("stage")
    parts.register("stage", lambda: None)
    run_of_page.script_requests = ScriptRequests()
    with contextlib.suppress(StopException):
        script_run.go_to(ROOT / "pages" / "digits.py", {})
    assert not parts.contains("stage")
    # Streamlit drops what a part asks for that it doesn't know.
    assert "not self.has_fragment(fragment_id)" in inspect.getsource(AppSession.request_rerun)


def test_a_run_knows_whether_it_is_of_a_part(run_of_page: SimpleNamespace) -> None:
    assert not script_run.is_of_a_part()
    run_of_page.fragment_ids_this_run = ["stage"]
    assert script_run.is_of_a_part()


def test_a_run_that_back_led_to_is_known_until_the_page_has_followed(
    run_of_page: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    session: dict[str, Any] = {}
    monkeypatch.setattr("streamlit.session_state", session)

    def begin(query: str, by_history: bool) -> script_run.Address:
        run_of_page.query_string, run_of_page.is_history_navigation = query, by_history
        return script_run.begin()

    assert begin("dataset=moons", False) == script_run.Address("dataset=moons", 0)
    assert not script_run.by_history()
    assert begin("dataset=circles", True) == script_run.Address("dataset=circles", 1)
    assert script_run.by_history()
    assert begin("dataset=circles", False).times == 1
    assert script_run.by_history(), "the run before was cut off"
    script_run.have_followed()
    assert not script_run.by_history()
    assert begin("dataset=moons", True).times == 2
    assert begin("dataset=spiral", False).times == 2
    assert not script_run.by_history(), "the visitor is elsewhere by now"
