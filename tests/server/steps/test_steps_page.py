"""The page's numbers are the ledger's, over random configurations; and its formulas can be set."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

import nnplay as nn
from nnplay.engine.activations import ACTIVATIONS
from nnplay.engine.losses import LOSSES
from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.experiment.explain.ledger import Ledger
from nnplay.experiment.recording.recipe import Recipe
from nnplay.refusal import Refusal
from nnplay.server import answers
from nnplay.server.moments import Moment
from nnplay.server.steps.steps_feed import StepsFeed
from tests.server.steps.page_in_node import shown, written

N_CONFIGURATIONS = 20
DATA = ("moons", "spiral", "blobs(classes=3)", "hills", "xor", "sine")


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "CPU_SECONDS", 1e9)
    monkeypatch.setattr(answers, "CPU_SECONDS_ALONE", 1e9)


def random_configuration(rng: np.random.Generator) -> nn.ExperimentConfig:
    """Return a configuration of any kind; what doesn't go together is drawn again."""

    def one(values: Any) -> Any:
        return values[int(rng.integers(len(values)))]

    while True:
        sizes = tuple(int(n) for n in rng.integers(1, 11, rng.integers(0, 4)))
        try:
            return nn.ExperimentConfig(
                dataset=one(DATA),
                n_samples=int(rng.integers(20, 60)),
                hidden_sizes=sizes,
                activation=tuple(one(sorted(ACTIVATIONS)) for _ in sizes) or "tanh",
                output=one([None, "identity", "sigmoid", "softmax"]),
                loss=one([None, *sorted(LOSSES)]),
                bias=bool(rng.random() < 0.8),
                optimizer=one(sorted(OPTIMIZERS)),
                nesterov=bool(rng.random() < 0.3),
                momentum=one([0.0, 0.9]),
                learning_rate=one([0.003, 0.03]),
                schedule=one(["constant", "cosine(epochs=200)"]),
                regularizer=one(["none", "l1", "l2"]),
                dropout=one([0.0, 0.3]),
                batch_size=one([1, 3, 10]),
                seed=int(rng.integers(1000)),
            )
        except Refusal:
            continue


def expected_weight(ledger: Ledger, stage: str, weight: tuple[int, int, int], sample: int | None) -> float:
    at, i, j = weight
    layer = ledger.layers[at]
    is_bias = i == layer.weights.shape[0]
    if stage in ("forward", "loss"):
        return float(layer.biases[j] if is_bias else layer.weights[i, j])
    if stage == "update":
        return float(layer.bias_steps[j] if is_bias else layer.weight_steps[i, j])
    if sample is None:
        return float(layer.bias_gradients[j] if is_bias else layer.weight_gradients[i, j])
    return float(ledger.contributions(at, i, j)[sample])


def expected_unit(
    ledger: Ledger, stage: str, column: int, unit: int, sample: int | None, is_input: bool
) -> list[float]:
    def value(array: np.ndarray, total: bool = False) -> float:
        column = array[:, unit]
        return float(column[sample] if sample is not None else column.sum() if total else column.mean())

    if column == 0:
        return [value(ledger.inputs)]
    if is_input:
        return [value(ledger.layers[column].inputs)]
    layer = ledger.layers[column - 1]
    if stage == "forward":
        return [value(layer.activations), value(layer.pre_activations)]
    if stage == "backward":
        return [value(layer.errors, total=True)]
    if stage == "loss" and layer is ledger.layers[-1]:
        return [value(layer.activations), value(ledger.targets)]
    return [value(layer.activations)] if stage == "loss" else []


def close(text: str, value: float) -> bool:
    """Return whether a text is the number as it is written; the last bit of a sum may make it the one beside it."""
    near = {written(value * (1 + relative)) for relative in (-1e-12, 0.0, 1e-12)}
    return text in near or (abs(value) < 1e-17 and text in ("0", written(value)))


def check(ledger: Ledger, page: dict[str, Any]) -> int:
    """Compare every number of a page with the ledger's; return how many there were."""
    n_compared = 0
    for at in page["shown"]:
        stage, sample = at["stage"], at["sample"]
        for name, text in at["weights"].items():
            if text == "":
                continue
            layer, i, j = map(int, name.split("-"))
            number = text.rpartition(" ")[2]
            assert close(number, expected_weight(ledger, stage, (layer, i, j), sample)), (stage, name, text)
            n_compared += 1
        for name, texts in at["units"].items():
            column, unit = map(int, name.split("-"))
            if texts[0] == "·":
                continue
            is_input = stage == "backward" and column == at["layer"]
            expected = expected_unit(ledger, stage, column, unit, sample, is_input)
            for text, value in zip(texts, expected, strict=False):
                number = text.rpartition(" ")[2]
                assert close(number, value), (stage, name, text, value)
                n_compared += 1
    for card in page["cards"]:
        at, i, j = (card["weight"][key] for key in ("layer", "from", "unit"))
        values = dict(card["values"])
        assert close(values["gradient"], ledger.gradient(at, i, j))
        shares = ledger.contributions(at, i, j)
        share = shares[card["sample"]] if card["sample"] is not None else shares[np.abs(shares).argmax()]
        assert close(values["share"].lstrip("−"), abs(float(share)))
    return n_compared


def test_every_number_on_the_page_is_the_ledgers_and_every_formula_can_be_set(node: str) -> None:
    rng = np.random.default_rng(15)
    messages, ledgers = [], []
    for _ in range(N_CONFIGURATIONS):
        config, n_steps = random_configuration(rng), int(rng.integers(0, 12))
        messages.append(StepsFeed(config, Moment(Recipe(config), n_steps)).message)
        ledgers.append(
            nn.explain_next_step(config.build(evaluate_every=0).step(n_steps) if n_steps else config.build())
        )
    pages = shown(node, messages)
    assert len(pages) == N_CONFIGURATIONS
    n_compared = sum(check(ledger, page) for ledger, page in zip(ledgers, pages, strict=True))
    assert n_compared > 5000
    assert [complaint for page in pages for complaint in page["complaints"]] == []


def test_a_wrong_number_is_found(node: str) -> None:
    config = nn.ExperimentConfig(dataset="moons", n_samples=20, hidden_sizes=(2,))
    other = dataclasses.replace(config, seed=1)
    (page,) = shown(node, [StepsFeed(config).message])
    with pytest.raises(AssertionError):
        check(nn.explain_next_step(other.build()), page)
