"""A few lines of code that load a network's file elsewhere."""

from __future__ import annotations

from nnplay.engine import Network
from nnplay.engine.activations import ELU, LeakyReLU

#: The activations as PyTorch has them; parameters stand in braces.
TORCH = {
    "relu": "torch.nn.ReLU()",
    "leaky_relu": "torch.nn.LeakyReLU({slope})",
    "tanh": "torch.nn.Tanh()",
    "elu": "torch.nn.ELU({alpha})",
    "sigmoid": "torch.nn.Sigmoid()",
    "identity": "torch.nn.Identity()",
    "softplus": "torch.nn.Softplus(threshold=40)",
    "silu": "torch.nn.SiLU()",
    "gelu": 'torch.nn.GELU("tanh")',
    "sine": "Sine()",
}
_TORCH_OUTPUTS = {"identity": "torch.nn.Identity()", "sigmoid": "torch.nn.Sigmoid()", "softmax": "torch.nn.Softmax(1)"}
#: Those that scikit-learn's networks have, and what it calls them; also its outputs.
SKLEARN = {"relu": "relu", "tanh": "tanh", "sigmoid": "logistic", "identity": "identity"}
_SKLEARN_OUTPUTS = {"identity": "identity", "sigmoid": "logistic", "softmax": "softmax"}


def onnx_lines(file: str) -> str:
    """Return the lines that run an ONNX file."""
    return f'''import onnxruntime  # pip install onnxruntime

model = onnxruntime.InferenceSession("{file}")
(outputs,) = model.run(None, {{"X": X.astype("float32")}})'''


def nnplay_lines(file: str) -> str:
    """Return the lines that load a network's JSON file in nnplay."""
    return f'''import nnplay as nn

network = nn.load("{file}")
outputs = network.forward(X)'''


def torch_lines(network: Network, file: str) -> str:
    """Return the lines that make a model of PyTorch of a ``.npz`` file of weights."""
    modules = [_torch_module(each) for each in network.activations] + [_TORCH_OUTPUTS[network.output.name]]
    lines = ["import numpy as np", "import torch", ""]
    if "Sine()" in modules:
        lines += [
            "",
            "class Sine(torch.nn.Module):",
            "    def forward(self, z):",
            "        return torch.sin(z)",
            "",
            "",
        ]
    lines += [
        f'with np.load("{file}") as file:',
        "    saved = dict(file)",
        "model = torch.nn.Sequential()",
        f"for k, activation in enumerate([{', '.join(modules)}]):",
        '    weights, biases = torch.tensor(saved[f"weights_{k}"]), torch.tensor(saved[f"biases_{k}"])',
        "    layer = torch.nn.Linear(*weights.shape, dtype=weights.dtype)",
        "    layer.weight.data, layer.bias.data = weights.T, biases",
        "    model.extend([layer, activation])",
        "outputs = model(torch.tensor(X, dtype=weights.dtype))",
    ]
    return "\n".join(lines)


def _torch_module(activation: object) -> str:
    name = activation.name  # type: ignore[attr-defined]
    values = {}
    if isinstance(activation, LeakyReLU):
        values = {"slope": activation.slope}
    elif isinstance(activation, ELU):
        values = {"alpha": activation.alpha}
    return TORCH[name].format(**values)


def sklearn_lines(network: Network, file: str, class_names: tuple[str, ...] = ()) -> str | None:
    """Return the lines that make a network of scikit-learn of a ``.npz`` file of weights; None if it has none such.

    Parameters
    ----------
    network : Network
    file : str
    class_names : tuple of str
        Empty for regression.
    """
    names = {str(activation) for activation in network.activations}
    is_classifier = bool(class_names)
    fitting = "identity" if not is_classifier else "sigmoid" if len(class_names) == 2 else "softmax"
    if len(names) > 1 or not names <= set(SKLEARN) or not network.hidden_sizes or network.output.name != fitting:
        return None
    kind = "MLPClassifier" if is_classifier else "MLPRegressor"
    n_layers = len(network.weights)
    lines = [
        "import numpy as np",
        f"from sklearn.neural_network import {kind}",
        *(["from sklearn.preprocessing import LabelBinarizer"] if is_classifier else []),
        "",
        f'with np.load("{file}") as file:',
        "    saved = dict(file)",
        f'model = {kind}({list(network.hidden_sizes)}, activation="{SKLEARN[names.pop()]}")',
        f'model.coefs_ = [saved[f"weights_{{k}}"] for k in range({n_layers})]',
        f'model.intercepts_ = [saved[f"biases_{{k}}"] for k in range({n_layers})]',
        f"model.n_layers_, model.n_outputs_ = {n_layers + 1}, {network.n_outputs}",
        f'model.out_activation_ = "{_SKLEARN_OUTPUTS[network.output.name]}"',
    ]
    if not is_classifier:
        return "\n".join([*lines, "outputs = model.predict(X)"])
    named = ", ".join(map(repr, class_names))
    return "\n".join(
        [
            *lines,
            f"model.classes_ = np.array([{named}])",
            "model._label_binarizer = LabelBinarizer().fit(model.classes_)",
            "outputs = model.predict_proba(X)",
        ]
    )
