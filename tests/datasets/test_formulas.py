"""Formulas: arithmetic is evaluated, everything else is refused with a sentence, and nothing takes long."""

from __future__ import annotations

import ast
import math
import string
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nnplay import ExperimentConfig
from nnplay.datasets.features import (
    FEATURES,
    MAX_FEATURES,
    applicable,
    checked_features,
    compute_features,
    feature_label,
)
from nnplay.datasets.formulas import MAX_LENGTH, parse_formula

PLANE = ("x1", "x2")
X1, X2 = np.array([-0.9, 0.2, 0.7]), np.array([0.4, -0.5, 1.1])


def evaluated(text: str) -> np.ndarray:
    return parse_formula("features", text, PLANE)(x1=X1, x2=X2)


# --- what is accepted ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("x1", X1),
        (" - x1 + 2 * x2 ", -X1 + 2 * X2),
        ("x1**2 - x2/4", X1**2 - X2 / 4),
        ("x1^2", X1**2),
        ("x₁² + x₂³ − 2·x₁×x₂", X1**2 + X2**3 - 2 * X1 * X2),
        ("2**-x1**2", 2 ** -(X1**2)),
        ("sin(2*pi*x1)*e", np.sin(2 * np.pi * X1) * math.e),
        ("max(x1, -x2) + min(x1, 0)", np.maximum(X1, -X2) + np.minimum(X1, 0)),
        ("sqrt(abs(x1)) + log(exp(x2)) + sign(x1)", np.sqrt(np.abs(X1)) + X2 + np.sign(X1)),
        ("tanh(1e1*x1)+floor(x2)+cos(x1)+tan(x2)", np.tanh(10 * X1) + np.floor(X2) + np.cos(X1) + np.tan(X2)),
        ("0*x1", 0 * X1),
    ],
)
def test_arithmetic_is_evaluated_as_it_is_read(text: str, values: np.ndarray) -> None:
    assert np.allclose(evaluated(text), values, rtol=1e-14)


def test_a_formula_has_one_spelling() -> None:
    assert parse_formula("features", " x1 ^ 2 +  x₂", PLANE).text == "x1**2+x2"
    assert parse_formula("features", "x1**2+x2", PLANE) == parse_formula("features", "x1² + x2", PLANE)


def test_variables_are_not_written_to() -> None:
    x = np.array([1.0, 4.0])
    parse_formula("formula", "sqrt(x)+x", ("x",))(x=x)
    assert np.array_equal(x, [1.0, 4.0])


arithmetic = st.recursive(
    st.sampled_from(["x1", "x2", "3", "0.5", "pi"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(
            lambda parts: f"({parts[0]}{parts[1]}{parts[2]})"
        ),
        st.tuples(st.sampled_from(["sin", "cos", "tanh", "abs"]), inner).map(lambda parts: f"{parts[0]}({parts[1]})"),
    ),
    max_leaves=6,
)


@given(arithmetic.filter(lambda text: "x" in text and len(text) <= MAX_LENGTH))
def test_generated_arithmetic_is_what_python_makes_of_it(text: str) -> None:
    names = {name: getattr(np, name) for name in ("sin", "cos", "tanh", "abs", "pi")}
    expected = eval(text, {"__builtins__": {}}, names | {"x1": X1, "x2": X2})
    assert np.allclose(evaluated(text), expected, rtol=1e-12)


def run_by_stack(program: list[float | str], **variables: np.ndarray) -> np.ndarray:
    """Run a program as any language would: by a stack, and a function for each name."""
    functions: dict[str, tuple[int, Any]] = {
        "+": (2, np.add), "-": (2, np.subtract), "*": (2, np.multiply), "/": (2, np.divide), "**": (2, np.power),
        "neg": (1, np.negative), "min": (2, np.minimum), "max": (2, np.maximum),
    }  # fmt: skip
    stack: list[Any] = []
    for step in program:
        if not isinstance(step, str):
            stack.append(step)
        elif step in variables:
            stack.append(variables[step])
        else:
            n, function = functions.get(step) or (1, getattr(np, step))
            values = [stack.pop() for _ in range(n)]
            stack.append(function(*reversed(values)))
    (result,) = stack
    return np.broadcast_to(result, next(iter(variables.values())).shape)


@given(arithmetic.filter(lambda text: "x" in text and len(text) <= MAX_LENGTH))
@example("2**-x1**2/(x2-1)")
@example("+x1-(-2)*-x2")
@example("min(x1,max(x2,-0.5))-e")
@example("tan(exp(log(sqrt(abs(sign(floor(3*x1)))))))")
def test_a_program_is_its_formula(text: str) -> None:
    formula = parse_formula("formula", text, ("x1", "x2"))
    with np.errstate(all="ignore"):
        assert np.array_equal(run_by_stack(formula.program, x1=X1, x2=X2), formula(x1=X1, x2=X2), equal_nan=True)


def test_a_program_is_numbers_variables_and_names_in_postfix_order() -> None:
    assert parse_formula("formula", "-2*pi^x1", ("x1",)).program == [2.0, "neg", math.pi, "x1", "**", "*"]


# --- what is refused ----------------------------------------------------------------------------------------

HOSTILE: list[Any] = [
    # attributes, dunder names, builtins
    *("x1.__class__", "x1.__class__.__bases__[0]", "x1.T", "x1.dtype.type", "().__class__", "x1.tofile"),
    *("sin.__self__",),
    *("__import__('os')", "__builtins__", "__import__", "eval(x1)", "exec(x1)", "open(x1)", "getattr(x1,x2)"),
    *("print(x1)",),
    *("globals()", "locals()", "vars(x1)", "dir(x1)", "type(x1)", "id(x1)", "input()", "exit()", "help(x1)"),
    *("os", "np"),
    *("sin.at(x1)", "sin(x1).real", "x1.sum()", "x1.fill(0)", "self", "names", "ast", "float(x1)", "int(x1)", "rand()"),
    # other kinds of expressions and statements
    *("lambda: x1", "(lambda x1: x1)(x1)", "[x1 for x1 in x2]", "{x1: x2}", "{x1}", "[x1, x2]", "(x1, x2)"),
    *("x1,x2", "x1,"),
    *("x1 if x1 else x2", "x1 and x2", "x1 or x2", "not x1", "x1 < x2", "x1 == x2", "x1 is x2", "x1 in x2", "x1 != 1"),
    *("x1 := 3", "x1 = 3", "x1 += 1", "x1; x2", "x1\nx2", "import os", "del x1", "pass", "return x1"),
    *("yield x1", "await x1"),
    *("f'{x1}'", "'x1'", '"x1"', "b'x1'", "`x1`", "x1[0]", "x1[::2]", "x1[None]", "...", "...*x1", "None"),
    *("True", "False*x1"),
    *("x1 @ x2", "x1 // 2", "x1 % 2", "x1 << 2", "x1 >> 2", "x1 | x2", "x1 & x2", "~x1", "1j*x1", "x1 # x2"),
    *("x1 \\ x2",),
    *("sin(x1, x2)", "sin()", "sin(*x1)", "sin(**x1)", "sin(x1, out=x1)", "min(x1)", "max(x1, x2, x2)", "sin(x1)(x2)"),
    *("sin", "sin + x1", "sin x1", "abs*x1", "x1(x2)", "x1 x2", "2x1", "2(x1)", "pi(x1)", "e", "3", "1+1", "pi*e"),
    # names and letters
    *("y", "x3", "x", "X1", "sine(x1)", "ｘ1", "x１", "х1", "x1\u200b", "\u202ex1", "x\u00b9", "ſin(x1)", "𝐱1"),
    *("x1\x00", "x1💥"),
    # size and depth
    *("10**10**10", "9**9**9**9", "9" * 81, "1e999*x1", "x1" + "+x1" * 40, "-" * 5000 + "x1"),
    *("(" * 5000 + "x1" + ")" * 5000,),
    *("sin(" * 200 + "x1" + ")" * 200, "x1**" * 500 + "x1", "x1" * 100_000, "(" * 39 + "x1" + ")" * 38),
    *("1" * 400 + "*x1",),
    # nothing, or halves
    *("", " ", "\t", "()", "*", "**", "x1 +", "+", "* x1", "(x1", "x1)", ")x1(", "x1 ** ", "x1 .. x2", "1..x1"),
    *("1e", ",", ";"),
    # no text at all
    *(None, 3, 2.5, True, b"x1", ["x1"], ("x1",), {"x1": 1}),
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:40])
def test_what_is_no_arithmetic_is_refused_with_a_sentence(text: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=r"^features must be arithmetic in x1 and x2 ") as refusal:
        parse_formula("features", text, PLANE)
    sentence = str(refusal.value)
    assert "; got " in sentence
    assert sentence.endswith((".", "?"))
    assert len(sentence) < 330
    assert "\n" not in sentence


def test_the_refusal_names_what_is_wrong_and_what_was_nearest() -> None:
    with pytest.raises(ValueError, match=r"got 'sine\(x1\)', where 'sine' isn't known. Did you mean 'sin'\?$"):
        parse_formula("features", "sine(x1)", PLANE)
    with pytest.raises(ValueError, match=r"got '2x1', where a \* is missing after 2\.$"):
        parse_formula("features", "2x1", PLANE)
    with pytest.raises(ValueError, match=r"where min takes 2 values, not 1\.$"):
        parse_formula("features", "min(x1)", PLANE)


PIECES = [
    *("x1", "x2", "x", "1", "2.5", "1e5", "10**10**10", "pi", "sin", "min", "(", ")", "+", "-", "*", "**", "/"),
    *("//", ","),
    *(".", "=", "[", "]", "'", "lambda", " if ", " for ", " in ", "__class__", "__import__", "_", ":", ";"),
    *("#", "\n", "²", "₁"),
]  # fmt: skip


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=120) | st.text(string.printable))
@example("(" * 80)
@example("-" * 79 + "x1")
def test_any_text_is_refused_with_a_sentence_or_is_arithmetic(text: str) -> None:
    try:
        formula = parse_formula("features", text, PLANE)
    except ValueError:  # the sentence is the same for every refusal, as the test above has it
        return
    allowed = (
        ast.Expression,
        ast.BinOp,
        ast.UnaryOp,
        ast.Call,
        ast.Name,
        ast.Constant,
        ast.operator,
        ast.unaryop,
        ast.Load,
    )
    assert all(isinstance(node, allowed) for node in ast.walk(ast.parse(formula.text, mode="eval")))
    values = formula(x1=X1, x2=X2)
    assert (values.shape, values.dtype) == (X1.shape, np.float64)
    assert parse_formula("features", formula.text, PLANE) == formula


# --- features -----------------------------------------------------------------------------------------------


def test_the_menu_lists_the_usual_features() -> None:
    labels = [feature_label(name) for name in FEATURES]
    assert labels == ["x₁", "x₂", "x₁²", "x₂²", "x₁x₂", "sin x₁", "sin x₂", "sin 2πx₁", "sin 2πx₂"]
    assert [feature_label(name, 1) for name in applicable(tuple(FEATURES), 1)] == ["x", "x²", "sin x", "sin 2πx"]
    assert feature_label("x1**3-2*cos(pi*x2)**10") == "x₁³−2·cos(π·x₂)^10"


def test_registered_features_come_first_and_in_one_order() -> None:
    assert checked_features(["exp(x2)", "x2**2", "x1 * x2", "x1"]) == ("x1", "x2**2", "x1*x2", "exp(x2)")
    assert checked_features(["x^2"]) == ("x1**2",)


@pytest.mark.parametrize(
    ("features", "message"),
    [
        ((), f"must be 1 to {MAX_FEATURES} formulas in x1 and x2; got 0"),
        ([f"x1+{k}" for k in range(MAX_FEATURES + 1)], f"got {MAX_FEATURES + 1}"),
        (("x1", "x1**2", "x1^2"), r"must differ from each other; got 'x1\*\*2' twice"),
        ("x1", "must be a tuple of formulas"),
        (None, "must be a tuple of formulas"),
        (("x1", 3), "got 3"),
        (
            ("log(x1)",),
            r"must be numbers from -1,000,000 to 1,000,000 on the data; got no finite number from 'log\(x1\)'",
        ),
        (("x1*1e9",), "on the data; got"),
        (("1/x1",), "on the plane shown; got no finite number from '1/x1' at x1 = 0"),
        (("10**10**10*x1",), "on the data; got no finite number"),
        (("x1/(x2-x2)",), "got no finite number"),
    ],
)
def test_features_that_cannot_be_used_are_refused(features: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=rf"^features {message}" if message[0] == "m" else message):
        ExperimentConfig(features=features)


def test_the_network_is_fed_with_the_features_of_the_data() -> None:
    config = ExperimentConfig(features=("x1", "x2**2", "sin(3*x1)"))
    session = config.build()
    train, _ = config.data.split()
    assert config.layer_sizes == session.network.layer_sizes == (3, 8, 8, 1)
    x1, x2 = train.X.T
    assert np.array_equal(session.train.X, np.column_stack([x1, x2**2, np.sin(3 * x1)]))
    assert session.train.feature_names == ("x₁", "x₂²", "sin(3·x₁)")
    assert np.array_equal(session.train.y, train.y)
    assert session.test.n_features == 3
    assert np.isfinite(session.run(2).history["train_loss"]).all()


def test_the_coordinates_alone_are_the_data_as_they_are() -> None:
    data = ExperimentConfig().data.make()
    assert compute_features(("x1", "x2"), data.X) is data.X


def test_squares_let_a_model_without_hidden_layers_part_two_rings() -> None:
    rings = ExperimentConfig(dataset="circles", hidden_sizes=(), learning_rate=0.3)
    plain = rings.build().run(40)
    squares = ExperimentConfig(**rings.to_dict() | {"features": ("x1**2", "x2**2")}).build().run(40)
    assert plain.score(plain.test) < 0.7
    assert squares.score(squares.test) == 1.0
