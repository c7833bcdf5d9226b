"""A refusal's parts: they say what the sentence says, and nobody reads them back from it."""

from __future__ import annotations

import ast
import copy
import pickle
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nnplay as nn
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.server import budget
from nnplay.server.setting_words import refusal_words

ROOT = Path(__file__).parent.parent
SOURCES = [ROOT / "app.py", *(path for folder in ("nnplay", "pages") for path in sorted((ROOT / folder).rglob("*.py")))]
X2 = [[0.0, 1.0], [1.0, 0.0]]


def refusal_from(call: Callable[[], Any]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


# --- the parts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "parts"),
    [
        (
            lambda: nn.Network([2, 3, 1], activation="rulu"),
            {"argument": "activation", "got": "'rulu'", "nearest": "relu", "index": None},
        ),
        (
            lambda: nn.Network([2, 0, 1]),
            {"argument": "layer_sizes", "index": 1, "requirement": "must be an integer at least 1", "got": "0"},
        ),
        (lambda: nn.ExperimentConfig(hidden_sizes=(8, "x")), {"argument": "hidden_sizes", "index": 1}),
        (lambda: nn.ExperimentConfig(columns=(0,)), {"argument": "columns", "index": 0}),
        (
            lambda: nn.ExperimentConfig(activation="elu(beta=1)"),
            {"argument": "activation", "chosen": "elu", "requirement": "takes alpha", "got": "'beta'"},
        ),
        (
            lambda: nn.ExperimentConfig(features=("sine(x1)",)),
            {"argument": "features", "requirement": "must be arithmetic in x1 and x2", "nearest": "sin"},
        ),
        (
            lambda: nn.ExperimentConfig(dataset="spiral(arm=3)"),
            {"argument": "option of dataset", "chosen": "spiral", "nearest": "arms"},
        ),
        (lambda: nn.ExperimentConfig(batch_size=10_000), {"argument": "batch_size", "got": "10000"}),
        (
            lambda: budget.check(nn.ExperimentConfig(hidden_sizes=(512,) * 8)),
            {"argument": "hidden_sizes", "got": None},
        ),
        (
            lambda: nn.Network([2, 1]).predict(np.ma.masked_equal(X2, 1)),
            {"argument": "X", "got": "2", "advice": "Fill them in, or leave those rows out."},
        ),
    ],
)
def test_a_refusal_has_the_parts_of_its_sentence(call: Callable[[], Any], parts: dict[str, Any]) -> None:
    refusal = refusal_from(call)
    assert {name: getattr(refusal, name) for name in parts} == parts
    assert str(refusal).startswith(refusal.argument)
    assert all(
        part in str(refusal)
        for part in (refusal.requirement, refusal.got or "", refusal.nearest or "", refusal.advice, refusal.finding)
    )


def test_the_choices_are_a_part_of_their_own() -> None:
    refusal = refusal_from(lambda: nn.Network([2, 1], output="softmac"))
    assert refusal.options == ("identity", "sigmoid", "softmax")


@pytest.mark.parametrize(
    ("call", "kind"),
    [(lambda: nn.ExperimentConfig(noise="x"), TypeRefusal), (lambda: nn.ExperimentConfig(noise=2), Refusal)],
)
def test_what_is_of_a_wrong_type_is_a_type_error_too(call: Callable[[], Any], kind: type[Refusal]) -> None:
    refusal = refusal_from(call)
    assert type(refusal) is kind
    assert isinstance(refusal, TypeError) == (kind is TypeRefusal)
    assert isinstance(refusal, ValueError)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])
@pytest.mark.parametrize("value", ["rulu", -3, (1, 2)])
def test_a_refusal_is_pickled_and_copied_whole(again: Callable[[Refusal], Refusal], value: Any) -> None:
    refusal = refusal_from(lambda: nn.ExperimentConfig(batch_size=value))
    twin = again(refusal)
    assert twin == refusal
    assert (type(twin), str(twin), vars(twin)) == (type(refusal), str(refusal), vars(refusal))


def test_refusals_of_the_same_are_equal() -> None:
    one, same = (refusal_from(lambda: nn.ExperimentConfig(noise=2)) for _ in range(2))
    assert one == same
    assert hash(one) == hash(same)
    assert one != refusal_from(lambda: nn.ExperimentConfig(noise=3))


# --- for a visitor ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "label", "said"),
    [
        ({"noise": 2}, "Noise", "Noise must be a number from 0 to 1; got 2."),
        ({"noise": 2}, "", "noise must be a number from 0 to 1; got 2."),
        ({"seed": 1.5}, "Seed", "Seed must be a whole number from 0 to 4294967295; got 1.5."),
        (
            {"hidden_sizes": (8, 0)},
            "Hidden layers",
            "Hidden layers: units in layer 2 must be a whole number from 1 to 512; got 0.",
        ),
        (
            {"activation": "rulu"},
            "Activation",
            "Activation must be one of the choices; got 'rulu'. Did you mean 'relu'?",
        ),
        ({"optimizer": "sgd(beta=1)"}, "Optimiser", "Optimiser: sgd takes no parameters; got 'beta'."),
        (
            {"features": ("sine(x1)",)},
            "Inputs",
            "Inputs must be arithmetic in x1 and x2; got 'sine(x1)', where 'sine' isn't known. Did you mean 'sin'?",
        ),
    ],
)
def test_a_page_says_a_refusal_in_its_own_words(fields: dict[str, Any], label: str, said: str) -> None:
    assert refusal_words(refusal_from(lambda: nn.ExperimentConfig(**fields)), label) == said


# --- nobody reads a sentence back ---------------------------------------------------------------------------

_AN_ERROR = re.compile(r"(.*_)?(error|refusal|exception|complaint)")
_TAKEN_APART = {
    "partition", "rpartition", "split", "rsplit", "splitlines", "startswith", "endswith", "removeprefix",
    "removesuffix", "replace", "find", "rfind", "index", "rindex", "count", "strip", "lstrip", "rstrip",
}  # fmt: skip
_BY_PATTERN = {"match", "fullmatch", "search", "findall", "finditer", "sub", "subn", "split"}


def sentences_read(source: str) -> Iterator[int]:
    """Yield the lines where an error's sentence is taken apart, or looked for a word in."""
    tree = ast.parse(source)
    known = {node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name}

    def is_error(node: ast.AST) -> bool:
        if isinstance(node, ast.Name):
            return node.id in known or bool(_AN_ERROR.fullmatch(node.id))
        if isinstance(node, ast.Attribute):  # self.refusal, but not refusal.argument
            return bool(_AN_ERROR.fullmatch(node.attr))
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in ("str", "repr", "format"):
                return any(map(is_error, node.args))
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            return bool(_AN_ERROR.fullmatch(called)) or called.startswith("refusal_")
        if isinstance(node, ast.BoolOp):
            return any(map(is_error, node.values))
        if isinstance(node, ast.JoinedStr):
            return any(is_error(each.value) for each in node.values if isinstance(each, ast.FormattedValue))
        if isinstance(node, ast.Subscript):  # str(error)[3:]
            return is_error(node.value)
        return False

    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and is_error(node.value):
            known |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            taken_apart = node.func.attr in _TAKEN_APART and is_error(node.func.value)
            if taken_apart or (node.func.attr in _BY_PATTERN and any(map(is_error, node.args))):
                yield node.lineno
        elif isinstance(node, ast.Compare):
            for operator, right in zip(node.ops, node.comparators, strict=True):
                compared = isinstance(operator, (ast.Eq, ast.NotEq)) and isinstance(right, ast.Constant) and right.value
                if (isinstance(operator, (ast.In, ast.NotIn)) and is_error(right)) or (
                    compared and is_error(node.left)
                ):
                    yield node.lineno
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and is_error(node.value):
            yield node.lineno


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nobody_reads_an_errors_sentence(path: Path) -> None:
    assert list(sentences_read(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "line",
    [
        'culprit = re.match(r"\\w+", str(error))',
        'name = str(caught).partition(" ")[0]',
        'accepted, got, wrong = (refusal or "").partition("; got ")',
        "form = _REFUSAL.fullmatch(refusal)",
        'if "must come with its data" in refusal: pass',
        'if str(caught) == "no such file": pass',
        "said = str(caught); name = said.split()[0]",
        "name = str(caught)[:5]",
        'name = state.refusal_of("noise").removeprefix("noise ")',
        'if f"{caught}".startswith("noise"): pass',
    ],
)
def test_a_sentence_that_is_read_is_found(line: str) -> None:
    assert list(sentences_read(f"try: pass\nexcept ValueError as caught: pass\n{line}\n"))


@pytest.mark.parametrize(
    "line",
    [
        "name = refusal.argument",
        'if refusal.argument in ("noise", "seed"): pass',
        'if "dataset" in refusals: pass',
        "notices.append(str(error))",
        "if state.refusal() != refusal: pass",
    ],
)
def test_the_parts_may_be_read(line: str) -> None:
    assert not list(sentences_read(line))


def test_every_refusal_is_made_of_its_parts() -> None:
    """What says that something must be so is no bare ValueError or TypeError."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                bare = node.func.id in ("ValueError", "TypeError")
                assert not (bare and " must " in ast.unparse(node)), f"{path.relative_to(ROOT)}:{node.lineno}"
