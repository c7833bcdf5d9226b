"""Which faults there are, what each is called, and what is told of it once it has been named."""

from __future__ import annotations

from dataclasses import dataclass

from nnplay.engine import SGD, Network
from nnplay.engine.activations import Activation, elu
from nnplay.experiment.explain.bug_lab import planted

#: The activation of all runs: article 000's.
RIGHT_ELU = elu(alpha=2)
LAYER_SIZES = (2, 4, 1)


@dataclass(frozen=True)
class Plan:
    """How the runs of a case are trained.

    Attributes
    ----------
    key : str
    words : str
        For whoever looks at the case.
    batch_size : int or None
        None for all samples.
    learning_rate : float
    n_epochs : int
    sorted_by_class : bool
        Whether the training set lies there class by class, as files often do.
    """

    key: str
    words: str
    batch_size: int | None
    learning_rate: float
    n_epochs: int
    sorted_by_class: bool = False

    @property
    def optimizer(self) -> SGD:
        """Plain gradient descent."""
        return SGD(learning_rate=self.learning_rate)


FULL_BATCH = Plan(
    "full",
    "Article 000's network on two moons: 4 ELU units (alpha 2), a sigmoid output, all 375 points in one batch, "
    "rate 0.1, 2,000 epochs.",
    None,
    0.1,
    2000,
)
MINI_BATCHES = Plan(
    "batches",
    "Article 000's network on two moons: 4 ELU units (alpha 2), a sigmoid output, batches of 25 from a file that is "
    "sorted by class, rate 0.3, 100 epochs.",
    25,
    0.3,
    100,
    sorted_by_class=True,
)


@dataclass(frozen=True)
class Fault:
    """A fault, or none.

    Attributes
    ----------
    key, title : str
        What is answered, in a few words.
    planted : str
        What was done to the engine's parts, in a sentence.
    symptom : str
        What to look for: the hint after a wrong answer.
    explanation : str
        What is told once it has been named.
    plans : tuple of Plan
        Which runs it can be planted in.
    network : type of Network
    activation : Activation
    shuffle : bool
    """

    key: str
    title: str
    planted: str
    symptom: str
    explanation: str
    plans: tuple[Plan, ...] = (FULL_BATCH, MINI_BATCHES)
    network: type[Network] = Network
    activation: Activation = RIGHT_ELU
    shuffle: bool = True

    @property
    def is_planted(self) -> bool:
        """Whether something is wrong at all."""
        return self.key != HEALTHY


HEALTHY = "none"

_FAULTS = (
    Fault(
        "derivative",
        "The activation's derivative is wrong",
        "The derivative of the ELU is 0 where its input is positive. It should be 1.",
        "Look at layer 1 in the gradient check. Is one factor behind all of its errors, or has each weight its own?",
        "A unit learns nothing from the points where it is active. Layer 1 is wrong, each weight by a factor of its "
        "own. Layer 2 is right: no derivative of a hidden unit lies between it and the loss. This is article 000's "
        "first fault. In 20 such runs with all points in one batch, the median test accuracy after 1,000 epochs is "
        "89 % with it and 90 % without it, and single runs differ by more than that. Accuracy hardly shows it; the "
        "gradient check does at once.",
        activation=planted.WRONG_ELU,
    ),
    Fault(
        "bias",
        "The gradient of the biases is missing",
        "The line that adds up the errors for the biases is missing, so their gradient is 0.",
        "Look at the row of the biases in the gradient check, in both layers.",
        "The weights learn, the biases stay at 0. The line of each hidden unit then goes through the point (0, 0), and "
        "the boundary has to make do with that. The loss falls all the same, only not as far.",
        network=planted.NetworkWithoutBiasGradient,
    ),
    Fault(
        "twice",
        "The gradient is divided by the number of samples twice",
        "Layer 1 divides its gradient by the number of samples, though the error that it gets from layer 2 is "
        "divided already.",
        "Look at layer 1 in the gradient check: by which factor is each of its gradients off?",
        "Every gradient of layer 1 is too small by the same factor, the number of samples: 375 in this check. Layer 1 "
        "hardly moves, and layer 2 makes the best of four random bends. This is the second fault of article 000's "
        "code. In 20 such runs with all points in one batch, the median test accuracy after 1,000 epochs is 86 % with "
        "it and 90 % without it.",
        network=planted.NetworkDividedTwice,
    ),
    Fault(
        "sign",
        "A sign is wrong in the hidden layer",
        "Layer 1 takes the error that it gets from layer 2 with the wrong sign.",
        "Look at the loss: does it go on falling? Then look at the signs in the gradient check.",
        "Layer 2 goes downhill and layer 1 uphill, so the loss falls at first and rises again. In the gradient check "
        "each gradient of layer 1 has the right size and the wrong sign, which is a relative error of 2.",
        plans=(FULL_BATCH,),  # in small batches, the rate being what it is, it shows too soon
        network=planted.NetworkWithWrongSign,
    ),
    Fault(
        "order",
        "The batches are never shuffled",
        "The training points are taken in the order of the file, class by class, in every epoch.",
        "The gradient check can't see this one. Look at what the batches are made of.",
        "Every gradient is right, but a batch has points of one class alone. The network is pulled to one class, then "
        "to the other, and within every epoch the loss goes up and down. A gradient check can't find that: it asks "
        "whether a gradient is right, not whether its points were well mixed.",
        plans=(MINI_BATCHES,),
        shuffle=False,
    ),
    Fault(
        HEALTHY,
        "Nothing is wrong",
        "Nothing is planted in this run.",
        "Go through it once more: every gradient, the biases, what the batches are made of.",
        "Backpropagation and finite differences agree to many digits in both layers, and the batches have points of "
        "both classes. A loss that falls slowly is no fault by itself. That nothing is wrong is only known once "
        "somebody has looked.",
    ),
)

#: What a case can be, by key; the last is none.
FAULTS: dict[str, Fault] = {fault.key: fault for fault in _FAULTS}
