"""What a visitor's session holds for the page Compare: the lanes, the clock, and the race's feed."""

from __future__ import annotations

import dataclasses
from typing import Any

import streamlit as st

from nnplay.experiment.compare.race import MOST_LANES, NAMES, differences_of
from nnplay.experiment.compare.race_recording import Clock, RaceRecording
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS
from nnplay.experiment.config.setting import PLAYGROUND
from nnplay.experiment.config.url import fit_for_address
from nnplay.experiment.recording.recipe import Recipe
from nnplay.refusal import Refusal
from nnplay.server import budget, moments
from nnplay.server.compare import race_link
from nnplay.server.compare.race_feed import RaceFeed
from nnplay.server.compare.race_link import CLOCK, LANE_NAMES, QUICK_STARTS, Lanes
from nnplay.server.link import NAMES as LINK_NAMES
from nnplay.server.link import Link
from nnplay.server.link import read as read_link
from nnplay.server.setting_words import refusal_words
from nnplay.ui import on_page, state
from nnplay.ui.kept import KeptValues
from nnplay.ui.streamlit_internals import script_run

#: The page's name; what it keeps in the session goes by it.
PAGE = "compare"
#: A run that another page hands over, in the session.
_HANDED = f"{PAGE}.handed"
#: Changes act on every lane.
ALL = "all"


class Kept(KeptValues):
    """The part of Streamlit's session state that belongs to the page; what isn't there is None.

    Attributes
    ----------
    lanes : tuple of ExperimentConfig
    base : ExperimentConfig
        The run that quick starts make lanes of.
    clock : {"epochs", "time"}
    link : Link
    notices : list of str
        What was ignored in the link.
    refusal : tuple of str and Refusal
        The setting that was refused last, and why.
    is_chosen : bool
        Whether the lanes are the visitor's choice, so that the address tells them.
    drawn : tuple
        What the page shows.
    dialog : str
        The dialog that is to be opened.
    opening : tuple of int
        The lane to be opened in the playground, and the frame.
    feed : RaceFeed
    """

    lanes: Lanes | None
    base: ExperimentConfig
    clock: Clock
    link: Link | None
    notices: list[str] | None
    refusal: tuple[str, Refusal] | None
    is_chosen: bool | None
    drawn: Any
    dialog: str | None
    opening: tuple[int, int] | None
    feed: RaceFeed | None


kept = Kept(lambda name: key(name))


def key(name: str) -> str:
    """Return what `name`, of a widget or a value, is called in the session state."""
    return f"{PAGE}.{name}"


def hand_over(config: ExperimentConfig) -> dict[str, str]:
    """Let the page begin with a run of another page's; return the query of its address."""
    st.session_state[_HANDED] = config
    return race_link.to_query(pair_of(config), "epochs")


def begin_visit() -> bool:
    """Take the lanes from what was handed over, from the address, or leave them as they were.

    Return whether the address counts: it is a link, or one of the browser's history.
    """
    arrived = on_page.take_arrival()
    query = st.query_params.to_dict()
    names_a_race = any(name in query for name in (*ExperimentConfig.__dataclass_fields__, *LANE_NAMES, CLOCK))
    handed = st.session_state.pop(_HANDED, None)
    if arrived:
        kept.dialog = kept.opening = None
    if handed is not None:
        _begin(pair_of(handed), handed, "epochs")
        kept.link, _ = read_link(query, handed)
        kept.is_chosen = False
        return False
    if kept.lanes is None or script_run.by_history() or (arrived and (names_a_race or not kept.is_chosen)):
        lanes, clock, first, notices = race_link.from_query(query)
        if not names_a_race and (present := state.on_playground()):
            first = present
        link, more = read_link(query, first)
        if (lanes or pair_of(first), clock) != (kept.lanes, kept.clock):
            _begin(lanes or pair_of(first), first, clock)
        kept.link, kept.notices, kept.is_chosen = kept.link or link, notices + more, False
        return True
    return False


def _begin(lanes: Lanes, base: ExperimentConfig, clock: Clock) -> None:
    kept.lanes, kept.base, kept.clock = lanes, base, clock
    kept.refusal = None


def pair_of(config: ExperimentConfig) -> Lanes:
    """Return a race to begin with: the run, and what a lecturer would set beside it first."""
    if config.hidden_sizes:
        other = "relu" if config.activation != "relu" else "tanh"
        return config, dataclasses.replace(config, activation=other)
    return config, dataclasses.replace(config, learning_rate=config.learning_rate / 10)


def link() -> Link:
    """Return what the link that the visitor came by says besides the race."""
    return kept.link or Link()


def feed() -> RaceFeed:
    """Return the feed of this visitor's race, with the lanes as they are now."""
    if kept.feed is None:
        kept.feed = RaceFeed(kept.lanes or (), kept.clock, state.account())
    present: RaceFeed = kept.feed
    present.use(kept.lanes or (), kept.clock)
    return present


def names() -> str:
    """Return the letters of the lanes."""
    return NAMES[: len(kept.lanes or ())]


def config_of(target: str) -> ExperimentConfig:
    """Return the settings of a lane, by its letter; of all of them, those of the first."""
    lanes: Lanes = kept.lanes or ()
    return lanes[0 if target == ALL else names().index(target)]


def different_settings() -> list[str]:
    """Return the settings in which not all lanes are alike."""
    return list(differences_of(kept.lanes or ())[0])


# -- what the visitor changes --------------------------------------------------------------------------------------


def start(name: str) -> None:
    """Set the lanes to those of a quick start."""
    if _choose(lambda: QUICK_STARTS[name].lanes_of(kept.base), f"start.{name}"):
        st.session_state[key("setting")] = different_settings()[0]


def change(target: str, setting: str, value: Any) -> None:
    """Change a setting of a lane, by its letter, or of all; if that is refused, every lane stays as it is."""

    def changed() -> Lanes:
        lanes = kept.lanes or ()
        return tuple(
            with_value(config, setting, value) if target in (ALL, name) else config
            for name, config in zip(names(), lanes, strict=True)
        )

    if _choose(changed, setting) and target == ALL:
        kept.base = with_value(kept.base, setting, value)


def add_lane() -> None:
    """Add a lane like the last one."""
    lanes = kept.lanes or ()
    if len(lanes) < MOST_LANES:
        _choose(lambda: (*lanes, lanes[-1]))
        st.session_state[key("target")] = names()[-1]


def remove_lane(name: str) -> None:
    """Remove a lane by its letter; two stay at least."""
    lanes = kept.lanes or ()
    if len(lanes) > 2 and name in names():
        place = names().index(name)
        _choose(lambda: (*lanes[:place], *lanes[place + 1 :]))
        st.session_state[key("target")] = names()[-1]


def set_clock(clock: Clock) -> None:
    """Race by epochs, or by training time."""
    if clock != kept.clock:
        kept.clock, kept.is_chosen = clock, True


def open_race(lanes: Lanes, clock: Clock) -> None:
    """Take the lanes of a file."""
    _begin(lanes, lanes[0], clock)
    kept.is_chosen = True


def race(lanes: Lanes) -> bool:
    """Race these from now on; return whether they can be."""
    if not _choose(lambda: lanes):
        return False
    kept.clock = "epochs"
    return True


def _choose(make: Any, setting: str = "") -> bool:
    """Take the lanes that `make` returns, and return True; if one is refused, note why, and keep those there are."""
    kept.refusal = None
    try:
        kept.lanes = race_link.fit_for_page(make())
    except Refusal as refusal:
        kept.refusal = (setting, refusal)
        return False
    kept.is_chosen = True
    return True


def with_value(config: ExperimentConfig, setting: str, value: Any) -> ExperimentConfig:
    """Return a configuration with another value; activations that each layer has go with the layers."""
    changes = {setting: value}
    each = config.activation
    if setting == "hidden_sizes" and not isinstance(each, str) and len(value) != len(config.hidden_sizes):
        changes["activation"] = [*each, *each[-1:] * len(value)][: len(value)] or "tanh"
        changes["activation"] = tuple(changes["activation"]) if value else "tanh"
    changed = dataclasses.replace(config, **changes)
    if changed != config:
        budget.check(changed)
    return changed


def refusal_of(setting: str, label: str = "") -> str | None:
    """Return in words why the last value of a setting was refused, or None."""
    if not kept.refusal or kept.refusal[0] != setting:
        return None
    return refusal_words(kept.refusal[1], label)


# -- the address ---------------------------------------------------------------------------------------------------


def write_link() -> None:
    """Write the lanes into the page's address once they are the visitor's own choice; what others put there stays.

    Each choice makes an entry in the browser's history.
    """
    if not kept.is_chosen:
        return
    ours = {*ExperimentConfig.__dataclass_fields__, *LINK_NAMES, *LANE_NAMES, CLOCK, moments.NAME}
    others = {name: value for name, value in st.query_params.to_dict().items() if name not in ours}
    wanted = others | race_link.to_query(kept.lanes or (), kept.clock) | link().to_query()
    if wanted != st.query_params.to_dict():
        st.query_params.from_dict(wanted)


def playground_query(race: RaceRecording, place: int, frame: int) -> dict[str, str]:
    """Return the query of the playground that shows a lane of a race as its own run, as it stands at a frame."""
    config = race.configs[place]
    state_then = race.frame(race.nearest_kept(frame)).parts["lanes"][place]
    query = {"dataset": config.dataset} | fit_for_address(config.to_query())[0]
    return query | {moments.NAME: moments.to_text(Recipe(config), int(state_then[2]), config)}


def note_drawn() -> None:
    """Note that the page now shows the present lanes."""
    kept.drawn = _present()


def page_is_behind() -> bool:
    """Return whether the page must run once more to show what was changed, or to open something."""
    return kept.drawn != _present() or kept.dialog is not None or kept.opening is not None


def _present() -> tuple[Any, ...]:
    return kept.lanes, kept.clock, kept.refusal, kept.base, st.session_state.get(key("tab"))


SETTINGS_TO_CHOOSE = tuple(
    name for name, row in SETTINGS.items() if PLAYGROUND in row.pages and row.is_readable and row.group != "stop"
)
