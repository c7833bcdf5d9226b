"""A run as a file: it comes back as it was, and a file that isn't one is refused in a sentence."""

from __future__ import annotations

import copy
import dataclasses
import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnplay import ExperimentConfig
from nnplay.experiment.recording.edits import edit
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.saved_runs import saved_run
from tests.hostile import saved_runs

#: So many runs are generated here; ``python -m tests.hostile.saved_runs`` makes as many as one likes.
GENERATED = 100

CONFIGS = {
    "default": ExperimentConfig(),
    "adam, dropout, single precision": ExperimentConfig(
        optimizer="adam", dropout=0.2, batch_size=32, dtype="float32", dataset="blobs(classes=4)"
    ),
    "full batch, no test set": ExperimentConfig(test_fraction=0.0, batch_size=None, optimizer="rmsprop"),
    "regression, no hidden layer, no bias": ExperimentConfig(
        dataset="hills", hidden_sizes=(), bias=False, optimizer="adagrad", shuffle=False
    ),
    "Nesterov, a schedule, a penalty": ExperimentConfig(
        nesterov=True, schedule="cosine(epochs=20)", regularizer="l2", activation=("relu", "elu(alpha=2.0)")
    ),
}


SMALL = ExperimentConfig(hidden_sizes=(2,), n_samples=40, optimizer="adam")


def trained(config: ExperimentConfig, epochs: int = 4, steps: int = 3) -> Recording:
    recording = Recording(config)
    recording.advance(0, "epoch", 1, epochs, 60.0)
    if steps:
        recording.advance(epochs, "step", 1, steps, 60.0)
    return recording


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_an_opened_run_goes_on_bit_for_bit(config: ExperimentConfig) -> None:
    original = trained(config, steps=0 if config.batch_size is None else 3)
    opened = saved_run.from_json(saved_run.to_json(original))
    at = original.last_frame
    assert (opened.last_frame, opened.config) == (at, config)
    for one, other in zip(*(recording.history.values() for recording in (original, opened)), strict=True):
        np.testing.assert_array_equal(one, other)
    assert saved_run.to_json(opened) == saved_run.to_json(original)
    for frame, again in zip(*(r.advance(at, "epoch", 1, 3, 60.0) for r in (original, opened)), strict=True):
        assert np.array_equal(frame.measures, again.measures, equal_nan=True)
        np.testing.assert_array_equal(frame.parts["parameters"], again.parts["parameters"])
    one, other = original.session.snapshot(), opened.session.snapshot()
    assert one.parameters.tobytes() == other.parameters.tobytes()
    assert one.dropout_rng == other.dropout_rng
    assert one.batches == other.batches
    for name, vector in one.optimizer["vectors"].items():
        assert vector.tobytes() == other.optimizer["vectors"][name].tobytes()


def test_an_earlier_frame_can_be_saved_and_the_start_can_be_gone_back_to() -> None:
    original = trained(ExperimentConfig(), 5)
    opened = saved_run.from_json(saved_run.to_json(original, 2))
    assert (opened.last_frame, opened.session.epoch) == (2, 2)
    assert opened.advance(2, "epoch", 1, 1, 60.0)[0].measures == original.advance(2, "epoch", 1, 1, 60.0)[0].measures
    assert opened.nearest_kept(1) in (0, 2)
    begun = Recording(ExperimentConfig()).frame(0)
    np.testing.assert_array_equal(opened.frame(0).parts["parameters"], begun.parts["parameters"])


def test_settings_changed_half_way_are_saved_as_they_are_now() -> None:
    original = trained(ExperimentConfig(), 2)
    changed = ExperimentConfig(optimizer="adam", learning_rate=0.5)
    original.apply(changed)
    original.rewind(1)
    opened = saved_run.from_json(saved_run.to_json(original))
    assert opened.config == changed
    assert opened.advance(1, "epoch", 1, 1, 60.0)[0].measures == original.advance(1, "epoch", 1, 1, 60.0)[0].measures


def test_what_the_stop_conditions_remember_is_saved() -> None:
    original = trained(ExperimentConfig(max_epochs=2, patience=5), 4, 0)
    assert original.stopped
    assert original.last_frame == 2
    original.advance(2, "epoch", 1, 2, 60.0, go_on=True)
    opened = saved_run.from_json(saved_run.to_json(original))
    assert opened.track.kept[4].watch == original.track.kept[4].watch
    assert len(opened.advance(4, "epoch", 1, 1, 60.0)) == 1


def test_a_run_carried_over_to_other_data_goes_on_bit_for_bit() -> None:
    original = trained(ExperimentConfig(), 2, 0)
    original.carry_over(ExperimentConfig(dataset="moons", batch_size=20), 2)
    opened = saved_run.from_json(saved_run.to_json(original))
    assert opened.nearest_kept(0) == 2
    one, other = (r.advance(2, "epoch", 1, 2, 60.0) for r in (original, opened))
    assert [frame.measures for frame in one] == [frame.measures for frame in other]
    assert [frame.n_steps for frame in one] == [frame.n_steps for frame in other]


def test_a_run_too_large_to_be_opened_is_not_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    recording = trained(ExperimentConfig(), 1)
    monkeypatch.setattr(saved_run, "MAX_BYTES", 1000)
    with pytest.raises(ValueError, match="must fit in a file"):
        saved_run.to_json(recording)


@pytest.mark.parametrize("first", range(0, GENERATED, 20))
def test_generated_runs_are_opened_and_go_on_bit_for_bit(first: int) -> None:
    for seed in range(first, first + 20):
        outcome = saved_runs.check(seed)
        assert outcome in ("went on", "diverged"), f"seed {seed}: {outcome}"


def test_a_run_whose_squared_gradients_are_beyond_any_bound_is_opened() -> None:
    config = ExperimentConfig(dataset="diabetes", loss="sum_squared_error", activation="identity", optimizer="adagrad")
    original = trained(config, 9, 0)
    assert original.session.optimizer.state["sum_square"].max() > 1e12
    opened = saved_run.from_json(saved_run.to_json(original))
    assert opened.session.network.parameters.tobytes() == original.session.network.parameters.tobytes()


def test_a_run_carried_over_to_data_without_test_samples_keeps_the_test_losses_of_before() -> None:
    original = trained(SMALL)
    original.carry_over(dataclasses.replace(SMALL, test_fraction=0.0), 3)
    text = saved_run.to_json(original)
    losses = json.loads(text)["history"]["test_loss"]
    assert losses[-1] is None
    assert None not in losses[:-1]
    assert saved_run.to_json(saved_run.from_json(text)) == text
    saved = json.loads(text)
    saved["history"]["test_loss"][-1] = 0.5
    with pytest.raises(ValueError, match="test_loss must be null in the last row"):
        saved_run.from_json(json.dumps(saved))


def test_a_run_carried_over_within_an_epoch_is_opened() -> None:
    original = trained(ExperimentConfig(), 2, 3)
    original.carry_over(ExperimentConfig(dataset="moons", batch_size=20), original.last_frame)
    assert np.diff(original.history["epoch"]).min() < 0
    assert saved_run.from_json(saved_run.to_json(original)).session.n_steps == 63


def test_a_frame_that_the_curve_has_no_row_of_is_saved() -> None:
    original = trained(ExperimentConfig(n_samples=20, hidden_sizes=(2,)), 1, 0)
    original.history.capacity = 6
    original.advance(1, "step", 1, 8, 60.0)
    at = next(number for number in range(8) if number not in original.history["frame"])
    assert saved_run.from_json(saved_run.to_json(original, at)).history["frame"][-1] == at


def test_a_run_past_the_end_of_four_bytes_goes_on() -> None:
    config = ExperimentConfig(n_samples=40, batch_size=None)
    saved = json.loads(saved_run.to_json(trained(config, 1, 0)))
    far = 2**32
    saved |= {"epoch": far, "n_steps": far, "frame": far}
    saved["history"] |= {"frame": [0, far], "epoch": [0.0, float(far)]}
    frame = saved_run.from_json(json.dumps(saved)).advance(far, "epoch", 1, 1, 60.0)[0]
    assert frame.arrays()["counters"][:4].tolist() == [far + 1, far + 1, 0, far + 1]


def test_a_run_with_an_infinite_loss_is_not_saved() -> None:
    recording = trained(SMALL, 1, 0)
    recording.track.kept[1].measures = (np.inf, 1.0, 0.5, 0.5, 0.03)
    with pytest.raises(ValueError, match="training loss must be finite where a run is saved; got inf"):
        saved_run.to_json(recording)


def changed_half_way() -> Recording:
    recording = trained(dataclasses.replace(SMALL, optimizer="sgd"), 3, 2)
    recording.apply(SMALL)
    recording.advance(5, "epoch", 1, 2, 60.0)
    edit(recording, 7, 1, 0.5)
    recording.fork(8, 8)
    recording.carry_over(dataclasses.replace(SMALL, noise=0.2), 8)
    recording.advance(8, "step", 1, 2, 60.0)
    return recording


def test_how_a_run_came_about_is_in_its_file_and_replayed_it_is_the_run() -> None:
    original = changed_half_way()
    text = saved_run.to_json(original)
    opened = saved_run.from_json(text)
    assert original.recipe == opened.recipe
    assert saved_run.to_json(opened) == text
    for recording in (original, opened):
        recording.advance(10, "step", 1, 2, 60.0)
        recipe, session = recording.recipe, recording.session
        assert recipe is not None
        assert len(recipe.events) == 3
        again = recipe.replay(session.n_steps)
        assert again.network.parameters.tobytes() == session.network.parameters.tobytes()


def test_a_file_from_before_there_were_recipes_is_opened_and_nobody_knows_how_it_came_about() -> None:
    saved = json.loads(saved_run.to_json(changed_half_way()))
    del saved["recipe"]
    opened = saved_run.from_json(json.dumps(saved))
    opened.advance(10, "step", 1, 2, 60.0)
    assert opened.recipe is None
    assert "recipe" not in json.loads(saved_run.to_json(opened))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda recipe: recipe["events"].clear(), "recipe must lead to the settings of the file"),
        (lambda recipe: recipe["config"].update(hidden_sizes=[3]), "recipe must lead to the settings of the file"),
        (lambda recipe: recipe["events"][2].__setitem__(0, 16), "recipe must lead to epoch . and step . of it, where"),
        (lambda recipe: recipe["events"].append([999, "edit", 0, 1.0]), "recipe must have no event after step 17"),
        (lambda recipe: recipe.update(steps=3), "key in recipe must be one of"),
    ],
)
def test_a_recipe_that_disagrees_with_its_file_is_refused(change: Any, says: str) -> None:
    saved = json.loads(saved_run.to_json(changed_half_way()))
    change(saved["recipe"])
    assert re.search(says, refused(json.dumps(saved)))


# -- hostile files -----------------------------------------------------------------------------------------------

GOOD = saved_run.to_json(trained(SMALL, 2, 1))


def refused(text: str | bytes) -> str:
    """Return the sentence with which `text` is refused."""
    with pytest.raises((TypeError, ValueError)) as caught:
        saved_run.from_json(text)
    sentence = str(caught.value)
    assert sentence.endswith((".", "?"))
    assert len(sentence) < 600
    assert "\n" not in sentence
    assert not isinstance(caught.value, json.JSONDecodeError)
    return sentence


def test_a_run_that_is_not_wanted_is_refused_before_it_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(config: ExperimentConfig) -> None:
        raise ValueError(f"hidden_sizes must be smaller; got {config.hidden_sizes}.")

    monkeypatch.setattr(saved_run, "Recording", None)
    with pytest.raises(ValueError, match="hidden_sizes must be smaller; got"):
        saved_run.from_json(GOOD, check)


def opened(text: str | bytes) -> Recording | None:
    """Return the run of `text`, or None if it was refused as it should be."""
    try:
        return saved_run.from_json(text)
    except (TypeError, ValueError):
        refused(text)
        return None


def paths(value: Any, path: tuple = ()) -> list[tuple]:
    """Return the way to everything in a saved run; of a long list, only to its ends."""
    found = [path]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        if not isinstance(value, list) or key in (0, len(value) - 1):
            found += paths(each, (*path, key))
    return found


def changed(path: tuple, change: Callable[[Any, Any], None]) -> str:
    saved = json.loads(GOOD)
    parent = saved
    for key in path[:-1]:
        parent = parent[key]
    change(parent, path[-1])
    return json.dumps(saved)


PATHS = [path for path in paths(json.loads(GOOD)) if path]
OPTIONAL = [path for path in PATHS if len(path) > 1 and ("config" in path[:2] or str(path[1]).endswith("_score"))] + [
    ("recipe",)
]


def put(value: Any) -> Callable[[Any, Any], None]:
    def change(parent: Any, key: Any) -> None:
        parent[key] = copy.deepcopy(value)

    return change


@pytest.mark.parametrize("path", [path for path in PATHS if path not in OPTIONAL], ids=str)
def test_a_part_that_is_missing_is_missed(path: tuple) -> None:
    refused(changed(path, lambda parent, key: parent.pop(key)))


@pytest.mark.parametrize(
    "value", [True, {}, [[]], "x" * 5000, float("nan"), float("inf"), 10**400], ids=lambda v: f"{v!r:.12}"
)
@pytest.mark.parametrize("path", [path for path in PATHS if path not in OPTIONAL], ids=str)
def test_a_part_of_another_kind_is_refused(path: tuple, value: Any) -> None:
    refused(changed(path, put("true" if (path, value) == (("from_start",), True) else value)))


@pytest.mark.parametrize("path", OPTIONAL, ids=str)
@pytest.mark.parametrize("value", [{}, [[]], [{}], 1e300, "rulu", -1, None], ids=repr)
def test_a_setting_is_checked_like_any_other(path: tuple, value: Any) -> None:
    opened(changed(path, put(value)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must be JSON"),
        ("null", "must hold a JSON object"),
        ("[]", "must hold a JSON object"),
        ("{}", "must be a saved run"),
        (b"\xff\xfe", "UTF-8"),
        (b"\x80\x04\x95.", "UTF-8"),
        (b"PK\x03\x04", "must be JSON"),
        (b"\x93NUMPY\x01\x00", "UTF-8"),
        ("[" * 100_000, "brackets"),
        ("[" * 9_000, "nested too deeply"),
        ("[" * 900 + "]" * 900, "."),
        ('{"a":' * 9_000, "nested too deeply"),
        ('{"format":"nnplay run","version":' + "[" * 400 + "]" * 400 + "}", "version"),
        ("1" * 10_000, "digits"),
        ('{"format":"nnplay run","version":' + "1" * 4000 + "}", "version must be 1"),
        ("[" + "{}," * 20_000 + "{}]", "brackets"),
        ('{"a":1,"a":2}', "twice"),
        (GOOD.replace('"frame":', '"frame":0,"frame":', 1), "twice"),
        ('{"format":NaN}', "finite numbers only"),
        ('{"format":-Infinity}', "finite numbers only"),
        (GOOD[:-1], "must be JSON"),
        (GOOD + "}", "must be JSON"),
        (" " * (saved_run.MAX_BYTES + 1), "at most 5 MB"),
        (b" " * (saved_run.MAX_BYTES + 1), "at most 5 MB"),
        (GOOD.replace('"version":1', '"version":2'), "version must be 1"),
        (GOOD.replace('"version":1', '"version":true'), "version must be 1"),
        (GOOD.replace('"version":1', '"version":"1"'), "version must be 1"),
        (GOOD.replace('"nnplay run"', '"nnplay rnu"'), "format"),
        (GOOD.replace('"parameters"', '"parametres"'), "Did you mean 'parameters'?"),
        (GOOD.replace('"dataset"', '"datasett"'), "Did you mean 'dataset'?"),
        (GOOD.replace('"hidden_sizes":[2]', '"hidden_sizes":[3]'), "must be a list of 13 numbers"),
        (GOOD.replace('"hidden_sizes":[2]', '"hidden_sizes":[512,512,512]'), "as the configuration requires"),
        (GOOD.replace('"name":"adam"', '"name":"sgd"'), "optimizer must be the configuration's"),
        (GOOD.replace('"parameters":[', '"parameters":[1e999,'), "."),
        (changed(("parameters", 0), put(1e200)), "parameters must be a finite number"),
        (changed(("parameters", 0), put(10**39)), "parameters must be a finite number"),
        (changed(("optimizer", "vectors", "mean_square", 0), put(-1e-9)), "mean_square"),
        (changed(("optimizer", "n_updates"), put(10**6)), "n_updates must be at most"),
        (changed(("optimizer", "n_updates"), put(8)), "n_updates must be at most"),
        (changed(("n_steps",), put(1)), "n_steps must be 7, for epoch 2 and step 1 of 3"),
        (changed(("n_steps",), put(2**32 - 1)), "n_steps must be 7"),
        (changed(("epoch",), put(10**6)), "n_steps must be 3000001"),
        (changed(("from_start",), put(False)).replace('"epoch": 2', '"epoch": 99'), "n_steps must be at least 100"),
        (changed(("from_start",), put(1)), "from_start must be True or False"),
        (changed(("watch", "waived"), put([1])), "waived must be a list"),
        (changed(("watch", "waived"), put(["x" * 61])), "waived must be a list"),
        (changed(("watch", "best_epoch"), put(3)), "best_epoch must be an integer from 0 to 2"),
        (changed(("step_in_epoch",), put(3)), "step_in_epoch must be below"),
        (changed(("epoch",), put(2**51)), "epoch must be an integer"),
        (changed(("epoch",), put(1.5)), "epoch must be an integer"),
        (changed(("frame",), put(7)), "must grow from 0 to 7"),
        (changed(("frame",), put(-1)), "frame must be an integer"),
        (changed(("history", "frame", 1), put(0)), "must grow"),
        (changed(("history", "epoch", 1), put(99)), "must not fall"),
        (changed(("history", "train_loss", 3), put(None)), "train_loss of the last row must be a finite number"),
        (changed(("history", "epoch", 3), put(2.5)), "must end at 2.33333333333333"),
        (changed(("history", "train_loss", 1), put(-1)), "train_loss must be a finite number"),
        (changed(("history", "test_loss"), put([])), "must be a list of 4 numbers"),
        (changed(("random", "dropout", "inc"), put("2")), "must be odd"),
        (changed(("random", "dropout", "state"), put("0" * 33)), "hexadecimal"),
        (changed(("random", "dropout", "state"), put("-1")), "hexadecimal"),
        (changed(("random", "shuffling", "uinteger"), put(2**32)), "uinteger"),
        (changed(("config", "test_fraction"), put(0)), "."),
        (changed(("config", "n_samples"), put(10**9)), "n_samples"),
        (changed(("config", "dataset"), put("__import__('os').system('x')")), "dataset"),
    ],
    ids=lambda value: repr(value)[:30],
)  # fmt: skip
def test_a_hostile_file_is_refused_in_a_sentence(text: str | bytes, said: str) -> None:
    assert said in refused(text)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150)
@given(path=st.sampled_from(PATHS), value=JSON_VALUES)
def test_whatever_is_put_into_a_file_is_refused_in_a_sentence_or_makes_a_run(path: tuple, value: Any) -> None:
    recording = opened(changed(path, put(value)))
    if recording is None:
        return
    frame = recording.frame(recording.last_frame)
    assert np.isfinite(frame.measures[0])
    assert np.isfinite(frame.parts["parameters"]).all()
    recording.advance(recording.last_frame, "epoch", 1, 1, 60.0)


@settings(max_examples=100)
@given(
    at=st.integers(0, len(GOOD) - 1), piece=st.sampled_from(['"', "[", "{", ",", "0", "-", "e9", "\\", "\x00", "null"])
)
def test_a_damaged_file_is_refused_in_a_sentence_or_makes_a_run(at: int, piece: str) -> None:
    opened(GOOD[:at] + piece + GOOD[at + 1 :])
