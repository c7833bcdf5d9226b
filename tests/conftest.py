"""What all tests share: one BLAS thread, the same examples in every run, and node where there is one."""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is imported

import functools
import shutil
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from tests.server.pad_in_node import PadInNode

settings.register_profile("nnplay", derandomize=True, deadline=None, database=None)
settings.load_profile("nnplay")


@pytest.fixture(scope="session", autouse=True)
def quick_app_tests() -> Iterator[None]:
    """Spare each AppTest what no browser is there for, and what is the same for all of them.

    Every new AppTest looks through all installed packages for components, which takes longer than the page; and every
    run of a page waits until the server has sent what it said, which no server does here. Their visitor is one who
    wants all controls.
    """
    if "streamlit.testing.v1" not in sys.modules:  # no test of this run needs one
        yield
        return
    from streamlit.components.v2 import manifest_scanner

    from nnplay.ui.form import in_sight
    from nnplay.ui.streamlit_internals import sending

    with pytest.MonkeyPatch.context() as patch:
        scan = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        patch.setattr(in_sight, "remembered", lambda: True)
        patch.setattr(sending, "wait", lambda: None)
        yield


@pytest.fixture(scope="session")
def pad(node: str) -> Iterator[PadInNode]:
    """The pad's JavaScript in one process of node."""
    from tests.server.pad_in_node import pad_in_node

    with pad_in_node(node) as running:
        yield running


@pytest.fixture(scope="session")
def node() -> str:
    """The path of node; without it the test is skipped, except where CI=true, so that it can't go missing unnoticed."""
    path = shutil.which("node")
    if path is not None:
        return path
    if os.environ.get("CI") == "true":
        pytest.fail("node is needed to run the browser's modules, and is not on the PATH.")
    pytest.skip("node is not on the PATH")
