"""Reads what a replay page holds, by docs/protocol.md alone."""

from __future__ import annotations

import base64
import gzip
import json
import re
from typing import Any

import numpy as np

Arrays = dict[str, np.ndarray]


def bytes_in(page: str, name: str) -> bytes:
    """Return what an element of the page holds, unpacked."""
    found = re.search(rf'<script type="application/gzip" id="{name}">([^<]*)</script>', page)
    assert found, name
    return gzip.decompress(base64.b64decode(found[1], validate=True))


def message_in(page: str, name: str) -> tuple[dict[str, Any], Arrays, list[Arrays]]:
    """Return the header of a message, its static arrays and its frames."""
    data = bytes_in(page, name)
    assert data[:4] == b"NNP1"
    length = int.from_bytes(data[4:8], "little")
    header = json.loads(data[8 : 8 + length])
    at = 8 + length

    def arrays(layout: list[dict[str, Any]]) -> Arrays:
        nonlocal at
        found = {}
        for row in layout:
            at += -at % 8
            dtype, n = np.dtype(f"<{row['dtype']}"), int(np.prod(row["shape"], dtype=int))
            found[row["name"]] = np.frombuffer(data, dtype, n, at).reshape(row["shape"])
            at += n * dtype.itemsize
        return found

    statics = arrays(header["static_layout"])
    return header, statics, [arrays(header["frame_layout"]) for _ in range(header["n_frames"])]
