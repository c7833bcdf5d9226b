"""A run as one JSON file: its definition, where the training stands, and the loss so far.

``docs/saved_run.md`` describes the format. :func:`from_json` trusts nothing of what it reads, and :func:`to_json`
writes nothing that would not be read: both ask :func:`~nnplay.experiment.saved_runs.checks.check_stand`.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nnplay import limits
from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.frames.kept_frames import KeptFrame
from nnplay.experiment.recording.recipe import FreshOptimizer, Recipe
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.saved_runs.checks import HISTORY, MAX_WAIVED, SCORES, Stand, check_stand, progress_of
from nnplay.experiment.training.snapshot import Snapshot
from nnplay.experiment.training.stop_conditions import Watch
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.registry import parse_call
from nnplay.validation import shown

FORMAT, VERSION = "nnplay run", 1
#: Largest file, in bytes; a run of eight layers of 64 units takes about 2 MB.
MAX_BYTES = limits.megabytes("upload_megabytes")
#: Most objects and lists in a file, a few dozen in what is written: millions of empty ones would take their time.
MAX_BRACKETS = 10_000


def to_json(recording: Recording, frame: int | None = None) -> str:
    """Return the run as it stands at the kept frame nearest to `frame`, by default the newest one.

    Parameters
    ----------
    recording : Recording
    frame : int, optional

    Raises
    ------
    ValueError
        If :func:`from_json` would not read it: it would be too long, or the loss at that frame isn't finite.
    """
    saved = to_dict(recording, frame)
    check_stand(saved, recording.config)
    text = json.dumps(saved, separators=(",", ":"), allow_nan=False)
    if len(text) > MAX_BYTES:
        raise Refusal("run", f"must fit in a file of {MAX_BYTES / 1e6:g} MB", f"{len(text) / 1e6:.1f} MB")
    return text


def to_dict(recording: Recording, frame: int | None = None, light: bool = False) -> dict[str, Any]:
    """Return what the file holds.

    Parameters
    ----------
    recording : Recording
    frame : int, optional
    light : bool
        Whether to leave out what only training needs, as old frames of large networks do.

    Raises
    ------
    ValueError
        If the loss at that frame isn't finite.
    """
    number = recording.nearest_kept(recording.last_frame if frame is None else frame)
    as_kept = dataclasses.replace(recording.track.kept[number], holders=0)
    if light:
        as_kept.lighten()
    kept = as_kept.woken()
    if not math.isfinite(kept.measures[0]):
        raise Refusal("the training loss", "must be finite where a run is saved", kept.measures[0])
    snapshot = kept.snapshot
    saved = {
        "format": FORMAT,
        "version": VERSION,
        "config": recording.config.to_dict(),
        "frame": number,
        "epoch": snapshot.epoch,
        "step_in_epoch": kept.step_in_epoch,
        "n_steps": snapshot.n_steps,
        "from_start": recording.track.kept.first == 0,
        "parameters": snapshot.parameters.tolist(),
        "optimizer": _optimizer_state(recording, snapshot),
        "random": {"shuffling": _rng_state(snapshot.batches["rng"]), "dropout": _rng_state(snapshot.dropout_rng)},
        "watch": _watch_state(kept.watch),
        "history": _history(recording, number, kept),
    }
    if (recipe := recording.track.recipe_at(number)) is not None:
        if not as_kept.can_resume:
            recipe = Recipe(recipe.config, (*recipe.events, FreshOptimizer(snapshot.n_steps)))
        saved["recipe"] = recipe.to_dict(recording.config)
    return saved


def _watch_state(watch: Watch) -> dict[str, Any]:
    best = watch.best_loss if math.isfinite(watch.best_loss) else None
    return {"best_loss": best, "best_epoch": watch.best_epoch, "waived": sorted(watch.waived)[:MAX_WAIVED]}


def _history(recording: Recording, number: int, kept: KeptFrame) -> dict[str, list[Any]]:
    """Return the rows before frame `number`, and its own: of a long run, not every frame has a row."""
    history = recording.history
    rows = history["frame"] < number
    own = (number, progress_of(recording.config, kept.snapshot.epoch, kept.step_in_epoch))
    last = dict(zip(HISTORY + SCORES, (*own, *kept.measures[:4], kept.whole_test[1]), strict=True))
    columns = {name: _plain(np.append(history[name][rows], last[name])) for name in last}
    return columns | {"frame": [int(n or 0) for n in columns["frame"]]}


def from_json(text: str | bytes, check: Callable[[ExperimentConfig], None] | None = None) -> Recording:
    """Return the run that :func:`to_json` wrote; it trains on exactly as it would have.

    The network as it was at the start can be drawn again from its seed; the frames between are not in the file, only
    their losses.

    Parameters
    ----------
    text : str or bytes
    check : callable, optional
        Raises ValueError if a run of such a configuration is not wanted; called before anything of it is built.

    Raises
    ------
    TypeError, ValueError
        If anything about `text` is not as it must be.
    """
    return from_dict(parse(text), check)


def from_dict(saved: dict[str, Any], check: Callable[[ExperimentConfig], None] | None = None) -> Recording:
    """Return the run that :func:`to_dict` told, as :func:`from_json` does."""
    if saved.get("format") != FORMAT:
        raise NotARunFile(
            "file", f"must be a saved run, with format {FORMAT!r}", f"format {shown(saved.get('format'))}"
        )
    version = saved.get("version")
    if isinstance(version, bool) or version != VERSION:
        raise Refusal("version", f"must be {VERSION}, the version that this nnplay can read", shown(version))
    if not isinstance(saved.get("config"), dict):
        raise TypeRefusal("config", "must be an object with the settings", shown(saved.get("config")))
    config = ExperimentConfig.from_dict(saved["config"])
    if check is not None:
        check(config)
    stand = check_stand(saved, config)
    recording = Recording(config)
    _resume(recording, stand)
    return recording


class NotARunFile(Refusal):
    """The file is something else than a saved run, not a saved run with a fault."""


def parse(text: str | bytes, max_bytes: int = MAX_BYTES) -> dict[str, Any]:
    """Return the object that a JSON file holds: of bounded size and depth, finite numbers, every name once.

    Raises
    ------
    TypeError, ValueError
        If `text` is something else.
    """
    if len(text) > max_bytes:
        raise Refusal("file", f"must be at most {max_bytes / 1e6:g} MB", f"{len(text) / 1e6:.1f} MB")
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        if text.count("[") + text.count("{") > MAX_BRACKETS:
            raise Refusal("file", "must be a saved run", finding=f"it holds more than {MAX_BRACKETS:,} brackets")
        saved = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_without_duplicates)
    except UnicodeDecodeError:
        raise NotARunFile("file", "must be text in UTF-8", finding="this one is not") from None
    except json.JSONDecodeError as error:
        raise NotARunFile(
            "file", "must be JSON", finding=f"it stops being JSON at line {error.lineno}, column {error.colno}"
        ) from None
    except RecursionError:
        raise NotARunFile("file", "must be a saved run", finding="this one is nested too deeply") from None
    except Refusal:
        raise
    except ValueError:  # Python reads no integer of thousands of digits, as that takes its time
        raise Refusal("file", "must be a saved run", finding="it holds a number with thousands of digits") from None
    if not isinstance(saved, dict):
        raise NotARunFile("file", "must hold a JSON object, a saved run", shown(saved))
    return saved


def _refuse_constant(name: str) -> None:
    raise Refusal("file", "must hold finite numbers only", name)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in pairs:
        if name in result:
            raise Refusal("file", "must not repeat a name", f"{shown(name)} twice")
        result[name] = value
    return result


def _plain(column: np.ndarray) -> list[float | None]:
    """Return the numbers as JSON has them: None where there is none."""
    return [value if math.isfinite(value) else None for value in column.tolist()]


def _optimizer_state(recording: Recording, snapshot: Snapshot) -> dict[str, Any]:
    """Return the state of the present optimizer; one that was chosen after the frame begins at zero."""
    name, _ = parse_call("optimizer", recording.config.optimizer)
    state = snapshot.optimizer
    if state["name"] != name:
        zeros = np.zeros_like(snapshot.parameters)
        state = {"n_updates": 0, "vectors": dict.fromkeys(OPTIMIZERS[name].state_names, zeros)}
    vectors = {vector: values.tolist() for vector, values in state["vectors"].items()}
    return {"name": name, "n_updates": state["n_updates"], "vectors": vectors}


def _rng_state(state: Any) -> dict[str, Any]:
    """Return a random stream's state, the 128-bit numbers in hexadecimal: most readers of JSON can't hold them."""
    return {
        "state": f"{state['state']['state']:x}",
        "inc": f"{state['state']['inc']:x}",
        "has_uint32": state["has_uint32"],
        "uinteger": state["uinteger"],
    }


def _resume(recording: Recording, stand: Stand) -> None:
    """Bring a new recording to where the saved one stood; its last row of losses is measured again."""
    session, track, number = recording.session, recording.track, stand.frame
    session.restore(_snapshot(stand, recording))
    recording.config.apply_live(session)
    measures = (*session.measure(), session.learning_rate)
    if not math.isfinite(measures[0]):
        raise Refusal("parameters", "must give a finite loss", finding="these do not")
    whole_test = recording.setup.whole_test_measures()
    frame = KeptFrame(session.snapshot(), stand.step_in_epoch, measures, ("step", 0), stand.watch, whole_test)
    if number in track.kept:
        track.kept.replace(number, frame)
    else:
        track.kept.add(number, frame)
    if not stand.from_start:
        track.kept.drop_before(number)
    track.history.truncate_after(-1)
    for row in stand.history[:-1]:
        track.history.append(*row)
    track.note_measures(number, stand.history[-1][1], frame)
    recording.rewind(number)
    track.begin_as_told(stand.recipe)


def _snapshot(stand: Stand, recording: Recording) -> Snapshot:
    session = recording.session
    dtype = session.network.dtype
    optimizer = {
        "name": session.optimizer.name,
        "hyperparameters": session.optimizer.hyperparameters,
        "n_updates": stand.n_updates,
        "vectors": {name: vector.astype(dtype) for name, vector in stand.vectors.items()},
    }
    return dataclasses.replace(
        session.snapshot(),
        epoch=stand.epoch,
        n_steps=stand.n_steps,
        parameters=stand.parameters.astype(dtype),
        optimizer=optimizer,
        batches={"rng": stand.shuffling_rng, "position": stand.step_in_epoch},
        dropout_rng=stand.dropout_rng,
    )
