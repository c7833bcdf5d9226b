"""The package in an environment without the repository: ``nnplay`` in an empty folder, and it plays."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests import installed
from tests.browser.stage import Stage


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("installed")
    commands = installed.install(installed.build(folder)[1], folder / "environment")
    empty, log = folder / "empty", folder / "log"
    empty.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    opener = folder / "opener"  # in place of a browser that the one who started it looks at
    opener.write_text(f'#!/bin/sh\necho "$1" >> "{folder}/opened"\n')
    opener.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"BROWSER": str(opener), "DISPLAY": ":0"}
    with log.open("w") as out:
        started = [str(commands / "nnplay"), "--port", str(port), "--address", "127.0.0.1"]
        process = subprocess.Popen(started, cwd=empty, env=environment, stdout=out, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
            break
        except OSError:
            time.sleep(0.2)
    yield address
    process.terminate()
    process.wait(10)
    assert "Traceback" not in log.read_text()
    assert list(empty.iterdir()) == []
    assert (folder / "opened").read_text() == f"{address}\n"


def test_it_plays(address: str, open_page: Callable[..., Page]) -> None:
    page = open_page(address)
    stage = Stage(page)
    stage.wait_until_ready()
    stage.play_and_pause(30)
    names = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    assert [name for name in names if "/app/static/bundle-" in name]  # made of the sources that came along
    assert [name for name in names if name.endswith("/entry/components.js")] == []
    page.goto(f"{address}/lessons")
    expect(page.get_by_role("heading", name="Lessons")).to_be_visible()
