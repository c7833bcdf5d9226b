"""Whether everybody can use it: axe-core on every page, light and dark; the keyboard; a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from nnplay.articles import ARTICLES
from nnplay.ui.shell import PAGES
from nnplay.ui.shell import Page as AppPage
from tests.browser.stage import PANELS, Scheme, Stage, show_in

OpenStage = Callable[..., Stage]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
#: Least side of what a thumb hits, in pixels.
THUMB = 44
NOTHING_WAITS = "[...document.querySelectorAll('[data-waiting=true]')].every((panel) => panel.offsetParent === null)"


def findings(page: Page, *schemes: Scheme) -> list[str]:
    """Return what axe-core finds serious or critical in each of `schemes`, a line each."""
    found = []
    for scheme in schemes:
        show_in(page, scheme)
        page.wait_for_function(
            "document.querySelector('[data-test-script-state]')?.dataset.testScriptState !== 'running'"
        )
        for _ in range(2):
            page.wait_for_timeout(500)  # what has just opened, or changed its colours, fades in
            page.wait_for_function(NOTHING_WAITS)  # panels whose numbers are on their way are pale
        result = Axe().run(page, options={"resultTypes": ["violations"]}).response
        found += [
            f"{scheme}: {violation['id']}: {node['target']} {node['html'][:120]}"
            for violation in result["violations"]
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]
    return found


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.file)
def test_axe_finds_nothing_serious_on_any_page(open_page: Callable[..., Page], server: str, entry: AppPage) -> None:
    path = "" if entry.default else entry.file.removesuffix(".py")
    page = open_page(f"{server}/{path}")
    if entry.default:
        Stage(page).wait_until_ready()
        page.get_by_test_id("stSidebarUserContent").get_by_text("More", exact=True).click()
    else:
        page.get_by_test_id("stMainBlockContainer").wait_for()
        page.wait_for_load_state("networkidle")
        if page.get_by_test_id("stage").count():
            Stage(page).wait_until_ready()
            # A panel is pale while its numbers are on their way.
            expect(page.get_by_test_id("panel-measures")).to_have_attribute("data-waiting", "false")
    assert findings(page, "light", "dark") == []


def test_axe_finds_nothing_serious_on_the_map_of_a_sweep(open_page: Callable[..., Page], server: str) -> None:
    page = open_page(f"{server}/compare?tab=sweep&dataset=moons&n_samples=60&sweep_seeds=2&sweep_epochs=20")
    sweep = page.get_by_test_id("sweep")
    sweep.get_by_role("button", name="Run", exact=True).click()
    expect(sweep.locator(".nn-sweep-words")).to_have_text("48 trainings done")
    sweep.locator("[data-cell='5']").click()
    sweep.get_by_role("button", name="Add to a race").click()
    page.get_by_text("Table", exact=True).click()
    assert findings(page, "light", "dark") == []


def test_axe_finds_nothing_serious_in_dialogs_and_presenter_mode(open_stage: OpenStage) -> None:
    stage = open_stage("?regularizer=l2")
    page = stage.page
    stage.play_and_pause(3)
    # Each look begins in the scheme that the last one ended in.
    for name, ready, schemes in (("Share", "Copy: Link", THERE), ("Take away", "Save the run at epoch", BACK)):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_role("dialog").get_by_role("button", name=ready)).to_be_visible()
        assert findings(page, *schemes) == []
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Present", exact=True).click()
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    assert findings(page, *THERE) == []
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    expect(page.get_by_role("heading", name="Help and keys")).to_be_in_viewport()  # it opens at its top
    assert findings(page, *BACK) == []


THERE: tuple[Scheme, ...] = ("light", "dark")
BACK: tuple[Scheme, ...] = ("dark", "light")
TABLE = "size;colour;price\n" + "\n".join(f"{k};{'red' if k % 3 else 'blue'};{k % 7},5" for k in range(40))


@pytest.mark.parametrize("path", ["", "tabular"])
def test_axe_finds_nothing_serious_where_a_table_is_opened(open_stage: OpenStage, path: str) -> None:
    page = open_stage(path).page
    page.get_by_role("button", name="Open table").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("tab", name="Paste")).to_be_visible()
    assert findings(page, *THERE) == []
    dialog.get_by_role("tab", name="Paste").click()
    text = dialog.get_by_label("Rows of a table")
    text.fill(TABLE)
    text.press("Control+Enter")
    expect(dialog.get_by_role("button", name=re.compile("^Use th"))).to_be_visible()
    assert findings(page, *BACK) == []


def test_axe_finds_nothing_serious_in_what_opens_on_the_stage(open_stage: OpenStage) -> None:
    stage = open_stage()
    page, network = stage.page, stage.page.get_by_test_id("panel-network")
    stage.play_and_pause(3)
    stage.press("Fork")
    stage.wait_for("at.branch === 'B'")
    network.get_by_role("button", name="Hidden layer 1, unit 2").click()
    assert findings(page, *THERE) == []
    network.get_by_role("button", name="Enlarge: Network").click()
    assert findings(page, *BACK) == []
    page.keyboard.press("Escape")
    page.get_by_test_id("panel-boundary").get_by_role("button", name="Draw").click()
    assert findings(page, *THERE) == []


@pytest.mark.parametrize("article", ARTICLES)
def test_axe_finds_nothing_serious_in_any_article(open_page: Callable[..., Page], server: str, article: str) -> None:
    page = open_page(f"{server}/articles?article={article}")
    page.get_by_text("Does it hold?").wait_for()
    page.wait_for_load_state("networkidle")
    assert findings(page, *THERE) == []


def test_the_whole_page_listens_to_the_keys_and_those_who_type_do_not_notice(open_stage: OpenStage) -> None:
    stage = open_stage()
    page, keys = stage.page, stage.page.keyboard
    keys.press("ArrowRight")
    stage.wait_for("+at.epoch === 1")
    keys.press("ArrowRight")
    stage.wait_for("+at.epoch === 2")
    keys.press("ArrowLeft")
    stage.wait_for("+at.frame === 1")
    keys.press("ArrowRight")
    stage.wait_for("+at.frame === 2")
    keys.press("3")
    expect(stage.root.get_by_role("combobox", name="Speed")).to_have_value("epoch:5")
    keys.press("Space")
    stage.wait_for("at.playing === 'true' && +at.epoch >= 12")
    keys.press("Space")
    stage.wait_for("at.playing === 'false'")

    field = page.get_by_role("spinbutton", name="Hidden layers")
    field.click()
    before = stage.frame, stage.attribute("run")
    for key in ("r", "p", "Space", "?", "ArrowLeft"):
        keys.press(key)
    page.get_by_role("slider", name="Timeline").focus()
    keys.press("Home")
    stage.wait_for("+at.frame === 0")
    keys.press("ArrowRight")  # the slider's own
    stage.wait_for("+at.frame === 1")
    assert stage.attribute("run") == before[1]
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    keys.press("r")
    keys.press("p")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert (stage.frame, stage.attribute("run")) == (1, before[1])

    keys.press("r")
    stage.wait_for(f"at.run !== '{before[1]}' && +at.frame === 0")
    keys.press("p")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    boundary = page.get_by_test_id("panel-boundary").bounding_box()
    assert boundary["y"] + boundary["height"] <= page.viewport_size["height"]
    keys.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Presenter mode")
    keys.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    keys.press("Escape")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()


def test_on_a_phone_everything_fits_and_is_large_enough_for_a_thumb(open_stage: OpenStage) -> None:
    stage = open_stage("?dataset=moons", **PHONE)
    page = stage.page

    def fits() -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= 390

    fits()
    for panel in PANELS:
        box = page.get_by_test_id(f"panel-{panel}").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    for name in ("Share", "Take away", "Present"):
        box = page.get_by_role("button", name=name, exact=True).bounding_box()
        assert min(box["width"], box["height"]) >= THUMB, name
    play = stage.root.get_by_role("button", name="Play", exact=True)
    assert min(play.bounding_box()["width"], play.bounding_box()["height"]) >= THUMB
    play.tap()
    stage.wait_for("+at.epoch >= 5")
    for name in ("Share", "Take away"):
        page.get_by_role("button", name=name, exact=True).tap()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        expect(dialog.get_by_role("button", name="Copy: Link" if name == "Share" else "Save the run")).to_be_visible()
        box = dialog.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        fits()
        dialog.get_by_role("button", name="Close").tap()
        expect(dialog).to_be_hidden()
    assert findings(page, "light") == []
