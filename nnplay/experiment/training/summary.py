"""A session as a notebook shows it: a short table, and its losses as a small curve."""

from __future__ import annotations

import math
from html import escape
from typing import Any

import numpy as np

from nnplay.wording import counted

#: Of the curve, in pixels; and how many points of it are drawn.
WIDTH, HEIGHT, N_POINTS = 240, 56, 120
#: A curve over more than this ratio is drawn on a logarithmic scale.
DECADES = 30.0
_CELL = "text-align:left;padding:1px 12px 1px 0;background:none"


def session_as_text(session: Any) -> str:
    """Return what a session is and where it stands on one line, as measured last: to look at it costs nothing.

    Parameters
    ----------
    session : TrainingSession
    """
    sizes, data = list(session.network.layer_sizes), session.train.name or "own data"
    losses = session.history["train_loss"][-1:]
    loss = f", training loss {losses[0]:.4g} when last measured" if len(losses) else ""
    diverged = ", diverged" if session.divergence else ""
    return f"<TrainingSession: {sizes} on {data}, {_stands_at(session)}{loss}{diverged}>"


def session_as_html(session: Any) -> str:
    """Return a table of a session's settings and where it stands, as measured last.

    Parameters
    ----------
    session : TrainingSession
    """
    lines = "".join(
        f'<tr style="background:none"><th style="{_CELL};font-weight:600">{name}</th>'
        f'<td style="{_CELL}">{escape(said)}</td></tr>'
        for name, said in _rows(session)
    )
    return (
        f'<table style="border-collapse:collapse;font-variant-numeric:tabular-nums"><caption style="{_CELL}">'
        f"<b>Training session</b></caption><tbody>{lines}</tbody></table>{_curves(session.history)}"
    )


def _rows(session: Any) -> list[tuple[str, str]]:
    network, train, test = session.network, session.train, session.test
    activations = list(dict.fromkeys(map(str, network.activations)))
    sizes = "–".join(map(str, network.layer_sizes))
    data = f"{train.name or 'own data'}, {train.n_samples:,} training samples"
    extras = [str(session.schedule)] if str(session.schedule) != "constant" else []
    if session.regularizer:
        extras.append(repr(session.regularizer))
    if session.dropout:
        extras.append(f"dropout {session.dropout:g}")
    rows = [
        (
            "Network",
            f"{sizes}, {', '.join([*activations, network.output.name])}, {network.parameters.size:,} parameters",
        ),
        ("Data", data if test is None else f"{data}, {test.n_samples:,} test samples"),
        ("Training", ", ".join([f"{session.optimizer!r}", f"batches of {session.batch_size:,}", *extras])),
        ("Stands at", _stands_at(session) + (", diverged" if session.divergence else "")),
    ]
    if session.history.n_rows:
        score = "accuracy" if train.task == "classification" else "R²"
        last = {name: session.history.latest(name) for name in session.history}
        when = "" if last["epoch"] == session.epoch else f", measured in epoch {last['epoch']:,.0f}"
        rows.append(
            (f"Loss, {session.loss.name.replace('_', ' ')}", _pair(last["train_loss"], last["test_loss"], ".4g") + when)
        )
        rows.append((score[0].upper() + score[1:], _pair(last["train_score"], last["test_score"], ".3f")))
    return rows


def _stands_at(session: Any) -> str:
    steps = f" and {counted(session.step_in_epoch, 'step')}" if session.step_in_epoch else ""
    return f"{counted(session.epoch, 'epoch')}{steps}"


def _pair(train: float, test: float, form: str) -> str:
    numbers = [(train, "training"), (test, "test")]
    return ", ".join(f"{format(number, form)} {name}" for number, name in numbers if not math.isnan(number)) or "–"


def _curves(history: Any) -> str:
    """Return the losses as a drawing, the test loss dashed; nothing where there are fewer than two rows."""
    if history.n_rows < 2:
        return ""
    kept = np.unique(np.linspace(0, history.n_rows - 1, N_POINTS).astype(int))
    epochs = history["epoch"][kept]
    losses = [history[name][kept] for name in ("train_loss", "test_loss")]
    finite = np.concatenate([values[np.isfinite(values)] for values in losses])
    if not finite.size or epochs[-1] == epochs[0]:
        return ""
    is_log = finite.min() > 0 and finite.max() > DECADES * finite.min()
    scaled = [np.log(values) if is_log else values for values in losses]
    low, high = np.log([finite.min(), finite.max()]) if is_log else (finite.min(), finite.max())
    lines = ""
    for values, dash in zip(scaled, ("", ' stroke-dasharray="4 3"'), strict=True):
        x = 2 + (WIDTH - 4) * (epochs - epochs[0]) / (epochs[-1] - epochs[0])
        y = HEIGHT - 2 - (HEIGHT - 4) * (values - low) / ((high - low) or 1.0)
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True) if math.isfinite(b))
        if points:
            lines += f'<polyline points="{points}"{dash} fill="none" stroke="currentColor" stroke-width="1.5"/>'
    scale = ", logarithmic" if is_log else ""
    label = f"Losses over {epochs[-1]:,.0f} epochs{scale}: training, and dashed the test loss"
    return (
        f'<svg width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">'
        f"<title>{label}</title>{lines}</svg>"
    )
