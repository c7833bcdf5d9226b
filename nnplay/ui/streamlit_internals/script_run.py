"""What Streamlit knows about the run of a page that is going on, and how one page leads to the next run.

No public function tells it. Without :func:`visit`, a visitor's uploads couldn't be let go of before the visit ends;
without :func:`by_history`, an address that Back leads to couldn't be told from one that the app is about to replace.
Without :func:`rerun`, a page that runs once more could take the place of what the visitor has just asked for. Without
:func:`go_to`, the page that is left would get the address of the next one; and what it still asks for, while that one
is on its way, would bring it back without its contents: an empty page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl, urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests, ScriptRequestType
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.state.query_params import EMBED_QUERY_PARAMS_KEYS

#: In the session: the page and the query that Back has led to, until the page has followed.
_PENDING = "script_run.pending"
#: How often Back has led to a run in this visit.
_TIMES = "script_run.times"
#: Whether the app has just sent the visitor to another page.
_SENT = "script_run.sent"
#: The page whose run began last.
_PAGE = "script_run.page"


@dataclass(frozen=True)
class Address:
    """The address that a run was asked for.

    Attributes
    ----------
    query : str
        The query that the browser said, before the page changed anything in it.
    times : int
        How many runs of this visit came by Back or Forward, this one among them.
    """

    query: str
    times: int


def visit() -> str | None:
    """Return the id of the visit that this run belongs to, or None outside of a run."""
    context = get_script_run_ctx()
    return context.session_id if context else None


def begin() -> Address:
    """Take note of a page's run as it begins, and return the address that it was asked for."""
    context = get_script_run_ctx()
    session = st.session_state
    if context is None:
        return Address("", 0)
    present = (context.page_script_hash, context.query_string)
    address = Address(context.query_string, session.setdefault(_TIMES, 0) + context.is_history_navigation)
    if session.get(_PAGE) != context.page_script_hash:
        session[_PAGE] = context.page_script_hash
        _answer_no_parts(context)
    if context.is_history_navigation:
        session[_TIMES] = address.times
        session[_PENDING] = present
    elif session.get(_PENDING) != present:
        session.pop(_PENDING, None)
    if session.pop(_SENT, False) or context.is_history_navigation:
        # The browser may have got the query of the page that it left meanwhile: this is the one of this page.
        st.query_params.from_dict({name: st.query_params.get_all(name) for name in st.query_params})
    return address


def by_history() -> bool:
    """Return whether Back or Forward led to this run, or to one that was cut off before the page followed."""
    return _PENDING in st.session_state


def have_followed() -> None:
    """Note that the page shows what Back or Forward has led to."""
    st.session_state.pop(_PENDING, None)


def rerun() -> NoReturn:
    """Run the page once more, as ``st.rerun``; if the visitor has asked for any page meanwhile, give way.

    Streamlit makes one request of a rerun and of what waits already. It takes the page and the query of the later one,
    the rerun's, and forgets that Back led to the other.
    """
    context = get_script_run_ctx()
    if context is not None and context.script_requests is not None:
        _ask_unless_asked(context.script_requests, RerunData(**_as_now(context)))
    _end_run()


def go_to(file: Path, query: Mapping[str, str | list[str]]) -> NoReturn:
    """Send the visitor to another page, with a query; if the visitor has asked for a page meanwhile, give way.

    Parameters
    ----------
    file : Path
        Of the page.
    query : mapping
        For the other page's address. ``st.switch_page`` would put it into the address of this one first, which is the
        entry in the browser's history that Back leads to.

    Raises
    ------
    LookupError
        If no page of the app is made by that file.
    """
    context = get_script_run_ctx()
    if context is None or context.script_requests is None:
        _end_run()
    for page in context.pages_manager.get_pages().values():
        if Path(page["script_path"]).resolve() == file.resolve():
            break
    else:
        raise LookupError(f"no page of the app is made by {file}")
    embedding = [pair for pair in parse_qsl(context.query_string) if pair[0].lower() in EMBED_QUERY_PARAMS_KEYS]
    text = urlencode([*embedding, *parse_qsl(urlencode(query, doseq=True))])
    asked = _as_now(context) | {"query_string": text, "page_script_hash": page["page_script_hash"]}
    _answer_no_parts(context)
    st.session_state[_SENT] = _ask_unless_asked(context.script_requests, RerunData(**asked))
    _end_run()


def is_of_a_part() -> bool:
    """Return whether the run that is going on is of a part of a page, and not of all of it."""
    context = get_script_run_ctx()
    return context is not None and bool(context.fragment_ids_this_run)


def _answer_no_parts(context: ScriptRunContext) -> None:
    """Let no part of a page that is left be asked for any more.

    By itself Streamlit forgets them when the next page is complete. What a part asks for until then names the page that
    is left, and would be run as that page's, when there is nothing to be run any more.
    """
    context.fragment_storage.clear()


def _as_now(context: ScriptRunContext) -> dict[str, Any]:
    return {
        "query_string": context.query_string,
        "page_script_hash": context.page_script_hash,
        "cached_message_hashes": context.cached_message_hashes,
        "context_info": context.context_info,
    }


def _ask_unless_asked(requests: ScriptRequests, wanted: RerunData) -> bool:
    """Ask for a run of a page unless one waits; return whether it was asked for."""
    with requests._lock:
        waits = requests._state == ScriptRequestType.RERUN and not requests._rerun_data.fragment_id_queue
        return not waits and requests._request_rerun_locked(wanted)


def _end_run() -> NoReturn:
    st.empty()  # before it is sent, Streamlit looks whether another run is waited for, and begins that
    st.stop()
