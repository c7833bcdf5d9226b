"""A moment of a run as text: its recipe and its steps, short enough for a link.

JSON, compressed with the words that are likely in it, in the letters that an address may hold.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nnplay.datasets.stored.files import NotAtHand
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.recording.recipe import LARGEST_STEP, Recipe
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.tracks import same_training
from nnplay.experiment.training.stop_conditions import STOP_FIELDS
from nnplay.refusal import Refusal
from nnplay.server.budget import check_replay
from nnplay.validation import integer

#: Of a link: its name there, and its longest text, compressed and not.
NAME = "recipe"
MAX_CHARACTERS, MAX_BYTES = 60_000, 500_000
#: How often other data may come: each time they are made, or read, and looked through.
MOST_DATA = 50
#: Longest text that the page's address holds: there is more in it.
MAX_IN_ADDRESS = 3000
_DONT_FIT = "don’t fit the run"
#: Must never change: texts in old links are read with it.
_WORDS = (
    b'"fresh_optimizer"]"carry_over",{"dataset":"circles"}]"moons"}]"spiral"}]"batch_size":"seed":"n_samples":"noise":'
    b'"target_loss":"patience":"max_epochs":"dropout":"schedule":"nesterov":true"regularization_rate":0.001'
    b'"regularizer":"l2"}]"l1"}]"optimizer":"rmsprop"}]"sgd"}]"adam"}]"momentum":0.9}],"edit",'
    b'"learning_rate":0.003}]0.001}]0.1}]0.3}]0.03}]0.01}],"set",{"learning_rate":}]]]'
)


@dataclass(frozen=True)
class Moment:
    """A recipe, and how many mini-batches of it are done."""

    recipe: Recipe
    n_steps: int


def to_text(recipe: Recipe, n_steps: int, config: ExperimentConfig) -> str:
    """Return a moment as text, for a reader who knows `config`."""
    told = recipe.to_dict(config)
    return packed([n_steps, told["config"], told["events"]])


def packed(value: Any) -> str:
    """Return what JSON can hold as text, short, and of letters that an address may hold."""
    plain = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(squeezed(plain.encode())).decode().rstrip("=")


def squeezed(plain: bytes) -> bytes:
    """Return bytes, compressed with the words that are likely in a recipe."""
    squeeze = zlib.compressobj(9, wbits=-15, zdict=_WORDS)
    return squeeze.compress(plain) + squeeze.flush()


def inflated(packed: bytes, max_bytes: int) -> bytes:
    """Return what :func:`squeezed` was given.

    Raises
    ------
    Refusal
        If it is something else, or longer than `max_bytes`.
    """
    inflate = zlib.decompressobj(wbits=-15, zdict=_WORDS)
    try:
        plain = inflate.decompress(packed, max_bytes)
    except zlib.error as error:
        raise _damaged() from error
    if not inflate.eof:
        raise _damaged()
    return plain


def from_link(text: Any, config: ExperimentConfig) -> Moment:
    """Return the moment that a link tells of, beside the run's settings, which are `config` now.

    Raises
    ------
    Refusal
        As :func:`from_text` does.
    """
    moment = from_text(text, config)
    if not moment.recipe.latest_config.same_run(config):
        raise Refusal(NAME, "must lead to the settings of the link", plainly=_DONT_FIT)
    return moment


def from_text(text: Any, config: ExperimentConfig, n_steps: Any = None, since: int = 0, n_events: Any = None) -> Moment:
    """Return the moment that :func:`to_text` wrote for a reader who knows `config`; or an earlier one, at `n_steps`.

    It must be possible to train it again here, from step `since` on. Of its changes, the first `n_events` are in it,
    by default all up to `n_steps`.

    Raises
    ------
    Refusal
        If it is none, or can't be trained again here; ``plainly`` says of "the changes" what is wrong with them.
    """
    told = unpacked(text)
    if not isinstance(told, list) or len(told) != 3:
        raise _damaged()
    last, first, events = told
    if isinstance(events, list) and sum("carry_over" in each for each in events if isinstance(each, list)) > MOST_DATA:
        raise Refusal(NAME, f"must change the data at most {MOST_DATA} times", plainly="are too many")
    try:
        recipe = Recipe.from_dict({"config": first, "events": events}, config)
        last = integer("n_steps", last, recipe.n_steps, LARGEST_STEP)
        if n_steps is not None:
            last = integer("n_steps", n_steps, 0, LARGEST_STEP)
            recipe = recipe.up_to(last)
        if n_events is not None:
            recipe = Recipe(recipe.config, recipe.events[: integer("events", n_events, 0)])
    except (Refusal, NotAtHand, RecursionError) as why:
        raise Refusal(NAME, "must be of this run", finding=f"in it, {why}", plainly=_DONT_FIT) from why
    check_replay(recipe, last, since)
    return Moment(recipe, last)


def unpacked(text: Any, max_characters: int = MAX_CHARACTERS, max_bytes: int = MAX_BYTES) -> Any:
    """Return what :func:`packed` wrote.

    Raises
    ------
    Refusal
        If it is something else, or too long.
    """
    if not isinstance(text, str) or not text.isascii() or len(text) > max_characters:
        raise _damaged()
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return json.loads(inflated(packed, max_bytes))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise _damaged() from error


def _damaged() -> Refusal:
    return Refusal(NAME, "must be as a link has it", plainly="are damaged")


def query_of(recording: Recording, config: ExperimentConfig, number: int, is_there: bool = False) -> dict[str, str]:
    """Return what a link says of a run, at frame `number`, whose settings are now those of `config`.

    Where nothing was changed on the way, that is the configuration alone, and the link opens before training; or if it
    `is_there`, the frame as well.
    """
    recipe = recording.track.recipe_at(number)
    if recipe is None:
        return config.to_query()
    n_steps = recording.track.kept[number].snapshot.n_steps
    latest = recipe.latest_config
    if not config.same_run(latest):
        stops: dict[str, Any] = {name: getattr(config, name) for name in STOP_FIELDS}
        config = dataclasses.replace(latest, **stops)
    there = {NAME: to_text(recipe, n_steps, config)} if is_there and n_steps else {}
    return config.to_query() | there | changes(recipe, n_steps, config)


def changes(recipe: Recipe, n_steps: int, config: ExperimentConfig) -> dict[str, str]:
    """Return what a link says besides `config`: nothing where a run had these settings from its beginning."""
    if not recipe.events and same_training(recipe.config, config):
        return {}
    return {NAME: to_text(recipe, n_steps, config)}


def in_words(refusal: Refusal, is_link: bool = True) -> str:
    """Say that the changes in a link, or what the browser kept of a run, can't be had."""
    why = refusal.plainly or refusal.requirement
    if not is_link:
        return f"The run can’t be brought back: its changes {why}."
    return f"The changes in the link {why}, so the run starts from the beginning, with the latest settings."


def known_to_browser(config: ExperimentConfig) -> ExperimentConfig:
    """Return what of a run isn't in the recipe that the browser keeps: points of one's own, which the address has."""
    return ExperimentConfig(points=config.points)


class Told:
    """What is told of the recipe of a run's newest frame; written again only when it has changed."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[tuple[Any, ...], Any]] = {}

    def to_browser(self, recording: Recording, config: ExperimentConfig, since: int = 0) -> str:
        """Return the recipe as the browser keeps it; an empty text where it isn't known, or too long to train again.

        It is trained again from step `since` on.
        """
        n_steps = recording.track.kept[recording.last_frame].snapshot.n_steps
        enough = max(0, n_steps - since).bit_length()

        def told(recipe: Recipe) -> str:
            try:
                check_replay(recipe, since + 2**enough, since)
            except Refusal:
                return ""
            return to_text(recipe, recipe.n_steps, known_to_browser(config))

        return self._of(recording, "browser", (enough, since), told) or ""

    def before_edits(self, recording: Recording) -> list[int]:
        """Return how many changes of the recipe are before each of the edits that can be taken back."""
        track = recording.track

        def told(recipe: Recipe) -> list[int]:
            before = (track.recipe_at(edited - 1) for edited in track.edits)
            return [len(each.events) for each in before if each is not None]

        return self._of(recording, "edits", (track.edits,), told) or []

    def in_address(self, recording: Recording, config: ExperimentConfig, number: int) -> dict[str, str]:
        """Return what the page's address says of it besides `config`, at a frame or where it was changed last.

        An edit right after the frame was taken back, and is no part of it.
        """
        track = recording.track

        def told(recipe: Recipe) -> dict[str, str]:
            kept = track.kept
            if number + 1 in track.edits:
                recipe = track.recipe_at(number) or recipe
            n_steps = max(recipe.n_steps, kept[kept.nearest(number)].snapshot.n_steps)
            if n_steps == 0 and not recipe.events:
                return {}  # nothing was trained by other settings
            more = changes(recipe, n_steps, config)
            return more if len(more.get(NAME, "")) <= MAX_IN_ADDRESS else {}

        return self._of(recording, "address", (config, number), told) or {}

    def _of(self, recording: Recording, what: str, with_: tuple[Any, ...], tell: Callable[[Recipe], Any]) -> Any:
        key = (recording.track.first, recording.track.log, *with_)
        known = self._known.get(what)
        if known is None or any(a is not b for a, b in zip(known[0], key, strict=True)):
            recipe = recording.recipe
            known = self._known[what] = key, recipe and tell(recipe)
        return known[1]
