"""What the browser is told of a step: its description, and the ledger's numbers as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.explain.epsilons import EpsilonScan
from nnplay.experiment.explain.ledger import Ledger
from nnplay.experiment.frames.frame import Arrays
from nnplay.experiment.training.session import TrainingSession
from nnplay.refusal import Refusal
from nnplay.server.setting_words import value_word

#: Most parameters of a network whose step is told: each brings up to eight numbers.
MOST_PARAMETERS = 40_000
#: Numbers of single samples that a step brings, about; and samples that it brings at least, if there are as many.
MOST_SAMPLE_NUMBERS, LEAST_SAMPLES = 150_000, 8
#: Training samples that the strip shows behind those of the batch.
MOST_POINTS = 2000


def check_size(config: ExperimentConfig) -> None:
    """Raise a Refusal if the network of a run is too large for its step to be shown."""
    if config.n_parameters > MOST_PARAMETERS:
        raise Refusal(
            "hidden_sizes",
            f"must make at most {MOST_PARAMETERS:,} parameters",
            f"{config.n_parameters:,}",
            plainly=f"This network has {config.n_parameters:,} parameters; "
            f"a step can be shown of networks with at most {MOST_PARAMETERS:,}.",
        )


def info_of(ledger: Ledger, session: TrainingSession, config: ExperimentConfig) -> dict[str, Any]:
    """Return the description of the step that a session takes next."""
    plane = config.data.plane(config.features)
    names = list(session.train.class_names)
    optimizer, regularizer = ledger.optimizer, ledger.regularizer
    return {
        "step": session.n_steps,
        "epoch": session.epoch,
        "step_in_epoch": session.step_in_epoch,
        "steps_per_epoch": session.steps_per_epoch,
        "dataset": value_word("dataset", config.dataset),
        "inputs": list(plane.labels),
        "outputs": names if len(names) == ledger.layers[-1].biases.size else [],
        "class_names": names,
        "task": config.task,
        "domain": plane.domain_with(session.train.y, len(names)) if plane.n_axes else None,
        "layers": [
            {
                "units": layer.weights.shape[1],
                "activation": layer.activation,
                "error_rule": layer.error_rule,
                "has_mask": layer.mask is not None,
            }
            for layer in ledger.layers
        ],
        "n_samples": ledger.n_samples,
        "n_told": n_told(ledger),
        "loss": ledger.loss_name,
        "output": ledger.output_name,
        "has_bias": ledger.has_bias,
        "optimizer": {"name": optimizer.name, "n_updates": ledger.n_updates, **optimizer.hyperparameters},
        "memory": list(ledger.memory_names),
        "base_rate": ledger.base_rate,
        "schedule": str(config.schedule),
        "schedule_factor": ledger.schedule_factor,
        "learning_rate": ledger.learning_rate,
        "regularizer": {"name": regularizer.name, "rate": regularizer.rate} if regularizer else None,
        "dropout": ledger.dropout,
        "mean_of_losses": ledger.loss_name != "sum_squared_error",
    }


def n_told(ledger: Ledger) -> int:
    """Return of how many samples of the batch the browser has every number."""
    each = sum(layer.weights.shape[0] + 5 * layer.weights.shape[1] for layer in ledger.layers)
    return min(ledger.n_samples, max(LEAST_SAMPLES, MOST_SAMPLE_NUMBERS // each))


def arrays_of(ledger: Ledger, session: TrainingSession, config: ExperimentConfig) -> Arrays:
    """Return the numbers of a step; of single samples, those of the first few."""
    m = n_told(ledger)
    arrays: Arrays = {
        "numbers": np.array([ledger.loss, ledger.loss_after, ledger.penalty]),
        "targets": ledger.targets,
        "outputs": ledger.outputs,
        "sample_losses": ledger.sample_losses,
        **_points(ledger, session, config),
    }
    for index, layer in enumerate(ledger.layers):
        of_samples = {
            "inputs": layer.inputs, "z": layer.pre_activations, "a": layer.activations, "slopes": layer.slopes,
            "errors": layer.errors, "mask": layer.mask, "loss_slopes": layer.loss_slopes,
        }  # fmt: skip
        for name, values in of_samples.items():
            if values is not None:
                arrays[f"{name}.{index}"] = values[:m]
        arrays[f"inputs_mean.{index}"] = layer.inputs.mean(axis=0)
        arrays[f"z_mean.{index}"] = layer.pre_activations.mean(axis=0)
        arrays[f"a_mean.{index}"] = layer.activations.mean(axis=0)
        arrays[f"errors_sum.{index}"] = layer.errors.sum(axis=0)
        for name in ("gradients", "steps"):
            arrays[f"weight_{name}.{index}"] = getattr(layer, f"weight_{name}")
            arrays[f"bias_{name}.{index}"] = getattr(layer, f"bias_{name}")
        arrays[f"weights.{index}"], arrays[f"biases.{index}"] = layer.weights, layer.biases
        if ledger.regularizer:
            arrays[f"weight_penalties.{index}"] = layer.weight_penalties
        for name in ledger.memory_names:
            for kind in ("weight", "bias"):
                memory = getattr(layer, f"{kind}_memory")[name]
                arrays[f"{kind}_{name}_before.{index}"] = memory.before
                arrays[f"{kind}_{name}_after.{index}"] = memory.after
    return {name: np.ascontiguousarray(values, "<f8") for name, values in arrays.items()}


def _points(ledger: Ledger, session: TrainingSession, config: ExperimentConfig) -> Arrays:
    """Return where the training samples lie on the plane, if there is one, those of the batch first."""
    plane = config.data.plane(config.features)
    if not plane.n_axes or ledger.samples is None:
        return {}
    train = config.data.split()[0]
    placed = plane.placed(train.X, train.y, len(train.class_names))
    others = np.setdiff1d(np.arange(len(placed)), ledger.samples)[: MOST_POINTS - len(ledger.samples)]
    rows = np.concatenate([ledger.samples, others])
    return {"points": placed[rows], "point_targets": train.y[rows]}


def differences_told(differences: EpsilonScan) -> Arrays:
    """Return the finite differences of a weight by their ε."""
    kinks = differences.crosses_kink
    told = {"epsilons": differences.epsilons, "quotients": differences.quotients, "rounding": differences.rounding}
    told |= {"difference_errors": differences.errors, "crosses_kink": kinks}
    told |= {"loss_plus": differences.loss_plus, "loss_minus": differences.loss_minus}
    return {name: np.ascontiguousarray(values, "<f8") for name, values in told.items()}
