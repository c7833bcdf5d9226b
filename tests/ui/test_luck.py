"""The tab Luck by AppTest: seeds from links and by hand, the run that they share, and what is refused."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from nnplay import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS
from nnplay.server.compare.fan_feed import FanFeed
from nnplay.server.compare.fan_link import FanSettings
from nnplay.ui.compare import lanes as lanes_module
from tests.server.test_frames import read_message
from tests.ui.test_compare import errors, lanes_of, open_compare

SMALL = {"tab": "luck", "dataset": "moons", "n_samples": "80", "hidden_sizes": "3"}
CONFIG = ExperimentConfig(dataset="moons", n_samples=80, hidden_sizes=(3,))


def plain(text: str) -> str:
    """Return a text as a reader has it, without the marks that keep it from being Markdown."""
    return text.replace("\\", "")


def said(app: AppTest) -> list[str]:
    return [plain(text) for text in errors(app)]


def open_luck(**query: str) -> AppTest:
    return open_compare(None, **(SMALL | query))


def feed_of(app: AppTest) -> FanFeed:
    feed: FanFeed = app.session_state["compare.luck.feed"]
    return feed


def info_of(app: AppTest) -> dict[str, Any]:
    info: dict[str, Any] = read_message(feed_of(app).message)[0]["info"]
    return info


def test_a_link_says_which_run_from_how_many_seeds() -> None:
    app = open_luck(seeds="48", target="0.9", fresh_data="true")
    assert feed_of(app).config == CONFIG
    assert feed_of(app).settings == FanSettings(48, 0.9, True)
    assert info_of(app)["fan"]["seeds"] == list(range(48))
    assert not app.toast


def test_what_of_a_link_can_not_be_had_is_said() -> None:
    app = open_luck(seeds="1000000", target="much")
    assert [plain(toast.value) for toast in app.toast] == [
        "Seeds in the link: “1000000” must be a whole number from 16 to 64. Using 32 instead.",
        "Target in the link: “much” must be a number from -1 to 1, such as 0.95. Using 0.95 instead.",
    ]
    assert feed_of(app).settings == FanSettings()


def test_seeds_and_fresh_data_are_chosen_and_in_the_address() -> None:
    app = open_luck()
    before = feed_of(app).run
    app.button_group(key="compare.luck.seeds").set_value(16).run()
    app.toggle(key="compare.luck.fresh").set_value(True).run()
    assert not app.exception
    assert feed_of(app).settings == FanSettings(16, 0.95, True)
    assert feed_of(app).run != before
    query = dict(app.query_params)
    assert {"tab": "luck", "seeds": "16", "fresh_data": "true", "dataset": "moons"}.items() <= query.items()


def test_the_run_is_changed_for_all_seeds_and_the_race_stays_one() -> None:
    app = open_luck()
    app.text_input(key="compare.luck.value.hidden_sizes").set_value("4, 2").run()
    assert not app.exception
    assert feed_of(app).config == dataclasses.replace(CONFIG, hidden_sizes=(4, 2))
    assert [lane.hidden_sizes for lane in lanes_of(app)] == [(4, 2), (4, 2)]
    app.selectbox(key="compare.luck.setting").set_value("activation").run()
    app.selectbox(key="compare.luck.value.activation").set_value("sigmoid").run()
    assert [lane.activation for lane in lanes_of(app)] == ["sigmoid", "relu"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [("0", "Hidden layers"), ("a lot", "Hidden layers"), ("64, 64, 64, 64", "hidden layers")],
)
def test_a_bad_value_is_refused_beside_its_control_and_nothing_is_lost(typed: str, says: str) -> None:
    app = open_luck()
    before = feed_of(app).run
    app.text_input(key="compare.luck.value.hidden_sizes").set_value(typed).run()
    assert not app.exception
    (error,) = errors(app)
    assert says.lower() in error.lower()
    assert feed_of(app).run == before
    assert lanes_of(app)[0] == CONFIG
    app.text_input(key="compare.luck.value.hidden_sizes").set_value("5").run()
    assert errors(app) == []


def test_more_seeds_than_fit_are_refused_beside_them() -> None:
    app = open_luck(hidden_sizes="44,44", seeds="48")
    before = feed_of(app).run
    app.button_group(key="compare.luck.seeds").set_value(64).run()
    assert not app.exception
    assert said(app) == ["Seeds must be at most 48 for this network; got 64. It is trained once for each seed."]
    assert feed_of(app).run == before
    app.button_group(key="compare.luck.seeds").set_value(24).run()
    assert errors(app) == []
    assert feed_of(app).settings.n_seeds == 24


def test_a_link_to_more_than_fits_says_so_and_fewer_can_be_chosen() -> None:
    app = open_luck(hidden_sizes="44,44", seeds="64")
    assert said(app) == ["Seeds must be at most 48 for this network; got 64. It is trained once for each seed."]
    assert "compare.luck.feed" not in app.session_state
    app.button_group(key="compare.luck.seeds").set_value(32).run()
    assert not app.exception
    assert errors(app) == []
    assert feed_of(app).settings.n_seeds == 32


def test_a_link_may_hide_what_changes_something() -> None:
    app = open_luck(hide="training")
    assert not app.exception
    assert feed_of(app).config == CONFIG
    assert not app.button_group
    assert not app.selectbox


def test_the_tabs_share_the_run() -> None:
    app = open_luck()
    app.button_group(key="compare.tab").set_value("race").run()
    assert not app.exception
    assert app.query_params["tab"] == "race"
    assert lanes_of(app)[0] == CONFIG
    app.button_group(key="compare.tab").set_value("luck").run()
    assert not app.exception
    assert feed_of(app).config == CONFIG


def test_every_setting_of_the_run_can_be_looked_at() -> None:
    app = open_luck()
    choice = app.selectbox(key="compare.luck.setting")
    assert "seed" not in choice.options
    assert len(choice.options) > 15
    for name in lanes_module.SETTINGS_TO_CHOOSE:
        if name != "seed" and not SETTINGS[name].absent(CONFIG):
            app.selectbox(key="compare.luck.setting").set_value(name).run()
            assert not app.exception, name
            assert errors(app) == [], name
            assert f"compare.luck.value.{name}" in app.session_state
