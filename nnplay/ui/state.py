"""What a visitor's session holds: the configuration, and the feed of the stage. Nobody else knows their keys."""

from __future__ import annotations

import re
from typing import Any

import streamlit as st

from nnplay.experiment.config import ExperimentConfig
from nnplay.experiment.query import fit_for_address
from nnplay.experiment.recording import Recording
from nnplay.ui.link import NAMES as LINK_NAMES
from nnplay.ui.link import Link
from nnplay.ui.link import read as read_link
from nnplay.ui.stage.feed import Feed

_CONFIG = "config"
_FEED = "feed"
_NOTICES = "notices"
_REFUSAL = "refusal"
_DRAWN = "drawn"
_LAST_PROPOSAL = "last_proposal"
_REFUSED_PROPOSAL = "refused_proposal"
_LINK = "link"
_OPENED = "opened"
_PUT = "controls_put"
_DRAWING = "controls_drawing"
_SHOWN = "controls_shown"
_DIALOG = "dialog"


def config() -> ExperimentConfig:
    """Return the configuration of the run on screen; the first time, the one that the link describes."""
    if _CONFIG not in st.session_state:
        query = st.query_params.to_dict()
        linked, notices = ExperimentConfig.from_query(query)
        st.session_state[_LINK], more_notices = read_link(query, linked)
        st.session_state[_CONFIG], st.session_state[_NOTICES] = linked, notices + more_notices
    return st.session_state[_CONFIG]


def link() -> Link:
    """Return what the link that the visitor came by says besides the run."""
    config()
    return st.session_state[_LINK]


def propose(values: dict[str, Any]) -> None:
    """Make the run on screen the one that `values`, a value for each field, describe.

    A field whose value is refused keeps the one it had, and :func:`refusal_of` says why beside its control; the others
    apply.
    """
    st.session_state[_REFUSAL] = None
    if proposed := _proposed(values):
        st.session_state[_CONFIG] = proposed


def _proposed(values: dict[str, Any]) -> ExperimentConfig | None:
    """Return the configuration of those `values` that are accepted, or None; note the first refusal."""
    present = config()
    while True:
        try:
            return ExperimentConfig(**values)
        except (TypeError, ValueError) as error:
            if st.session_state[_REFUSAL] is None:
                st.session_state[_REFUSAL] = str(error)
            culprit = re.match(r"\w+", str(error))
            name = culprit.group() if culprit else ""
            if name not in values or values[name] == getattr(present, name):
                return None
            values = values | {name: getattr(present, name)}


def refusal_of(*names: str) -> str | None:
    """Return why the last values were refused, if the reason is the field, or parameter, of one of these names."""
    refusal = st.session_state.get(_REFUSAL)
    culprit = re.match(r"\w+", refusal) if refusal else None
    return refusal if culprit and culprit.group() in names else None


def refusal() -> str | None:
    """Return why the last values were refused, or None."""
    return st.session_state.get(_REFUSAL)


def is_new_proposal(number: Any) -> bool:
    """Return whether a proposal of the browser with this id has not been seen yet, and take note of it."""
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return False
    is_new = number > st.session_state.get(_LAST_PROPOSAL, 0)
    if is_new:
        st.session_state[_LAST_PROPOSAL] = number
    return is_new


def note_refused_proposal(refusal: str) -> None:
    """Note why what the browser proposed was refused."""
    st.session_state[_REFUSED_PROPOSAL] = refusal


def take_refused_proposal() -> str | None:
    """Return, once, why the browser's last proposal was refused."""
    return st.session_state.pop(_REFUSED_PROPOSAL, None)


def take_notices() -> list[str]:
    """Return, once, what was ignored in the link that the visitor came by, a sentence each."""
    return st.session_state.pop(_NOTICES, [])


def note_put() -> None:
    """Note that the server set the controls to something else: until the browser shows it, its values are old."""
    st.session_state[_PUT] = st.session_state.get(_PUT, 0) + 1


def knows_controls(message: dict[str, Any]) -> bool:
    """Return whether the browser showed the controls as they were last set when it sent a message."""
    return message.get("controls", st.session_state.get(_PUT, 0)) == st.session_state.get(_PUT, 0)


def begin_page() -> None:
    """Note that all controls are about to be drawn as they are set now."""
    st.session_state[_DRAWING] = st.session_state.get(_PUT, 0)


def end_page() -> None:
    """Note that all controls are drawn: whoever gets a message from now on has them."""
    st.session_state[_SHOWN] = st.session_state[_DRAWING]


def note_drawn() -> None:
    """Note that the page now shows the present configuration, and why the last values were refused."""
    st.session_state[_DRAWN] = (config(), refusal())


def drawn() -> tuple[ExperimentConfig, str | None]:
    """Return the configuration and the refusal that the page shows."""
    return st.session_state[_DRAWN]


def page_is_behind() -> bool:
    """Return whether the page must run once more to take notice of its controls, or to open a dialog."""
    put_since = st.session_state.get(_PUT, 0) != st.session_state.get(_DRAWING, 0)
    return put_since or drawn() != (config(), refusal()) or _DIALOG in st.session_state


def ask_for_dialog(name: str) -> None:
    """Note that a dialog is to be opened. A click that arrives with a request of the stage reruns the stage alone."""
    st.session_state[_DIALOG] = name


def take_dialog() -> str | None:
    """Return, once, the dialog that is to be opened; before the stage is shown."""
    return st.session_state.pop(_DIALOG, None)


def feed() -> Feed:
    """Return the feed of this visitor's stage, at the present configuration."""
    if _FEED not in st.session_state:
        st.session_state[_FEED] = Feed(config(), link().view)
    present: Feed = st.session_state[_FEED]
    present.controls = st.session_state.get(_SHOWN, 0)
    present.use(config())
    return present


def note_opened(recording: Recording) -> None:
    """Note a run that was opened from a file; the page's next run shows it."""
    st.session_state[_OPENED] = recording


def take_opened() -> bool:
    """Put the run that was opened on the stage; return whether there was one, for the controls to follow."""
    recording = st.session_state.pop(_OPENED, None)
    if recording is None:
        return False
    feed().open(recording)
    if recording.config != config():
        note_put()
    st.session_state[_CONFIG] = recording.config
    return True


def link_notice() -> str | None:
    """Return what the page's address leaves out of the run, in a sentence, or None."""
    return fit_for_address(config().to_query())[1]


def write_link() -> None:
    """Write what defines the run into the page's address; what others put there stays."""
    ours = {*ExperimentConfig.__dataclass_fields__, *LINK_NAMES}
    present = st.query_params.to_dict()
    others = {name: value for name, value in present.items() if name not in ours}
    wanted = others | fit_for_address(config().to_query())[0] | link().to_query()
    if wanted != present:
        st.query_params.from_dict(wanted)
