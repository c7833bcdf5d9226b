"""A visit: what it loads of ours, and what the first picture waits for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from nnplay.ui.way_in import bundle
from tests.browser.stage import Stage

#: Where the canvases lie that Plotly draws its axes around.
PLACES = """() => [...document.querySelectorAll('[data-testid=stage] .nn-canvas')].map(({ width, height, style }) =>
  [width, height, style.left, style.top, style.width, style.height].join(' '))"""


@pytest.mark.parametrize("query", ["", "?dataset=hills", "?dataset=sine"])
def test_nothing_waits_for_plotly_and_nothing_moves_when_it_comes(
    open_page: Callable[..., Page], server: str, query: str
) -> None:
    held: list[Route] = []
    page = open_page("about:blank")
    page.route("**/plotly-basic.min.js", lambda route: held.append(route))
    page.goto(f"{server}/{query}")
    stage = Stage(page)
    expect(stage.root).to_have_attribute("data-ready", "true")
    stage.play_and_pause(3)
    stage.scrub_to(2)
    page.get_by_text("Test points").click()
    page.get_by_test_id("panel-loss").get_by_text("Log", exact=True).click()
    places = page.evaluate(PLACES)
    assert not page.locator(".js-plotly-plot").count()
    assert len(held) == 1
    held[0].continue_()
    expect(stage.root).to_have_attribute("data-charts", "true")
    assert page.evaluate(PLACES) == places
    expect(page.locator("[data-testid=panel-boundary] .xtick").first).to_be_attached()
    # What was chosen meanwhile is what Plotly draws.
    charts = "name => document.querySelector(`[data-testid=panel-${name}] .nn-chart`)"
    assert page.evaluate(f"({charts})('boundary').data.every(({{ visible }}) => visible)")
    assert page.evaluate(f"({charts})('loss').layout.yaxis.type") == "log"
    page.get_by_test_id("panel-loss").get_by_text("Log", exact=True).click()
    page.get_by_text("Test points").click()
    page.context.close()


def test_a_page_connects_before_streamlits_own_files_have_run_and_connects_once(
    open_page: Callable[..., Page], server: str
) -> None:
    page = open_page("about:blank")
    held: list[Route] = []
    asked: list[str] = []
    connected: list[str] = []
    page.route("**/static/js/react-dom.*.js", lambda route: held.append(route))
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.on("websocket", lambda socket: connected.append(socket.url))
    page.goto(server, wait_until="commit")
    page.wait_for_function("'nnplayConnects' in window")
    page.wait_for_function("performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/host-config'))")
    expected = [f"{server.replace('http', 'ws', 1)}/_stcore/stream"]
    assert connected == expected
    assert len(held) == 1
    held[0].continue_()
    Stage(page).wait_until_ready()
    assert connected == expected
    assert (asked.count("health"), asked.count("host-config")) == (1, 1)
    page.context.close()


@pytest.mark.parametrize(
    ("early", "n_connections"),
    [
        ("new Own(url.href.replace(/:[0-9]+/, ':1'), protocols)", 2),  # refused
        ("new Own(url.href + '-of-another', protocols)", 2),
        ("null.what", 1),
    ],
)
def test_streamlit_connects_by_itself_where_the_early_connection_fails_or_leads_elsewhere(
    browser: Browser, server: str, early: str, n_connections: int
) -> None:
    # A page of its own: Chromium logs an error for a connection that fails.
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.add_init_script(f"""(() => {{
      const Own = WebSocket;
      window.WebSocket = new Proxy(Own, {{ construct: (_, [url, protocols]) => {{
        if (url instanceof URL) return {early};
        return new Own(url, protocols);
      }} }});
    }})()""")
    connected: list[str] = []
    page.on("websocket", lambda socket: connected.append(socket.url))
    page.goto(server)
    stage = Stage(page)
    stage.wait_until_ready()
    stage.play_and_pause(3)
    assert len(connected) == n_connections
    assert connected[-1].endswith("/_stcore/stream")
    page.close()


@pytest.mark.skipif(not bundle.is_fresh(), reason="the bundle is stale: the browser gets the modules")
def test_a_visit_asks_for_few_of_our_files(open_page: Callable[..., Page], server: str) -> None:
    page = open_page("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server)
    Stage(page).wait_until_ready()
    ours = [address for address in asked if "/app/static/" in address]
    assert 3 <= len(ours) <= 12
    assert len(ours) == len(set(ours))
    page.context.close()
