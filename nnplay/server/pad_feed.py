"""The server's half of the pad: a request comes in, a network or a test image goes out as bytes.

What is drawn never comes here: the browser reads it by the network that it was sent. No Streamlit in here, so that it
can be tested as it is. ``docs/protocol.md`` describes what travels.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnplay.engine import Network
from nnplay.experiment.frames.frame import Arrays, pack_frames
from nnplay.experiment.recording.recording import Recording
from nnplay.random_streams import random_stream
from nnplay.server.network_info import functions_of
from nnplay.server.request_fields import BadRequest, whole


class PadFeed:
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

    def answer(self, request: Any, recording: Recording, run: str) -> None:
        """Answer a request of the browser about a run, once; a bad one gets an answer without arrays."""
        number = request.get("id") if isinstance(request, dict) else None
        if isinstance(number, bool) or not isinstance(number, int) or not self.reply < number < 2**53:
            return
        self.reply = number
        header: dict[str, Any] = {"reply": number, "run": run}
        try:
            more, arrays = self._dispatch(request, recording) if request.get("run") == run else ({}, {})
        except BadRequest:
            more, arrays = {}, {}
        self.message = pack_frames([], header | more, arrays)

    def _dispatch(self, request: dict[str, Any], recording: Recording) -> tuple[dict[str, Any], Arrays]:
        if request.get("kind") == "network":
            return self._network(request, recording)
        if request.get("kind") == "take" and recording.setup.test is not None:
            return self._take(request, recording)
        raise BadRequest

    def _network(self, request: dict[str, Any], recording: Recording) -> tuple[dict[str, Any], Arrays]:
        """Return the network of the kept frame nearest to the one asked for."""
        shape = image_shape(recording)
        frame = recording.nearest_kept(whole(request, "frame"))
        kept = recording.track.kept[frame]
        snapshot, network = kept.snapshot, recording.session.network
        epoch = snapshot.epoch + kept.step_in_epoch / recording.session.steps_per_epoch
        moment = {"frame": frame, "epoch": epoch, "trained": snapshot.n_steps > 0, "shape": shape}
        return moment | described(network), arrays_of(network, snapshot.parameters)

    def _take(self, request: dict[str, Any], recording: Recording) -> tuple[dict[str, Any], Arrays]:
        """Return a test image: the next one in an order of the run's own."""
        assert recording.setup.test is not None
        order = random_stream(recording.config.seed, "sample").permutation(recording.setup.test.n_samples)
        index = order[whole(request, "number") % len(order)]
        shape = image_shape(recording)
        pixels = np.clip(recording.setup.test.X[index].reshape(shape), 0, 1)
        header = {"shape": shape, "truth": int(recording.setup.test.y[index])}
        return header, {"image": np.rint(pixels * 255).astype("u1")}


def described(network: Network) -> dict[str, Any]:
    """Return what makes a network of its parameters: units and activation of each layer."""
    return {"units": network.layer_sizes[1:], **functions_of(network)}


def arrays_of(network: Network, parameters: np.ndarray) -> Arrays:
    """Return `parameters`, laid out as those of `network`, layer by layer in single precision."""
    arrays = {}
    with np.errstate(over="ignore"):  # single precision ends at 3e38
        for layer, block in enumerate(network.blocks_of(parameters), start=1):
            weights = block[:-1] if network.has_bias else block
            arrays[f"weights_{layer}"] = weights.astype("<f4", copy=False)
            if network.has_bias:
                arrays[f"biases_{layer}"] = block[-1].astype("<f4", copy=False)
    return arrays


def image_shape(recording: Recording) -> tuple[int, int]:
    """Return rows and columns of the images that a run learns."""
    stored = recording.config.data.stored
    if stored is None or stored.image_shape is None:
        raise BadRequest
    return stored.image_shape
