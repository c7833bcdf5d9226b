"""What a network makes of samples that have no plane, computed for looking at: of a table, or of images."""

from __future__ import annotations

import numpy as np

from nnplay.datasets import Dataset
from nnplay.engine.losses import Loss
from nnplay.engine.network import Network
from nnplay.experiment.frames.components import Components
from nnplay.experiment.frames.frame import Arrays
from nnplay.experiment.training.evaluation import Evaluation, Outputs


class DrawnSamples:
    """Runs a network over all samples at once, in single precision.

    Parameters
    ----------
    network : Network
        Its parameters are given to each call, so that any snapshot can be drawn.
    X : ndarray, (n_samples, n_inputs)
        All samples, training samples first.

    Attributes
    ----------
    network : Network
        The single-precision twin that is run, with the parameters of the last :meth:`evaluate`.
    is_exact : bool
        Whether the run itself is in single precision: then what is computed here is good for measuring, too.
    """

    def __init__(self, network: Network, X: np.ndarray) -> None:
        self.network = network.copy("float32")
        self.is_exact = network.dtype == self.network.dtype
        self._inputs = self.network.as_columns(X)
        self._forward = self.network.forward_pass(len(X))
        self._is_evaluated = False
        self._components = Components()

    def evaluate(self, parameters: np.ndarray) -> None:
        """Run the network with `parameters`, unless that was done last."""
        if not (self._is_evaluated and np.array_equal(self.network.parameters, parameters)):
            with np.errstate(all="ignore"):
                self.network.parameters[:] = parameters
                self._forward.run(self._inputs)
            self._is_evaluated = True

    @property
    def activations(self) -> list[np.ndarray]:
        """Each hidden layer's activations, (units, n_samples), as of the last evaluation."""
        return list(self._forward.hidden)

    @property
    def outputs(self) -> np.ndarray:
        """The outputs, (n_outputs, n_samples), as of the last evaluation."""
        return self._forward.outputs

    @property
    def logits(self) -> np.ndarray:
        """The same before the output activation."""
        return self._forward.logits

    def last_layer(self, fit: int) -> Arrays:
        """Return the arrays that show what the last hidden layer sees; without a hidden layer, the inputs.

        Parameters
        ----------
        fit : int
            Another number than before chooses the directions again.
        """
        layers = [self._inputs[: self.network.n_inputs], *self._forward.hidden]
        return self._components.draw(layers[-1], fit)


class DrawnEvaluation(Evaluation):
    """Measures `network` on some of the samples that are drawn: what was computed to measure draws them, too.

    Parameters
    ----------
    network : Network
        In single precision, as what is drawn is.
    data : Dataset
    loss : Loss
    drawn : DrawnSamples
    columns : slice
        Which of those samples `data` are.
    """

    def __init__(self, network: Network, data: Dataset, loss: Loss, drawn: DrawnSamples, columns: slice) -> None:
        self._drawn, self._columns = drawn, columns
        super().__init__(network, data, loss)

    def _parts_of(self, network: Network, data: Dataset, targets: np.ndarray) -> list[tuple[Outputs, np.ndarray]]:
        drawn, columns = self._drawn, self._columns

        def outputs() -> tuple[np.ndarray, np.ndarray]:
            drawn.evaluate(network.parameters)
            return drawn.outputs[:, columns], drawn.logits[:, columns]

        return [(outputs, np.ascontiguousarray(targets.T))]
