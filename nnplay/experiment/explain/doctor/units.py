"""What is wrong with units: dead, saturated, or all alike."""

from __future__ import annotations

import numpy as np

from nnplay.experiment.explain.doctor.case import Case, Layers
from nnplay.experiment.explain.doctor.conditions import condition
from nnplay.experiment.explain.doctor.finding import Finding
from nnplay.experiment.explain.doctor.rates import stable
from nnplay.experiment.measures.layer_statistics import Flat, StuckUnits
from nnplay.wording import counted

#: Share of a layer's units that must be stuck. Of 8 ReLU units one or two often die in a run that learns well, and one
#: of 3; half a layer is another matter.
HALF = 0.5
#: How far behind what can be learned a network with stuck units must be: else it does without them.
BEHIND = 0.03
#: Weights count as alike that differ by less than this share of their size: more than rounding makes of equal ones.
ALIKE = 1e-6


def stuck_units(case: Case, layers: Layers) -> list[tuple[Flat, int, int]]:
    """Return for each hidden layer in which way its units can be stuck, how many are, and how many there are."""
    found = []
    for activation, units in zip(case.session.network.activations, layers.hidden, strict=True):
        counter = StuckUnits(activation)
        counter.add(units)
        n_stuck = 0 if counter.flat is Flat.NONE else round(counter.share * len(units))
        found.append((counter.flat, n_stuck, len(units)))
    return found


def _worst(case: Case, layers: Layers, flat: Flat) -> tuple[int, int, int] | None:
    """Return the number, from 1, of the layer with the largest share of stuck units, how many, and of how many."""
    stuck = [
        (n / of, -layer, n, of) for layer, (kind, n, of) in enumerate(stuck_units(case, layers), 1) if kind is flat
    ]
    if not stuck:
        return None
    share, layer, n, of = max(stuck)
    return (-layer, n, of) if share >= HALF else None


def _does_well(case: Case) -> bool:
    return case.course.is_short or case.is_solved or case.lags < BEHIND


def _score(case: Case) -> dict[str, float]:
    """Return what such a network gets right, if that is a number: of how many units they are, the sentence says."""
    score = case.train_score
    return {"training score": score} if np.isfinite(score) else {}


@condition("dead_units", rank=44, explains=("plateau", "underfitting", "rate_too_small", "vanishing_gradients"))
def dead_units(case: Case) -> Finding | None:
    """Half a layer's ReLU units answer 0 to every training sample: no gradient reaches their weights any more."""
    if _does_well(case) or not np.isfinite(case.now.outputs).all():
        return None
    worst = _worst(case, case.now, Flat.ONE_SIDE)
    if worst is None:
        return None
    layer, n, of = worst
    sentence = f"{n} of {counted(of, 'unit')} in hidden layer {layer} are dead: they say the same whatever comes in."
    evidence = {f"dead units in layer {layer}": float(n)} | _score(case)
    change: dict[str, object] = {"activation": "leaky_relu"}
    advice = "Begin again with leaky ReLU, whose units can't die."
    if _worst(case, case.first, Flat.ONE_SIDE) is None:  # they died on the way: a step was too long
        change["learning_rate"] = rate = stable(case.learning_rate, case.largest_rate_share)
        advice = f"Begin again with leaky ReLU, whose units can't die, and a learning rate of {rate:g}."
    return Finding("dead_units", n / of, sentence, evidence, "layers", advice, change)


@condition("saturated_units", rank=42, explains=("plateau", "underfitting", "rate_too_small", "vanishing_gradients"))
def saturated_units(case: Case) -> Finding | None:
    """Half a layer's tanh or sigmoid units are at an end of their range for nearly all samples: they hardly learn."""
    if _does_well(case) or not np.isfinite(case.now.outputs).all():
        return None
    worst = _worst(case, case.now, Flat.BOTH_SIDES)
    if worst is None:
        return None
    layer, n, of = worst
    evidence = {f"saturated units in layer {layer}": float(n)} | _score(case)
    evidence[f"size of the weights into layer {layer}"] = float(case.now.weight_sizes[layer - 1])
    change: dict[str, object]
    sentence = (
        f"{n} of {counted(of, 'unit')} in hidden layer {layer} are saturated: hardly any sample moves their weights."
    )
    if _worst(case, case.first, Flat.BOTH_SIDES) is not None:
        advice, change = "Begin again with smaller first weights.", {"initializer": "xavier_uniform"}
        if case.session.network.activations[layer - 1].name == "sigmoid":  # which even then begin on a plateau
            advice = "Begin again with smaller first weights, and tanh."
            change["activation"] = "tanh"
    else:
        rate = stable(case.learning_rate, case.largest_rate_share)
        # Beside the activation, so that it is another run: on a fork the units would stay where they are.
        advice = f"Begin again with ReLU and a learning rate of {rate:g}."
        change = {"activation": "relu", "initializer": "he_uniform", "learning_rate": rate}
    return Finding("saturated_units", n / of, sentence, evidence, "layers", advice, change)


@condition(
    "symmetric_weights",
    rank=15,
    explains=("plateau", "underfitting", "rate_too_small", "vanishing_gradients", "dead_units", "noise"),
)
def symmetric_weights(case: Case) -> Finding | None:
    """All units of a layer have the same weights: they get the same gradient, and stay one unit for ever."""
    network = case._network
    network.parameters[:] = case.moment.parameters
    if not np.isfinite(network.parameters).all():
        return None
    for layer, (entering, leaving) in enumerate(zip(network.weights, list(network.weights)[1:], strict=False), 1):
        n_units = entering.shape[1]
        if n_units < 2 or not (_alike(entering.T) and _alike(leaving)):
            continue
        differ = float(np.ptp(entering, axis=1).max(initial=0.0))
        sentence = (
            f"The {n_units} units in hidden layer {layer} have the same weights: they learn the same, like one unit."
        )
        evidence = {f"units in layer {layer}": float(n_units), "largest difference of their weights": differ}
        return Finding(
            "symmetric_weights", 1.0, sentence, evidence, "diagram", "Begin again with random first weights.",
            {"initializer": "xavier_uniform"},
        )  # fmt: skip
    return None


def _alike(rows: np.ndarray) -> bool:
    return bool(np.ptp(rows, axis=0).max(initial=0.0) <= ALIKE * max(float(np.abs(rows).max(initial=0.0)), 1e-30))
