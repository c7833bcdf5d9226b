"""A real server and a real browser: the app as a visitor has it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect, sync_playwright

from tests.browser.stage import Stage

ROOT = Path(__file__).resolve().parents[2]
#: How long a test waits for what must happen: no test is about speed, and other programs may hold the processor.
PATIENCE_SECONDS = 30
expect.set_options(timeout=1000 * PATIENCE_SECONDS)
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.fspath).is_relative_to(Path(__file__).parent):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path:
        return path
    message = "no Chromium: set $CHROMIUM or put chromium on the PATH"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def start_server(
    log: Path, root: Path = ROOT, script: str = "app.py", port: int | None = None
) -> tuple[subprocess.Popen, str]:
    """Start the app on a free port, or on that one; return its process and address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port or 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script]
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    with log.open("w") as out:
        process = subprocess.Popen(
            [*command, *options], cwd=root, env=environment, stdout=out, stderr=subprocess.STDOUT
        )
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
            return process, address
        except OSError:
            time.sleep(0.2)
    process.kill()
    raise RuntimeError(f"the server did not start: {log.read_text()}")


@pytest.fixture(scope="session")
def server_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the server says while it runs."""
    return tmp_path_factory.mktemp("server") / "log"


@pytest.fixture(scope="session")
def server(server_log: Path, chromium_path: str) -> Iterator[str]:
    process, address = start_server(server_log)
    yield address
    process.terminate()
    process.wait(10)
    assert "Traceback" not in server_log.read_text(), server_log.read_text()


def is_complaint(message: ConsoleMessage) -> bool:
    """Tell errors from Streamlit's own habit of asking below a deep link's path where its server is, in vain."""
    return message.type == "error" and "/_stcore/" not in message.location["url"]


class Tabs:
    """Tabs that are used again: a visit in one costs half of what a new browser context takes.

    Each is a visit of its own all the same, with a session of its own on the server and no memory of the last one, and
    two tabs never share a context. What a test changes for good (routes, scripts, the clock) it does in a tab that it
    closes by ``page.context.close()``.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.free: dict[str, list[Page]] = {}

    def take(self, options: dict[str, Any]) -> Page:
        free = self.free.setdefault(repr(options), [])
        page = free.pop() if free else self.browser.new_context(**options).new_page()
        page.set_default_timeout(1000 * PATIENCE_SECONDS)
        page.set_viewport_size(options["viewport"])
        page.emulate_media(color_scheme=options.get("color_scheme", "light"))
        page.mouse.move(0, 0)
        return page

    def give_back(self, options: dict[str, Any], page: Page) -> None:
        if page.is_closed():
            return
        try:
            page.evaluate("sessionStorage.clear(), localStorage.clear()")
            page.goto("about:blank")
            self.free[repr(options)].append(page)
        except Error:
            page.context.close()


@pytest.fixture(scope="session")
def tabs(browser: Browser) -> Tabs:
    return Tabs(browser)


@pytest.fixture
def open_page(tabs: Tabs) -> Iterator[Callable[..., Page]]:
    """Open an address in a session of its own; fail the test if that page logged an error.

    The visitor is one who wants all controls, unless it is a newcomer.
    """
    taken: list[tuple[dict[str, Any], Page]] = []
    complaints: list[str] = []

    def note_message(message: ConsoleMessage) -> None:
        if is_complaint(message):
            complaints.append(f"{message.text} {message.location['url']}")

    def note_error(error: Error) -> None:
        complaints.append(str(error))

    def open_(address: str, newcomer: bool = False, **options: Any) -> Page:
        options = {"viewport": {"width": 1366, "height": 768}, **options}
        page = tabs.take(options)
        page.context.clear_cookies()
        if not newcomer:
            page.context.add_cookies([{"name": "nnplay-controls", "value": "all", "domain": "127.0.0.1", "path": "/"}])
        taken.append((options, page))
        page.on("console", note_message)
        page.on("pageerror", note_error)
        page.goto(address)
        return page

    yield open_
    for options, page in taken:
        page.remove_listener("console", note_message)
        page.remove_listener("pageerror", note_error)
        tabs.give_back(options, page)
    assert complaints == []


@pytest.fixture
def open_stage(open_page: Callable[..., Page], server: str) -> Callable[..., Stage]:
    """Open the playground, with a query string, and wait until its stage is ready."""

    def open_(query: str = "", **options: Any) -> Stage:
        stage = Stage(open_page(f"{server}/{query}", **options))
        stage.wait_until_ready()
        return stage

    return open_
