"""A trained network as a file that other programs read, and the lines that load it there."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nnplay as nn
from nnplay.engine.activations import ACTIVATIONS
from nnplay.engine.outputs import OUTPUTS
from nnplay.experiment.export import loading_code, onnx_file
from nnplay.experiment.export.onnx_file import input_names
from tests.experiment.export.executed import needed

X = np.random.default_rng(0).normal(0, 2, (40, 3))
NAMES = [*ACTIVATIONS, "elu(alpha=2)", "leaky_relu(slope=0.3)"]


def network_of(activation: str | list[str], output: str = "sigmoid", bias: bool = True) -> nn.Network:
    n_outputs = 3 if output == "softmax" else 1
    network = nn.Network([3, 6, 5, n_outputs], activation=activation, output=output, seed=4, bias=bias)
    network.parameters = np.random.default_rng(1).normal(0, 0.7, network.parameters.size)
    return network


def run_onnx(file: bytes, X: np.ndarray) -> np.ndarray:
    session = needed("onnxruntime").InferenceSession(file)
    (outputs,) = session.run(None, {"X": X.astype(np.float32)})
    return np.asarray(outputs)


def test_a_file_of_weights_has_each_layer_in_order() -> None:
    network = nn.Network([2, 3, 1], activation="elu(alpha=2)", seed=4)
    saved = dict(np.load(io.BytesIO(nn.export.to_npz(network))))
    assert saved["activations"].tolist() == ["elu(alpha=2.0)", "sigmoid"]
    for layer in range(2):
        np.testing.assert_array_equal(saved[f"weights_{layer}"], network.weights[layer])
        np.testing.assert_array_equal(saved[f"biases_{layer}"], network.biases[layer])


def test_every_activation_has_its_form_elsewhere() -> None:
    assert set(onnx_file.ACTIVATIONS) == set(loading_code.TORCH) == set(ACTIVATIONS)


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("activation", NAMES)
def test_onnxruntime_computes_what_the_network_does(activation: str, output: str) -> None:
    network = network_of([activation, "tanh"], output, bias=output != "identity")
    found = run_onnx(nn.export.to_onnx(network), X)
    np.testing.assert_allclose(found, network.forward(X), rtol=2e-5, atol=2e-5)


@pytest.mark.parametrize(
    "settings",
    [
        {"dataset": "moons", "features": ("x1", "x1*x2", "sin(2*pi*x2)", "max(x1,x2)**2-abs(x1)/3", "-cos(x1)")},
        {"dataset": "sine", "features": ("x1", "sin(x1)")},
        {"dataset": "diabetes", "standardise": True, "columns": (1, 3, 9)},
        {"dataset": "diabetes", "log_target": True, "standardise": True},
    ],
)
def test_an_onnx_file_takes_the_data_as_they_are(settings: dict[str, Any]) -> None:
    config = nn.ExperimentConfig(**settings, hidden_sizes=(4,))
    session = config.build(evaluate_every=0).run(1)
    raw, _ = config.data.raw_split()
    columns = [raw.feature_names.index(name) for name in input_names(config)]
    found = run_onnx(nn.export.to_onnx(session.network, config), raw.X[:, columns])
    expected = session.network.forward(session.train.X)
    if config.data.is_table:
        expected = config.data.preparation().target.undo(expected)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_an_onnx_file_of_another_run_is_refused() -> None:
    with pytest.raises(nn.Refusal, match=r"config must be of a network with layers \(3, 6, 5, 1\)"):
        nn.export.to_onnx(network_of("tanh"), nn.ExperimentConfig())


def executed(lines: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    space: dict[str, Any] = {"X": X}
    exec(lines, space)
    return space["outputs"]


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("activation", loading_code.SKLEARN)
def test_the_lines_for_scikit_learn_give_the_network_s_answers(
    activation: str, output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = network_of(activation, output)
    classes = {"identity": (), "sigmoid": ("no", 'it\'s "yes"'), "softmax": ("a", "b", "c")}[output]
    lines = loading_code.sklearn_lines(network, "network.npz", classes)
    (tmp_path / "network.npz").write_bytes(nn.export.to_npz(network))
    found = executed(lines, tmp_path, monkeypatch)
    expected = network.predict_proba(X) if classes else network.predict(X)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("network", "classes"),
    [
        (network_of("sine"), ("a", "b")),
        (network_of(["tanh", "relu"]), ("a", "b")),
        (network_of("tanh", "identity"), ("a", "b")),
        (network_of("tanh"), ()),
        (nn.Network([3, 1]), ("a", "b")),
    ],
)
def test_no_lines_where_scikit_learn_has_no_such_network(network: nn.Network, classes: tuple[str, ...]) -> None:
    assert loading_code.sklearn_lines(network, "network.npz", classes) is None


def test_the_other_lines_load_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    network = network_of("gelu", "softmax")
    (tmp_path / "network.json").write_text(network.to_json())
    (tmp_path / "network.onnx").write_bytes(nn.export.to_onnx(network))
    assert json.loads(network.to_json())["format"] == "nnplay network"
    found = executed(loading_code.nnplay_lines("network.json"), tmp_path, monkeypatch)
    np.testing.assert_array_equal(found, network.forward(X))
    needed("onnxruntime")
    found = executed(loading_code.onnx_lines("network.onnx"), tmp_path, monkeypatch)
    np.testing.assert_allclose(found, network.forward(X), rtol=2e-5, atol=2e-6)


@pytest.mark.long
@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("activation", NAMES)
def test_the_lines_for_pytorch_give_the_network_s_answers(
    activation: str, output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed("torch", "requirements-torch.txt")
    network = network_of(activation, output)
    (tmp_path / "network.npz").write_bytes(nn.export.to_npz(network))
    found = executed(loading_code.torch_lines(network, "network.npz"), tmp_path, monkeypatch)
    np.testing.assert_allclose(found.detach().numpy(), network.forward(X), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("given", [None, "network", nn.ExperimentConfig().build()])
def test_only_a_network_is_written(given: object) -> None:
    for write in (nn.export.to_npz, nn.export.to_onnx):
        with pytest.raises(nn.Refusal, match="network must be an instance of Network"):
            write(given)  # type: ignore[arg-type]
    with pytest.raises(nn.Refusal, match="config must be an instance of ExperimentConfig"):
        nn.export.to_onnx(nn.Network([2, 1]), {})  # type: ignore[arg-type]
