"""A network described by a table of its layers: a list of dicts, the first of them the inputs.

>>> from nnplay.articles.layer_table import build
>>> build([
...     {"layer_size": 3, "activation": "none"},
...     {"layer_size": 5, "activation": "relu"},
...     {"layer_size": 1, "activation": "sigmoid"},
... ])
Network([3, 5, 1], activation='relu', output='sigmoid', 26 parameters)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nnplay.engine import Network, activations
from nnplay.engine.outputs import OUTPUTS
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.validation import choice, integer, shown

KEYS = ("layer_size", "activation")
#: What the table calls the activation of the inputs, which have none.
NO_ACTIVATION = "none"


def build(table: Sequence[Mapping[str, Any]], initializer: str = "he_normal", seed: int = 0) -> Network:
    """Return the network that a table of layers describes.

    Parameters
    ----------
    table : sequence of dict
        For each layer its ``"layer_size"``, and as ``"activation"`` "none" for the inputs, an activation's name for
        each hidden layer, an output's name for the last one.
    initializer : str
    seed : int

    Raises
    ------
    TypeError, ValueError
        If the table is no such thing; the message says which line.
    """
    if isinstance(table, (str, bytes, Mapping)) or not isinstance(table, Sequence) or len(table) < 2:
        raise Refusal("table", "must be a list of at least 2 layers, inputs to outputs", shown(table))
    last = len(table) - 1
    sizes, names = [], []
    for position, layer in enumerate(table):
        where = f"table[{position}]"
        if not isinstance(layer, Mapping):
            raise TypeRefusal(where, f"must be a dict of {' and '.join(KEYS)}", shown(layer))
        for key in layer:
            choice(f"key of {where}", key, KEYS)
        if missing := [key for key in KEYS if key not in layer]:
            raise Refusal(where, f"must have {missing[0]!r}", shown(dict(layer)))
        sizes.append(integer(f"{where}['layer_size']", layer["layer_size"], 1))
        wanted = f"{where}['activation']"
        if position in (0, last):
            names.append(choice(wanted, layer["activation"], (NO_ACTIVATION,) if position == 0 else OUTPUTS))
        else:
            names.append(str(activations.get(layer["activation"])))
    return Network(sizes, names[1:-1], names[-1], initializer=initializer, seed=seed)


def table_of(network: Network) -> list[dict[str, Any]]:
    """Return the table that describes `network`: what :func:`build` makes the same architecture of."""
    names = [NO_ACTIVATION, *map(str, network.activations), network.output.name]
    return [{"layer_size": size, "activation": name} for size, name in zip(network.layer_sizes, names, strict=True)]
