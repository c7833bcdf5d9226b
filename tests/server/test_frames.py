"""The stage protocol: what Python packs JavaScript reads, and any request, however bad, brings a readable message."""

from __future__ import annotations

import base64
import dataclasses
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

from nnplay import ExperimentConfig
from nnplay.experiment.frames.frame import pack_frames, to_bytes_of_range
from nnplay.experiment.recording.parts import SHOWN_AT_FIRST
from nnplay.experiment.recording.recording import Recording
from nnplay.server import run_info
from nnplay.server import stage_feed as feed_module
from nnplay.server.stage_feed import Feed
from tests import ROOT

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
        "counters": ("<f8", (6,)),
        "measures": ("<f8", (5,)),
        "surface": ("|u1", (1, 61, 61)),
        "hidden_scale": ("<f4", (4,)),
        "hidden_points": ("<u2", (40, 2)),
        "hidden_grid": ("<u2", (2, 13, 31, 2)),
        "hidden_line": ("<f4", (3,)),
        "hidden_shifts": ("<f4", (0, 2)),
        "parameters": ("<f4", (25,)),
        "unit_maps": ("|u1", (7, 21, 21)),
        "unit_scales": ("<f4", (6,)),
        "straight_scores": ("<f4", (3,)),
    }
    assert arrays["counters"].tolist() == [1, 1, 2, 7, 0, 0]


def test_hidden_coordinates_survive_as_steps_of_their_scale() -> None:
    frame = Recording(CONFIG).frame(0)
    arrays = frame.arrays()
    x0, dx, y0, dy = arrays["hidden_scale"]
    for stored, exact in ((arrays["hidden_points"], frame.hidden.points), (arrays["hidden_grid"], frame.hidden.grid)):
        assert np.allclose(stored * [dx, dy] + [x0, y0], exact, atol=0.6 * max(dx, dy))


@pytest.mark.parametrize("value", [0.0, 5.0, 1e15, -1e15])
def test_a_hidden_layer_that_is_the_same_everywhere_can_be_packed(value: float) -> None:
    frame = Recording(CONFIG).frame(0)
    points, grid = np.full((40, 2), value, "f4"), np.full((2, 13, 31, 2), value, "f4")
    frame = dataclasses.replace(frame, hidden=dataclasses.replace(frame.hidden, points=points, grid=grid))
    arrays = frame.arrays()
    x0, dx, _, _ = arrays["hidden_scale"]
    assert np.allclose(x0 + dx * arrays["hidden_points"][:, 0], value)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan, 3e38])
def test_hidden_coordinates_past_all_measure_are_packed_on_a_finite_scale(bad: float, dtype: str) -> None:
    frame = Recording(ExperimentConfig(hidden_sizes=(2,), n_samples=40)).frame(0)
    points = frame.hidden.points.astype(dtype)
    points[..., 0].flat[3] = bad
    hidden = dataclasses.replace(frame.hidden, points=points)
    arrays = dataclasses.replace(frame, hidden=hidden).arrays()
    scale, steps = arrays["hidden_scale"], arrays["hidden_points"]
    assert np.isfinite(scale).all()
    expected = np.clip(np.nan_to_num(points), -1e30, 1e30)
    restored = scale[0] + scale[1] * steps[..., 0].astype(float)
    assert np.abs(restored - expected[..., 0]).max() <= scale[1]


def test_values_become_bytes_of_their_range_and_are_clipped_outside() -> None:
    values = np.array([-1e38, -1.0, 0.0, 1.0, 1e38, np.inf, -np.inf, np.nan], np.float32)
    assert to_bytes_of_range(values, -1.0, 1.0).tolist() == [0, 0, 128, 255, 255, 255, 0, 0]


def test_a_header_cannot_hold_what_json_cannot() -> None:
    with pytest.raises(ValueError, match="JSON"):
        pack_frames([], {"rate": float("nan")})


# --- the feed: every kind of request ------------------------------------------------------------------------


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let requests take their time, so that the number of frames alone decides."""
    monkeypatch.setattr(feed_module, "CPU_SECONDS_ALONE", 1e9)
    monkeypatch.setattr(feed_module, "CPU_SECONDS_IN_HASTE", 1e9)


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
    """Return what is the same in any view: all counters but the view's id, the measures and the surface."""
    return [
        frame["counters"][:4].tobytes() + frame["measures"].tobytes() + frame["surface"].tobytes() for frame in frames
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
    assert (info["grid_lines"], info["grid_samples"]) == frames[0]["hidden_grid"].shape[1:3]


@pytest.mark.parametrize(
    ("run", "task", "planes", "score"),
    [("three classes", "multiclass", 3, "accuracy"), ("regression", "regression", 1, "R²")],
)
def test_a_sync_describes_the_task(run: str, task: str, planes: int, score: str) -> None:
    header, _, (frame,) = read_message(Feed(RUNS[run]).message)
    assert (header["info"]["task"], header["info"]["score_name"]) == (task, score)
    assert frame["surface"].shape[0] == planes


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
    header, _, (frame,) = visitor.ask("view", frame=2, layer=0, projection="units", units=[3, 1])
    assert header["view"] == {
        "id": 1,
        "layer": 0,
        "projection": "units",
        "units": [3, 1],
        "shows": list(SHOWN_AT_FIRST),
        "mode": "2d",
        "fit": 0,
    }
    assert frame["counters"].tolist() == [2, 0, 2, 2, 1, 0]
    assert [int(frame["counters"][4]) for frame in visitor.ask_frames(3, 2)] == [1, 1]


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize(
    ("mode", "units", "points"), [("2d", [0, 1], (40, 2)), ("3d", [0, 3, 1], (40, 3)), ("morph", [0, 1], (5, 40, 2))]
)
def test_a_view_has_a_mode(mode: str, units: list[int], points: tuple[int, ...], decoded_by_javascript: Decode) -> None:
    visitor = Visitor()
    header, _, (frame,) = visitor.ask("view", frame=0, layer=0, projection="units", units=units, mode=mode, fit=2)
    assert (header["view"]["mode"], header["view"]["units"], header["view"]["fit"]) == (mode, units, 2)
    assert frame["hidden_points"].shape == points
    assert frame["hidden_scale"].shape == (2 * points[-1],)
    assert frame["hidden_line"].shape == (points[-1] + 1,)
    assert [f["hidden_points"].shape for f in visitor.ask_frames(0, 3)] == [points] * 3
    (result,) = decoded_by_javascript([visitor.feed.message])
    assert result["frames"] == [as_javascript(frame) for frame in read_message(visitor.feed.message)[2]]


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
    monkeypatch.setattr(feed_module, "CPU_SECONDS_ALONE", 1e9)
    monkeypatch.setattr(feed_module, "CPU_SECONDS_IN_HASTE", 1e9)
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


def test_each_message_has_a_number_of_its_own() -> None:
    visitor = Visitor()
    seqs = [read_message(visitor.feed.message)[0]["seq"]]
    for kind in ("sync", "reset", "nonsense", "sync"):
        seqs.append(visitor.ask(kind)[0]["seq"])
    visitor.feed.use(dataclasses.replace(CONFIG, learning_rate=0.5))
    seqs.append(read_message(visitor.feed.message)[0]["seq"])
    assert seqs == sorted(set(seqs))


def test_without_time_a_request_still_brings_a_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "CPU_SECONDS_ALONE", 0.0)
    assert numbers_of(Visitor().ask_frames(0, 60)) == [1]


def test_in_haste_a_request_brings_few_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "CPU_SECONDS_ALONE", 1e9)
    monkeypatch.setattr(feed_module, "CPU_SECONDS_IN_HASTE", 0.0)
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


def test_a_new_run_is_looked_at_as_the_last_one_where_the_layers_are_the_same() -> None:
    visitor = Visitor()
    visitor.ask("view", frame=0, layer=0, projection="units", units=[3, 2])
    visitor.feed.use(dataclasses.replace(CONFIG, seed=8))
    view = read_message(visitor.feed.message)[0]["view"]
    assert (view["layer"], view["projection"], view["units"]) == (0, "units", [3, 2])
    visitor.feed.use(dataclasses.replace(CONFIG, hidden_sizes=(2,)))
    assert read_message(visitor.feed.message)[0]["view"]["units"] == [0, 1]


@pytest.mark.usefixtures("unhurried")
def test_a_diverged_run_says_so_and_has_no_further_frames() -> None:
    wild = dataclasses.replace(CONFIG, dataset="hills", activation="relu", learning_rate=100.0)
    visitor = Visitor(wild)
    visitor.ask_frames(0, 60, "epoch", 500)
    header, _, _ = read_message(visitor.feed.message)
    stopped = header["stopped"]
    assert set(stopped) == {"frame", "epoch", "reason", "message", "advice", "back_to"}
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
    "view": {"frame": 0, "layer": 0, "projection": "units", "units": [0, 1], "shows": []},
    "show": {"frame": 0},
    "edit": {"frame": 0, "index": 3, "value": 0.5},
}
CHANGES: list[tuple[str, str, Any]] = [
    *((kind, key, value) for kind in VALID for key, value in product((*VALID[kind], "kind", "run"), BAD_VALUES)),
    *((kind, key, ...) for kind in VALID for key in (*VALID[kind], "kind", "run")),
]


def test_no_hostile_request_raises_and_each_is_answered_readably(
    monkeypatch: pytest.MonkeyPatch, decoded_by_javascript: Decode
) -> None:
    monkeypatch.setattr(feed_module, "CPU_SECONDS_ALONE", 0.0)
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
