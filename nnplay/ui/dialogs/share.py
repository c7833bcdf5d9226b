"""The share dialog: a link as text, as a QR code, and as a frame for slides and pages."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import segno
import streamlit as st

from nnplay.experiment.config.url import without_idle_points
from nnplay.lessons.lesson import BrokenLesson
from nnplay.lessons.reading import LONGEST_RUN
from nnplay.lessons.writing import step_from_recipe
from nnplay.server import moments
from nnplay.server.link import DEFAULTS, GROUPS, MAX_LINK, Link, View, preferences_of, view_of
from nnplay.ui import on_page, state
from nnplay.ui.dialogs import make_assignment
from nnplay.ui.dialogs.browser_help import copy_line, look_at_page, show_qr
from nnplay.ui.dialogs.take_away import run
from nnplay.ui.dialogs.take_away.moment import moment_at
from nnplay.ui.text import plain

#: Longest link whose QR code still has squares that a phone tells apart from the last row.
MAX_QR_LINK = 900
_HIDE, _PRESENT, _LOOK, _THERE = "share.hide.", "share.present", "share.look", "share.there"


@dataclass(frozen=True)
class Shared:
    """What is shared.

    Attributes
    ----------
    query : callable
        Returns what a link says of it, at the frame on screen.
    link : Link
        What the link that the visitor came by says besides.
    groups : mapping of str to str
        What a link can hide, by name.
    offer_file : callable
        Offers it as a file, at that frame.
    view : callable
        Returns how it is looked at, from what the browser says of that.
    moment : callable
        Returns what the moment on screen is called, where a link may open there or before training; else None.
    step : callable, optional
        Returns a step of a lesson made of it, as text, at that frame; an assignment can be made of it, too.
    """

    query: Callable[[object], dict[str, str]]
    link: Link
    groups: Mapping[str, str]
    offer_file: Callable[[object], None]
    view: Callable[[object], View | None]
    moment: Callable[[object], str | None] = lambda frame: None
    step: Callable[[object], str] | None = None


def the_run() -> Shared:
    """Return the run on the stage, as what is shared."""
    return Shared(
        query=_run,
        link=state.link(),
        groups=GROUPS | dict(state.page().groups),
        offer_file=lambda frame: run.offer_file(moment_at(frame)),
        view=lambda seen: view_of(seen, state.config()),
        moment=_moment,
        step=_step,
    )


def draw(shared: Shared | None = None) -> None:
    """Show what the link is to hide, and the link in its three forms; by default of the run on the stage."""
    shared = shared or the_run()
    seen = look_at_page("share.seen")
    of_run = ["Lesson", "Assignment"] if shared.step else []
    as_link, as_qr, as_slide, *as_task = st.tabs(["Link", "QR code", "Slides", *of_run])
    with as_link:
        place = st.container()
        link = _choose(
            shared, preferences_of(seen.get("preferences")), shared.view(seen.get("view")), seen.get("frame")
        )
    address = address_of(seen.get("address"), link, seen.get("frame"), shared)
    with place:
        _show_link(shared, address, seen)
    with as_qr:
        _show_qr(address)
        _say_what_is_hidden(shared, link)
    with as_slide:
        _show_frame(address)
        _say_what_is_hidden(shared, link)
    if shared.step:
        with as_task[0]:
            _show_step(shared.step, seen.get("frame"))
        with as_task[1]:
            make_assignment.draw(seen.get("address"))


dialog = on_page.dialog("Share this run", width="large", icon=":material/share:")(draw)


def address_of(page: object, link: Link, frame: object = None, shared: Shared | None = None) -> str:
    """Return the absolute address of what is shared, at a frame of it, and what `link` says besides.

    `page` is where the browser is. A run that nothing was changed in begins at its beginning.
    """
    base = page if isinstance(page, str) and urlsplit(page).scheme in ("http", "https") else st.context.url or ""
    query = urlencode(without_idle_points((shared or the_run()).query(frame)) | link.to_query(), safe=",:;()=~")
    bare = base.partition("?")[0].partition("#")[0]
    return f"{bare}?{query}" if query else bare


def _run(frame: object) -> dict[str, str]:
    is_there = st.session_state.get(_THERE) is True
    return moments.query_of(state.feed().recording, state.config(), _number(frame), is_there)


def _number(frame: object) -> int:
    feed = state.feed()
    return feed.recording.nearest_kept(frame) if isinstance(frame, int) else feed.shown


def _moment(frame: object) -> str | None:
    """Return the epoch on screen; None where it is the first, or a link can't tell of it, or always does."""
    number, recording = _number(frame), state.feed().recording
    epoch, recipe = recording.track.kept[number].snapshot.epoch, recording.track.recipe_at(number)
    is_told = moments.NAME in moments.query_of(recording, state.config(), number)
    return None if epoch == 0 or recipe is None or is_told else f"epoch {epoch:,}"


def _step(frame: object) -> str:
    recording = state.feed().recording
    number = _number(frame)
    kept, recipe = recording.track.kept[number], recording.track.recipe_at(number)
    scores = kept.measures[2:4]
    reached = next((each for each in scores[::-1] if each == each), math.nan) if kept.snapshot.epoch else math.nan
    epochs = min(kept.snapshot.epoch, LONGEST_RUN)
    if recipe is None or not recipe.events:
        return step_from_recipe(state.config(), epochs=epochs, score=reached)
    return step_from_recipe(recipe, kept.snapshot.n_steps, epochs=epochs, score=reached)


def _show_step(step: Callable[[object], str], frame: object) -> None:
    """Show a step of a lesson, to go on writing from."""
    try:
        text = step(frame)
    except BrokenLesson as broken:
        st.info(plain(f"A lesson’s file can’t hold this run: {broken.problem.sentence}"), icon=":material/school:")
        return
    st.caption("A step of a lesson with this run, to copy into a file of yours. `docs/lessons.md` says how to go on.")
    st.code(text, language="yaml", height=360)


def qr_code(address: str) -> str | None:
    """Return the QR code for `address`, black on white, as a data URI; None if it would be too fine to read."""
    if not address or len(address) > MAX_QR_LINK:
        return None
    code = segno.make(address, error="l", boost_error=True, micro=False)
    return str(code.svg_data_uri(border=4, dark="#000", light="#fff", omitsize=True))


def frame_line(address: str) -> str:
    """Return the line of HTML that shows the run in a slide or a page."""
    source = html.escape(f"{address}{'&' if '?' in address else '?'}embed=true", quote=True)
    return (
        f'<iframe src="{source}" title="nnplay" width="1280" height="720" style="border:0" '
        'allow="fullscreen; clipboard-write"></iframe>'
    )


def _choose(shared: Shared, preferences: dict[str, str], view: View | None, frame: object) -> Link:
    """Let the visitor choose what the link says besides what is shared."""
    came_by = shared.link
    st.markdown("**When opened**")
    st.session_state.setdefault(_PRESENT, came_by.present)
    st.session_state.setdefault(_LOOK, True)
    left, right = st.columns(2)
    look = left.toggle("Same view", key=_LOOK, help="Includes your speed, hidden layer, test points and scales.")
    present = right.toggle(
        "Presenter mode", key=_PRESENT, help="Large text, without the sidebar and the header. Escape leaves it."
    )
    if moment := shared.moment(frame):
        left.toggle(
            f"Start at {moment}", key=_THERE, help="Opens the run as it is on screen. Off: it opens before training."
        )
    st.markdown("**Hide**")
    hide = []
    columns = st.columns(3)
    groups = shared.groups
    per_column = -(-len(groups) // len(columns))
    for index, (group, label) in enumerate(groups.items()):
        st.session_state.setdefault(_HIDE + group, group in came_by.hide)
        if columns[index // per_column].checkbox(label, key=_HIDE + group):
            hide.append(group)
    if not look:
        return Link(tuple(hide), present)
    defaults = preferences_of(DEFAULTS)
    chosen = {name: value for name, value in preferences.items() if value != defaults.get(name)}
    return Link(tuple(hide), present, view, chosen)


def _show_link(shared: Shared, address: str, seen: dict[str, object]) -> None:
    if len(address) <= MAX_LINK:
        copy_line("Link", address, key="share.link")
        return
    st.info(
        f"This link would be {len(address):,} characters long. Beyond {MAX_LINK:,}, some programs cut links off. "
        "Save the run as a file and share that instead.",
        icon=":material/link_off:",
    )
    shared.offer_file(seen.get("frame"))


def _say_what_is_hidden(shared: Shared, link: Link) -> None:
    """Say it where it can't be chosen, too."""
    names = ", ".join(shared.groups[group] for group in link.hide if group in shared.groups)
    st.caption(plain(f"Hidden: {names or 'nothing'}. You can change this under “Link”."))


def _show_qr(address: str) -> None:
    code = qr_code(address)
    if code is not None:
        show_qr(code, key="share.qr")
        return
    st.info(
        f"The link is {len(address):,} characters long. A QR code that can be scanned from the back row holds "
        f"{MAX_QR_LINK}. Share the link or the file instead.",
        icon=":material/qr_code_2:",
    )


def _show_frame(address: str) -> None:
    if len(address) > MAX_LINK:
        st.info("The link is too long for a frame.", icon=":material/link_off:")
        return
    copy_line("Frame for a slide or a web page", frame_line(address), key="share.frame")
    st.caption(
        "The frame shows the app without its header. Change its width and height as you like. The page around it can "
        "play, pause and follow the run: `docs/embedding.md`."
    )
