"""What an operator may set, and what is said of what can't be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nnplay import limits
from nnplay.refusal import Refusal
from tests import ROOT


def test_a_variable_goes_before_the_file_and_the_file_before_what_is_usual(tmp_path: Path) -> None:
    file = tmp_path / "limits.toml"
    file.write_text("sessions = 40\nstep_seconds = 0.05\n", encoding="utf-8")
    environment = {"NNPLAY_LIMITS": str(file), "NNPLAY_LIMIT_SESSIONS": " 7 ", "PATH": "/bin"}
    assert limits.read(environment) == {"sessions": 7, "step_seconds": 0.05}
    assert limits.read({}) == {}


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"NNPLAY_LIMIT_SESSIONS": "a"}, "NNPLAY_LIMIT_SESSIONS must be a whole number from 1 to 100,000; got 'a'."),
        ({"NNPLAY_LIMIT_SESSIONS": "0"}, "NNPLAY_LIMIT_SESSIONS must be a whole number from 1 to 100,000; got '0'."),
        ({"NNPLAY_LIMIT_SWEEPS": "2.5"}, "NNPLAY_LIMIT_SWEEPS must be a whole number from 1 to 1,000; got '2.5'."),
        ({"NNPLAY_LIMIT_STEP_SECONDS": "nan"}, "must be a number from 0.005 to 10; got 'nan'."),
        ({"NNPLAY_LIMIT_SERVER_CPU_PERCENT": "3"}, "from 5 to 100, or 0 for as much as there is; got '3'."),
        ({"NNPLAY_LIMIT_SESIONS": "3"}, "Did you mean 'sessions'?"),
        ({"NNPLAY_LIMITS": "/nowhere.toml"}, "NNPLAY_LIMITS must name a file of TOML"),
    ],
)  # fmt: skip
def test_what_a_limit_cannot_be_is_refused_with_what_it_can(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        limits.read(environment)
    assert sentence in str(refused.value)


@pytest.mark.parametrize("text", ["sessions = true", "sesions = 3", "sessions", 'sessions = "a"', "sessions = [3]"])
def test_a_bad_file_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "limits.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Refusal):
        limits.read({"NNPLAY_LIMITS": str(tmp_path / "limits.toml")})


@pytest.mark.parametrize("limit", limits.LIMITS, ids=lambda limit: limit.name)
def test_what_is_usual_may_be_said_too(limit: limits.Limit) -> None:
    assert limits.read({limit.variable: str(limit.default)}) == {limit.name: limit.default}


def in_a_process_of_its_own(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_modules_that_keep_to_limits_read_them_from_the_table() -> None:
    code = (
        "from nnplay.server import answers, budget; from nnplay.server.compare import sweep_limits;"
        "from nnplay.datasets.tables import table; from nnplay.experiment.saved_runs import saved_run;"
        "print(budget.RUN_BYTES, budget.STEP_SECONDS, sweep_limits.MOST_SWEEPS, table.MAX_BYTES, saved_run.MAX_BYTES,"
        "answers.CPU_SECONDS, answers.TRAINING._shares)"
    )
    set_to = {"RUN_MEGABYTES": "50", "STEP_SECONDS": "0.5", "SWEEPS": "3", "UPLOAD_MEGABYTES": "9"}
    set_to |= {"ANSWER_MILLISECONDS": "20", "VISITOR_CPU_PERCENT": "25"}
    done = in_a_process_of_its_own(code, **{f"NNPLAY_LIMIT_{name}": value for name, value in set_to.items()})
    assert done.stdout.split() == ["50000000", "0.5", "3", "9000000", "9000000", "0.02", "(0.25,", "0.0)"], done.stderr


def test_the_app_does_not_begin_with_a_limit_that_cannot_be_and_a_notebook_does() -> None:
    app = in_a_process_of_its_own("import nnplay.ui", NNPLAY_LIMIT_SESSIONS="many")
    assert (app.returncode, app.stderr.count("\n")) == (1, 1)
    assert app.stderr.startswith("nnplay: NNPLAY_LIMIT_SESSIONS must be")
    notebook = in_a_process_of_its_own(
        "from nnplay import limits; print(limits.value('sessions'))", NNPLAY_LIMIT_SESSIONS="many"
    )
    assert notebook.stdout.strip() == "250"


@pytest.mark.parametrize(
    ("variable", "said", "sentence"),
    [
        ("NNPLAY_SERVER", "abc", "NNPLAY_SERVER must be a whole number from 1 to 99; got 'abc'."),
        ("NNPLAY_SERVER", "0", "NNPLAY_SERVER must be a whole number from 1 to 99; got '0'."),
        ("NNPLAY_PROCESSES", "many", "NNPLAY_PROCESSES must be a whole number at least 0, or all; got 'many'."),
        ("NNPLAY_PROCESSES", "-1", "NNPLAY_PROCESSES must be a whole number at least 0, or all; got '-1'."),
    ],
)
def test_what_else_the_environment_says_of_a_server_is_checked(variable: str, said: str, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        limits.check_besides({variable: said})
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    "environment", [{}, {"NNPLAY_SERVER": "3", "NNPLAY_PROCESSES": " All "}, {"NNPLAY_SERVER": ""}]
)
def test_what_it_may_say_is_taken(environment: dict[str, str]) -> None:
    limits.check_besides(environment)


def test_the_app_does_not_begin_with_a_number_that_cannot_be() -> None:
    app = in_a_process_of_its_own("import nnplay.ui", NNPLAY_SERVER="one")
    assert (app.returncode, app.stderr) == (
        1,
        "nnplay: NNPLAY_SERVER must be a whole number from 1 to 99; got 'one'.\n",
    )
