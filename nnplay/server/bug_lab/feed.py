"""What a visitor's bug lab is fed with: requests come in, messages go out. No Streamlit in here.

What is planted is told only once it has been named, or once the visitor gives up. ``docs/protocol.md`` has the message.
"""

from __future__ import annotations

import secrets
from itertools import pairwise
from typing import Any

import numpy as np

from nnplay.experiment.explain.bug_lab.case import MOST_CASES, WRONG_FROM, BatchEvidence, Case, GradientCheck, Run
from nnplay.experiment.explain.bug_lab.faults import FAULTS, LAYER_SIZES
from nnplay.experiment.frames.frame import Arrays, Frame, pack_frames
from nnplay.server.answers import TRAINING, Answers
from nnplay.server.network_info import functions_of
from nnplay.server.request_fields import BadRequest, whole
from nnplay.server.turns import Account


class BugLabFeed(Answers):
    """Shows one visitor a case, and says what comes of an answer.

    Parameters
    ----------
    number : int
        Of the first case.
    account : Account, optional

    Attributes
    ----------
    case : Case
    named : list of str
        What was answered so far.
    told : bool
        Whether it is told what is planted: because it was named, or the visitor gave up.
    """

    case: Case
    named: list[str]
    told: bool

    def __init__(self, number: int, account: Account | None = None) -> None:
        super().__init__(account)
        self._run: Run
        self._check: GradientCheck
        self._batches: BatchEvidence
        self._healthy: Run | None = None
        self.show(number)

    def show(self, number: int) -> None:
        """Show another case, from its beginning, once it is this visitor's turn."""
        with TRAINING.turn(self._account):
            self._begin(number)

    def _begin(self, number: int) -> None:
        self.case, self.named, self.told, self._healthy = Case(number), [], False, None
        self._run = self.case.run()
        self._check = self.case.check(self._run)
        self._batches = self.case.batches()
        self._name_run()
        self._say("case", [])

    def _dispatch(self, request: dict[str, Any]) -> None:
        kind = request.get("kind")
        if kind == "case":
            self._begin(whole(request, "number", 0, MOST_CASES))
        elif kind == "new":
            self._begin(self._another())
        elif kind == "sync" or request.get("run") != self.run:
            self._say("case", [])
        elif kind == "name" and isinstance(request.get("fault"), str) and request["fault"] in FAULTS:
            self._hear(request["fault"])
        elif kind == "tell":
            self._tell()
        else:
            raise BadRequest

    def _another(self) -> int:
        """Return the number of a case that isn't this one, nor the one that everybody begins with."""
        number = 1 + secrets.randbelow(MOST_CASES)
        return number if number != self.case.number else 1 + number % MOST_CASES

    def _hear(self, named: str) -> None:
        if not self.told:
            self.named = [*self.named, named]
        if named == self.case.fault.key:
            self._tell()
        else:
            self._say("case", [])

    def _tell(self) -> None:
        self.told = True
        if self._healthy is None:
            self._healthy = self.case.run(self.case.healthy())
        self._say("case", [])

    # -- what is told ----------------------------------------------------------------------------------------------

    def _verdict(self) -> dict[str, Any] | None:
        """Return what comes of the last answer, or of giving up; None before either."""
        fault = self.case.fault
        if self.told:
            right = bool(self.named) and self.named[-1] == fault.key
            return {
                "right": right,
                "title": fault.title,
                "planted": fault.planted,
                "text": fault.explanation,
                "figures": self._figures(),
            }
        if not self.named:
            return None
        return {"right": False, "title": FAULTS[self.named[-1]].title, "planted": "", "text": fault.symptom}

    def _figures(self) -> str:
        """Return the case's own numbers as sentences."""
        ends = np.cumsum([(n_in + 1) * n_out for n_in, n_out in pairwise(LAYER_SIZES)])
        errors = np.split(self._check.errors, ends[:-1].tolist(), axis=1)
        layers = [f"{_in_words(float(np.nanmax(each)))} in layer {number}" for number, each in enumerate(errors, 1)]
        said = f"The largest relative error of a gradient in this run is {' and '.join(layers)}."
        if not self.case.fault.is_planted:
            return said
        assert self._healthy is not None
        ours, theirs = self._run.scores[-1, 1], self._healthy.scores[-1, 1]
        return (
            f"{said} After {self.case.plan.n_epochs:,} epochs its test accuracy is {100 * ours:.1f} %; the same run "
            f"without the fault has {100 * theirs:.1f} %."
        )

    def _say(
        self, kind: str, frames: list[Frame], statics: Arrays | None = None, more: dict[str, Any] | None = None
    ) -> None:
        self.seq += 1
        case = self.case
        header = {
            "seq": self.seq,
            "kind": kind,
            "run": self.run,
            "reply": self.reply,
            "case": case.number,
            "words": case.plan.words,
            "layer_sizes": LAYER_SIZES,
            **functions_of(self.case.healthy().network),
            "class_names": case.train.class_names,
            "wrong_from": WRONG_FROM,
            "faults": [{"key": fault.key, "title": fault.title} for fault in FAULTS.values()],
            "named": self.named,
            "told": case.fault.key if self.told else None,
            "verdict": self._verdict(),
        }
        self.message = pack_frames([], header, self._arrays())

    def _arrays(self) -> Arrays:
        run, check, batches = self._run, self._check, self._batches
        arrays = {
            "X": self.case.train.X,
            "y": self.case.train.y,
            "epochs": run.epochs,
            "losses": run.losses,
            "scores": run.scores,
            "parameters": run.parameters,
            "backward": check.backward,
            "differences": check.differences,
            "errors": check.errors,
            "shares": batches.shares,
            "step_losses": batches.losses,
        }
        if self._healthy is not None:
            arrays |= {"healthy_losses": self._healthy.losses, "healthy_scores": self._healthy.scores}
        return {name: np.ascontiguousarray(array, "<f8") for name, array in arrays.items()}


def _in_words(relative: float) -> str:
    """Return a relative error as one writes it: 1.99, or 3·10⁻⁹."""
    if relative >= 0.001 or not relative:
        return f"{relative:.3g}"
    digits, exponent = f"{relative:.0e}".split("e")
    return f"{digits}·10{str(int(exponent)).translate(_RAISED)}"


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
