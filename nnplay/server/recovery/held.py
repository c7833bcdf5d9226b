"""What a browser holds for the server, which may be restarted, or forget the visit, besides the branch on the stage.

Of that branch every message tells the recipe. What changes rarely, or is long, is sent when it is new: the other
branches and the runs before, as recipes, too, and points of one's own that the page's address has no room for. The
browser names what it holds with each request, so that nothing gets lost on the way.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Mapping
from typing import Any

from nnplay.datasets.stored.files import NotAtHand
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.url import fit_for_address
from nnplay.experiment.recording.earlier_runs import MOST_RUNS, EarlierRun, EarlierRuns
from nnplay.experiment.recording.recipe import Recipe, differences
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.told_run import ToldBranch, ToldRun, told
from nnplay.refusal import Refusal
from nnplay.server import moments
from nnplay.server.budget import check_replay
from nnplay.server.moments import Moment
from nnplay.server.recovery import stands
from nnplay.server.recovery.stands import Newest, Stand
from nnplay.server.request_fields import whole

#: Longest text that a browser holds, and what it may be unpacked.
MAX_CHARACTERS, MAX_BYTES = 500_000, 4_000_000
#: Names of texts in a request.
_MOST_NAMES = 8


class Held:
    """What one visitor's browser holds, and is to hold."""

    def __init__(self) -> None:
        self._names: frozenset[str] = frozenset()
        self._run = ""
        self._config: ExperimentConfig | None = None
        self._texts: dict[str, tuple[str, str]] = {}
        self._stand = Newest()

    @property
    def since(self) -> int:
        """From which step on the branch on the stage would be trained again."""
        return self._stand.n_steps

    def hear(self, request: Any) -> None:
        """Take note of what the browser holds, as a request says."""
        names = request.get("holds") if isinstance(request, dict) else None
        names = names if isinstance(names, list) else []
        self._names = frozenset(name for name in names[:_MOST_NAMES] if isinstance(name, str))

    def header(self, run: str, recording: Recording, earlier: EarlierRuns, shown: int) -> dict[str, Any]:
        """Return the keys of a header that say what it is to hold, and what of that it hasn't."""
        if run != self._run:  # only another run brings other branches, or runs before
            self._run = run
            self._put("beside", _beside(recording, earlier))
        if recording.config is not self._config:
            config = self._config = recording.config
            self._put("points", config.points if fit_for_address(config.to_query())[1] else "")
        self._stand.look(run, recording, shown)
        self._put("stand", self._stand.text)
        hold = {kind: name for kind, (name, _) in self._texts.items()}
        missing = {name: text for name, text in self._texts.values() if name not in self._names}
        return {"hold": hold} | ({"texts": missing} if missing else {})

    def _put(self, kind: str, text: str) -> None:
        known = self._texts.get(kind)
        if not text:
            self._texts.pop(kind, None)
        elif known is None or known[1] is not text:
            self._texts[kind] = name_of(text), text


def name_of(text: str) -> str:
    """Return what a text goes by."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


# -- other branches, and the runs before -------------------------------------------------------------------------------


def _beside(recording: Recording, earlier: EarlierRuns) -> str:
    """Return what there is besides the branch on the stage; an empty text for nothing, or too much."""
    track, points = recording.track, _Points([recording.config.points])
    runs = [(kind, run) for kind, several in earlier.all.items() for run in several]
    others = [each for each in recording.branches if each is not track]
    if not (runs or others or recording.branches.have_forked):
        return ""
    whole_run = told(recording)
    branches = [_told_branch(each, points) for each in whole_run.branches] if whole_run else []
    active = [track.name, track.parent, points.put_aside(differences(ExperimentConfig(), track.base))]
    value: dict[str, Any] = {
        "active": active,
        "forked": recording.branches.have_forked,
        "branches": [each for each in branches if each[0] != track.name],
        "order": [each.name for each in recording.branches],
    }
    # The oldest are left out first where there are too many.
    for n_left_out in range(len(runs) + 1):
        value["runs"] = [each for kind, run in runs[n_left_out:] if (each := _told_earlier(kind, run, points))]
        value["points"] = points.texts[1:]
        text = moments.packed(value)
        if len(text) <= MAX_CHARACTERS:
            return text
    return ""


class _Points:
    """Points of one's own, each text once; in settings, their place among them stands for them."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts

    def place(self, text: str) -> int:
        if text not in self.texts:
            self.texts.append(text)
        return self.texts.index(text)

    def put_aside(self, settings: dict[str, Any]) -> dict[str, Any]:
        return settings | ({"points": self.place(settings["points"])} if "points" in settings else {})

    def put_back(self, settings: Any) -> dict[str, Any]:
        if not isinstance(settings, dict):
            raise _damaged()
        if "points" not in settings:
            return settings
        place = settings["points"]
        if not isinstance(place, int) or not 0 <= place < len(self.texts):
            raise _damaged()
        return settings | {"points": self.texts[place]}


def _told_branch(branch: ToldBranch, points: _Points) -> list[Any]:
    saved = branch.recipe.to_dict(ExperimentConfig())
    events = [
        [*event[:2], points.put_aside(event[2])] if event[1] in ("set", "carry_over") else event
        for event in saved["events"]
    ]
    now = differences(branch.recipe.latest_config, branch.config)
    base = differences(ExperimentConfig(), branch.base or branch.config)
    return [
        branch.name,
        branch.parent,
        points.put_aside(base),
        branch.n_steps,
        points.put_aside(saved["config"]),
        events,
        now,
    ]


def _told_earlier(kind: str, run: EarlierRun, points: _Points) -> list[Any] | None:
    if isinstance(run.recording, ToldRun):
        told_run: ToldRun | None = run.recording
        shown = run.shown
    else:
        told_run, kept = told(run.recording), run.recording.track.kept
        shown = kept[kept.nearest(run.shown)].snapshot.n_steps
    if told_run is None:
        return None
    branches = [_told_branch(branch, points) for branch in told_run.branches]
    return [kind, run.name, run.why, shown, told_run.active, told_run.have_forked, branches]


@dataclasses.dataclass(frozen=True)
class Comeback:
    """What a browser had.

    Attributes
    ----------
    run : ToldRun
    before, after : sequence of EarlierRun
        To which undo and redo lead.
    shown : int
        The mini-batches of the frame to show, for a run that was left.
    start : tuple of Stand and int, optional
        From where on it is trained again, and how many of its events are in that already.
    """

    run: ToldRun
    before: tuple[EarlierRun, ...] = ()
    after: tuple[EarlierRun, ...] = ()
    shown: int = 0
    start: tuple[Stand, int] | None = None


def read(request: Mapping[str, Any], config: ExperimentConfig) -> Comeback:
    """Return what a request tells that a browser had, on a page whose settings are `config` now.

    Raises
    ------
    Refusal
        If it is none, or can't be trained again here; ``plainly`` says of "the changes" what is wrong with them.
    """
    points = request.get("points") or config.points
    try:
        known = ExperimentConfig(points=points)
    except Refusal as why:
        raise Refusal(moments.NAME, "must be of this run", plainly="don’t fit the run") from why
    stand = _stand(request.get("stand"))
    if not request.get("recipe"):
        if stand is None:
            raise Refusal(moments.NAME, "must be known", plainly="aren’t known")
        return _at(stand)
    try:
        moment = _moment(request, known)
    except Refusal:
        if stand is None:
            raise
        return _from(stand, _moment(request, known, stand.n_steps), config)
    now = _settings(moment, config)
    if request.get("beside"):
        try:
            return _with_beside(moment, now, moments.unpacked(request["beside"], MAX_CHARACTERS, MAX_BYTES), points)
        except (ValueError, LookupError, TypeError, RecursionError):  # the run on the stage comes back all the same
            pass
    if stand is not None and stand.goes_on(moment.recipe) is not None and stand.n_steps <= moment.n_steps:
        return _from(stand, moment, config)
    return Comeback(ToldRun.of(moment.recipe, moment.n_steps, now))


def _moment(request: Mapping[str, Any], known: ExperimentConfig, since: int = 0) -> Moment:
    return moments.from_text(request["recipe"], known, request.get("steps"), since, request.get("events"))


def _stand(text: Any) -> Stand | None:
    if not text:
        return None
    try:
        return stands.read(text)
    except (ValueError, LookupError, TypeError):
        return None


def _settings(moment: Moment, config: ExperimentConfig) -> ExperimentConfig:
    """Return by which settings a run goes on: those of the page, if they are its own but for live ones."""
    latest = moment.recipe.latest_config
    return config if config.same_run(latest) else latest


def _from(stand: Stand, moment: Moment, config: ExperimentConfig) -> Comeback:
    """Return a run that is trained again from a stand on; where the browser was before it, the stand itself."""
    n_events = stand.goes_on(moment.recipe)
    if n_events is None or stand.n_steps > moment.n_steps:
        return _at(stand)
    return Comeback(ToldRun.of(moment.recipe, moment.n_steps, _settings(moment, config)), start=(stand, n_events))


def _at(stand: Stand) -> Comeback:
    """Return a run that goes on from a stand."""
    config = stand.recording.config
    recipe = Recipe(config) if stand.recipe is None else stand.recipe
    return Comeback(ToldRun.of(recipe, max(stand.n_steps, recipe.n_steps), config), start=(stand, len(recipe.events)))


def _with_beside(moment: Moment, now: ExperimentConfig, told: Any, points: str) -> Comeback:
    texts = told["points"]
    if not (isinstance(texts, list) and all(isinstance(text, str) for text in texts)):
        raise _damaged()
    table = _Points([points, *texts])
    name, parent, base = told["active"]
    active = ToldBranch(
        moment.recipe, moment.n_steps, now, _name(name), _name(parent, ""), _changed(None, table.put_back(base))
    )
    others = [branch for each in told["branches"] if (branch := _read_branch(each, table))]
    order = [str(each) for each in told["order"]]
    branches = sorted([active, *others], key=lambda branch: order.index(branch.name))
    run = ToldRun(tuple(branches), active.name, told["forked"] is True)
    kept: dict[str, list[EarlierRun]] = {"before": [], "after": []}
    for each in told["runs"][-2 * MOST_RUNS :]:
        kind, run_name, why, shown, at, forked, own = each
        earlier = [branch for one in own if (branch := _read_branch(one, table))]
        shown = whole({"shown": shown}, "shown")
        if any(branch.name == at for branch in earlier):
            told_run = ToldRun(tuple(earlier), at, forked is True)
            why = why if why in ("branch", "data", "place") else "run"
            kept[kind].append(EarlierRun(_run_name(run_name), told_run, why, shown))
    return Comeback(run, tuple(kept["before"]), tuple(kept["after"]))


def _read_branch(told: Any, points: _Points) -> ToldBranch | None:
    """Return a branch; None if it would take too long to train again, or its data aren't here."""
    name, parent, base, n_steps, first, events, now = told
    events = [
        [*event[:2], points.put_back(event[2])] if event[1] in ("set", "carry_over") else event for event in events
    ]
    recipe = Recipe.from_dict({"config": points.put_back(first), "events": events}, ExperimentConfig())
    n_steps = recipe.checked_steps(n_steps)
    try:
        check_replay(recipe, n_steps)
    except (Refusal, NotAtHand):
        return None
    config = _changed(recipe.latest_config, points.put_back(now))
    return ToldBranch(recipe, n_steps, config, _name(name), _name(parent, ""), _changed(config, points.put_back(base)))


def _changed(config: ExperimentConfig | None, settings: dict[str, Any]) -> ExperimentConfig:
    return ExperimentConfig.from_dict((config or ExperimentConfig()).to_dict() | settings)


def _name(value: Any, *more: str) -> str:
    if isinstance(value, str) and (value in more or (len(value) == 1 and value.isalpha())):
        return value
    raise _damaged()


def _run_name(value: Any) -> str:
    """Return the name that the browser knows a run by: it may know which frame of it was on screen."""
    if isinstance(value, str) and re.fullmatch("[0-9a-f]{16}-[0-9]{1,9}", value):
        return value
    raise _damaged()


def _damaged() -> Refusal:
    return Refusal("beside", "must be as the server told it", plainly="are damaged")
