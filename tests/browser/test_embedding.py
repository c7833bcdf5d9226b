"""In a frame on another site's page, whose cookies and storage the browser refuses, and on a server that is full."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect

from tests import ROOT
from tests.browser.conftest import is_complaint, start_server
from tests.browser.stage import Stage

#: Keeps in the page around what the stage in the frame says; Streamlit says things of its own.
LISTEN = """window.heard = [];
addEventListener('message', ({ data }) => data?.type?.startsWith?.('nnplay:') && window.heard.push(data));"""
#: Whether the browser keeps cookies and storage from the frame; a cookie for this frame in this page alone it may keep.
IS_KEPT_APART = """() => {
  document.cookie = 'third=1; SameSite=None; Secure; Path=/';
  try { localStorage.length; return false; } catch { return !document.cookie.includes('third'); }
}"""


@pytest.fixture(scope="module")
def other_site() -> Iterator[str]:
    """The example page of docs/embedding.md at another site: to browsers, localhost and 127.0.0.1 are two."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=ROOT / "docs")) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://localhost:{site.server_port}/embedding.html"
        site.shutdown()


@pytest.fixture
def around(browser: Browser) -> Iterator[Page]:
    """A page to frame the app in, which fails the test if anything in it or the frame complains."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    complaints: list[str] = []

    def note_message(message: ConsoleMessage) -> None:
        if is_complaint(message) and "favicon" not in message.location["url"]:
            complaints.append(message.text)

    def note_answer(response: Response) -> None:
        if response.status >= 400 and "/upload_file/" in response.url:
            complaints.append(f"{response.status} {response.url}")

    page.on("console", note_message)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("response", note_answer)
    page.add_init_script(LISTEN)
    yield page
    page.context.close()
    assert complaints == []


def test_a_frame_without_cookies_plays_obeys_its_page_and_takes_files(
    around: Page, other_site: str, server: str
) -> None:
    source = f"{server}/?dataset=moons&n_samples=100&hidden_sizes=3&embed=true"
    around.goto(f"{other_site}?{urlencode({'src': source})}")
    app, said = around.frame_locator("#nnplay"), around.locator("#state")
    stage = app.get_by_test_id("stage")
    expect(stage).to_have_attribute("data-ready", "true")
    inside = next(frame for frame in around.frames if frame.url.startswith(server))
    assert inside.evaluate(IS_KEPT_APART)

    expect(said).to_contain_text("Epoch 0, loss 0.")
    around.evaluate(
        "document.getElementById('nnplay').contentWindow.postMessage({ type: 'nnplay:go_to', epoch: 12 }, '*')"
    )
    expect(stage).to_have_attribute("data-epoch", "12")
    expect(stage).to_have_attribute("data-playing", "false")
    expect(said).to_contain_text("Epoch 12, loss 0.")
    around.get_by_role("button", name="Play", exact=True).click()
    around.wait_for_function("window.heard.at(-1).playing && window.heard.at(-1).epoch > 12")
    for nonsense in ("null", "'nnplay:pause'", "{ type: 'pause' }", "{ type: 'nnplay:go_to', epoch: 'x' }", "[[]]"):
        around.evaluate(f"document.getElementById('nnplay').contentWindow.postMessage({nonsense}, '*')")
    inside.evaluate("window.postMessage({ type: 'nnplay:pause' }, '*')")  # not from the page around
    around.wait_for_function("window.heard.at(-1).epoch > 30")
    around.get_by_role("button", name="Pause", exact=True).click()
    around.wait_for_function("!window.heard.at(-1).playing")
    last = around.evaluate("window.heard.at(-1)")
    assert (last["epoch"], last["train_loss"]) == (
        int(stage.get_attribute("data-epoch") or ""),
        float(stage.get_attribute("data-train-loss") or ""),
    )
    assert around.evaluate("window.heard.map(({ type }) => type)")[:2] == ["nnplay:ready", "nnplay:state"]

    app.get_by_role("button", name="Open table").click()
    rows = "".join(f"{k % 7},{k * k % 11},{'cat' if k % 2 else 'dog'}\n" for k in range(60))
    upload = {"name": "pets.csv", "mimeType": "text/csv", "buffer": f"length,weight,kind\n{rows}".encode()}
    app.locator("input[type=file]").set_input_files([upload])  # type: ignore[arg-type]
    app.get_by_role("button", name="Use these data").click()
    expect(app.get_by_test_id("panel-boundary").get_by_text("cat", exact=True)).to_be_visible()


#: Buttons of the stage with something over their upper edge.
COVERED = """root => [...root.querySelectorAll('.nn-buttons button')].filter(button => {
  const { left, top, width } = button.getBoundingClientRect();
  return width > 0 && !button.contains(document.elementFromPoint(left + width / 2, top + 3));
}).map(button => button.ariaLabel)"""


def test_in_a_frame_nothing_lies_over_the_stage(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage("?embed=true", viewport={"width": 1280, "height": 640})
    for width in (1280, 700, 390):
        stage.page.set_viewport_size({"width": width, "height": 640})
        stage.page.wait_for_function(f"document.querySelector('.nnplay-stage').offsetWidth < {width}")
        play = stage.root.get_by_role("button", name="Play", exact=True)
        expect(play).to_be_in_viewport()
        play.hover()
        assert stage.root.evaluate(COVERED) == []


def test_a_frame_that_is_kept_apart_from_its_own_server_says_so(around: Page, other_site: str, server: str) -> None:
    around.goto(f"{other_site}?src=about:blank")
    around.evaluate(
        """source => {
          const frame = document.getElementById('nnplay');
          frame.sandbox.add('allow-scripts');
          frame.src = source;
        }""",
        f"{server}/?dataset=moons&embed=true",
    )
    link = around.frame_locator("#nnplay").get_by_role("link", name="Open it in a tab of its own")
    expect(link).to_have_attribute("href", f"{server}/?dataset=moons")


def test_a_server_that_is_full_or_gives_no_more_says_so_and_lets_the_next_in_when_one_has_left(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNPLAY_LIMIT_SESSIONS", "1")
    monkeypatch.setenv("NNPLAY_LIMIT_VISITOR_CPU_PERCENT", "1")
    process, address = start_server(tmp_path / "log")
    first, second = browser.new_page(), browser.new_page()
    try:
        first.goto(address)
        expect(first.get_by_test_id("stage")).to_have_attribute("data-ready", "true")
        answer = second.goto(f"{address}/?dataset=spiral")
        assert answer
        assert answer.status == 503
        expect(second.get_by_role("status")).to_contain_text("as many visitors as it can serve well (1).")
        first.get_by_role("button", name="Play", exact=True).click()
        expect(first.get_by_test_id("waiting")).to_contain_text("This server gives each visitor 1 % of a core.")
        first.reload()
        expect(first.get_by_test_id("stage")).to_have_attribute("data-ready", "true")
        first.context.close()
        stage = second.get_by_test_id("stage")
        with second.expect_response(lambda response: response.url == f"{address}/?dataset=spiral" and response.ok):
            second.wait_for_timeout(500)
            second.get_by_role("link", name="Try again").click()
        expect(stage).to_have_attribute("data-ready", "true")
    finally:
        second.context.close()
        process.terminate()
        process.wait(10)
    assert "Traceback" not in (tmp_path / "log").read_text()
