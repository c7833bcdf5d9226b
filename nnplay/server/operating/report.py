"""What whoever runs a server is told of it: as a page, as JSON, and as Prometheus reads it."""

from __future__ import annotations

import html
import json
import os
import socket
import threading
import time
from dataclasses import dataclass

from nnplay import limits
from nnplay.server.answers import TRAINING
from nnplay.server.compare.sweep_job import n_running
from nnplay.server.operating import process
from nnplay.server.operating.meters import ANSWERS, FRAMES, TURNED_AWAY, WAITS

#: Names one of several servers, in place of its number.
NAME_VARIABLE = "NNPLAY_SERVER_NAME"
_BEGAN = time.monotonic()
_USE = process.ProcessorUse()
_EVERY_SECONDS = 5
_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 40rem; padding: 1rem; }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.1rem; margin: 1.5rem 0 .25rem; }
p { margin: .25rem 0 1rem; } table { border-collapse: collapse; width: 100%; }
th { font-weight: normal; text-align: left; } td { text-align: right; white-space: nowrap; }
th, td { border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: .3rem 0; }
td { font-variant-numeric: tabular-nums; padding-left: 1rem; } .words { white-space: normal; }
.full { font-weight: bold; }
"""


@dataclass(frozen=True)
class Visits:
    """The visits of a server.

    Attributes
    ----------
    connected, lost : int
        Those whose browser is there; those that are kept for a while though the connection was lost.
    uploads, upload_bytes : int
        Files that are held of all of them, and what they have together.
    """

    connected: int
    lost: int
    uploads: int
    upload_bytes: int


@dataclass(frozen=True)
class Reading:
    """A number, and what may be its limit.

    Attributes
    ----------
    name : str
        With its unit, as programs read it.
    label : str
        As people read it.
    value : float or None
        None where it can't be measured.
    unit : str
    most : float or None
    is_total : bool
        Whether it only grows.
    """

    name: str
    label: str
    value: float | None
    unit: str = ""
    most: float | None = None
    is_total: bool = False

    @property
    def in_words(self) -> str:
        """The number with its unit, and its limit."""
        if self.value is None:
            return "unknown"
        if self.unit == "s" and self.value >= 120:
            minutes = int(self.value / 60)
            return f"{minutes // 60:,} h {minutes % 60} min"
        most = "" if self.most is None else f" of {_number(self.most)}"
        return f"{_number(self.value)}{most}{' ' if self.unit else ''}{self.unit}"


def server_name() -> str:
    """Return what this server is called: as the operator says, or by its number, or by its machine and process."""
    if name := os.environ.get(NAME_VARIABLE, "").strip():
        return name
    number = os.environ.get(limits.NUMBER_VARIABLE, "").strip()
    return f"{socket.gethostname()}, {f'server {number}' if number else f'process {os.getpid()}'}"


def wait_seconds() -> float:
    """Return how long to wait before the readings, for the processor's use to be measured."""
    return _USE.wait()


def readings(visits: Visits) -> list[Reading]:
    """Return what there is to tell now."""
    memory, most_memory = process.memory_bytes(), process.most_memory_bytes()
    most_cpu = limits.value("server_cpu_percent") or None
    return [
        Reading("sessions", "Visits", visits.connected, most=limits.value("sessions")),
        Reading("sessions_lost", "Visits whose connection was lost, still kept", visits.lost),
        Reading("turned_away_total", "Turned away since the start", TURNED_AWAY.total, is_total=True),
        Reading("frames_per_second", "Frames a second, to all visitors", FRAMES.per_second()),
        Reading("frames_total", "Frames since the start", FRAMES.total, is_total=True),
        Reading("answers_per_second", "Answers a second", ANSWERS.per_second()),
        Reading("cpu_percent", "Processor, of one core", _USE.percent(), "%", most_cpu),
        Reading("memory_megabytes", "Memory", _mega(memory), "MB", _mega(most_memory)),
        Reading("turns_waiting", "Waiting for a turn now", TRAINING.n_waiting),
        Reading("wait_mean_milliseconds", "Wait for a turn, mean of a minute", 1000 * WAITS.mean(), "ms"),
        Reading("wait_longest_milliseconds", "Longest wait of a minute", 1000 * WAITS.largest(), "ms"),
        Reading("sweeps", "Sweeps that train", n_running(), most=limits.value("sweeps")),
        Reading("uploads", "Uploaded files held", visits.uploads),
        Reading("uploads_megabytes", "Their size", _mega(visits.upload_bytes), "MB"),
        Reading("threads", "Threads", threading.active_count()),
        Reading("uptime_seconds", "Running for", time.monotonic() - _BEGAN, "s"),
    ]


def _mega(n_bytes: int | None) -> float | None:
    return None if n_bytes is None else n_bytes / 1e6


def _number(value: float) -> str:
    return f"{value:,.1f}" if value < 10 and value != int(value) else f"{value:,.0f}"


def to_json(told: list[Reading]) -> str:
    """Return the readings and limits as JSON."""
    values = {reading.name: reading.value for reading in told}
    set_to = {limit.name: limits.value(limit.name) for limit in limits.LIMITS}
    return json.dumps({"server": server_name(), **values, "limits": set_to}, indent=1)


def to_prometheus(told: list[Reading]) -> str:
    """Return the readings, and the limits of the server, in Prometheus's text format."""
    label = json.dumps(server_name(), ensure_ascii=False)
    lines = []
    for reading in told:
        if reading.value is not None:
            lines += [
                f"# HELP nnplay_{reading.name} {reading.label}.",
                f"# TYPE nnplay_{reading.name} {'counter' if reading.is_total else 'gauge'}",
                f"nnplay_{reading.name}{{server={label}}} {reading.value:.15g}",
            ]
        if reading.most is not None:
            lines.append(f"# TYPE nnplay_{reading.name}_limit gauge")
            lines.append(f"nnplay_{reading.name}_limit{{server={label}}} {reading.most:.15g}")
    return "\n".join(lines) + "\n"


def to_html(told: list[Reading]) -> str:
    """Return the page."""
    name = html.escape(server_name())
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="refresh" content="{_EVERY_SECONDS}"><meta name="robots" content="noindex">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{name}: nnplay</title><style>{_STYLE}</style></head><body>"
        f"<h1>{name}</h1><p>This page is loaded again every {_EVERY_SECONDS} seconds.</p>"
        f"<h2>Now</h2><table>{''.join(map(_row, told))}</table>"
        f"<h2>Limits</h2><p>Bold: set by you. docs/hosting.md says what each means.</p>"
        f"<table>{''.join(map(_limit_row, limits.LIMITS))}</table></body></html>"
    )


def _row(reading: Reading) -> str:
    is_full = reading.most is not None and reading.value is not None and reading.value >= reading.most
    marked = ' class="full"' if is_full else ""
    return f'<tr{marked}><th scope="row">{html.escape(reading.label)}</th><td>{reading.in_words}</td></tr>'


def _limit_row(limit: limits.Limit) -> str:
    value = limits.value(limit.name)
    marked = ' class="full"' if value != limit.default else ""
    said = html.escape(limit.in_words(value))
    return f'<tr{marked}><th scope="row">{limit.name}</th><td class="words">{said}</td></tr>'
