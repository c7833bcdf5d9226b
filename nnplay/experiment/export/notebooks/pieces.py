"""Lines that notebooks of several kinds share: the data, the order of the samples, the rate's schedule."""

from __future__ import annotations

import ast
from collections.abc import Iterable

import numpy as np

from nnplay.datasets import Dataset
from nnplay.datasets.features import COORDINATES, applicable, parsed_feature
from nnplay.engine import schedules
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.export.notebooks.cells import literal
from nnplay.experiment.export.notebooks.embedding import packed
from nnplay.experiment.export.notebooks.telling import Change, Stretch, Told
from nnplay.experiment.recording.recipe import CarryOver
from nnplay.experiment.recording.setup import looked_at

#: Streams of random numbers, by number: of `nnplay/random_streams.py`, for what never changes.
STREAMS = {"first weights": 2, "shuffling": 3, "dropout": 4, "sample": 5}
_NUMPY_NAMES = {"min": "np.minimum", "max": "np.maximum"}


# -- data ----------------------------------------------------------------------------------------------------------


def data_lines(config: ExperimentConfig) -> list[str]:
    """Return the lines that hold a run's data."""
    train, test, rows = _data(config)
    lines = [f"X_train = {packed(train.X)}", f"y_train = {_packed_targets(train)}"]
    if test is not None:
        lines += [f"X_test = {packed(test.X)}", f"y_test = {_packed_targets(test)}"]
    if rows is not None:
        stream = f"np.random.default_rng([{STREAMS['sample']}, {config.seed}])"
        lines += [f"looked_at = np.sort({stream}.choice({train.n_samples}, {rows}, replace=False))"]
    if config.task == "classification":
        lines.append(f"class_names = {literal(list(train.class_names))}")
    return lines


def _data(config: ExperimentConfig) -> tuple[Dataset, Dataset | None, int | None]:
    """Return the training set, what is measured of the test set, and how many training rows are; None: all."""
    train, test = config.data.split()
    if config.data.has_plane:
        return train, test, None
    seen, test = looked_at(train, test, config.seed)
    return train, test, None if seen.n_samples == train.n_samples else seen.n_samples


def _packed_targets(data: Dataset) -> str:
    if data.task == "classification":
        return packed(data.y.astype(np.uint8 if data.n_classes <= 256 else np.float64))
    return packed(data.y)


def has_rows(config: ExperimentConfig) -> bool:
    """Return whether a part of the training rows is looked at."""
    return _data(config)[2] is not None


def input_lines(config: ExperimentConfig) -> list[str]:
    """Return the lines of a function that turns points into a network's inputs; none where they are the same."""
    n = config.data.n_coordinates
    features = applicable(config.features, n) if config.data.has_plane and n <= 2 else ()
    if not features or features == COORDINATES[:n]:
        return []  # the samples as they are
    names = ", ".join(COORDINATES[:n])
    return [
        "def inputs(X):",
        '    """Return what the network is fed with, for points X: a column each."""',
        f"    {names}{',' * (n == 1)} = X.T",
        f"    return np.column_stack([{', '.join(map(formula, features))}])",
    ]


def formula(feature: str) -> str:
    """Return a feature as NumPy computes it."""
    tree = ast.parse(parsed_feature(feature).text, mode="eval")
    # Powers of whole numbers alone could take for ever: all numbers are floats there.
    is_risky = any(
        isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and not _variables(node.left)
        for node in ast.walk(tree)
    )

    class InNumPy(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.AST:
            known = node.id in COORDINATES
            return node if known else ast.Name(_NUMPY_NAMES.get(node.id, f"np.{node.id}"), ast.Load())

        def visit_Constant(self, node: ast.Constant) -> ast.AST:
            return ast.Constant(float(node.value)) if is_risky else node  # type: ignore[arg-type]

    return ast.unparse(InNumPy().visit(tree)).replace(" ** ", "**").replace(" * ", " * ")


def _variables(node: ast.AST) -> bool:
    return any(isinstance(each, ast.Name) and each.id in COORDINATES for each in ast.walk(node))


# -- training ------------------------------------------------------------------------------------------------------


def batch_lines(config: ExperimentConfig) -> list[str]:
    """Return the lines that say which samples each step learns from."""
    size, n_train = config.batch_size, config.n_train
    if size is None or size >= n_train:
        return [
            "steps_per_epoch = 1",
            "",
            "",
            "def batches():",
            '    """Yield which samples the next step learns from: all of them, each time."""',
            "    while True:",
            "        yield slice(None)",
            "",
            "",
            "upcoming = batches()",
        ]
    order = "rng.permutation(len(X_train))" if config.shuffle else "np.arange(len(X_train))"
    how = "every epoch in a new order" if config.shuffle else "always in the same order"
    stream = f"    rng = np.random.default_rng([{STREAMS['shuffling']}, {config.seed}])"
    return [
        f"batch_size = {size}",
        "steps_per_epoch = math.ceil(len(X_train) / batch_size)",
        "",
        "",
        "def batches():",
        f'    """Yield which samples the next step learns from: {how}."""',
        *([stream] if config.shuffle else []),
        "    while True:",
        f"        order = {order}",
        "        for start in range(0, len(X_train), batch_size):",
        "            yield order[start : start + batch_size]",
        "",
        "",
        "upcoming = batches()",
    ]


def schedule_lines(config: ExperimentConfig) -> list[str]:
    """Return the lines of a function that gives the learning rate's factor."""
    made = schedules.get(config.schedule)
    values = {each: getattr(made, each) for each in type(made).__dataclass_fields__}
    bodies = {
        "constant": ["return 1.0"],
        "step": ["return {gamma} ** (epoch // {every})"],
        "exponential": ["return {gamma} ** epoch"],
        "cosine": [
            "progress = min(epoch / {epochs}, 1.0)",
            "return {floor} + (1.0 - {floor}) * (1.0 + math.cos(math.pi * progress)) / 2.0",
        ],
    }
    return [
        "def schedule(epoch):",
        '    """Return what the learning rate is multiplied by in an epoch."""',
        *(f"    {line.format(**values)}" for line in bodies[made.name]),
    ]


def uses_schedule(told: Told) -> bool:
    """Return whether the learning rate ever follows a schedule."""
    return any(config.schedule != "constant" for config in told.configs)


def train_lines(stretch: Stretch) -> str:
    """Return the line that trains a stretch."""
    per_epoch = stretch.config.steps_per_epoch
    epochs, rest = divmod(stretch.n_steps, per_epoch)
    if stretch.in_epoch or rest or not epochs:
        return f"train({stretch.n_steps})"
    return f"train({epochs} * steps_per_epoch)"


def carried_over(told: Told) -> Iterable[Change]:
    """Return the changes after which training goes on with other data or in other batches."""
    return [change for change in told.changes if isinstance(change.event, CarryOver)]
