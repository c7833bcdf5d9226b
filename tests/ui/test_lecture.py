"""The lecture hall's dialogs and links by AppTest."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from nnplay import ExperimentConfig
from nnplay.experiment.saved_runs import saved_run
from nnplay.server import link
from nnplay.ui.dialogs import share
from tests.experiment.saved_runs.test_saved_run import trained
from tests.ui.test_pages import config_of, header_of, open_app


def button(app: AppTest, label: str) -> Button:
    return next(button for button in app.button if button.label == label)


def in_dialog(module: str, **query: str) -> AppTest:
    """Run what is in a dialog alone: AppTest closes dialogs whenever something in them changes."""
    package, _, name = f"nnplay.ui.dialogs.{module}".rpartition(".")
    lines = (
        "from nnplay.ui import on_page, state",
        "from nnplay.ui.form import controls",
        f"from {package} import {name}",
        "with on_page.of('playground'):",
        "    controls.FIELDS.follow_opened()",
        "    controls.FIELDS.read()",
        f"    {name}.draw()",
        "    state.write_link()",
    )
    app = AppTest.from_string("\n".join(lines), default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def lines_of(app: AppTest) -> dict[str, str]:
    """Return what the share dialog offers for copying, by label."""
    data = [json.loads(element.proto.json) for element in app.get("bidi_component") if element.proto.json]
    return {each["label"]: each.get("text", each.get("image")) for each in data if "label" in each}


OTHER = ExperimentConfig(
    dataset="blobs(classes=3)",
    hidden_sizes=(5,),
    activation="elu(alpha=2.0)",
    optimizer="adam(beta_1=0.8)",
    n_samples=200,
    batch_size=None,
    learning_rate=0.02,
    seed=5,
)


def test_an_opened_run_is_on_the_stage_and_in_every_control() -> None:
    app = open_app()
    app.session_state["opened"] = saved_run.from_json(saved_run.to_json(trained(OTHER, 6, 0)))
    app.run()
    assert not app.exception
    assert config_of(app) == OTHER
    header = header_of(app)
    assert (header["kind"], header["last_frame"]) == ("sync", 6)
    assert dict(app.query_params) == OTHER.to_query()
    assert app.slider(key="field.n_samples").value == 200
    assert app.selectbox(key="field.optimizer").value == "adam"
    assert app.number_input(key="field.activation.elu.alpha").value == 2.0
    app.run()
    assert config_of(app) == OTHER
    assert header_of(app)["run"] == header["run"]


def test_a_parameter_without_a_control_stays_as_the_link_has_it() -> None:
    app = open_app(activation="elu(alpha=2, slope_above=0)")
    assert config_of(app).activation == "elu(alpha=2.0, slope_above=0.0)"
    assert "field.activation.elu.slope_above" not in [field.key for field in app.number_input]
    app.number_input(key="field.activation.elu.alpha").set_value(3.0).run()
    assert not app.exception
    assert config_of(app).activation == "elu(alpha=3.0, slope_above=0.0)"


def test_a_file_can_be_opened() -> None:
    app = in_dialog("take_away.dialog")
    text = saved_run.to_json(trained(OTHER, 2, 0))
    app.file_uploader(key="files.upload.0").upload("run.json", text.encode(), "application/json").run()
    assert not app.exception
    assert config_of(app) == OTHER
    assert header_of(app)["last_frame"] == 2


def test_a_refused_file_leaves_the_run_as_it_is() -> None:
    app = in_dialog("take_away.dialog", dataset="moons")
    before, config = header_of(app), config_of(app)
    text = '{"format": "nnplay run", "version": 1, "config": {"dataset": "mons"}}'
    app.file_uploader(key="files.upload.0").upload("run.json", text.encode(), "application/json").run()
    assert not app.exception
    assert "Did you mean 'moons'" in app.error[0].value.replace("\\", "")
    assert (config_of(app), header_of(app)["run"]) == (config, before["run"])


def test_both_dialogs_open_from_the_page() -> None:
    for label in ("Share", "Take away"):
        app = open_app(dataset="moons")
        button(app, label).click().run()
        assert not app.exception
        assert app.get("dialog") or app.tabs or app.file_uploader


def test_the_link_follows_what_is_chosen() -> None:
    app = in_dialog("share", dataset="moons", hide="loss")
    boxes = {box.label: box.value for box in app.checkbox}
    assert boxes == {label: group == "loss" for group, label in link.GROUPS.items()}
    assert "hide=loss" in lines_of(app)["Link"]
    app.checkbox(key="share.hide.data").check().run()
    app.toggle(key="share.present").set_value(True).run()
    lines = lines_of(app)
    assert (
        len([caption for caption in app.caption if "Data, Loss and measures" in caption.value]) == 2
    )  # QR code, slides
    for part in ("dataset=moons", "hide=data,loss", "present=true"):
        assert part in lines["Link"]
        assert part in lines["Frame for a slide or a web page"].replace("&amp;", "&")
    assert lines["QR code of the link"].startswith("data:image/svg")


def test_the_link_tells_the_speed_that_was_chosen_and_no_switch_that_is_as_it_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = {"preferences": {"speed": "epoch:1", "discretize": False, "logLoss": True}}
    monkeypatch.setattr(share, "look_at_page", lambda key: seen)
    said = lines_of(in_dialog("share", dataset="moons"))["Link"]
    assert "speed=epoch:1" in said  # on the digits page another one suits the run
    assert "log_scale=true" in said
    assert "discretize" not in said


def test_a_link_that_is_too_long_is_said_to_be_and_the_file_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(share, "MAX_LINK", 20)
    monkeypatch.setattr(share, "MAX_QR_LINK", 20)
    app = in_dialog("share", dataset="moons", activation="relu")
    assert not app.exception
    assert set(lines_of(app)) == {"Link for your students"}  # which has a limit of its own
    assert len(app.info) == 3
    assert app.get("download_button")


@pytest.mark.parametrize(
    ("group", "gone"),
    [
        ("data", ("field.noise", "field.batch_size")),
        ("network", ("field.hidden_sizes", "field.hidden_sizes.0")),
        ("more", ("field.seed", "field.dropout")),
        ("training", ("field.learning_rate", "field.activation")),
    ],
)
def test_a_link_can_hide_a_group_of_controls(group: str, gone: tuple[str, ...]) -> None:
    query = {"noise": "0.2", "hidden_sizes": "5,3", "seed": "7", "learning_rate": "0.5", "activation": "relu"}
    everything, hidden = open_app(**query), open_app(**query, hide=group)
    keys = [{widget.key for widget in [*app.slider, *app.selectbox, *app.number_input, *app.select_slider]}
            for app in (everything, hidden)]  # fmt: skip
    assert set(gone) <= keys[0]
    assert not set(gone) & keys[1]
    assert config_of(hidden) == config_of(everything)
    assert hidden.query_params["hide"] == group


def test_an_unknown_group_is_said_and_the_others_are_hidden() -> None:
    app = open_app(hide="training,dta", present="maybe")
    said = " ".join(toast.value.replace("\\", "") for toast in app.toast)
    assert "Did you mean “data”?" in said
    assert "Presenter mode in the link: “maybe” isn't valid; it must be one of true, false" in said
    assert app.query_params["hide"] == "training"
    assert "present" not in app.query_params


def test_a_link_says_which_hidden_layer_is_looked_at() -> None:
    app = open_app(layer="1", projection="units", units="2,3")
    view = {"layer": 0, "projection": "units", "units": [1, 2], "mode": "2d"}
    assert header_of(app)["linked_view"] == view


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ({"layer": 1, "projection": "straight", "units": [0, 1], "mode": "2d"}, None),  # as a new page shows it
        ({"layer": 0, "projection": "units", "units": [4, 0, 1], "mode": "3d"},
         "layer=1&projection=units&mode=3d&units=5,1,2"),
        ({"layer": 7, "projection": "pca", "units": [0, 1], "mode": "2d"}, None),  # of another network
        ({"layer": "1", "projection": [], "units": 3, "mode": None}, None),
        ("nonsense", None),
    ],
)  # fmt: skip
def test_the_link_says_what_the_hidden_layer_panel_shows(
    view: Any, said: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share, "look_at_page", lambda key: {"view": view})
    link = lines_of(in_dialog("share", dataset="moons"))["Link"]
    assert "layer" not in link if said is None else said in link
