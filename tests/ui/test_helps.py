"""What controls say of themselves: what each is, and what too little and too much look like."""

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from nnplay.datasets import DATASETS
from nnplay.engine.activations import ACTIVATIONS
from nnplay.engine.initializers import INITIALIZERS
from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.engine.schedules import SCHEDULES
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS
from nnplay.experiment.config.setting import PLAYGROUND
from nnplay.server.setting_words import words
from nnplay.ui.form import activation_curves
from nnplay.ui.form.widgets import dataclass_parameters
from nnplay.wording import Help
from tests import ROOT

#: Settings whose control is an amount: a line, or a number that is typed.
AMOUNTS = {name for name, row in SETTINGS.items() if row.control.is_line or row.control.kind == "limit"}
AMOUNTS |= {"n_rows", "batch_size", "hidden_sizes", "features", "columns", "initializer"}


def all_helps() -> Iterator[tuple[str, Help | None, bool]]:
    """Yield what has a help, the help, and whether it is of an amount."""
    for name, row in SETTINGS.items():
        if name != "points":  # which are drawn or read from a file
            yield name, row.help, name in AMOUNTS
    for registry in (ACTIVATIONS, INITIALIZERS, SCHEDULES, OPTIMIZERS):
        for name, kind in registry.items():
            for parameter in dataclass_parameters(kind):
                yield f"{name}.{parameter.name}", parameter.help, True
    for name, recipe in DATASETS.items():
        for option in recipe.options:
            yield f"{name}.{option.name}", option.help, not isinstance(option.default, str)


@pytest.mark.parametrize(("name", "help", "is_amount"), list(all_helps()), ids=lambda value: str(value)[:30])
def test_every_help_has_its_parts(name: str, help: Help | None, is_amount: bool) -> None:
    assert help is not None, f"{name} has no help"
    assert help.what.endswith(".")
    if is_amount:
        assert help.too_little, f"{name} doesn't say what too little looks like"
        assert help.too_much, f"{name} doesn't say what too much looks like"
        assert all(": " in part for part in (help.too_little, help.too_much)), "the condition, a colon, what one sees"
    else:
        assert help.when, f"{name} doesn't say when to choose what"
    for part in help.parts:
        assert part[0].isupper() or part.startswith("float32")
        assert part.endswith(".")
        assert "[" not in part


def test_hyperparameters_of_every_optimizer_say_too_little_and_too_much() -> None:
    for kind in OPTIMIZERS.values():
        for field in dataclasses.fields(kind):
            if field.init:
                help = field.metadata["help"]
                assert help.when or (help.too_little and help.too_much)


@pytest.mark.parametrize("name", [name for name, row in SETTINGS.items() if row.help and row.help.shows])
def test_what_shows_too_little_and_too_much_is_a_run(name: str) -> None:
    base = ExperimentConfig() if PLAYGROUND in SETTINGS[name].pages else ExperimentConfig(dataset="mnist")
    little, much = (
        dataclasses.replace(base, **(value if isinstance(value, dict) else {name: value}))
        for value in SETTINGS[name].help.shows
    )
    assert getattr(little, name) != getattr(much, name)


TABS = [("pages/playground.py", ""), ("pages/digits.py", ""), ("pages/tabular.py", "")]
TABS += [("pages/compare.py", tab) for tab in ("race", "luck", "sweep")]


@pytest.mark.parametrize(("path", "tab"), TABS)
def test_every_control_on_a_page_says_what_it_is_and_what_to_look_for(path: str, tab: str) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    app.session_state["controls.all"] = True
    app.run()
    app.switch_page(path)
    if tab:
        app.query_params["tab"] = tab
    app.run()
    assert not app.exception
    kinds = ("slider", "select_slider", "selectbox", "number_input", "toggle", "multiselect", "text_input")
    widgets: list[Any] = [widget for kind in kinds for widget in app.get(kind)]
    assert widgets
    for widget in widgets:
        is_another_layer = widget.label.startswith("Units ") and widget.label != "Units 1"
        if not widget.proto.label_visibility.value and not is_another_layer:
            assert "\n\n" in widget.proto.help, f"{widget.label}: {widget.proto.help!r}"


def test_every_activation_has_its_curve_in_the_menu() -> None:
    sheet = activation_curves.style_sheet()
    for place, name in enumerate(ACTIVATIONS):
        assert f'[data-key="{place}"]::after' in sheet
        assert f'[value="{words(name)}" i]' in sheet
    drawn = re.search(r'points="([^"]+)"', activation_curves.curve("relu"))
    assert drawn
    heights = [float(point.split(",")[1]) for point in drawn[1].split()]
    assert heights[:25] == [8.0] * 25, "flat up to the middle"
    assert heights[25:32] == sorted(heights[25:32], reverse=True), "and upwards from there: y points down"
    assert heights[25] < 8.0
