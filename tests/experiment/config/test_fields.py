"""The table of settings: what a row says is what the app does, and a new setting is a row and the line that uses it."""

from __future__ import annotations

import ast
import copy
import dataclasses
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nnplay import ExperimentConfig
from nnplay.experiment.config.fields import LIVE_FIELDS, SETTINGS, Fields
from nnplay.experiment.training.stop_conditions import STOP_FIELDS
from tests import ROOT
from tests.experiment.config import test_config

ROW = """
    weight_scale: float = setting(
        1.0,
        real(0, 10),
        "float: What the first weights are multiplied by.",
        "Weight scale",
        helps.Help("Multiplies the first weights.", "Too small: slow at first.", "Too large: units are stuck."),
        control=Control("slider", {"high": 3.0, "step": 0.5}),
    )
"""
USE = "        network.parameters *= self.weight_scale\n"

#: What is tried in a copy of the project that has one row and one line more.
TRIAL = """
from streamlit.testing.v1 import AppTest
import nnplay as nn
from nnplay.server.setting_words import change_in_words
from nnplay.server.training_pages import TRAINING_PAGES

plain, config = nn.ExperimentConfig(), nn.ExperimentConfig(weight_scale=2.5)
assert (config.build().network.parameters == 2.5 * plain.build().network.parameters).all()
assert nn.ExperimentConfig.from_query(config.to_query()) == (config, [])
assert nn.ExperimentConfig.from_dict(config.to_dict()) == config
assert not plain.same_run(config)
assert "What the first weights are multiplied by" in nn.ExperimentConfig.__doc__
assert change_in_words(plain, config) == "weight scale 1 \\u2192 2.5"
try:
    nn.ExperimentConfig(weight_scale=-1)
except nn.Refusal as refusal:
    assert (refusal.argument, refusal.got) == ("weight_scale", "-1"), refusal
else:
    raise AssertionError("was not refused")
assert "Weight scale" in TRAINING_PAGES["playground"].read_link({"weight_scale": "x"})[1][0]

app = AppTest.from_file("app.py", default_timeout=60)
app.query_params["weight_scale"] = "2.5"
app.run()
assert not app.exception, app.exception
slider = app.slider(key="field.weight_scale")
assert (slider.label, slider.value) == ("Weight scale", 2.5)
slider.set_value(0.5).run()
assert dict(app.query_params) == {"weight_scale": "0.5"}, app.query_params
"""


def test_a_new_setting_is_one_row_and_the_line_that_uses_it(tmp_path: Path) -> None:
    copy = tmp_path / "project"
    for folder in ("nnplay", "pages", "static", ".streamlit"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", copy)
    _insert(copy / "nnplay/experiment/config/fields.py", "    bias: bool = setting(", ROW.removeprefix("\n"))
    _insert(copy / "nnplay/experiment/config/config.py", "        return TrainingSession(", USE)
    environment = os.environ | {"PYTHONPATH": str(copy)}
    done = subprocess.run(
        [sys.executable, "-c", TRIAL], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]


def _insert(path: Path, before: str, text: str) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count(before) == 1
    path.write_text(source.replace(before, text + before), encoding="utf-8")


def test_every_row_is_fit_for_its_control_and_its_link() -> None:
    config = ExperimentConfig()
    for name, row in SETTINGS.items():
        default = Fields.__dataclass_fields__[name].default
        assert row.check(name, default, config) == default
        assert row.label
        assert row.doc
        assert default is not None or row.none_word
        assert not (row.live and row.carried_over)
        for page in row.pages:
            assert "{" not in (row.help_on(page) or "")


@pytest.mark.parametrize("name", LIVE_FIELDS)
def test_a_live_setting_reaches_a_session_that_trains_and_its_copy(name: str) -> None:
    assert name in test_config.OTHER_VALUES, f"put another value of {name} into OTHER_VALUES of {test_config.__name__}"
    base = ExperimentConfig(n_samples=40, hidden_sizes=(3,), regularizer="l2")
    changed = dataclasses.replace(base, **{name: test_config.OTHER_VALUES[name]})
    session, expected = base.build(), changed.build()
    changed.apply_live(session)
    for one in (session, copy.deepcopy(session)):
        one.run(2)
        expected_now = copy.deepcopy(expected).run(2)
        same = np.array_equal(one.network.parameters, expected_now.network.parameters)
        assert same, f"{name} is live, but ExperimentConfig.apply_live, or a copy, doesn't pass it on"
        assert [getattr(one, stop) for stop in STOP_FIELDS] == [getattr(expected_now, stop) for stop in STOP_FIELDS]


#: Settings that have a widget, or a place on a page, of their own.
SPECIAL = {"dataset", "points", "columns", "features", "hidden_sizes", "activation", "log_target"}


@pytest.mark.parametrize("name", sorted(SETTINGS.keys() - SPECIAL))
def test_no_page_names_a_setting(name: str) -> None:
    naming = {
        str(path.relative_to(ROOT))
        for folder in ("nnplay/ui", "pages")
        for path in (ROOT / folder).rglob("*.py")
        if path.parent.name != "articles"  # whose tables have columns of such names
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value == name
    }
    assert naming == set()
