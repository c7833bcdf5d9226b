"""``nnplay``: start the app on this machine, and open it in the browser. ``python -m nnplay`` is the same."""

from __future__ import annotations

import argparse
import errno
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from nnplay import __version__
from nnplay.app_files import ROOT
from nnplay.refusal import Refusal
from nnplay.validation import integer, shown

#: Without ``--port``, the first free port from here on is taken.
FIRST_PORT, PORTS_TRIED = 8501, 50
#: Where everybody who can reach this machine can reach the app; Streamlit does that when it is told no address.
_EVERYWHERE = ("0.0.0.0", "::", "*")
#: What the app finds in its environment, where that doesn't say otherwise: one thread for small matrices, which gain
#: nothing from more, and every core for a sweep, as there is one visitor.
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "NNPLAY_PROCESSES": "all"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the app as the command line says: the process becomes its server. Return 2 if it can't be started so."""
    asked = _parser().parse_args(arguments)
    environment = _ENVIRONMENT | dict(os.environ)
    try:
        if asked.data_dir is not None:
            environment["NNPLAY_DATA_DIR"] = _folder("--data-dir", asked.data_dir)
        if asked.lessons_dir is not None:
            environment["NNPLAY_LESSONS_DIR"] = _folder("--lessons-dir", asked.lessons_dir)
        port = _port(asked.port, asked.address)
    except Refusal as refusal:
        print(f"nnplay: {refusal}", file=sys.stderr)
        return 2
    if asked.browser:
        environment["NNPLAY_OPEN"] = address_of(port, asked.address)
    command = command_for(port, asked.address)
    if os.name == "nt":  # there, to become another program is to start it and to end
        try:
            return subprocess.run(command, env=environment, check=False).returncode
        except KeyboardInterrupt:
            return 0  # Ctrl+C ends both
    os.execve(command[0], command, environment)
    raise AssertionError  # nobody comes back from there


def command_for(port: int, address: str) -> list[str]:
    """Return the command that starts the app's server."""
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port)]
    # The browser is opened by nnplay/ui/way_in/opening.py.
    command += ["--server.headless", "true"]
    return command if address in _EVERYWHERE else [*command, "--server.address", address]


def address_of(port: int, address: str) -> str:
    """Return what a browser on this machine is to open."""
    host = "localhost" if address in _EVERYWHERE else f"[{address}]" if ":" in address else address
    return f"http://{host}:{port}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nnplay", description="See a neural network learn: start the app here, and open it in the browser."
    )
    parser.add_argument("--port", type=int, help=f"where it listens (default: the first free one from {FIRST_PORT} on)")
    parser.add_argument(
        "--address",
        default="localhost",
        help="who can reach it: localhost, this machine alone (default); 0.0.0.0, everybody in the network",
    )
    parser.add_argument("--data-dir", metavar="FOLDER", help="a folder with mnist.npz and california.npz")
    parser.add_argument("--lessons-dir", metavar="FOLDER", help="a folder with lessons of yours")
    parser.add_argument("--no-browser", dest="browser", action="store_false", help="don't open the browser")
    parser.add_argument("--version", action="version", version=f"nnplay {__version__}")
    return parser


def _folder(option: str, named: str) -> str:
    folder = Path(named).expanduser().resolve()
    if not folder.is_dir():
        raise Refusal(option, "must name a folder", shown(named))
    return str(folder)


def _port(asked: int | None, address: str) -> int:
    if asked is None:
        ports = range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
        free = next((port for port in ports if is_free(port, address)), None)
        if free is None:
            raise Refusal("--port", "must be said", f"none, and {ports[0]} to {ports[-1]} are all taken")
        return free
    port = integer("--port", asked, 1, 65535)
    if not is_free(port, address):
        raise Refusal("--port", "must be free", f"{port}, where another program listens")
    return port


def is_free(port: int, address: str) -> bool:
    """Return whether nobody listens there yet.

    Raises
    ------
    ValueError
        If `address` isn't one of this machine's.
    """
    host = "0.0.0.0" if address in _EVERYWHERE else address
    try:
        family, kind, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            # A port that a server left a moment ago counts as free, as it does for the next server.
            if os.name != "nt":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except socket.gaierror:
        raise Refusal("--address", "must be an address of this machine", shown(address)) from None
    except PermissionError:
        raise Refusal("--port", "must be one that you may listen on, 1024 or more", port) from None
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise Refusal("--address", "must be an address of this machine", shown(address)) from None
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
