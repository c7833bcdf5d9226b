"""What a visitor, and a server, may use: every limit of the app in one table.

Whoever runs a server may set each of them, by an environment variable (``NNPLAY_LIMIT_SESSIONS=100``) or in a file of
TOML that ``NNPLAY_LIMITS`` names (``sessions = 100``); the variable goes first. They are read once, when the server
begins. ``docs/hosting.md`` prints the table.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nnplay.refusal import Refusal

#: What the variables' names begin with, and the variable that names a file.
PREFIX, FILE_VARIABLE = "NNPLAY_LIMIT_", "NNPLAY_LIMITS"
#: Which of several servers this is, and how many processes sweeps may use.
NUMBER_VARIABLE, PROCESSES_VARIABLE = "NNPLAY_SERVER", "NNPLAY_PROCESSES"
MOST_SERVERS = 99


@dataclass(frozen=True)
class Limit:
    """A limit.

    Attributes
    ----------
    name : str
    default : float
        What it is where the operator says nothing.
    unit : str
        What it counts.
    what : str
        What it is, and what a visitor who meets it gets.
    least, most : float
        What it may be set to. Whole limits are whole numbers.
    whole : bool
    of_server : bool
        Whether all visitors share it; else each has it to themselves.
    none : str
        What 0 means, for a limit that can be left out.
    """

    name: str
    default: float
    unit: str
    what: str
    least: float
    most: float
    whole: bool = True
    of_server: bool = False
    none: str = ""

    def in_words(self, value: float) -> str:
        """Return a value of it with its unit."""
        if not value and self.none:
            return self.none
        unit = self.unit[:-1] if value == 1 and self.unit.endswith("s") and len(self.unit) > 2 else self.unit
        return f"{value:,.15g} {unit}"

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return PREFIX + self.name.upper()

    def checked(self, value: Any, said_by: str) -> float:
        """Return a value that was asked for.

        Raises
        ------
        Refusal
            If it is none that the limit can have.
        """
        try:
            number = float(value) if not isinstance(value, bool) else None
        except (TypeError, ValueError):
            number = None
        is_fine = number is not None and (self.least <= number <= self.most or (bool(self.none) and number == 0))
        if number is None or not is_fine or (self.whole and number != int(number)):
            kind = "a whole number" if self.whole else "a number"
            nothing = f", or 0 for {self.none}" if self.none else ""
            raise Refusal(said_by, f"must be {kind} from {self.least:,.15g} to {self.most:,.15g}{nothing}", repr(value))
        return int(number) if self.whole else number


LIMITS = (
    # -- all visitors of a server together
    Limit("sessions", 250, "visits", "Visits at a time; one more gets a page that says so, and how to try again.",
          1, 100_000, of_server=True),
    Limit("memory_megabytes", 0, "MB", "Memory of the server's process. Once it has that much, whoever comes anew gets "
          "a page that says so; those who are there go on.",
          200, 10_000_000, of_server=True, none="80 % of what the machine, or the container, has"),
    Limit("server_cpu_percent", 0, "% of a core", "Processor time for training. Once it is used up, everybody trains "
          "more slowly.", 5, 100, of_server=True, none="as much as there is"),
    Limit("sweeps", 8, "sweeps", "Sweeps that train at a time; who begins one more is told to try again later.",
          1, 1000, of_server=True),
    # -- each visitor
    Limit("visitor_cpu_percent", 0, "% of a core", "Processor time for training, on average over some seconds. Once it "
          "is used up, the visitor trains more slowly.", 1, 100, none="as much as the others leave"),
    Limit("answer_milliseconds", 35, "ms", "Processor time of one answer while others wait. Less, and all take turns "
          "more often; more, and each turn does more.", 5, 500),
    Limit("run_megabytes", 190, "MB", "Memory of a run: its network, optimiser and kept frames. A larger one is "
          "refused beside its control.", 20, 100_000),
    Limit("step_seconds", 0.15, "s", "Time of a training step, which can't be interrupted for others.",
          0.005, 10, whole=False),
    Limit("frame_seconds", 0.2, "s", "Time of the longest part of a frame, which can't be interrupted either.",
          0.005, 10, whole=False),
    Limit("sent_parameters", 250_000, "parameters", "Parameters that each frame brings to the browser.",
          1000, 10_000_000),
    Limit("replay_seconds", 120, "s", "Time that a run may take to train again, from a link or after a restart.",
          5, 3600),
    Limit("sweep_trainings", 2000, "trainings", "Trainings of a sweep.", 1, 1_000_000),
    Limit("sweep_seeds", 64, "seeds", "Seeds of a sweep's cell.", 1, 10_000),
    Limit("sweep_epochs", 10_000, "epochs", "Epochs of each training of a sweep.", 1, 10_000_000),
    Limit("sweep_seconds", 900, "s", "Processor time of a sweep in the server's own process, roughly. Not of one on "
          "other processes or a cluster.", 5, 1_000_000),
    Limit("upload_megabytes", 5, "MB", "Size of a table or of a saved run that is opened.", 1, 1000),
    Limit("sweep_file_megabytes", 10, "MB", "Size of a saved sweep that is opened.", 1, 1000),
    Limit("answers_megabytes", 10, "MB", "Size of all answers to an assignment that are checked at a time.", 1, 1000),
    Limit("uploads_kept", 2, "files", "Uploaded files that the server holds of a visit; an older one goes.", 1, 100),
    Limit("visit_kept_seconds", 100, "s", "Time that a visit is kept after its connection was lost.", 5, 86_400),
)  # fmt: skip
#: The limits of files that a browser sends at a time.
SENT = ("upload_megabytes", "sweep_file_megabytes")
BY_NAME = {limit.name: limit for limit in LIMITS}


def read(environment: Mapping[str, str]) -> dict[str, float]:
    """Return the limits that these environment variables set, by name; those that are not set are not there.

    Raises
    ------
    Refusal
        If a limit isn't known, or can't be what it is said to be, or the file can't be read.
    """
    found = {}
    if path := environment.get(FILE_VARIABLE, "").strip():
        for name, value in _in_file(path).items():
            found[_known(name, path).name] = _known(name, path).checked(value, f"{name} in {path}")
    for variable, value in environment.items():
        if variable.startswith(PREFIX):
            limit = _known(variable.removeprefix(PREFIX).lower(), "the environment")
            found[limit.name] = limit.checked(value.strip(), variable)
    return found


def _in_file(path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        wanted = 'must name a file of TOML, with lines such as "sessions = 100"'
        raise Refusal(FILE_VARIABLE, wanted, f"{path} ({error})") from None


def _known(name: str, place: str) -> Limit:
    if name in BY_NAME:
        return BY_NAME[name]
    nearest = difflib.get_close_matches(name, BY_NAME, n=1)
    wanted = f"in {place} is none of the limits in docs/hosting.md"
    raise Refusal(name, wanted, nearest=nearest[0] if nearest else None)


@cache
def of_this_server() -> dict[str, float]:
    """Return the limits that the operator of this server set, by name.

    Raises
    ------
    Refusal
        As :func:`read`.
    """
    return read(os.environ)


def check_besides(environment: Mapping[str, str]) -> None:
    """Check what the environment says of the server besides its limits.

    Raises
    ------
    Refusal
        If the server's number, or the processes for sweeps, can't be what they are said to be.
    """
    server_number(environment.get(NUMBER_VARIABLE))
    processes = environment.get(PROCESSES_VARIABLE, "").strip().lower()
    if processes not in ("", "all") and not (processes.isascii() and processes.isdigit()):
        raise Refusal(PROCESSES_VARIABLE, "must be a whole number at least 0, or all", repr(processes))


def server_number(said: str | None) -> int | None:
    """Return the number of one of several servers, or None for a server that is alone.

    Raises
    ------
    Refusal
        If it is none.
    """
    if not said:
        return None
    if not (said.isascii() and said.isdigit() and 1 <= int(said) <= MOST_SERVERS):
        raise Refusal(NUMBER_VARIABLE, f"must be a whole number from 1 to {MOST_SERVERS}", repr(said))
    return int(said)


def value(name: str) -> float:
    """Return a limit: as the operator set it, or else as it usually is.

    What the operator wrote wrongly counts as not said here, so that a notebook imports nnplay all the same. The app
    itself says what is wrong and doesn't begin (``nnplay/ui/__init__.py``).
    """
    limit = BY_NAME[name]
    try:
        return of_this_server().get(name, limit.default)
    except Refusal:
        return limit.default


def whole(name: str) -> int:
    """Return a limit that is a whole number."""
    return int(value(name))


def megabytes(name: str) -> int:
    """Return a limit in megabytes, as bytes."""
    return int(value(name) * 1_000_000)


def table() -> str:
    """Return the limits as a table of Markdown, with their usual values."""
    lines = []
    for of_server, title in ((True, "A server, all visitors together"), (False, "Each visitor")):
        lines += [f"**{title}**", "", "| limit | usually | may be | what it is |", "|---|---|---|---|"]
        for limit in LIMITS:
            if limit.of_server == of_server:
                usual = limit.in_words(limit.default)
                lines.append(f"| `{limit.name}` | {usual} | {limit.least:,.15g} to {limit.most:,.15g} | {limit.what} |")
        lines.append("")
    return "\n".join(lines).rstrip()
