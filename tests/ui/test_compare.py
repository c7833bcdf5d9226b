"""The page Compare by AppTest: lanes from links, by quick starts and by hand, and what is refused."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from nnplay import ExperimentConfig
from nnplay.server.compare import race_link
from nnplay.server.compare.race_link import QUICK_STARTS, Lanes
from nnplay.ui.compare import lanes as lanes_module
from nnplay.ui.compare import value_widgets
from tests import ROOT
from tests.server.test_frames import read_message
from tests.ui.test_pages import open_app

COMPARE = str(ROOT / "pages" / "compare.py")
DEFAULT = ExperimentConfig()
PAIR = lanes_module.pair_of(DEFAULT)


def open_compare(app: AppTest | None = None, **query: str) -> AppTest:
    app = app or open_app()
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(COMPARE).run()
    assert not app.exception
    return app


def lanes_of(app: AppTest) -> Lanes:
    return app.session_state["compare.lanes"]


def header_of(app: AppTest) -> dict[str, Any]:
    return read_message(app.session_state["compare.feed"].message)[0]


def change(app: AppTest, target: str, setting: str) -> AppTest:
    app.session_state["compare.target"] = target
    app.selectbox(key="compare.setting").set_value(setting)
    return app.run()


def errors(app: AppTest) -> list[str]:
    return [error.value for error in app.error]


def test_the_page_begins_with_the_playground_s_run_and_another_activation() -> None:
    app = open_compare()
    assert lanes_of(app) == PAIR
    assert [lane["heading"] for lane in header_of(app)["info"]["lanes"]] == ["Activation tanh", "Activation ReLU"]
    assert dict(app.query_params) == {}  # no entry in the history for what nobody chose


def test_what_the_playground_trains_is_lane_a() -> None:
    app = open_app(dataset="moons", hidden_sizes="3")
    open_compare(app)
    assert lanes_of(app)[0] == ExperimentConfig(dataset="moons", hidden_sizes=(3,))


def test_compare_this_run_brings_it_along() -> None:
    app = open_app(dataset="circles", activation="relu")
    app.button(key="compare-this").click().run()
    assert not app.exception
    assert lanes_of(app)[0] == ExperimentConfig(dataset="circles", activation="relu")
    assert app.query_params["dataset"] == "circles"


@pytest.mark.parametrize("name", QUICK_STARTS)
def test_a_quick_start_is_one_press(name: str) -> None:
    app = open_compare()
    app.button(key=f"compare.start.{name}").click().run()
    assert not app.exception
    assert lanes_of(app) == QUICK_STARTS[name].lanes_of(DEFAULT)
    query = dict(app.query_params)
    assert race_link.from_query(query)[0] == lanes_of(app)
    assert header_of(app)["last_frame"] == 0
    assert app.session_state["compare.setting"] in QUICK_STARTS[name].changes[0]


def test_one_quick_start_after_another_begins_with_the_same_run() -> None:
    app = open_compare()
    app.button(key="compare.start.learning_rate").click().run()
    app.button(key="compare.start.momentum").click().run()
    assert lanes_of(app) == QUICK_STARTS["momentum"].lanes_of(DEFAULT)


def test_a_link_is_the_race() -> None:
    lanes = QUICK_STARTS["optimizer"].lanes_of(ExperimentConfig(dataset="moons"))
    query: dict[str, Any] = race_link.to_query(lanes, "time")
    app = open_compare(**query)
    assert lanes_of(app) == lanes
    assert header_of(app)["info"]["clock"] == "time"


def test_what_of_a_link_can_not_be_had_is_said() -> None:
    app = open_compare(lane_b="momentum~7~learning_rate~0.1")
    (toast,) = app.toast
    assert toast.value.startswith("Lane B")
    assert "“7” isn't valid" in toast.value
    assert lanes_of(app)[1] == dataclasses.replace(DEFAULT, learning_rate=0.1)


# -- by hand -----------------------------------------------------------------------------------------------------------

CHANGES: list[tuple[str, str, Any]] = [
    ("momentum", "slider", 0.5),
    ("learning_rate", "selectbox", "0.3"),
    ("optimizer", "selectbox", "adam"),
    ("dataset", "selectbox", "moons"),
    ("bias", "toggle", False),
    ("seed", "number_input", 7),
    ("hidden_sizes", "text_input", "5, 3"),
    ("features", "text_input", "x1; x1*x2"),
    ("batch_size", "selectbox", "full"),
    ("output", "selectbox", "softmax"),
    ("n_samples", "slider", 200),
    ("initializer", "selectbox", "he_normal"),
]
VALUES = {
    "hidden_sizes": (5, 3), "features": ("x1", "x1*x2"), "batch_size": None, "learning_rate": 0.3,
}  # fmt: skip


@pytest.mark.parametrize(("setting", "kind", "value"), CHANGES, ids=lambda each: str(each))
def test_any_setting_of_a_lane_can_be_changed(setting: str, kind: str, value: Any) -> None:
    app = change(open_compare(), "B", setting)
    getattr(app, kind)(key=f"compare.value.B.{setting}").set_value(value).run()
    assert not app.exception
    assert errors(app) == []
    other: dict[str, Any] = {setting: VALUES.get(setting, value)}
    wanted = dataclasses.replace(PAIR[1], **other)
    assert lanes_of(app) == (PAIR[0], wanted)


@pytest.mark.parametrize("setting", [name for name in lanes_module.SETTINGS_TO_CHOOSE if name != "data_seed"])
def test_every_setting_has_a_widget_that_shows_its_value(setting: str) -> None:
    app = open_compare()
    for target in ("A", "all"):
        change(app, target, setting)
        assert not app.exception
    assert lanes_of(app) == PAIR


def test_all_lanes_are_changed_at_once_and_so_is_what_quick_starts_are_made_of() -> None:
    app = change(open_compare(), "all", "dataset")
    app.selectbox(key="compare.value.all.dataset").set_value("moons").run()
    assert {lane.dataset for lane in lanes_of(app)} == {"moons"}
    app.button(key="compare.start.depth").click().run()
    assert {lane.dataset for lane in lanes_of(app)} == {"moons"}


def test_what_is_refused_is_said_below_its_control_and_nothing_is_lost() -> None:
    app = change(open_compare(), "B", "hidden_sizes")
    for text, words in (
        ("8, x", "must be"),
        ("0", "must be"),
        ("1,2,3,4,5,6,7,8,9", "must"),
        (", ".join(["512"] * 8), "shared server"),
    ):
        app.text_input(key="compare.value.B.hidden_sizes").set_value(text).run()
        assert not app.exception
        (error,) = errors(app)
        assert words in error
        assert lanes_of(app) == PAIR
        assert app.text_input(key="compare.value.B.hidden_sizes").value == text
    app.text_input(key="compare.value.B.hidden_sizes").set_value("2").run()
    assert errors(app) == []
    assert lanes_of(app)[1].hidden_sizes == (2,)


@pytest.mark.parametrize(
    ("setting", "held", "value"),
    [
        ("learning_rate", "0.07", 0.07),
        ("learning_rate", "fast", "fast"),
        ("activation", "elu(alpha=2)", "elu(alpha=2)"),
        ("batch_size", "full", None),
        ("batch_size", "32", 32),
        ("loss", "auto", None),
        ("hidden_sizes", "8, 8", (8, 8)),
        ("hidden_sizes", "", ()),
        ("hidden_sizes", "8; ½", ("8; ½",)),
        ("features", " x1 ; x2**2", ("x1", "x2**2")),
    ],
)
def test_what_is_typed_is_read_and_what_is_none_of_its_kind_is_left_to_be_refused(
    setting: str, held: str, value: Any
) -> None:
    assert value_widgets.read(setting, held) == value


def test_lanes_are_added_and_removed_within_limits() -> None:
    app = open_compare()
    assert app.button(key="compare.remove").disabled
    app.button(key="compare.add").click().run()
    app.button(key="compare.add").click().run()
    assert len(lanes_of(app)) == 4
    assert app.session_state["compare.target"] == "D"
    assert app.button(key="compare.add").disabled
    change(app, "A", "momentum")
    app.button(key="compare.remove").click().run()
    assert lanes_of(app) == (PAIR[1],) * 3
    assert not app.exception


def test_the_clock_is_chosen() -> None:
    app = open_compare()
    app.segmented_control(key="compare.clock-choice").set_value("time").run()
    assert app.session_state["compare.clock"] == "time"
    assert header_of(app)["info"]["clock"] == "time"
    assert app.query_params["clock"] == "time"


def test_coming_back_the_race_is_as_it_was() -> None:
    app = open_compare()
    app.button(key="compare.start.width").click().run()
    run = header_of(app)["run"]
    app.switch_page(str(ROOT / "pages" / "playground.py")).run()
    app.query_params.clear()  # as the menu's links do
    open_compare(app)
    assert header_of(app)["run"] == run
    assert lanes_of(app) == QUICK_STARTS["width"].lanes_of(DEFAULT)


def test_a_lane_opens_in_the_playground_where_it_stands() -> None:
    app = open_compare(lane_b="momentum~0.5")
    feed = app.session_state["compare.feed"]
    feed.answer({"id": 1, "run": feed.run, "kind": "frames", "from": 0, "unit": "epoch", "amount": 1, "n": 3})
    app.session_state["compare.opening"] = (1, 2)
    app.run()
    assert not app.exception
    assert app.session_state["config"] == dataclasses.replace(DEFAULT, momentum=0.5)
    recording = app.session_state["feed"].recording
    assert recording.session.epoch == 2
    assert recording.session.network.parameters.tolist() == pytest.approx(
        feed.recording.kept[2].state[1].snapshot.parameters.tolist(), rel=0, abs=0
    )


@pytest.mark.parametrize(("group", "there"), [("training", False), ("loss", True)])
def test_a_link_hides_the_controls(group: str, there: bool) -> None:
    app = open_compare(hide=group)
    assert ("compare.start.width" in [button.key for button in app.button]) == there
    assert ("compare.setting" in [box.key for box in app.selectbox]) == there
