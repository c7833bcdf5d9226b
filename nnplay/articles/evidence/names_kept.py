"""Which names a network kept in dictionaries stores, and which it looks up: two bookkeeping mistakes, reproduced.

The article keeps every array in a dictionary, by names such as "Z1" and "W2". Here the arrays are left out: which name
is asked for without being there is decided by the loops alone.
"""

from __future__ import annotations

from nnplay.articles.evidence.article import Outcome, Work

#: Layers of the article's example, without the inputs.
N_LAYERS = 4


def backward_stops_at(n_layers: int, keeps_inputs: bool) -> str:
    """Return the first name that the backward pass misses; empty if it finds all.

    Each layer needs the activations of the layer before it. Those of layer 0 are the inputs, which the forward pass
    starts from without storing them, unless it `keeps_inputs`.
    """
    kept = {f"{part}{layer}": None for layer in range(1, n_layers + 1) for part in "ZA"}
    if keeps_inputs:
        kept["A0"] = None
    return _first_missing(kept, [f"A{layer - 1}" for layer in reversed(range(1, n_layers + 1))])


def update_stops_at(n_layers: int, counts_layers: bool) -> str:
    """Return the first name that the update misses; empty if it finds all.

    Unless it `counts_layers`, it takes the number of entries, weights and biases together, for the number of layers.
    """
    parameters = {f"{part}{layer}": None for layer in range(1, n_layers + 1) for part in "Wb"}
    last = n_layers if counts_layers else len(parameters) - 1
    return _first_missing(parameters, [f"W{layer}" for layer in range(1, last + 1)])


def _first_missing(kept: dict[str, None], asked: list[str]) -> str:
    try:
        for name in asked:
            kept[name]
    except KeyError as error:
        return str(error.args[0])
    return ""


def check_names(seed: int) -> Work:
    """Count the loops that stop, as printed and mended; nothing in them is random."""
    yield 0.5
    printed = (backward_stops_at(N_LAYERS, keeps_inputs=False), update_stops_at(N_LAYERS, counts_layers=False))
    mended = (backward_stops_at(N_LAYERS, keeps_inputs=True), update_stops_at(N_LAYERS, counts_layers=True))
    return Outcome({"printed": float(sum(map(bool, printed))), "mended": float(sum(map(bool, mended)))})
