"""What a visitor's session holds for the tab: what is asked for, and the sweep's feed."""

from __future__ import annotations

import dataclasses
from typing import Any

import streamlit as st

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.url import fit_for_address
from nnplay.experiment.recording.recipe import Recipe
from nnplay.refusal import Refusal
from nnplay.server import budget, moments
from nnplay.server.compare import sweep_link
from nnplay.server.compare.race_link import CLOCK, LANE_NAMES
from nnplay.server.compare.sweep_feed import SweepFeed
from nnplay.server.compare.sweep_link import Axis, Plan
from nnplay.server.link import NAMES as LINK_NAMES
from nnplay.server.setting_words import refusal_words
from nnplay.ui import state, tabs
from nnplay.ui.compare import lanes
from nnplay.ui.kept import KeptValues
from nnplay.ui.streamlit_internals import script_run

#: Of the tab, in the address.
NAME = "sweep"


class Kept(KeptValues):
    """The part of Streamlit's session state that belongs to the tab; what isn't there is None.

    Attributes
    ----------
    plan : Plan
    feed : SweepFeed
    is_chosen : bool
        Whether the plan is the visitor's choice, so that the address tells it.
    refusal : tuple of str and Refusal
        The setting of all cells that was refused last, and why.
    problem : str
        What was wrong with a file.
    drawn : tuple
        What the page shows.
    opening : dict
        What is to be opened elsewhere.
    """

    plan: Plan
    feed: SweepFeed | None
    is_chosen: bool | None
    refusal: tuple[str, Refusal] | None
    problem: str | None
    drawn: Any
    opening: dict[str, Any] | None


kept = Kept(lambda name: key(name))


def key(name: str) -> str:
    """Return what `name`, of a widget or a value, is called in the session state."""
    return lanes.key(f"{NAME}.{name}")


def begin_visit(address_counts: bool) -> None:
    """Take the sweep from the address, if that counts now and tells of one, or leave it as it was."""
    query = st.query_params.to_dict()
    tells = any(name in query for name in sweep_link.NAMES)
    went_back = script_run.by_history() and query.get(tabs.TAB) == NAME
    if kept.plan is None or went_back or (address_counts and tells):
        kept.plan, notices = sweep_link.from_query(query)
        if went_back:  # to before anything was chosen, too: the address stays what it is
            kept.is_chosen = tells
        lanes.kept.notices = [*(lanes.kept.notices or []), *notices]


def config() -> ExperimentConfig:
    """Return the run that all cells are, but for what varies."""
    base: ExperimentConfig = lanes.kept.base
    return base


def feed() -> SweepFeed:
    """Return the feed of this visitor's sweep, with what is asked for now."""
    if kept.feed is None:
        kept.feed = SweepFeed(state.account())
    present: SweepFeed = kept.feed
    present.use(config(), kept.plan)
    return present


# -- what the visitor changes --------------------------------------------------------------------------------------


def set_axis(place: int, axis: Axis | None) -> None:
    """Let another setting vary, or other values; None for no second setting."""
    axes = [*kept.plan.axes]
    axes[place : place + 1] = [axis] if axis is not None else []
    _set(axes=tuple(axes))


def set_number(name: str, value: Any) -> None:
    """Set the seeds or the epochs."""
    _set(**{name: value})


def _set(**changes: Any) -> None:
    kept.plan = dataclasses.replace(kept.plan, **changes)
    kept.is_chosen = True


def change_all(setting: str, value: Any) -> None:
    """Change a setting of all cells; if that is refused, they stay as they are."""
    kept.refusal = None
    try:
        changed = lanes.with_value(config(), setting, value)
    except Refusal as refusal:
        kept.refusal = (setting, refusal)
        return
    lanes.kept.base = changed
    kept.is_chosen = True


def refusal_of_all(setting: str) -> str | None:
    """Return in words why the last value of a setting of all cells was refused, or None."""
    return refusal_words(kept.refusal[1]) if kept.refusal and kept.refusal[0] == setting else None


def open_sweep(content: str) -> None:
    """Show the sweep of a file, and ask for it with the controls.

    Raises
    ------
    Refusal
        If it is none, or none for a server that others use, too.
    """
    sweep = sweep_link.from_file(content)
    feed().open(sweep)
    lanes.kept.base = sweep.grid.config
    kept.plan = dataclasses.replace(sweep_link.plan_of(sweep.grid), place=kept.plan.place)
    kept.is_chosen = True


# -- the address ---------------------------------------------------------------------------------------------------


def query() -> dict[str, str]:
    """Return what a link to the sweep says."""
    return {
        **fit_for_address(config().to_query())[0],
        tabs.TAB: NAME,
        **sweep_link.to_query(kept.plan),
    }


def write_link() -> None:
    """Write what is asked for into the page's address once it is the visitor's own choice; what others put there stays.

    Each choice makes an entry in the browser's history.
    """
    if not kept.is_chosen:
        return
    ours = {*ExperimentConfig.__dataclass_fields__, *LINK_NAMES, *LANE_NAMES, CLOCK, *sweep_link.NAMES, moments.NAME}
    others = {name: value for name, value in st.query_params.to_dict().items() if name not in ours}
    wanted = others | query() | lanes.link().to_query()
    if wanted != st.query_params.to_dict():
        st.query_params.from_dict(wanted)


# -- to other pages ------------------------------------------------------------------------------------------------


def config_of(cell: int, seed: int | None) -> ExperimentConfig | None:
    """Return a cell's run, from a seed of the sweep's, by default the first; None where there is none."""
    sweep = feed().sweep
    if sweep is None:
        return None
    try:
        return sweep.result.config(cell, seed)
    except Refusal:
        return None


def playground_query(cell: int, seed: int) -> dict[str, str] | None:
    """Return the query of the playground that shows a training of the sweep, trained as far as it was."""
    sweep, config = feed().sweep, config_of(cell, seed)
    if sweep is None or config is None:
        return None
    found = {"dataset": config.dataset} | fit_for_address(config.to_query())[0]
    outcome = sweep.result.outcomes.get(cell * len(sweep.grid.seeds) + sweep.grid.seeds.index(seed))
    if outcome is None or outcome.diverged or not outcome.epochs:
        return found
    recipe, n_steps = Recipe(config), outcome.epochs * config.steps_per_epoch
    try:
        budget.check_replay(recipe, n_steps)
    except Refusal:  # it opens at its beginning
        return found
    return found | {moments.NAME: moments.to_text(recipe, n_steps, config)}


def race_of(cells: list[int]) -> bool:
    """Make a race of cells, of a single one with the run that all cells are made of; return whether that can be."""
    sweep = feed().sweep
    configs = [config_of(cell, None) for cell in cells]
    if sweep is None or not configs:
        return False
    found = [config for config in configs if config is not None]
    if len(found) == 1:
        first = found[0]
        found = [dataclasses.replace(sweep.grid.config, seed=first.seed, data_seed=first.data_seed), first]
    return lanes.race(tuple(found))


# -- what the page shows -------------------------------------------------------------------------------------------


def note_drawn() -> None:
    """Note that the page now shows what is asked for, and how the sweep stands."""
    kept.drawn = _present()


def page_is_behind() -> bool:
    """Return whether the page must run once more to show what has changed, or to open something."""
    return kept.drawn != _present() or kept.opening is not None or lanes.kept.dialog is not None


def _present() -> tuple[Any, ...]:
    return kept.plan, config(), kept.refusal, feed().shown, st.session_state.get(lanes.key("tab"))
