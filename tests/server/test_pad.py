"""The server's half of the pad: what comes back is the network of that frame, and the pad reads by it as the engine."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from nnplay import ExperimentConfig, Network, TrainingSession
from nnplay.datasets import Dataset
from nnplay.datasets.stored import files as stored_files
from nnplay.datasets.stored import sets
from nnplay.engine import SGD
from nnplay.experiment.frames.frame import ALIGNMENT
from nnplay.experiment.recording.recording import Recording
from nnplay.server.pad_feed import PadFeed
from tests.server.pad_in_node import PadInNode

RUN = "run"


@pytest.fixture(scope="module")
def recording() -> Recording:
    """Three epochs of a small network on the 8×8 digits, a frame each."""
    config = ExperimentConfig(dataset="digits", hidden_sizes=(12, 6), activation="tanh", batch_size=32, momentum=0.9)
    made = Recording(config)
    for frame in range(3):
        made.advance(frame, "epoch", 1, 1, 10.0)
    return made


def request(number: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "run": RUN, "kind": "network", "frame": 0} | more


def unpacked(message: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    end = 8 + int.from_bytes(message[4:8], "little")
    header = json.loads(message[8:end])
    arrays = {}
    for field in header["static_layout"]:
        size = int(np.prod(field["shape"])) * np.dtype(field["dtype"]).itemsize
        arrays[field["name"]] = np.frombuffer(message[end : end + size], field["dtype"]).reshape(field["shape"])
        end += size + -size % ALIGNMENT
    return header, arrays


@pytest.mark.parametrize("frame", [0, 2])
def test_the_pad_reads_by_the_network_of_the_frame_shown(recording: Recording, pad: PadInNode, frame: int) -> None:
    feed = PadFeed()
    feed.answer(request(1, frame=frame), recording, RUN)
    header, arrays = unpacked(feed.message)
    assert (header["reply"], header["frame"], header["epoch"], header["trained"]) == (1, frame, frame, frame > 0)

    drawing = np.zeros((1, 112, 112), "u1")
    drawing[0, 20:90, 50:60] = 255
    said = pad.ask(header, arrays | {"pads": drawing})
    network = recording.session.network.copy()
    network.parameters = recording.track.kept[frame].snapshot.parameters
    sample = np.array(said["images"])
    np.testing.assert_array_equal(sample, pad.normalised(drawing, (8, 8)).reshape(1, -1))
    np.testing.assert_allclose(said["outputs"], network.forward(sample), atol=1e-6)
    for layer, expected in zip(said["layers"][0], network.hidden_activations(sample), strict=True):
        np.testing.assert_allclose([layer], expected, atol=1e-6)


def test_training_goes_on_as_if_nobody_had_drawn(recording: Recording) -> None:
    before = recording.session.snapshot()
    PadFeed().answer(request(1, frame=1), recording, RUN)
    np.testing.assert_array_equal(recording.session.network.parameters, before.parameters)
    assert recording.session.n_steps == before.n_steps


@pytest.mark.parametrize(
    "change",
    [
        {"frame": -1},
        {"frame": 1.5},
        {"frame": True},
        {"frame": None},
        {"kind": "eat"},
        {"kind": []},
        {"run": "another"},
    ],
)
def test_a_bad_request_gets_an_empty_answer(recording: Recording, change: dict[str, Any]) -> None:
    feed = PadFeed()
    feed.answer(request(7) | change, recording, RUN)
    header, arrays = unpacked(feed.message)
    assert header["reply"] == 7
    assert arrays == {}


def test_a_run_without_images_has_no_network_for_the_pad() -> None:
    feed = PadFeed()
    feed.answer(request(1), Recording(ExperimentConfig(n_samples=20, hidden_sizes=(2,))), RUN)
    assert unpacked(feed.message)[1] == {}


def test_a_request_that_comes_twice_is_answered_once(recording: Recording) -> None:
    feed = PadFeed()
    feed.answer(request(5), recording, RUN)
    first = feed.message
    for other in (request(5, frame=2), request(4), {"id": True}, {"id": "6"}, None, [1]):
        feed.answer(other, recording, RUN)
    assert feed.message is first


def test_test_digits_come_one_after_the_other_each_with_what_it_is(recording: Recording) -> None:
    feed, seen = PadFeed(), []
    for number in range(3):
        feed.answer(request(number + 1) | {"kind": "take", "number": number}, recording, RUN)
        header, arrays = unpacked(feed.message)
        assert recording.setup.test is not None
        same = np.flatnonzero((np.rint(recording.setup.test.X * 255) == arrays["image"].ravel()).all(axis=1))
        assert header["truth"] in recording.setup.test.y[same]
        seen.append(int(same[0]))
    assert len(set(seen)) == 3


def test_digits_of_mnist_are_read_as_images_and_as_strokes(pad: PadInNode) -> None:
    """784-100-10 sigmoids after 2 epochs of a third of the images: 28 of 30 held-out digits by the pad's own path."""
    if not stored_files.path_of("mnist"):
        pytest.skip("mnist.npz is not in NNPLAY_DATA_DIR")
    from benchmarks.digits import as_image, as_strokes

    images, labels = stored_files.mnist()  # the training images first; a part of them is read faster than all
    held_out = sets.STORED["mnist"].n_test
    train = Dataset(images[:20_000].reshape(20_000, -1).astype(np.float32) / 255, labels[:20_000], dtype="float32")
    network = Network([784, 100, 10], "sigmoid", "sigmoid", dtype="float32", seed=0)
    optimizer = SGD(learning_rate=3.0)
    TrainingSession(network, train, loss="quadratic", optimizer=optimizer, batch_size=10, evaluate_every=0).run(2)
    for to_pad in (as_image, as_strokes):
        pads = [to_pad(image / 255) for image in images[-held_out:][:30]]
        assert np.count_nonzero(pad.read(network, pads) == labels[-held_out:][:30]) >= 28
