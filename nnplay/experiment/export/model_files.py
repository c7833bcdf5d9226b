"""A trained network as a file that other programs read."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from nnplay.engine import Network
from nnplay.validation import must_be


def to_npz(network: Network) -> bytes:
    """Return the network's parameters as a file of NumPy's, which ``numpy.load`` reads.

    Parameters
    ----------
    network : Network

    Returns
    -------
    bytes
        A ``.npz`` file with the arrays ``weights_0`` (n_in, n_out), ``biases_0`` (n_out,), ``weights_1`` and so on, and
        ``activations``, one name for each layer, the output's last.

    Raises
    ------
    TypeError
        If `network` is none.
    """
    must_be("network", network, Network)
    names = np.array([*map(str, network.activations), network.output.name])
    arrays: dict[str, Any] = {"activations": names}
    for layer, (weights, biases) in enumerate(zip(network.weights, network.biases, strict=True)):
        arrays |= {f"weights_{layer}": weights, f"biases_{layer}": biases}
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()
