"""The package and its command: what is in it, and what the command line takes."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import nnplay as nn
from nnplay import __main__ as command
from nnplay import app_files
from tests import ROOT, installed


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return installed.build(tmp_path_factory.mktemp("built"))


def tracked(*folders: str) -> set[str]:
    """Return the files of the repository below `folders`, those of git where there is one."""
    listed = subprocess.run(["git", "ls-files", *folders], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a clone of the repository")
    return {name for name in listed.stdout.splitlines() if (ROOT / name).is_file()}


def test_the_wheel_has_the_library_and_all_of_the_app(built: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(built[1]) as wheel:
        names = set(wheel.namelist())
        inside = {name: wheel.read(name) for name in names if name.startswith("nnplay/_app/")}
    assert tracked("nnplay") <= names
    app = tracked("app.py", "pages", "static", ".streamlit")
    assert len(app) > 300
    assert {f"nnplay/_app/{name}" for name in app} == set(inside)
    assert all(inside[f"nnplay/_app/{name}"] == (ROOT / name).read_bytes() for name in app)
    assert not [name for name in names if name.startswith(("tests", "benchmarks")) or "__pycache__" in name]


def test_the_package_needs_what_the_requirements_say(built: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(built[1]) as wheel:
        (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = wheel.read(name).decode()
    needed = re.findall(r"^Requires-Dist: ([\w-]+)", metadata, re.MULTILINE)
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert sorted(needed) == sorted(re.match(r"[\w-]+", line)[0] for line in lines if line[:1].isalpha())
    assert f"Version: {nn.__version__}\n" in metadata


def test_the_sdist_has_what_a_reader_and_a_tester_need(built: tuple[Path, Path]) -> None:
    with tarfile.open(built[0]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    needed = {
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "requirements.txt",
        "app.py",
        "static/icon.png",
        "tests/conftest.py",
    }
    assert needed <= names
    assert not [name for name in names if ".venv" in name or "node_modules" in name]


@pytest.mark.long
def test_it_is_imported_and_says_its_version_without_the_repository(built: tuple[Path, Path], tmp_path: Path) -> None:
    commands = installed.install(built[1], tmp_path / "environment")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert installed.run(commands / "nnplay", "--version", cwd=empty) == f"nnplay {nn.__version__}"
    code = "import nnplay; from nnplay.lessons import discovery; from nnplay.ui.way_in import bundle; "
    code += "print(nnplay.__file__, bundle.is_fresh(), len(discovery.all_lessons()[0]))"
    file, fresh, lessons = installed.run(commands / "python", "-c", code, cwd=empty).split()
    assert Path(file).is_relative_to(tmp_path)
    assert (fresh, int(lessons) > 10) == ("True", True)


def test_the_changelog_begins_with_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## (\d[\d.]*)", text, re.MULTILINE)[1] == nn.__version__


def test_in_the_repository_the_app_lies_beside_the_library() -> None:
    assert app_files.ROOT == ROOT
    assert (app_files.ROOT / "app.py").is_file()


# --- the command line -------------------------------------------------------------------------------------------------


def test_the_command_starts_the_app_here_and_opens_the_browser() -> None:
    server = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", "8765"]
    server += ["--server.headless", "true"]
    assert command.command_for(8765, "localhost") == [*server, "--server.address", "localhost"]
    assert command.command_for(8765, "0.0.0.0") == server
    assert command.address_of(8765, "0.0.0.0") == "http://localhost:8765"
    assert command.address_of(8765, "::1") == "http://[::1]:8765"


class Started(Exception):
    """In place of becoming the server."""


def start(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[list[str], dict[str, str]]:
    def execve(path: str, arguments: list[str], environment: dict[str, str]) -> None:
        raise Started(arguments, environment)

    monkeypatch.setattr("os.execve", execve)
    with pytest.raises(Started) as started:
        command.main(arguments)
    return started.value.args


def test_options_come_to_the_app(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("NNPLAY_PROCESSES", "1")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    server, environment = start(monkeypatch, "--port", port, "--data-dir", "data", "--no-browser")
    assert server[server.index("--server.port") + 1] == port
    assert "NNPLAY_OPEN" not in environment
    assert environment["NNPLAY_DATA_DIR"] == str(tmp_path / "data")
    assert environment["OPENBLAS_NUM_THREADS"] == "1"
    assert environment["NNPLAY_PROCESSES"] == "1"  # what somebody said stays


def test_without_a_port_the_next_free_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr(command, "FIRST_PORT", port)
        server, environment = start(monkeypatch, "--address", "127.0.0.1")
        free = int(server[server.index("--server.port") + 1])
        assert free > port
        assert environment["NNPLAY_OPEN"] == f"http://127.0.0.1:{free}"


def test_what_cannot_be_is_refused_in_a_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for arguments, said in (
            (["--port", port, "--address", "127.0.0.1"], f"--port must be free; got {port}, where another"),
            (["--port", "70000"], "--port must be an integer from 1 to 65535; got 70000."),
            (["--data-dir", str(tmp_path / "none")], "--data-dir must name a folder; got '"),
            (["--address", "192.0.2.1"], "--address must be an address of this machine; got '192.0.2.1'."),
        ):
            assert command.main(arguments) == 2
            assert capsys.readouterr().err.startswith(f"nnplay: {said}")
