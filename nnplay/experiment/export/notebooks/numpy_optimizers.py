"""The optimizers as a NumPy notebook writes them: what they remember, and how they take a step."""

from __future__ import annotations

from collections.abc import Callable

from nnplay.experiment.config.config import ExperimentConfig

#: What stands above an optimizer, by name; whether there is momentum.
ABOUT: dict[str, Callable[[bool], str]] = {
    "sgd": lambda has_momentum: (
        "Each step adds to the velocity, and the velocity moves the weights: momentum."
        if has_momentum
        else "Every weight takes a step against its slope, so that the loss falls."
    ),
    "rmsprop": lambda _: "RMSProp divides each step by a running average of the slope's size.",
    "adagrad": lambda _: (
        "Adagrad divides each step by the size of all slopes so far: weights that moved much slow down."
    ),
    "adam": lambda _: "Adam has momentum, and a step size for each weight.",
}


def optimizer_lines(config: ExperimentConfig, keeps_velocity: bool, is_new: bool) -> list[str]:
    """Return the lines that take a step.

    Parameters
    ----------
    config : ExperimentConfig
    keeps_velocity : bool
        Whether plain gradient descent has momentum at some time of the run.
    is_new : bool
        Whether the optimizer remembers nothing yet.
    """
    made = config.make_optimizer()
    values = {name: value for name, value in made.hyperparameters.items() if name not in ("learning_rate", "nesterov")}
    zeros = "[np.zeros_like(layer) for layer in network]"
    lines: list[str] = []
    if made.name == "sgd":
        if not keeps_velocity:
            return [
                "def descend(gradients, rate):",
                '    """Take a step downhill."""',
                "    for layer, gradient in zip(network, gradients):",
                "        layer -= rate * gradient",
            ]
        lines.append(f"momentum = {values['momentum']!r}")
        lines += [f"velocity = {zeros}"] * is_new
        step = ["        layer += v"]
        if config.nesterov:
            step = ["        layer -= rate * gradient", "        layer += momentum * v  # Nesterov: a look ahead"]
        return [
            *lines, "", "",
            "def descend(gradients, rate):",
            '    """Take a step: a ball that rolls downhill."""',
            "    for layer, v, gradient in zip(network, velocity, gradients):",
            "        v *= momentum",
            "        v -= rate * gradient",
            *step,
        ]  # fmt: skip
    lines += [f"{name} = {value!r}" for name, value in values.items()]
    if made.name == "adam":
        lines += [f"mean = {zeros}", f"mean_square = {zeros}", "n_updates = 0"] * is_new
        return [
            *lines, "", "",
            "def descend(gradients, rate):",
            '    """Take a step: momentum, and a step size for each weight."""',
            "    global n_updates",
            "    n_updates += 1",
            "    # Both averages begin at 0; this undoes it.",
            "    rate = rate * (math.sqrt(1.0 - beta_2**n_updates) / (1.0 - beta_1**n_updates))",
            "    for layer, m, s, gradient in zip(network, mean, mean_square, gradients):",
            "        m[:] = beta_1 * m + (1.0 - beta_1) * gradient",
            "        s[:] = beta_2 * s + (1.0 - beta_2) * (gradient * gradient)",
            "        layer -= rate * (m / (np.sqrt(s) + epsilon))",
        ]  # fmt: skip
    name, doc, average = {
        "rmsprop": (
            "mean_square",
            "Take a step, divided by how large the slopes have been of late.",
            "s[:] = decay * s + (1.0 - decay) * (gradient * gradient)",
        ),
        "adagrad": ("sum_square", "Take a step, divided by how large all slopes were.", "s += gradient * gradient"),
    }[made.name]
    lines += [f"{name} = {zeros}"] * is_new
    return [
        *lines, "", "",
        "def descend(gradients, rate):",
        f'    """{doc}"""',
        f"    for layer, s, gradient in zip(network, {name}, gradients):",
        f"        {average}",
        "        layer -= rate * (gradient / (np.sqrt(s) + epsilon))",
    ]  # fmt: skip
