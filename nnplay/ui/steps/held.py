"""What a visitor's session holds for the page: the run whose step is explained, and the address that says it."""

from __future__ import annotations

import streamlit as st

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.setting import PLAYGROUND
from nnplay.experiment.training.snapshot import Snapshot
from nnplay.refusal import Refusal
from nnplay.server import moments
from nnplay.server.link import NAMES as LINK_NAMES
from nnplay.server.link import Link, quoted
from nnplay.server.link import read as read_link
from nnplay.server.moments import Moment
from nnplay.server.steps import handover
from nnplay.server.steps.handover import Handed
from nnplay.server.steps.steps_feed import StepsFeed, address_of
from nnplay.server.training_pages import TRAINING_PAGES, page_of
from nnplay.ui import on_page, shell, state
from nnplay.ui.kept import KeptValues
from nnplay.ui.streamlit_internals import script_run

#: The page's name; what it keeps in the session goes by it.
PAGE = "step_by_step"
#: What looks as if it chose a step, and doesn't: a step is told by its run.
NUMBERS = ("step", "epoch")
#: What another page hands over, in the session.
_HANDED = f"{PAGE}.handed"


class Kept(KeptValues):
    """The part of Streamlit's session state that belongs to the page; what isn't there is None.

    Attributes
    ----------
    feed : StepsFeed
    link : Link
    notices : list of str
        What was ignored in the link.
    came_from : tuple of str and int
        The run of the playground that the step is of, and how many steps it had then.
    leaving : bool
        Whether the visitor wants to go back to the playground.
    """

    feed: StepsFeed | None
    link: Link | None
    notices: list[str] | None
    came_from: tuple[str, int] | None
    leaving: bool | None


kept = Kept(lambda name: key(name))


def key(name: str) -> str:
    """Return what `name`, of a widget or a value, is called in the session state."""
    return f"{PAGE}.{name}"


def hand_over(handed: Handed, run: str) -> dict[str, str]:
    """Let the page begin with a moment of a run on the playground; return the query of its address."""
    st.session_state[_HANDED] = (handed, run)
    return address_of(handed.config, handed.moment)


def begin_visit() -> None:
    """Take the step from what was handed over, from the address, from the playground, or leave it as it was."""
    arrived = on_page.take_arrival()
    arrives = arrived or kept.feed is None
    query = st.query_params.to_dict()
    handed = st.session_state.pop(_HANDED, None)
    if arrived:
        kept.leaving = None
    if handed is not None:
        _begin_as_handed(*handed)
        return
    says_what = any(name in query for name in (*ExperimentConfig.__dataclass_fields__, moments.NAME))
    if says_what and (arrives or script_run.by_history()):
        _begin_as_linked(query)
    elif not says_what and arrives:
        _begin_with_present(query)
    if arrives:
        kept.notices = [*(kept.notices or []), *_numbers_ignored(query)]


def _numbers_ignored(query: dict[str, str]) -> list[str]:
    given = [quoted(f"{name}={query[name]}") for name in NUMBERS if name in query]
    if not given:
        return []
    verb = "are" if len(given) > 1 else "is"
    return [f"{' and '.join(given)} in the link {verb} ignored. To open a step, press Σ on the playground."]


def _begin_as_linked(query: dict[str, str]) -> None:
    config, notices = TRAINING_PAGES["lessons"].read_link(query)
    kept.link, more = read_link(query, config)
    moment = None
    if moments.NAME in query:
        try:
            moment = moments.from_link(query[moments.NAME], config)
        except Refusal as refusal:
            more = [*more, moments.in_words(refusal)]
    kept.notices = notices + more
    _begin(config, moment, kept.came_from)


def _begin_with_present(query: dict[str, str]) -> None:
    """Begin with the run on the playground, at the frame that is on screen there; without one, with the usual run."""
    present = state.run_on_playground()
    chosen = present and handover.moment_at(present.recording, present.shown, present.shown_is_newest)
    if present and chosen:
        _begin_as_handed(chosen, present.run)
    elif kept.feed is None:
        kept.link, kept.notices = read_link(query, ExperimentConfig())
        _begin(ExperimentConfig(), None, None)


def _begin_as_handed(handed: Handed, run: str) -> None:
    _begin(handed.config, handed.moment, (run, handed.moment.n_steps), handed.stands)


def _begin(
    config: ExperimentConfig,
    moment: Moment | None,
    came_from: tuple[str, int] | None,
    stands: Snapshot | None = None,
) -> None:
    kept.came_from = came_from
    feed: StepsFeed | None = kept.feed
    if feed is None:
        kept.feed = StepsFeed(config, moment, state.account(), stands)
    elif feed.address != address_of(config, moment) or feed.problem:
        feed.begin(config, moment, stands)


def link() -> Link:
    """Return what the link that the visitor came by says besides the run."""
    return kept.link or Link()


def feed() -> StepsFeed:
    """Return what the page is fed with."""
    present = kept.feed
    assert present is not None
    return present


def write_link() -> None:
    """Write the step into the page's address; what others put there stays."""
    ours = {*ExperimentConfig.__dataclass_fields__, *LINK_NAMES, moments.NAME, *NUMBERS}
    others = {name: value for name, value in st.query_params.to_dict().items() if name not in ours}
    wanted = others | feed().address | link().to_query()
    if wanted != st.query_params.to_dict():
        st.query_params.from_dict(wanted)


def go_back() -> None:
    """Go to the page where such runs are played: as it was left, if no step was taken since, else at this step."""
    present, moment = feed(), feed().moment
    page = page_of(present.config).name
    run = state.run_on_playground()
    if page == PLAYGROUND and run and kept.came_from == (run.run, moment.n_steps):
        shell.open_page(PLAYGROUND, {})
    if page == PLAYGROUND and state.on_playground() == present.config:
        state.follow_on_playground(moment)
    shell.open_page(page, present.address)
