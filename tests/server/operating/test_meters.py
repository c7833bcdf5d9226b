"""What a server counts of itself: with a clock that stands still unless it is told to go on."""

from __future__ import annotations

import json
import re

import pytest

from nnplay.server.operating import process, report
from nnplay.server.operating.meters import Meter


class Clock:
    now = 100.25

    def __call__(self) -> float:
        return self.now


def test_a_meter_tells_what_there_was_in_the_seconds_that_are_complete() -> None:
    clock = Clock()
    meter = Meter(clock)
    for second in range(4):
        clock.now = 100.25 + second
        meter.add(10)
        meter.add(20 * second)
    assert meter.per_second() == (10 + 30 + 50) / 3  # not the fourth, which isn't over
    assert meter.per_second(2) == (30 + 50) / 2
    assert (meter.total, meter.mean(), meter.largest()) == (160, 160 / 8, 60)


def test_a_meter_forgets_after_a_minute() -> None:
    clock = Clock()
    meter = Meter(clock)
    meter.add(7)
    clock.now += 59
    assert meter.largest() == 7
    clock.now += 1
    assert (meter.largest(), meter.mean(), meter.per_second(), meter.total) == (0, 0, 0, 7)
    clock.now += 1e6
    meter.add(3)
    assert (meter.largest(), meter.mean()) == (3, 3)


def test_the_processor_is_measured_between_two_looks() -> None:
    clock, cpu = Clock(), Clock()
    use = process.ProcessorUse(clock, cpu)
    assert use.wait() == 1.0
    clock.now, cpu.now = clock.now + 2, cpu.now + 3
    assert (use.wait(), use.percent()) == (0, 150)
    clock.now += 0.5  # too soon: what was measured last
    assert use.percent() == 150
    clock.now += 100  # long ago: measured anew
    assert use.wait() == 1.0


def test_the_report_is_the_same_in_each_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNPLAY_SERVER_NAME", 'left "one" <1>')
    told = report.readings(report.Visits(connected=250, lost=2, uploads=3, upload_bytes=4_200_000))
    read = json.loads(report.to_json(told))
    assert (read["server"], read["sessions"], read["limits"]["sessions"]) == ('left "one" <1>', 250, 250)
    assert read["memory_megabytes"] is None or 50 < read["memory_megabytes"] < 5000
    lines = report.to_prometheus(told).splitlines()
    sample = re.compile(r'nnplay_\w+\{server="left \\"one\\" <1>"\} -?[\d.e+]+')
    assert all(sample.fullmatch(line) for line in lines if not line.startswith("# "))
    assert 'nnplay_uploads_megabytes{server="left \\"one\\" <1>"} 4.2' in lines
    assert "# TYPE nnplay_turned_away_total counter" in lines
    page = report.to_html(told)
    assert "<1>" not in page
    assert '<tr class="full"><th scope="row">Visits</th><td>250 of 250</td></tr>' in page
