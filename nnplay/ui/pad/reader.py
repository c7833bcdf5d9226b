"""The server's half of the pad: a drawing comes in, what the network makes of it goes out as bytes.

No Streamlit in here, so that it can be tested as it is. ``docs/protocol.md`` describes what travels.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

import numpy as np

from nnplay.datasets.handwriting import normalised
from nnplay.experiment.answer import Answerer
from nnplay.experiment.frames import Arrays, pack_frames
from nnplay.experiment.recording import Recording
from nnplay.random_streams import random_stream

#: Most rows, and columns, of ink.
MOST_ROWS = 160


class BadDrawing(ValueError):
    """A request that the protocol doesn't know."""


class Reader:
    """What one visitor's pad is fed with.

    Attributes
    ----------
    message : bytes
        What the browser is to have now; empty before the first request.
    reply : int
        The request that it answers.
    """

    def __init__(self) -> None:
        self.message = b""
        self.reply = 0
        self._recording: Recording | None = None
        self._answerer: Answerer
        self._order: np.ndarray

    def read(self, request: Any, recording: Recording, run: str) -> None:
        """Answer a request of the browser about a run, once; a bad one gets an answer without arrays."""
        number = request.get("id") if isinstance(request, dict) else None
        if isinstance(number, bool) or not isinstance(number, int) or not self.reply < number < 2**53:
            return
        self.reply = number
        header: dict[str, Any] = {"reply": number, "run": run}
        try:
            more, arrays = self._dispatch(request, recording) if request.get("run") == run else ({}, {})
        except BadDrawing:
            more, arrays = {}, {}
        self.message = pack_frames([], header | more, arrays)

    def _dispatch(self, request: dict[str, Any], recording: Recording) -> tuple[dict[str, Any], Arrays]:
        self._follow(recording)
        if request.get("kind") == "read":
            return self._answer(request, recording)
        if request.get("kind") == "take" and recording.test is not None:
            return self._take(request, recording)
        if request.get("kind") == "near":
            return {}, {}
        raise BadDrawing

    def _follow(self, recording: Recording) -> None:
        if recording is self._recording:
            return
        self._recording = recording
        self._answerer = Answerer(recording.session.network)
        n_test = 0 if recording.test is None else recording.test.n_samples
        self._order = random_stream(recording.config.seed, "sample").permutation(n_test)

    def _answer(self, request: dict[str, Any], recording: Recording) -> tuple[dict[str, Any], Arrays]:
        """Return what the network of the kept frame nearest to the one shown makes of a drawing."""
        shape = image_shape(recording)
        image = normalised(ink_of(request), shape)
        frame = recording.nearest_kept(_whole(request, "frame", 2**32))
        snapshot = recording.track.kept[frame].snapshot
        said = self._answerer(snapshot.parameters, recording.plane.inputs_of(image.reshape(1, -1))[0])
        network = recording.session.network
        header = {
            "frame": frame,
            "epoch": snapshot.epoch,
            "trained": snapshot.n_steps > 0,
            "output": network.output.name,
            "shape": shape,
        }
        arrays = {"seen": np.rint(image * 255).astype("u1"), "outputs": said.outputs.astype("<f4")}
        for layer, activations in enumerate(said.activations, start=1):
            arrays[f"activations_{layer}"] = activations.astype("<f4")
        return header, arrays

    def _take(self, request: dict[str, Any], recording: Recording) -> tuple[dict[str, Any], Arrays]:
        """Return a test image: the next one in an order of the run's own."""
        assert recording.test is not None
        index = int(self._order[_whole(request, "number", 2**32) % len(self._order)])
        shape = image_shape(recording)
        pixels = np.clip(recording.test.X[index].reshape(shape), 0, 1)
        header = {"shape": shape, "truth": int(recording.test.y[index])}
        return header, {"image": np.rint(pixels * 255).astype("u1")}


def image_shape(recording: Recording) -> tuple[int, int]:
    """Return rows and columns of the images that a run learns."""
    stored = recording.config.stored
    if stored is None or stored.image_shape is None:
        raise BadDrawing
    return stored.image_shape


def ink_of(request: dict[str, Any]) -> np.ndarray:
    """Return the ink of a request, (rows, columns) in 0…255."""
    rows, columns = _whole(request, "rows", MOST_ROWS, 1), _whole(request, "columns", MOST_ROWS, 1)
    text = request.get("ink")
    if not isinstance(text, str) or len(text) > 2 * MOST_ROWS**2:
        raise BadDrawing
    try:
        ink = np.frombuffer(base64.b64decode(text, validate=True), np.uint8)
    except binascii.Error:
        raise BadDrawing from None
    if ink.size != rows * columns:
        raise BadDrawing
    return ink.reshape(rows, columns)


def _whole(request: dict[str, Any], name: str, high: int, low: int = 0) -> int:
    value = request.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise BadDrawing
    return value
