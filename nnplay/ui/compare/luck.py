"""The second tab: one run from many seeds at once. Its browser side is ``static/stage/pages/luck.js``."""

from __future__ import annotations

import dataclasses
from typing import Any

import streamlit as st

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS, differing
from nnplay.experiment.config.setting import PLAYGROUND
from nnplay.experiment.config.url import fit_for_address
from nnplay.refusal import Refusal
from nnplay.server.compare import fan_link
from nnplay.server.compare.fan_feed import FanFeed
from nnplay.server.compare.fan_link import OFFERED, FanSettings, check_fan
from nnplay.server.setting_words import capital, refusal_words, settings_in_words
from nnplay.ui import component, on_page, shell, state, tabs
from nnplay.ui.compare import lanes, value_widgets
from nnplay.ui.compare.lanes import ALL, kept, key
from nnplay.ui.dialogs import share
from nnplay.ui.dialogs.share import Shared
from nnplay.ui.stage.preload import preload
from nnplay.ui.streamlit_internals import script_run
from nnplay.ui.text import complain, plain
from nnplay.wording import Help

#: In the address, and of the page of the stage.
NAME = "luck"
KEY = key(NAME)
#: What is kept in the session: settings, feed, what was refused, what the page shows, the seed to open.
_SETTINGS, _FEED, _REFUSED, _DRAWN, _OPENING = (key(f"{NAME}.{what}") for what in ("is", "feed", "no", "drawn", "open"))
_SEEDS, _FRESH, _SETTING = (key(f"{NAME}.{what}") for what in ("seeds", "fresh", "setting"))

SEEDS_HELP = Help(
    "How many times the run is trained, each time from other first weights.",
    "Too few: one lucky run looks like the rule.",
    "Too many: each epoch takes longer.",
)
FRESH_HELP = Help(
    "Each seed draws its own samples and split.",
    when="Off: all seeds share the same data, and only the first weights and the order of samples vary.",
)
_SETTING_HELP = str(Help("The setting that you are about to change, for every seed.", when="Its value is below."))
_component = component.declare("nnplay_stage_luck", "nnplay-stage", "stage", page=NAME)


def begin_visit(address_counts: bool) -> None:
    """Take the settings of the fan from the address, if that counts now, or leave them as they were."""
    if address_counts or _SETTINGS not in st.session_state:
        settings, notices = fan_link.from_query(st.query_params.to_dict())
        st.session_state[_SETTINGS] = settings
        kept.notices = (kept.notices or []) + notices


def settings() -> FanSettings:
    """Return how many seeds there are, and what is asked of them."""
    present: FanSettings = st.session_state[_SETTINGS]
    return present


def run() -> ExperimentConfig:
    """Return the run that is trained from many seeds: lane A's."""
    return lanes.config_of(ALL)


def feed() -> FanFeed | None:
    """Return the feed of this visitor's fan, with the settings as they are now, or None if there never was one.

    Settings that don't fit on this server are noted as refused; what was on screen stays.
    """
    present: FanFeed | None = st.session_state.get(_FEED)
    try:
        if present is None:
            present = st.session_state[_FEED] = FanFeed(run(), settings(), state.account())
        else:
            present.use(run(), settings())
    except Refusal as refusal:
        _refuse(fan_link.SEEDS, refusal)
    return present


def show(row: st.delta_generator.DeltaGenerator | None) -> None:
    """Show the seeds; what changes them goes in `row`, above, and in the sidebar, unless the link hides that."""
    if opening := st.session_state.pop(_OPENING, None):
        _open_in_playground(*opening)
    preload(NAME)
    present = feed()
    _note_drawn()
    if row is not None:
        with row:
            _draw_seeds()
    complain(_refused(fan_link.SEEDS))
    if present is not None:
        _stage()
    if row is not None:
        with st.sidebar:
            _draw_settings()


@on_page.fragment
def _stage() -> None:
    """Show the stage; a request of the browser reruns this fragment alone."""
    if _page_is_behind():
        script_run.rerun()
    present = feed()
    if present is None:
        return
    message = present.message
    _write_link()
    _component(
        key=KEY,
        data=message,
        on_request_change=on_page.bound(_answer),
        on_proposal_change=on_page.bound(_take_proposal),
    )
    shell.let_page_arrive()


def _answer() -> None:
    if present := feed():
        present.answer(component.said(KEY, "request"))


def _take_proposal() -> None:
    """Take another target, or note that a seed is to be opened: the page's next run does it."""
    proposal: Any = component.said(KEY, "proposal")
    present = feed()
    if present is None or not isinstance(proposal, dict) or not isinstance(proposal.get("values"), dict):
        return
    is_new = isinstance(proposal.get("id"), int) and proposal["id"] > present.proposal
    present.hear(proposal.get("id"))
    if not is_new:
        return
    values = proposal["values"]
    if "target" in values:
        _change(target=values["target"])
    seed, frame = values.get("open"), values.get("frame")
    if isinstance(seed, int) and seed in present.recording.seeds:
        st.session_state[_OPENING] = (seed, frame if isinstance(frame, int) else 0)


def _open_in_playground(seed: int, frame: int) -> None:
    if present := feed():
        shell.open_page(PLAYGROUND, present.playground_query(seed, frame))


# -- what the visitor changes --------------------------------------------------------------------------------------


def _change(**changes: Any) -> None:
    """Change the fan's settings; if that is refused, note why, and keep those there are."""
    st.session_state.pop(_REFUSED, None)
    try:
        changed = dataclasses.replace(settings(), **changes)
        if changed.n_seeds > settings().n_seeds:
            check_fan(run(), changed.n_seeds)
    except Refusal as refusal:
        _refuse(fan_link.SEEDS, refusal)
        return
    st.session_state[_SETTINGS] = changed
    kept.is_chosen = True


def _change_run(setting: str, value: Any) -> None:
    """Change a setting of the run: in all lanes, so that the race stays one, unless they race that very setting."""
    st.session_state.pop(_REFUSED, None)
    try:
        check_fan(lanes.with_value(run(), setting, value), settings().n_seeds)
    except Refusal as refusal:
        _refuse(setting, refusal)
        return
    lanes.change(lanes.names()[0] if setting in lanes.different_settings() else ALL, setting, value)


def _refuse(control: str, refusal: Refusal) -> None:
    """Note what is to be said beside a control."""
    label = "Seeds" if refusal.argument == fan_link.SEEDS else ""
    st.session_state[_REFUSED] = control, refusal_words(refusal, label)


def _refused(control: str) -> str | None:
    """Return why what a control was set to was refused, or None."""
    place, words = st.session_state.get(_REFUSED, ("", None))
    return words if place == control else None


def _draw_seeds() -> None:
    """Draw how many seeds there are, and whether their data vary, too."""
    present = settings()
    st.session_state[_SEEDS], st.session_state[_FRESH] = present.n_seeds, present.fresh_data

    def changed() -> None:
        _change(n_seeds=st.session_state[_SEEDS], fresh_data=st.session_state[_FRESH])

    st.markdown("Seeds", width="content", help=str(SEEDS_HELP))
    st.segmented_control(
        "Seeds",
        sorted({*OFFERED, present.n_seeds}),
        key=_SEEDS,
        required=True,
        label_visibility="collapsed",
        on_change=on_page.bound(changed),
        width="content",
    )
    st.toggle(
        "Fresh data",
        key=_FRESH,
        help=str(FRESH_HELP),
        on_change=on_page.bound(changed),
        width="content",
    )


def _draw_settings() -> None:
    """Draw what changes the run that all seeds share."""
    st.markdown("##### Run")
    config = run()
    different = [name for name in differing(config, ExperimentConfig()) if SETTINGS[name].is_readable]
    st.caption(plain(capital(settings_in_words(config, different)) or "As the playground begins."))
    options = [
        name for name in lanes.SETTINGS_TO_CHOOSE if not SETTINGS[name].absent(config) and name != fan_link.VARIES
    ]
    if st.session_state.get(_SETTING) not in options:
        st.session_state[_SETTING] = "hidden_sizes"
    setting = str(st.selectbox("Setting", options, format_func=value_widgets.label, key=_SETTING, help=_SETTING_HELP))
    widget = key(f"{NAME}.value.{setting}")
    refused = _refused(setting)
    if refused is None or widget not in st.session_state:
        st.session_state[widget] = value_widgets.to_widget(setting, getattr(config, setting))

    def changed() -> None:
        _change_run(setting, value_widgets.read(setting, st.session_state[widget]))

    row = SETTINGS[setting]
    value_widgets.draw(
        setting, config, widget, f"{row.label} of every seed", row.help_on(PLAYGROUND), on_page.bound(changed)
    )
    complain(refused)


# -- the address ---------------------------------------------------------------------------------------------------


def _write_link() -> None:
    """Write what the fan is into the page's address, once something was chosen."""
    if not kept.is_chosen:
        return
    lanes.write_link()
    query = st.query_params.to_dict()
    wanted = {name: value for name, value in query.items() if name not in fan_link.NAMES} | fan_link.to_query(
        settings()
    )
    if wanted != query:
        st.query_params.from_dict(wanted)


def _note_drawn() -> None:
    lanes.note_drawn()
    st.session_state[_DRAWN] = _present()


def _page_is_behind() -> bool:
    return lanes.page_is_behind() or _OPENING in st.session_state or st.session_state.get(_DRAWN) != _present()


def _present() -> tuple[Any, ...]:
    """Return what the page shows besides the stage, which follows the target by itself."""
    return dataclasses.replace(settings(), target=0.0), st.session_state.get(_REFUSED)


def _shared() -> Shared:
    run_query, _ = fit_for_address(run().to_query())
    return Shared(
        query=lambda frame: run_query | {tabs.TAB: NAME} | fan_link.to_query(settings()),
        link=lanes.link(),
        groups=fan_link.GROUPS,
        offer_file=lambda frame: None,
        view=lambda seen: None,
    )


share_dialog = on_page.dialog("Share these seeds", width="large", icon=":material/share:")(
    lambda: share.draw(_shared())
)
