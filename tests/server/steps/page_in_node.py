"""What the page Step by step shows, as node reads it from the page's elements."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests import ROOT

HARNESS = ROOT / "tests" / "js" / "harness" / "steps.mjs"


def shown(node: str, messages: Sequence[bytes]) -> list[dict[str, Any]]:
    """Return what the page shows of each step."""
    sent = b"".join(len(message).to_bytes(4, "little") + message for message in messages)
    done = subprocess.run([node, HARNESS], input=sent, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def written(value: float) -> str:
    """Return a number as the page is to write it, worked out by decimal arithmetic."""
    if value == 0:
        return "0"
    size = abs(Decimal(value))
    if size < Decimal("0.001") or size >= 10_000:
        power = size.adjusted()
        digits = size.scaleb(-power).quantize(Decimal("0.01"), ROUND_HALF_UP)
        if digits == 10:
            digits, power = Decimal("1.00"), power + 1
        text = f"{digits}e{power}".replace("e-", "e−")
    elif size == size.to_integral_value():
        text = str(int(size))
    else:
        steps = ((1000, 0), (100, 1), (10, 2), (1, 3), (Decimal("0.01"), 4), (0, 5))
        decimals = next(each for least, each in steps if size >= least)
        text = str(size.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
    return ("−" if value < 0 else "") + text
