"""What a notebook's user asks of a session beyond training: when to stop, a callback, a table, a file."""

from __future__ import annotations

import copy
import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import nnplay as nn
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.saved_runs.saved_run import to_json
from tests import ROOT

TRAIN, TEST = nn.datasets.make("moons", n_samples=60, noise=0.1, seed=0).split(0.25, seed=0)
CONFIG = nn.ExperimentConfig(dataset="circles", n_samples=40, hidden_sizes=(4,), learning_rate=0.1)


def moon_session(**arguments: Any) -> nn.TrainingSession:
    arguments = {"optimizer": nn.SGD(0.1, momentum=0.9), "batch_size": 7, **arguments}
    return nn.TrainingSession(nn.Network([2, 4, 1]), TRAIN, TEST, **arguments)


# --- when to stop -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("evaluate_every", [1, 0, 3])
def test_a_run_stops_at_the_first_epoch_with_the_target_loss(evaluate_every: int) -> None:
    losses = moon_session().run(60).history["train_loss"]
    target = float(losses[20])
    first = int(np.argmax(losses[1:] <= target)) + 1
    session = moon_session(evaluate_every=evaluate_every).run(60, target_loss=target)
    assert session.epoch == first
    assert session.run(5, target_loss=target).epoch == first
    assert session.run(5).epoch == first + 5


@pytest.mark.parametrize("evaluate_every", [1, 0, 3])
def test_a_run_stops_when_the_test_loss_has_not_improved_for_a_while(evaluate_every: int) -> None:
    settings: dict[str, Any] = {"optimizer": nn.SGD(1.0, momentum=0.9), "batch_size": 3}
    losses = moon_session(**settings).run(100).history["test_loss"]
    stop = moon_session(**settings, evaluate_every=evaluate_every).run(100, patience=4).epoch
    assert stop < 100
    assert stop == 1 + int(np.argmin(losses[1 : stop + 1])) + 4
    for earlier in range(5, stop):
        assert 1 + int(np.argmin(losses[1 : earlier + 1])) > earlier - 4


def test_without_a_test_set_patience_watches_the_training_loss() -> None:
    session = nn.TrainingSession(nn.Network([2, 1]), TRAIN, optimizer=nn.SGD(0.0))
    assert session.run(100, patience=3).epoch == 4  # the first epoch is the best so far, then three that are no better


def test_conditions_of_a_configuration_are_the_sessions() -> None:
    session = nn.ExperimentConfig(max_epochs=5).build()
    assert session.max_epochs == 5
    assert session.run(20).epoch == 5
    with pytest.warns(
        UserWarning, match="nothing was trained: max_epochs=5 is already met in epoch 5. Set session.max_epochs"
    ):
        session.run(20)
    session.max_epochs = 0
    assert session.run(2).epoch == 7


@pytest.mark.parametrize("fields", [{"max_epochs": 8}, {"target_loss": 0.6}, {"patience": 2, "learning_rate": 1.0}])
def test_a_run_in_parts_stops_where_the_whole_one_does(fields: dict[str, Any]) -> None:
    config = nn.ExperimentConfig(**CONFIG.to_dict() | fields)
    whole, parts = config.build().run(40), config.build().run(3)
    while parts.epoch < whole.epoch:
        parts.run(2)
    assert (parts.epoch, whole.epoch < 40) == (whole.epoch, True)
    assert parts.network.parameters.tobytes() == whole.network.parameters.tobytes()


def test_a_recording_stops_where_its_session_would() -> None:
    config = nn.ExperimentConfig(**CONFIG.to_dict() | {"patience": 2, "learning_rate": 1.0})
    recording = Recording(config)
    recording.advance(0, "epoch", 40, 1, 60.0)
    assert recording.stopped is not None
    assert recording.session.epoch == config.build().run(40).epoch


@pytest.mark.parametrize("name", ["max_epochs", "patience"])
@pytest.mark.parametrize("bad", [-1, 2.5, "5", None])
def test_a_bad_condition_is_refused_and_the_old_one_stays(name: str, bad: Any) -> None:
    session = moon_session(max_epochs=3, patience=3)
    with pytest.raises((TypeError, ValueError), match=f"{name} must be an integer"):
        setattr(session, name, bad)
    assert getattr(session, name) == 3


# --- callbacks --------------------------------------------------------------------------------------------------------


def test_a_callback_sees_the_session_after_each_epoch() -> None:
    seen = []
    session = moon_session()
    session.run(3, callback=lambda s: seen.append((s.epoch, s.step_in_epoch, s.history["epoch"][-1], s is session)))
    assert seen == [(1, 0, 1, True), (2, 0, 2, True), (3, 0, 3, True)]
    assert session.network.parameters.tobytes() == moon_session().run(3).network.parameters.tobytes()


@pytest.mark.parametrize("answer", [True, np.True_])
def test_the_answer_true_ends_the_run(answer: Any) -> None:
    assert moon_session().run(10, callback=lambda s: answer if s.epoch == 4 else None).epoch == 4


@pytest.mark.parametrize("answer", [False, None, 1, 1.0, "stop", np.False_, np.ones(2)])
def test_any_other_answer_lets_it_go_on(answer: Any) -> None:
    assert moon_session().run(3, callback=lambda s: answer).epoch == 3


def test_an_error_in_a_callback_is_the_callers_and_leaves_a_whole_session() -> None:
    session = moon_session()

    def fail(_: nn.TrainingSession) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        session.run(3, callback=fail)
    assert session.run(2).network.parameters.tobytes() == moon_session().run(3).network.parameters.tobytes()


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_patience_remembers_the_epochs_before_an_error(error: type[BaseException]) -> None:
    whole, interrupted = (moon_session(optimizer=nn.SGD(0.01), patience=3).run(1) for _ in range(2))
    copies = []

    def fail(session: nn.TrainingSession) -> None:
        if session.epoch == 6:
            copies.append(copy.deepcopy(session))
            raise error

    with pytest.raises(error):
        interrupted.run(9, callback=fail)
    assert interrupted.epoch == whole.run(5).epoch == 6
    for session in (interrupted, copies[0]):
        assert session.snapshot().watch == whole.snapshot().watch


def test_a_callback_may_change_what_comes_next() -> None:
    def halve(session: nn.TrainingSession) -> None:
        session.optimizer.learning_rate /= 2

    session = moon_session().run(3, callback=halve)
    assert session.history["learning_rate"].tolist() == [0.1, 0.1, 0.05, 0.025]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"callback": "print"}, "callback must be a function of the session; got 'print'."),
        ({"patience": -1}, "patience must be an integer from 0 to 10000000; got -1."),
        ({"target_loss": math.nan}, "target_loss must be a finite number from 0 to 1e+09; got nan."),
        ({"epochs": -1}, "epochs must be an integer at least 0; got -1."),
    ],
)
def test_bad_arguments_of_a_run_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=re.escape(message)):
        moon_session().run(**{"epochs": 2, **arguments})


# --- the history as a table -------------------------------------------------------------------------------------------


def test_a_table_of_the_history_has_a_row_a_record() -> None:
    history = moon_session().run(4).history
    table = pd.DataFrame(history)
    assert list(table.columns) == ["epoch", "train_loss", "test_loss", "train_score", "test_score", "learning_rate"]
    assert table["epoch"].tolist() == [0, 1, 2, 3, 4]
    for name in table:
        assert table[name].to_numpy().tobytes() == history[name].tobytes()
    assert {**history}.keys() == dict(history).keys() == (history | {}).keys() == history.copy().keys()


@pytest.mark.parametrize(
    "change",
    [
        lambda h: h.__setitem__("x", [1]),
        lambda h: h.update(x=1),
        lambda h: h.clear(),
        lambda h: h.pop("epoch"),
        lambda h: h.__delitem__("epoch"),
        lambda h: h.setdefault("x"),
    ],
)
def test_a_history_cannot_be_changed(change: Any) -> None:
    history = moon_session().history
    with pytest.raises(TypeError, match="history can't be changed"):
        change(history)
    assert len(history) == 6


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("bias", [True, False])
def test_a_saved_network_is_loaded_bit_for_bit(tmp_path: Path, dtype: str, bias: bool) -> None:
    network = nn.Network([2, 5, 3], ["elu(alpha=2)"], "softmax", "normal(std=0.5)", dtype, seed=3, bias=bias)
    network.parameters *= 1 / 3
    path = tmp_path / "network.json"
    network.save(path)
    loaded = nn.load(str(path))
    assert isinstance(loaded, nn.Network)
    assert repr(loaded) == repr(network)
    assert loaded.dtype == network.dtype
    assert loaded.parameters.tobytes() == network.parameters.tobytes()
    network.reset()
    loaded.reset()
    assert loaded.parameters.tobytes() == network.parameters.tobytes()


def test_a_run_saved_in_the_app_is_a_session_that_goes_on(tmp_path: Path) -> None:
    config = nn.ExperimentConfig(**CONFIG.to_dict() | {"optimizer": "adam", "dropout": 0.1, "max_epochs": 20})
    recording = Recording(config)
    recording.advance(0, "epoch", 1, 6, 60.0)
    path = tmp_path / "run.json"
    path.write_text(to_json(recording), encoding="utf-8")
    session = nn.load(path)
    assert isinstance(session, nn.TrainingSession)
    whole = config.build().run(6)
    assert (session.epoch, session.n_steps) == (6, whole.n_steps)
    assert session.network.parameters.tobytes() == whole.network.parameters.tobytes()
    table, expected = pd.DataFrame(session.history), pd.DataFrame(whole.history)
    for name in ("epoch", "train_loss", "test_loss", "train_score", "test_score"):
        np.testing.assert_allclose(table[name], expected[name], rtol=1e-5)
    assert table["learning_rate"].tolist()[-1] == 0.1
    assert session.run(4).network.parameters.tobytes() == whole.run(4).network.parameters.tobytes()
    assert session.run(30).epoch == 20


def test_a_run_saved_within_an_epoch_goes_on_there(tmp_path: Path) -> None:
    recording = Recording(CONFIG)
    recording.advance(0, "step", 1, 4, 60.0)
    (tmp_path / "run.json").write_text(to_json(recording), encoding="utf-8")
    session = nn.load(tmp_path / "run.json")
    assert isinstance(session, nn.TrainingSession)
    expected = CONFIG.build().step(4).run(2)
    assert session.run(2).network.parameters.tobytes() == expected.network.parameters.tobytes()


def test_a_network_that_diverged_is_not_saved(tmp_path: Path) -> None:
    network = nn.Network([2, 1])
    network.parameters[0] = np.nan
    with pytest.raises(ValueError, match="parameters must hold finite numbers only"):
        network.save(tmp_path / "network.json")
    assert not (tmp_path / "network.json").exists()


def saved(**changes: Any) -> str:
    made = {"format": "nnplay network", "version": 1, "layer_sizes": [2, 1], "activation": [], "output": "sigmoid"}
    made |= {"initializer": "zeros", "dtype": "float64", "seed": 0, "bias": True, "parameters": [1, 2.5, 3]}
    return json.dumps({name: value for name, value in (made | changes).items() if value != "left out"})


def test_such_a_file_is_a_network(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(saved(), encoding="utf-8")
    loaded = nn.load(tmp_path / "file")
    assert isinstance(loaded, nn.Network)
    assert loaded.parameters.tolist() == [1.0, 2.5, 3.0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "file must be JSON"),
        ("[]", "file must hold a JSON object"),
        ("{", "file must be JSON"),
        (b"\xff\xfe\x00", "file must be text in UTF-8"),
        ("{}", "format must be one of 'nnplay network', 'nnplay run'; got None."),
        (saved(format="nnplay networks"), "got 'nnplay networks'. Did you mean 'nnplay network'?"),
        (saved(format="nnplay run"), "config must be an object with the settings"),
        (saved(version=2), "version must be 1"),
        (saved(version=True), "version must be 1"),
        (saved(colour="red"), "field must be one of"),
        (saved(dtype="left out"), "a saved network must have the field 'dtype'; it is missing."),
        (saved(parameters=[1, 2, 3, 4]), "parameters must have shape (3,); got shape (4,)."),
        (saved(parameters=[1, 2, "3"]), "parameters must be a list of numbers"),
        (saved(parameters=[1, 2, True]), "parameters must be a list of numbers"),
        (saved(parameters=[1, 2, [3]]), "parameters must be a list of numbers"),
        (saved(parameters={"a": 1}), "parameters must be a list of numbers"),
        (saved(parameters=[1, 2, math.nan]), "file must hold finite numbers only; got NaN."),
        (saved(parameters=[1, 2, 10**400]), "parameters must "),
        (saved().replace("2.5", "1e999"), "parameters must hold finite numbers only"),
        (saved(layer_sizes=[10**6, 10**6]), "parameters must be at least 1,000,000,000,000 for such layers; got 3."),
        (saved(layer_sizes=[2, 1.0]), "layer_sizes must be a list of integers above 0"),
        (saved(layer_sizes="21"), "layer_sizes must be a list of integers above 0"),
        (saved(layer_sizes=[2]), "layer_sizes must be a sequence of at least 2 integers"),
        (saved(activation=["relu"]), "activation must be one name or one for each of the 0 hidden layers; got 1."),
        (saved(activation=5), "activation must be one of"),
        (saved(output="tanh"), "output must be one of"),
        (saved(output=["sigmoid"]), "output must be one of"),
        (saved(dtype="float16"), "dtype must be one of"),
        (saved(seed=-1), "seed must be an integer at least 0; got -1."),
        (saved(bias=1), "bias must be True or False; got 1."),
        ("[" * 20_000, "brackets"),
        (saved()[:-1] + ', "seed": 1}', "file must not repeat a name"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_file_that_is_neither_is_refused_in_one_line(tmp_path: Path, text: str | bytes, message: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises((TypeError, ValueError), match=re.escape(message)) as caught:
        nn.load(path)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        nn.load(tmp_path / "nothing.json")


# --- the README -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["README.md", "docs/notebook.md"])
def test_the_examples_on_paper_run(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = (ROOT / page).read_text(encoding="utf-8")
    example = next(code for code in re.findall(r"```python\n(.*?)```", readme, re.DOTALL) if "import nnplay" in code)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(example, names)
    assert names["session"].score(names["test"]) > 0.95
    assert (tmp_path / "network.json").exists()


@pytest.mark.long
def test_all_examples_of_the_page_run_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "notebook.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    examples = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(examples) >= 10
    for example in examples:
        exec(example, names)
