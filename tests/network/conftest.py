"""One process of node for all tests of static/network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.network.network_in_node import NetworkInNode, network_in_node


@pytest.fixture(scope="session")
def browser(node: str) -> Iterator[NetworkInNode]:
    """What the browser computes."""
    with network_in_node(node) as running:
        yield running
