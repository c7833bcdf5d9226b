"""The tab Luck: many seeds live, sorted, counted, pointed at by keys, and opened as runs of their own."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.stage import Stage
from tests.browser.test_accessibility import PHONE, THUMB, findings

QUERY = "dataset=moons&n_samples=80&hidden_sizes=3&learning_rate=0.1&seeds=16"
#: What the pictures of the seeds are, each as a text; an untouched canvas is transparent.
PICTURES = """() => [...document.querySelectorAll('.nn-seed canvas')].map((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return data[3] ? String(data.filter((_, k) => k % 52 === 0)) : '';
})"""
#: Seeds from the top left on.
PLACES = """() => {
  const cells = [...document.querySelectorAll('.nn-seed')].map((cell) => {
    const { e: left, f: top } = new DOMMatrix(getComputedStyle(cell).transform);
    return { seed: +cell.dataset.seed, left, top };
  });
  return cells.sort((a, b) => a.top - b.top || a.left - b.left).map(({ seed }) => seed);
}"""


def open_luck(open_page: Callable[..., Page], server: str, query: str = QUERY) -> Stage:
    stage = Stage(open_page(f"{server}/compare?tab=luck&{query}"))
    stage.wait_until_ready()
    return stage


def cell(stage: Stage, seed: int) -> Locator:
    return stage.root.locator(f".nn-seed[data-seed='{seed}']")


def said_of(stage: Stage, seed: int) -> tuple[float, float]:
    """Return a seed's accuracy in percent and its loss, as its button says them."""
    name = cell(stage, seed).get_attribute("aria-label") or ""
    found = re.fullmatch(rf"Seed {seed}: accuracy ([\d.]+) %, loss ([\d.e−]+). Open as a run", name)
    assert found, name
    return float(found[1]), float(found[2].replace("−", "-"))


def test_the_wall_is_live_and_goes_back(open_page: Callable[..., Page], server: str) -> None:
    stage = open_luck(open_page, server)
    page = stage.page
    expect(stage.root.locator(".nn-seed")).to_have_count(16)
    before = page.evaluate(PICTURES)
    assert len(set(before)) == 16
    assert "" not in before
    stage.play_and_pause(20)
    page.wait_for_function(
        f"(before) => ({PICTURES})().every((picture, k) => picture && picture !== before[k])", arg=before
    )
    stage.scrub_to(5)
    early, losses = [said_of(stage, seed) for seed in range(16)], stage.losses
    stage.play_and_pause(25)
    assert [said_of(stage, seed) for seed in range(16)] != early
    stage.scrub_to(5)
    assert stage.losses == losses
    expect(cell(stage, 7)).to_have_attribute(
        "aria-label", f"Seed 7: accuracy {early[7][0]:.1f} %, loss {early[7][1]:.4f}. Open as a run"
    )


def test_the_best_come_first_and_keys_walk_along_the_wall(open_page: Callable[..., Page], server: str) -> None:
    stage = open_luck(open_page, server)
    page = stage.page
    stage.play_and_pause(15)
    assert page.evaluate(PLACES) == list(range(16))
    stage.root.get_by_role("radio", name="best first").check()
    results = {seed: said_of(stage, seed) for seed in range(16)}
    # They move there; those of one score by their loss, which the label rounds.
    best = sorted((score for score, _ in results.values()), reverse=True)
    scores = {str(seed): score for seed, (score, _) in results.items()}
    page.wait_for_function(
        "([scores, best]) => document.getAnimations().length === 0 &&"
        f"String(({PLACES})().map((seed) => scores[seed])) === String(best)",
        arg=[scores, best],
    )
    order = page.evaluate(PLACES)
    assert order != list(range(16))
    cell(stage, order[0]).focus()
    page.keyboard.press("ArrowRight")
    expect(cell(stage, order[1])).to_be_focused()
    page.keyboard.press("End")
    expect(cell(stage, order[15])).to_be_focused()
    expect(cell(stage, order[15])).to_have_class(re.compile("nn-pointed"))
    expect(stage.root.get_by_test_id("panel-fan")).to_contain_text(
        f"seed {order[15]}{said_of(stage, order[15])[1]:.4f}"
    )
    assert stage.root.locator(".nn-seed[tabindex='0']").count() == 1
    assert stage.frame >= 15, "arrows belong to the wall here, not to the timeline"


def test_the_target_is_counted_and_is_in_the_link(open_page: Callable[..., Page], server: str) -> None:
    stage = open_luck(open_page, server)
    page = stage.page
    stage.play_and_pause(15)
    scores = [said_of(stage, seed)[0] for seed in range(16)]
    target = stage.root.get_by_role("slider", name="Target")
    target.focus()
    target.press("Home")
    expect(stage.root.get_by_test_id("success")).to_have_text(re.compile(r"^16 of 16 reach"))
    middle = sorted(scores)[8] / 100
    target.fill(f"{int(middle * 200) / 200}")
    chosen = float(target.input_value())
    reached = sum(score / 100 >= chosen - 1e-9 for score in scores)
    expect(stage.root.get_by_test_id("success")).to_have_text(re.compile(rf"^{reached} of 16 reach"))
    expect(stage.root.locator(".nn-seed[data-reaches='true']")).to_have_count(reached)
    expect(page).to_have_url(re.compile(rf"target={re.escape(f'{chosen:g}')}"))
    frame = stage.frame
    page.reload()
    stage.wait_until_ready()
    assert float(target.input_value()) == chosen
    stage.wait_for(f"+at.frame >= 0 && +at.epoch === {frame}")  # trained again, to where it was


def test_a_seed_opens_as_a_run_with_the_same_numbers(open_page: Callable[..., Page], server: str) -> None:
    stage = open_luck(open_page, server)
    stage.play_and_pause(12)
    epoch = stage.epoch
    _, loss = said_of(stage, 5)
    cell(stage, 5).click()
    page = stage.page
    expect(page).to_have_url(re.compile(r"^[^?]*/\?(?=.*seed=5)(?=.*data_seed=0)"))
    stage.wait_for(f"at.page === 'playground' && +at.epoch === {epoch}")
    assert abs(float(stage.losses[1]) - loss) < 6e-5
    page.go_back()
    stage.wait_for(f"at.page === 'luck' && +at.epoch === {epoch}")
    assert said_of(stage, 5)[1] == loss


def test_fresh_data_and_more_seeds_begin_again(open_page: Callable[..., Page], server: str) -> None:
    stage = open_luck(open_page, server)
    stage.play_and_pause(5)
    points = stage.root.get_by_role("checkbox", name="Points")
    stage.wait_for("document.querySelector('.nn-panel-wall').dataset.columns > 60")  # at rest, as fine as it gets
    bare = stage.page.evaluate(PICTURES)
    points.check()
    assert all(one != other for one, other in zip(stage.page.evaluate(PICTURES), bare, strict=True))
    points.uncheck()
    assert stage.page.evaluate(PICTURES) == bare
    run = stage.attribute("run")
    stage.page.get_by_text("Fresh data").click()
    stage.wait_for(f"at.run !== '{run}' && at.frame === '0'")
    expect(stage.page).to_have_url(re.compile("fresh_data=true"))
    expect(points).to_be_hidden()  # no two seeds have the same
    stage.page.get_by_role("radio", name="24").click()
    expect(stage.root.locator(".nn-seed")).to_have_count(24)
    expect(stage.page).to_have_url(re.compile("seeds=24"))
    stage.page.go_back()
    expect(stage.root.locator(".nn-seed")).to_have_count(16)
    stage.page.go_forward()
    expect(stage.root.locator(".nn-seed")).to_have_count(24)
    stage.page.get_by_role("radio", name="Race").click()
    expect(stage.page.get_by_test_id("race")).to_be_visible()
    stage.page.get_by_role("radio", name="Luck").click()
    stage.wait_until_ready()
    expect(stage.root.locator(".nn-seed")).to_have_count(24)


def test_axe_finds_nothing_serious(open_page: Callable[..., Page], server: str) -> None:
    stage = open_luck(open_page, server)
    stage.play_and_pause(5)
    assert findings(stage.page, "light", "dark") == []


def test_on_a_phone_a_thumb_hits_every_seed_and_nothing_sticks_out(open_page: Callable[..., Page], server: str) -> None:
    page = open_page(f"{server}/compare?tab=luck&{QUERY}", **PHONE)
    stage = Stage(page)
    stage.wait_until_ready()
    sides = page.evaluate("() => [...document.querySelectorAll('.nn-seed')].map((cell) => cell.offsetWidth)")
    assert min(sides) >= THUMB
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    wall = stage.root.get_by_test_id("panel-wall").bounding_box()
    last = cell(stage, 15).bounding_box()
    assert wall
    assert last
    assert last["x"] + last["width"] <= wall["x"] + wall["width"]
    assert last["y"] + last["height"] <= wall["y"] + wall["height"]
