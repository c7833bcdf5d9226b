"""Does once what the first visitor would wait for, as soon as the server is there."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
from collections.abc import AsyncIterator
from typing import Any

from nnplay.ui import shell
from nnplay.ui.served import draining
from nnplay.ui.streamlit_internals import page_files, rehearsal, visit_names
from nnplay.ui.way_in import files, head, opening

_LOG = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Let the server begin, and warm it up while it already answers.

    Parameters
    ----------
    app : streamlit.App
        What is served.
    """
    visit_names.begin(os.environ.get("NNPLAY_SERVER"))
    draining.begin()
    shell.send_small_answers_at_once()
    opening.begin()
    warming = asyncio.create_task(warm_up())
    try:
        yield
    finally:
        warming.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await warming


async def warm_up() -> None:
    """Run the front page once, and take the files of a visit into memory."""
    try:
        await rehearsal.visit()
    except Exception:
        # Whoever comes first waits a little longer, and sees what is wrong.
        _LOG.exception("The front page could not be run before the first visitor came.")
        return
    await asyncio.to_thread(keep_files)
    # What is there by now stays for good: the collector need not look through it again and again.
    gc.collect()
    gc.freeze()


def keep_files() -> None:
    """Take into memory what the front page is made of."""
    modules, styles = head.entry_files()
    own = [f"app/static/{name}" for name in (*modules, *styles)]
    for name in (*page_files.files_of_every_page(), *page_files.files_of_elements(), *own):
        if found := files.find(f"{files.base_path()}/{name}"):
            files.keep(found[0])
