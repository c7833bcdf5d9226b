"""What the frame around the pages does to the process."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from nnplay.ui import shell


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells which sockets there are")
def test_small_answers_are_sent_at_once_and_nothing_is_left_open() -> None:
    ours, theirs = os.pipe()
    os.set_blocking(ours, False)
    with socket.create_server(("127.0.0.1", 0)) as server:
        shell.send_small_answers_at_once()
        assert server.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    os.close(theirs)
    assert os.read(ours, 1) == b""  # the end; were a copy of the other end still open, there would be none
    os.close(ours)
