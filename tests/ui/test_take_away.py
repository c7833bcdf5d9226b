"""The parts of the dialog Take away, by AppTest."""

from __future__ import annotations

import math

import pytest
from streamlit.testing.v1 import AppTest

from nnplay import ExperimentConfig, Network
from nnplay.experiment.export.notebooks import embedding
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.saved_runs import saved_run
from nnplay.ui.dialogs.take_away.dialog import PARTS
from nnplay.ui.dialogs.take_away.model import inputs_in_words
from nnplay.ui.dialogs.take_away.moment import Moment
from nnplay.ui.dialogs.take_away.notebook import what_it_does
from tests.experiment.saved_runs.test_saved_run import trained
from tests.ui.test_lecture import in_dialog


def choose(app: AppTest, key: str, value: str) -> AppTest:
    """Press one of several buttons in a row."""
    return app.segmented_control(key=key).set_value(value).run()


@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_shown_alone(part: str) -> None:
    app = choose(in_dialog("take_away.dialog", dataset="moons"), "take_away.part", part)
    assert not app.exception
    assert not app.error
    offered = [element.proto.label for element in app.get("download_button")]
    assert any("epoch 0" in label for label in offered) == (part in ("run", "notebook", "model"))


def test_every_kind_of_notebook_and_of_network_is_offered() -> None:
    app = choose(in_dialog("take_away.dialog", dataset="moons"), "take_away.part", "notebook")
    for kind in ("numpy", "pytorch", "nnplay"):
        assert not choose(app, "take_away.framework", kind).exception
        assert len(app.get("download_button")) == 1
    choose(app, "take_away.part", "model")
    for form, said in (("onnx", "onnxruntime"), ("json", "nn.load"), ("npz", "torch.nn.Sequential")):
        assert said in choose(app, "take_away.form", form).code[0].value
    assert "MLPClassifier" in choose(app, "take_away.elsewhere", "scikit-learn").code[0].value


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"dataset": "moons"}, "loss and the boundary, and checks that loss and accuracy"),
        ({"dataset": "sine"}, "loss and the fitted curve, and checks that loss and R²"),
        ({"dataset": "plane"}, "loss and the fitted surface, and checks that loss and R²"),
        ({"dataset": "digits"}, "loss and the confusion matrix, and checks that loss and accuracy"),
        ({"dataset": "diabetes"}, "loss and predicted against true values, and checks that loss and R²"),
    ],
)
def test_what_a_notebook_draws_and_checks_is_what_is_in_it(settings: dict[str, str], said: str) -> None:
    assert said in what_it_does(ExperimentConfig.from_dict(settings))


@pytest.mark.parametrize(
    ("text", "said"),
    [(Network([2, 1]).to_json(), "This is a network without its run."), ("{}", "This isn't an nnplay run file.")],
)
def test_a_file_that_holds_no_run_is_called_what_it_is(text: str, said: str) -> None:
    app = in_dialog("take_away.dialog", dataset="moons")
    app.file_uploader(key="files.upload.0").upload("a.json", text.encode(), "application/json").run()
    assert not app.exception
    told = app.error[0].value.replace("\\", "")
    assert told.startswith(said)
    assert told.endswith("The run on screen stays.")


def test_of_images_it_is_said_what_a_pixel_is() -> None:
    config = ExperimentConfig(dataset="digits", hidden_sizes=(4,))
    images = config.data.make().X
    assert (images.min(), images.max()) == (0, 1)
    moment = Moment(Recording(config), 0, 0)
    for form in ("onnx", "npz", "json"):
        assert inputs_in_words(form, moment) == "a column for each pixel, from 0 for the background to 1 for ink"


def test_where_scikit_learn_has_no_such_network_it_is_said() -> None:
    app = choose(in_dialog("take_away.dialog", dataset="moons", activation="gelu"), "take_away.part", "model")
    choose(choose(app, "take_away.form", "npz"), "take_away.elsewhere", "scikit-learn")
    assert not app.code
    assert "don’t have this activation" in app.caption[-1].value


def test_what_makes_no_notebook_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "MOST_VALUES", 100)
    app = choose(in_dialog("take_away.dialog", dataset="moons"), "take_away.part", "notebook")
    assert app.error[0].value.replace("\\", "").startswith("No notebook: data must be at most 100 numbers")
    assert not app.get("download_button")
    assert not choose(app, "take_away.framework", "nnplay").error

    saved = saved_run.to_dict(trained(ExperimentConfig(n_samples=40), 2, 0))
    del saved["recipe"]
    app = in_dialog("take_away.dialog")
    app.session_state["opened"] = saved_run.from_dict(saved)
    app.run()
    choose(app, "take_away.part", "notebook")
    assert "must be known from its beginning" in app.error[0].value
    assert math.isfinite(app.session_state["feed"].recording.track.kept[2].measures[0])
