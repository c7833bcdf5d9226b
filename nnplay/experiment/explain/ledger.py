"""The ledger of a step: every number of it, from the inputs to the changed weights."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from nnplay.engine import Optimizer
from nnplay.engine.activations import Array
from nnplay.engine.regularizers import Regularizer
from nnplay.engine.schedules import Schedule
from nnplay.experiment.explain import latex
from nnplay.experiment.explain.latex import Formula
from nnplay.experiment.explain.layer_ledger import Factor, LayerLedger, Probe, Term
from nnplay.experiment.explain.step_terms import terms_of
from nnplay.refusal import Refusal
from nnplay.validation import integer, shown


@dataclass(frozen=True)
class Ledger:
    """Every number of one step: forward, loss, backward, update.

    In what takes ``(layer, i, j)``, `layer` counts from 0, i is the input and j the unit; i = n_in is the unit's bias.

    Attributes
    ----------
    layers : tuple of LayerLedger
        The hidden layers, and the output last.
    samples : ndarray, (n_samples,), or None
        Which rows of the training set the batch is made of, where it is one of a session.
    inputs, targets, outputs : ndarray, (n_samples, n)
    loss, loss_after : float
        Of the batch before and after the step, without the penalty; with the same dropout.
    sample_losses : ndarray, (n_samples,)
        Their mean is the loss; for the loss "sum_squared_error" their sum.
    penalty : float
        What the regularizer adds to the loss.
    loss_name, output_name : str
    regularizer : Regularizer or None
    dropout : float
    optimizer : Optimizer
        As it was set; without a memory.
    memory_names : tuple of str
        What the optimizer remembers: see :attr:`LayerLedger.weight_memory`.
    n_updates : int
        Of an optimizer that counts its steps, the number of this one; else 0.
    schedule : Schedule
    epoch : int
    base_rate, schedule_factor, learning_rate : float
        The optimizer's own rate, what the schedule makes of it in this epoch, and their product.
    """

    layers: tuple[LayerLedger, ...]
    samples: Array | None
    inputs: Array
    targets: Array
    outputs: Array
    loss: float
    loss_after: float
    sample_losses: Array
    penalty: float
    loss_name: str
    output_name: str
    regularizer: Regularizer | None
    dropout: float
    optimizer: Optimizer
    memory_names: tuple[str, ...]
    n_updates: int
    schedule: Schedule
    epoch: int
    base_rate: float
    schedule_factor: float
    learning_rate: float
    probe: Probe = field(repr=False)

    def __repr__(self) -> str:
        sizes = [self.inputs.shape[1], *(layer.n_out for layer in self.layers)]
        return f"<Ledger: a step of {sizes} by {self.n_samples} samples, loss {self.loss:.4g} to {self.loss_after:.4g}>"

    @property
    def n_samples(self) -> int:
        """Samples of the batch."""
        return len(self.inputs)

    @property
    def n_parameters(self) -> int:
        """Weights and biases."""
        return sum(layer.weights.size + layer.has_bias * layer.n_out for layer in self.layers)

    @property
    def has_bias(self) -> bool:
        """Whether the network has biases."""
        return self.layers[0].has_bias

    # -- one parameter ---------------------------------------------------------------------------------------------

    def gradient(self, layer: int, i: int, j: int) -> float:
        """Return ∂loss/∂w of one parameter, without the penalty's share."""
        at, i, j = self._place(layer, i, j)
        return float(at.bias_gradients[j] if i == at.n_in else at.weight_gradients[i, j])

    def difference(self, layer: int, i: int, j: int) -> float:
        """Return the same by finite differences; NaN where a unit is at its kink."""
        return float(self.probe.differences.derivative(self.parameter_index(layer, i, j)))

    def contributions(self, layer: int, i: int, j: int) -> Array:
        """Return each sample's share of the gradient (n_samples,): its input times its error."""
        at, i, j = self._place(layer, i, j)
        return at.errors[:, j].copy() if i == at.n_in else at.inputs[:, i] * at.errors[:, j]

    def chain(self, layer: int, i: int, j: int, sample: int = 0) -> list[Factor]:
        """Return the factors of a sample's share of the gradient, from the parameter towards the loss."""
        at, i, j = self._place(layer, i, j)
        s = integer("sample", sample, 0, self.n_samples - 1)
        factors = [Factor("1", "a bias has the input 1", 1.0)]
        if i < at.n_in:
            factors = [Factor("x_i" if layer == 0 else "a_i", "the input of the weight", float(at.inputs[s, i]))]
        if at.error_rule == "difference":
            return [*factors, Factor(r"\frac{a_j - y_j}{n}", "output minus target", float(at.errors[s, j]))]
        if at.error_rule == "chain":
            factors.append(Factor("g'(z_j)", "the slope of the activation", float(at.slopes[s, j])))
            if at.mask is not None:
                factors.append(Factor("m_j", "dropout's mask", float(at.mask[s, j])))
            above = self.layers[at.number]
            return [*factors, _from_above(r"\sum_k w_{jk} \delta_k", above.weights[j], above.errors[s])]
        assert at.loss_slopes is not None
        if at.activation == "softmax":
            a = at.activations[s]
            jacobian = a * ((np.arange(len(a)) == j) - a[j])
            return [*factors, _from_above(r"\sum_k \partial a_k / \partial z_j \cdot \partial L / \partial a_k",
                                          jacobian, at.loss_slopes[s])]  # fmt: skip
        return [
            *factors,
            Factor(r"\partial a_j / \partial z_j", "the slope of the output", float(at.slopes[s, j])),
            Factor(r"\partial L / \partial a_j", "the slope of the loss", float(at.loss_slopes[s, j])),
        ]

    def step_terms(self, layer: int, i: int, j: int) -> list[Term]:
        """Return the products that add up to the step of one parameter: why it is as long as it is."""
        at, i, j = self._place(layer, i, j)
        if i == at.n_in:
            gradient, step = float(at.bias_gradients[j]), float(at.bias_steps[j])
            kept = {name: (float(m.before[j]), float(m.after[j])) for name, m in at.bias_memory.items()}
        else:
            gradient, step = float(at.weight_gradients[i, j] + at.weight_penalties[i, j]), float(at.weight_steps[i, j])
            kept = {name: (float(m.before[i, j]), float(m.after[i, j])) for name, m in at.weight_memory.items()}
        return terms_of(self.optimizer, self.learning_rate, self.n_updates, gradient, kept, step)

    def parameter_index(self, layer: int, i: int, j: int) -> int:
        """Return the place of one parameter in ``network.parameters``."""
        at, i, j = self._place(layer, i, j)
        return at.first_parameter + i * at.n_out + j

    def _place(self, layer: int, i: int, j: int) -> tuple[LayerLedger, int, int]:
        at = self.layers[integer("layer", layer, -len(self.layers), len(self.layers) - 1)]
        last = at.n_in if at.has_bias else at.n_in - 1
        return at, integer("i", i, 0, last), integer("j", j, 0, at.n_out - 1)

    # -- formulas --------------------------------------------------------------------------------------------------

    def formulas(self, layer: int, i: int, j: int, sample: int = 0) -> dict[str, Formula]:
        """Return the formulas around one parameter, with letters and with numbers, in LaTeX.

        Returns
        -------
        dict
            "sum" (z), "activation" (a), "loss" (of the sample), "error" (δ), "gradient" and "update".
        """
        at, i, j = self._place(layer, i, j)
        s = integer("sample", sample, 0, self.n_samples - 1)
        above = None if at.is_output else self.layers[at.number]
        sum_up, squash = latex.forward(at, j, s)
        return {
            "sum": sum_up,
            "activation": squash,
            "loss": latex.loss(self.loss_name, self.outputs[s], self.targets[s], float(self.sample_losses[s])),
            "error": latex.error(at, above, j, s, float(self.targets[s, j]) if at.is_output else 0.0),
            "gradient": latex.gradient(at, i, j),
            "update": latex.update(at, i, j, self.step_terms(layer, i, j)),
        }

    def to_latex(self, layer: int | None = None, unit: int | None = None, sample: int = 0) -> str:
        """Return the step as formulas with their numbers, to be set by LaTeX or KaTeX.

        Parameters
        ----------
        layer, unit : int, optional
            Only this layer, or this unit of it. By default, all: then the gradients and steps are matrices, of
            which large ones show their upper left corner.
        sample : int
            Whose way through the network is shown; the update is that of the whole batch.
        """
        s = integer("sample", sample, 0, self.n_samples - 1)
        chosen = list(self.layers)
        if layer is not None:
            chosen = [self.layers[integer("layer", layer, -len(self.layers), len(self.layers) - 1)]]
        elif unit is not None:
            raise Refusal("unit", "must come with the layer that it is in", shown(unit))
        units = [range(at.n_out) if unit is None else [integer("unit", unit, 0, at.n_out - 1)] for at in chosen]
        places = [(at, j) for at, each in zip(chosen, units, strict=True) for j in each]
        numbers = [self.formulas(at.number - 1, 0, j, s) for at, j in places]
        lines = [formula[kind].numbers for formula in numbers for kind in ("sum", "activation")]
        lines.append(self.formulas(-1, 0, 0, s)["loss"].numbers)
        lines += [formula["error"].numbers for formula in reversed(numbers)]
        if unit is not None:
            rows = range(chosen[0].n_in + chosen[0].has_bias)
            formulas = [self.formulas(chosen[0].number - 1, i, unit, s) for i in rows]
            lines += [formula[kind].numbers for kind in ("gradient", "update") for formula in formulas]
            return latex.together(lines)
        for at in chosen:
            lines += latex.whole_layer(at)
        return latex.together(lines)


def _from_above(symbol: str, ways: Array, errors: Array) -> Factor:
    terms = tuple((float(way), float(error)) for way, error in zip(ways, errors, strict=True))
    return Factor(symbol, "what comes from above", sum(way * error for way, error in terms), terms)
