"""The notebook that trains a run again with nnplay."""

from __future__ import annotations

from collections.abc import Iterator

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS, Fields, differing
from nnplay.experiment.export.notebooks import about, pieces
from nnplay.experiment.export.notebooks.cells import Cell, code, literal, words
from nnplay.experiment.export.notebooks.checking import Checking, course_cells
from nnplay.experiment.export.notebooks.embedding import UNPACK, packed
from nnplay.experiment.export.notebooks.layers import place_of
from nnplay.experiment.export.notebooks.pictures import picture_cells
from nnplay.experiment.export.notebooks.telling import Change, Stretch, Told
from nnplay.experiment.recording.recipe import CarryOver, Edit, FreshOptimizer, NewSettings, Place
from nnplay.experiment.recording.setup import MOST_WHOLE

_HOW = """This notebook trains a run of nnplay again, from its first weights to the moment that was on screen, with the
same engine: every number is the same. Change whatever you like, and run it again."""
_DEFAULTS = Fields()


def cells(told: Told, check: Checking) -> Iterator[Cell]:
    """Yield the cells."""
    config = told.config
    yield about.head(
        told,
        " ".join(_HOW.split()),
        "nnplay, by `pip install .` in its folder, and Matplotlib: `pip install matplotlib`",
    )
    places = any(isinstance(change.event, Place) for change in told.changes)
    imports = ["import dataclasses"] if list(pieces.carried_over(told)) else []
    if places:
        imports = ["import base64", *imports, "import zlib"]
    yield code(
        imports, [""] if imports else [], "import matplotlib.pyplot as plt", "import numpy as np", "",
        "import nnplay as nn", ["", "", UNPACK] if places else [],
    )  # fmt: skip
    yield words("## The run\n\nThe settings of data, network and training; what isn't said is as usual.")
    yield code(_config_lines(config), _build_lines(config))
    yield words("## Train")
    said = config  # the settings that `config` has in the notebook: live changes go to the session

    def written(each: Stretch | Change) -> list[str]:
        nonlocal said
        if isinstance(each, Stretch):
            return _train_lines(each)
        lines = _change_lines(each, said)
        if isinstance(each.event, CarryOver):
            said = each.after
        return lines

    large, found = _measuring(told.recipe.latest_config)
    if large:
        yield code(large)
    yield from course_cells(told, check, found, written)
    yield from _pictures(told)


def _config_lines(config: ExperimentConfig) -> list[str]:
    values = {name: getattr(config, name) for name in differing(config, _DEFAULTS)}
    return [
        "config = nn.ExperimentConfig(",
        *(f"    {name}={literal(value)}," for name, value in values.items()),
        ")",
    ]


def _build_lines(config: ExperimentConfig) -> list[str]:
    return ["session = config.build()", "session"]


def _train_lines(stretch: Stretch) -> list[str]:
    per_epoch, left = stretch.config.steps_per_epoch, stretch.n_steps
    lines = []
    if stretch.in_epoch:  # first the epoch that has begun is completed, if there is training enough
        first = min(left, per_epoch - stretch.in_epoch)
        lines.append(f"session.step({first})")
        left -= first
    epochs, rest = divmod(left, per_epoch)
    lines += [f"session.run(epochs={epochs})"] * bool(epochs) + [f"session.step({rest})"] * bool(rest)
    return lines


def _change_lines(change: Change, said: ExperimentConfig) -> list[str]:
    event = change.event
    if isinstance(event, NewSettings):
        return _settings_lines(change.before, change.after)
    if isinstance(event, CarryOver):
        changed = ", ".join(f"{name}={literal(getattr(change.after, name))}" for name in differing(said, change.after))
        return [
            "learned = session.snapshot()",
            f"config = dataclasses.replace(config, {changed})",
            "session = config.build()",
            "begun = session.snapshot()",
            "# What was learned goes on; the order of the samples, and dropout, are the new ones.",
            "session.restore(dataclasses.replace(learned, batches=begun.batches, dropout_rng=begun.dropout_rng))",
            "config.apply_live(session)",
        ]
    if isinstance(event, Edit):
        layer, row, column = place_of(change.before, event.index)
        if row is None:
            return [f"session.network.biases[{layer}][{column}] = {event.value!r}"]
        return [f"session.network.weights[{layer}][{row}, {column}] = {event.value!r}"]
    if isinstance(event, Place):
        return [f"session.network.parameters = {packed(event.parameters)}"]
    assert isinstance(event, FreshOptimizer)
    return [
        'session.network.parameters = session.network.parameters.astype("float32")',
        "session.optimizer = session.optimizer  # of the same kind, and it remembers nothing",
    ]


def _settings_lines(before: ExperimentConfig, after: ExperimentConfig) -> list[str]:
    changed = {name: getattr(after, name) for name in differing(before, after) if SETTINGS[name].group != "stop"}
    old, new = before.make_optimizer(), after.make_optimizer()
    lines = []
    if old.name != new.name:
        hyperparameters = ", ".join(f"{name}={value!r}" for name, value in new.hyperparameters.items())
        lines.append(f"session.optimizer = nn.{type(new).__name__}({hyperparameters})")
    else:
        lines += [
            f"session.optimizer.{name} = {value!r}"
            for name, value in new.hyperparameters.items()
            if value != old.hyperparameters[name]
        ]
    if {"regularizer", "regularization_rate"} & set(changed):
        kind = {
            "none": "None",
            "l1": f"nn.L1({after.regularization_rate!r})",
            "l2": f"nn.L2({after.regularization_rate!r})",
        }
        lines.append(f"session.regularizer = {kind[after.regularizer]}")
    lines += [f"session.{name} = {literal(changed[name])}" for name in ("schedule", "dropout") if name in changed]
    return lines or ["pass  # nothing that training goes by"]


def _measuring(config: ExperimentConfig) -> tuple[list[str], str]:
    """Return lines that come first, and what gives the four numbers."""
    if config.data.has_plane or max(config.n_train, config.n_test) <= MOST_WHOLE:
        return [], "session.measure()"
    return [
        "from nnplay.experiment.recording.setup import looked_at",
        "from nnplay.experiment.training.evaluation import Evaluation",
        "",
        "",
        "def measure():",
        '    """Return losses and scores as the page has them: of large data, a part is looked at."""',
        "    parts = [part for part in looked_at(session.train, session.test, config.seed) if part]",
        "    losses, scores = zip(*(Evaluation(session.network, part, session.loss).measure() for part in parts))",
        "    return losses[0], losses[-1], scores[0], scores[-1]",
    ], "measure()"


def _pictures(told: Told) -> Iterator[Cell]:
    config = told.recipe.latest_config
    names = "train.X, train.y"
    lines = [
        "train, test = config.data.split()",
        "plane = config.data.plane(config.features)",
        f"X_train, y_train = {names}",
        *(["class_names = train.class_names"] if config.task == "classification" else []),
        'history = list(zip(session.history["epoch"], session.history["train_loss"], session.history["test_loss"]))',
        "",
        "",
        "def predict(X):",
        '    """Return what the network answers at points X."""',
        "    return session.network.forward(plane.inputs_of(X))",
    ]
    yield words("## Look at it")
    drawn = picture_cells(told)
    yield code(lines)
    yield drawn[-1]
