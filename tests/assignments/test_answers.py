from __future__ import annotations

import base64
import csv
import dataclasses
import io
import re
import tracemalloc
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

import nnplay as nn
import nnplay.check
from nnplay.assignments.answer import (
    MAX_CODE,
    MAX_CODES,
    Answer,
    _checks,
    checked_name,
    file_of,
    find_codes,
    read_code,
)
from nnplay.assignments.assignment import Assignment, Goal
from nnplay.assignments.checking import Verdict, compared, finish, make_answer
from nnplay.assignments.table import COLUMNS, to_csv
from nnplay.datasets.stored.files import NotAtHand
from nnplay.experiment.config.data_source import DataSource
from nnplay.experiment.recording.recipe import Edit, FreshOptimizer, Recipe
from nnplay.experiment.recording.recording import Recording
from nnplay.refusal import Refusal
from nnplay.server.moments import squeezed
from tests.assignments.making import (
    NAMES,
    START,
    answer_of,
    assignment_of,
    random_answer,
    random_assignment,
    verdict_on,
)

HONEST = 200


def honest(number: int) -> tuple[Assignment, Answer]:
    random = Random(f"answer {number}")
    assignment = random_assignment(random)
    return assignment, random_answer(assignment, random)


def test_honest_answers_are_accepted_and_forged_ones_refused_with_the_reason() -> None:
    """Two hundred of each; the forged ones have good checksums, as their writer could make those, too."""
    refused = {"number": 0, "recipe": 0, "data": 0}
    for number in range(HONEST):
        assignment, answer = honest(number)
        verdict = verdict_on(answer.to_code(), assignment)
        assert verdict.accepted, (number, verdict)
        assert (verdict.name, verdict.reason) == (answer.name, "")
        kind = tuple(refused)[number % 3]
        forged, asked, reason = _forged(kind, answer, assignment, Random(number))
        verdict = verdict_on(forged.to_code(), asked)
        assert not verdict.accepted, (number, kind)
        assert re.search(reason, verdict.reason), (number, kind, verdict.reason)
        refused[kind] += 1
    assert sum(refused.values()) == HONEST
    assert min(refused.values()) > 60


def _forged(kind: str, answer: Answer, assignment: Assignment, random: Random) -> tuple[Answer, Assignment, str]:
    """Return another answer than the honest one, to what it is held against, and why it is to be refused."""
    if kind == "number":
        parameters = answer.parameters.copy()
        at = random.randrange(len(parameters))
        parameters[at] = np.nextafter(parameters[at], np.inf, dtype=parameters.dtype)  # the smallest change there is
        return dataclasses.replace(answer, parameters=parameters), assignment, "1 parameter of .* differs, by up to"
    if kind == "recipe":
        first = answer.recipe.config
        events = (*answer.recipe.events, Edit(answer.n_steps, 0, 0.125))
        other = dataclasses.replace(answer, recipe=Recipe(first, events))
        return other, assignment, "gives other parameters"
    data = random.choice(({"noise": 0.3}, {"n_samples": 60}, {"data_seed": 4242}))
    changes: dict[str, Any] = data
    other_task = dataclasses.replace(assignment, config=dataclasses.replace(assignment.config, **changes))
    if random.random() < 0.5:  # an honest answer to that other task
        recipe = Recipe(dataclasses.replace(other_task.config, hidden_sizes=(2,)))
        return answer_of(other_task, recipe, 4), assignment, "Another assignment. Other data: "
    recipe = Recipe(dataclasses.replace(answer.recipe.config, **changes))
    return answer_of(assignment, recipe, 4), assignment, "^Other data: "


@pytest.mark.parametrize(
    "config",
    [
        START,
        nn.ExperimentConfig(dataset="digits", hidden_sizes=(100, 20), dtype="float32", activation="relu", dropout=0.2),
        nn.ExperimentConfig(dataset="diabetes", hidden_sizes=(8,), learning_rate=0.003, optimizer="adam"),
        nn.ExperimentConfig(dataset="hills", n_samples=60, hidden_sizes=(5, 5), activation="sine"),
    ],
    ids=lambda config: config.dataset,
)
def test_a_run_recorded_on_the_stage_is_an_honest_answer(config: nn.ExperimentConfig) -> None:
    assignment = assignment_of(config, goal=Goal("loss", 1e6))
    recording = Recording(assignment.config)
    recording.advance(0, "epoch", 1, 3, 60.0)
    recording.apply(dataclasses.replace(recording.config, learning_rate=0.001))
    recording.advance(recording.last_frame, "step", 1, 2, 60.0)
    assert recording.recipe is not None
    snapshot = recording.session.snapshot()
    made = finish(make_answer(assignment, recording.recipe, snapshot.n_steps))
    assert made.parameters.tobytes() == snapshot.parameters.tobytes()
    assert verdict_on(dataclasses.replace(made, name="Anna").to_code(), assignment).accepted


def test_an_answer_that_would_be_refused_is_not_made() -> None:
    assignment = assignment_of(goal=Goal("accuracy", 1.0), fixed=("learning_rate",))
    other = Recipe(dataclasses.replace(assignment.config, learning_rate=0.5))
    for recipe, said in ((Recipe(assignment.config), "The goal isn't reached"), (other, "Locked, but changed")):
        with pytest.raises(Refusal) as caught:
            finish(make_answer(assignment, recipe, 5))
        assert caught.value.plainly.startswith(said)


def test_an_answer_on_data_that_are_not_here_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NNPLAY_DATA_DIR", str(tmp_path))
    assignment = assignment_of(nn.ExperimentConfig(dataset="mnist", hidden_sizes=(2,), n_rows=1000))
    parameters = np.zeros(assignment.config.n_parameters)
    answer = Answer(assignment, "Anna", Recipe(assignment.config), 3, parameters)
    monkeypatch.setattr(DataSource, "split", absent)
    verdict = verdict_on(answer.to_code(), assignment)
    assert verdict.reason.startswith("It can't be checked here: ")


def absent(source: DataSource) -> None:
    raise NotAtHand("MNIST isn't on this machine.")


def test_a_fresh_optimizer_is_a_part_of_a_recipe_too() -> None:
    recipe = Recipe(START, (FreshOptimizer(5),))
    assignment = assignment_of()
    kept = Recipe(assignment.config, recipe.events)
    assert verdict_on(answer_of(assignment, kept, 9).to_code(), assignment).accepted


def test_a_code_under_another_name_is_told() -> None:
    code = answer_of(assignment_of(), Recipe(assignment_of().config), 3).to_code()
    verdict = verdict_on(code.replace("Anna", "Emma"))
    assert not verdict.accepted
    assert verdict.name == "Emma Lee"
    assert verdict.reason.startswith("The code was made under another name than 'Emma Lee'")
    first, second = compared([verdict_on(code), verdict])
    assert first.accepted
    assert second.reason.endswith("The same run as that of Anna Lee.")  # whose it is, where both are handed in


@pytest.mark.parametrize("at", [0.2, 0.5, 0.9])
def test_a_changed_code_is_told(at: float) -> None:
    code = answer_of(assignment_of(), Recipe(assignment_of().config), 3).to_code()
    place = int(at * len(code)) + code.index("|") if at < 0.3 else int(at * len(code))
    other = code[:place] + ("A" if code[place] != "A" else "B") + code[place + 1 :]
    assert verdict_on(other).reason == "The code was changed or damaged after it was made."
    assert verdict_on(code[:place]).reason == "The code is cut off: its end is missing."


def test_a_code_survives_mail() -> None:
    code = answer_of(assignment_of(), Recipe(assignment_of().config), 3).to_code()
    wrapped = "Dear teacher,\r\n> " + "\r\n> ".join(code[at : at + 60] for at in range(0, len(code), 60))
    found = find_codes(f"{wrapped}\n\nBest wishes, (Anna)\n\n{code}")
    assert len(found) == 2
    assert all(verdict_on(each).accepted for each in found)
    assert set(re.sub(r"^nnplay1\([^|]*\||\)$", "", code)) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    )


def test_goal_and_limits_are_held() -> None:
    loose = assignment_of()
    answer = answer_of(loose, Recipe(loose.config), 12)  # 3 epochs of 4 steps would be 12 at full batches of 10
    epochs = answer.recipe.stands_at(12)
    assert epochs[0] >= 3
    for goal, said in (
        (Goal("accuracy", 1.0), "The goal isn't reached: Accuracy 0."),
        (Goal("loss", 1e-9), "The goal isn't reached: Loss "),
        (Goal("accuracy", 0.0, most_units=2), "Over the limit: 3 hidden units, at most 2 are allowed."),
        (Goal("accuracy", 0.0, most_epochs=epochs[0]), ""),
        (Goal("accuracy", 0.0, most_epochs=epochs[0] - 1), "at most"),
        (Goal("accuracy", 0.0, most_parameters=12), "Over the limit: 13 parameters, at most 12 are allowed."),
    ):
        asked = dataclasses.replace(loose, goal=goal)
        verdict = verdict_on(dataclasses.replace(answer, assignment=asked).to_code(), asked)
        assert verdict.accepted == (said == ""), goal
        assert said in verdict.reason
    begun = answer_of(loose, Recipe(loose.config), 13)  # an epoch that has begun counts
    asked = dataclasses.replace(loose, goal=Goal("accuracy", 0.0, most_epochs=epochs[0]))
    assert "Over the limit" in verdict_on(dataclasses.replace(begun, assignment=asked).to_code(), asked).reason


def test_an_easier_assignment_of_ones_own_is_told() -> None:
    asked = assignment_of(goal=Goal("accuracy", 0.4), fixed=("learning_rate",))
    for easier in (dataclasses.replace(asked, goal=Goal("accuracy", 0.1)), dataclasses.replace(asked, fixed=())):
        answer = answer_of(easier, Recipe(easier.config), 3)
        assert verdict_on(answer.to_code()).accepted  # by its own word
        verdict = verdict_on(answer.to_code(), asked)
        assert not verdict.accepted
        assert "Another assignment: its goal or what is locked is other than asked." in verdict.reason


def test_a_training_too_long_to_repeat_is_refused_before_it_begins() -> None:
    assignment = assignment_of()
    answer = dataclasses.replace(answer_of(assignment, Recipe(assignment.config), 3), n_steps=2**45)
    verdict = verdict_on(answer.to_code(), assignment)
    assert verdict.standing is None
    assert "too long to train again" in verdict.reason


def test_the_same_run_under_other_names_is_found_by_comparing() -> None:
    assignment = assignment_of()
    answer = answer_of(assignment, Recipe(assignment.config), 3)
    other = answer_of(assignment, Recipe(assignment.config), 4)
    codes = [dataclasses.replace(answer, name=name).to_code() for name in ("Anna", "Emma", "Emma")]
    verdicts = compared([verdict_on(code) for code in [*codes, other.to_code()]])
    assert [verdict.accepted for verdict in verdicts] == [True] * 4  # it may be chance: the teacher decides
    assert [verdict.reason for verdict in verdicts] == [
        "The same run as that of Emma.", "The same run as that of Anna.", "The same run as that of Anna.", "",
    ]  # fmt: skip
    twice = compared([verdict_on(codes[1])] * 2)
    assert {verdict.reason for verdict in twice} == {"Handed in more than once."}


@pytest.mark.parametrize("name", NAMES)
def test_names_come_back_as_they_were_typed(name: str) -> None:
    assignment = assignment_of()
    answer = answer_of(assignment, Recipe(assignment.config), 2, checked_name(f"  {name} "))
    file_name, text = file_of(answer)
    assert re.fullmatch(r"nnplay-answer-[\w-]+\.txt", file_name)
    (code,) = find_codes(text)
    assert read_code(code).name == name


@pytest.mark.parametrize("name", ["", "  ", None, "x" * 61])
def test_an_answer_needs_a_name(name: Any) -> None:
    with pytest.raises(Refusal):
        checked_name(name)


def test_a_bomb_is_refused() -> None:
    body = squeezed(b" " * 60_000_000)
    letters = base64.b64encode(_checks("A", body) + body).decode().rstrip("=")
    tracemalloc.start()
    try:
        assert "changed or damaged" in verdict_on(f"nnplay1(A|{letters})").reason
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()
    with pytest.raises(Refusal, match=f"at most {MAX_CODES} at a time"):
        find_codes("nnplay1(" * (MAX_CODES + 1))
    assert "too long" in verdict_on("nnplay1(A|" + "A" * (2 * MAX_CODE) + ")").reason


def test_no_cell_becomes_a_formula() -> None:
    names = ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "Anna", "＝1"]
    lines = list(csv.reader(io.StringIO(to_csv([Verdict(False, "=x", "-a.txt", name=name) for name in names]))))
    assert tuple(lines[0]) == COLUMNS
    for line in lines[1:]:
        for cell in line:
            assert cell == "" or cell.lstrip(" ")[0] not in "=+-@\t\r\n＝", line
    assert lines[7][1] == "Anna"


def test_the_command_reads_folders_and_writes_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assignment = assignment_of(goal=Goal("accuracy", 0.5))
    recipe = Recipe(dataclasses.replace(assignment.config, hidden_sizes=(8,)))
    folder = tmp_path / "answers" / "anna"
    folder.mkdir(parents=True)
    good = answer_of(assignment, recipe, 200, "Anna")
    assert verdict_on(good.to_code()).accepted
    (folder / "answer.txt").write_text(file_of(good)[1], encoding="utf-8")
    (tmp_path / "answers" / "b.txt").write_bytes(b"\xff\xfe nothing")
    (tmp_path / "answers" / ".hidden").write_text("nothing")
    table = tmp_path / "table.csv"
    link = f"https://example.org/?assignment={assignment.to_text()}&hide=data"
    assert nnplay.check.main([str(tmp_path / "answers"), "--assignment", link, "--csv", str(table)]) == 1
    said = capsys.readouterr().out
    assert "1 of 2 accepted" in said
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8-sig"))))
    assert [(row["file"], row["name"], row["verdict"]) for row in rows] == [
        (str(Path("anna", "answer.txt")), "Anna", "accepted"), ("b.txt", "", "refused"),
    ]  # fmt: skip
    assert rows[1]["reason"] == "There is no answer in it."
    assert nnplay.check.main([str(folder), "--csv", str(table)]) == 0
    assert nnplay.check.main([str(tmp_path / "none"), "--csv", str(table)]) == 2
    assert nnplay.check.main([str(folder), "--assignment", "https://example.org/?x=1", "--csv", str(table)]) == 2
