"""Three servers behind nginx, as deploy/ starts them: a visit stays where it is, and goes on elsewhere without it."""

from __future__ import annotations

import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from websockets import Subprotocol
from websockets.sync.client import connect

from deploy.nginx import COOKIE
from deploy.serve import Fleet, free_ports
from nnplay.ui.headers import HEADERS
from tests.browser.stage import Stage
from tests.browser.test_recovery import QUERY, losses_of, shown
from tests.deploy.test_deploy import nginx_program


@pytest.fixture(scope="module")
def fleet(chromium_path: str) -> Iterator[tuple[Fleet, str]]:
    """Three servers and their nginx; and its address."""
    nginx_program()
    (port,) = free_ports(1)
    with tempfile.TemporaryDirectory(prefix="nnplay-") as directory:  # nginx couldn't enter pytest's own
        folder = Path(directory)
        with Fleet(folder, 3, f"127.0.0.1:{port}", workers="1") as fleet:
            yield fleet, f"http://127.0.0.1:{port}"
        said = "".join(log.read_text() for log in folder.glob("*.log"))
    assert "Traceback" not in said, said


def server_of(page: Page) -> int:
    """Return the number of the server that the page is connected to."""
    return int(next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == COOKIE))


def ask(address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of an answer."""
    request = urllib.request.Request(address, headers={name.replace("_", "-"): text for name, text in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, {name.lower(): text for name, text in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, {name.lower(): text for name, text in error.headers.items()}, b""


def test_an_upload_reaches_its_visit_without_a_cookie_and_what_nobody_is_told_stays_untold(
    fleet: tuple[Fleet, str], open_page: Callable[..., Page], tmp_path: Path
) -> None:
    servers, address = fleet
    table = tmp_path / "table.csv"
    table.write_text("\n".join(["a,b,y", *(f"{k},{k % 7},{k * 0.5}" for k in range(60))]))
    page = open_page(f"{address}/tabular?dataset=diabetes&hidden_sizes=4")
    stage = Stage(page)
    stage.wait_until_ready()
    number = server_of(page)
    page.context.clear_cookies(name=COOKIE)
    page.get_by_role("button", name="Open table").click()
    with page.expect_response(lambda response: "/_stcore/upload_file/" in response.url) as sent:
        page.locator("input[type=file]").set_input_files(table)
    assert f"/_stcore/upload_file/s{number}-" in sent.value.url
    assert sent.value.status == 204
    page.get_by_role("button", name="Use this table").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    stage.wait_for("+at.frame === 0")
    stage.play_and_pause(3)
    assert COOKIE not in [cookie["name"] for cookie in page.context.cookies()]

    assert ask(f"{address}/_stcore/metrics")[0] == 404
    assert ask(f"{address}/_stcore/health")[2] == b"ok"
    # Encrypted, the cookies work in a frame of another site, too.
    for_frames = {"Secure", "SameSite=None", "Partitioned"}
    told = ask(f"{address}/_stcore/health", X_Forwarded_Proto="https")[1]["set-cookie"]
    assert told.startswith("_streamlit_xsrf=")
    assert for_frames <= set(told.split("; "))
    stream = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
    protocols = [Subprotocol(name) for name in ("streamlit", "x", f"s{number}-gone")]
    with connect(stream, subprotocols=protocols, additional_headers={"X-Forwarded-Proto": "https"}) as line:
        told = line.response.headers["set-cookie"]
    assert told.startswith(f"{COOKIE}={number}; ")  # by the name of a visit, which needs no cookie
    assert for_frames <= set(told.split("; "))
    front = ask(address)
    assert {name: front[1].get(name.lower()) for name in HEADERS} == HEADERS
    bundle = next(part for part in front[2].decode().split('"') if part.endswith("/components.js"))
    for _ in range(2):  # from a server, then from what nginx has kept
        status, headers, body = ask(f"{address}/{bundle}", Accept_Encoding="br, gzip")
        assert (status, headers["content-encoding"], body[:2]) == (200, "gzip", b"\x1f\x8b")
        assert "immutable" in headers["cache-control"]
    # What is asked for each time is not sent each time.
    etag = ask(f"{address}/app/static/icon.png")[1]["etag"]
    assert ask(f"{address}/app/static/icon.png", If_None_Match=etag)[0] == 304
    assert len([path for path in (servers.folder / "files").rglob("*") if path.is_file()]) > 10


def test_a_run_goes_on_with_the_same_numbers_when_its_server_is_stopped_and_when_the_next_one_is_killed(
    fleet: tuple[Fleet, str], browser: Browser
) -> None:
    servers, address = fleet
    # A page of its own: Streamlit logs an error for what is asked while the connection is cut.
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(f"{address}/{QUERY}")
    stage = Stage(page)
    stage.wait_until_ready()
    stage.play_and_pause(10)
    changed_at = stage.epoch
    stage.nudge("Learning rate", "ArrowLeft", until="learning_rate=0.01")
    stage.play_until(changed_at + 10)
    first, run = server_of(page), stage.attribute("run")
    servers.drain(first)
    stage.wait_for(f"at.run !== '{run}' && +at.epoch > {changed_at + 40}")
    assert servers.wait_until_gone(first) <= 0  # by the signal, and not by the limit
    stage.press("Pause")
    expect(stage.root).to_have_attribute("data-playing", "false")
    rate = float(stage.attribute("learning-rate"))
    assert shown(stage) == losses_of((changed_at, {"learning_rate": rate}), epochs=stage.epoch)

    second, run, epoch = server_of(page), stage.attribute("run"), stage.epoch
    assert second != first
    servers.kill(second)
    stage.wait_for(f"at.run !== '{run}' && +at.epoch === {epoch}")
    expect(page.locator(".nn-alerts .nn-notice:not(.nn-waiting)")).to_contain_text(
        "The server was restarted. Your run went on from epoch"
    )
    stage.step_epoch()
    assert shown(stage) == losses_of((changed_at, {"learning_rate": rate}), epochs=epoch + 1)
    assert server_of(page) not in (first, second)
    page.close()
