"""What is around every page: the list of pages, the frame they are shown in, and the process's settings."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import socket
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import streamlit as st
import threadpoolctl

from nnplay.app_files import ROOT, STATIC
from nnplay.ui import closed_visits, on_page
from nnplay.ui.streamlit_internals import history_entries, overtaken, page_frame, script_run, sending, uploads

_ENTERED = "entered"
#: From glibc's ``malloc.h``.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8


@dataclass(frozen=True)
class Page:
    """A page: a file in ``pages/``, and what the menu says of it, if it is in the menu."""

    file: str
    title: str
    icon: str
    default: bool = False
    in_menu: bool = True


PAGES = (
    Page("playground.py", "Playground", ":material/scatter_plot:", default=True),
    Page("lessons.py", "Lessons", ":material/school:"),
    Page("digits.py", "Digits", ":material/looks_6:"),
    Page("tabular.py", "Tables", ":material/table_chart:"),
    Page("compare.py", "Compare", ":material/compare_arrows:"),
    Page("step_by_step.py", "Step by step", ":material/functions:"),
    Page("articles.py", "Articles", ":material/article:"),
    Page("check.py", "Check answers", ":material/fact_check:", in_menu=False),
)


def run() -> None:
    """Show the page that the visitor asks for."""
    _prepare_process()
    _name_page()
    st.logo(STATIC / "logo.svg", size="medium")
    page_frame.draw()
    _navigation("hidden" if st.context.is_embedded else "top")()
    script_run.have_followed()


def begin(file: str) -> None:
    """Begin a page, the first thing that its file does: send a visitor who came straight here through ``app.py`` first.

    On a server that has not run ``app.py`` yet, Streamlit takes ``pages/`` for a menu of its own and runs the page's
    file alone.

    Parameters
    ----------
    file : str
        The page's ``__file__``.
    """
    if not st.session_state.get(_ENTERED):
        _name_page()  # first, or the browser fetches the page's symbol from a font server as its icon
        _navigation("hidden")
        st.session_state[_ENTERED] = True
        st.rerun()
    on_page.enter(Path(file).stem)
    history_entries.tell(Path(file).stem, script_run.begin())


def _name_page() -> None:
    # By its address: of a file, Streamlit makes a copy that is away for a moment whenever a run is cut short.
    st.set_page_config("nnplay", page_icon="/app/static/icon.png", layout="wide")


def _navigation(position: Literal["top", "hidden"]) -> Callable[[], None]:
    pages = [
        st.Page(
            ROOT / "pages" / page.file,
            title=page.title,
            icon=page.icon,
            default=page.default,
            url_path="front" if page.default else None,
            visibility="visible" if page.in_menu else "hidden",
        )
        for page in PAGES
    ]
    front = next(page for page, entry in zip(pages, PAGES, strict=True) if entry.default)

    def to_front() -> None:
        st.switch_page(front, query_params=st.query_params.to_dict())

    # Streamlit has the front page at "/" alone; whoever asks for it by its name comes there, too.
    pages.append(st.Page(to_front, title=front.title, url_path="playground", visibility="hidden"))
    st.session_state[_ENTERED] = True
    return st.navigation(pages, position=position).run


def go_to(name: str) -> None:
    """Send the visitor to the page `name`, with what the link says, which was meant for that page."""
    st.switch_page(_file_of(name), query_params=st.query_params.to_dict())


def open_page(name: str, query: Mapping[str, str | list[str]]) -> None:
    """Send the visitor to the page `name`, with a query of its own; Back leads to this page as it is now."""
    script_run.go_to(_file_of(name), query)


def _file_of(name: str) -> Path:
    return ROOT / "pages" / next(page.file for page in PAGES if page.file.removesuffix(".py") == name)


def let_page_arrive() -> None:
    """Wait a moment at the end of a page that has a stage, until what the page said is on its way to the browser.

    If a request of the stage is waiting already, its fragment runs next, and on its start Streamlit throws away what
    the fragment said in this run and was not sent yet. The browser then takes the stage for gone, until the request is
    answered.
    """
    sending.wait()


@st.cache_resource(show_spinner=False)
def _prepare_process() -> bool:
    # Small matrices gain nothing from BLAS threads, and many sessions would fight over the cores.
    threadpoolctl.threadpool_limits(limits=1, user_api="blas")
    _give_memory_back()
    send_small_answers_at_once()
    uploads.keep_few()
    overtaken.leave_alone()
    closed_visits.begin()
    # What is imported by now stays for good: the collector need not look through it after every run.
    gc.collect()
    gc.freeze()
    return True


def _give_memory_back() -> None:
    """Let glibc, where it is used, give the memory of large arrays back to the system as soon as they are freed.

    By itself it learns from the first that is freed to keep them, in a heap for each thread: with several large
    networks, that is much of the server's memory.
    """
    with contextlib.suppress(AttributeError, OSError):
        mallopt = ctypes.CDLL(None).mallopt
        for option, value in ((_M_MMAP_THRESHOLD, 2 << 20), (_M_TRIM_THRESHOLD, 16 << 20), (_M_ARENA_MAX, 2)):
            mallopt(option, value)


def send_small_answers_at_once() -> None:
    """Turn Nagle's algorithm off on the server's sockets, where the system tells which they are.

    Otherwise the end of an answer waits until the browser has acknowledged its beginning, up to 40 ms. asyncio means to
    do this itself, but doesn't know the sockets that uvicorn opens for TCP ones. Connections inherit it from the
    listening socket.
    """
    descriptors = Path("/proc/self/fd")
    for entry in descriptors.iterdir() if descriptors.exists() else ():
        descriptor = int(entry.name)
        with contextlib.suppress(OSError):
            # A copy of what is no socket would stay open: the other end of a pipe would never hear that it was closed.
            if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                continue
            with socket.socket(fileno=os.dup(descriptor)) as copy:
                if copy.family in (socket.AF_INET, socket.AF_INET6) and copy.type == socket.SOCK_STREAM:
                    copy.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
