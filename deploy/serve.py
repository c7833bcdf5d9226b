"""Run several servers of nnplay behind nginx on this machine, without containers.

    python deploy/serve.py                                   # three servers, nginx at port 8080
    python deploy/serve.py --servers 4 --listen 443 --certificate cert.pem --key key.pem

Nothing but nginx has to be there besides the app's own requirements. A server that ends is started again. ``SIGHUP``
starts all of them anew, one after another, so that nobody loses a run: the way to a new version. ``SIGTERM`` and Ctrl-C
end them all.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from deploy.nginx import configuration  # noqa: E402
from nnplay import limits  # noqa: E402

#: A server has so long to answer for the first time, and to end when it is told to.
BEGIN_SECONDS, END_SECONDS = 60.0, 45.0
_LOOK_SECONDS = 0.1


def find_nginx() -> str | None:
    """Return where nginx is, or None; Debian has it where only the administrator looks."""
    return shutil.which("nginx", path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin")


class Fleet:
    """Several servers, and nginx in front of them.

    Parameters
    ----------
    folder : Path
        Where nginx writes, below folders that everybody may enter, and where the servers' and nginx's own words go:
        ``server-1.log``, ``nginx.log``.
    n_servers : int
    listen : str
        nginx's port, or address and port.
    first_port : int, optional
        The servers' ports follow each other from this one on; without it, free ones are chosen.
    certificate, key : str
        Files for TLS.
    workers : str
        nginx's processes.
    """

    def __init__(
        self,
        folder: Path,
        n_servers: int = 3,
        listen: str = "8080",
        first_port: int | None = None,
        certificate: str = "",
        key: str = "",
        workers: str = "auto",
    ) -> None:
        nginx = find_nginx()
        if not nginx:
            raise FileNotFoundError("nginx is not installed; on Debian: apt-get install nginx-light")
        self.folder = folder
        # Begun by the administrator, nginx works as a user who may do little: it must come to what it keeps there.
        folder.chmod(0o711)
        self.ports = [first_port + index for index in range(n_servers)] if first_port else free_ports(n_servers)
        self.servers: dict[int, subprocess.Popen[bytes]] = {}
        # One secret for all: what one server signed, the others take for genuine.
        secret = os.environ.get("STREAMLIT_SERVER_COOKIE_SECRET") or secrets.token_hex(32)
        self._environment = os.environ | {"PYTHON": sys.executable, "STREAMLIT_SERVER_COOKIE_SECRET": secret}
        self._nginx: subprocess.Popen[bytes] | None = None
        written = folder / "nginx.conf"
        addresses = [f"127.0.0.1:{port}" for port in self.ports]
        log = str(folder / "nginx.log")
        written.write_text(
            configuration(addresses, listen, str(folder), log, certificate, key, workers, most_mb=largest_file() + 1)
        )
        self._command = [nginx, "-p", str(folder), "-c", str(written), "-e", log, "-g", "daemon off;"]

    def begin(self, number: int) -> None:
        """Start a server."""
        own = {"NNPLAY_SERVER": str(number), "NNPLAY_ADDRESS": "127.0.0.1", "NNPLAY_PORT": str(self.ports[number - 1])}
        with (self.folder / f"server-{number}.log").open("ab") as log:
            self.servers[number] = subprocess.Popen(
                [ROOT / "deploy" / "server"], env=self._environment | own, stdout=log, stderr=subprocess.STDOUT
            )

    def wait_until_there(self, number: int) -> None:
        """Wait until a server takes visitors."""
        address = f"http://127.0.0.1:{self.ports[number - 1]}/_stcore/health"
        until = time.monotonic() + BEGIN_SECONDS
        while time.monotonic() < until and self.servers[number].poll() is None:
            try:
                urllib.request.urlopen(address, timeout=1).close()
                return
            except OSError:
                time.sleep(_LOOK_SECONDS)
        raise RuntimeError(f"server {number} did not start: {(self.folder / f'server-{number}.log').read_text()}")

    def drain(self, number: int) -> None:
        """Tell a server to send its visitors elsewhere and end."""
        self.servers[number].send_signal(signal.SIGTERM)

    def kill(self, number: int) -> None:
        """End a server at once, as a fault would."""
        self.servers[number].kill()

    def wait_until_gone(self, number: int) -> int:
        """Wait until a server has ended; return its exit code."""
        return self.servers[number].wait(END_SECONDS)

    def start_anew(self, number: int) -> None:
        """Let a server end and begin again, and wait until it is there."""
        self.drain(number)
        self.wait_until_gone(number)
        self.begin(number)
        self.wait_until_there(number)

    def look_after(self) -> None:
        """Start again what has ended by itself."""
        for number, server in list(self.servers.items()):
            if server.poll() is not None:
                self.begin(number)
        if self._nginx and self._nginx.poll() is not None:
            self._nginx = subprocess.Popen(self._command)

    @property
    def nginx_pid(self) -> int:
        """The first of nginx's processes."""
        assert self._nginx
        return self._nginx.pid

    def __enter__(self) -> Self:
        """Start everything."""
        try:
            for number in range(1, len(self.ports) + 1):
                self.begin(number)
            for number in self.servers:
                self.wait_until_there(number)
            self._nginx = subprocess.Popen(self._command)
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End everything."""
        self.end()

    def end(self) -> None:
        """End nginx, so that nobody is sent from one server to the next, and then the servers."""
        processes = [process for process in (self._nginx, *self.servers.values()) if process and process.poll() is None]
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def largest_file() -> int:
    """Return the size of the largest file that the servers take, in MB, as their limits are here."""
    return max(map(limits.whole, limits.SENT))


def free_ports(n: int) -> list[int]:
    """Return ports that nobody uses now."""
    probes = [socket.socket() for _ in range(n)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def main() -> None:
    """Run them until a signal comes."""
    parser = argparse.ArgumentParser(description="Several servers of nnplay behind nginx, on this machine.")
    parser.add_argument("--servers", type=int, default=3, help="how many; about one a core")
    parser.add_argument("--listen", default="8080", help="nginx's port, or address and port")
    parser.add_argument("--first-port", type=int, default=8501, help="the servers' ports follow from it")
    parser.add_argument("--certificate", default="", help="a file, for TLS")
    parser.add_argument("--key", default="", help="the file of its key")
    parser.add_argument("--folder", type=Path, help="for what they write; without it a new one in the system's place")
    options = parser.parse_args()
    folder = (options.folder or Path(tempfile.mkdtemp(prefix="nnplay-"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    ended, anew = threading.Event(), threading.Event()

    def hear(event: threading.Event) -> Callable[[int, FrameType | None], None]:
        return lambda number, frame: event.set()

    signal.signal(signal.SIGHUP, hear(anew))
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, hear(ended))
    with Fleet(folder, options.servers, options.listen, options.first_port, options.certificate, options.key) as fleet:
        print(f"nnplay is at {options.listen}: {options.servers} servers. Logs are in {folder}.", flush=True)
        while not ended.wait(_LOOK_SECONDS):
            fleet.look_after()
            if anew.is_set():
                anew.clear()
                for number in list(fleet.servers):
                    fleet.start_anew(number)
                print("All servers were started anew.", flush=True)


if __name__ == "__main__":
    main()
