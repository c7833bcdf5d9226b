"""The server's half of the pad: what comes back is what the network of that frame says of the drawing."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest

from nnplay import ExperimentConfig, Network, TrainingSession
from nnplay.datasets import Dataset, stored, stored_files
from nnplay.datasets.handwriting import normalised
from nnplay.engine import SGD
from nnplay.experiment.answer import answer
from nnplay.experiment.frames import ALIGNMENT
from nnplay.experiment.recording import Recording
from nnplay.ui.pad.reader import Reader
from nnplay.ui.stage import feed as feed_module

RUN = "run"
INK = np.zeros((40, 30), np.uint8)
INK[5:35, 12:17] = 255


@pytest.fixture(scope="module")
def recording() -> Recording:
    """Three epochs of a small network on the 8×8 digits, a frame each."""
    config = ExperimentConfig(dataset="digits", hidden_sizes=(12, 6), activation="tanh", batch_size=32, momentum=0.9)
    made = Recording(config)
    for frame in range(3):
        made.advance(frame, "epoch", 1, 1, 10.0)
    return made


def drawing(number: int, ink: np.ndarray = INK, **more: Any) -> dict[str, Any]:
    rows, columns = ink.shape
    text = base64.b64encode(ink.tobytes()).decode()
    request = {"id": number, "run": RUN, "kind": "read", "frame": 0, "rows": rows, "columns": columns, "ink": text}
    return request | more


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
def test_the_network_of_the_frame_shown_answers(recording: Recording, frame: int) -> None:
    reader = Reader()
    reader.read(drawing(1, frame=frame), recording, RUN)
    header, arrays = unpacked(reader.message)
    assert (header["reply"], header["frame"], header["epoch"], header["trained"]) == (1, frame, frame, frame > 0)

    network = recording.session.network.copy()
    network.parameters = recording.track.kept[frame].snapshot.parameters
    image = normalised(INK, (8, 8))
    expected = answer(network, image.ravel())
    np.testing.assert_array_equal(arrays["seen"], np.rint(image * 255))
    np.testing.assert_allclose(arrays["outputs"], expected.outputs, atol=1e-5)
    np.testing.assert_allclose(arrays["outputs"].sum(), 1, atol=1e-5)
    for layer, activations in enumerate(expected.activations, start=1):
        np.testing.assert_allclose(arrays[f"activations_{layer}"], activations, atol=1e-5)


def test_training_goes_on_as_if_nobody_had_drawn(recording: Recording) -> None:
    before = recording.session.snapshot()
    Reader().read(drawing(1, frame=1), recording, RUN)
    np.testing.assert_array_equal(recording.session.network.parameters, before.parameters)
    assert recording.session.n_steps == before.n_steps


@pytest.mark.parametrize(
    "change",
    [
        {"ink": "not base64!"},
        {"ink": "AAAA"},
        {"ink": 5},
        {"rows": 0},
        {"rows": 10**6},
        {"columns": 1.5},
        {"frame": -1},
        {"kind": "eat"},
        {"run": "another"},
    ],
)
def test_a_bad_drawing_gets_an_empty_answer(recording: Recording, change: dict[str, Any]) -> None:
    reader = Reader()
    reader.read(drawing(7) | change, recording, RUN)
    header, arrays = unpacked(reader.message)
    assert header["reply"] == 7
    assert arrays == {}


def test_a_request_that_comes_twice_is_answered_once(recording: Recording) -> None:
    reader = Reader()
    reader.read(drawing(5), recording, RUN)
    first = reader.message
    for request in (drawing(5, frame=2), drawing(4), {"id": True}, {"id": "6"}, None, [1]):
        reader.read(request, recording, RUN)
    assert reader.message is first


def test_test_digits_come_one_after_the_other_each_with_what_it_is(recording: Recording) -> None:
    reader, seen = Reader(), []
    for number in range(3):
        reader.read({"id": number + 1, "run": RUN, "kind": "take", "number": number}, recording, RUN)
        header, arrays = unpacked(reader.message)
        assert recording.test is not None
        same = np.flatnonzero((np.rint(recording.test.X * 255) == arrays["image"].ravel()).all(axis=1))
        assert header["truth"] in recording.test.y[same]
        seen.append(int(same[0]))
    assert len(set(seen)) == 3


def test_who_draws_need_not_wait_for_many_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "CPU_SECONDS_ALONE", 1e9)
    monkeypatch.setattr(feed_module, "CPU_SECONDS_IN_HASTE", 0.0)
    feed = feed_module.Feed(ExperimentConfig(n_samples=20, hidden_sizes=(2,)))
    request = {"run": feed.run, "kind": "frames", "unit": "step", "amount": 1, "n": 5}
    feed.answer(request | {"id": 1, "from": 0})
    assert feed.recording.last_frame == 5
    feed.make_haste()
    feed.answer(request | {"id": 2, "from": 5})
    assert feed.recording.last_frame == 6


def test_digits_of_mnist_are_read_as_images_and_as_strokes() -> None:
    """Article 001's network, of 28 epochs less: 28 of 30 held-out digits through the pad's own path."""
    if not stored_files.path_of("mnist"):
        pytest.skip("mnist.npz is not in NNPLAY_DATA_DIR")
    from benchmarks.digits import as_image, as_strokes, read

    images, labels = stored_files.mnist()  # the training images first; a part of them is read faster than all
    held_out = stored.STORED["mnist"].n_test
    train = Dataset(images[:20_000].reshape(20_000, -1).astype(np.float32) / 255, labels[:20_000], dtype="float32")
    network = Network([784, 100, 10], "sigmoid", "sigmoid", dtype="float32", seed=0)
    optimizer = SGD(learning_rate=3.0)
    TrainingSession(network, train, loss="quadratic", optimizer=optimizer, batch_size=10, evaluate_every=0).run(2)
    for to_ink in (as_image, as_strokes):
        pairs = zip(images[-held_out:][:30] / 255, labels[-held_out:], strict=False)
        assert sum(read(network, to_ink(image)) == label for image, label in pairs) >= 28
