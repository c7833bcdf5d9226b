"""Formulas that a visitor types: arithmetic with a few variables, and never anything else.

The evaluator is simpleeval's, with all but arithmetic taken out; numbers are float64 from the start, so that no power
of integers can take its time.
"""

from __future__ import annotations

import ast
import functools
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from simpleeval import (
    FeatureNotAvailable,
    FunctionNotDefined,
    InvalidExpression,
    NameNotDefined,
    OperatorNotDefined,
    SimpleEval,
)

from nnplay.refusal import Refusal, TypeRefusal
from nnplay.validation import nearest_choice, shown

#: Longest formula, without its blanks.
MAX_LENGTH = 80
#: Longest text that is looked at at all.
_MAX_TEXT = 1000

Values = NDArray[np.float64]


def _exactly(ufunc: np.ufunc) -> Callable[..., Any]:
    """Return `ufunc` for its inputs only: a further argument would be an array to write to."""

    def call(*values: Any) -> Any:
        if len(values) != ufunc.nin:
            raise _Mistake(f"where {_spoken(ufunc)} takes {ufunc.nin} value{'s' * (ufunc.nin > 1)}, not {len(values)}")
        return ufunc(*values)

    return call


_UFUNCS = {
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "tanh": np.tanh,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "abs": np.absolute,
    "sign": np.sign,
    "floor": np.floor,
    "min": np.minimum,
    "max": np.maximum,
}
_CONSTANTS = {"pi": np.float64(math.pi), "e": np.float64(math.e)}
_OPERATORS = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
    ast.UAdd: np.positive,
    ast.USub: np.negative,
}
#: What a program calls an operator; a plus in front does nothing.
_SYMBOLS: dict[type, str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
    ast.USub: "neg",
}
_FUNCTIONS = {name: _exactly(ufunc) for name, ufunc in _UFUNCS.items()}
_NODES = (ast.Expr, ast.Constant, ast.Name, ast.UnaryOp, ast.BinOp, ast.Call)
#: As the interface writes formulas, and as Python does.
_SPELLINGS = str.maketrans(
    {"^": "**", "²": "**2", "³": "**3", "₁": "1", "₂": "2", "·": "*", "×": "*", "−": "-", "π": "pi"}
)
_STRANGE = re.compile(r"[^A-Za-z0-9.+\-*/(), ]")
#: A number that runs into a name, as in 2x1 (1e5 is a number).
_MISSING_SIGN = re.compile(r"(?<![A-Za-z0-9.])([0-9.]+)(?![eE][+-]?[0-9])[A-Za-z]")


class _Mistake(Exception):
    """What is wrong with a formula, as the end of a sentence, and the name that may be meant."""

    def __init__(self, what: str, nearest: str | None = None) -> None:
        super().__init__(what)
        self.nearest = nearest


class _Arithmetic(SimpleEval):
    """simpleeval with numbers, variables, arithmetic and the functions above; every other kind of node is refused."""

    def __init__(self, variables: dict[str, Any]) -> None:
        super().__init__(operators=_OPERATORS, functions=_FUNCTIONS, names={**_CONSTANTS, **variables})
        handlers: dict[type, Callable[..., Any]] = vars(self)["nodes"]
        handlers |= {ast.Constant: self._eval_number, ast.Name: self._eval_variable}
        self.nodes = {kind: handlers[kind] for kind in _NODES}

    def _eval_variable(self, node: ast.Name) -> Any:
        if node.id not in self.names:  # simpleeval would look among the functions, too
            raise NameNotDefined(node.id, self.expr)
        return self.names[node.id]

    @staticmethod
    def _eval_number(node: ast.Constant) -> np.float64:
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
            raise _Mistake(f"where {shown(node.value)} is not a real number")
        if not math.isfinite(node.value):
            raise _Mistake("where a number is too large")
        return np.float64(node.value)


@dataclass(frozen=True)
class Formula:
    """Arithmetic over variables.

    Attributes
    ----------
    text : str
        The formula in its one spelling: no blanks, ``**`` for powers.
    uses : tuple of str
        The variables that occur in it.
    """

    text: str
    uses: tuple[str, ...]
    _tree: ast.stmt = field(repr=False, compare=False)

    def __call__(self, **variables: Values) -> Values:
        """Return the values where the variables, arrays of one shape, have theirs; not finite where there are none."""
        shape = next(iter(variables.values())).shape
        with np.errstate(all="ignore"):
            values = _Arithmetic(variables).eval(self.text, previously_parsed=self._tree)
        return np.array(np.broadcast_to(values, shape), dtype=np.float64)

    @property
    def program(self) -> list[float | str]:
        """The formula in postfix order: numbers, variables, and operators and functions by name.

        ``2*x1`` is ``[2.0, "x1", "*"]``, and ``-sin(x1)`` is ``["x1", "sin", "neg"]``. So another language computes it
        with a stack, and reads no text.
        """
        return list(_postfix(self._tree))


def _postfix(node: ast.AST) -> Iterator[float | str]:
    """Yield the steps that compute `node`, which is arithmetic."""
    match node:
        case ast.Expr(value=value):
            yield from _postfix(value)
        case ast.Constant(value=int() | float() as number):
            yield float(number)
        case ast.Name(id=name):
            yield float(_CONSTANTS[name]) if name in _CONSTANTS else name
        case ast.UnaryOp(op=op, operand=operand):
            yield from _postfix(operand)
            if type(op) in _SYMBOLS:
                yield _SYMBOLS[type(op)]
        case ast.BinOp(left=left, op=op, right=right):
            yield from _postfix(left)
            yield from _postfix(right)
            yield _SYMBOLS[type(op)]
        case ast.Call(func=ast.Name(id=name), args=values):
            for value in values:
                yield from _postfix(value)
            yield name


def parse_formula(argument: str, text: Any, variables: tuple[str, ...]) -> Formula:
    """Return the formula that `text` writes.

    Parameters
    ----------
    argument : str
        What the text is called in a message: ``"formula"``.
    text : str
    variables : tuple of str
        Those that may occur; at least one must.

    Raises
    ------
    TypeError
        If `text` is no string.
    ValueError
        If it is anything but arithmetic over the variables: one sentence with what is accepted and what it got.
    """
    wanted = f"must be arithmetic in {' and '.join(variables)}"
    accepted = f"numbers, pi, e, + - * / **, {', '.join(_UFUNCS)}"
    if not isinstance(text, str):
        raise TypeRefusal(argument, wanted, shown(text), details=accepted)
    try:
        if len(text) > _MAX_TEXT:  # before it is remembered
            raise _Mistake(f"which is longer than {MAX_LENGTH} characters")
        return _parsed(text, variables)
    except _Mistake as mistake:
        what = f"{shown(text)}, {mistake}" if text.strip() else "nothing"
        raise Refusal(argument, wanted, what, mistake.nearest, details=accepted) from None


@functools.lru_cache(maxsize=256)
def _parsed(text: str, variables: tuple[str, ...]) -> Formula:
    spelled = text.translate(_SPELLINGS).strip()
    if strange := _STRANGE.search(spelled):
        raise _Mistake(f"where {shown(strange.group())} isn't allowed")
    brief = spelled.replace(" ", "")
    if len(brief) > MAX_LENGTH:
        raise _Mistake(f"which is longer than {MAX_LENGTH} characters")
    if number := _MISSING_SIGN.search(spelled):
        raise _Mistake(f"where a * is missing after {number[1]}")
    try:
        tree = SimpleEval.parse(spelled)
    except (SyntaxError, ValueError, RecursionError, MemoryError, InvalidExpression):
        raise _Mistake("which can't be read: write 2*x1, sin(x1) and close every bracket") from None
    uses = tuple(sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} & set(variables)))
    formula = Formula(brief, uses, tree)
    _try_out(formula, variables)
    if not uses:
        raise _Mistake(f"where {' and '.join(variables)} {'do' if len(variables) > 1 else 'does'} not occur")
    return formula


def _try_out(formula: Formula, variables: tuple[str, ...]) -> None:
    """Evaluate `formula` once: all of it is evaluated every time, so whatever is not arithmetic shows."""
    try:
        formula(**{name: np.array([0.25, 0.75]) for name in variables})
    except NameNotDefined as error:
        raise _unknown(error.name, (*variables, *_CONSTANTS, *_UFUNCS)) from None
    except FunctionNotDefined as error:
        raise _unknown(error.func_name, tuple(_UFUNCS)) from None
    except (FeatureNotAvailable, OperatorNotDefined, InvalidExpression, TypeError, RecursionError):
        raise _Mistake("which asks for more than arithmetic") from None


def _unknown(name: str, known: tuple[str, ...]) -> _Mistake:
    if name in _UFUNCS:
        return _Mistake(f"where {name} needs brackets")
    return _Mistake(f"where {name!r} isn't known", nearest_choice(name, known))


def _spoken(ufunc: np.ufunc) -> str:
    return next(name for name, known in _UFUNCS.items() if known is ufunc)
