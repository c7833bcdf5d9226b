"""The page Check answers: which runs reached an assignment's goal, and whose they are."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial

import streamlit as st

from nnplay import limits
from nnplay.assignments.answer import MAX_CODES, find_codes
from nnplay.assignments.assignment import NAME, Assignment
from nnplay.assignments.checking import Verdict, check, compared, sentence
from nnplay.assignments.in_address import from_link
from nnplay.assignments.table import rows_of, to_csv
from nnplay.refusal import Refusal
from nnplay.server.answers import TRAINING
from nnplay.server.background import Background
from nnplay.server.turns import Account
from nnplay.ui import component, on_page
from nnplay.ui.text import complain, plain
from nnplay.validation import one_line
from nnplay.wording import counted

_LINK, _TEXT, _FILES, _READ, _JOB = "check.link", "check.text", "check.files", "check.read", "check.job"
_FAULT, _TOLD = "check.fault", "check.told"
#: Of all files together, and of what is pasted.
MAX_BYTES = limits.megabytes("answers_megabytes")
_MAX_SOURCE = 120
#: How often the page says how far it is.
_SECONDS = 0.5
_FIRST_SECONDS = 0.3
#: What the table on the page shows; the file has all columns.
_SHOWN = ("name", "verdict", "reason", "value", "hidden units", "epochs", "parameters", "assignment", "file")

_files = component.declare("nnplay_answer_files", "nnplay-share", "answerFiles")

Work = Callable[[], Generator[float, None, Verdict]]


def draw() -> None:
    """Take an assignment and answers, check them, and show what became of each."""
    linked = st.query_params.get(NAME, "")
    st.text_input(
        "The assignment’s link", linked, key=_LINK, placeholder="https://…/?assignment=…",
        help="Without it, each answer is held against the assignment that it names itself, which its writer may have "
        "made up.",
    )  # fmt: skip
    assignment, fault = _assignment(st.session_state[_LINK])
    complain(fault)
    if assignment is not None:
        title = f"{assignment.title}: " if assignment.title else ""
        st.caption(plain(f"{title}{assignment.goal.in_words()}. Fingerprint {assignment.fingerprint}."))
    limits = {"most_bytes": MAX_BYTES, "most_files": MAX_CODES}
    _files(key=_FILES, data=limits, on_files_change=on_page.bound(_take_files))
    st.text_area("Or paste codes", key=_TEXT, height=100, placeholder="nnplay1(Anna|…)", max_chars=MAX_BYTES)
    job: Background[Verdict] | None = st.session_state.get(_JOB)
    running = job is not None and job.is_running
    with st.container(horizontal=True):
        st.button(
            "Check", icon=":material/fact_check:", disabled=running or fault is not None,
            on_click=on_page.bound(_begin), args=(assignment,),
        )  # fmt: skip
        if running:
            st.button("Stop", icon=":material/stop:", on_click=on_page.bound(_stop))
    complain(st.session_state.get(_FAULT))
    if job is not None:
        on_page.fragment(_draw_results, run_every=_SECONDS if running else None)(job)


def _assignment(link: str) -> tuple[Assignment | None, str | None]:
    """Return the assignment of a link if there is one, and what is wrong with it."""
    if not link.strip():
        return None, None
    try:
        return from_link(link.strip()), None
    except Refusal as why:
        return None, f"The assignment {why.plainly or why.requirement}."


def _take_files() -> None:
    """Keep what the browser read of files, until they are checked."""
    told = component.said(_FILES, "files")
    if not isinstance(told, list):
        return
    read = [
        (one_line(str(each.get("name", "")))[:_MAX_SOURCE], str(each.get("text", "")))
        for each in told[:MAX_CODES]
        if isinstance(each, dict)
    ]
    st.session_state[_READ] = read if sum(len(text) for _, text in read) <= MAX_BYTES else []


def _begin(assignment: Assignment | None) -> None:
    works, unread = _works(assignment)
    st.session_state[_FAULT] = None if works else unread
    if not works:
        return
    account: Account = st.session_state.setdefault("account", Account())
    job = Background(works, TRAINING, account)
    job.wait(_FIRST_SECONDS)
    st.session_state[_JOB] = job


def _works(assignment: Assignment | None) -> tuple[list[Work], str]:
    """Return what checks each answer that there is, and why there is none."""
    works: list[Work] = []
    fault = "Choose files, or paste codes."
    for source, text in [*st.session_state.get(_READ, []), ("", st.session_state.get(_TEXT, ""))]:
        if not (source or text.strip()):
            continue
        try:
            codes = find_codes(text)
        except Refusal as why:
            fault = sentence(why)
            if source:
                works.append(partial(_unread, Verdict(False, fault, source)))
            continue
        works += [partial(check, code, assignment, source) for code in codes]
    if len(works) > MAX_CODES:
        return [], f"At most {MAX_CODES} answers can be checked at a time, these are {len(works):,}."
    return works, fault


def _unread(verdict: Verdict) -> Generator[float, None, Verdict]:
    """Check a file that there is no answer in."""
    yield 1.0
    return verdict


def _stop() -> None:
    if (job := st.session_state.get(_JOB)) is not None:
        job.stop()


def _draw_results(job: Background[Verdict]) -> None:
    running, done = job.is_running, len(job.results)
    if running:
        said = f"{done:,} of {counted(job.n_works, 'answer')} checked"
        st.progress(min(1.0, (done + job.share) / job.n_works), said)
    elif st.session_state.get(_TOLD) != id(job):
        st.session_state[_TOLD] = id(job)
        st.rerun()  # the whole page: its buttons are others now
    verdicts = compared(job.results[:done])
    if not verdicts:
        return
    accepted = sum(verdict.accepted for verdict in verdicts)
    left = "" if running or job.is_done else f" Stopped: {counted(job.n_works - done, 'answer')} not checked."
    st.markdown(plain(f"{accepted:,} of {counted(len(verdicts), 'answer')} accepted.{left}"))
    titles = {verdict.fingerprint for verdict in verdicts if verdict.fingerprint}
    if len(titles) > 1 and not st.session_state[_LINK].strip():
        st.info("These answers are to several assignments. Paste the link of the one that you gave.")
    st.dataframe([{head: _cell(row[head]) for head in _SHOWN} for row in rows_of(verdicts)], hide_index=True)
    if not running:
        st.download_button(
            "Save as CSV", to_csv(verdicts).encode("utf-8-sig"), file_name="answers.csv", mime="text/csv",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip


def _cell(value: str | float | int | None) -> str:
    return "–" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
