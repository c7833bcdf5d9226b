"""Exported notebooks are executed, and come to the numbers that the page showed."""

from __future__ import annotations

import json
import math
import os
import re
from typing import Any

import numpy as np
import pytest

import nnplay as nn
from nnplay.datasets.features import FEATURES, compute_features
from nnplay.engine import activations
from nnplay.engine.initializers import INITIALIZERS
from nnplay.engine.losses import LOSSES
from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.engine.outputs import OUTPUTS
from nnplay.engine.schedules import SCHEDULES
from nnplay.experiment.export.notebooks import embedding, formulas
from nnplay.experiment.export.notebooks.cells import code_of
from nnplay.experiment.export.notebooks.notebook import FRAMEWORKS, notebook_of
from nnplay.experiment.export.notebooks.pieces import formula
from nnplay.experiment.export.notebooks.telling import Told
from nnplay.experiment.recording.recipe import CarryOver, Edit, FreshOptimizer, NewSettings, Place, Recipe
from nnplay.experiment.recording.recording import Recording
from tests.experiment.export.executed import executed, largest_difference, needed
from tests.experiment.export.random_runs import random_run

MOONS = nn.ExperimentConfig(dataset="moons", n_samples=80, hidden_sizes=(3, 2), noise=0.1)


def changed(config: nn.ExperimentConfig, **values: Any) -> nn.ExperimentConfig:
    return nn.ExperimentConfig.from_dict(config.to_dict() | values)


def with_all_events() -> Recipe:
    slower = changed(MOONS, learning_rate=0.01, momentum=0.5)
    adam = changed(slower, optimizer="adam", schedule="step(every=2, gamma=0.5)", regularizer="l2", dropout=0.2)
    other = changed(adam, noise=0.2, seed=3, batch_size=7)
    place = Place.at(40, np.linspace(-1, 1, MOONS.n_parameters))
    events = (
        NewSettings(11, slower), Edit(17, 2, 0.25), NewSettings(24, adam), CarryOver(31, other), place,
        FreshOptimizer(52),
    )  # fmt: skip
    return Recipe(MOONS, events)


@pytest.mark.parametrize("framework", ["nnplay", "numpy"])
def test_every_change_on_the_way_is_replayed_to_the_last_bit(framework: str) -> None:
    recipe = with_all_events()
    space = executed(nn.export.notebook(recipe, epochs=12, framework=framework))
    assert largest_difference(space) == 0
    assert len(space["page_showed"]) == 4


@pytest.mark.parametrize("framework", ["nnplay", "numpy"])
@pytest.mark.parametrize("number", range(4))
def test_runs_of_all_kinds_come_to_the_same_numbers(number: int, framework: str) -> None:
    recipe, n_steps = random_run(number)
    told = Told(recipe, n_steps, recipe.replay(n_steps, evaluate_every=0).measure())
    assert largest_difference(executed(notebook_of(told, framework, seconds=0))) == 0


@pytest.mark.long
@pytest.mark.parametrize("number", range(30))
def test_thirty_runs_come_to_the_same_numbers_in_every_framework(number: int) -> None:
    recipe, n_steps = random_run(number)
    told = Told(recipe, n_steps, recipe.replay(n_steps, evaluate_every=0).measure())
    for framework in ("nnplay", "numpy"):
        assert largest_difference(executed(notebook_of(told, framework))) <= 1e-9
    needed("torch", "requirements-torch.txt")
    assert largest_difference(executed(notebook_of(told, "pytorch"))) <= 1e-6


@pytest.mark.long
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_kernel_executes_the_whole_notebook_and_draws_its_pictures(framework: str) -> None:
    nbclient, nbformat, _ = needed("nbclient"), needed("nbformat"), needed("ipykernel")
    if framework == "pytorch":
        needed("torch", "requirements-torch.txt")
    notebook = nbformat.reads(nn.export.notebook(with_all_events(), 12, framework), as_version=4)
    # Streamlit, where another test has imported it, lets all processes from here on draw without showing it.
    alone = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute(env=alone)
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert any("image/png" in output.get("data", {}) for output in outputs)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_notebook_is_valid(framework: str) -> None:
    nbformat = needed("nbformat")
    text = nn.export.notebook(with_all_events(), 12, framework)
    nbformat.validate(nbformat.reads(text, as_version=4))
    assert "pip install" in json.loads(text)["cells"][0]["source"][-1]
    assert sum(cell["metadata"] != {} for cell in json.loads(text)["cells"]) == (framework != "nnplay")  # the data


def test_a_recording_is_told_at_the_frame_that_is_shown() -> None:
    recording = Recording(MOONS)
    recording.advance(0, "epoch", 1, 3, math.inf)
    recording.apply(changed(MOONS, learning_rate=0.3))
    recording.advance(3, "step", 2, 4, math.inf)
    frame = recording.last_frame - 1
    space = executed(nn.export.notebook(recording, framework="numpy", frame=frame))
    shown = list(space["page_showed"].values())
    assert shown == list(recording.track.kept[frame].measures[:4])
    assert space["learning_rate"] == 0.3
    assert (space["epoch"], space["step_in_epoch"]) == (4, 0)  # six steps an epoch


def test_of_large_data_the_same_part_is_looked_at_as_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnplay.experiment.recording.setup.MOST_WHOLE", 600)
    monkeypatch.setattr("nnplay.experiment.export.notebooks.with_nnplay.MOST_WHOLE", 600)
    config = nn.ExperimentConfig(dataset="digits", hidden_sizes=(5,), batch_size=64, dtype="float32")
    recording = Recording(config)
    recording.advance(0, "step", 8, 1, math.inf)
    shown = recording.track.kept[1].measures[:4]
    for framework in ("nnplay", "numpy"):
        found = executed(nn.export.notebook(recording, framework=framework))["found"]
        np.testing.assert_allclose(list(found.values()), shown, rtol=1e-6)


def test_where_rounding_errors_grow_the_numbers_are_compared_before() -> None:
    wild = nn.ExperimentConfig(learning_rate=0.3)
    text = nn.export.notebook(wild, epochs=40, framework="numpy")
    (epoch,) = re.findall(r"## The same numbers, at epoch (\d+)", text)
    assert 0 < int(epoch) < 40
    space = executed(text)
    assert largest_difference(space) == 0  # on this machine, until the end
    asserting = [cell for cell in code_of(text) if "assert abs" in cell]
    assert len(asserting) == 1
    assert "expected" in asserting[0]
    calm = nn.export.notebook(nn.ExperimentConfig(learning_rate=0.003), epochs=10, framework="numpy")
    assert "chaotic" not in calm


def test_a_notebook_has_only_what_the_run_uses() -> None:
    text = nn.export.notebook(nn.ExperimentConfig(dataset="moons", hidden_sizes=(4,), momentum=0.0), 2, "numpy")
    lines = [line for cell in code_of(text) for line in cell.splitlines() if not line.startswith(("X_", "y_"))]
    for word in ("dropout", "velocity", "schedule", "l1", "l2", "softmax", "Adam", "import nnplay", "from nnplay"):
        assert word not in "\n".join(lines)
    assert len(lines) < 180


@pytest.mark.parametrize(
    ("run", "more", "said"),
    [
        (MOONS, {"framework": "torch"}, "framework must be one of"),
        (MOONS, {"epochs": -1}, "epochs must be"),
        ("moons", {}, "run must be an ExperimentConfig, a Recipe or a Recording"),
        (with_all_events(), {"epochs": 3}, "epochs must be at least 8"),
        (changed(MOONS, learning_rate=1e4, activation="identity", output="identity", loss="sum_squared_error"), {},
         "diverge"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_refused_in_a_sentence(run: Any, more: dict[str, Any], said: str) -> None:
    with pytest.raises((nn.Refusal, TypeError), match=said):
        nn.export.notebook(run, **more)


def test_data_that_are_too_large_are_refused_but_for_nnplay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "MOST_VALUES", 100)
    with pytest.raises(nn.Refusal, match=r"data must be at most 100 numbers .* got 120.*Take the notebook for nnplay"):
        nn.export.notebook(MOONS, 1, "numpy")
    executed(nn.export.notebook(MOONS, 1, "nnplay"))


# -- what is written by name -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*activations.ACTIVATIONS, "elu(alpha=0.5, slope_above=0.3)", "leaky_relu(slope=0.2)"])
def test_an_activation_is_written_as_the_engine_computes_it(name: str) -> None:
    activation = activations.get(name)
    form = formulas.written(activation)
    z = np.linspace(-6, 6, 201)
    space = {"np": np, "math": math, "z": z.copy()}
    exec("\n".join([*form.before, f"a = {form.value}", f"slope = {form.slope.partition('  #')[0]}"]), space)
    a = activation(z)
    np.testing.assert_array_equal(space["a"], a)
    np.testing.assert_array_equal(space["slope"], activation.derivative(z, a, np.empty_like(z)))


def test_every_registered_name_is_written() -> None:
    assert set(formulas.ACTIVATIONS) == set(activations.ACTIVATIONS)
    assert set(formulas.OUTPUTS) == set(formulas.THROUGH_OUTPUT) == set(OUTPUTS)
    assert set(formulas.LOSSES) == set(LOSSES)
    for name in INITIALIZERS:
        config = changed(MOONS, initializer=name)
        network = executed(nn.export.notebook(config, 0, "numpy"))["network"]
        np.testing.assert_array_equal(network[0][:-1], config.build().network.weights[0])
    for optimizer, schedule in zip(OPTIMIZERS, SCHEDULES, strict=True):
        executed(nn.export.notebook(changed(MOONS, optimizer=optimizer, schedule=schedule), 2, "numpy"))


@pytest.mark.parametrize("text", [*FEATURES, "min(x1,2)*x2", "2**3*x1", "-x1**2+e", "log(x1+5)/3", "abs(x2)"])
def test_an_input_is_written_as_numpy_computes_it(text: str) -> None:
    X = np.random.default_rng(0).uniform(-1, 1, (50, 2))
    found = eval(formula(text), {"np": np, "x1": X[:, 0], "x2": X[:, 1]})
    np.testing.assert_allclose(found, compute_features((text,), X)[:, 0], rtol=1e-15)


def test_powers_of_numbers_alone_are_floats() -> None:
    assert formula("9**9**9*0+x1") == "9.0**9.0**9.0 * 0.0 + x1"


@pytest.mark.parametrize(
    "array",
    [np.random.default_rng(0).normal(size=(30, 2)), np.arange(2000.0).reshape(100, 20) % 17 / 16,
     np.arange(9, dtype=np.uint8), np.linspace(0, 1, 7, dtype=np.float32)],
)  # fmt: skip
def test_an_array_is_packed_exactly(array: np.ndarray) -> None:
    space: dict[str, Any] = {"np": np}
    exec(f"import base64, zlib\n{embedding.UNPACK}\narray = {embedding.packed(array)}", space)
    np.testing.assert_array_equal(space["array"], array)
    assert space["array"].dtype == array.dtype


def test_a_frame_is_of_a_recording_and_kept() -> None:
    with pytest.raises(nn.Refusal, match="frame must be left out, unless a recording is told; epochs says how far"):
        nn.export.notebook(MOONS, epochs=1, frame=3)
    recording = nn.export.record(MOONS, 2)
    with pytest.raises(nn.Refusal, match=r"frame must be one that is kept; got 99\. The nearest is 2\."):
        nn.export.notebook(recording, frame=99)
    with pytest.raises(nn.Refusal, match="frame must be an integer at least 0; got '1'"):
        nn.export.notebook(recording, frame="1")  # type: ignore[arg-type]
