"""A slow link on this machine: a relay on loopback that holds back what passes through it, and limits how much does.

    python benchmarks/relay.py 8501 --round-trip 60 --rate 10    # prints the port that it listens at

Each direction takes half the round trip, and carries `--rate` Mbit/s, all connections together, in turns of 8 kB. A new
connection waits one round trip more, as TCP's handshake would. It is a link without losses, and TCP's slow start is
not imitated. :func:`relay` runs it in a process of its own, so that it keeps time while others are busy.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

#: What one connection may send before the next has its turn, in bytes.
TURN = 8192
#: The bucket: the link may be behind its rate by that much time and make up for it. A timer is late by a millisecond.
BURST_SECONDS = 0.01


@dataclass(frozen=True)
class Link:
    """A link: its round trip in ms, and its rate in Mbit/s in each direction."""

    round_trip: float
    rate: float

    def __str__(self) -> str:
        return f"{self.round_trip:g} ms, {self.rate:g} Mbit/s"


class Direction:
    """One way through a link, which all connections share."""

    def __init__(self, link: Link) -> None:
        self.delay = link.round_trip / 2000
        self._seconds_per_byte = 8e-6 / link.rate
        self._free_at = 0.0

    async def pass_through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry what one connection says, until it ends."""
        loop = asyncio.get_running_loop()
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        arrivals = loop.create_task(self._deliver(under_way, writer))
        data = b"more"
        with contextlib.suppress(OSError):
            while data:
                data = await reader.read(TURN)
                self._free_at = max(self._free_at, loop.time()) + len(data) * self._seconds_per_byte
                under_way.put_nowait((self._free_at + self.delay, data))
                await asyncio.sleep(self._free_at - BURST_SECONDS - loop.time())
        if data:
            under_way.put_nowait((loop.time(), b""))
        await arrivals

    @staticmethod
    async def _deliver(under_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        with contextlib.suppress(OSError):
            while True:
                arrival, data = await under_way.get()
                await asyncio.sleep(arrival - loop.time())
                if not data:
                    writer.write_eof()
                    return
                writer.write(data)
                await writer.drain()


async def run(target: int, link: Link) -> None:
    """Relay to the server at the port `target`, until the process is ended."""
    up, down = Direction(link), Direction(link)

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(link.round_trip / 1000)
        try:
            of_server, to_server = await asyncio.open_connection("127.0.0.1", target, limit=TURN)
        except OSError:
            writer.close()
            return
        for end in (writer, to_server):
            end.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.gather(up.pass_through(reader, to_server), down.pass_through(of_server, writer))
        for end in (writer, to_server):
            end.close()

    server = await asyncio.start_server(connect, "127.0.0.1", 0, limit=TURN)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextlib.contextmanager
def relay(address: str, link: Link) -> Iterator[str]:
    """Run a relay to the server at `address`, ``http://127.0.0.1:…``; give the relay's own address."""
    host, _, port = address.rpartition(":")
    command = [sys.executable, __file__, port, "--round-trip", str(link.round_trip), "--rate", str(link.rate)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield f"{host}:{int(process.stdout.readline())}"
        finally:
            process.terminate()


def main() -> None:
    """Relay."""
    parser = argparse.ArgumentParser(description="A slow link on loopback.")
    parser.add_argument("port", type=int, help="where the server listens")
    parser.add_argument("--round-trip", type=float, default=60.0, help="milliseconds")
    parser.add_argument("--rate", type=float, default=10.0, help="Mbit/s")
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run(options.port, Link(options.round_trip, options.rate)))


if __name__ == "__main__":
    main()
