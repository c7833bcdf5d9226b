"""What all tests share: one BLAS thread, the same examples in every run, and node where there is one."""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is imported

import shutil

import pytest
from hypothesis import settings

settings.register_profile("nnplay", derandomize=True, deadline=None, database=None)
settings.load_profile("nnplay")


@pytest.fixture(scope="session")
def node() -> str:
    """The path of node; without it the test is skipped, except where CI=true, so that it can't go missing unnoticed."""
    path = shutil.which("node")
    if path is not None:
        return path
    if os.environ.get("CI") == "true":
        pytest.fail("node is needed to run the browser's modules, and is not on the PATH.")
    pytest.skip("node is not on the PATH")
