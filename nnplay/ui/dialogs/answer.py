"""The answer to an assignment: what proves that the run on screen reached the goal."""

from __future__ import annotations

import base64

import streamlit as st

from nnplay.assignments.answer import Answer
from nnplay.assignments.assignment import Assignment
from nnplay.assignments.checking import make_answer, sentence
from nnplay.refusal import Refusal
from nnplay.server.answers import TRAINING
from nnplay.server.background import Background
from nnplay.ui import component, on_page, state
from nnplay.ui.text import complain, plain

NAME = "answer"
_JOB, _FRAME, _BODY = "answer.job", "answer.frame", "answer.body"
#: How often is looked whether the run is trained again; most are before the first time.
_SECONDS, _FIRST_SECONDS = 0.4, 1.5
_component = component.declare("nnplay_answer", "nnplay-share", "answer")


def ask(frame: object) -> None:
    """Note that the answer of a frame is wanted, by number."""
    st.session_state[state.key(_FRAME)] = frame
    st.session_state.pop(state.key(_JOB), None)
    st.session_state.pop(state.key(_BODY), None)
    state.ask_for_dialog(NAME)


def draw() -> None:
    """Train the run again, as whoever checks the answer will, and let the browser make a code of it."""
    assignment = state.assignment()
    if assignment is None:
        complain("There is no assignment.")
        return
    job = st.session_state.get(state.key(_JOB))
    if job is None:
        job = _begin(assignment)
        if job is None:
            return
        st.session_state[state.key(_JOB)] = job
        job.wait(_FIRST_SECONDS)
    on_page.fragment(_draw_job, run_every=_SECONDS if job.is_running else None)(job)


def _begin(assignment: Assignment) -> Background[Answer] | None:
    recording = state.feed().recording
    frame = st.session_state.get(state.key(_FRAME))
    asked = frame if isinstance(frame, int) and not isinstance(frame, bool) else recording.last_frame
    number = recording.nearest_kept(asked)
    recipe = recording.track.recipe_at(number)
    if recipe is None:
        complain("How this run began isn't known, so it can't be proved. Press Reset and train it here.")
        return None
    n_steps = recording.track.kept[number].snapshot.n_steps
    return Background([lambda: make_answer(assignment, recipe, n_steps)], TRAINING, state.account())


def _draw_job(job: Background[Answer]) -> None:
    if job.is_running:
        st.progress(min(1.0, job.share), "Training your run again, as your teacher will…")
        return
    if job.refusal is not None or not job.is_done:
        complain(sentence(job.refusal) if job.refusal else "It was stopped. Close this and ask again.")
        return
    answer = job.results[0]
    body = st.session_state.get(state.key(_BODY))
    if body is None:
        try:
            body = st.session_state[state.key(_BODY)] = base64.b64encode(answer.body()).decode()
        except Refusal as refusal:
            complain(sentence(refusal))
            return
    st.markdown(plain(f"Goal reached: {answer.assignment.goal.in_words()}."))
    head = f"An answer to the assignment {answer.assignment.title or answer.assignment.fingerprint!r}."
    _component(key="answer.code", data={"body": body, "head": head})
    st.caption("Hand in the code or the file. Whoever checks it trains your run again, so that it proves itself.")


dialog = on_page.dialog("Your answer", icon=":material/task_alt:")(draw)
