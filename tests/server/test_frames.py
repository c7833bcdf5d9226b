"""The stage protocol: what Python packs JavaScript reads, and any request, however bad, brings a readable message."""

from __future__ import annotations

import base64
import dataclasses
import json
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest

from nnplay import ExperimentConfig
from nnplay.datasets import Dataset
from nnplay.datasets.own_data import encode
from nnplay.experiment.frames.frame import pack_frames
from nnplay.experiment.recording.recording import Recording
from nnplay.server import answers, run_info
from nnplay.server.link import View
from nnplay.server.stage_feed import Feed
from nnplay.server.turns import Account
from tests import ROOT
from tests.datasets.test_formulas import run_by_stack

DECODER = ROOT / "static" / "messages" / "decode.js"
CONFIG = ExperimentConfig(dataset="moons", n_samples=40, hidden_sizes=(4, 2), batch_size=7, seed=3)

#: For each line, a JSON list of messages, writes a line: what was found in them, arrays as their type and bytes.
SCRIPT = f"""
import {{ createInterface }} from 'node:readline';
import {{ decode }} from {json.dumps(DECODER.as_uri())};
const plain = (arrays) => Object.fromEntries(Object.entries(arrays).map(([name, a]) =>
  [name, [a.constructor.name, Buffer.from(a.buffer, a.byteOffset, a.byteLength).toString('base64')]]));
for await (const line of createInterface({{ input: process.stdin }})) {{
  const messages = JSON.parse(line).map((text) => {{
    const {{ header, statics, frames }} = decode(new Uint8Array(Buffer.from(text, 'base64')));
    return {{ header, statics: plain(statics), frames: frames.map(plain) }};
  }});
  process.stdout.write(JSON.stringify(messages) + '\\n');
}}
"""
Decode = Callable[[list[bytes]], list[dict[str, Any]]]
JS_TYPES = {"u1": "Uint8Array", "u2": "Uint16Array", "u4": "Uint32Array", "f4": "Float32Array", "f8": "Float64Array"}


@pytest.fixture(scope="module")
def decoded_by_javascript(node: str) -> Iterator[Decode]:
    """Decode messages as the browser does. Node is started once for all of them."""
    command = [node, "--input-type=module", "-e", SCRIPT]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:

        def decoded(messages: list[bytes]) -> list[dict[str, Any]]:
            line = json.dumps([base64.b64encode(message).decode() for message in messages])
            process.stdin.write(f"{line}\n")
            process.stdin.flush()
            answer = process.stdout.readline()
            assert answer, "node could not decode the messages; what it said is above"
            return json.loads(answer)

        yield decoded


def as_javascript(arrays: dict[str, np.ndarray]) -> dict[str, list[str]]:
    return {
        name: [JS_TYPES[array.dtype.str[1:]], base64.b64encode(array.tobytes()).decode()]
        for name, array in arrays.items()
    }


def read_message(message: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray], list[dict[str, np.ndarray]]]:
    """Return header, statics and frames of `message`, read as docs/protocol.md says."""
    assert message[:4] == b"NNP1"
    length = int.from_bytes(message[4:8], "little")
    assert length % 8 == 0
    header = json.loads(message[8 : 8 + length])
    offset = 8 + length

    def arrays(layout: list[dict[str, Any]]) -> dict[str, np.ndarray]:
        nonlocal offset
        found = {}
        for field in layout:
            size = int(np.prod(field["shape"], dtype=int))
            found[field["name"]] = np.frombuffer(message, "<" + field["dtype"], size, offset).reshape(field["shape"])
            end = offset + found[field["name"]].nbytes
            offset = -(-end // 8) * 8
            assert message[end:offset].strip(b"\0") == b""
        return found

    statics = arrays(header["static_layout"])
    frames = [arrays(header["frame_layout"]) for _ in range(header["n_frames"])]
    assert offset == len(message)
    return header, statics, frames


# --- Python packs, JavaScript reads -------------------------------------------------------------------------

RUNS = {
    "binary": CONFIG,
    "three classes": dataclasses.replace(CONFIG, dataset="spiral(arms=3)"),
    "regression": dataclasses.replace(CONFIG, dataset="hills"),
    "no hidden layer": dataclasses.replace(CONFIG, hidden_sizes=()),
    "no test set": dataclasses.replace(CONFIG, test_fraction=0.0),
    "float32": dataclasses.replace(CONFIG, dtype="float32"),
}

ODD_STATICS = {
    "five bytes": np.arange(5, dtype="u1"),
    "three shorts": np.array([0, 1, 65535], "<u2"),
    "one int": np.array([2**32 - 1], "<u4"),
    "floats": np.array([0.1, -np.inf, np.nan], "<f4"),
    "doubles": np.array([[0.1, np.nan], [5e-324, 1.7e308]], "<f8"),
    "nothing": np.zeros((0, 2), "<f4"),
    "a name in Greek: λ": np.zeros((1, 1, 1), "u1"),
}


@pytest.mark.parametrize("run", RUNS)
def test_javascript_reads_exactly_what_python_packed(run: str, decoded_by_javascript: Decode) -> None:
    recording = Recording(RUNS[run])
    frames = [recording.frame(0), *recording.advance(0, "step", 2, 5, 1e9)]
    header = {"seq": 3, "kind": "sync", "run": "läuft–1", "nothing": None, "view": {"units": [0, 1]}, "rate": 0.1}
    cases = [(frames, ODD_STATICS), (frames[:1], None), ([], ODD_STATICS), ([], None), (frames, {})]
    messages = [pack_frames(some, header, statics) for some, statics in cases]
    for (some, statics), message, result in zip(cases, messages, decoded_by_javascript(messages), strict=True):
        assert result["statics"] == as_javascript(statics or {})
        assert result["frames"] == [as_javascript(frame.arrays()) for frame in some]
        assert {name: result["header"][name] for name in header} == header
        assert result["header"]["n_frames"] == len(some)
        assert read_message(message)[0] == result["header"]


@pytest.mark.parametrize("run", RUNS)
def test_javascript_reads_a_sync_and_the_frames_of_a_feed(run: str, decoded_by_javascript: Decode) -> None:
    feed = Feed(RUNS[run])
    messages = [feed.message]
    feed.answer({"id": 1, "kind": "frames", "run": feed.run, "from": 0, "unit": "epoch", "amount": 1, "n": 3})
    messages.append(feed.message)
    for message, result in zip(messages, decoded_by_javascript(messages), strict=True):
        header, statics, frames = read_message(message)
        assert result["header"] == header
        assert result["statics"] == as_javascript(statics)
        assert result["frames"] == [as_javascript(frame) for frame in frames]


def test_a_frame_has_the_arrays_of_the_protocol() -> None:
    recording = Recording(CONFIG)
    recording.advance(0, "step", 7, 1, 1e9)
    arrays = recording.frame(1).arrays()
    forms = {name: (array.dtype.str, array.shape) for name, array in arrays.items()}
    assert forms == {
        "counters": ("<f8", (5,)),
        "measures": ("<f8", (5,)),
        "parameters": ("<f4", (25,)),
    }
    assert arrays["counters"].tolist() == [1, 1, 2, 7, 0]


def test_a_header_cannot_hold_what_json_cannot() -> None:
    with pytest.raises(ValueError, match="JSON"):
        pack_frames([], {"rate": float("nan")})


# --- the feed: every kind of request ------------------------------------------------------------------------


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let requests take their time, so that the number of frames alone decides."""
    monkeypatch.setattr(answers, "CPU_SECONDS_ALONE", 1e9)
    monkeypatch.setattr(answers, "CPU_SECONDS_IN_HASTE", 1e9)


class Visitor:
    """Asks a feed as the browser does."""

    def __init__(self, config: ExperimentConfig = CONFIG) -> None:
        self.feed = Feed(config)
        self.id = 0

    def ask(self, kind: str, **more: Any) -> tuple[dict[str, Any], dict[str, np.ndarray], list[dict[str, np.ndarray]]]:
        self.id += 1
        self.feed.answer({"id": self.id, "kind": kind, "run": self.feed.run, **more})
        header, statics, frames = read_message(self.feed.message)
        assert header["reply"] == self.id
        return header, statics, frames

    def ask_frames(self, after: int, n: int = 5, unit: str = "step", amount: int = 1) -> list[dict[str, np.ndarray]]:
        header, _, frames = self.ask("frames", **{"from": after, "unit": unit, "amount": amount, "n": n})
        assert header["kind"] == "frames"
        return frames


def numbers_of(frames: list[dict[str, np.ndarray]]) -> list[int]:
    return [int(frame["counters"][0]) for frame in frames]


def bytes_of(frames: list[dict[str, np.ndarray]]) -> list[bytes]:
    """Return what is the same in any view: all counters but the view's id, the measures and the parameters."""
    return [
        frame["counters"][:4].tobytes() + frame["measures"].tobytes() + frame["parameters"].tobytes()
        for frame in frames
    ]


def test_the_first_message_is_a_sync_with_frame_zero() -> None:
    feed = Feed(CONFIG)
    header, statics, frames = read_message(feed.message)
    assert (header["kind"], header["reply"], header["last_frame"], header["stopped"]) == ("sync", 0, 0, None)
    assert numbers_of(frames) == [0]
    assert statics["inputs"].shape == (40, 2)
    assert statics["is_test"].tolist() == [0] * 30 + [1] * 10
    assert set(statics["targets"]) == {0, 1}
    assert statics["history_frame"].tolist() == [0]
    info = header["info"]
    assert (info["task"], info["class_names"], info["has_test"], info["steps_per_epoch"]) == (
        "binary",
        ["class 0", "class 1"],
        True,
        5,
    )
    assert [layer["units"] for layer in info["layers"]] == [4, 2]
    assert info["layers"][0]["range"] == [-1.0, 1.0]


@pytest.mark.parametrize(
    ("run", "task", "outputs", "score"),
    [("three classes", "multiclass", 3, "accuracy"), ("regression", "regression", 1, "R²")],
)
def test_a_sync_describes_the_task(run: str, task: str, outputs: int, score: str) -> None:
    header, _, _ = read_message(Feed(RUNS[run]).message)
    assert (header["info"]["task"], header["info"]["score_name"]) == (task, score)
    assert header["info"]["network"]["layer_sizes"] == [2, 4, 2, outputs]


@pytest.mark.usefixtures("unhurried")
def test_frames_follow_the_one_that_is_named() -> None:
    visitor = Visitor()
    first = visitor.ask_frames(0, 8)
    assert numbers_of(first) == list(range(1, 9))
    assert numbers_of(visitor.ask_frames(8, 2, "epoch")) == [9, 10]
    again = visitor.ask_frames(3, 5)
    assert bytes_of(again) == bytes_of(first[3:])
    other = visitor.ask_frames(3, 5, "epoch")
    assert bytes_of(other)[:1] != bytes_of(first[3:4])
    assert read_message(visitor.feed.message)[0]["last_frame"] == 8


@pytest.mark.usefixtures("unhurried")
def test_a_frame_that_is_not_there_brings_a_sync_at_the_nearest() -> None:
    visitor = Visitor()
    visitor.ask_frames(0, 3)
    header, statics, frames = visitor.ask("frames", **{"from": 99, "unit": "step", "amount": 1, "n": 5})
    assert header["kind"] == "sync"
    assert numbers_of(frames) == [3]
    assert statics["history_frame"].tolist() == [0, 1, 2, 3]


@pytest.mark.usefixtures("unhurried")
def test_show_draws_an_old_frame_again() -> None:
    visitor = Visitor()
    frames = visitor.ask_frames(0, 6)
    for asked, shown in ((4, 4), (99, 6)):
        header, _, again = visitor.ask("show", frame=asked)
        assert header["kind"] == "frames"
        assert bytes_of(again) == bytes_of([frames[shown - 1]])
        assert header["last_frame"] == 6


@pytest.mark.usefixtures("unhurried")
def test_a_view_is_used_from_then_on() -> None:
    visitor = Visitor()
    visitor.ask_frames(0, 3)
    header, _, (frame,) = visitor.ask("view", frame=2, shows=["layers"])
    assert header["view"] == {"id": 1, "shows": ["layers"]}
    assert frame["counters"].tolist() == [2, 0, 2, 2, 1]
    assert [int(frame["counters"][4]) for frame in visitor.ask_frames(3, 2)] == [1, 1]


def test_without_a_plane_a_view_also_says_how_the_last_layer_is_shown() -> None:
    visitor = Visitor(ExperimentConfig(dataset="digits", n_rows=100, hidden_sizes=(6, 5)))
    last = {"layer": 1, "projection": "pca", "units": [0, 1], "mode": "2d"}
    assert read_message(visitor.feed.message)[0]["view"] == {"id": 0, "shows": [], "fit": 0, **last}
    _, _, (before,) = visitor.ask("show", frame=0)
    header, _, (frame,) = visitor.ask("view", frame=0, fit=2)
    assert header["view"] == {"id": 1, "shows": [], "fit": 2, **last}
    assert np.array_equal(frame["hidden_points"], before["hidden_points"])  # the same moment, fitted once more


def test_the_page_s_address_may_say_what_the_hidden_layer_panel_shows() -> None:
    assert read_message(Feed(CONFIG).message)[0]["linked_view"] is None
    feed = Feed(CONFIG, View(0, "units", (3, 1, 2), "3d"))
    said = {"layer": 0, "projection": "units", "units": [3, 1, 2], "mode": "3d"}
    assert read_message(feed.message)[0]["linked_view"] == said


@pytest.mark.usefixtures("unhurried")
def test_frames_of_a_large_network_come_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Visitor()
    size = sum(array.nbytes for array in visitor.ask("show", frame=0)[2][0].values())
    for limit, n in ((3 * size, 3), (3 * size - 1, 2), (1, 1)):
        monkeypatch.setattr(answers, "MESSAGE_BYTES", limit)
        for _ in range(2):  # the second time they are repeated
            assert len(visitor.ask_frames(0, 5)) == n
        assert numbers_of(visitor.ask("replay", **{"from": 0, "n": 5})[2]) == list(range(1, n + 1))
    visitor.ask("view", frame=0, shows=["layers"])  # frames have become larger
    monkeypatch.setattr(answers, "MESSAGE_BYTES", 3 * size)
    assert len(visitor.ask_frames(0, 5)) == 1


# --- what the browser computes with ------------------------------------------------------------------------


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("features", [("x1", "x2"), ("x1", "x2**2", "-sin(3*x1)/(2+x2)")])
def test_a_sync_and_a_frame_are_all_it_takes_to_run_the_network(features: tuple[str, ...], bias: bool) -> None:
    config = dataclasses.replace(CONFIG, features=features, bias=bias, activation=("elu(alpha=0.5)", "tanh"))
    visitor = Visitor(config)
    header, statics, (frame,) = visitor.ask("sync")
    network = header["info"]["network"]
    assert network["activations"] == [{"name": "elu", "parameters": {"alpha": 0.5}}, {"name": "tanh", "parameters": {}}]
    assert (network["output"], network["has_bias"]) == ("sigmoid", bias)
    x1, x2 = statics["inputs"].T
    fed = np.column_stack([run_by_stack(program, x1=x1, x2=x2) for program in network["inputs"]["formulas"]])
    np.testing.assert_allclose(fed, statics["sample_inputs"], rtol=1e-5, atol=1e-6)
    a, left = statics["sample_inputs"].astype(float), frame["parameters"].astype(float)
    functions: list[Callable[[np.ndarray], np.ndarray]] = [
        lambda z: np.where(z > 0, z, 0.5 * np.expm1(z)),
        np.tanh,
        lambda z: 1 / (1 + np.exp(-z)),
    ]
    for (n_in, n_out), function in zip(pairwise(network["layer_sizes"]), functions, strict=True):
        weights, left = left[: n_in * n_out].reshape(n_in, n_out), left[n_in * n_out :]
        biases, left = (left[:n_out], left[n_out:]) if bias else (0.0, left)
        a = function(a @ weights + biases)
    assert left.size == 0
    recording = visitor.feed.recording
    X = np.concatenate([recording.session.train.X, recording.session.test.X])
    np.testing.assert_allclose(a, recording.session.network.forward(X), rtol=1e-5)


def test_of_many_columns_a_point_of_the_plane_stands_for_a_sample_right_on_it() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 5)) @ rng.normal(size=(5, 5)) + 3
    config = ExperimentConfig(dataset="own", points=encode(Dataset(X, (X[:, 0] > 3).astype(int))), hidden_sizes=(3,))
    feed = Feed(config)
    header, statics, _ = read_message(feed.message)
    inputs = header["info"]["network"]["inputs"]
    centre, basis = np.array(inputs["centre"]), np.array(inputs["basis"])
    assert (centre.shape, basis.shape, statics["sample_inputs"].shape) == ((5,), (5, 2), (80, 5))
    points = feed.recording.setup.plane.grid()
    np.testing.assert_allclose(centre + points @ basis.T, feed.recording.setup.plane.inputs_at(points))


@pytest.mark.usefixtures("unhurried")
def test_reset_begins_the_same_run_anew() -> None:
    visitor = Visitor()
    first = visitor.ask_frames(0, 6)
    run = visitor.feed.run
    header, statics, frames = visitor.ask("reset")
    assert header["kind"] == "sync"
    assert header["run"] != run
    assert numbers_of(frames) == [0]
    assert statics["history_frame"].tolist() == [0]
    assert bytes_of(visitor.ask_frames(0, 6)) == bytes_of(first)


@pytest.mark.usefixtures("unhurried")
def test_sync_and_a_request_for_another_run_bring_everything() -> None:
    visitor = Visitor()
    visitor.ask_frames(0, 4)
    for more in ({"kind": "sync"}, {"kind": "frames", "run": "run-0"}, {"kind": "view", "run": None}):
        header, statics, frames = visitor.ask(**more)
        assert header["kind"] == "sync"
        assert numbers_of(frames) == [4]
        assert statics["history_frame"].tolist() == [0, 1, 2, 3, 4]
        assert np.isfinite(statics["history_test_loss"]).all()


def test_the_curve_of_a_long_run_is_thinned_in_a_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "CPU_SECONDS_ALONE", 1e9)
    monkeypatch.setattr(answers, "CPU_SECONDS_IN_HASTE", 1e9)
    monkeypatch.setattr(run_info, "MAX_HISTORY_ROWS", 10)
    visitor = Visitor()
    visitor.ask_frames(0, 40)
    _, statics, _ = visitor.ask("sync")
    shown = statics["history_frame"].tolist()
    assert (len(shown), shown[0], shown[-1]) == (10, 0, 40)


def test_a_request_is_answered_once() -> None:
    feed = Feed(CONFIG)
    request = {"id": 5, "kind": "frames", "run": feed.run, "from": 0, "unit": "step", "amount": 1, "n": 1}
    feed.answer(request)
    message, last = feed.message, feed.recording.last_frame
    for repeated in (request, {**request, "id": 4}, {**request, "kind": "reset"}):
        feed.answer(repeated)
        assert feed.message is message
        assert feed.recording.last_frame == last


def test_what_is_trained_already_is_sent_again_without_waiting_for_a_turn() -> None:
    answered = threading.Event()
    visitor = Visitor()
    frames = visitor.ask_frames(0, n=3)

    def ask_again() -> None:
        assert bytes_of(visitor.ask_frames(0, n=5)) == bytes_of(frames)
        answered.set()

    with answers.TRAINING.turn(Account()):
        threading.Thread(target=ask_again, daemon=True).start()
        assert answered.wait(30)


def test_each_message_has_a_number_of_its_own() -> None:
    visitor = Visitor()
    seqs = [read_message(visitor.feed.message)[0]["seq"]]
    for kind in ("sync", "reset", "nonsense", "sync"):
        seqs.append(visitor.ask(kind)[0]["seq"])
    visitor.feed.use(dataclasses.replace(CONFIG, learning_rate=0.5))
    seqs.append(read_message(visitor.feed.message)[0]["seq"])
    assert seqs == sorted(set(seqs))


def test_without_time_a_request_still_brings_a_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "CPU_SECONDS_ALONE", 0.0)
    assert numbers_of(Visitor().ask_frames(0, 60)) == [1]


def test_in_haste_a_request_brings_few_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "CPU_SECONDS_ALONE", 1e9)
    monkeypatch.setattr(answers, "CPU_SECONDS_IN_HASTE", 0.0)
    visitor = Visitor()
    assert numbers_of(visitor.ask("frames", **{"from": 0}, unit="step", amount=1, n=5, haste=True)[2]) == [1]
    assert numbers_of(visitor.ask("frames", **{"from": 1}, unit="step", amount=1, n=5)[2]) == [2, 3, 4, 5, 6]


# --- settings -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("unhurried")
def test_a_live_setting_gets_a_version_and_acts_on_the_next_frame() -> None:
    visitor = Visitor()
    visitor.ask_frames(0, 5)
    run, message = visitor.feed.run, visitor.feed.message
    visitor.feed.use(CONFIG)
    assert visitor.feed.message is message  # nothing changed, nothing to say
    visitor.feed.use(dataclasses.replace(CONFIG, learning_rate=0.0, momentum=0.0))
    header, _, frames = read_message(visitor.feed.message)
    assert (header["kind"], header["settings"], header["run"], frames) == ("frames", 1, run, [])
    frozen = visitor.ask_frames(2, 3)
    assert len({frame["measures"][0] for frame in frozen}) == 1
    assert {frame["measures"][4] for frame in frozen} == {0.0}


@pytest.mark.parametrize("change", [{"hidden_sizes": (5,)}, {"dataset": "xor"}, {"seed": 9}, {"activation": "relu"}])
def test_any_other_setting_begins_a_new_run(change: dict[str, Any]) -> None:
    visitor = Visitor()
    visitor.ask_frames(0, 2)
    run = visitor.feed.run
    visitor.feed.use(dataclasses.replace(CONFIG, **change))
    header, _, frames = read_message(visitor.feed.message)
    assert header["kind"] == "sync"
    assert header["run"] != run
    assert numbers_of(frames) == [0]


@pytest.mark.usefixtures("unhurried")
def test_a_diverged_run_says_so_and_has_no_further_frames() -> None:
    wild = dataclasses.replace(CONFIG, dataset="hills", activation="relu", learning_rate=100.0)
    visitor = Visitor(wild)
    visitor.ask_frames(0, 60, "epoch", 500)
    header, _, _ = read_message(visitor.feed.message)
    stopped = header["stopped"]
    assert set(stopped) == {"frame", "epoch", "reason", "message", "advice", "back_to", "good", "gone", "rate"}
    assert stopped["reason"] == "diverged"
    assert stopped["frame"] == header["last_frame"]
    assert visitor.ask_frames(header["last_frame"]) == []
    visitor.feed.use(dataclasses.replace(wild, learning_rate=0.001))
    assert read_message(visitor.feed.message)[0]["stopped"] is None
    assert len(visitor.ask_frames(0, 3)) == 3


# --- hostile requests ---------------------------------------------------------------------------------------

BAD_VALUES: list[Any] = [
    *(None, True, -1, 0, 1.5, 2**53 + 1, 2**64, 10**400, float("nan"), float("inf"), -0.0),
    *("", "1", "x" * 10_000, "__proto__", [], [0], [0, 99], [0, "1"], [0, 1, 2], [[0], [1]], {}, {"id": 1}, b"1"),
]
VALID: dict[str, dict[str, Any]] = {
    "frames": {"from": 0, "unit": "step", "amount": 1, "n": 2},
    "view": {"frame": 0, "shows": [], "fit": 1},
    "replay": {"from": 0, "n": 2},
    "show": {"frame": 0},
    "edit": {"frame": 0, "index": 3, "value": 0.5},
    "landscape": {"frame": 0, "plane": "principal", "again": "wider", "have": [1, 2]},
}
CHANGES: list[tuple[str, str, Any]] = [
    *((kind, key, value) for kind in VALID for key, value in product((*VALID[kind], "kind", "run"), BAD_VALUES)),
    *((kind, key, ...) for kind in VALID for key in (*VALID[kind], "kind", "run")),
]


def test_no_hostile_request_raises_and_each_is_answered_readably(
    monkeypatch: pytest.MonkeyPatch, decoded_by_javascript: Decode
) -> None:
    monkeypatch.setattr(answers, "CPU_SECONDS_ALONE", 0.0)
    assert len(CHANGES) >= 300
    visitor = Visitor()
    messages = []
    for kind, key, value in CHANGES:
        request = {"kind": kind, "run": visitor.feed.run, **VALID[kind], key: value}
        if value is ...:
            del request[key]
        visitor.id += 1
        visitor.feed.answer({**request, "id": visitor.id})
        header, _, _ = read_message(visitor.feed.message)
        assert header["reply"] == visitor.id
        messages.append(visitor.feed.message)
    assert len(decoded_by_javascript(messages[::7])) == len(messages[::7])
    assert visitor.feed.n_runs == 1  # no request but a reset begins a run
    assert len(visitor.ask_frames(0, 1)) == 1  # and the feed still works


@pytest.mark.parametrize("value", [*BAD_VALUES, ...], ids=lambda value: re.sub(r"\W", "", repr(value))[:20] or "empty")
def test_a_request_without_a_proper_id_is_ignored(value: Any) -> None:
    feed = Feed(CONFIG)
    message = feed.message
    feed.answer({"kind": "reset", "run": feed.run} if value is ... else {"kind": "reset", "run": feed.run, "id": value})
    assert feed.message is message


@pytest.mark.parametrize("request_", [None, 1, "frames", [], ["id"], {}, True, b"", {"id": None}], ids=repr)
def test_what_is_no_request_is_ignored(request_: Any) -> None:
    feed = Feed(CONFIG)
    message = feed.message
    feed.answer(request_)
    assert feed.message is message


def test_a_whole_number_may_come_as_a_float() -> None:
    visitor = Visitor()
    assert numbers_of(visitor.ask("show", frame=0.0)[2]) == [0]
