"""The parts of the dialog Take away, by AppTest."""

from __future__ import annotations

import math

import pytest
from streamlit.testing.v1 import AppTest

from nnplay import ExperimentConfig
from nnplay.experiment.export.notebooks import embedding
from nnplay.experiment.saved_runs import saved_run
from nnplay.ui.dialogs.take_away.dialog import PARTS
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
