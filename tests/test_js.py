"""The browser's modules: their own tests, run by node."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests import ROOT


def test_the_javascript_tests_pass(node: str) -> None:
    done = subprocess.run(
        [node, "tests/js/all.mjs"], cwd=ROOT, capture_output=True, text=True, timeout=300, encoding="utf-8"
    )
    if done.returncode != 0:
        pytest.fail(f"tests of the browser's modules failed:\n{done.stdout}\n{done.stderr}", pytrace=False)
    found = re.search(r"^# pass (\d+)$", done.stdout, re.MULTILINE)
    assert found
    assert int(found[1]) > 100


def test_every_module_is_javascript(node: str) -> None:
    done = subprocess.run(
        [node, "--no-warnings", "--experimental-vm-modules", "tests/js/parse_all.mjs"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        encoding="utf-8",
    )
    *wrong, summary = done.stdout.splitlines()
    assert wrong == []
    assert int(summary.split()[0]) > 100
