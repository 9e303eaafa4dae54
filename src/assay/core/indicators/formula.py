"""A formula compiles to numpy closures over columns; it can name columns and parameters, and reach nothing else.

A missing value stays missing: arithmetic with it is missing, a comparison with it is unknown, and `and or not` are Kleene's
(false and unknown is false). Truth is 1 and 0, so a formula's column is always one of numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np

from assay.core.indicators.entry import Floats
from assay.core.indicators.formula_functions import FUNCTIONS, check_call
from assay.core.indicators.formula_tokens import FormulaError
from assay.core.indicators.formula_tree import Binary, Call, Column, Literal, Param, Tree, Unary, parse, walk
from assay.core.indicators.logic import OPERATORS, known, negated, power

LARGEST_EXPONENT: Final = 100

Parameters: TypeAlias = Mapping[str, int | float]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A formula that is well formed; whether its names exist and its values are in bounds, `check` says."""

    text: str
    tree: Tree
    names: tuple[str, ...]
    parameters: tuple[str, ...]

    def evaluate(self, columns: Mapping[str, Floats], parameters: Parameters) -> Floats:
        """The formula's column. `columns` must hold `names`, `parameters` the values; checked before."""
        length = len(columns["close"])
        with np.errstate(all="ignore"):
            return known(_evaluate(self.tree, _Scope(columns, parameters, length)))

    def check(self, is_column: Callable[[str], bool], parameters: Parameters) -> None:
        """Raises FormulaError for an unknown name, function or parameter, and for a value out of bounds."""
        for node in walk(self.tree):
            _check(node, is_column, parameters)

    def lookback(self, rows: Mapping[str, int], parameters: Parameters) -> int:
        """Rows before the first value, given those of the columns it names."""
        return _lookback(self.tree, rows, parameters)


@lru_cache(maxsize=4096)
def compiled(text: str) -> Compiled:
    """Parse a formula. Raises FormulaError."""
    tree = parse(text)
    names: dict[str, None] = {}
    parameters: dict[str, None] = {}
    for node in walk(tree):
        if isinstance(node, Column):
            names[node.name] = None
        elif isinstance(node, Param):
            parameters[node.name] = None
        elif isinstance(node, Call) and node.function in FUNCTIONS:
            names |= dict.fromkeys(FUNCTIONS[node.function].reads)
    return Compiled(text, tree, tuple(names), tuple(parameters))


@dataclass(frozen=True, slots=True)
class _Scope:
    columns: Mapping[str, Floats]
    parameters: Parameters
    length: int


def _evaluate(tree: Tree, scope: _Scope) -> Floats:
    match tree:
        case Literal(value=value):
            return np.full(scope.length, float(value))
        case Param(name=name):
            return np.full(scope.length, float(scope.parameters[name]))
        case Column(name=name):
            return scope.columns[name]
        case Unary(op="not", of=of):
            return negated(_evaluate(of, scope))
        case Unary(op=op, of=of):
            return -_evaluate(of, scope) if op == "-" else _evaluate(of, scope)
        case Binary(op="**", left=left, right=right):
            return power(_evaluate(left, scope), _constant(right, scope.parameters))
        case Binary(op=op, left=left, right=right):
            return OPERATORS[op](_evaluate(left, scope), _evaluate(right, scope))
        case Call(function=name, arguments=arguments):
            function = FUNCTIONS[name]
            series, window = function.split(arguments, scope.parameters)
            inputs = [scope.columns[column] for column in function.reads]
            return function.compute(*inputs, *(_evaluate(argument, scope) for argument in series), window=window)


def _check(node: Tree, is_column: Callable[[str], bool], parameters: Parameters) -> None:
    match node:
        case Param(name=name, column=column) if name not in parameters:
            raise FormulaError(column, "unknown", f"${name} is not a parameter; {_there_are(parameters)}")
        case Column(name=name, column=column) if not is_column(name):
            raise FormulaError(column, "unknown", _no_column(name))
        case Binary(op="**", right=right, column=column):
            exponent = _constant(right, parameters)
            if not abs(exponent) <= LARGEST_EXPONENT:
                raise FormulaError(column, "limit", f"exponent {exponent:g} is out of bounds: at most {LARGEST_EXPONENT} either way")
        case Call():
            check_call(node, parameters)
        case _:
            return


def _constant(tree: Tree, parameters: Parameters) -> float:
    match tree:
        case Literal(value=value):
            return value
        case Param(name=name, column=column):
            if name not in parameters:
                raise FormulaError(column, "unknown", f"${name} is not a parameter; {_there_are(parameters)}")
            return parameters[name]
        case Unary(of=of):
            return -_constant(of, parameters)
        case _:
            raise AssertionError("the grammar allows no other exponent")


def _lookback(tree: Tree, rows: Mapping[str, int], parameters: Parameters) -> int:
    match tree:
        case Literal() | Param():
            return 0
        case Column(name=name):
            return rows[name]
        case Unary(of=of):
            return _lookback(of, rows, parameters)
        case Binary(left=left, right=right):
            return max(_lookback(left, rows, parameters), _lookback(right, rows, parameters))
        case Call(function=name, arguments=arguments):
            function = FUNCTIONS[name]
            series, window = function.split(arguments, parameters)
            return function.lookback(window) + max((_lookback(argument, rows, parameters) for argument in series), default=0)


def _there_are(parameters: Parameters) -> str:
    return f"there are {', '.join(f'${name}' for name in parameters)}" if parameters else "there are none"


def _no_column(name: str) -> str:
    if name in FUNCTIONS:
        return f"{name!r} is a function; write {FUNCTIONS[name].usage}"
    return f"{name!r} is not a series; there are the bar's open, high, low, close, volume and the series of this document"
