"""From a file to a lesson: every entry is checked, and what is wrong is said with its line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS
from nnplay.experiment.config.url import read_query
from nnplay.lessons import measures
from nnplay.lessons.entries import (
    INTEGER,
    MAX_NAME,
    MAX_NOTES,
    MAX_TITLE,
    NAME,
    REAL,
    Entries,
    Texts,
    at_line,
    choice_of,
    integer,
    items_of,
    known,
    name_of,
    real,
    switch,
    word,
)
from nnplay.lessons.lesson import (
    FEWEST_STEPS,
    LEVELS,
    MOST_STEPS,
    N_SEEDS,
    PAGES,
    Answer,
    Boundary,
    BrokenLesson,
    Choice,
    Claim,
    Lesson,
    Number,
    Problem,
    Question,
    Run,
    Step,
    Text,
    Transfer,
    lanes_with,
)
from nnplay.lessons.yaml_tree import MAX_BYTES, AtLine, Node, read
from nnplay.refusal import Refusal
from nnplay.server import budget, moments
from nnplay.validation import shown

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,8})?")
MAX_LANGUAGES, MAX_ANSWERS, MAX_RUNS, MAX_CLAIMS = 8, 6, 3, 12
MAX_SENTENCES = 3
LONGEST_RUN = 20_000


def load(path: Path) -> Lesson:
    """Return the lesson in a file.

    Raises
    ------
    BrokenLesson
        If there is none, with the line.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BrokenLesson(Problem(path, 1, f"the file can't be read: {error.strerror}.")) from None
    return parse(content, path)


def parse(content: bytes, path: Path) -> Lesson:
    """Return the lesson that the bytes of a file hold.

    Raises
    ------
    BrokenLesson
        If they hold none, with the line.
    """
    try:
        return _lesson(read(content), path)
    except AtLine as error:
        raise BrokenLesson(Problem(path, error.line, error.sentence)) from None


# --- a lesson -----------------------------------------------------------------------------------------------


def key_of(path: Path) -> str:
    """Return the name of a lesson by its file: without a number before it, which is for the order."""
    return re.sub(r"^[0-9]+[_-]", "", path.stem)


def _lesson(root: Node, path: Path) -> Lesson:
    key = key_of(path)
    if not NAME.fullmatch(key) or len(key) > MAX_NAME:
        raise AtLine(1, f"the file's name must be up to {MAX_NAME} small letters, digits, _ and -; got {shown(key)}.")
    entries = Entries(root, "a lesson", ("title", "minutes", "level", "goal", "languages", "steps"))
    languages = _languages(entries.get("languages"))
    read_text = Texts(languages)
    title = read_text(entries.need("title"), "title", MAX_TITLE)
    minutes = integer(entries.need("minutes"), "minutes", 1, 180)
    level = choice_of(entries.need("level"), "level", LEVELS)
    goal = read_text(entries.need("goal"), "goal", sentences=MAX_SENTENCES)
    steps = entries.need("steps")
    items = items_of(steps, "steps")
    if not FEWEST_STEPS <= len(items) <= MOST_STEPS:
        raise AtLine(steps.line, f"a lesson has {FEWEST_STEPS} to {MOST_STEPS} steps; this one has {len(items)}.")
    return Lesson(key, title, minutes, level, goal, tuple(_step(item, read_text) for item in items), languages, path)


def _languages(node: Node | None) -> tuple[str, ...]:
    if node is None:
        return ("en",)
    items = [node] if node.word is not None else items_of(node, "languages")
    if len(items) > MAX_LANGUAGES:
        raise AtLine(node.line, f"a lesson has at most {MAX_LANGUAGES} languages; this one has {len(items)}.")
    found: list[str] = []
    for item in items:
        name = word(item, "a language")
        if not _LANGUAGE.fullmatch(name):
            raise AtLine(item.line, f"a language is written as “en” or “de”; got {shown(name)}.")
        if name in found:
            raise AtLine(item.line, f"language {shown(name)} is here twice.")
        found.append(name)
    if not found:
        raise AtLine(node.line, "a lesson has at least one language; here is none.")
    return tuple(found)


_STEP = (
    "title", "text", "page", "config", "link", "controls", "epochs", "compare", "question", "run", "why", "next",
    "notes", "outcome", "log_scale",
)  # fmt: skip


def _step(node: Node, read_text: Texts) -> Step:
    entries = Entries(node, "a step", _STEP)
    config, query = _config_and_query(entries)
    page = _page(entries.get("page"), config, node.line)
    epochs = integer(entries.need("epochs"), "epochs", 1, LONGEST_RUN)
    compare = _compare(entries.get("compare"), config, read_text)
    runs = tuple(run.key for run in compare)
    notes, onwards, log_scale = entries.get("notes"), entries.get("next"), entries.get("log_scale")
    return Step(
        title=read_text(entries.need("title"), "title", MAX_TITLE),
        text=read_text(entries.need("text"), "text", sentences=MAX_SENTENCES),
        config=config,
        page=page,
        controls=_controls(entries.get("controls")),
        epochs=epochs,
        question=_question(entries.need("question"), read_text, config, runs),
        run=read_text(entries.need("run"), "run", sentences=MAX_SENTENCES),
        why=read_text(entries.need("why"), "why", sentences=1),
        next=None if onwards is None else _transfer(onwards, config, compare, epochs, read_text),
        notes=None if notes is None else read_text(notes, "notes", MAX_NOTES),
        outcome=_outcome(entries.get("outcome"), config, compare, epochs),
        compare=compare,
        query=query,
        log_scale=log_scale is not None and switch(log_scale, "log_scale"),
    )


def _config_and_query(entries: Entries) -> tuple[ExperimentConfig, dict[str, str]]:
    given, link = entries.get("config"), entries.get("link")
    if link is None:
        config = ExperimentConfig() if given is None else _config(given, {}, "config")
        return config, config.to_query()
    if given is not None:
        raise AtLine(link.line, "a step has either a config or a link; here are both.")
    query = dict(parse_qsl(word(link, "link").rpartition("?")[2], keep_blank_values=True))
    config, refusals = read_query(ExperimentConfig(), query, budget.check)
    for name, refusal in refusals.items():
        raise AtLine(link.line, f"{name} in the link: {refusal!s}")
    changes = {name: text for name, text in query.items() if name == moments.NAME}
    try:
        for text in changes.values():
            moments.from_link(text, config)
    except Refusal as refusal:
        raise AtLine(link.line, f"the changes in the link {refusal.plainly or refusal.requirement}.") from None
    return config, config.to_query() | changes


def _page(node: Node | None, config: ExperimentConfig, line: int) -> str:
    data = config.data
    own = "digits" if data.has_images else "tabular" if data.is_table else "playground"
    if node is None:
        return own
    page = choice_of(node, "page", PAGES)
    if page not in (own, "compare"):
        raise AtLine(node.line, f"page must be “{own}” for the data {shown(config.dataset)}; got {shown(page)}.")
    return page


def _controls(node: Node | None) -> tuple[str, ...]:
    if node is None:
        return ()
    items = items_of(node, "controls")
    return tuple(known(item.line, "there is no setting", word(item, "controls"), SETTINGS) for item in items)


def _compare(node: Node | None, config: ExperimentConfig, read_text: Texts) -> tuple[Run, ...]:
    if node is None:
        return ()
    runs: list[Run] = []
    items = items_of(node, "compare")
    if not 2 <= len(items) <= MAX_RUNS:
        raise AtLine(node.line, f"two or three runs can be compared; here are {len(items)}.")
    for item in items:
        entries = Entries(item, "a run to compare", ("key", "name", "change"))
        key = name_of(entries.need("key"), "key")
        if key in [run.key for run in runs]:
            raise AtLine(item.line, f"the run {shown(key)} is here twice.")
        change = entries.get("change")
        changed = config if change is None else _config(change, config.to_dict(), "change")
        runs.append(Run(key, read_text(entries.need("name"), "name", MAX_TITLE), changed))
    return tuple(runs)


def _transfer(
    node: Node, config: ExperimentConfig, compare: tuple[Run, ...], epochs: int, read_text: Texts
) -> Transfer:
    entries = Entries(node, "next", ("text", "then", "change", "outcome"))
    change, then = entries.get("change"), entries.get("then")
    changed = None if change is None else _config(change, config.to_dict(), "change")
    lanes = compare if changed is None else lanes_with(compare, config, changed)
    tried = changed or config
    return Transfer(
        read_text(entries.need("text"), "text", sentences=MAX_SENTENCES),
        changed,
        None if then is None else read_text(then, "then", sentences=MAX_SENTENCES),
        _outcome(entries.get("outcome"), tried, lanes, tried.max_epochs or epochs, is_next=True),
    )


# --- what is asked ------------------------------------------------------------------------------------------


def _question(node: Node, read_text: Texts, config: ExperimentConfig, runs: tuple[str, ...]) -> Question:
    entries = Entries(
        node, "a question", ("choice", "number", "boundary", "answers", "right", "unit", "tolerance", "run")
    )
    kinds = [name for name in ("choice", "number", "boundary") if name in entries]
    if len(kinds) != 1:
        raise AtLine(node.line, f"a question is one of choice, number, boundary; here are {len(kinds)} of them.")
    asked = read_text(entries.need(kinds[0]), kinds[0], sentences=MAX_SENTENCES)
    entries.only(kinds[0], *{"choice": ("answers",), "number": ("right", "unit", "tolerance", "run")}.get(kinds[0], ()))
    if kinds[0] == "choice":
        return _choices(entries.need("answers"), asked, read_text)
    if kinds[0] == "number":
        return _number_asked(entries, asked, read_text, config, runs)
    if not config.data.has_plane or config.task != "classification" or config.data.n_coordinates != 2:
        raise AtLine(node.line, "a boundary can only be drawn where two coordinates are told apart into classes.")
    return Boundary(asked)


def _choices(node: Node, asked: Text, read_text: Texts) -> Choice:
    items = items_of(node, "answers")
    if not 2 <= len(items) <= MAX_ANSWERS:
        raise AtLine(node.line, f"a choice has 2 to {MAX_ANSWERS} answers; this one has {len(items)}.")
    answers: list[Answer] = []
    right: list[int] = []
    for item in items:
        entries = Entries(item, "an answer", ("text", "right", "word"))
        is_right = "right" in entries and switch(entries.need("right"), "right")
        word = entries.get("word")
        if word is None and not is_right:
            raise AtLine(item.line, "a wrong answer needs a word to whoever chose it: entry word is missing.")
        if is_right:
            right.append(len(answers))
        answers.append(
            Answer(
                read_text(entries.need("text"), "text"),
                None if word is None else read_text(word, "word", sentences=MAX_SENTENCES),
            )
        )
    if len(right) != 1:
        raise AtLine(node.line, f"one answer is right (right: true); here are {len(right)}.")
    return Choice(asked, tuple(answers), right[0])


def _number_asked(
    entries: Entries, asked: Text, read_text: Texts, config: ExperimentConfig, runs: tuple[str, ...]
) -> Number:
    unit, right, run = entries.get("unit"), entries.need("right"), entries.get("run")
    written = word(right, "right")
    is_number = right.is_plain and REAL.fullmatch(written)
    if not is_number:
        _measure(right)
    return Number(
        asked,
        None if unit is None else read_text(unit, "unit", MAX_NAME),
        real(right, "right") if is_number else None,
        "" if is_number else written,
        "" if run is None else _run(run, runs),
        real(entries.need("tolerance"), "tolerance", 0),
    )


# --- what must come of it -----------------------------------------------------------------------------------

_CLAIM = ("measure", "run", "at_least", "at_most", "more_than", "less_than", "times", "epoch", "seeds")


def _outcome(
    node: Node | None, config: ExperimentConfig, runs: tuple[Run, ...], epochs: int, is_next: bool = False
) -> tuple[Claim, ...]:
    if node is None:
        return ()
    items = items_of(node, "outcome")
    if not 1 <= len(items) <= MAX_CLAIMS:
        raise AtLine(node.line, f"an outcome has 1 to {MAX_CLAIMS} claims; this one has {len(items)}.")
    return tuple(_claim(item, config, runs, epochs, is_next) for item in items)


def _claim(node: Node, config: ExperimentConfig, compare: tuple[Run, ...], epochs: int, is_next: bool) -> Claim:
    """Return a claim about the run of `config`, or one of those compared; what is tried next may be changed further."""
    entries = Entries(node, "a claim", (*_CLAIM, "change") if is_next else _CLAIM)
    runs, configs = tuple(run.key for run in compare), {run.key: run.config for run in compare}
    values: dict[str, Any] = {"measure": _measure(entries.need("measure")), "epoch": epochs, "line": node.line}
    if is_next:
        values |= {"is_next": True, "fewest": 1}
    bounds = [name for name in ("at_least", "at_most", "more_than", "less_than") if name in entries]
    if not bounds:
        raise AtLine(node.line, "a claim says at_least, at_most, more_than or less_than; here is none of them.")
    for name in bounds:
        bound = entries.need(name)
        values[name] = real(bound, name) if name.startswith("at_") else _run(bound, runs)
    if run := entries.get("run"):
        values["run"] = _run(run, runs)
    elif runs:
        raise AtLine(node.line, f"a claim says which run it is about where runs are compared: {', '.join(runs)}.")
    if times := entries.get("times"):
        values["times"] = real(times, "times", 0)
    if epoch := entries.get("epoch"):
        values["epoch"] = integer(epoch, "epoch", 0, LONGEST_RUN if is_next else epochs)
    if seeds := entries.get("seeds"):
        ends = [seeds, seeds] if seeds.items is None else seeds.items
        if len(ends) != 2:
            raise AtLine(seeds.line, f"seeds is a number, or the fewest and the most as a list; got {len(ends)}.")
        values["fewest"] = integer(ends[0], "seeds", 0, N_SEEDS)
        values["most"] = N_SEEDS if seeds.items is None else integer(ends[1], "seeds", values["fewest"], N_SEEDS)
    if is_next:
        about, change = configs.get(values.get("run", ""), config), entries.get("change")
        values["config"] = about if change is None else _config(change, about.to_dict(), "change")
        values["against"] = configs.get(values.get("more_than", "") or values.get("less_than", ""))
    return Claim(**values)


def _measure(node: Node) -> str:
    written = word(node, "a measure")
    with at_line(node.line):
        measures.get(written)
    return written


def _run(node: Node, runs: tuple[str, ...]) -> str:
    if not runs:
        raise AtLine(node.line, "a run can only be named where the step compares some.")
    return choice_of(node, "run", runs)


# --- configurations -----------------------------------------------------------------------------------------


def _config(node: Node, base: Mapping[str, Any], where: str) -> ExperimentConfig:
    """Return the configuration that a group of settings changes `base` into."""
    entries = Entries(node, where, tuple(SETTINGS))
    values = dict(base) | {name: _value(entries.need(name)) for name in entries}
    try:
        config = ExperimentConfig.from_dict(values)
        budget.check(config)
        return config
    except Refusal as refusal:
        named = entries.get(refusal.argument) or node
        raise AtLine(named.line, str(refusal)) from None
    except (LookupError, OSError) as error:  # data that aren't at hand
        raise AtLine(node.line, f"the data can't be had: {error!s:.200}") from None


def _value(node: Node) -> Any:
    """Return what is written there as a setting may have it; the configuration says whether it is right."""
    if node.items is not None:
        return [_value(item) for item in node.items]
    if node.entries is not None:
        raise AtLine(node.line, "a setting is a number, a word, true, false, null, or a list of them; got a group.")
    assert node.word is not None
    if not node.is_plain:
        return node.word
    if node.is_empty:
        return None
    if node.word in ("true", "false"):
        return node.word == "true"
    if INTEGER.fullmatch(node.word):
        return int(node.word)
    return float(node.word) if REAL.fullmatch(node.word) else node.word
