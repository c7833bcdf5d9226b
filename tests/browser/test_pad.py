"""The pad: one draws, and the network of the frame on screen answers, at rest and while it learns."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.stage import Stage

#: A three, as shares of the pad's side.
THREE = [
    (0.3, 0.25),
    (0.5, 0.18),
    (0.7, 0.3),
    (0.6, 0.48),
    (0.45, 0.5),
    (0.65, 0.58),
    (0.7, 0.75),
    (0.5, 0.85),
    (0.28, 0.75),
]

#: Draws a stroke while an answer is on the pad; brings what was drawn and what was answered two display ticks later.
STROKE = """() => new Promise((done) => {
  const easel = document.querySelector('[data-testid=easel]');
  const { dataset } = document.querySelector('[data-testid=panel-pad]');
  const { left, top, width } = easel.getBoundingClientRect();
  const fire = (type, share) => easel.dispatchEvent(new PointerEvent(type, { bubbles: true, isPrimary: true, button: 0,
    pointerId: 1, clientX: left + share * width, clientY: top + 0.5 * width }));
  easel.setPointerCapture = () => {};
  const before = dataset.drawn;
  for (const [type, share] of [['pointerdown', 0.2], ['pointermove', 0.4], ['pointerup', 0.4]]) fire(type, share);
  const look = () => done([dataset.drawn !== before, dataset.drawn === dataset.answered]);
  requestAnimationFrame(() => requestAnimationFrame(look));
})"""


def draw(page: Page, places: list[tuple[float, float]]) -> None:
    easel = page.get_by_test_id("easel")
    easel.scroll_into_view_if_needed()
    box = easel.bounding_box()
    assert box
    (x, y), *more = [(box["x"] + u * box["width"], box["y"] + v * box["height"]) for u, v in places]
    page.mouse.move(x, y)
    page.mouse.down()
    for x, y in more:
        page.mouse.move(x, y, steps=4)
    page.mouse.up()


def test_the_network_on_screen_answers_what_is_drawn(open_page: Callable[..., Page], server: str) -> None:
    page = open_page(f"{server}/digits")
    stage = Stage(page)
    stage.wait_until_ready()
    pad = page.get_by_test_id("panel-pad")

    def all_is_answered() -> None:
        page.wait_for_function("""() => {
          const { dataset: pad } = document.querySelector('[data-testid=panel-pad]');
          const { dataset: stage } = document.querySelector('[data-testid=stage]');
          return pad.drawn && pad.drawn === pad.answered && pad.frame === stage.frame;
        }""")

    draw(page, THREE)
    all_is_answered()
    expect(pad).to_contain_text("isn’t trained yet")

    # What lies on the pad is answered by the newest network as it learns, and by an old one when one goes back.
    stage.play_and_pause(10)
    all_is_answered()
    expect(pad).to_contain_text("It reads 3")
    spoken = pad.get_by_role("status").last
    expect(spoken).to_contain_text("It reads 3")
    stage.scrub_to(0)
    all_is_answered()
    expect(pad).to_contain_text("isn’t trained yet")

    # No server is asked about a drawing.
    assert page.evaluate(STROKE) == [True, True]
    pad.get_by_role("button", name="Clear").click()
    expect(pad).to_contain_text("Draw, and the network answers.")
    expect(spoken).to_have_text("")
    expect(pad.get_by_role("button", name="Undo")).to_be_disabled()

    # The same by keys: the pen is put down, moved and lifted.
    page.get_by_test_id("easel").focus()
    for key in ["Space", *["Shift+ArrowDown"] * 3, "Space", "ArrowLeft"]:
        page.keyboard.press(key)
    all_is_answered()
    assert stage.attribute("playing") == "false"

    pad.get_by_role("button", name="Test digit").click()
    expect(pad.locator(".nn-truth")).to_have_count(1)
    all_is_answered()
