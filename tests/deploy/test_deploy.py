"""What cannot be tried here, without Docker, is at least what the project has: paths, packages, ports, numbers."""

from __future__ import annotations

import os
import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy import nginx, serve
from deploy.serve import find_nginx, free_ports
from nnplay import limits
from tests import ROOT

DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()


def instructions(name: str) -> list[str]:
    """Return what the Dockerfile says after an instruction, its lines joined."""
    joined = DOCKERFILE.replace("\\\n", " ")
    return [line.removeprefix(name).strip() for line in joined.splitlines() if line.startswith(f"{name} ")]


def nginx_program() -> str:
    """Return where nginx is; without it the test is left out, but not in CI."""
    program = find_nginx()
    if program:
        return program
    message = "no nginx: on Debian, apt-get install nginx-light"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def certificate_in(folder: Path) -> dict[str, str]:
    """Make a certificate for localhost, which nobody trusts; return its files as nginx's configuration takes them."""
    files = {"certificate": str(folder / "certificate.pem"), "key": str(folder / "key.pem")}
    subject = ["-subj", "/CN=localhost", "-days", "2", "-out", files["certificate"], "-keyout", files["key"]]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject]
    subprocess.run(command, check=True, capture_output=True)
    return files


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text()))


def test_what_the_image_takes_is_there_and_is_let_through() -> None:
    let_through = re.findall(r"^!(.+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.MULTILINE)
    taken = [path for copy in instructions("COPY") if "--from" not in copy for path in copy.split()[:-1]]
    assert sorted(set(taken)) == sorted(let_through)
    assert [path for path in taken if not (ROOT / path).exists()] == []
    assert {"app.py", "nnplay", "pages", "static", ".streamlit", "deploy/server"} <= set(taken)


def test_the_image_has_the_packages_of_requirements_and_no_others() -> None:
    installed = re.findall(r"\bpip install ([^&]*)", DOCKERFILE.replace("\\\n", " "))
    assert [[word for word in line.split() if not word.startswith("--")] for line in installed] == [
        ["-r", "requirements.txt"]
    ]
    assert "apt-get" not in DOCKERFILE


def test_the_image_is_small_runs_as_nobody_special_and_tells_its_health() -> None:
    assert all(fnmatch(base.split()[0], "python:3.*-slim") for base in instructions("FROM"))
    assert instructions("USER") == ["nnplay"]
    assert instructions("VOLUME") == ["/data"]
    assert "/_stcore/health" in instructions("HEALTHCHECK")[0]
    assert instructions("ENTRYPOINT") == ['["deploy/server"]']
    assert (DEPLOY / "server").stat().st_mode & 0o111


def test_compose_starts_the_servers_that_nginx_knows() -> None:
    services = compose()["services"]
    servers = {name: service for name, service in services.items() if name != "nginx"}
    addresses = [f"{name}:{service['environment']['NNPLAY_PORT']}" for name, service in servers.items()]
    assert tuple(addresses) == nginx.SERVERS
    assert [service["environment"]["NNPLAY_SERVER"] for service in servers.values()] == ["1", "2", "3"]
    assert len({service["environment"]["STREAMLIT_SERVER_COOKIE_SECRET"] for service in servers.values()}) == 1
    assert all(list(service["networks"]) == ["inside"] and "ports" not in service for service in servers.values())
    assert len({service["networks"]["inside"]["ipv4_address"] for service in servers.values()}) == 3
    assert compose()["networks"]["inside"]["internal"] is True
    assert set(services["nginx"]["depends_on"]) == set(servers)


def test_the_configuration_that_compose_has_is_the_one_that_is_written() -> None:
    assert (DEPLOY / "nginx.conf").read_text() == nginx.configuration(), "python deploy/nginx.py > deploy/nginx.conf"
    listen = re.search(r"listen (\d+);", nginx.configuration())
    assert listen
    assert compose()["services"]["nginx"]["ports"] == [f"${{NNPLAY_PORT:-8080}}:{listen[1]}"]


def test_what_nginx_lets_through_is_more_than_the_largest_upload() -> None:
    assert max(limits.BY_NAME[name].default for name in limits.SENT) < nginx.MOST_MB
    assert "client_max_body_size 31m;" in nginx.configuration(most_mb=31)


def test_an_operator_s_limit_is_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "of_this_server", lambda: {"upload_megabytes": 30})
    assert serve.largest_file() == 30


def test_servers_at_one_port_are_refused_as_the_cookie_could_not_tell_them_apart() -> None:
    with pytest.raises(ValueError, match=r"must differ; got 8501, 8501"):
        nginx.configuration(["a:8501", "b:8501"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--servers", "localhost"], "a server must be a host and its port, such as 127.0.0.1:8501; got 'localhost'"),
        (["--servers", "a:1", "b:1"], "the ports of the servers must differ; got 1, 1"),
        (["--servers", *(f"a:{port}" for port in range(100))], "there must be 1 to 99 servers; got 100"),
        (["--run", "/tmp/a b"], "run must be without blanks"),
        (["--listen", "80;"], "listen must be without blanks"),
        (["--certificate", "c.pem"], "certificate and key belong together; got one of them"),
    ],
)
def test_what_nginx_could_not_read_is_refused_in_a_sentence(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["nginx.py", *arguments])
    with pytest.raises(SystemExit):
        nginx.main()
    assert f"nginx.py: error: {said}" in capsys.readouterr().err


def test_as_many_servers_as_there_may_be_are_numbered_alike() -> None:
    assert nginx.MOST_SERVERS == limits.MOST_SERVERS


@pytest.mark.parametrize("encrypted", [False, True])
def test_nginx_takes_the_configuration(tmp_path: Path, encrypted: bool) -> None:
    program = nginx_program()
    (port,) = free_ports(1)
    files: dict[str, Any] = {**certificate_in(tmp_path)} if encrypted else {}
    written = tmp_path / "nginx.conf"
    servers = ["127.0.0.1:8501", "127.0.0.1:8502"]
    written.write_text(nginx.configuration(servers, f"127.0.0.1:{port}", str(tmp_path), **files))
    tried = subprocess.run(
        [program, "-t", "-p", tmp_path, "-c", written, "-e", "stderr"], capture_output=True, text=True
    )
    assert tried.returncode == 0, tried.stderr
    assert "warn" not in tried.stderr.replace('[warn] the "user"', "")
