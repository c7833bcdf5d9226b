"""A trained network as a file that other programs read."""

from __future__ import annotations

import io

import numpy as np

import nnplay as nn


def test_a_file_of_weights_has_each_layer_in_order() -> None:
    network = nn.Network([2, 3, 1], activation="elu(alpha=2)", seed=4)
    saved = np.load(io.BytesIO(nn.export.to_npz(network)))
    assert saved["activations"].tolist() == ["elu(alpha=2.0)", "sigmoid"]
    for layer in range(2):
        np.testing.assert_array_equal(saved[f"weights_{layer}"], network.weights[layer])
        np.testing.assert_array_equal(saved[f"biases_{layer}"], network.biases[layer])
