"""The page Compare in a real browser: lanes together, links and files, the way to the playground and back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.stage import Stage, show_in
from tests.browser.test_accessibility import findings
from tests.browser.test_recovery import mortal

__all__ = ["mortal"]

SMALL = "dataset=moons&n_samples=60&hidden_sizes=3&seed=2"
PAIR = f"compare?{SMALL}&lane_b=momentum~0"
FOUR = f"{PAIR}&lane_c=optimizer~adam&lane_d=hidden_sizes~2,2"
#: Lane B is hopeless.
DIVERGING = f"compare?{SMALL}&lane_b=learning_rate~10000~activation~relu~hidden_sizes~8,8,8"


class Race:
    """Wraps a page that shows a race."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root: Locator = page.get_by_test_id("race")
        expect(self.root).to_have_attribute("data-ready", "true", timeout=60_000)

    def attribute(self, name: str) -> str:
        return self.root.get_attribute(f"data-{name}") or ""

    def numbers(self, name: str) -> list[float]:
        return [float(value) for value in self.attribute(name).split()]

    def wait_for(self, condition: str) -> None:
        """Wait for a JavaScript condition on the race's data attributes, `at`."""
        self.page.wait_for_function(
            f"() => {{ const at = document.querySelector('[data-testid=race]')?.dataset; return at && ({condition}); }}"
        )

    def press(self, name: str) -> None:
        self.root.get_by_role("button", name=name, exact=True).click()

    def play_and_pause(self, clock: float) -> None:
        self.press("Play")
        self.wait_for(f"+at.clock >= {clock}")
        self.press("Pause")
        expect(self.root).to_have_attribute("data-playing", "false")

    def scrub_to(self, frame: int) -> None:
        self.root.get_by_role("slider", name="Timeline").fill(str(frame))
        self.wait_for(f"+at.frame === {frame}")

    def headings(self) -> list[str]:
        return self.root.locator(".nn-lane-heading").all_inner_texts()


OpenRace = Callable[..., Race]


@pytest.fixture
def open_race(open_page: Callable[..., Page], server: str) -> OpenRace:
    return lambda query=PAIR, **options: Race(open_page(f"{server}/{query}", **options))


def test_all_lanes_play_together_and_go_back_together(open_race: OpenRace) -> None:
    race = open_race(FOUR)
    race.page.evaluate("""() => {
      const race = document.querySelector('[data-testid=race]');
      window.seen = [];
      new MutationObserver(() => seen.push(race.dataset.epochs)).observe(race, { attributeFilter: ['data-frame'] });
    }""")
    race.play_and_pause(40)
    seen: list[str] = race.page.evaluate("seen")
    assert len(seen) >= 20
    for epochs in seen:
        assert len(set(epochs.split())) == 1, epochs
    first = dict.fromkeys((5, 12), "")
    for frame in first:
        race.scrub_to(frame)
        first[frame] = race.attribute("train-losses")
        assert race.numbers("epochs") == [frame] * 4
    race.press("Play")
    race.wait_for("+at.clock >= 30")
    race.press("Pause")
    race.scrub_to(5)
    assert race.attribute("train-losses") == first[5]


def test_numbers_and_words_follow_the_frame(open_race: OpenRace) -> None:
    race = open_race(FOUR)
    expect(race.root.locator(".nn-fairness")).to_contain_text("The same in all lanes: data, split and batches.")
    assert race.headings() == ["The run as it is", "Momentum 0", "Adam", "2 hidden layers of 2 units"]
    race.play_and_pause(15)
    table = race.page.get_by_test_id("panel-numbers")
    losses = table.locator("tr[data-row=trainLoss] td").all_inner_texts()
    assert [float(loss) for loss in losses] == pytest.approx(race.numbers("train-losses"), abs=5e-4)
    parameters = table.locator("tr[data-row=parameters] td").all_inner_texts()
    assert parameters == ["13", "13", "13", "15"]


def test_a_target_is_reached_at_an_epoch_and_a_bad_one_is_refused_beside_its_field(open_race: OpenRace) -> None:
    race = open_race()
    race.play_and_pause(20)
    field = race.page.get_by_role("textbox", name="Target score in per cent")
    row = race.page.locator("tr[data-row=target]")
    field.fill("1")
    expect(row).to_contain_text("1 % reached")
    assert row.locator("td").all_inner_texts() == ["0", "0"]
    field.fill("lots")
    expect(race.page.get_by_text("The target must be above 0 and at most 100.")).to_be_visible()
    expect(row).to_contain_text("1 % reached")
    field.fill("100")
    expect(race.page.get_by_text("The target must be above 0 and at most 100.")).to_be_hidden()


def test_a_lane_that_diverges_says_so_and_the_other_goes_on(open_race: OpenRace) -> None:
    race = open_race(DIVERGING)
    race.play_and_pause(15)
    lane = race.page.get_by_test_id("lane-1")
    expect(lane).to_contain_text(re.compile(r"Diverged in epoch \d+: "))
    first, second = race.numbers("epochs")
    assert first == float(race.attribute("clock")) > second
    race.scrub_to(0)
    expect(lane).not_to_contain_text("Diverged")


def test_a_quick_start_is_a_press_and_a_link_that_takes_the_same_course(
    open_race: OpenRace, open_page: Callable[..., Page]
) -> None:
    race = open_race(f"compare?{SMALL}")
    race.page.get_by_role("button", name="Learning rate", exact=True).click()
    race.wait_for("at.epochs.split(' ').length === 4")
    assert race.headings() == [f"Learning rate {rate}" for rate in ("0.003", "0.03", "0.3", "3")]
    expect(race.page).to_have_url(re.compile("lane_d=learning_rate~3.0"))
    race.press("Step")
    race.wait_for("+at.frame === 1")
    other = Race(open_page(race.page.url))
    other.press("Step")
    other.wait_for("+at.frame === 1")
    assert other.attribute("train-losses") == race.attribute("train-losses")


def test_back_takes_a_choice_back(open_race: OpenRace) -> None:
    race = open_race()
    begun = race.page.evaluate("history.length")
    race.page.get_by_role("button", name="Width", exact=True).click()
    race.wait_for("at.epochs.split(' ').length === 4")
    race.page.get_by_role("button", name="Momentum", exact=True).click()
    race.wait_for("at.epochs.split(' ').length === 3")
    assert race.page.evaluate("history.length") == begun + 2
    race.page.go_back()
    race.wait_for("at.epochs.split(' ').length === 4")
    race.page.go_back()
    race.wait_for("at.epochs.split(' ').length === 2")
    race.page.go_forward()
    race.wait_for("at.epochs.split(' ').length === 4")
    assert race.headings()[0] == "1 hidden layer of 1 unit"


def test_a_setting_is_changed_in_a_lane_and_a_bad_value_loses_nothing(open_race: OpenRace) -> None:
    race = open_race()
    sidebar = race.page.get_by_test_id("stSidebar")
    sidebar.get_by_role("combobox", name="Setting").click()
    race.page.get_by_role("option", name="Hidden layers", exact=True).click()
    field = sidebar.get_by_role("textbox", name="Hidden layers in lane B")
    field.fill("5, none")
    field.press("Enter")
    expect(sidebar.get_by_role("alert")).to_contain_text("must be")
    assert len(race.headings()) == 2
    field.fill("5, 4")
    field.press("Enter")
    expect(race.root.locator(".nn-lane-heading").nth(1)).to_have_text("Hidden layers of 5, 4 units, momentum 0")
    expect(sidebar.get_by_role("alert")).to_have_count(0)


def test_a_lane_opens_in_the_playground_at_the_moment_on_screen(open_race: OpenRace) -> None:
    race = open_race()
    race.play_and_pause(10)
    race.scrub_to(7)
    loss = race.numbers("train-losses")[1]
    race.press("Open lane B in the playground")
    stage = Stage(race.page)
    stage.wait_for("+at.epoch === 7")
    assert float(stage.losses[0]) == loss
    expect(race.page.get_by_role("slider", name="Momentum Momentum", exact=True)).to_have_attribute(
        "aria-valuetext", re.compile("^0(.00)?$")
    )


def test_the_run_on_the_stage_is_taken_along(open_page: Callable[..., Page], server: str) -> None:
    page = open_page(f"{server}/?{SMALL}")
    Stage(page).wait_until_ready()
    page.get_by_role("button", name="Compare this run").click()
    race = Race(page)
    assert race.headings() == ["Activation tanh", "Activation ReLU"]
    expect(page).to_have_url(re.compile("/compare\\?.*n_samples=60"))
    race.play_and_pause(3)


def test_where_two_lanes_disagree(open_race: OpenRace) -> None:
    race = open_race(FOUR)
    race.play_and_pause(20)
    panel = race.page.get_by_test_id("panel-difference")
    words = panel.locator(".nn-difference-words")
    expect(words).to_have_text(re.compile(r"Different classes on \d+\.\d % of the plane\."))
    before = words.inner_text()
    panel.get_by_role("combobox", name="Second lane").select_option("D")
    expect(words).not_to_have_text(before)
    panel.get_by_role("combobox", name="First lane").select_option("D")
    expect(panel.get_by_role("combobox", name="Second lane")).to_have_value("0")


@pytest.mark.parametrize("other", ["dataset~circles~noise~0.3", "dataset~blobs(classes=4)", "dataset~sine"])
def test_lanes_of_other_data_play_too(open_race: OpenRace, other: str) -> None:
    race = open_race(f"compare?{SMALL}&lane_b={other}")
    race.play_and_pause(5)
    expect(race.root.locator(".nn-fairness")).to_contain_text("The data can't be the same")
    note = race.page.get_by_test_id("panel-difference").locator(".nn-difference-words")
    expect(note).to_contain_text("These two lanes learn from different data")


def test_a_race_of_curves_plays(open_race: OpenRace) -> None:
    race = open_race("compare?dataset=sine&n_samples=60&lane_b=hidden_sizes~2")
    race.play_and_pause(5)
    words = race.page.get_by_test_id("panel-difference").locator(".nn-difference-words")
    expect(words).to_have_text(re.compile(r"^Farthest apart at x = \S+: by \S+\.$"))


def test_whoever_points_at_a_place_hears_what_every_lane_answers_there(open_race: OpenRace) -> None:
    race = open_race(FOUR)
    race.play_and_pause(10)
    race.page.get_by_test_id("lane-1").locator(".nn-small-map").hover()
    for k in range(4):
        point = race.page.get_by_test_id(f"lane-{k}").get_by_test_id("point")
        expect(point).to_have_text(re.compile(r"^class [01], \d+\.\d % sure$"))
    race.page.get_by_role("heading", name="Numbers").hover()
    expect(race.page.get_by_test_id("lane-0").get_by_test_id("point")).to_be_hidden()


def test_by_training_time_the_clock_is_seconds(open_race: OpenRace) -> None:
    race = open_race(f"{PAIR}&clock=time")
    race.play_and_pause(0.02)
    clock = float(race.attribute("clock"))
    for seconds in race.numbers("seconds"):
        assert seconds >= clock - 1e-9
    expect(race.root.locator(".nn-readout-value")).to_have_text(re.compile(r"^0\.0\d\d s$"))


def test_keys_do_what_they_do_on_the_playground(open_race: OpenRace) -> None:
    race = open_race()
    keyboard = race.page.keyboard
    keyboard.press("ArrowRight")
    race.wait_for("+at.frame === 1")
    keyboard.press("ArrowRight")
    race.wait_for("+at.frame === 2")
    keyboard.press("ArrowLeft")
    race.wait_for("+at.frame === 1")
    keyboard.press("4")
    expect(race.root.get_by_role("combobox", name="Speed")).to_have_value("10")
    keyboard.press("Space")
    race.wait_for("+at.clock >= 21")
    keyboard.press("Space")
    expect(race.root).to_have_attribute("data-playing", "false")
    keyboard.press("r")
    race.wait_for("+at.clock === 0")
    keyboard.press("p")
    expect(race.page.get_by_test_id("stSidebar")).to_be_hidden()
    keyboard.press("Escape")
    expect(race.page.get_by_test_id("stSidebar")).to_be_visible()
    keyboard.press("?")
    expect(race.page.get_by_role("dialog", name="Keys")).to_be_visible()


def test_a_link_hides_what_it_says(open_race: OpenRace) -> None:
    race = open_race(f"{PAIR}&hide=training,loss,share")
    expect(race.page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(race.page.get_by_test_id("panel-losses")).to_be_hidden()
    expect(race.page.get_by_test_id("panel-difference")).to_be_visible()
    expect(race.page.get_by_role("button", name="Width", exact=True)).to_have_count(0)
    expect(race.page.get_by_role("button", name="Share")).to_have_count(0)
    race.play_and_pause(3)


def test_a_race_is_a_file(open_race: OpenRace, tmp_path: Any) -> None:
    race = open_race(FOUR)
    page = race.page
    page.get_by_role("button", name="Save and open").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save the race").click()
    file = tmp_path / "race.json"
    waiting.value.save_as(file)
    assert json.loads(file.read_text())["lanes"][0] == {"momentum": 0.0}
    page.keyboard.press("Escape")
    race.root.locator(".nn-fairness").click()  # the button that has the focus again shows its help
    page.get_by_role("button", name="Width", exact=True).click()
    expect(race.root.locator(".nn-lane-heading").first).to_have_text("1 hidden layer of 1 unit")
    page.get_by_role("button", name="Save and open").click()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": "other.json", "mimeType": "application/json", "buffer": b"{}"}
    )
    expect(
        page.get_by_text("The file can't be opened: it isn't a saved race. The race on screen stays.")
    ).to_be_visible()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    expect(race.root.locator(".nn-lane-heading").nth(3)).to_have_text("2 hidden layers of 2 units")


def test_the_share_dialog_has_the_race(open_race: OpenRace) -> None:
    race = open_race(FOUR)
    race.page.get_by_role("button", name="Share").click()
    dialog = race.page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox", name="Link")).to_have_value(
        re.compile(r"/compare\?.*&lane_d=hidden_sizes~2,2$")
    )
    dialog.get_by_text("Where two lanes disagree", exact=True).click()
    expect(dialog.get_by_role("textbox", name="Link")).to_have_value(re.compile(r"&hide=hidden"))


def test_a_reload_goes_on_where_the_race_was(open_race: OpenRace) -> None:
    race = open_race()
    race.play_and_pause(20)
    clock, losses = race.attribute("clock"), race.attribute("train-losses")
    race.page.reload()
    race = Race(race.page)
    race.wait_for(f"at.clock === '{clock}'")
    assert race.attribute("train-losses") == losses
    expect(race.root.get_by_role("status").filter(has_text="Your race went on from epoch")).to_be_visible()


def test_a_race_goes_on_though_the_server_was_killed(browser: Browser, mortal: tuple[str, Callable[[], None]]) -> None:
    address, kill_and_restart = mortal
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    try:
        page.goto(f"{address}/{PAIR}")
        race = Race(page)
        race.play_and_pause(20)
        losses, clock, run = (race.attribute(name) for name in ("train-losses", "clock", "run"))
        kill_and_restart()
        race.wait_for(f"at.run !== '{run}' && at.clock === '{clock}'")
        assert race.attribute("train-losses") == losses
        expect(race.root).to_contain_text("The server was restarted. Your race went on from epoch")
        race.play_and_pause(float(clock) + 5)
    finally:
        page.close()


def test_axe_finds_nothing_serious_while_a_race_rests(open_race: OpenRace) -> None:
    race = open_race(FOUR)
    race.play_and_pause(10)
    assert findings(race.page, "light", "dark") == []
    show_in(race.page, "light")


def test_on_a_phone_lanes_stand_two_by_two(open_race: OpenRace) -> None:
    race = open_race(FOUR, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    left, top = [], []
    for k in range(4):
        box = race.page.get_by_test_id(f"lane-{k}").bounding_box()
        assert box
        left.append(box["x"])
        top.append(box["y"])
    assert left[0] == left[2] < left[1] == left[3]
    assert top[0] == top[1] < top[2] == top[3]
    assert race.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    race.play_and_pause(3)
