"""Coming back to a page: the frame that was left, not the furthest that was trained ahead."""

from __future__ import annotations

import pytest

from tests.server.test_branch_requests import visitor_at
from tests.server.test_frames import numbers_of


def test_a_sync_shows_the_frame_that_was_left_and_what_was_trained_ahead_stays() -> None:
    visitor = visitor_at(12)
    run = visitor.feed.run
    header, statics, frames = visitor.ask("sync", left={"run": run, "frame": 5})
    assert (header["last_frame"], numbers_of(frames)) == (12, [5])
    assert statics["history_frame"].tolist() == list(range(13))
    recorded = visitor.feed.recording.track.kept[9].snapshot
    assert numbers_of(visitor.ask_frames(5, 4, "epoch")) == [6, 7, 8, 9]
    assert visitor.feed.recording.track.kept[9].snapshot is recorded  # drawn again, not trained again


@pytest.mark.parametrize("left", [None, {"run": "another", "frame": 5}, {"frame": 5}, "5", []], ids=repr)
def test_of_a_run_that_the_browser_does_not_know_it_shows_the_newest_frame(left: object) -> None:
    visitor = visitor_at(12)
    _, _, frames = visitor.ask("sync", left=left)
    assert numbers_of(frames) == [12]


@pytest.mark.parametrize("frame", [-1, 2**60, "5", None, True], ids=repr)
def test_a_frame_that_is_none_is_a_bad_request(frame: object) -> None:
    visitor = visitor_at(3)
    header, _, frames = visitor.ask("sync", left={"run": visitor.feed.run, "frame": frame})
    assert (header["kind"], frames) == ("frames", [])
