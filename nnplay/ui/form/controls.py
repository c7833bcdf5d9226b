"""The playground's controls: which fields of the configuration are where, and in what words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from nnplay.datasets import DATASETS
from nnplay.engine.activations import ACTIVATIONS
from nnplay.engine.initializers import INITIALIZERS
from nnplay.engine.losses import LOSSES
from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.engine.outputs import OUTPUTS
from nnplay.engine.regularizers import REGULARIZERS
from nnplay.engine.schedules import SCHEDULES
from nnplay.experiment.training.stop_conditions import STOP_FIELDS
from nnplay.server.link_refusals import brief
from nnplay.server.setting_words import refusal_words, words
from nnplay.ui import state
from nnplay.ui.form.dataset_picker import OWN_POINTS, DatasetPicker, options_of
from nnplay.ui.form.features import FeaturesField
from nnplay.ui.form.layers import ActivationField, LayersField
from nnplay.ui.form.page_fields import ControlSet
from nnplay.ui.form.widgets import Choice, Limit, Number, Slider, Spec, Steps, Toggle
from nnplay.ui.text import plain

RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
BATCH_SIZES = (1, 2, 5, 10, 20, 32, 50, 64, 100, 128, 200)


def words_or_automatic(name: str | None) -> str:
    """Return a registered name in words, or that the choice is left to the data."""
    return words(name) if name else "Automatic"


DATASET = DatasetPicker("dataset", "Data set", registry=DATASETS, parameters_of=options_of)
NOISE = Slider("noise", "Noise", "How far the samples stray: a standard deviation.", high=0.5)
N_SAMPLES = Slider("n_samples", "Points", "Samples, for training and testing together.", low=50, high=1000, step=50)
TEST_FRACTION = Slider(
    "test_fraction",
    "Held for testing",
    "Share of the points that is never trained on.",
    high=0.9,
    step=0.05,
    format="percent",
)
BATCH_SIZE = Choice(
    "batch_size",
    "Batch size",
    "Samples for each step. Fewer: more, noisier steps in an epoch.",
    options=lambda: [*(size for size in BATCH_SIZES if size <= state.config().n_train), None],
    say=lambda size: "Full batch" if size is None else str(size),
)
FEATURES = FeaturesField(
    "features",
    "Inputs",
    "What the network is fed with, each as it is: the coordinates run from about −1 to 1, so nothing needs scaling. "
    "The sines make two waves across the plane.",
)
LAYERS = LayersField("hidden_sizes", "Hidden layers")
ACTIVATION = ActivationField(
    "activation",
    "Activation",
    "What each hidden unit does with its weighted sum.",
    registry=ACTIVATIONS,
    say=words,
    layers=LAYERS,
)
LEARNING_RATE = Steps(
    "learning_rate",
    "Learning rate",
    "How far each step goes against the gradient.",
    options=RATES,
    say=lambda rate: f"{rate:g}",
)
MOMENTUM = Slider("momentum", "Momentum", "How much of the last step carries over into the next.", high=0.99)
OPTIMIZER = Spec("optimizer", "Optimizer", "What a step does with the gradient.", registry=OPTIMIZERS, say=words)
REGULARIZER = Choice(
    "regularizer", "Regularization", "A price on large weights.", options=("none", *REGULARIZERS), say=words
)
REGULARIZATION_RATE = Steps(
    "regularization_rate",
    "Penalty rate",
    "How high that price is.",
    options=(0.0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
    say=lambda rate: f"{rate:g}",
)
NESTEROV = Toggle("nesterov", "Nesterov", "Look ahead along the velocity before correcting it.")
SCHEDULE = Spec("schedule", "Schedule", "How the learning rate changes with the epoch.", registry=SCHEDULES, say=words)
DROPOUT = Slider(
    "dropout", "Dropout", "Share of the hidden units silenced at random in each step.", high=0.9, step=0.05
)
INITIALIZER = Spec("initializer", "Initializer", "How the first weights are drawn.", registry=INITIALIZERS, say=words)
OUTPUT = Choice(
    "output",
    "Output",
    "What turns the last sums into an answer.",
    options=(None, *OUTPUTS),
    say=words_or_automatic,
)
LOSS = Choice(
    "loss",
    "Loss",
    "What training makes small.",
    options=lambda: [None, *(n for n in LOSSES if state.config().resolved_output in LOSSES[n].valid_outputs)],
    say=words_or_automatic,
)
BIAS = Toggle("bias", "Biases", "Without, every unit's line goes through the origin.")
SHUFFLE = Toggle("shuffle", "Shuffle", "Take the samples in a new order each epoch.")
DTYPE = Choice("dtype", "Numbers", "Double or single precision.", options=("float64", "float32"))
MAX_EPOCHS = Limit("max_epochs", "Epochs", "Stop after so many epochs. Leave it empty to go on for ever.")
TARGET_LOSS = Limit(
    "target_loss", "Training loss down to", "Stop after the first epoch with a training loss as low as that.", high=1e9
)
PATIENCE = Limit(
    "patience",
    "Epochs without improvement",
    "Stop when for so many epochs the test loss was never lower than before; the training loss, without test points.",
)
SEED = Number("seed", "Seed", "The same seed gives the same run: data, first weights, order of the samples.")

FIELDS = (
    DATASET, OWN_POINTS, NOISE, N_SAMPLES, TEST_FRACTION, BATCH_SIZE, FEATURES, LAYERS, ACTIVATION, LEARNING_RATE,
    MOMENTUM, OPTIMIZER, REGULARIZER, REGULARIZATION_RATE, NESTEROV, SCHEDULE, DROPOUT, INITIALIZER, OUTPUT, LOSS, BIAS,
    SHUFFLE, DTYPE, SEED, MAX_EPOCHS, TARGET_LOSS, PATIENCE,
)  # fmt: skip
#: Time to read what of a link was ignored; then it gives the panels back their room.
_NOTICE_SECONDS = 20
#: What a beginner doesn't need, one click away.
IN_MORE = ("nesterov", "schedule", "dropout", "initializer", "output", "loss", "bias", "shuffle", "dtype", "seed")

#: What the bar and the stage show, and nothing else of the page depends on.
IN_BAR_ALONE = {"learning_rate", "momentum", "regularizer", "regularization_rate"}


SET = ControlSet(FIELDS, IN_BAR_ALONE)
read, put, follow_opened, page_must_follow = SET.read, SET.put, SET.follow_opened, SET.page_must_follow


def draw_sidebar(draw_below_pictures: Callable[[], None] = lambda: None) -> None:
    """Draw what the data and the network are.

    Parameters
    ----------
    draw_below_pictures : callable
        Draws what belongs below the pictures of the data sets.
    """
    shows = state.link().shows
    if shows("data"):
        _draw_data(draw_below_pictures)
    draw_below_data()


def draw_below_data(**options: Any) -> None:
    """Draw what the network is, with options of its layers' control; folded up, what a beginner doesn't need."""
    shows = state.link().shows
    if shows("network"):
        st.markdown("##### Network")
        LAYERS.draw(**options)
        ACTIVATION.draw_parameters()
    if shows("more"):
        with st.expander("More", icon=":material/tune:", expanded=state.refusal_of(*IN_MORE) is not None):
            _draw_more()
    if shows("stop"):
        with st.expander(
            "Stop automatically", icon=":material/flag:", expanded=state.refusal_of(*STOP_FIELDS) is not None
        ):
            MAX_EPOCHS.draw()
            TARGET_LOSS.draw()
            PATIENCE.draw()


def _draw_data(draw_below_pictures: Callable[[], None]) -> None:
    st.markdown("##### Data")
    DATASET.draw()
    draw_below_pictures()
    DATASET.draw_parameters()
    OWN_POINTS.draw()
    own = state.config().own
    NOISE.draw(disabled=own is not None)
    N_SAMPLES.draw(disabled=own is not None)
    if own:
        st.caption(f"These are your own {own.data.n_samples} points: noise and number of points don't apply.")
        if notice := state.link_notice():
            st.caption(notice)
    left, right = st.columns(2)
    with left:
        TEST_FRACTION.draw()
    with right:
        BATCH_SIZE.draw(beside=True)
    BATCH_SIZE.complain()
    FEATURES.draw()


def draw_bar() -> None:
    """Draw what one changes while watching."""
    columns = st.columns([1.1, 1.2, 1.2, 1, 1, 1])
    for column, field in zip(
        columns, (ACTIVATION, LEARNING_RATE, MOMENTUM, OPTIMIZER, REGULARIZER, REGULARIZATION_RATE), strict=True
    ):
        with column:
            field.draw(**_disabled(field.name))


def draw_notices() -> None:
    """Say what of the link was ignored, and which value was refused.

    As toasts, which push nothing off the screen.
    """
    for notice in brief(state.take_notices()):
        st.toast(plain(notice), icon=":material/link_off:", duration=_NOTICE_SECONDS)
    refusal = state.refusal()
    if refusal and not state.refusal_of(FEATURES.name):  # that one stands below its field, which was just typed in
        st.toast(f"Not applied: {plain(refusal_words(refusal))}", icon=":material/error:")


def _draw_more() -> None:
    SEED.draw()
    OUTPUT.draw()
    LOSS.draw()
    config = state.config()
    if config.output is None or config.loss is None:
        st.caption(f"Now {words(config.resolved_output)} with {words(config.resolved_loss).lower()}.")
    INITIALIZER.draw()
    INITIALIZER.draw_parameters()
    SCHEDULE.draw()
    SCHEDULE.draw_parameters()
    DROPOUT.draw(**_disabled("dropout"))
    OPTIMIZER.draw_parameters()
    NESTEROV.draw(**_disabled("nesterov"))
    BIAS.draw()
    SHUFFLE.draw()
    DTYPE.draw()


def _disabled(name: str) -> dict[str, bool]:
    """Grey out what has no effect on the run as it is."""
    config = state.config()
    idle = {
        "momentum": not config.optimizer.startswith("sgd"),
        "nesterov": not config.optimizer.startswith("sgd") or config.momentum == 0,
        "regularization_rate": config.regularizer == "none",
        "activation": not config.hidden_sizes or isinstance(config.activation, tuple),
        "dropout": not config.hidden_sizes,
    }
    return {"disabled": idle.get(name, False)}
