"""Where a visitor is in the lessons: the step that the address names, and the run that is on the stage for it."""

from __future__ import annotations

import contextlib
import dataclasses
import re
from typing import Any

import streamlit as st

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import differing
from nnplay.experiment.training.stop_conditions import STOP_FIELDS
from nnplay.lessons import Lesson, Step, find
from nnplay.refusal import Refusal
from nnplay.server import budget, moments
from nnplay.server.compare.race_feed import RaceFeed
from nnplay.server.compare.race_link import Lanes
from nnplay.server.link import Link
from nnplay.server.link import read as read_link
from nnplay.server.setting_words import refusal_words
from nnplay.ui import on_page, state
from nnplay.ui.kept import KeptValues

#: The page's name; and what its address says.
PAGE = "lessons"
LESSON, STEP, LANGUAGE = "lesson", "step", "lang"
#: Steps of several lessons in the order of a lecture: ``xor.1,momentum.2``. The browser's side goes by it.
SCENES = "scenes"
#: So many changes of the settings can be taken back.
_MOST_SETTINGS = 30
_SCENES = re.compile(r"[a-z0-9_-]{1,40}\.[1-9](,[a-z0-9_-]{1,40}\.[1-9]){0,39}")


class Kept(KeptValues):
    """The part of Streamlit's session state that belongs to the page; what isn't there is None.

    Attributes
    ----------
    opened : tuple
        Lesson, step and whether its transfer is tried: what is on the stage.
    is_new : bool
        Whether its run is still to begin.
    at : tuple
        Lesson and step where the visitor is.
    is_trying : bool
        Whether that step's transfer is tried.
    shows_data : bool
        Whether the data of the run are to be set, too, which a lecturer may want.
    drawn : int
        The number that the data of runs that race were drawn anew from.
    settings : list of ExperimentConfig
        What was on the stage one after the other since it was opened, the newest last.
    last_act : int
        Number of the newest thing that the browser's side said.
    measured : dict
    sheet : dict
        What is to be printed, for the one who asked for it.
    race : RaceFeed
    leaving : tuple
        Which of the runs that race the visitor wants to see elsewhere, or None for what is on the stage; and the frame.
    problem : str
        Why what the address asks for can't be had.
    """

    opened: tuple[Any, ...] | None
    is_new: bool | None
    at: tuple[str, int] | None
    is_trying: bool | None
    shows_data: bool | None
    drawn: int | None
    settings: list[ExperimentConfig] | None
    last_act: int | None
    measured: dict[str, Any] | None
    sheet: dict[str, Any] | None
    race: RaceFeed | None
    leaving: tuple[int | None, int] | None
    problem: str | None


kept = Kept(lambda name: f"{PAGE}.place.{name}")


def begin_visit() -> None:
    """Make the page ready; whoever comes back from another page finds the step that was left."""
    arrived = on_page.take_arrival()
    query = st.query_params.to_dict()
    if arrived:
        kept.leaving = None
        state.kept.settling = True
        state.kept.dialog = None
        if LESSON not in query and kept.opened is not None:
            go_to(kept.opened[0], kept.opened[1])
    if state.kept.config is None:
        state.kept.config = ExperimentConfig()
    if state.kept.link is None:
        state.kept.link, state.kept.notices = read_link(query, state.kept.config)


def go_to(lesson: str | None, step: int = 0, scenes: str = "") -> None:
    """Write a step, counted from 0, into the address, or the list of all lessons; what others put there stays.

    A lecture begins where its `scenes` are given, and ends with the list.
    """
    ours = (LESSON, STEP) if lesson is not None else (LESSON, STEP, SCENES)
    others = {name: value for name, value in st.query_params.to_dict().items() if name not in ours}
    lecture = {SCENES: scenes} if _SCENES.fullmatch(scenes) else {}
    st.query_params.from_dict(others | lecture | ({} if lesson is None else {LESSON: lesson, STEP: str(step + 1)}))


def present() -> tuple[Lesson, int] | None:
    """Return the lesson and the step that the address names, counted from 0; None for the list."""
    kept.problem = None
    key = st.query_params.get(LESSON)
    if key is None:
        return None
    lesson = find(key)
    if lesson is None:
        kept.problem = f"There is no lesson “{key[:40]}”."
        return None
    text = st.query_params.get(STEP, "1")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
    if not 1 <= number <= len(lesson.steps):
        kept.problem = f"The lesson has {len(lesson.steps)} steps; there is no step “{text[:10]}”."
        number = 1
    return lesson, number - 1


def language() -> str:
    """Return the language that the visitor reads: as the address says, or else as the browser does."""
    return st.query_params.get(LANGUAGE) or (st.context.locale or "en").partition("-")[0]


def wanted_lanes(step: Step) -> Lanes:
    """Return the runs that are to race; none where there is one alone."""
    lanes = tuple(run.config for run in (step.next_lanes if kept.is_trying else step.compare))
    if kept.drawn is not None:
        lanes = tuple(dataclasses.replace(lane, data_seed=kept.drawn) for lane in lanes)
    return lanes


def wanted_config(step: Step) -> ExperimentConfig:
    """Return the run that is to be on the stage, where there is one alone."""
    config = step.config
    if kept.is_trying and step.next and step.next.config:
        config = step.next.config
    return dataclasses.replace(config, max_epochs=epochs(step))


def epochs(step: Step) -> int:
    """Return where the run on the stage stops: with the step, unless its transfer has an end of its own."""
    transfer = step.next.config if kept.is_trying and step.next else None
    return transfer.max_epochs or step.epochs if transfer else step.epochs


def controls(step: Step) -> tuple[str, ...]:
    """Return the settings that can be changed: those of the step, and while one tries, what is other than there."""
    more = differing(wanted_config(step), step.config) if kept.is_trying else ()
    return tuple(dict.fromkeys((*step.controls, *(name for name in more if name not in STOP_FIELDS))))


def open_step(lesson: Lesson, index: int) -> str | None:
    """Take the step's settings if it isn't on the stage already; return why that can't be, in a sentence, or None."""
    step = lesson.steps[index]
    if kept.at != (lesson.key, index):
        kept.at, kept.is_trying = (lesson.key, index), False
        kept.shows_data = kept.drawn = None
    wanted = lesson.key, index, bool(kept.is_trying), kept.drawn, step
    if kept.opened == wanted:
        return None
    config = wanted_config(step)
    try:
        for each in (config, *wanted_lanes(step)):
            budget.check(each)
    except Refusal as refusal:
        return f"This step is too large for this server: {refusal_words(refusal)}"
    for widget in [each for each in st.session_state if str(each).startswith(state.key("field."))]:
        del st.session_state[widget]
    kept.opened, kept.is_new, kept.measured = wanted, True, None
    kept.settings = [config]
    mine = state.kept
    mine.config, mine.settling = config, True
    mine.refusal = mine.refused_proposal = mine.wanted = mine.trail = mine.moment = None
    mine.link = mine.link or Link()
    state.note_put()
    if moments.NAME in step.query and not kept.is_trying:
        with contextlib.suppress(Refusal):
            mine.moment = moments.from_link(step.query[moments.NAME], step.config)
    return None


def begin_run() -> None:
    """Let the step's run begin, once its data are there: those before have nothing to do with it."""
    if kept.is_new and state.kept.feed is not None:
        state.kept.feed.start_over(state.config())
    kept.is_new = False


def race(step: Step) -> RaceFeed:
    """Return the feed of the step's race."""
    lanes = wanted_lanes(step)
    if kept.race is None:
        kept.race = RaceFeed(lanes, "epochs", state.account())
    feed: RaceFeed = kept.race
    if kept.is_new:
        feed.lanes, feed.clock = lanes, "epochs"
        feed.begin()
        kept.is_new = False
    return feed


def is_away(step: Step) -> bool:
    """Return whether the visitor has changed what the step, or its transfer, has set."""
    return kept.drawn is not None or (not step.compare and state.config() != wanted_config(step))


def note_settings() -> None:
    """Note what is on the stage, if it is something else than before."""
    noted, config = kept.settings or [], state.config()
    if not noted or (noted[-1] is not config and noted[-1] != config):
        kept.settings = [*noted, config][-_MOST_SETTINGS:]


def settings_before() -> ExperimentConfig | None:
    """Return what was on the stage before the last change of its settings, and forget that change; or None."""
    noted = kept.settings or []
    if len(noted) < 2:
        return None
    kept.settings = noted[:-1]
    return noted[-2]
