"""What a visitor's page Step by step is fed with: requests come in, messages go out; ``docs/protocol.md`` has both."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import numpy as np

from nnplay.datasets.stored.files import NotAtHand
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.url import fit_for_address
from nnplay.experiment.explain.epsilons import differences_by_epsilon
from nnplay.experiment.explain.ledger import Ledger
from nnplay.experiment.explain.step import explain_next_step
from nnplay.experiment.frames.frame import Arrays, Frame, pack_frames
from nnplay.experiment.recording.recipe import Recipe
from nnplay.experiment.training.session import TrainingSession
from nnplay.experiment.training.snapshot import Snapshot
from nnplay.refusal import Refusal
from nnplay.server import moments
from nnplay.server.answers import TRAINING, Answers, cpu_seconds
from nnplay.server.moments import Moment
from nnplay.server.request_fields import BadRequest, whole
from nnplay.server.steps import told
from nnplay.server.steps.way import Way, with_settings
from nnplay.server.turns import Account

#: Values of ε that a weight's finite difference is told for.
N_EPSILONS = 81
#: Steps taken here that can be undone: so many, or as many as can be kept in so many bytes.
MOST_BACK, BACK_BYTES = 100, 8_000_000
DIVERGES = "This step makes the run diverge, so there is none after it. A smaller learning rate would help."
NOT_FINITE = "This run has diverged: its numbers are no longer finite, so there is no step to explain."


def address_of(config: ExperimentConfig, moment: Moment | None) -> dict[str, str]:
    """Return the query of an address that opens a run at a moment."""
    query = {"dataset": config.dataset} | fit_for_address(config.to_query())[0]
    if moment is not None and (moment.n_steps or moments.changes(moment.recipe, 0, config)):
        query[moments.NAME] = moments.to_text(moment.recipe, moment.n_steps, config)
    return query


def _n_kept(snapshot: Snapshot) -> int:
    vectors = snapshot.optimizer["vectors"].values()
    return max(1, min(MOST_BACK, BACK_BYTES // (snapshot.parameters.nbytes + sum(each.nbytes for each in vectors))))


class StepsFeed(Answers):
    """Explains the next step of a run, and takes it.

    Attributes
    ----------
    config : ExperimentConfig
        The run's settings at that step.
    problem : str
        Why there is nothing to explain, or no step after this one, in a sentence; or empty.

    Parameters
    ----------
    config : ExperimentConfig
    moment : Moment, optional
        At which the step is taken; by default before any training.
    account : Account, optional
    stands : Snapshot, optional
        How the session stands at the moment; else it is trained up to there.
    """

    def __init__(
        self,
        config: ExperimentConfig,
        moment: Moment | None = None,
        account: Account | None = None,
        stands: Snapshot | None = None,
    ) -> None:
        super().__init__(account)
        self.config, self.problem = config, ""
        self._recipe, self._n_steps = Recipe(config), 0
        self._way: Way | None = None
        self._session: TrainingSession | None = None
        self._ledger: Ledger | None = None
        self._before: list[Snapshot] = []
        self.begin(config, moment, stands)

    @property
    def moment(self) -> Moment:
        """Where the run stands, or is to stand."""
        return Moment(self._recipe, self._n_steps)

    @property
    def is_ready(self) -> bool:
        """Whether the step is there."""
        return self._ledger is not None

    def begin(self, config: ExperimentConfig, moment: Moment | None = None, stands: Snapshot | None = None) -> None:
        """Explain the next step of another run, or of another moment; `stands` is how its session stands there."""
        self.config, self.problem = config, ""
        now = with_settings(moment or Moment(Recipe(config), 0), config)
        self._recipe, self._n_steps = now.recipe, now.n_steps
        self._way = self._session = self._ledger = None
        self._before = []
        self._name_run()
        with TRAINING.turn(self._account):
            try:
                told.check_size(config)
                self._way = Way(now, stands)
            except (Refusal, NotAtHand) as why:
                self._give_up(why)
            self._go_on()

    @property
    def address(self) -> dict[str, str]:
        """The query of the page's address that opens this step again."""
        return address_of(self.config, self.moment)

    # -- requests --------------------------------------------------------------------------------------------------

    def _dispatch(self, request: dict[str, Any]) -> None:
        kind = request.get("kind")
        if self._way is not None or kind in ("sync", "go_on") or request.get("run") != self.run:
            self._go_on()
        elif kind == "next":
            self._take(whole(request, "step"))
        elif kind == "previous":
            self._go_back(whole(request, "step"))
        elif kind == "weight":
            self._differentiate(request)
        else:
            raise BadRequest

    def _go_on(self) -> None:
        """Train on towards the step, and tell how far that is, or the step."""
        way = self._way
        if way is not None:
            try:
                way.go_on(cpu_seconds())
                if way.is_done:
                    self.config.apply_live(way.session)
                    self._way, self._session = None, way.session
                    self._explain()
            except (Refusal, NotAtHand) as why:
                self._give_up(why)
        self._tell()

    def _take(self, step: int) -> None:
        """Take the step that is explained, unless that has been done already, and explain the next one."""
        session = self._session
        if session is not None and self._ledger is not None and step == session.n_steps:
            before = session.snapshot()
            session.advance(1)
            if session.divergence is None and np.isfinite(session.network.parameters).all():
                self._before = [*self._before, before][-_n_kept(before) :]
                self._n_steps = session.n_steps
                self._explain()
            else:
                session.restore(before)
                self.problem = DIVERGES
        self._tell()

    def _go_back(self, step: int) -> None:
        """Go back to the step before, if it was taken here."""
        session = self._session
        if session is not None and self._before and step == session.n_steps:
            session.restore(self._before.pop())
            self._n_steps = session.n_steps
            self._explain()
        self._tell()

    def _explain(self) -> None:
        assert self._session is not None
        self.problem = ""
        with np.errstate(all="ignore"):
            try:
                ledger = explain_next_step(self._session)
            except Refusal as why:
                self._ledger = None
                self._give_up(why)
                return
        finite = np.isfinite(ledger.loss) and all(np.isfinite(each.weight_gradients).all() for each in ledger.layers)
        self._ledger = ledger if finite else None
        if not finite:
            self.problem = NOT_FINITE

    def _give_up(self, why: Refusal | NotAtHand) -> None:
        self._way = None
        if isinstance(why, Refusal) and why.argument == moments.NAME:
            self.problem = f"The changes in the link {why.plainly or why.requirement}, so there is no step to explain."
        elif isinstance(why, Refusal) and why.plainly:
            self.problem = why.plainly
        else:
            self.problem = f"This step can’t be explained: {why}"

    def _differentiate(self, request: dict[str, Any]) -> None:
        """Tell the finite differences of a parameter: `from` as many as there are inputs is the unit's bias."""
        ledger = self._ledger
        if ledger is None:
            raise BadRequest
        layer = whole(request, "layer", 0, len(ledger.layers) - 1)
        n_in, n_out = ledger.layers[layer].weights.shape
        i, j = whole(request, "from", 0, n_in if ledger.has_bias else n_in - 1), whole(request, "unit", 0, n_out - 1)
        with np.errstate(all="ignore"):
            differences = differences_by_epsilon(ledger, layer, i, j, N_EPSILONS)
        more = {"weight": [layer, i, j], "best": int(differences.best), "gradient": float(differences.gradient)}
        self._say("weight", [], told.differences_told(differences), more)

    # -- messages --------------------------------------------------------------------------------------------------

    def _tell(self) -> None:
        ledger, session = self._ledger, self._session
        if ledger is None or session is None:
            self._say("problem" if self.problem else "training", [])
            return
        self._say(
            "step",
            [],
            told.arrays_of(ledger, session, self.config),
            {"info": told.info_of(ledger, session, self.config)},
        )

    def _say(
        self, kind: str, frames: list[Frame], statics: Arrays | None = None, more: dict[str, Any] | None = None
    ) -> None:
        self.seq += 1
        header = {
            "seq": self.seq,
            "kind": kind,
            "run": self.run,
            "step": self._n_steps,
            "reply": self.reply,
            "progress": self._way.progress if self._way else None,
            "problem": self.problem,
            "can_go_back": bool(self._before),
            "address": urlencode(self.address),
            **(more or {}),
        }
        self.message = pack_frames(frames, header, statics)
