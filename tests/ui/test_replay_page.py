"""The part *Replay page* of the dialog *Take away*."""

from __future__ import annotations

import math
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from nnplay.ui.dialogs.take_away import dialog, replay
from tests.server.replay.reading import message_in
from tests.ui.test_lecture import button, in_dialog

MAKE = "Make the page"


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What the browser says of the page."""
    said: dict[str, object] = {"address": "https://nnplay.example.org/"}
    monkeypatch.setattr(dialog, "look_at_page", lambda key: said)
    return said


def opened(epochs: int) -> AppTest:
    """Return the dialog at the part, of a run that was trained for so many epochs."""
    app = in_dialog("take_away.dialog", dataset="moons", n_samples="60", hidden_sizes="3")
    recording = app.session_state["feed"].recording
    for _ in range(epochs):
        recording.advance(recording.last_frame, "epoch", 1, 1, math.inf)
    app.session_state["take_away.part"] = "replay"
    return app.run()


def offers(app: AppTest) -> list[str]:
    return [each.proto.label for each in app.get("download_button")]


def page_in(app: AppTest) -> str:
    made: Any = app.session_state["take_away.replay.made"]
    return str(made.page.decode())


def test_the_page_ends_with_the_last_frame_that_was_seen(seen: dict[str, object]) -> None:
    seen |= {"frame": 2, "furthest": 4}
    app = opened(6)
    assert not offers(app)
    button(app, MAKE).click().run()
    assert not app.exception
    (offer,) = offers(app)
    assert offer in ("Save the page (0.8 MB)", "Save the page (0.9 MB)")
    assert MAKE not in [each.label for each in app.button]
    numbers = [int(frame["counters"][0]) for frame in message_in(page_in(app), "nnplay-frames")[2]]
    assert numbers == [0, 1, 2, 3, 4]
    header = message_in(page_in(app), "nnplay-sync")[0]
    assert (header["last_frame"], header["stopped"]) == (4, None)
    assert app.session_state["feed"].recording.last_frame == 6


def test_it_links_to_the_run_if_that_is_wanted(seen: dict[str, object]) -> None:
    app = opened(3)
    button(app, MAKE).click().run()
    assert 'href="https://nnplay.example.org/?dataset=moons' in page_in(app)
    app.toggle(key="take_away.replay.link").set_value(False).run()
    assert not offers(app)
    button(app, MAKE).click().run()
    assert "href=" not in page_in(app).replace('href="data:,"', "")


@pytest.mark.parametrize("address", ["http://localhost:8501/", "http://127.0.0.1:8501/", "http://[::1]:8501/"])
def test_an_address_that_nobody_else_can_open_is_not_offered(seen: dict[str, object], address: str) -> None:
    seen["address"] = address
    assert not opened(1).toggle
    assert not replay._is_of_one_machine("192.168.1.20")


def test_a_run_that_was_not_trained_is_refused(seen: dict[str, object]) -> None:
    app = opened(0)
    button(app, MAKE).click().run()
    assert not app.exception
    (error,) = [each.value.replace("\\", "") for each in app.error]
    assert error == "No page: the run must have been trained for a while."
    assert not offers(app)


def test_a_page_of_another_moment_is_made_anew(seen: dict[str, object]) -> None:
    seen |= {"frame": 1, "furthest": 2}
    app = opened(4)
    button(app, MAKE).click().run()
    seen["furthest"] = 3
    app.run()
    assert not offers(app)
    assert MAKE in [each.label for each in app.button]
