"""How lessons are read: what is wrong is said in one sentence with its line, and nothing else happens."""

from __future__ import annotations

import os
import re
from pathlib import Path
from random import Random

import pytest

from nnplay.lessons import all_lessons, text
from nnplay.lessons.__main__ import main
from nnplay.lessons.discovery import DIRECTORY_VARIABLE, OURS
from nnplay.lessons.entries import MAX_TITLE
from nnplay.lessons.lesson import Boundary, BrokenLesson, Choice, Lesson, Number, Problem
from nnplay.lessons.outcomes import check_step
from nnplay.lessons.reading import load, parse
from nnplay.lessons.yaml_tree import MAX_BYTES, MAX_DEPTH
from tests.hostile.case import fault_of
from tests.hostile.lessons import damaged

FILE = Path("mine.yaml")
STEP = """
  - title: A line
    text: Two clouds of points. The network draws one straight line.
    config: {dataset: blobs, hidden_sizes: [], learning_rate: 0.1}
    controls: [learning_rate]
    epochs: 20
    question:
      choice: What will it be?
      answers:
        - {text: A line, right: true}
        - {text: A ring, word: That takes a hidden layer.}
    run: Look at the boundary.
    why: One unit draws one line.
    next: {text: Now with three clouds., change: {dataset: blobs(classes=3)}}
    notes: Point at the boundary.
    outcome:
      - {measure: test_score, at_least: 0.9, seeds: 4}
"""
HEAD = "title: Lines\nminutes: 5\nlevel: basics\ngoal: You know what a line is.\nsteps:"
GOOD = HEAD + 3 * STEP


def lesson(source: str = GOOD) -> Lesson:
    return parse(source.encode(), FILE)


def refused(source: str | bytes) -> str:
    with pytest.raises(BrokenLesson) as caught:
        parse(source.encode() if isinstance(source, str) else source, FILE)
    return str(caught.value)


def changed(old: str, new: str, source: str = GOOD) -> str:
    assert old in source
    return source.replace(old, new, 1)


def test_a_lesson_is_read() -> None:
    found = lesson()
    assert (found.key, str(found.title), found.minutes, found.level) == ("mine", "Lines", 5, "basics")
    step = found.steps[0]
    assert (step.config.dataset, step.config.hidden_sizes, step.config.learning_rate) == ("blobs", (), 0.1)
    assert (step.page, step.controls, step.epochs) == ("playground", ("learning_rate",), 20)
    assert isinstance(step.question, Choice)
    assert step.question.right == 0
    assert [str(answer.word) for answer in step.question.answers] == ["None", "That takes a hidden layer."]
    assert step.next.config.dataset == "blobs(classes=3)"
    assert step.next.config.learning_rate == 0.1
    assert (step.outcome[0].at_least, step.outcome[0].fewest, step.outcome[0].epoch) == (0.9, 4, 20)
    assert step.query == step.config.to_query()


def test_what_is_tried_next_has_an_answer_and_promises_of_its_own() -> None:
    old = "next: {text: Now with three clouds., change: {dataset: blobs(classes=3)}}"
    new = (
        "log_scale: true\n    next:\n      text: Now with three clouds.\n      then: Three lines.\n"
        "      change: {dataset: blobs(classes=3), max_epochs: 30}\n      outcome:\n"
        "        - {measure: test_score, at_least: 0.9}\n"
        "        - {measure: test_score, at_least: 2, seeds: 5, epoch: 25, change: {seed: 3}}"
    )
    step = lesson(changed(old, new)).steps[0]
    assert step.log_scale
    assert str(step.next.then) == "Three lines."
    kept, broken = step.next.outcome
    assert (kept.config.dataset, kept.config.seed, kept.epoch, kept.n_seeds) == ("blobs(classes=3)", 0, 30, 1)
    assert (broken.config.seed, broken.epoch, broken.n_seeds) == (3, 25, 5)
    findings = [finding for finding in check_step(step) if finding.claim.is_next]
    assert [(finding.is_kept, len(finding.values)) for finding in findings] == [(True, 1), (False, 5)]
    assert findings[0].wanted == "next: test_score at least 0.9 at epoch 30"
    other = changed(old, new.replace("seed: 3", "sed: 3"))
    assert "change has no entry 'sed'" in refused(other)
    assert "a claim has no entry 'change'" in refused(changed("seeds: 4}", "change: {seed: 1}}"))


def test_what_is_tried_next_is_held_against_the_other_run() -> None:
    old = "next: {text: Now with three clouds., change: {dataset: blobs(classes=3)}}"
    new = (
        "compare:\n      - {key: none, name: None, change: {learning_rate: 0.0001}}\n      - {key: some, name: Some}\n"
        "    next:\n      text: Now with three clouds.\n      change: {dataset: blobs(classes=3)}\n      outcome:\n"
        "        - {run: some, measure: train_loss, less_than: none}"
    )
    source = changed(old, new).replace("measure: test_score,", "run: some, measure: test_score,", 1)
    step = lesson(source).steps[0]
    assert [run.config.dataset for run in step.next_lanes] == 2 * ["blobs(classes=3)"]
    (claim,) = step.next.outcome
    assert (claim.config.learning_rate, claim.against.learning_rate) == (0.1, 0.0001)
    assert all(finding.is_kept for finding in check_step(step))


def test_questions_of_the_other_kinds() -> None:
    choice = GOOD[GOOD.index("    question:") : GOOD.index("    run:")]
    number = '    question: {number: "How many?", unit: "%", right: test_score, tolerance: 5}\n'
    question = lesson(changed(choice, number)).steps[0].question
    assert isinstance(question, Number)
    assert (question.value, question.measure, question.tolerance) == (None, "test_score", 5)
    assert isinstance(lesson(changed(choice, "    question: {boundary: Draw it.}\n")).steps[0].question, Boundary)
    hills = changed(choice, "    question: {boundary: Draw it.}\n").replace("dataset: blobs,", "dataset: hills,", 1)
    assert "a boundary can only be drawn" in refused(hills)


def test_a_link_is_a_configuration() -> None:
    config = "config: {dataset: blobs, hidden_sizes: [], learning_rate: 0.1}"
    step = lesson(changed(config, "link: http://localhost:8501/?dataset=moons&hidden_sizes=4,4&speed=epoch:1")).steps[0]
    assert (step.config.dataset, step.config.hidden_sizes) == ("moons", (4, 4))
    assert "line 8: dataset in the link" in refused(changed(config, "link: dataset=mons"))
    assert "either a config or a link" in refused(changed(config, f"{config}\n    link: dataset=moons"))


def test_texts_in_languages() -> None:
    two = changed("title: Lines", "languages: [en, de]\ntitle: {en: Lines, de: Linien}")
    found = lesson(two)
    assert found.languages == ("en", "de")
    assert [text(found.title, language) for language in ("en", "de", "fr")] == ["Lines", "Linien", "Lines"]
    assert text(found.goal, "de") == text(found.goal, "en")
    assert text(None) == ""
    assert "no words in 'de'" in refused(changed("title: {en: Lines, de: Linien}", "title: {en: Lines}", two))
    assert "in 'fr'" in refused(changed("de: Linien", "fr: Lignes", two))


def test_a_word_that_looks_like_something_else_is_a_text() -> None:
    found = lesson(changed("title: Lines", "title: 2024").replace("goal: You", "goal: yes", 1))
    assert str(found.title) == "2024"


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("title: Lines", "titel: Lines", 1, "Did you mean 'title'?"),
        ("title: Lines", "title: [Lines]", 1, "must be a text"),
        ("title: Lines", "title:", 1, "got nothing"),
        ("title: Lines", f"title: {'x' * (MAX_TITLE + 1)}", 1, "at most 80 characters"),
        ("title: Lines", "title: Lines\ntitle: Lines", 2, "'title' is here twice"),
        ("title: Lines", 'title: "Li\\0nes"', 1, "invisible"),
        ("minutes: 5", "minutes: 5.5", 2, "whole number from 1 to 180; got '5.5'"),
        ("minutes: 5", "minutes: 1e400", 2, "whole number"),
        ("level: basics", "level: hard", 3, "must be one of 'first steps'"),
        ("goal: You know what a line is.\n", "", 1, "needs the entry goal"),
        ("steps:", "steps: none\nnothing:", 6, "no entry 'nothing'"),
        ("text: Two clouds", "text: One. Two. Three. Four", 7, "at most 3 sentences; got 5"),
        ("dataset: blobs", "dataset: blob", 8, "Did you mean 'blobs'?"),
        ("dataset: blobs", "dataset: [blobs]", 8, "dataset must be one of"),
        ("dataset: blobs", "datast: blobs", 8, "config has no entry 'datast'"),
        ("learning_rate: 0.1", "learning_rate: -1", 8, "learning_rate must be a finite number"),
        ("learning_rate: 0.1", "learning_rate: .nan", 8, "learning_rate must be a finite number"),
        ("hidden_sizes: []", "hidden_sizes: {a: 1}", 8, "got a group"),
        ("hidden_sizes: []", "hidden_sizes: [1000000]", 8, "from 1 to 512"),
        ("controls: [learning_rate]", "controls: [learning_rat]", 9, "Did you mean 'learning_rate'?"),
        ("controls: [learning_rate]", "page: digits", 9, "page must be “playground”"),
        ("epochs: 20", "epochs: 0", 10, "from 1 to 20,000"),
        ("epochs: 20", "epochs: 99999999999999999999", 10, "from 1 to 20,000"),
        ("choice: What", "number: What", 13, "answers has no meaning"),
        ("choice: What", "boundary: W\n      choice: What", 11, "here are 2"),
        ("right: true", "right: maybe", 14, "true or false"),
        ("right: true", "word: no.", 13, "one answer is right"),
        (", word: That takes a hidden layer.", "", 15, "needs a word"),
        ("why: One unit", "why: It is. One unit", 17, "one sentence; got 2"),
        ("change: {dataset: blobs(classes=3)}", "change: {dataset: blobs(classes=99)}", 18, "classes"),
        ("measure: test_score", "measure: tset_score", 21, "Did you mean 'test_score'?"),
        ("measure: test_score", "measure: epochs_to", 21, "must have one target"),
        ("at_least: 0.9, ", "", 21, "at_least, at_most, more_than or less_than"),
        ("at_least: 0.9", "more_than: other", 21, "where the step compares some"),
        ("seeds: 4", "seeds: 6", 21, "from 0 to 5"),
        ("seeds: 4", "seeds: [4, 2]", 21, "from 4 to 5"),
        ("title: Lines", "title: &a Lines", 1, "anchors"),
        ("title: Lines", "title: *a", 1, "aliases"),
        ("title: Lines", "title: !!python/object:os.system x", 1, "tags"),
        ("title: Lines", "title: !x Lines", 1, "tags"),
        ("title: Lines", "title: {en: Lines", 2, "this isn't YAML"),
        ("title: Lines", "title: a: b", 1, "this isn't YAML: mapping values are not allowed here"),
        ("title: Lines", "\ttitle: Lines", 1, "this isn't YAML"),
        ("title: Lines", "title: Li\x07nes", 1, "U+0007 can't be in a lesson"),
        ("title: Lines", f"title: {'[' * 100_000}", 1, f"at most {MAX_DEPTH} levels"),
        ("title: Lines", f"title: Lines\nx: {'{a: ' * 5_000}", 2, f"at most {MAX_DEPTH} levels"),
        ("title: Lines", f"title: [{'a, ' * 50_000}]", 1, "at most 5,000 entries"),
        ("title: Lines", f"title: {'x' * 99_999}", 1, "at most 70,000 characters"),
        ("title: Lines", '"title": "\\UFFFFFFFF"', 1, "this isn't YAML"),
        ("title: Lines", "? [a]\n: b\ntitle: Lines", 1, "the name of an entry must be a word"),
        ("goal: You", "--- \ngoal: You", 4, "a second document"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, line: int, said: str) -> None:
    sentence = refused(changed(old, new))
    assert said in sentence
    assert sentence.startswith(f"mine.yaml, line {line}: ")
    assert fault_of(sentence) is None


@pytest.mark.parametrize("content", [b"", b"- a\n", b"just words", b"\xff\xfe", b"a: \x80", b"x" * (MAX_BYTES + 1)])
def test_a_file_that_holds_something_else(content: bytes) -> None:
    sentence = refused(content)
    assert sentence.startswith("mine.yaml, line 1: ")
    assert fault_of(sentence) is None


def test_a_lesson_has_three_to_six_steps() -> None:
    assert "this one has 2" in refused(HEAD + 2 * STEP)
    assert "this one has 7" in refused(HEAD + 7 * STEP)
    assert "Steps" not in refused(HEAD + " x")


# --- hostile files ------------------------------------------------------------------------------------------


def problem_of(content: bytes) -> Problem | None:
    try:
        parse(content, FILE)
    except BrokenLesson as broken:
        return broken.problem
    return None


def test_hostile_files_get_a_sentence_each() -> None:
    refusals = set()
    n_refused = 0
    for number in range(450):
        content = damaged(Random(f"lessons {number}"))
        problem = problem_of(content)
        if problem is not None:
            assert fault_of(str(problem)) is None, str(problem)
            assert 1 <= problem.line <= content.count(b"\n") + 2
            refusals.add(re.sub(r"[0-9]+", "0", problem.sentence))
            n_refused += 1
    assert n_refused >= 300
    assert len(refusals) >= 60


# --- folders and the command --------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(DIRECTORY_VARIABLE, str(tmp_path))
    return tmp_path


def test_a_folder_of_ones_own(folder: Path) -> None:
    ours = len(list(OURS.rglob("*.yaml")))
    (folder / "10_mine.yaml").write_text(GOOD)
    (folder / "broken.yml").write_text(changed("minutes: 5", "minutes: five"))
    (folder / "xor.yaml").write_text(GOOD)
    (folder / "notes.txt").write_text("no lesson")
    lessons, problems = all_lessons()
    assert [lesson.key for lesson in lessons][ours:] == ["mine"]
    assert [str(problem) for problem in problems] == [
        "broken.yml, line 2: minutes must be a whole number from 1 to 180; got 'five'.",
        "xor.yaml, line 1: the name “xor” belongs to 02_xor.yaml already; rename the file.",
    ]


def test_a_file_is_read_again_when_it_changes(folder: Path) -> None:
    path = folder / "mine.yaml"
    path.write_text(GOOD)
    first = all_lessons()[0][-1]
    assert all_lessons()[0][-1] is first
    path.write_text(changed("title: Lines", "title: Rings"))
    os.utime(path, ns=(1, 1))
    assert str(all_lessons()[0][-1].title) == "Rings"


def test_a_folder_that_isnt_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DIRECTORY_VARIABLE, str(folder / "none"))
    (problem,) = all_lessons()[1]
    assert "must name a folder that can be read: No such file or directory." in str(problem)


def test_the_command_says_what_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD)
    assert main([str(path)]) == 0
    assert "kept   step 1, line 21: test_score at least 0.9 at epoch 20, in 4 of 5 runs; in " in capsys.readouterr().out
    path.write_text(GOOD.replace("at_least: 0.9", "at_most: 0.5"))
    assert main([str(path)]) == 1
    assert "BROKEN step 3" in capsys.readouterr().out
    path.write_text(changed("epochs: 20", "epochs: soon"))
    assert main([str(path), str(tmp_path / "none.yaml")]) == 1
    said = capsys.readouterr().out
    assert said.splitlines() == [
        "mine.yaml, line 10: epochs must be a whole number from 1 to 20,000; got 'soon'.",
        "none.yaml, line 1: the file can't be read: No such file or directory.",
    ]
    path.write_text(GOOD)
    assert main([str(path), "--read-only"]) == 0
    assert load(path).key == "mine"
