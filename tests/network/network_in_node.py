"""The browser's side of a frame, static/network, run by node: pictures of a recording, and what makes them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnplay.experiment.frames.frame import pack_frames
from nnplay.experiment.recording.recording import Recording
from nnplay.server.run_info import info_of, statics_of
from tests import ROOT
from tests.server.test_frames import read_message

HARNESS = ROOT / "tests" / "js" / "harness" / "network.mjs"
Arrays = dict[str, np.ndarray]


@dataclass
class NetworkInNode:
    """A picture maker, as the page's worker has one."""

    process: subprocess.Popen[bytes]
    info: dict[str, Any] = field(default_factory=dict)

    def begin(self, recording: Recording) -> None:
        """Take a run, as a sync would bring it."""
        self.begin_with(info_of(recording), statics_of(recording))

    def begin_with(self, info: dict[str, Any], statics: Arrays) -> None:
        """Take a run by its description and static arrays."""
        self.info = info
        self.ask({"call": "run", "info": info}, statics)

    def surface(self, columns: int, rows: int | None = None, domain: Any = None) -> dict[str, Any]:
        """Return what asks for a surface of so many points, of the run's domain where no other is said."""
        rows = 1 if len(self.info["input_names"]) == 1 else rows or columns
        return {"columns": columns, "rows": rows, "domain": self.info["domain"] if domain is None else domain}

    def picture(self, parameters: np.ndarray, **wants: Any) -> Arrays:
        """Return a picture's arrays, in their shapes."""
        arrays = self.ask({"call": "picture", "wants": wants}, {"parameters": parameters.astype("<f4")})
        return {name: array.reshape(self._shape(name, wants)) for name, array in arrays.items()}

    def hidden(
        self,
        parameters: np.ndarray,
        layer: int = 0,
        projection: str = "pca",
        units: tuple[int, ...] = (0, 1),
        mode: str = "2d",
        fit: int = 0,
    ) -> Arrays:
        """Return what a view shows: ``points``, ``grid``, ``line`` and ``shifts``."""
        view = {"layer": layer, "projection": projection, "units": list(units), "mode": mode, "fit": fit}
        picture = self.picture(parameters, hidden=view)
        d = len(picture["hidden_line"]) - 1
        assert picture["hidden_scale"].tolist() == [0, 1] * d
        is_morph = mode == "morph" and self.info["layers"]
        stages = [len(picture["hidden_points"]) // (self.n_samples * d)] if is_morph else []
        lines = [2, 13, 31] if len(self.info["input_names"]) == 2 else [2, 1, 121]
        return {
            "points": picture["hidden_points"].reshape(*stages, self.n_samples, d),
            "grid": picture["hidden_grid"].reshape(*stages, *lines, d),
            "line": picture["hidden_line"],
            "shifts": picture["hidden_shifts"].reshape(-1, 2),
        }

    def at(self, parameters: np.ndarray, x: float, y: float = 0.0) -> Arrays:
        """Return what goes through the network at a point: ``inputs``, ``layer_0`` and so on, ``outputs``."""
        return self.ask({"call": "at", "x": x, "y": y}, {"parameters": parameters.astype("<f4")})

    def probe(self, activations: np.ndarray, targets: np.ndarray, classes: int) -> tuple[float, np.ndarray, np.ndarray]:
        """Return score, weights (outputs, units) and constants of the linear probe of `activations` (units, n)."""
        header = {"call": "probe", "classes": classes, "units": len(activations)}
        said = self.ask(header, {"targets": targets.astype("<f8"), "activations": activations.astype("<f8")})
        return float(said["score"][0]), said["weights"].reshape(-1, len(activations)), said["constants"]

    @property
    def n_samples(self) -> int:
        """How many samples the run has."""
        samples = self.info["samples"]
        return int(samples["train_shown"] + samples["test_shown"])

    def ask(self, header: dict[str, Any], arrays: Arrays) -> Arrays:
        """Return the arrays that ``tests/js/harness/network.mjs`` answers; ValueError for what is thrown there."""
        assert self.process.stdin
        assert self.process.stdout
        message = pack_frames([], header, arrays)
        self.process.stdin.write(len(message).to_bytes(4, "little") + message)
        self.process.stdin.flush()
        length = int.from_bytes(self.process.stdout.read(4), "little")
        said, answer, _ = read_message(self.process.stdout.read(length))
        if "error" in said:
            raise ValueError(said["error"])
        return answer

    def _shape(self, name: str, wants: dict[str, Any]) -> tuple[int, ...]:
        side = wants.get("maps", 0)
        sides = (1, side) if len(self.info["input_names"]) == 1 else (side, side)
        grid = wants.get("surface") or {"rows": 0, "columns": 0}
        return {
            "surface": (-1, grid["rows"], grid["columns"]),
            "curve": (-1, grid["columns"]),
            "curve_pieces": (-1, grid["columns"]) if grid["columns"] else (0, 0),
            "unit_maps": (-1, *sides),
            "input_maps": (-1, *sides),
        }.get(name, (-1,))


@contextmanager
def network_in_node(node: str) -> Iterator[NetworkInNode]:
    """Start node once for everything that is asked."""
    command = [node, str(HARNESS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield NetworkInNode(process)
