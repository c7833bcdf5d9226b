"""What a sync tells of a run on a table, besides what it tells of every run: ``info.table`` of the stage protocol."""

from __future__ import annotations

import dataclasses
import math
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from nnplay.datasets import Dataset
from nnplay.datasets.input_columns import InputColumn
from nnplay.experiment.measures.baselines import Baseline, baselines
from nnplay.experiment.measures.column_effects import GRID, column_ends
from nnplay.experiment.recording.recording import Recording

_DECILES = range(10, 100, 10)
#: By the training set, which all runs on the same rows share, and what else matters.
_KNOWN: WeakKeyDictionary[Dataset, dict[tuple[Any, ...], tuple[Baseline, Baseline]]] = WeakKeyDictionary()


def table_info(recording: Recording) -> dict[str, Any]:
    """Return the description of the columns, the target and the baselines."""
    config, train = recording.config, recording.session.train
    preparation = config.data.preparation()
    ends = preparation.column_units(column_ends(train.X).T).T
    deciles = preparation.column_units(np.percentile(train.X, _DECILES, axis=0)).T
    target = preparation.target
    return {
        "response_points": GRID,
        "columns": [
            _along_numbers(column, ends[column.first], deciles[column.first])
            if column.is_numeric
            else {"name": column.name, "categories": column.categories}
            for column in train.columns
        ],
        "target": {"name": config.data.facts.target_name, **dataclasses.asdict(target)},
        "baselines": [_without_nan(dataclasses.asdict(each)) for each in _baselines_of(recording)],
    }


def _along_numbers(column: InputColumn, ends: np.ndarray, deciles: np.ndarray) -> dict[str, Any]:
    low, high = ends.tolist()
    return {"name": column.name, "low": low, "high": high, "deciles": deciles.tolist()}


def _baselines_of(recording: Recording) -> tuple[Baseline, Baseline]:
    session, config = recording.session, recording.config
    known = _KNOWN.setdefault(session.train, {})
    key = session.loss.name, session.network.n_outputs, config.data.seed
    if key not in known:
        measured = recording.setup.train, recording.setup.test
        known[key] = baselines(session.train, session.test, session.loss, session.network.n_outputs, measured)
    return known[key]


def _without_nan(values: dict[str, Any]) -> dict[str, Any]:
    """Return `values` as JSON can hold them: null for what isn't measured."""
    return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in values.items()}
