"""What a replay page says of its run: the data, the architecture, the settings, what was changed on the way."""

from __future__ import annotations

from itertools import pairwise

from nnplay.datasets.generated.recipes import DATASETS
from nnplay.datasets.own_data import OWN, TABLE
from nnplay.datasets.stored import STORED
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS
from nnplay.experiment.recording.recording import Recording
from nnplay.server.replay.frames import Packed
from nnplay.server.setting_words import capital, change_in_words, settings_in_words
from nnplay.server.training_pages import page_of
from nnplay.wording import counted

#: Settings that are told even where they are the usual ones.
_ALWAYS = {"n_samples", "noise", "activation", "optimizer", "learning_rate", "momentum", "batch_size", "seed"}
#: Changes on the way that are told.
MOST_CHANGES = 4
#: What the heading says already, and what only says when to stop.
_NEVER = {"dataset", "points", "hidden_sizes"}


def title_of(recording: Recording) -> str:
    """Return the heading: the data, and the units of each layer from the inputs on."""
    sizes = " – ".join(map(str, recording.session.network.layer_sizes))
    return f"{_data_word(recording.config)}: a {sizes} network learns"


def _data_word(config: ExperimentConfig) -> str:
    name = config.dataset.partition("(")[0]
    if name == OWN:
        return "Own points"
    if name == TABLE:
        return "Own table"
    return STORED[name].label if name in STORED else DATASETS[name].label


def settings_of(recording: Recording) -> str:
    """Return the settings that the run began with, in a sentence: the main ones, and unusual ones."""
    config = recording.track.changes[0].settings
    page = page_of(config).name
    usual = ExperimentConfig()
    names = [
        name
        for name, row in SETTINGS.items()
        if page in row.pages
        and name not in _NEVER
        and row.group != "stop"
        and row.is_readable
        and not (row.idle(config) or row.absent(config))
        and (name in _ALWAYS or getattr(config, name) != getattr(usual, name))
    ]
    return f"{capital(settings_in_words(config, names))}."


def frames_of(packed: Packed) -> str:
    """Return how much of the run is there."""
    first, last = map(_plain, (packed.first_epoch, packed.last_epoch))
    if packed.n_frames == packed.n_recorded:
        return f"{counted(packed.n_frames, 'frame')}, epochs {first} to {last}."
    n_recorded = counted(packed.n_recorded, "frame")
    spread = f"{packed.n_frames:,} of {n_recorded}, evenly spread over epochs {first} to {last}"
    return f"{spread}; the curves show the whole run."


def changes_of(recording: Recording) -> list[str]:
    """Return a sentence that tells what was changed on the way, if anything was."""
    changes = [
        f"at epoch {_plain(after.epoch)} {change_in_words(before.settings, after.settings)}"
        for before, after in pairwise(recording.track.changes)
    ]
    if not changes:
        return []
    more = f" and {len(changes) - MOST_CHANGES} more" if len(changes) > MOST_CHANGES else ""
    return [f"Changed on the way: {'; '.join(changes[:MOST_CHANGES])}{more}."]


def _plain(epoch: float) -> str:
    return f"{epoch:,.2f}".rstrip("0").rstrip(".")
