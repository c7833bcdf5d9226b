"""The neural-network engine, in NumPy alone.

Where to begin: :mod:`~nnplay.engine.layer` is backpropagation, :mod:`~nnplay.engine.activations` what units do,
:mod:`~nnplay.engine.optimizers` what a step does with a gradient. :mod:`~nnplay.engine.passes` puts layers together,
:mod:`~nnplay.engine.network` ties it all up, and :mod:`~nnplay.engine.stack` runs many networks at once.
"""

from nnplay.engine.gradient_check import check_gradient, numerical_gradient
from nnplay.engine.network import Network
from nnplay.engine.optimizers import SGD, Adagrad, Adam, Optimizer, RMSProp
from nnplay.engine.regularizers import L1, L2

__all__ = [
    "L1",
    "L2",
    "SGD",
    "Adagrad",
    "Adam",
    "Network",
    "Optimizer",
    "RMSProp",
    "check_gradient",
    "numerical_gradient",
]
