"""The words of a notebook: what is trained, and what is changed on the way."""

from __future__ import annotations

from nnplay.datasets import DATASETS
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS, differing
from nnplay.experiment.export.notebooks.cells import Cell
from nnplay.experiment.export.notebooks.telling import Change, Told
from nnplay.experiment.recording.recipe import Edit, FreshOptimizer, Place
from nnplay.registry import parse_call


def head(told: Told, how: str, needs: str) -> Cell:
    """Return the first cell: what is trained here, and what that needs."""
    config = told.config
    sizes = " → ".join(map(str, config.layer_sizes))
    epochs, in_epoch = told.end
    length = f"{epochs:,} epochs" + (f" and {in_epoch:,} steps" if in_epoch else "")
    rows = [
        ("Data", f"{_title(config)}: {config.n_train:,} samples to train on, {config.n_test:,} to test"),
        ("Network", f"{sizes}, {_activation(config)}, output {config.resolved_output}"),
        ("Loss", config.resolved_loss.replace("_", " ")),
        ("Optimiser", _optimizer(config)),
        ("Batch size", f"{min(config.batch_size or config.n_train, config.n_train):,}"),
        ("Training", length),
    ]
    if config.regularizer != "none":
        rows.append(("Regularisation", f"{config.regularizer.upper()}, rate {config.regularization_rate:g}"))
    if config.dropout:
        rows.append(("Dropout", f"{config.dropout:g}"))
    if told.changes:
        rows.append(
            ("Changed on the way", "; ".join(f"{each.when}: {change_in_words(each)}" for each in told.changes[:8]))
        )
    table = "\n".join(["| | |", "|---|---|", *(f"| {name} | {in_cell(value)} |" for name, value in rows)])
    return Cell("markdown", f"# {_title(config)}\n\n{how}\n\n{table}\n\nIt needs {needs}.")


def in_cell(text: str) -> str:
    return text.replace("|", "\\|")


def _title(config: ExperimentConfig) -> str:
    name = parse_call("dataset", config.dataset)[0]
    if name in DATASETS:
        return str(DATASETS[name].label)
    return {"own": "Your own data", "table": "Your table"}.get(name, name.replace("_", " ").capitalize())


def _activation(config: ExperimentConfig) -> str:
    if not config.hidden_sizes:
        return "no hidden layer"
    return config.activation if isinstance(config.activation, str) else ", ".join(config.activation)


def _optimizer(config: ExperimentConfig) -> str:
    optimizer = config.make_optimizer()
    values = {name: value for name, value in optimizer.hyperparameters.items() if name != "learning_rate"}
    named = [f"learning rate {config.learning_rate:g}"]
    named += [
        f"{name.replace('beta_1', 'β₁').replace('beta_2', 'β₂')} {value}"
        for name, value in values.items()
        if value is not False
    ]
    schedule = "" if config.schedule == "constant" else f", schedule {config.schedule}"
    return f"{optimizer.name}, {', '.join(named)}{schedule}"


def change_in_words(change: Change) -> str:
    """Return what is changed, as the end of a sentence."""
    event = change.event
    if isinstance(event, Edit):
        return f"a parameter set to {event.value:g}"
    if isinstance(event, Place):
        return "all weights set by hand"
    if isinstance(event, FreshOptimizer):
        return "the optimiser begins afresh"
    named = [
        f"{SETTINGS[name].in_sentence} {getattr(change.before, name)} → {getattr(change.after, name)}"
        if SETTINGS[name].is_readable
        else f"{SETTINGS[name].in_sentence} changed"
        for name in differing(change.before, change.after)
    ]
    return ", ".join(named) or "nothing"
