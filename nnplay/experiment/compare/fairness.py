"""What is the same in all lanes of a race, and what can't be: looked up in what they train with, not guessed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnplay.datasets import Dataset
from nnplay.experiment.compare.lane import Lane
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS

#: Settings that can be why something isn't the same.
_OF_DATA = (
    "dataset", "points", "n_samples", "noise", "n_rows", "standardise", "log_target", "columns", "data_seed", "seed",
)  # fmt: skip
_OF_SPLIT = ("test_fraction", "data_seed", "seed")
_OF_WEIGHTS = ("features", "hidden_sizes", "output", "initializer", "dtype", "seed")

#: What is called otherwise in a sentence.
_IN_WORDS = {"order": "batches"}


@dataclass(frozen=True)
class Fairness:
    """Whether something is the same in all lanes.

    Attributes
    ----------
    what : {"data", "split", "order", "first weights", "dropout"}
    is_equal : bool
    words : str
        What is so and, if it isn't equal, why: a sentence.
    """

    what: str
    is_equal: bool
    words: str


def fairness_of(lanes: Sequence[Lane], names: Sequence[str]) -> tuple[Fairness, ...]:
    """Return what is the same in all lanes, called by their `names`, and what isn't; before any was trained."""
    return tuple(_found([lane.config for lane in lanes], lanes, names))


def in_words(found: Sequence[Fairness]) -> str:
    """Return what is equal and what isn't, in a line: "The same in all lanes: data, split. …"."""
    equal = [_IN_WORDS.get(each.what, each.what) for each in found if each.is_equal]
    head = [f"The same in all lanes: {_listed(equal)}."] if equal else []
    return " ".join(head + [each.words for each in found if not each.is_equal])


def _found(configs: Sequence[ExperimentConfig], lanes: Sequence[Lane], names: Sequence[str]) -> Iterator[Fairness]:
    splits = [config.data.split() for config in configs]
    same_split = _are_equal([_arrays(*split) for split in splits])
    same_data = same_split or _are_equal([_all_rows(*split) for split in splits])
    if same_data:
        yield Fairness("data", True, "All lanes learn the same data.")
        why = f"The split isn't the same: {_differing(configs, _OF_SPLIT)}."
        yield Fairness("split", same_split, "The same samples are kept for the test." if same_split else why)
    else:
        yield Fairness("data", False, f"The data can't be the same: {_differing(configs, _OF_DATA)}.")
    if same_split:
        yield _order(configs)
    yield _weights(configs, lanes, names)
    if any(config.dropout for config in configs):
        yield _dropout(configs)


def _order(configs: Sequence[ExperimentConfig]) -> Fairness:
    """Return whether the lanes see the samples in the same order."""
    shuffled = {config.shuffle for config in configs}
    seeds = {config.seed for config in configs if config.shuffle}
    sizes = {min(config.batch_size or config.n_train, config.n_train) for config in configs}
    if len(sizes) > 1:
        same = "in the same order, but " if len(shuffled) == 1 and len(seeds) <= 1 else ""
        return Fairness("order", False, f"Samples come {same}in batches of different sizes.")
    if sizes == {configs[0].n_train}:
        return Fairness("order", True, "Each step takes all samples.")
    if len(shuffled) > 1 or len(seeds) > 1:
        return Fairness(
            "order", False, f"The order of the samples isn't the same: {_differing(configs, ('shuffle', 'seed'))}."
        )
    return Fairness("order", True, "The same batches come in the same order.")


def _weights(configs: Sequence[ExperimentConfig], lanes: Sequence[Lane], names: Sequence[str]) -> Fairness:
    """Return whether the lanes begin with the same weights; each layer is drawn after the one before."""
    what = "first weights"
    first = [lane.session.network.weights for lane in lanes]
    depth = max(len(weights) for weights in first)
    alike = 0
    while alike < depth and _are_equal([[weights[alike]] if alike < len(weights) else [] for weights in first]):
        alike += 1
    if alike == depth:
        return Fairness(what, True, "All lanes begin with the same weights.")
    ends = {(config.layer_sizes[0], config.layer_sizes[-1]) for config in configs}
    why = _differing(configs, (*_OF_WEIGHTS, *(("dataset",) if len(ends) > 1 else ())))
    if len({config.layer_sizes for config in configs}) == 1 and _are_scaled(first):
        return Fairness(what, False, f"First weights are the same draws, scaled differently: {why}.")
    groups = _groups([[*weights] for weights in first])
    shared = [names_of for names_of in ([names[k] for k in group] for group in groups) if len(names_of) > 1]
    if alike:
        where = "the first layer" if alike == 1 else f"the first {alike} layers"
    else:
        where = " and in ".join(_listed(each) for each in shared)
    head = f"First weights are the same in {where} only" if where else "First weights can't be the same"
    return Fairness(what, False, f"{head}: {why}.")


def _dropout(configs: Sequence[ExperimentConfig]) -> Fairness:
    """Return whether the same units are switched off."""
    keys = {(config.layer_sizes[1:-1], config.dropout, config.seed, config.batch_size) for config in configs}
    if len(keys) == 1:
        return Fairness("dropout", True, "The same units are switched off in each step.")
    return Fairness("dropout", False, "Different units are switched off in each lane.")


def _are_scaled(networks: Sequence[Sequence[np.ndarray]]) -> bool:
    """Return whether each layer's weights are the first lane's, times a number."""
    for layers in zip(*networks, strict=True):
        first = layers[0]
        for other in layers[1:]:
            size = np.abs(first).max()
            if not size or not np.abs(other).max():
                return False
            ratio = float(np.vdot(first, other) / np.vdot(first, first))
            if not np.allclose(other, ratio * first, rtol=1e-6, atol=1e-6 * abs(ratio) * size):
                return False
    return True


def _arrays(train: Dataset, test: Dataset | None) -> list[np.ndarray]:
    return [part for each in (train, test) if each is not None for part in (each.X, each.y)]


def _all_rows(train: Dataset, test: Dataset | None) -> list[np.ndarray]:
    """Return all samples and targets, in an order that doesn't depend on the split."""
    parts = [each for each in (train, test) if each is not None]
    rows = np.concatenate([np.column_stack([each.X, each.y]) for each in parts])
    return [rows[np.lexsort(rows.T)]]


def _are_equal(lists: Sequence[Sequence[Any]]) -> bool:
    return len(_groups(lists)) == 1


def _groups(lists: Sequence[Sequence[Any]]) -> list[list[int]]:
    """Return which lists of arrays are the same, by their places."""
    groups: list[list[int]] = []
    for place, arrays in enumerate(lists):
        for group in groups:
            if len(arrays) == len(lists[group[0]]) and all(map(np.array_equal, arrays, lists[group[0]])):
                group.append(place)
                break
        else:
            groups.append([place])
    return groups


def _differing(configs: Sequence[ExperimentConfig], names: Sequence[str]) -> str:
    """Return in words which of these settings the lanes don't share."""
    found = [name for name in names if name in SETTINGS and len({getattr(config, name) for config in configs}) > 1]
    words = [SETTINGS[name].in_sentence for name in found]
    return f"the lanes differ in {_listed(words)}" if words else "the lanes differ"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
