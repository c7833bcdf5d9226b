"""The digits page's controls: which of the playground's fields it has, and what is its own."""

from __future__ import annotations

import dataclasses

import streamlit as st

from nnplay.datasets.stored import STORED, StoredSet
from nnplay.experiment.config.checks import MAX_UNITS
from nnplay.server.training_pages import PLACES
from nnplay.ui import awaiting_data, state
from nnplay.ui.form import controls, presets
from nnplay.ui.form.page_fields import ControlSet
from nnplay.ui.form.widgets import Choice

ROWS = (1000, 5000, 10_000, 30_000, 0)
BATCH_SIZES = (10, 20, 32, 64, 128, 256, 512)

DATASET = Choice(
    "dataset",
    "Images",
    options=tuple(name for name in STORED if PLACES["digits"].takes(name)),
    say=lambda name: STORED[name].label,
)
N_ROWS = Choice(
    "n_rows",
    "Training images",
    "Fewer: faster epochs, and more is learned by heart.",
    options=lambda: [rows for rows in ROWS if rows < _entry().n_samples],
    say=lambda rows: f"{rows:,}" if rows else "All",
)
TEST_FRACTION = controls.TEST_FRACTION
BATCH_SIZE = dataclasses.replace(
    controls.BATCH_SIZE,
    help="Images for each step. Fewer: more, noisier steps in an epoch.",
    options=lambda: [size for size in BATCH_SIZES if size <= state.config().n_train],
)

FIELDS = ControlSet(
    (
        DATASET, N_ROWS, TEST_FRACTION, BATCH_SIZE, controls.LAYERS, controls.ACTIVATION, controls.LEARNING_RATE,
        controls.MOMENTUM, controls.OPTIMIZER, controls.REGULARIZER, controls.REGULARIZATION_RATE, controls.NESTEROV,
        controls.SCHEDULE, controls.DROPOUT, controls.INITIALIZER, controls.OUTPUT, controls.LOSS, controls.BIAS,
        controls.SHUFFLE, controls.DTYPE, controls.SEED, controls.MAX_EPOCHS, controls.TARGET_LOSS, controls.PATIENCE,
    ),
    controls.IN_BAR_ALONE,
)  # fmt: skip


def draw_sidebar() -> None:
    """Draw what the images and the network are."""
    if state.link().shows("data"):
        presets.draw(FIELDS)
        _draw_data()
    controls.draw_below_data(most_units=MAX_UNITS)


def _entry() -> StoredSet:
    return STORED[state.config().dataset]


def _draw_data() -> None:
    st.markdown("##### Data")
    DATASET.draw()
    awaiting_data.draw_offer()
    entry = _entry()
    st.caption(entry.description)
    left, right = st.columns(2)
    with left:
        if entry.n_test:
            N_ROWS.draw()
        else:
            TEST_FRACTION.draw()
    with right:
        BATCH_SIZE.draw(beside=True)
    BATCH_SIZE.complain()
    if entry.n_test:
        st.caption(f"Its {entry.n_test:,} official test images are never trained on.")
