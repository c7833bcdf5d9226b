"""A bar that says how far a long run is, for somebody who waits for it in a notebook or at a prompt."""

from __future__ import annotations

import math
import sys
import warnings
from time import monotonic
from typing import Any

from nnplay.validation import boolean

#: A run that takes no longer shows no bar, unless it is asked for.
PATIENCE_SECONDS = 2.0


def progress_of(session: Any, epochs: int, asked: bool | None) -> Progress | None:
    """Return what shows how far `session` is in a run of so many epochs; None where nothing is to be shown.

    Parameters
    ----------
    session : TrainingSession
    epochs : int
    asked : bool, optional
        None for a bar once the run has taken a while, if somebody waits for it.
    """
    if asked is None:
        return Progress(session, epochs, PATIENCE_SECONDS) if somebody_waits() else None
    return Progress(session, epochs, 0.0) if boolean("progress", asked) else None


def somebody_waits() -> bool:
    """Return whether this is a notebook or an interactive prompt; a script's output isn't to be disturbed."""
    return hasattr(sys, "ps1") or "ipykernel" in sys.modules


class Progress:
    """Shows a bar, from `patience` seconds after the beginning on, and what the training loss was last.

    Parameters
    ----------
    session : TrainingSession
    epochs : int
    patience : float
        In seconds.
    """

    def __init__(self, session: Any, epochs: int, patience: float) -> None:
        self._session, self._epochs, self._first = session, epochs, session.epoch
        self._shown_from = monotonic() + patience
        self._bar: Any = None

    def note(self) -> None:
        """Say that an epoch is complete."""
        if self._bar is None:
            if monotonic() < self._shown_from:
                return
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that a notebook without ipywidgets gets a bar of text
                try:
                    from tqdm.auto import tqdm  # takes a moment to load
                except ImportError:  # nnplay was fetched anew, and what it needs was not: no reason to stop training
                    self._shown_from = math.inf
                    return
            self._bar = tqdm(total=self._epochs, unit="epoch", dynamic_ncols=True)
        done = self._session.epoch - self._first
        history = self._session.history
        if history.n_rows:
            loss = history.latest("train_loss")
            if math.isfinite(loss):
                self._bar.set_postfix_str(f"training loss {loss:.4g}", refresh=False)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Leave the bar as it is."""
        if self._bar is not None:
            self._bar.close()
