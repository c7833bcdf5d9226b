"""The parts *Picture* and *Video*: what the browser makes of the frames that it has, by ``static/take_away``."""

from __future__ import annotations

from nnplay.ui import component
from nnplay.ui.dialogs.take_away.moment import Moment

_component = component.declare("nnplay_take_away", "nnplay-take-away", "takeAway")


def draw_picture(moment: Moment) -> None:
    """Offer the moment on screen as a picture."""
    _component(key="take_away.picture", data={"part": "picture", "name": _name(moment)})


def draw_video(moment: Moment) -> None:
    """Offer the run, from an epoch to an epoch, as a video."""
    _component(key="take_away.video", data={"part": "video", "name": _name(moment)})


def _name(moment: Moment) -> str:
    return moment.file_name("").removesuffix(".")
