"""What makes a network of its parameters, as a browser is told."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from nnplay.engine import Network
from nnplay.engine.activations import Activation
from nnplay.experiment.config.input_plane import InputPlane


def network_info(network: Network, plane: InputPlane) -> dict[str, Any]:
    """Return how a network that looks at a plane is run: ``info.network`` of a sync."""
    return {
        "layer_sizes": network.layer_sizes,
        **functions_of(network),
        "has_bias": network.has_bias,
        "inputs": plane.inputs_described(),
    }


def functions_of(network: Network) -> dict[str, Any]:
    """Return the activation of each hidden layer, with its parameters by name, and that of the outputs."""
    activations = [{"name": each.name, "parameters": _parameters(each)} for each in network.activations]
    return {"activations": activations, "output": network.output.name}


def _parameters(activation: Activation) -> dict[str, float]:
    """Return what an activation takes to run a network forward."""
    forward = [field.name for field in fields(activation) if not field.metadata.get("backward_only")]
    return {name: getattr(activation, name) for name in forward}
