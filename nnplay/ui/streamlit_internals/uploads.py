"""Uploaded files on the server: a visitor has the last few at most, and what was read is let go of.

Streamlit keeps every file of a visit until the visit ends, and takes as many as are sent. No setting limits that, so
the manager of uploads is changed here. How large a file may be is in :mod:`nnplay.limits`; Streamlit's own setting must
let the largest pass, and can't be set by a public function once the server runs.
"""

from __future__ import annotations

from typing import Any

from streamlit import config

from nnplay import limits
from nnplay.ui.streamlit_internals import script_run, server

#: Files that the server keeps of a visit.
MOST_KEPT = limits.whole("uploads_kept")


def keep_few() -> None:
    """From now on, let the oldest file of a visit go when a new one comes, and take none larger than any may be."""
    config.set_option("server.maxUploadSize", max(map(limits.whole, limits.SENT)))
    if running := server.running():
        limit(running.uploaded_file_mgr)


def limit(manager: Any) -> None:
    """Make a manager of uploads keep no more than :data:`MOST_KEPT` files of a visit."""
    add = manager.add_file

    def add_file(session_id: str, file: Any) -> None:
        add(session_id, file)
        kept = list(manager.file_storage.get(session_id, ()))
        for file_id in kept[:-MOST_KEPT]:
            manager.remove_file(session_id, file_id)

    manager.add_file = add_file


def kept() -> tuple[int, int]:
    """Return how many files the server holds, and how many bytes they have together."""
    files = [
        file
        for of_visit in list(server.running().uploaded_file_mgr.file_storage.values())
        for file in list(of_visit.values())
    ]
    return len(files), sum(len(file.data) for file in files)


def forget() -> None:
    """Let go of the visitor's files."""
    visit, running = script_run.visit(), server.running()
    if visit and running:
        running.uploaded_file_mgr.remove_session_files(visit)
