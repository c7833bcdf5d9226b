"""A step, explained: the engine takes it on a copy, and what it leaves in its buffers is written into a ledger.

Nothing is computed in a way of its own here. The engine's own layers run forward and backward, and the optimizer's own
update changes a copy of the parameters.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnplay.engine import SGD, Network, Optimizer, losses, schedules
from nnplay.engine.activations import Activation, Array
from nnplay.engine.losses import CrossEntropy, Loss
from nnplay.engine.outputs import Output
from nnplay.engine.passes import Backpropagation
from nnplay.engine.regularizers import Regularizer
from nnplay.engine.schedules import Schedule
from nnplay.engine.targets import encode_targets
from nnplay.experiment.explain.layer_ledger import LayerLedger, Memory, Probe, still
from nnplay.experiment.explain.ledger import Ledger
from nnplay.experiment.training.session import TrainingSession
from nnplay.random_streams import random_stream
from nnplay.refusal import Refusal
from nnplay.validation import finite, fits, float_matrix, integer, is_list_of_values, must_be, number, real_array, shown


def explain_step(
    network: Network,
    X: Any,
    y: Any,
    loss: str | Loss | None = None,
    optimizer: Optimizer | None = None,
    regularizer: Regularizer | None = None,
    *,
    dropout: float = 0.0,
    rng: np.random.Generator | None = None,
    masks: Sequence[Any] | None = None,
    schedule: str | Schedule = "constant",
    epoch: int = 0,
) -> Ledger:
    """Return every number of the step that `network` would take on these samples.

    Nothing that is given is changed: neither the network, nor the optimizer and what it remembers, nor the generator.

    Parameters
    ----------
    network : Network
    X : array_like, (n_samples, n_inputs)
    y : array_like
        Class indices or targets (n_samples,), or a target matrix (n_samples, n_outputs).
    loss : str, optional
        By default the one that goes with the output.
    optimizer : Optimizer, optional
        By default ``SGD()``. One that has trained this network goes on from what it remembers.
    regularizer : Regularizer, optional
    dropout : float, in [0, 1)
    rng : numpy.random.Generator, optional
        Where dropout's masks are drawn from; by default that of seed 0.
    masks : sequence of array_like, (n_samples, units), optional
        Dropout's masks themselves, one for each hidden layer: as :attr:`LayerLedger.mask` has them.
    schedule : str or Schedule
    epoch : int
        For the schedule.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described.

    Examples
    --------
    >>> import nnplay as nn
    >>> network = nn.Network([2, 3, 1], seed=1)
    >>> ledger = nn.explain_step(network, [[0.5, -1.0]], [1], optimizer=nn.SGD(learning_rate=0.1))
    >>> ledger.layers[0].weight_gradients.shape
    (2, 3)
    """
    must_be("network", network, Network)
    loss = losses.get(loss, network.output.name)
    X = float_matrix("X", X, columns=network.n_inputs)
    fits("X", X, network.dtype)
    columns = network.as_columns(X)
    targets = encode_targets(y, len(X), network.n_outputs, loss)
    fits("y", targets, network.dtype)
    if optimizer is not None:
        must_be("optimizer", optimizer, Optimizer)
    if regularizer is not None:
        must_be("regularizer", regularizer, Regularizer)
    if rng is not None:
        must_be("rng", rng, np.random.Generator)
    step = Step(
        network,
        columns,
        np.ascontiguousarray(targets.T, network.dtype),
        loss,
        _own(SGD() if optimizer is None else optimizer, network),
        regularizer,
        number("dropout", dropout, 0.0, below=1.0),
        random_stream(0, "dropout") if rng is None else copy.deepcopy(rng),
        schedules.get(schedule),
        integer("epoch", epoch, 0),
        masks=None if masks is None else _checked_masks(masks, network, len(X)),
    )
    return step.explained()


def explain_next_step(session: TrainingSession) -> Ledger:
    """Return every number of the step that ``session.step()`` would take now. The session stays as it is.

    The steps in the ledger are those that the session then takes, bit for bit.

    Raises
    ------
    TypeError, ValueError
        If it isn't a session, or one that has diverged and takes no more steps.
    """
    must_be("session", session, TrainingSession)
    if session.divergence is not None:
        raise Refusal("session", "must not have diverged, as it takes no more steps then", str(session.divergence))
    rows, (columns, targets) = session.next_batch()
    rng = np.random.default_rng()
    rng.bit_generator.state = session.snapshot().dropout_rng
    return Step(
        session.network,
        columns,
        targets,
        session.loss,
        _own(session.optimizer, session.network),
        session.regularizer,
        session.dropout,
        rng,
        session.schedule,
        session.epoch,
        rows,
    ).explained()


def _own(optimizer: Optimizer, network: Network) -> Optimizer:
    """Return a copy of `optimizer`, with what it remembers, for the parameters of `network`."""
    own = optimizer.unbound_copy()
    own.bind(network.parameters)
    for name, vector in optimizer.state.items():
        if vector.shape != network.parameters.shape:
            wanted = f"must remember {network.parameters.size} parameters, those of the network"
            raise Refusal("optimizer", wanted, f"a {name} of shape {vector.shape}")
    if optimizer.state:
        own.restore(optimizer.snapshot())
    return own


def _checked_masks(masks: Any, network: Network, n_samples: int) -> list[Array]:
    """Return dropout's masks as the passes take them, (units, n_samples)."""
    sizes = network.hidden_sizes
    if not is_list_of_values(masks) or not hasattr(masks, "__len__") or len(masks) != len(sizes):
        raise Refusal("masks", f"must be {len(sizes)} arrays, one for each hidden layer", shown(masks))
    checked = []
    for index, (mask, units) in enumerate(zip(masks, sizes, strict=True)):
        array = real_array("masks", mask, "must be arrays of numbers")
        if array.shape != (n_samples, units):
            raise Refusal("masks", f"must have shape {(n_samples, units)}", f"shape {array.shape}", index=index)
        finite("masks", array)
        checked.append(np.ascontiguousarray(array.T, network.dtype))
    return checked


@dataclass
class Step:
    """A step about to be taken: what goes into it. The optimizer and the generator are its own, to be used up."""

    network: Network
    columns: Array
    targets: Array
    loss: Loss
    optimizer: Optimizer
    regularizer: Regularizer | None
    dropout: float
    rng: np.random.Generator
    schedule: Schedule
    epoch: int
    rows: Array | None = None
    masks: list[Array] | None = None

    def explained(self) -> Ledger:
        """Take the step on a copy of the parameters, and return what became of every number."""
        network, optimizer = self.network, self.optimizer
        before, memory_before = network.parameters.copy(), {k: v.copy() for k, v in optimizer.state.items()}
        gradient, penalties, after = np.empty_like(before), np.zeros_like(before), before.copy()
        factor = self.schedule.factor(self.epoch)
        rate = optimizer.learning_rate * factor
        with np.errstate(all="ignore"):
            passes = self._backward(gradient)
            total, penalty = gradient.copy(), 0.0
            if self.regularizer:
                self.regularizer.add_gradient(penalties, before, network.is_weight)
                self.regularizer.add_gradient(total, before, network.is_weight)
                penalty = float(self.regularizer.penalty(before, network.is_weight))
            optimizer.update(after, total, rate)
            flat = {
                "before": before, "after": after, "steps": after - before, "gradients": gradient, "penalties": penalties
            }  # fmt: skip
            memory = {name: (memory_before[name], optimizer.state[name]) for name in optimizer.state}
            masks = [layer.dropout.mask for layer in passes.forward.layers if layer.dropout is not None]
            probe = Probe(network, self.columns, self.targets, self.loss, masks)
            return Ledger(
                layers=tuple(self._layers(passes, flat, memory, probe)),
                samples=None if self.rows is None else still(self.rows.copy()),
                inputs=_rows(self.columns[: network.n_inputs]),
                targets=_rows(self.targets),
                outputs=_rows(passes.forward.outputs),
                loss=self._loss_of(passes, slice(None)),
                loss_after=self._loss_after(after, masks),
                sample_losses=still(np.array([self._loss_of(passes, slice(s, s + 1)) for s in range(self._n_samples)])),
                penalty=penalty,
                loss_name=self.loss.name,
                output_name=network.output.name,
                regularizer=self.regularizer,
                dropout=self.dropout,
                optimizer=optimizer.unbound_copy(),
                memory_names=tuple(optimizer.state),
                n_updates=optimizer.n_updates,
                schedule=self.schedule,
                epoch=self.epoch,
                base_rate=optimizer.learning_rate,
                schedule_factor=factor,
                learning_rate=rate,
                probe=probe,
            )

    @property
    def _n_samples(self) -> int:
        return self.targets.shape[1]

    def _backward(self, gradient: Array) -> Backpropagation:
        """Run the engine forward and backward; return its passes, with all that they left in their buffers."""
        network = self.network
        rate = self.dropout if network.hidden_sizes else 0.0
        # Masks that are given take the place of those that would be drawn.
        passes = network.backpropagation(self.loss, self._n_samples, gradient, 0.5 if self.masks else rate, self.rng)
        for layer, mask in zip(passes.forward.layers, self.masks or [], strict=False):
            if layer.dropout is not None:
                layer.dropout.hold(mask)
        passes.run(self.columns, self.targets)
        return passes

    def _loss_of(self, passes: Backpropagation, samples: slice) -> float:
        forward = passes.forward
        return self.loss.value(forward.logits[:, samples], forward.outputs[:, samples], self.targets[:, samples])

    def _loss_after(self, parameters: Array, masks: list[Array]) -> float:
        forward = self.network.forward_pass(self._n_samples, parameters)
        forward.hold_masks(masks)
        forward.run(self.columns)
        return self.loss.value(forward.logits, forward.outputs, self.targets)

    def _layers(
        self,
        passes: Backpropagation,
        flat: Mapping[str, Array],
        memory: Mapping[str, tuple[Array, Array]],
        probe: Probe,
    ) -> list[LayerLedger]:
        network, found, first = self.network, [], 0
        functions: list[Activation | Output] = [*network.activations, network.output]
        cut = {name: network.blocks_of(vector) for name, vector in flat.items()}
        kept = {name: [network.blocks_of(vector) for vector in pair] for name, pair in memory.items()}
        for k, (layer, function) in enumerate(zip(passes.forward.layers, functions, strict=True)):
            n_in, is_output = network.layer_sizes[k], k == len(functions) - 1
            weights = {name: still(blocks[k][:n_in].copy()) for name, blocks in cut.items()}
            biases = {name: self._biases(blocks[k], n_in) for name, blocks in cut.items()}
            # a may have overwritten z, so the layer takes its weighted sum once more.
            z = np.empty_like(layer.z)
            layer.product(layer.block_T, layer.x, z)
            rule, loss_slopes = self._error_rule(passes) if is_output else ("chain", None)
            found.append(
                LayerLedger(
                    number=k + 1,
                    activation=function.name if is_output else str(function),
                    is_output=is_output,
                    has_bias=network.has_bias,
                    weights=weights["before"],
                    weights_after=weights["after"],
                    weight_gradients=weights["gradients"],
                    weight_penalties=weights["penalties"],
                    weight_steps=weights["steps"],
                    biases=biases["before"],
                    biases_after=biases["after"],
                    bias_gradients=biases["gradients"],
                    bias_steps=biases["steps"],
                    inputs=_rows(layer.x[:n_in]),
                    pre_activations=_rows(z),
                    activations=_rows(layer.a),
                    slopes=_rows(self._slopes(k, z, layer.a)),
                    errors=_rows(layer.delta),
                    mask=None if layer.dropout is None else _rows(layer.dropout.mask),
                    handed_on=_rows(layer.handed_on[: len(layer.a)]),
                    error_rule=rule,
                    loss_slopes=loss_slopes,
                    weight_memory={n: Memory(*(still(b[k][:n_in].copy()) for b in pair)) for n, pair in kept.items()},
                    bias_memory={n: Memory(*(self._biases(b[k], n_in) for b in pair)) for n, pair in kept.items()},
                    first_parameter=first,
                    probe=probe,
                )
            )
            first += layer.block.size
        return found

    def _biases(self, block: Array, n_in: int) -> Array:
        return still(block[n_in].copy() if self.network.has_bias else np.zeros(block.shape[1], block.dtype))

    def _slopes(self, layer: int, z: Array, a: Array) -> Array:
        """Return g'(z) (n_out, n_samples), before dropout's mask; of a softmax the diagonal of its Jacobian."""
        network, slopes = self.network, np.ones_like(a)
        if layer < len(network.activations):
            return network.activations[layer].derivative(z, a, slopes)
        return slopes if network.output.name == "identity" else a * (1 - a)

    def _error_rule(self, passes: Backpropagation) -> tuple[str, Array | None]:
        if isinstance(self.loss, CrossEntropy):
            return "difference", None
        outputs = passes.forward.outputs
        return "jacobian", _rows(self.loss.output_gradient(outputs, self.targets, np.empty_like(outputs)))


def _rows(columns: Array) -> Array:
    """Return what is (n, n_samples) with the samples first, as a copy that can't be written."""
    return still(columns.T.copy())
