"""The pad's own JavaScript, run by node: what it makes of ink, and what its copy of a network answers."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnplay import Network
from nnplay.experiment.frames.frame import pack_frames
from nnplay.server.pad_feed import arrays_of, described
from tests import ROOT

HARNESS = ROOT / "tests" / "js" / "harness" / "pad.mjs"
SHAPE = (28, 28)


@dataclass
class PadInNode:
    """The pad, without the surface one draws on.

    JSON knows no NaN and no infinity: what is none arrives as NaN.
    """

    process: subprocess.Popen[bytes]

    def normalised(self, inks: Any, shape: tuple[int, int] = SHAPE) -> np.ndarray:
        """Return `inks`, (n, rows, columns) in any unit, as a network is fed with them: (n, *shape)."""
        images = self.ask({"shape": shape}, {"inks": np.asarray(inks, "<f8")})["images"]
        return np.array(images).reshape(-1, *shape)

    def read(self, network: Network, pads: Any, shape: tuple[int, int] = SHAPE) -> np.ndarray:
        """Return what `network` takes each of `pads` for, (n, side, side) in 0…255: class indices, (n,)."""
        said = self._ask_network(network, {"pads": np.asarray(pads).astype("u1")}, shape)
        return np.array(said["outputs"], float).argmax(axis=1)

    def forward(self, network: Network, samples: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
        """Return the outputs (n_samples, n_outputs) for `samples`, and each hidden layer's activations."""
        said = self._ask_network(network, {"samples": samples.astype("<f8")})
        layers = [np.array(layer, float) for layer in zip(*said["layers"], strict=True)]
        return np.array(said["outputs"], float), layers

    def _ask_network(
        self, network: Network, arrays: dict[str, np.ndarray], shape: tuple[int, int] = SHAPE
    ) -> dict[str, Any]:
        header = {"shape": shape, "frame": 0, "epoch": 0, "trained": True} | described(network)
        return self.ask(header, arrays_of(network, network.parameters) | arrays)

    def ask(self, header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
        """Return what ``tests/js/harness/pad.mjs`` says to a message; ValueError for what is thrown there."""
        assert self.process.stdin
        assert self.process.stdout
        message = pack_frames([], header, arrays)
        self.process.stdin.write(len(message).to_bytes(4, "little") + message)
        self.process.stdin.flush()
        said = json.loads(self.process.stdout.readline())
        if "error" in said:
            raise ValueError(said["error"])
        return said


@contextmanager
def pad_in_node(node: str) -> Iterator[PadInNode]:
    """Start node once for everything that is asked."""
    command = [node, str(HARNESS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield PadInNode(process)
