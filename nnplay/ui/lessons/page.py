"""The page: the list of lessons, or a step with its words, its few controls, and the stage."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable
from typing import Any

import streamlit as st

from nnplay.experiment.config.fields import ABOUT_THE_DATA, DRAWS_DATA
from nnplay.experiment.config.setting import DIGITS, PLAYGROUND, TABLES
from nnplay.lessons import Lesson, Step, all_lessons
from nnplay.lessons.sheets import teacher_key, worksheet
from nnplay.refusal import Refusal
from nnplay.server import moments
from nnplay.server.answers import TRAINING
from nnplay.server.compare import race_link
from nnplay.server.link import GROUPS
from nnplay.server.request_fields import BadRequest, whole
from nnplay.server.training_pages import page_of
from nnplay.ui import awaiting_data, component, on_page, pad, shell, stage, state
from nnplay.ui.compare.lanes import playground_query
from nnplay.ui.dialogs import header_buttons, share
from nnplay.ui.form import controls, digits_sidebar, table_fields
from nnplay.ui.form.page_fields import PageFields
from nnplay.ui.lessons import measured, place
from nnplay.ui.lessons.place import kept
from nnplay.ui.lessons.told import following_told, list_told, step_told, titles_told
from nnplay.ui.stage.preload import preload
from nnplay.ui.streamlit_internals import page_frame, script_run
from nnplay.ui.text import complain, plain

_WORDS = f"{place.PAGE}.words"
_RACE = f"{place.PAGE}.race"
_words = component.declare("nnplay_lessons", "nnplay-lessons", "lessons")
_race = component.declare("nnplay_lessons_race", "nnplay-stage nnplay-race", "race", page=place.PAGE)
#: The stage, and what can be set, by the page that has the same data.
_STAGES = {PLAYGROUND: place.PAGE, DIGITS: f"{place.PAGE}-digits", TABLES: f"{place.PAGE}-tabular"}
_FIELDS = {PLAYGROUND: controls.FIELDS, DIGITS: digits_sidebar.FIELDS, TABLES: table_fields.FIELDS}
#: What is above the stage and below it, in pixels.
_AROUND, _AROUND_EMBEDDED = 46, 16


def show() -> None:
    """Show the page."""
    place.begin_visit()
    _leave_if_asked()
    _make_room()
    preload(state.page().name)
    at = place.present()
    dialog = state.dialog_asked_for()
    problem = kept.problem or (place.open_step(*at) if at else None)
    if problem:
        st.toast(plain(problem), icon=":material/link_off:")
    if at is None or (problem and not kept.problem):
        state.kept.dialog = None
        _show_list()
        return
    lesson, index = at
    with st.container(key="lesson"):
        column, beside = st.container(key="lesson-column"), st.container(key="lesson-stage")
    if place.wanted_lanes(lesson.steps[index]):
        _show_race(lesson, index, column, beside)
    else:
        _show_run(lesson, index, column, beside)
    _draw_buttons(dialog)
    controls.draw_notices()
    state.end_page()
    shell.let_page_arrive()


def _show_list() -> None:
    lessons, problems = all_lessons()
    _words(key=_WORDS, data=list_told(lessons, problems, place.language()), on_act_change=on_page.bound(_act))
    shell.let_page_arrive()


def _show_run(lesson: Lesson, index: int, column: Any, beside: Any) -> None:
    step = lesson.steps[index]
    look = page_of(state.config()).name
    fields = _FIELDS[look]
    state.begin_page()
    read = _reading(fields)
    read()
    awaiting_data.pass_through(fields)
    place.begin_run()
    state.note_drawn()
    with beside:
        stage.show(read, _put_allowed(fields, step), _STAGES[look])
        if look == DIGITS:
            pad.connect(read)
    with column:
        _draw_words(lesson, index, state.feed().run)
        complain(state.kept.gave_up)
        data = ABOUT_THE_DATA if kept.shows_data and look == PLAYGROUND else ()
        fields.draw_named((*data, *place.controls(step)))


def _reading(fields: PageFields) -> Callable[[], None]:
    """Return what takes the controls' values, and notes what they were before."""

    def read() -> None:
        fields.read()
        place.note_settings()

    return read


def _put_allowed(fields: PageFields, step: Step) -> Callable[..., None]:
    """Return what sets the controls: to what is proposed on the stage only as far as the step lets one change it."""
    allowed = {*place.controls(step)}
    if "points" in allowed:
        allowed.add("dataset")

    def put(values: Any, by_hand: bool = True) -> None:
        if not by_hand or (isinstance(values, dict) and values.keys() <= allowed):
            fields.put(values, by_hand)
            place.note_settings()

    return put


def _show_race(lesson: Lesson, index: int, column: Any, beside: Any) -> None:
    state.begin_page()
    state.note_drawn()
    with beside:
        _draw_race(lesson.steps[index])
    with column:
        _draw_words(lesson, index, place.race(lesson.steps[index]).run)


@on_page.fragment
def _draw_race(step: Step) -> None:
    """Show the race; a request of the browser reruns this fragment alone."""
    if script_run.is_of_a_part() and (kept.leaving is not None or state.kept.dialog is not None):
        script_run.rerun()
    message = place.race(step).message
    _race(
        key=_RACE, data=message, on_request_change=on_page.bound(_answer_race), on_open_change=on_page.bound(_open_lane)
    )


def _answer_race() -> None:
    if kept.race is not None:
        kept.race.answer(component.said(_RACE, "request"))


def _open_lane() -> None:
    """Note that one of the runs that race is to be opened in the playground; the page's next run does it."""
    said: Any = component.said(_RACE, "open")
    if kept.race is None:
        return
    with contextlib.suppress(BadRequest):
        kept.leaving = whole(said, "lane", 0, len(kept.race.lanes) - 1), whole(said, "frame")


def _draw_words(lesson: Lesson, index: int, run: str) -> None:
    step, scenes = lesson.steps[index], st.query_params.get(place.SCENES, "")[:2000]
    data = step_told(lesson, index, place.language())
    data |= {
        "sheet": kept.sheet,
        "following": following_told(lesson, all_lessons()[0], place.language()),
        "scenes": scenes,
        "scene_titles": titles_told(scenes, all_lessons()[0], place.language()) if scenes else {},
        "trying": bool(kept.is_trying),
        "ends": place.epochs(step),
        "away": place.is_away(step),
        "races": bool(place.wanted_lanes(step)),
        "measured": kept.measured,
        "run": run,
    }
    data["step"]["controls"] = list(place.controls(step))
    _words(key=_WORDS, data=data, on_act_change=on_page.bound(_act))


def _act() -> None:
    """Do what the visitor chose in the words, once."""
    said = component.said(_WORDS, "act")
    try:
        number = whole(said, "id", 1)
    except BadRequest:
        return
    if number <= (kept.last_act or 0):
        return
    kept.last_act, kept.sheet = number, None
    what = said.get("do")
    if what == "open":
        _open(said)
    elif what == "list":
        place.go_to(None)
    elif what in ("try", "back"):
        kept.is_trying, kept.opened, kept.drawn = what == "try", None, None
    elif what == "data":
        kept.shows_data = not kept.shows_data
    elif what == "draw":
        with contextlib.suppress(BadRequest):
            _draw_data(whole(said, "number", 0, 9999))
    elif what == "undo":
        _take_back()
    elif what == "language":
        st.query_params[place.LANGUAGE] = str(said.get("language"))[:20]
    elif what == "sheet":
        _write_sheet(number, said.get("of"))
    elif what == "measure":
        _measure(said)
    elif what == "leave":
        with contextlib.suppress(BadRequest):
            kept.leaving = None, whole(said, "frame")


def _open(said: dict[str, Any]) -> None:
    try:
        place.go_to(str(said.get("lesson"))[:60], whole(said, "step", 0, 99), str(said.get("scenes") or ""))
    except BadRequest:
        return


def _draw_data(number: int) -> None:
    """Let the run on the stage, or those that race, have other data of the same kind."""
    at = place.present()
    if at is None:
        return
    if place.wanted_lanes(at[0].steps[at[1]]):
        kept.drawn = number
    elif DRAWS_DATA in (fields := _FIELDS[page_of(state.config()).name]) and not state.config().data.own:
        fields.put({DRAWS_DATA: number})
        place.note_settings()


def _take_back() -> None:
    """Put what was set before on the stage."""
    if kept.drawn is not None:
        kept.drawn = None
    elif (config := place.settings_before()) is not None:
        state.kept.went_back = True
        _FIELDS[page_of(config).name].put(config.to_dict(), by_hand=False)


def _write_sheet(number: int, of: Any) -> None:
    """Write what is to be printed; it goes by the number of who asked."""
    at = place.present()
    if at is not None and of in ("worksheet", "key"):
        write = worksheet if of == "worksheet" else teacher_key
        kept.sheet = {"id": number, "html": write(at[0], place.language())}


def _measure(said: dict[str, Any]) -> None:
    at = place.present()
    if at is None or (at[0].key, at[1]) != (said.get("lesson"), said.get("step")):
        return
    lesson, index = at
    step = lesson.steps[index]
    lanes = place.wanted_lanes(step)
    feed: Any = place.race(step) if lanes else state.feed()
    # It may train the run once more: others don't wait for the whole of it.
    with TRAINING.turn(state.account()):
        if lanes:
            frame = said.get("frame")
            value = measured.of_race(step, feed.recording, frame if isinstance(frame, int) else 0, place.language())
        else:
            value = measured.of_run(step, feed.recording, place.language())
    if value is not None:
        kept.measured = {"of": f"{lesson.key}.{index}", "value": measured.told(step, value)}


def _leave_if_asked() -> None:
    """Go to another page with the run on the stage, with the race or with one of its runs, if that is wanted."""
    leaving = kept.take("leaving")
    at = place.present() if leaving else None
    if leaving is None or at is None:
        return
    (lane, frame), lanes = leaving, place.wanted_lanes(at[0].steps[at[1]])
    if lanes and lane is None:
        shell.open_page("compare", race_link.to_query(lanes, "epochs"))
    elif lanes and kept.race is not None:
        shell.open_page(PLAYGROUND, playground_query(kept.race.recording, lane or 0, frame))
    else:
        recording, config = state.feed().recording, dataclasses.replace(state.config(), max_epochs=0)
        query = {"dataset": config.dataset} | config.to_query()
        with contextlib.suppress(Refusal):
            query |= moments.query_of(recording, config, recording.nearest_kept(frame), is_there=True)
        shell.open_page(page_of(config).name, query)


def _make_room() -> None:
    """Give the stage the room of the sidebar, which this page has none of; inside another page that of the header."""
    embedded = st.context.is_embedded
    around = _AROUND_EMBEDDED if embedded else _AROUND
    rules = [f".nnplay-stage {{ --nn-around: {around}px; --nn-around-presenting: {_AROUND_EMBEDDED + 4}px; }}"]
    rules.append(page_frame.NO_SIDEBAR if embedded else page_frame.ONLY_PAGES_IN_SIDEBAR)
    if embedded:
        rules += [page_frame.NARROW_MARGINS, page_frame.NO_HEADER]
    st.html(f"<style>{' '.join(rules)}</style>")


def _draw_buttons(wanted: str | None) -> None:
    """Put the buttons into the page's header; a page inside another page has none."""
    if st.context.is_embedded or not state.link().shows("share"):
        return
    with st.container(key="header-buttons", horizontal=True, width="content", gap="small"):
        st.button(
            "Share", icon=":material/share:", help="Link, QR code or a frame for slides", type="tertiary",
            key=f"{place.PAGE}.share", on_click=on_page.bound(state.ask_for_dialog), args=("share",),
        )  # fmt: skip
        header_buttons.draw_present_and_keys()
    if wanted == "share":
        _share_dialog()


def _shared() -> share.Shared:
    names = (place.LESSON, place.STEP, place.LANGUAGE, place.SCENES)
    query = {name: st.query_params[name] for name in names if name in st.query_params}
    return share.Shared(
        query=lambda frame: query,
        link=state.link(),
        groups={name: label for name, label in GROUPS.items() if name not in (*header_buttons.SIDEBAR, "training")},
        offer_file=lambda frame: None,
        view=lambda seen: None,
    )


_share_dialog = on_page.dialog("Share this step", width="large", icon=":material/share:")(lambda: share.draw(_shared()))
