"""The controls of a race, in the sidebar: quick starts, and what is to be other in which lane."""

from __future__ import annotations

import streamlit as st

from nnplay.experiment.compare.race import LEAST_LANES, MOST_LANES
from nnplay.experiment.config.fields import SETTINGS
from nnplay.experiment.config.setting import PLAYGROUND
from nnplay.server.compare.race_link import QUICK_STARTS
from nnplay.ui import on_page
from nnplay.ui.compare import lanes, value_widgets
from nnplay.ui.compare.lanes import ALL, kept, key
from nnplay.ui.text import complain
from nnplay.wording import Help

_CLOCKS = {"epochs": "Epochs", "time": "Training time"}
_FIRST_SETTING = "activation"
SETTING_HELP = str(Help("The setting that you are about to change.", when="Its value is below."))
TARGET_HELP = Help(
    "Which lane the setting below is for.", when="Change one lane alone to compare; All changes what they share."
)


def draw_quick_starts(row: st.delta_generator.DeltaGenerator) -> None:
    """Draw the races that one press sets up, in a row."""
    with row:
        st.markdown("Quick start", width="content")
        for name, start in QUICK_STARTS.items():
            st.button(
                start.label,
                help=start.help,
                key=key(f"start.{name}"),
                on_click=on_page.bound(lanes.start),
                args=(name,),
            )
    for name in QUICK_STARTS:
        complain(lanes.refusal_of(f"start.{name}"))


def draw_sidebar() -> None:
    """Draw what changes lanes."""
    st.markdown("##### Lanes")
    target = _choose_target()
    setting = _choose_setting(target)
    _draw_value(target, setting)
    _draw_lane_buttons(target)
    st.markdown("##### Clock")
    _draw_clock()


def _choose_target() -> str:
    """Let the visitor choose which lane is changed, or all of them; return its letter."""
    options = [*lanes.names(), ALL]
    widget = key("target")
    if st.session_state.get(widget) not in options:
        st.session_state[widget] = options[1]
    chosen = st.segmented_control(
        "Change",
        options,
        format_func=lambda name: "All" if name == ALL else name,
        key=widget,
        required=True,
        help=str(TARGET_HELP),
    )
    return str(chosen)


def _choose_setting(target: str) -> str:
    """Let the visitor choose which setting is changed; return it."""
    widget = key("setting")
    options = [name for name in lanes.SETTINGS_TO_CHOOSE if not SETTINGS[name].absent(lanes.config_of(target))]
    if st.session_state.get(widget) not in options:
        different = lanes.different_settings()
        st.session_state[widget] = different[0] if different and different[0] in options else _FIRST_SETTING
    chosen = st.selectbox("Setting", options, format_func=value_widgets.label, key=widget, help=SETTING_HELP)
    return str(chosen)


def _draw_value(target: str, setting: str) -> None:
    """Show the setting's value in that lane, and what is wrong with one that was refused."""
    config = lanes.config_of(target)
    row = SETTINGS[setting]
    widget = key(f"value.{target}.{setting}")
    refused = lanes.refusal_of(setting)
    if refused is None or widget not in st.session_state:
        # Whatever was last set elsewhere; what was refused stays, to be mended.
        st.session_state[widget] = value_widgets.to_widget(setting, getattr(config, setting))
    label = f"{row.label} in {'all lanes' if target == ALL else f'lane {target}'}"

    def changed() -> None:
        lanes.change(target, setting, value_widgets.read(setting, st.session_state[widget]))

    value_widgets.draw(setting, config, widget, label, row.help_on(PLAYGROUND), on_page.bound(changed))
    complain(refused)
    if refused is None and row.idle(config):
        st.caption("This has no effect with the lane's other settings.")


def _draw_lane_buttons(target: str) -> None:
    n_lanes = len(lanes.names())
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Add lane",
            icon=":material/add:",
            key=key("add"),
            disabled=n_lanes == MOST_LANES,
            help=f"Adds a lane like the last one, up to {MOST_LANES}.",
            on_click=on_page.bound(lanes.add_lane),
        )
        of = "" if target == ALL else f" {target}"
        st.button(
            f"Remove{of}",
            icon=":material/remove:",
            key=key("remove"),
            disabled=n_lanes == LEAST_LANES or target == ALL,
            help=f"A race needs at least {LEAST_LANES} lanes." if target != ALL else "Choose the lane above.",
            on_click=on_page.bound(lanes.remove_lane),
            args=(target,),
        )


def _draw_clock() -> None:
    widget = key("clock-choice")
    st.session_state[widget] = kept.clock

    def changed() -> None:
        lanes.set_clock(st.session_state[widget])

    st.segmented_control(
        "Clock",
        list(_CLOCKS),
        format_func=lambda name: _CLOCKS[str(name)],
        key=widget,
        required=True,
        label_visibility="collapsed",
        on_change=on_page.bound(changed),
    )
    st.caption(
        "Every lane gets the same processor time: a small network gets farther. How far depends on the machine."
        if kept.clock == "time"
        else "Every lane has been through the training data equally often."
    )
