"""A fully connected network: its parameters, and what one asks of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from nnplay.engine import activations as activation_functions
from nnplay.engine import initializers, losses
from nnplay.engine.activations import Activation
from nnplay.engine.initializers import Initializer
from nnplay.engine.losses import Loss
from nnplay.engine.outputs import OUTPUTS
from nnplay.engine.passes import Backpropagation, ForwardPass, as_columns
from nnplay.engine.targets import encode_targets
from nnplay.random_streams import random_stream
from nnplay.validation import boolean, choice, finite, float_matrix, integer, real_array, shown

#: Largest number of parameters that a network may have: 800 MB in float64.
MAX_PARAMETERS = 100_000_000


class Network:
    """A multi-layer perceptron.

    Each hidden layer computes ``a = g(Wᵀx + b)`` from the activations x of the layer before; the last layer's result
    goes through the output activation.

    Parameters
    ----------
    layer_sizes : sequence of int
        Inputs, units of each hidden layer, outputs: ``[2, 8, 8, 1]``.
    activation : str, Activation, or a sequence of them
        One for all hidden layers, or one for each.
    output : {"identity", "sigmoid", "softmax"}
        The output activation.
    initializer : str or Initializer
        How the weights are drawn; biases start at 0.
    dtype : {"float64", "float32"}
    seed : int
        Same seed, same weights.
    bias : bool
        Whether layers have biases.

    Attributes
    ----------
    parameters : ndarray, (n_parameters,)
        Every weight and bias in one vector: for each layer its weights row by row, then its biases.
    weights : list of ndarray, (n_in, n_out)
        Views into `parameters`; writing in them changes the network.
    biases : list of ndarray, (n_out,)
        Likewise; without biases, zeros that can't be written.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described.
    """

    def __init__(
        self,
        layer_sizes: Sequence[int],
        activation: str | Activation | Sequence[str | Activation] = "tanh",
        output: str = "sigmoid",
        initializer: str | Initializer = "xavier_uniform",
        dtype: str = "float64",
        seed: int = 0,
        bias: bool = True,
    ) -> None:
        self.layer_sizes = _checked_sizes(layer_sizes)
        self.activations = _one_per_layer(activation, len(self.hidden_sizes))
        self.output = OUTPUTS[output]()
        if output == "softmax" and self.n_outputs < 2:
            raise ValueError(
                "layer_sizes must end in at least 2 outputs with output 'softmax', a choice between classes; "
                f"got {self.n_outputs}. Did you mean output 'sigmoid'?"
            )
        self.initializer = initializers.get(initializer)
        self.dtype = np.dtype(choice("dtype", getattr(dtype, "name", dtype), ("float64", "float32")))
        self.has_bias = boolean("bias", bias)
        self.seed = integer("seed", seed, 0)

        n_parameters = sum(rows * columns for rows, columns in self._block_shapes())
        if n_parameters > MAX_PARAMETERS:
            raise ValueError(
                f"layer_sizes must give at most {MAX_PARAMETERS:,} parameters; "
                f"got {n_parameters:,} from {shown(self.layer_sizes)}."
            )
        self._parameters = np.zeros(n_parameters, self.dtype)
        self.blocks = self.blocks_of(self._parameters)
        pairs = list(zip(self.layer_sizes, self.blocks, strict=False))
        self.weights = [block[:n_in] for n_in, block in pairs]
        self.biases = [block[n_in] if self.has_bias else _read_only_zeros(block) for n_in, block in pairs]
        self.reset()
        # Passes are made for one number of samples; the last few sizes are kept.
        self._forward_pass = lru_cache(maxsize=4)(lambda n_samples: ForwardPass(self, n_samples))

    def reset(self) -> None:
        """Draw the weights anew from the seed, and set the biases to 0: the untrained network again."""
        rng = random_stream(self.seed, "initialization")
        self._parameters.fill(0.0)
        for weights in self.weights:
            weights[:] = self.initializer.draw(rng, *weights.shape)

    def copy(self, dtype: str | None = None) -> Network:
        """Return a network with the same architecture and parameters, sharing no memory with this one.

        Its dtype is the same, too, unless another one is given.
        """
        twin = Network(
            self.layer_sizes,
            self.activations,
            self.output.name,
            self.initializer,
            dtype or self.dtype.name,
            self.seed,
            self.has_bias,
        )
        with np.errstate(over="ignore"):  # single precision ends at 3e38
            twin.parameters[:] = self.parameters
        return twin

    def __deepcopy__(self, memo: dict[int, Any]) -> Network:
        return self.copy()  # copied one by one, the views would be views no more

    # -- what it is ------------------------------------------------------------------------------------------------

    @property
    def n_inputs(self) -> int:
        """Number of input features."""
        return self.layer_sizes[0]

    @property
    def n_outputs(self) -> int:
        """Number of outputs."""
        return self.layer_sizes[-1]

    @property
    def hidden_sizes(self) -> tuple[int, ...]:
        """Units of each hidden layer."""
        return self.layer_sizes[1:-1]

    @property
    def parameters(self) -> np.ndarray:
        """The one flat vector; assigning to it copies the values in, which must be finite."""
        return self._parameters

    @parameters.setter
    def parameters(self, values: Any) -> None:
        values = np.asarray(values)
        if values.shape != self._parameters.shape:
            raise ValueError(f"parameters must have shape {self._parameters.shape}; got shape {values.shape}.")
        with np.errstate(over="ignore"):
            values = real_array("parameters must be numbers", values).astype(self.dtype)
        finite("parameters", values)
        self._parameters[:] = values

    @property
    def is_weight(self) -> np.ndarray:
        """1.0 for each weight and 0.0 for each bias, in the order of `parameters`: what regularizers act on."""
        mask = np.ones_like(self._parameters)
        if self.has_bias:
            for block in self.blocks_of(mask):
                block[-1] = 0.0
        return mask

    def blocks_of(self, vector: np.ndarray) -> list[np.ndarray]:
        """Return a view for each layer of `vector`, laid out as `parameters`: (n_in + 1, n_out), the biases last."""
        blocks, start = [], 0
        for rows, columns in self._block_shapes():
            blocks.append(vector[start : start + rows * columns].reshape(rows, columns))
            start += rows * columns
        return blocks

    def _block_shapes(self) -> list[tuple[int, int]]:
        return [(n_in + self.has_bias, n_out) for n_in, n_out in pairwise(self.layer_sizes)]

    def __repr__(self) -> str:
        names = [str(activation) for activation in self.activations]
        shared = repr(names[0]) if len(set(names)) == 1 else repr(names)
        hidden = f"activation={shared}, " if names else ""
        return (
            f"Network({list(self.layer_sizes)}, {hidden}output={self.output.name!r}, {self.parameters.size} parameters)"
        )

    # -- what it answers -------------------------------------------------------------------------------------------

    @np.errstate(over="ignore")
    def forward(self, X: Any) -> np.ndarray:
        """Return the outputs (n_samples, n_outputs) for samples `X` (n_samples, n_inputs)."""
        return self._run_forward(X).outputs.T.copy()

    @np.errstate(over="ignore")
    def hidden_activations(self, X: Any) -> list[np.ndarray]:
        """Return each hidden layer's activations (n_samples, units) for samples `X` (n_samples, n_inputs)."""
        return [activations.T.copy() for activations in self._run_forward(X).hidden]

    def predict_proba(self, X: Any) -> np.ndarray:
        """Return class probabilities (n_samples, n_classes); with one sigmoid output, columns for class 0 and class 1.

        Several sigmoid outputs answer each for itself: (n_samples, n_outputs), whose rows don't sum to 1.

        Raises
        ------
        ValueError
            If the output is not a probability.
        """
        if self.output.name == "identity":
            raise ValueError(
                "predict_proba must have output 'sigmoid' or 'softmax'; got 'identity'. Use predict or forward."
            )
        outputs = self.forward(X)
        return np.hstack([1.0 - outputs, outputs]) if self.n_outputs == 1 else outputs

    def predict(self, X: Any) -> np.ndarray:
        """Return the class index of each sample (n_samples,), or the values for output "identity".

        Several sigmoid outputs answer each for itself: (n_samples, n_outputs) of 0 and 1. Values come as (n_samples,)
        for one output, else as (n_samples, n_outputs).
        """
        outputs = self.forward(X)
        if self.output.name == "softmax":
            return outputs.argmax(axis=1)
        answers = outputs if self.output.name == "identity" else (outputs > 0.5).astype(np.int64)
        return answers[:, 0] if self.n_outputs == 1 else answers

    @np.errstate(over="ignore")
    def loss_and_gradient(self, X: Any, y: Any, loss: str | Loss | None = None) -> tuple[float, np.ndarray]:
        """Return the loss over the samples and its gradient.

        Parameters
        ----------
        X : array_like, (n_samples, n_inputs)
        y : array_like
            Class indices or targets (n_samples,), or a target matrix (n_samples, n_outputs).
        loss : str, optional
            By default the one that goes with the output.

        Returns
        -------
        loss : float
        gradient : ndarray, (n_parameters,)
            In the order of `parameters`.
        """
        loss = losses.get(loss, self.output.name)
        X = float_matrix("X", X, columns=self.n_inputs)
        columns = as_columns(X, self)
        targets = np.ascontiguousarray(encode_targets(y, len(X), self.n_outputs, loss).T, self.dtype)
        gradient = np.empty_like(self._parameters)
        backpropagation = Backpropagation(self, loss, len(X), gradient)
        backpropagation(columns, targets)
        return loss.value(backpropagation.logits, backpropagation.outputs, targets), gradient

    def _run_forward(self, X: Any) -> ForwardPass:
        X = float_matrix("X", X, columns=self.n_inputs)
        forward_pass = self._forward_pass(len(X))
        forward_pass(as_columns(X, self))
        return forward_pass


def _checked_sizes(layer_sizes: Any) -> tuple[int, ...]:
    wanted = "layer_sizes must be a sequence of at least 2 integers, inputs to outputs"
    if isinstance(layer_sizes, (str, bytes)) or not hasattr(layer_sizes, "__iter__"):
        raise TypeError(f"{wanted}; got {shown(layer_sizes)}.")
    sizes = tuple(integer(f"layer_sizes[{i}]", size, 1) for i, size in enumerate(layer_sizes))
    if len(sizes) < 2:
        raise ValueError(f"{wanted}; got {shown(layer_sizes)}.")
    return sizes


def _one_per_layer(activation: str | Activation | Sequence[str | Activation], n_hidden: int) -> tuple[Activation, ...]:
    if isinstance(activation, (str, Activation)):
        return (activation_functions.get(activation),) * n_hidden
    if not isinstance(activation, Sequence):
        activation_functions.get(activation)  # raises the message that lists the names
    if len(activation) != n_hidden:
        raise ValueError(
            f"activation must be one name or one for each of the {n_hidden} hidden layers; got {len(activation)}."
        )
    return tuple(activation_functions.get(each) for each in activation)


def _read_only_zeros(block: np.ndarray) -> np.ndarray:
    zeros = np.zeros(block.shape[1], block.dtype)
    zeros.flags.writeable = False
    return zeros
