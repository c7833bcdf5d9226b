"""The page itself: one HTML file with everything in it.

Its own code is the stage's, bundled (``tests/js/bundle``); what is large lies in it as gzip in base64, and
``static/replay/loader.js`` unpacks it. A policy in its head keeps it from asking any network for anything.
"""

from __future__ import annotations

import base64
import functools
from html import escape
from pathlib import Path

from nnplay.app_files import STATIC
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.training.breaks import aside
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.server.replay.again import with_frames
from nnplay.server.replay.frames import pack, squeeze
from nnplay.server.replay.words import changes_of, frames_of, settings_of, title_of
from nnplay.server.training_pages import page_of
from nnplay.validation import integer, shown

#: A page is no larger than that; one of a very large network has a few frames at least, and is as large as it must be.
MAX_BYTES = 1_500_000

#: What is packed in every page, by the id of its element: our own program, that of the worker, and Plotly.
PROGRAMS = {
    "nnplay-code": "bundle/replay.js",
    "nnplay-worker": "bundle/worker.js",
    "nnplay-plotly": "vendor/plotly/plotly-basic.min.js",
}
STYLES, LOADER = "bundle/replay.css", "replay/loader.js"

#: What the page may do: run what is in it. It can ask for nothing, wherever it lies.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' blob:; worker-src blob:; style-src 'unsafe-inline'; "
    "img-src data: blob:; base-uri 'none'; form-action 'none'"
)

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="nnplay">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>
{styles}
</style>
</head>
<body>
<header class="nn-replay-head">
<h1>{title}</h1>
{words}
</header>
<main class="nnplay-stage" data-page="{page}">
<noscript><p>This page plays a recording, and needs JavaScript.</p></noscript>
</main>
{packed}
<script type="module">
{loader}
</script>
</body>
</html>
"""


def replay_page(recording: Recording, link: str = "", last: int | None = None) -> str:
    """Return a run as one HTML page that plays it: opened from a disk, it needs neither a server nor a network.

    Parameters
    ----------
    recording : Recording
        Its active branch is played. It stays as it is. Where few frames are kept, as of a saved run, it is trained
        again from its recipe for the others, unless that takes long.
    link : str, optional
        An address that opens the run, to be told on the page.
    last : int, optional
        The frame that it ends with, or the nearest that is kept; by default the newest.

    Returns
    -------
    str
        To be written in UTF-8. About 0.7 MB of it is the program. Where all frames would take it beyond 1.5 MB, fewer
        are there, evenly spread, and the page says so.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, the run wasn't trained yet, or its network is too large.

    Examples
    --------
    >>> import nnplay as nn
    >>> recording = nn.export.record(nn.ExperimentConfig(hidden_sizes=(4,)), epochs=20)
    >>> nn.export.replay_page(recording).startswith("<!doctype html>")
    True
    """
    if not isinstance(recording, Recording):
        advice = "nn.export.record(config, epochs=200) makes one of a configuration."
        raise TypeRefusal("recording", "must be a run that was recorded in frames", shown(recording), advice=advice)
    if last is not None:
        last = integer("last", last, 0)
    styles, loader, programs = _own_parts()
    room = MAX_BYTES - len(styles) - len(loader) - len(programs) - 4000
    recording, last = with_frames(recording, recording.nearest_kept(recording.last_frame if last is None else last))
    packed = pack(recording, room, last)
    runs = _element("nnplay-sync", packed.sync) + _element("nnplay-frames", packed.frames)
    title = title_of(recording)
    lines = [settings_of(recording), *changes_of(recording)]
    made = f"Recorded with nnplay: {frames_of(packed)} Nothing is trained here."
    words = "\n".join(f"<p>{escape(line)}</p>" for line in lines)
    words += f'\n<p class="nn-replay-made">{escape(made)}{_told(link)}</p>'
    return _PAGE.format(
        policy=_POLICY,
        title=escape(title),
        styles=styles,
        words=words,
        page=page_of(recording.config).name,
        packed=runs + programs,
        loader=loader,
    )


def _told(link: str) -> str:
    if isinstance(link, str) and not link:
        return ""
    if not isinstance(link, str) or not link.startswith(("https://", "http://")):
        raise Refusal("link", "must begin with https:// or http://", shown(link))
    return f' <a href="{escape(link)}" rel="noopener">Open the run in nnplay</a>'


def _element(name: str, packed: bytes) -> str:
    return f'<script type="application/gzip" id="{name}">{base64.b64encode(packed).decode("ascii")}</script>\n'


def _own_parts() -> tuple[str, str, str]:
    """Return the styles, the loader and the packed programs that every page has."""
    files = [STATIC / name for name in (STYLES, LOADER, *PROGRAMS.values())]
    missing = next((path for path in files if not path.is_file()), None)
    if missing is not None:
        raise Refusal("static/bundle", "must be made first, by tests/js/bundle", finding=f"{missing.name} is missing")
    return _read(tuple((path, path.stat().st_mtime_ns) for path in files))


@functools.lru_cache(maxsize=1)
def _read(files: tuple[tuple[Path, int], ...]) -> tuple[str, str, str]:
    styles, loader, *programs = (path.read_bytes() for path, _ in files)
    with aside():
        packed = "".join(_element(name, squeeze(program)) for name, program in zip(PROGRAMS, programs, strict=True))
    return styles.decode(), loader.decode(), packed
