"""Which controls a newcomer has in sight, by AppTest."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from nnplay.experiment.config.fields import AT_FIRST
from nnplay.ui.form import in_sight
from nnplay.ui.streamlit_internals import page_files
from nnplay.ui.way_in import head
from tests import ROOT

Open = Callable[..., AppTest]


@pytest.fixture
def open_new(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open the playground, or another page, as somebody who has never been here."""
    monkeypatch.setattr(in_sight, "remembered", lambda: False)

    def open_(page: str = "", **query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        if page:
            app.switch_page(str(ROOT / "pages" / page)).run()
        assert not app.exception
        return app

    return open_


def settings_of(app: AppTest) -> set[str]:
    """Return the settings that have a control on the page."""
    return {str(widget.key).split(".")[1] for widget in widgets_of(app)}


def widgets_of(app: AppTest) -> list:
    kinds = (app.slider, app.select_slider, app.selectbox, app.number_input, app.text_input, app.toggle)
    found = [widget for kind in kinds for widget in kind]
    return [widget for widget in found if str(widget.key).startswith("field.")]


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def test_a_newcomer_sees_few_controls_and_all_at_a_press(open_new: Open) -> None:
    app = open_new()
    assert settings_of(app) == {"activation", "learning_rate"} < AT_FIRST
    assert not app.expander
    press(app, "All controls")
    everything = settings_of(app)
    assert {"momentum", "noise", "dropout", "max_epochs", "hidden_sizes"} < everything
    app.run()
    assert settings_of(app) == everything
    press(app, "Fewer controls")
    assert settings_of(app) == {"activation", "learning_rate"}


def test_what_a_link_sets_is_in_sight_and_stays_there(open_new: Open) -> None:
    app = open_new(
        momentum="0.5", optimizer="sgd", dropout="0.2", patience="9", features="x1", dataset="blobs(classes=4)"
    )
    expected = {"activation", "learning_rate", "momentum", "dropout", "patience", "features", "dataset"}
    assert settings_of(app) == expected
    app.slider(key="field.momentum").set_value(0.9).run()
    assert app.session_state["config"].momentum == 0.9
    assert settings_of(app) == expected


def test_parameters_in_a_link_are_in_sight(open_new: Open) -> None:
    app = open_new(activation="relu;elu(alpha=2.0)", optimizer="adam(beta_1=0.8)")
    keys = {str(widget.key) for widget in widgets_of(app)}
    assert {"field.optimizer", "field.optimizer.adam.beta_1", "field.activation.layer.1"} <= keys
    assert app.session_state["config"].optimizer == "adam(beta_1=0.8)"


def test_a_formula_can_always_be_written(open_new: Open) -> None:
    assert open_new(dataset="formula").text_input(key="field.dataset.formula.formula").value


def test_what_is_put_away_keeps_its_value(open_new: Open) -> None:
    app = press(open_new(), "All controls")
    app.slider(key="field.noise").set_value(0.2).run()
    press(app, "Fewer controls")
    assert settings_of(app) == {"activation", "learning_rate", "noise"}  # it isn't what one expects
    assert app.session_state["config"].noise == 0.2


def test_a_link_that_hides_controls_leaves_all_others(open_new: Open) -> None:
    app = open_new(hide="data")
    assert "momentum" in settings_of(app)
    assert "noise" not in settings_of(app)
    assert not [button for button in app.button if button.label in ("All controls", "Fewer controls")]


def test_other_pages_have_all_their_controls(open_new: Open) -> None:
    app = open_new("digits.py")
    assert [widget for widget in app.slider if widget.key == "digits.field.momentum"]
    assert not [button for button in app.button if button.label == "All controls"]


def test_the_browser_fetches_no_widgets_that_a_newcomer_does_not_see() -> None:
    assert in_sight.remembered_by("a=b; nnplay-controls=all")
    assert not in_sight.remembered_by("nnplay-controls=few")
    few, everything = head.links("/", all_controls=False), head.links("/")
    assert "/NumberInput." in everything
    assert "/NumberInput." not in few
    assert "/Slider." in few
    assert head.links("/digits", all_controls=False) == head.links("/digits")
    assert set(page_files.files_of_elements(page_files.FIRST_ELEMENTS)) < set(page_files.files_of_elements())
