"""A fully connected network: its parameters, and what it computes."""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from nnplay.attributes import fix, guarded
from nnplay.engine import activations as activation_functions
from nnplay.engine import initializers, losses
from nnplay.engine.activations import Activation
from nnplay.engine.initializers import Initializer
from nnplay.engine.layer_arrays import LayerArrays
from nnplay.engine.losses import Loss
from nnplay.engine.network_file import to_json
from nnplay.engine.outputs import OUTPUTS, Output
from nnplay.engine.passes import Backpropagation, ForwardPass, as_columns
from nnplay.engine.targets import encode_targets
from nnplay.random_streams import random_stream
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.validation import (
    boolean,
    choice,
    dtype_name,
    finite,
    fits,
    float_matrix,
    integer,
    is_list_of_values,
    real_array,
    shown,
)

#: What goes beyond the largest number becomes infinite; where that matters, something is said of it afterwards.
_large_values_may_overflow = np.errstate(over="ignore", invalid="ignore")
#: Largest number of parameters that a network may have: 800 MB in float64.
MAX_PARAMETERS = 100_000_000


@guarded(has_bias="Make a new Network with bias=True or bias=False.")
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
        The same seed gives the same weights.
    bias : bool
        Whether layers have biases.

    Attributes
    ----------
    parameters : ndarray, (n_parameters,)
        Every weight and bias in one vector: for each layer its weights row by row, then its biases.
    weights : sequence of ndarray, (n_in, n_out)
        Views into `parameters`: writing in them changes the network, and so does assigning other arrays.
    biases : sequence of ndarray, (n_out,)
        Likewise; without biases, zeros that can't be written.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described.
    """

    layer_sizes: tuple[int, ...]
    activations: tuple[Activation, ...]
    output: Output
    initializer: Initializer
    dtype: np.dtype
    seed: int
    has_bias: bool
    blocks: list[np.ndarray]

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
        sizes = _checked_sizes(layer_sizes)
        # What a network is made of can't be assigned to, from its own methods neither.
        fix(
            self,
            layer_sizes=sizes,
            activations=_one_per_layer(activation, len(sizes) - 2),
            output=OUTPUTS[output](),
            initializer=initializers.get(initializer),
            dtype=np.dtype(choice("dtype", dtype_name(dtype), ("float64", "float32"))),
            has_bias=boolean("bias", bias),
            seed=integer("seed", seed, 0),
        )
        if output == "softmax" and self.n_outputs < 2:
            raise Refusal(
                "layer_sizes",
                "must end in at least 2 outputs with output 'softmax', a choice between classes",
                self.n_outputs,
                advice="Did you mean output 'sigmoid'?",
            )
        n_parameters = sum(rows * columns for rows, columns in self._block_shapes())
        if n_parameters > MAX_PARAMETERS:
            raise Refusal(
                "layer_sizes",
                f"must give at most {MAX_PARAMETERS:,} parameters",
                f"{n_parameters:,} from {shown(self.layer_sizes)}",
            )
        self._parameters = np.zeros(n_parameters, self.dtype)
        self._look_at_parameters()
        self.reset()

    def _look_at_parameters(self) -> None:
        """Make the views into the vector of parameters, and room for the passes that read them."""
        fix(self, blocks=self.blocks_of(self._parameters))
        pairs = list(zip(self.layer_sizes, self.blocks, strict=False))
        self._weights = LayerArrays("weights", [block[:n_in] for n_in, block in pairs])
        biases = [block[n_in] if self.has_bias else _read_only_zeros(block) for n_in, block in pairs]
        self._biases = LayerArrays("biases", biases)
        self._passes = _PassesOfThread(self)

    def reset(self) -> None:
        """Draw the weights again from the seed, and set the biases to 0: the untrained network again."""
        rng = random_stream(self.seed, "initialization")
        self._parameters.fill(0.0)
        for weights in self.weights:
            weights[:] = self.initializer.draw(rng, *weights.shape)

    def copy(self, dtype: str | None = None) -> Network:
        """Return a network with the same architecture and parameters, sharing no memory with this one.

        Its dtype is the same, too, unless another one is given.
        """
        own = self.dtype if dtype is None else np.dtype(choice("dtype", dtype_name(dtype), ("float64", "float32")))
        with np.errstate(over="ignore"):  # single precision ends at 3e38
            parameters = self._parameters.astype(own)
        twin = object.__new__(Network)  # not by its constructor, which would draw all weights only to overwrite them
        twin.__setstate__(self.__getstate__() | {"dtype": own, "_parameters": parameters})
        return twin

    def __getstate__(self) -> dict[str, Any]:
        # What looks at the parameters is left out: copied one by one, views would be views no more.
        looking = ("blocks", "_weights", "_biases", "_passes")
        return {name: value for name, value in vars(self).items() if name not in looking}

    def __setstate__(self, state: dict[str, Any]) -> None:
        fix(self, **state | {"_parameters": np.array(state["_parameters"])})
        self._look_at_parameters()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the network to a JSON file, which :func:`nnplay.load` reads.

        Raises
        ------
        ValueError
            If a parameter isn't finite, or the file would be too large.
        """
        path, text = os.fspath(path), self.to_json()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def to_json(self) -> str:
        """Return the text that :meth:`save` writes.

        Raises
        ------
        ValueError
            If a parameter isn't finite, or the file would be too large.
        """
        arguments = {
            "layer_sizes": list(self.layer_sizes),
            "activation": [str(activation) for activation in self.activations],
            "output": self.output.name,
            "initializer": str(self.initializer),
            "dtype": self.dtype.name,
            "seed": self.seed,
            "bias": self.has_bias,
        }
        return to_json(arguments, self._parameters)

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
            raise Refusal("parameters", f"must have shape {self._parameters.shape}", f"shape {values.shape}")
        with np.errstate(over="ignore"):
            values = real_array("parameters", values, "must be numbers").astype(self.dtype)
        finite("parameters", values)
        self._parameters[:] = values

    @property
    def weights(self) -> LayerArrays:
        """Each layer's weights (n_in, n_out): views into `parameters`, whose values can be set."""
        return self._weights

    @weights.setter
    def weights(self, arrays: Any) -> None:
        if arrays is not self._weights:
            self._weights.assign(arrays)

    @property
    def biases(self) -> LayerArrays:
        """Each layer's biases (n_out,): views into `parameters`, whose values can be set."""
        return self._biases

    @biases.setter
    def biases(self, arrays: Any) -> None:
        if arrays is not self._biases:
            self._biases.assign(arrays)

    @property
    def is_weight(self) -> np.ndarray:
        """1.0 for each weight and 0.0 for each bias, in the order of `parameters`: what regularizers act on."""
        mask = np.ones_like(self._parameters)
        if self.has_bias:
            for block in self.blocks_of(mask):
                block[-1] = 0.0
        return mask

    def blocks_of(self, vector: np.ndarray) -> list[np.ndarray]:
        """Return a view for each layer of `vector`, laid out as `parameters`: (n_in + 1, n_out), the biases last.

        Of K vectors (K, n_parameters), the views are (K, n_in + 1, n_out).
        """
        blocks, start = [], 0
        for rows, columns in self._block_shapes():
            blocks.append(vector[..., start : start + rows * columns].reshape(*vector.shape[:-1], rows, columns))
            start += rows * columns
        return blocks

    def _block_shapes(self) -> list[tuple[int, int]]:
        return [(n_in + self.has_bias, n_out) for n_in, n_out in pairwise(self.layer_sizes)]

    # -- the passes through it -------------------------------------------------------------------------------------

    def as_columns(self, X: np.ndarray) -> np.ndarray:
        """Return samples `X` (n_samples, n_inputs) as the columns that a pass takes; they aren't checked."""
        return as_columns(X, self.has_bias, self.dtype)

    def forward_pass(self, n_samples: int, parameters: np.ndarray | None = None) -> ForwardPass:
        """Return a forward pass for so many samples; with other `parameters`, also with those of a stack."""
        blocks = self.blocks if parameters is None else self.blocks_of(parameters)
        return ForwardPass(blocks, self.activations, self.output, self.has_bias, n_samples)

    def backpropagation(
        self,
        loss: Loss,
        n_samples: int,
        gradient: np.ndarray,
        dropout: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> Backpropagation:
        """Return what fills `gradient`, laid out as `parameters`, for batches of so many samples."""
        rngs = () if rng is None else (rng,)
        return Backpropagation(self.forward_pass(n_samples), loss, self.blocks_of(gradient), dropout, rngs)

    def __repr__(self) -> str:
        names = [str(activation) for activation in self.activations]
        shared = repr(names[0]) if len(set(names)) == 1 else repr(names)
        hidden = f"activation={shared}, " if names else ""
        return (
            f"Network({list(self.layer_sizes)}, {hidden}output={self.output.name!r}, {self.parameters.size} parameters)"
        )

    # -- what it answers -------------------------------------------------------------------------------------------

    @_large_values_may_overflow
    def forward(self, X: Any) -> np.ndarray:
        """Return the outputs (n_samples, n_outputs) for samples `X` (n_samples, n_inputs).

        Outputs that are NaN come with a RuntimeWarning: then a sum of large numbers went beyond the largest one, or
        parameters have.
        """
        return self._run_forward(X).outputs.T.copy()

    @_large_values_may_overflow
    def hidden_activations(self, X: Any) -> list[np.ndarray]:
        """Return each hidden layer's activations (n_samples, units) for samples `X` (n_samples, n_inputs)."""
        return [activations.T.copy() for activations in self._run_forward(X).hidden]

    def predict_proba(self, X: Any) -> np.ndarray:
        """Return class probabilities (n_samples, n_classes); with one sigmoid output, columns for class 0 and class 1.

        Several sigmoid outputs give a separate probability for each class: the rows don't sum to 1.

        Raises
        ------
        ValueError
            If the output is not a probability.
        """
        if self.output.name == "identity":
            raise Refusal(
                "predict_proba",
                "must have output 'sigmoid' or 'softmax'",
                "'identity'",
                advice="Use predict or forward.",
            )
        outputs = self.forward(X)
        return np.hstack([1.0 - outputs, outputs]) if self.n_outputs == 1 else outputs

    def predict(self, X: Any) -> np.ndarray:
        """Return the class index of each sample (n_samples,), or the values for output "identity".

        The class is the one with the highest output; with one output, class 1 where it is above 0.5. Values come as
        (n_samples,) for one output, else as (n_samples, n_outputs).

        Raises
        ------
        ValueError
            If outputs are NaN, which isn't a class.
        """
        if self.output.name != "identity":
            return self._class_indices(X)
        values = self.forward(X)
        return values[:, 0] if self.n_outputs == 1 else values

    def predict_labels(self, X: Any, class_names: Sequence[str]) -> np.ndarray:
        """Return the name of each sample's class (n_samples,): what a score compares, for any output.

        Parameters
        ----------
        X : array_like, (n_samples, n_inputs)
        class_names : sequence of str
            One per class, in the order of the outputs: ``data.class_names``.

        Raises
        ------
        ValueError
            If there are more or fewer names than classes, or outputs are NaN.
        """
        n_classes = max(2, self.n_outputs)
        wanted = f"must be a sequence of {n_classes} names, one for each class"
        if not is_list_of_values(class_names) or not hasattr(class_names, "__len__"):
            raise TypeRefusal("class_names", wanted, shown(class_names))
        if len(class_names) != n_classes:
            raise Refusal("class_names", wanted, len(class_names))
        return np.array(list(class_names))[self._class_indices(X)]

    def _class_indices(self, X: Any) -> np.ndarray:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # NaN is refused here
            outputs = self.forward(X)
        unknown = int(np.count_nonzero(np.isnan(outputs).any(axis=1)))
        if unknown:
            raise Refusal("network", "must give finite outputs to predict classes", self._not_a_number(unknown))
        return (outputs[:, 0] > 0.5).astype(np.int64) if self.n_outputs == 1 else outputs.argmax(axis=1)

    @_large_values_may_overflow
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
        columns = self._columns_of(X)
        n_samples = columns.shape[1]
        targets = np.ascontiguousarray(encode_targets(y, n_samples, self.n_outputs, loss).T, self.dtype)
        gradient = np.empty_like(self._parameters)
        backpropagation = self.backpropagation(loss, n_samples, gradient)
        outputs = backpropagation.run(columns, targets)
        return loss.value(backpropagation.forward.logits, outputs, targets), gradient

    def _run_forward(self, X: Any) -> ForwardPass:
        columns = self._columns_of(X)
        forward_pass = self._passes.of_size(columns.shape[1])
        outputs = forward_pass.run(columns)
        n_unknown = int(np.count_nonzero(np.isnan(outputs).any(axis=0)))
        if n_unknown:
            message = f"the network's outputs are {self._not_a_number(n_unknown)}"
            warnings.warn(message, RuntimeWarning, stacklevel=4)
        return forward_pass

    def _columns_of(self, X: Any) -> np.ndarray:
        X = float_matrix("X", X, columns=self.n_inputs)
        fits("X", X, self.dtype)
        return self.as_columns(X)

    def _not_a_number(self, n_samples: int) -> str:
        """Return how many samples get NaN for an answer, and why, as the end of a sentence."""
        if not np.isfinite(self._parameters).all():
            why = "its parameters are no longer finite, as training diverged"
        else:
            why = f"their values are too large for {self.dtype.name}; scale the inputs down"
        return f"NaN for {n_samples} sample{'s' * (n_samples > 1)}: {why}"


class _PassesOfThread(threading.local):
    """The forward passes for the last few numbers of samples, others for each thread.

    A pass is used again and again, and writes in the same arrays each time: two threads must never share one.
    """

    def __init__(self, network: Network) -> None:
        self.of_size = lru_cache(maxsize=4)(network.forward_pass)


def _checked_sizes(layer_sizes: Any) -> tuple[int, ...]:
    wanted = "must be a sequence of at least 2 integers, inputs to outputs"
    if not is_list_of_values(layer_sizes):
        raise TypeRefusal("layer_sizes", wanted, shown(layer_sizes))
    sizes = tuple(integer("layer_sizes", size, 1, index=i) for i, size in enumerate(layer_sizes))
    if len(sizes) < 2:
        raise Refusal("layer_sizes", wanted, shown(layer_sizes))
    return sizes


def _one_per_layer(activation: str | Activation | Sequence[str | Activation], n_hidden: int) -> tuple[Activation, ...]:
    if isinstance(activation, (str, Activation)):
        return (activation_functions.get(activation),) * n_hidden
    if not isinstance(activation, Sequence):
        activation_functions.get(activation)  # raises the message that lists the names
    if len(activation) != n_hidden:
        raise Refusal(
            "activation", f"must be one name or one for each of the {n_hidden} hidden layers", len(activation)
        )
    return tuple(activation_functions.get(each) for each in activation)


def _read_only_zeros(block: np.ndarray) -> np.ndarray:
    zeros = np.zeros(block.shape[1], block.dtype)
    zeros.flags.writeable = False
    return zeros
