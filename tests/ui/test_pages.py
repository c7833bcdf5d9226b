"""Every page by AppTest, through app.py: no browser, no timers, but every widget."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from streamlit.runtime.state.query_params_proxy import QueryParamsProxy
from streamlit.testing.v1 import AppTest

from nnplay import ExperimentConfig
from nnplay.datasets.drawn import text_of_drawing
from nnplay.experiment.config.fields import LIVE_FIELDS
from nnplay.ui.form import controls, digits_sidebar, table_fields
from nnplay.ui.shell import PAGES, Page
from tests import ROOT
from tests.experiment.config.test_config import OTHER_VALUES

APP = str(ROOT / "app.py")


def open_app(**query: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def config_of(app: AppTest) -> ExperimentConfig:
    return app.session_state["config"]


def header_of(app: AppTest) -> dict:
    """Return the header of the message that the stage is given."""
    message = app.session_state["feed"].message
    length = int.from_bytes(message[4:8], "little")
    return json.loads(message[8 : 8 + length])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.file)
def test_every_page_runs(page: Page) -> None:
    app = open_app()
    if not page.default:
        app.switch_page(str(ROOT / "pages" / page.file)).run()
    assert not app.exception


def test_every_file_in_pages_is_a_page() -> None:
    assert {path.name for path in (ROOT / "pages").glob("*.py")} == {page.file for page in PAGES}
    assert [page.default for page in PAGES].count(True) == 1


def test_every_field_of_the_configuration_has_a_control() -> None:
    of_pages = (controls.FIELDS.fields, digits_sidebar.FIELDS.fields, table_fields.FIELDS.fields)
    names = {field.name for fields in of_pages for field in fields}
    assert names == set(ExperimentConfig.__dataclass_fields__)


def test_the_first_visit_shows_the_default_run() -> None:
    app = open_app()
    assert config_of(app) == ExperimentConfig()
    assert dict(app.query_params) == {}
    header = header_of(app)
    assert (header["kind"], header["last_frame"], header["info"]["task"]) == ("sync", 0, "binary")


def test_a_link_sets_every_control_and_stays_as_it_is() -> None:
    linked = ExperimentConfig(
        dataset="blobs(classes=4)",
        n_samples=350,
        noise=0.2,
        test_fraction=0.4,
        hidden_sizes=(5, 3),
        activation=("relu", "elu(alpha=2.0)"),
        loss="quadratic",
        initializer="normal(std=0.5)",
        optimizer="adam(beta_1=0.8)",
        learning_rate=0.02,
        schedule="step(every=50)",
        regularizer="l2",
        dropout=0.1,
        batch_size=None,
        shuffle=False,
        bias=False,
        seed=3,
    )
    app = open_app(**linked.to_query())
    assert not app.exception
    assert config_of(app) == linked
    assert not app.toast
    app.run()
    assert config_of(app) == linked
    assert dict(app.query_params) == linked.to_query()


def test_a_bad_link_loses_only_what_is_bad() -> None:
    app = open_app(dataset="moons", activation="rulu", utm_source="elsewhere")
    assert config_of(app) == ExperimentConfig(dataset="moons")
    assert "rulu" in app.toast[0].value
    assert app.query_params["utm_source"] == "elsewhere"


def test_what_a_visitor_typed_into_a_link_is_shown_as_text() -> None:
    app = open_app(activation="![x](http://127.0.0.1/x.png)")
    assert "![x](" not in app.toast[0].value


@pytest.mark.parametrize("name", LIVE_FIELDS)
def test_a_live_setting_keeps_the_run(name: str) -> None:
    app = open_app()
    before = header_of(app)
    app.session_state[f"field.{name}"] = OTHER_VALUES[name]
    app.run()
    after = header_of(app)
    assert getattr(config_of(app), name) == OTHER_VALUES[name]
    assert (after["run"], after["settings"]) == (before["run"], before["settings"] + 1)


@pytest.mark.parametrize(
    ("name", "value"), [("noise", 0.2), ("n_samples", 200), ("hidden_sizes", 3), ("activation", "relu"), ("seed", 1)]
)
def test_another_definition_begins_another_run(name: str, value: object) -> None:
    app = open_app()
    before = header_of(app)
    app.session_state[f"field.{name}"] = value
    app.run()
    after = header_of(app)
    assert after["kind"] == "sync"
    assert after["run"] != before["run"]


def test_a_refused_value_is_explained_and_changes_nothing() -> None:
    app = open_app(batch_size="220", n_samples="300")
    before = config_of(app)
    app.slider(key="field.test_fraction").set_value(0.5).run()
    assert not app.exception
    assert config_of(app) == before
    assert [error for error in app.sidebar.error if "must be at most the number" in error.value]
    app.slider(key="field.test_fraction").set_value(0.25).run()
    assert not app.error


def test_a_refused_value_does_not_keep_others_from_being_applied() -> None:
    app = open_app()
    app.text_input(key="field.features.own").set_value("sqrt(x1), (").run()
    app.slider(key="field.noise").set_value(0.2).run()
    assert not app.exception
    assert config_of(app).noise == 0.2
    assert config_of(app).features == ("x1", "x2")
    assert [error for error in app.sidebar.error if error.value.startswith("Inputs must be")]


def test_a_refused_parameter_does_not_keep_others_from_being_applied() -> None:
    app = open_app(dataset="formula")
    app.text_input(key="field.dataset.formula.formula").set_value("1/x").run()
    app.slider(key="field.noise").set_value(0.2).run()
    assert config_of(app).noise == 0.2
    assert config_of(app).dataset == "formula"
    assert [error for error in app.sidebar.error if "must give numbers from" in error.value]


def test_the_browser_begins_its_page_at_once() -> None:
    (script,) = [element.proto.body for element in open_app().get("html") if "preparePage" in element.proto.body]
    assert 'preparePage("playground")' in script


def test_layers_grow_and_shrink() -> None:
    app = open_app()
    app.number_input(key="field.hidden_sizes").set_value(4).run()
    assert config_of(app).hidden_sizes == (8, 8, 4, 4)
    app.number_input(key="field.hidden_sizes.3").set_value(2).run()
    assert config_of(app).hidden_sizes == (8, 8, 4, 2)
    app.number_input(key="field.hidden_sizes").set_value(0).run()
    assert not app.exception
    assert config_of(app).hidden_sizes == ()


def test_each_layer_can_have_an_activation_of_its_own() -> None:
    app = open_app()
    app.toggle(key="field.activation.each").set_value(True).run()
    app.selectbox(key="field.activation.layer.1").set_value("relu").run()
    assert config_of(app).activation == ("tanh", "relu")
    app.toggle(key="field.activation.each").set_value(False).run()
    assert config_of(app).activation == "tanh"


def test_the_parameters_of_a_name_are_offered_with_it() -> None:
    app = open_app()
    app.selectbox(key="field.activation").set_value("elu").run()
    app.number_input(key="field.activation.elu.alpha").set_value(2.0).run()
    assert config_of(app).activation == "elu(alpha=2.0)"
    app.number_input(key="field.activation.elu.alpha").set_value(-1.0).run()
    assert config_of(app).activation == "elu(alpha=2.0)"
    assert [error for error in app.error if "Alpha must be" in error.value]


def test_a_layer_that_comes_back_has_the_units_it_had() -> None:
    app = open_app(hidden_sizes="7,5")
    app.number_input(key="field.hidden_sizes").set_value(0).run()
    app.number_input(key="field.hidden_sizes").set_value(2).run()
    assert config_of(app).hidden_sizes == (7, 5)


def test_what_is_automatic_and_the_full_batch_have_words_of_their_own() -> None:
    app = open_app(batch_size="full")
    assert config_of(app).batch_size is None
    for field, word in (
        ("batch_size", "Full batch"),
        ("output", "Automatic"),
        ("loss", "Automatic"),
    ):
        box = app.selectbox(key=f"field.{field}")
        assert box.value is not None
        assert word in box.options


# --- what the stage proposes --------------------------------------------------------------------------------


def proposing_app(**query: str) -> AppTest:
    """Return a page of all controls that takes proposals from the session state, as the stage's trigger does."""

    def page() -> None:
        import streamlit as st

        from nnplay.ui import on_page, state
        from nnplay.ui.form import controls

        with on_page.of("playground"):
            if "proposal" in st.session_state:
                controls.FIELDS.read()
                controls.FIELDS.put(st.session_state.pop("proposal"))
            if refusal := state.take_refused_proposal():
                st.error(refusal)
            controls.FIELDS.read()
            controls.FIELDS.draw_bar()
            controls.draw_sidebar()

    app = AppTest.from_function(page, default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def propose(app: AppTest, values: object) -> AppTest:
    app.session_state["proposal"] = values
    return app.run()


def test_a_proposal_sets_the_controls_of_every_field() -> None:
    proposed = ExperimentConfig(
        dataset="blobs(classes=4)",
        n_samples=333,
        noise=0.21,
        test_fraction=0.4,
        hidden_sizes=(5, 3, 1),
        activation=("relu", "elu(alpha=2.0)", "tanh"),
        output="softmax",
        loss="quadratic",
        initializer="normal(std=0.5)",
        optimizer="adam(beta_1=0.8)",
        learning_rate=0.02,
        schedule="step(every=50)",
        regularizer="l2",
        regularization_rate=0.002,
        dropout=0.1,
        batch_size=None,
        shuffle=False,
        bias=False,
        dtype="float32",
        seed=3,
    )
    app = propose(proposing_app(), proposed.to_dict())
    assert not app.exception
    assert config_of(app) == proposed
    assert config_of(app.run()) == proposed
    assert app.number_input(key="field.hidden_sizes").value == 3
    assert app.selectbox(key="field.activation.layer.1").value == "elu(alpha=2.0)"
    app = propose(app, ExperimentConfig().to_dict())
    assert config_of(app.run()) == ExperimentConfig()


def test_proposed_layers_get_fitting_activations() -> None:
    app = proposing_app(activation="relu;tanh", hidden_sizes="4,3")
    app = propose(app, {"hidden_sizes": [4, 3, 2]})
    assert (config_of(app).hidden_sizes, config_of(app).activation) == ((4, 3, 2), ("relu", "tanh", "tanh"))
    app = propose(app, {"hidden_sizes": [6]})
    assert (config_of(app).hidden_sizes, config_of(app).activation) == ((6,), "relu")
    app = propose(app, {"hidden_sizes": []})
    assert config_of(app.run()).hidden_sizes == ()


@pytest.mark.parametrize(
    "values",
    [
        None, [], "hidden_sizes", 3, {"hidden_sizes": [0]}, {"hidden_sizes": [1] * 99}, {"hidden_sizes": "8"},
        {"hidden_sizes": [[8]]}, {"hidden_sizes": [1e99]}, {"hidden_sizes": None}, {"units": 3}, {"": 1},
        {"activation": "rulu"}, {"activation": {}}, {"learning_rate": "fast"}, {"learning_rate": float("nan")},
        {"dataset": "__import__('os')"}, {"dataset": 7}, {"seed": -1}, {"batch_size": 10**9}, {"bias": "yes"},
    ],
    ids=repr,
)  # fmt: skip
def test_a_bad_proposal_is_refused_with_a_sentence_and_changes_nothing(values: object) -> None:
    app = propose(proposing_app(activation="relu;tanh", hidden_sizes="4,3"), values)
    assert not app.exception
    assert config_of(app) == ExperimentConfig(activation=("relu", "tanh"), hidden_sizes=(4, 3))
    assert [error.value for error in app.error if " must " in error.value]


def stage_app() -> AppTest:
    """Return a page of all controls that takes what the stage sends from the session state."""

    def page() -> None:
        import streamlit as st

        from nnplay.ui import on_page, stage, state
        from nnplay.ui.form import controls

        with on_page.of("playground"):
            for name in st.session_state.stage if "stage" in st.session_state else ():
                take = {"request": stage._answer, "proposal": stage._take_proposal}[name]
                take(controls.FIELDS.read, controls.FIELDS.put)
            st.session_state.stage = {}
            state.begin_page()
            controls.FIELDS.read()
            state.note_drawn()
            controls.FIELDS.draw_bar()
            controls.draw_sidebar()
            state.end_page()
            state.feed()
            state.write_link()

    return AppTest.from_function(page, default_timeout=30).run()


@pytest.mark.parametrize(
    ("change", "behind"),
    [
        ({}, False),
        ({"learning_rate": 0.1}, False),
        ({"momentum": 0.5, "regularization_rate": 0.01}, False),
        ({"momentum": 0.0}, True),  # then Nesterov can't be chosen
        ({"regularizer": "l2"}, True),
        ({"learning_rate": 0.1, "seed": 5}, True),
        ({"learning_rate": -1.0}, True),  # refused: the page says so
    ],
    ids=repr,
)
def test_the_page_is_drawn_anew_where_more_than_a_slider_shows_a_change(change: dict, behind: bool) -> None:
    def page() -> None:
        import streamlit as st

        from nnplay.ui import on_page, state

        with on_page.of("playground"):
            state.begin_page()
            state.config()
            state.propose({})
            state.note_drawn()
            state.propose(st.session_state.change)
            st.session_state.behind = state.page_is_behind()

    app = AppTest.from_function(page, default_timeout=30)
    app.session_state["change"] = change
    app.run()
    assert not app.exception
    assert app.session_state["behind"] is behind


def send(app: AppTest, **messages: dict) -> dict:
    """Let the stage send something, and return the header of what it has then."""
    app.session_state["stage"] = messages
    app.run()
    assert not app.exception
    return header_of(app)


def test_a_late_request_with_old_values_does_not_take_a_proposal_back() -> None:
    app = stage_app()
    points: Any = app.slider(key="field.n_samples").value
    header = send(app, proposal={"id": 5, "controls": 0, "values": {"n_samples": points + 50}})
    assert (header["proposal"], config_of(app).n_samples) == (5, points + 50)
    # The browser sent this before it drew the page anew, and Streamlit adds its controls' values.
    app.slider(key="field.n_samples").set_value(points)
    header = send(app, request={"id": 1, "controls": 0, "kind": "sync"})
    assert config_of(app).n_samples == app.slider(key="field.n_samples").value == points + 50
    # A second click that was as quick.
    app.slider(key="field.n_samples").set_value(points)
    header = send(app, proposal={"id": 6, "controls": 0, "values": {"noise": 0.25}})
    assert (config_of(app).n_samples, config_of(app).noise) == (points + 50, 0.25)
    # From then on the browser shows what was set, and what the visitor sets counts.
    header = send(app, request={"id": 2, "controls": header["controls"], "kind": "sync"})
    app.slider(key="field.n_samples").set_value(points)
    send(app, request={"id": 3, "controls": header["controls"], "kind": "sync"})
    assert config_of(app).n_samples == points


def test_a_repeated_proposal_changes_nothing_and_a_refused_one_is_heard() -> None:
    app = stage_app()
    header = send(app, proposal={"id": 5, "controls": 0, "values": {"noise": 0.25}})
    app.slider(key="field.noise").set_value(0.4)
    header = send(app, proposal={"id": 5, "controls": header["controls"], "values": {"noise": 0.25}})
    assert config_of(app).noise == 0.4
    run = header["run"]
    header = send(app, proposal={"id": 6, "controls": header["controls"], "values": {"noise": -1}})
    assert (header["proposal"], header["run"], config_of(app).noise) == (6, run, 0.4)


def test_inputs_are_chosen_and_own_formulas_added() -> None:
    app = open_app(dataset="circles")
    app.button_group(key="field.features.2").set_value(["x1**2", "x2**2"]).run()
    assert config_of(app).features == ("x1**2", "x2**2")
    app.text_input(key="field.features.own").set_value("x1^3 ; sin(3*x2);").run()
    assert config_of(app).features == ("x1**2", "x2**2", "x1**3", "sin(3*x2)")
    assert header_of(app)["info"]["inputs"] == ["x₁²", "x₂²", "x₁³", "sin(3·x₂)"]
    assert app.query_params["features"] == "x1**2;x2**2;x1**3;sin(3*x2)"
    again = open_app(dataset="circles", features="x1**2;sin(3*x2)")
    assert again.text_input(key="field.features.own").value == "sin(3*x2)"
    assert config_of(again.run()).features == ("x1**2", "sin(3*x2)")


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("x1 +", "can't be read"),
        ("x1.__class__", "isn't allowed"),
        ("open(x1)", "isn't known"),
        ("log(x1)", "no finite number"),
        ("![x](http://127.0.0.1/x.png)", "isn't allowed"),
    ],
)
def test_a_bad_formula_gets_one_sentence_and_changes_nothing(own: str, said: str) -> None:
    app = open_app()
    before, message = config_of(app), app.session_state["feed"].message
    app.text_input(key="field.features.own").set_value(own).run()
    assert not app.exception
    assert config_of(app) == before
    assert app.session_state["feed"].message == message
    (error,) = app.sidebar.error
    assert error.value.startswith("Inputs must be")
    assert said in error.value
    assert "](http" not in error.value
    app.text_input(key="field.features.own").set_value("x1**3").run()
    assert not app.error
    assert config_of(app).features == ("x1", "x2", "x1**3")


def test_no_input_at_all_is_refused() -> None:
    app = open_app()
    app.button_group(key="field.features.2").set_value([]).run()
    assert config_of(app).features == ("x1", "x2")
    assert "got 0" in app.sidebar.error[0].value


# --- drawn points -------------------------------------------------------------------------------------------

DRAWING = {"task": "classification", "points": [[0, 0, 0], [0.1, 0, 0], [1, 1, 1], [1, 0.9, 1], [0.8, 1, 1]]}


def test_drawn_points_become_the_data_and_stay_among_them() -> None:
    app = propose(proposing_app(), {"dataset": "own", "points": DRAWING})
    assert not app.exception
    assert config_of(app.run()).data.own.data.n_samples == 5
    assert app.slider(key="field.noise").disabled
    assert app.slider(key="field.n_samples").disabled
    app.session_state["field.dataset"] = "moons"
    app.run()
    assert (config_of(app).dataset, app.slider(key="field.noise").disabled) == ("moons", False)
    app.session_state["field.dataset"] = "own"
    assert config_of(app.run()).data.own.data.n_samples == 5


def test_a_bad_drawing_is_refused_with_a_sentence_and_changes_nothing() -> None:
    app = propose(proposing_app(), {"dataset": "own", "points": DRAWING | {"points": [[0, 0, 0]] * 9}})
    assert not app.exception
    assert config_of(app) == ExperimentConfig()
    assert "at least 2 classes" in app.error[0].value


def test_a_link_with_own_data_opens_them_and_stays_as_it_is() -> None:
    linked = ExperimentConfig(dataset="own", points=text_of_drawing(DRAWING)).to_query()
    app = open_app(**linked)
    assert not app.exception
    assert config_of(app).data.own.data.n_samples == 5
    assert dict(app.query_params) == linked
    assert header_of(app)["info"]["input_names"] == ["x₁", "x₂"]


def test_a_function_of_ones_own_is_typed_and_a_bad_one_explained() -> None:
    app = open_app(dataset="formula")
    assert not app.exception
    app.text_input(key="field.dataset.formula.formula").set_value("x^2 - x/2").run()
    assert config_of(app).dataset == "formula(formula='x**2-x/2')"
    info = header_of(app)["info"]
    assert (info["input_names"], info["inputs"], info["task"]) == (["x"], ["x"], "regression")
    app.text_input(key="field.dataset.formula.formula").set_value("1/x").run()
    assert config_of(app).dataset == "formula(formula='x**2-x/2')"
    assert [error for error in app.sidebar.error if "must give numbers from" in error.value]
    app.button_group(key="field.features.1").set_value(["x1", "x1**2"]).run()
    app.text_input(key="field.dataset.formula.formula").set_value("x^2").run()
    assert not app.error
    assert config_of(app).features == ("x1", "x2", "x1**2")
    app.text_input(key="field.features.own").set_value("exp(x2)").run()
    assert config_of(app).layer_sizes[0] == 2
    assert [caption for caption in app.sidebar.caption if "Not used here" in caption.value]
    app.session_state["field.dataset"] = "moons"
    app.run()
    assert not app.exception
    assert config_of(app).layer_sizes[0] == 4


# --- tables -------------------------------------------------------------------------------------------------

TABLE = "length,weight,height,animal\n" + "".join(
    f"{k % 7},{k * k % 11},{k},{['cat', 'dog'][k % 2]}\n" for k in range(40)
)


def dialog_app() -> AppTest:
    """Return a page with what is in the dialog for one's own data, and the controls."""

    def page() -> None:
        from nnplay.ui import on_page
        from nnplay.ui.dialogs import open_points
        from nnplay.ui.form import controls

        with on_page.of("playground"):
            controls.FIELDS.read()
            controls.draw_sidebar(open_points.draw_buttons)
            open_points.draw()

    return AppTest.from_function(page, default_timeout=30).run()


def paste(app: AppTest, text: str) -> AppTest:
    return app.text_area(key="own_data.text").set_value(text).run()


def use(app: AppTest) -> AppTest:
    return next(button for button in app.button if button.label == "Use these data").click().run()


def test_a_pasted_table_is_previewed_chosen_from_and_learned() -> None:
    app = paste(dialog_app(), TABLE)
    assert not app.exception
    assert app.dataframe[0].value.shape == (5, 4)
    assert app.multiselect[0].value == ["length", "weight"]
    app = use(app)
    assert not app.exception
    config = config_of(app.run())
    assert config.data.own.data.class_names == ("cat", "dog")
    assert config.data.own.data.feature_names == ("length", "weight")
    app = use(paste(app, TABLE).multiselect[0].set_value(["length", "weight", "height"]).run())
    assert config_of(app.run()).layer_sizes[0] == 3
    assert not app.exception


@pytest.mark.parametrize("text", ["hello", "a,b,c\n1,2,3\n", "a,b,c\n" + "1,2,x\n" * 9, "\x00"], ids=repr)
def test_a_table_that_cannot_be_used_gets_a_sentence_and_changes_nothing(text: str) -> None:
    app = paste(dialog_app(), text)
    assert not app.exception
    assert [error.value for error in app.error if " must " in error.value or "No column can be" in error.value]
    assert config_of(app) == ExperimentConfig()


def test_a_table_without_numbers_is_said_to_have_none_and_words_can_be_chosen() -> None:
    app = paste(dialog_app(), "this,is\n" + "".join(f"{'abc'[k % 3]},{'de'[k % 2]}\n" for k in range(12)))
    assert not app.exception
    assert [error.value for error in app.error if "no column holds numbers" in error.value]
    app.multiselect[0].set_value(["this"]).run()
    assert not app.error
    assert config_of(use(app).run()).data.own.data.feature_names == ("this = a", "this = b", "this = c")


def test_names_from_a_table_are_shown_as_they_are() -> None:
    names = "![x](http://x/y.png),**b**,<img src=x>"
    app = paste(dialog_app(), f"{names}\n" + "".join(f"{k % 7},{k * k % 11},[c{k % 2}](http://z)\n" for k in range(40)))
    assert not app.exception
    for markdown in app.markdown:
        assert "](http" not in markdown.value


def test_a_dialog_is_asked_for_until_a_run_of_the_page_has_got_to_its_end() -> None:
    def page() -> None:
        import streamlit as st

        from nnplay.ui import on_page, state
        from nnplay.ui.form import controls

        with on_page.of("playground"):
            state.begin_page()
            controls.FIELDS.read()
            state.note_drawn()
            if "asked" not in st.session_state:
                state.ask_for_dialog("explain")
            st.session_state.asked = state.dialog_asked_for()
            st.session_state.behind = state.page_is_behind()
            if st.session_state.cut_off:
                st.stop()
            state.end_page()

    app = AppTest.from_function(page)
    app.session_state.cut_off = True
    for _ in range(2):
        app.run()
        # This run opens it; only one of the stage alone has to ask for another.
        assert (app.session_state.asked, app.session_state.behind) == ("explain", False)
    app.session_state.cut_off = False
    assert app.run().session_state.asked == "explain"
    assert app.run().session_state.asked is None


# --- the address --------------------------------------------------------------------------------------------


def test_only_what_the_visitor_chose_counts_as_a_choice() -> None:
    app = open_app(dataset="moons", activation="rulu")
    header = header_of(app)
    assert header["trail"] == [[0, "dataset=moons"]]
    app.selectbox(key="field.activation").set_value("relu").run()
    header = header_of(app)
    assert header["trail"] == [[0, "dataset=moons"], [1, "dataset=moons&activation=relu"]]
    app.run()
    assert header_of(app)["trail"] == header["trail"]


def test_what_the_stage_shows_is_followed_without_a_choice() -> None:
    app = stage_app()
    run = header_of(app)["run"]
    send(app, request={"id": 1, "kind": "frames", "run": run, "from": 0, "unit": "epoch", "amount": 1, "n": 3})
    header = send(app, proposal={"id": 1, "values": {"activation": "relu"}})
    assert (header["trail"], config_of(app).activation) == ([[0, ""], [1, "activation=relu"]], "relu")
    header = send(app, request={"id": 2, "kind": "undo", "run": header["run"]})
    assert (header["trail"][-1][0], config_of(app).activation) == (1, "tanh")


def test_a_message_says_the_address_of_its_own_run_and_not_of_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    app = stage_app()
    run = header_of(app)["run"]
    header = send(app, request={"id": 1, "kind": "edit", "run": run, "frame": 0, "index": 0, "value": 1.0})
    edited = header["trail"][-1][1]
    assert edited.startswith("recipe=")
    assert edited == urlencode({"recipe": app.query_params["recipe"]})
    header = send(app, request={"id": 2, "kind": "rest", "run": run, "shown": 0})
    assert (header["trail"][-1][1], "recipe" in app.query_params) == ("", False)

    # A request may come from the address as it was before that was written: then it is written once more.
    written: list[Any] = []
    keep = QueryParamsProxy.from_dict

    def write(self: QueryParamsProxy, new: Any) -> None:
        written.append(new)
        keep(self, new)

    monkeypatch.setattr(QueryParamsProxy, "from_dict", write)
    send(app, request={"id": 3, "kind": "rest", "run": run, "shown": 1})
    del app.query_params["recipe"]
    send(app, request={"id": 4, "kind": "rest", "run": run, "shown": 0})
    assert [("recipe" in each) for each in written] == [True, False]
    send(app, request={"id": 5, "kind": "rest", "run": run, "shown": 0})
    assert len(written) == 2


def test_the_data_seed_has_a_control_where_a_run_has_one_and_can_be_let_go() -> None:
    assert "field.data_seed" not in {widget.key for widget in open_app().number_input}
    app = open_app(seed="5", data_seed="3")
    assert app.number_input(key="field.data_seed").value == 3
    app.number_input(key="field.seed").set_value(6).run()
    assert (config_of(app).seed, config_of(app).data_seed) == (6, 3)
    app.number_input(key="field.data_seed").set_value(None).run()
    assert not app.exception
    assert config_of(app).data_seed is None
    assert "data_seed" not in app.query_params
    app.run()
    assert "field.data_seed" not in {widget.key for widget in app.number_input}


def test_a_control_that_was_set_by_a_run_that_was_cut_off_is_set_once_more() -> None:
    app = open_app()
    app.session_state["controls_put"] = 1
    app.selectbox(key="field.activation").set_value("relu").run()  # as the browser still shows it, to which nobody said
    assert app.selectbox(key="field.activation").value == "tanh"
    assert app.session_state["config"].activation == "tanh"
    app.selectbox(key="field.activation").set_value("relu").run()
    assert app.session_state["config"].activation == "relu"
