"""What a visitor's session holds, for each page apart: the configuration, and the feed of the stage."""

from __future__ import annotations

import contextlib
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from nnplay.assignments import in_address as assigned
from nnplay.assignments.assignment import BY_HAND, Assignment
from nnplay.datasets.stored import STORED, is_loaded
from nnplay.datasets.stored.fetching import Fetch
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS, differing
from nnplay.experiment.config.setting import PLAYGROUND
from nnplay.experiment.config.url import fit_for_address
from nnplay.experiment.recording.recording import Recording
from nnplay.refusal import Refusal
from nnplay.registry import parse_call
from nnplay.server import budget, moments
from nnplay.server.link import NAMES as LINK_NAMES
from nnplay.server.link import Link
from nnplay.server.link import read as read_link
from nnplay.server.moments import Moment
from nnplay.server.setting_words import refusal_words
from nnplay.server.stage_feed import Feed
from nnplay.server.training_pages import TRAINING_PAGES, TrainingPage
from nnplay.server.turns import Account
from nnplay.ui import on_page
from nnplay.ui.kept import KeptValues
from nnplay.ui.streamlit_internals import script_run

#: Choices whose address is told, since the browser may not have heard of each when it was the newest.
_LONGEST_TRAIL = 8

#: Settings with a slider in the bar: the browser shows what it is set to, and nothing else of the page depends on them.
_SHOW_THEMSELVES = {name for name, row in SETTINGS.items() if row.stands_alone and row.control.is_line}


class Kept(KeptValues):
    """The part of Streamlit's session state that belongs to the page; what isn't there is None.

    Attributes
    ----------
    wanted : dict
        The values of the run that is wanted as soon as its data are fetched.
    fetch : Fetch
        Which brings them.
    gave_up : str
        Why the data set that was asked for last is not available.
    refusal, refused_proposal : Refusal
        Why the last values were refused, and what the browser proposed.
    opened : Recording
        A run that was opened from a file; the page's next run shows it.
    moment : Moment
        At which the run of the link begins.
    unusual : set of str
        Settings that were not as usual in this visit.
    assignment : Assignment
        What the visitor is to do, by the link.
    written : dict
        The query that was written into the page's address last, since the visitor came.
    """

    wanted: dict[str, Any] | None
    fetch: Fetch | None
    gave_up: str | None
    refusal: Refusal | None
    refused_proposal: Refusal | None
    opened: Recording | None
    moment: Moment | None
    unusual: set[str] | None
    assignment: Assignment | None
    written: dict[str, str] | None


kept = Kept(lambda name: key(name))


def page() -> TrainingPage:
    """Return the page that what runs now belongs to."""
    return TRAINING_PAGES[on_page.name()]


def key(name: str) -> str:
    """Return what `name`, of a widget or a value, is called in the session state: pages don't share them.

    What the playground keeps goes by the bare names.
    """
    return name if page().name == PLAYGROUND else f"{page().name}.{name}"


def begin_visit() -> str | None:
    """Make the page ready for a visitor; return the page that the link belongs to, if that is another one.

    Coming from another page by a link that says what to train, the visitor gets that; else the page is as it was left.
    """
    name = page().name
    arrived = on_page.take_arrival()
    if arrived:
        kept.settling = True
        kept.dialog = None  # asked for when the visitor left: nobody waits for it any more
        kept.written = None
    query = st.query_params.to_dict()
    says_what = "dataset" in query or assigned.NAME in query
    comes_anew = arrived and kept.config is not None and says_what
    if comes_anew and assigned.read(query, page())[:2] != (kept.assignment, kept.config):
        for widget in [each for each in st.session_state if str(each).startswith(key("field."))]:
            del st.session_state[widget]
        del st.session_state[key("config")]
    if kept.config is not None or not says_what:
        return None
    elsewhere = assigned.sends_on(query, page())
    if elsewhere and name != PLAYGROUND:
        st.session_state["sent_on"] = True
    return elsewhere


def config() -> ExperimentConfig:
    """Return the configuration of the run on screen; the first time, the one that the link describes."""
    present: ExperimentConfig | None = kept.config
    if present is None:
        query = st.query_params.to_dict()
        kept.assignment, present, notices = assigned.read(query, page())
        kept.link, more_notices = read_link(query, present)
        kept.config, kept.notices = present, notices + more_notices
        _read_moment(query)
    return present


def _read_moment(query: dict[str, str]) -> None:
    """Take note of the moment that a link's run is to begin at, if it says what was changed on the way there."""
    if moments.NAME not in query:
        return
    try:
        moment = moments.from_link(query[moments.NAME], kept.config)
        if kept.assignment is not None:
            assigned.check_moment(kept.assignment, moment)
        kept.moment = moment
    except Refusal as refusal:
        kept.notices = [*kept.notices, moments.in_words(refusal)]


def on_playground() -> ExperimentConfig | None:
    """Return the configuration of the playground's run, from any page; None before there is one."""
    present: ExperimentConfig | None = st.session_state.get("config")
    return present


def run_on_playground() -> Feed | None:
    """Return the feed of the playground's stage, from any page; None before there is one."""
    present: Feed | None = st.session_state.get("feed")
    return present


def follow_on_playground(moment: Moment) -> None:
    """Let the playground, where these settings are already, go on from a moment of the run, from any page."""
    st.session_state["moment"] = moment


def assignment() -> Assignment | None:
    """Return what the visitor is to do, if the link says so."""
    config()
    return kept.assignment


def lock_of(name: str) -> str | None:
    """Return how the assignment locks a setting: "fixed", "away", or None."""
    present = assignment()
    return present.lock_of(name) if present else None


def check_run(wanted: ExperimentConfig) -> None:
    """Raise a Refusal if the visitor may not have this run: it is too large for the server, or isn't as assigned."""
    budget.check(wanted)
    if kept.assignment is not None:
        kept.assignment.check(wanted)


def link() -> Link:
    """Return what the link that the visitor came by says besides the run."""
    config()
    return kept.link


def propose(values: dict[str, Any], by_hand: bool = True) -> None:
    """Make the run on screen the one that `values`, a value for each field, describe.

    Fields that are left out keep theirs. A field whose value is refused keeps the one it had, and :func:`refusal_of`
    says why beside its control; the others apply.

    Parameters
    ----------
    values : dict
    by_hand : bool
        Whether it is a choice of the visitor's, which the browser's Back takes back.
    """
    kept.refusal = None
    present = config()
    if values.get("dataset", present.dataset) != present.dataset:
        kept.gave_up = None
        kept.wanted = None
    values = {name: getattr(present, name) for name in ExperimentConfig.__dataclass_fields__} | values
    kept.awaited = None
    if _must_be_awaited(values["dataset"]):
        kept.awaited = values
        return
    if all(value == getattr(present, name) for name, value in values.items()):
        return  # as nearly always: the controls' values come with every request of the stage
    if (proposed := _proposed(values)) and proposed != present:
        # In this order: a run may be cut off between the two, and a choice that changed nothing makes no entry.
        kept.choices = (kept.choices or 0) + by_hand
        kept.config = proposed


def _must_be_awaited(dataset: Any) -> bool:
    return dataset in STORED and not is_loaded(dataset)


def awaited_dataset() -> str | None:
    """Return the data set that is to be loaded before the run can be what the controls say."""
    return (kept.awaited or {}).get("dataset")


def keep_dataset() -> str:
    """Stay with the data set that is learned, as the awaited one is not available; return which it is."""
    kept.awaited = None
    if _must_be_awaited(config().dataset):  # it was in the link, and nothing has been learned yet
        kept.config = page().begins_with
    return config().dataset


def _proposed(values: dict[str, Any]) -> ExperimentConfig | None:
    """Return the configuration of those `values` that are accepted, or None; note the first refusal."""
    present = config()
    while True:
        try:
            proposed = ExperimentConfig(**values)
            if proposed != present:
                check_run(proposed)
            return proposed
        except Refusal as refusal:
            if kept.refusal is None:
                kept.refusal = refusal
            name = _refused_field(refusal, values)
            if name is None or values[name] == getattr(present, name):
                return None
            values = values | {name: getattr(present, name)}


def _refused_field(refusal: Refusal, values: dict[str, Any]) -> str | None:
    """Return which of the fields was refused, or has the parameter that was."""
    if refusal.argument in values:
        return refusal.argument
    for name, value in values.items():
        with contextlib.suppress(Refusal):  # of a value that can't be read either: its turn comes
            if isinstance(value, str) and refusal.argument in parse_call(name, value)[1]:
                return name
    return None


def refusal_of(*names: str) -> Refusal | None:
    """Return why the last values were refused, if the reason is the field, or parameter, of one of these names."""
    return kept.refusal if kept.refusal and kept.refusal.argument in names else None


def is_new_proposal(number: Any) -> bool:
    """Return whether a proposal of the browser with this id has not been seen yet, and take note of it."""
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return False
    is_new = number > (kept.last_proposal or 0)
    if is_new:
        kept.last_proposal = number
    return is_new


def take_refused_proposal() -> str | None:
    """Return, once, why the browser's last proposal was refused, in a visitor's words."""
    refused = kept.take("refused_proposal")
    return refusal_words(refused) if refused else None


def take_notices() -> list[str]:
    """Return, once, what was ignored in the link that the visitor came by, a sentence each."""
    notices: list[str] = kept.take("notices") or []
    if st.session_state.pop("sent_on", False):
        notices.insert(
            0, "The data in the link belong on this page, so it opened here and not on the page that the link names."
        )
    return notices


def note_put() -> None:
    """Note that the server set the controls to something else: until the browser shows it, its values are old."""
    kept.controls_put = (kept.controls_put or 0) + 1


def knows_controls(message: dict[str, Any]) -> bool:
    """Return whether the browser showed the controls as they were last set when it sent a message."""
    return message.get("controls", kept.controls_put or 0) == (kept.controls_put or 0)


def controls_are_unshown() -> bool:
    """Return whether the server set the controls, and no run of the page has got to its end since."""
    return (kept.controls_put or 0) != (kept.controls_shown or 0)


def begin_page() -> None:
    """Note that all controls are about to be drawn as they are set now."""
    kept.controls_drawing = kept.controls_put or 0


def end_page() -> None:
    """Note that all controls are drawn, and the dialog is open: whoever gets a message from now on has them."""
    kept.controls_shown = kept.controls_drawing
    kept.settling = kept.dialog = None


def is_settling() -> bool:
    """Return whether the visitor just came, and no run of the page has drawn all controls since."""
    return bool(kept.settling)


def note_drawn() -> None:
    """Note that the page now shows the present configuration, and why the last values were refused."""
    kept.drawn = (config(), kept.refusal)


def changed_since_drawn() -> set[str]:
    """Return the settings that are not as the page shows them: their value, or whether they are of any effect."""
    drawn, now = kept.drawn[0], config()
    if now is drawn:  # as nearly always: this is asked with every request of the stage
        return set()
    return {*differing(now, drawn), *(name for name, row in SETTINGS.items() if row.idle(now) != row.idle(drawn))}


def refused_since_drawn() -> bool:
    """Return whether the page shows another reason than the present one why values were refused."""
    return bool(kept.drawn[1] != kept.refusal)


def page_is_behind() -> bool:
    """Return whether the page must run once more to take notice of its controls, or to open a dialog."""
    put_since = (kept.controls_put or 0) != (kept.controls_drawing or 0)
    changed = bool(changed_since_drawn() - _SHOW_THEMSELVES) or refused_since_drawn()
    asked_for = kept.dialog is not None and script_run.is_of_a_part()
    return put_since or awaited_dataset() is not None or changed or asked_for


def ask_for_dialog(name: str) -> None:
    """Note that a dialog is to be opened. A click that arrives with a request of the stage reruns the stage alone."""
    kept.dialog = name


def dialog_asked_for() -> str | None:
    """Return the dialog that is to be opened; it is asked for until a run of the page has got to its end."""
    asked: str | None = kept.dialog
    return asked


def account() -> Account:
    """Return the visitor's account of processor time, the same on all pages."""
    mine: Account = st.session_state.setdefault("account", Account())
    return mine


def feed() -> Feed:
    """Return the feed of this visitor's stage, at the present configuration."""
    if kept.feed is None:
        told = assigned.told_besides(assignment())
        kept.feed = Feed(config(), link().view, account(), _trail(), _take_moment(), told)
    present: Feed = kept.feed
    present.told_besides = assigned.told_besides(assignment())
    present.no_edits = assigned.NO_EDITS if lock_of(BY_HAND) else ""
    present.controls = kept.controls_shown or 0
    present.use(config(), went_back=bool(kept.take("went_back")))
    if (moment := _take_moment()) is not None:
        present.follow(moment)
    present.tell_address(_trail())
    return present


def _take_moment() -> Moment | None:
    """Return, once, the moment that the link's run is to begin at, if that is still the run on the page."""
    moment = kept.take("moment")
    return moment if moment and moment.recipe.latest_config.same_run(config()) else None


def follow_address() -> dict[str, Any] | None:
    """Return the run that the page's address names now, if the visitor pressed the browser's Back or Forward."""
    if kept.config is None or not script_run.by_history():
        return None
    linked = assigned.read(st.query_params.to_dict(), page())[1]
    if linked != config():
        kept.went_back = True
    # Also if the run is there already: a run that put it there may have been cut off before the browser heard of it.
    return linked.to_dict()


def take_opened() -> bool:
    """Put the run that was opened on the stage; return whether there was one, for the controls to follow."""
    recording = kept.take("opened")
    if recording is None:
        return False
    feed().open(recording)
    if recording.config != config():
        note_put()
    kept.config = recording.config
    return True


def link_notice() -> str | None:
    """Return what the page's address leaves out of the run, in a sentence, or None."""
    return None if kept.assignment else fit_for_address(config().to_query())[1]


def write_link() -> None:
    """Write what defines the run into the page's address; what others put there stays.

    To the browser's history that is no entry of its own: the browser makes one for each choice of the visitor's
    (``static/stage/page/address.js``).
    """
    wanted = _address()
    # A request says the address that it was sent from: what was written last may still be on its way there.
    if wanted != st.query_params.to_dict() or kept.written not in (None, wanted):
        st.query_params.from_dict(wanted)
        kept.written = wanted


def _trail() -> dict[int, str]:
    """Return the query of the page's address after each of the visitor's choices, by their number; the newest few."""
    trail = (kept.trail or {}) | {kept.choices or 0: urlencode(_address(), doseq=True)}
    kept.trail = dict(list(trail.items())[-_LONGEST_TRAIL:])
    return trail


def _address() -> dict[str, str]:
    """Return the query of the page's address, as the run and what is shown of it are now."""
    ours = {*ExperimentConfig.__dataclass_fields__, *LINK_NAMES, moments.NAME, assigned.NAME}
    others = {name: value for name, value in st.query_params.to_dict().items() if name not in ours}
    if not page().is_in_address:
        return others | link().to_query()
    changes = {moments.NAME: st.query_params.get(moments.NAME)} if moments.NAME in st.query_params else {}
    if kept.feed and not kept.feed.is_replaying:
        changes = kept.feed.changes()
    known = kept.address
    if known is None or known[0] is not config():
        known = kept.address = (config(), _of_the_run() | link().to_query())
    return others | known[1] | changes


def _of_the_run() -> dict[str, str]:
    """Return what defines the run; of one that is assigned, the assignment and what is other than there."""
    if kept.assignment is not None:
        return assigned.address(kept.assignment, config())
    return fit_for_address(config().to_query())[0]
