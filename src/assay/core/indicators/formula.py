"""A formula compiles to numpy calls over columns; it can name columns and parameters, and reach nothing else.

A missing value stays missing: arithmetic with it is missing, a comparison with it is unknown, and `and or not` are Kleene's
(false and unknown is false). Truth is 1 and 0, so a formula's column is always one of numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from assay.core.domain.nearest import nearest
from assay.core.indicators import formula_calls as calls
from assay.core.indicators import formula_indicators as functions
from assay.core.indicators.entry import Floats, Outputs
from assay.core.indicators.formula_calls import Parameters, constant
from assay.core.indicators.formula_signature import TIME
from assay.core.indicators.formula_tokens import FormulaError, Place
from assay.core.indicators.formula_tree import Applied, Binary, Call, Choice, Column, Literal, Param, Tree, Unary, parse, parts, walk
from assay.core.indicators.logic import OPERATORS, chosen, known, negated, power
from assay.core.indicators.series import BAR_COLUMNS

LARGEST_EXPONENT: Final = 100
MOST_ROLLING: Final = 64
"""Different calls that look back."""
MOST_STEPS: Final = 20_000
"""Numbers looked at for a bar: one for each part of the formula, and the whole window where a function walks it."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A formula that is well formed; whether its names exist and its values are in bounds, `check` says.

    `names` are the columns that it reads, written or not (`atr(14)` reads high, low and close); `tells_time` whether it asks when
    bars open, which is the column TIME. What it calls more than once is computed once (`repeated`).
    """

    text: str
    tree: Tree
    names: tuple[str, ...]
    parameters: tuple[str, ...]
    tells_time: bool
    repeated: Mapping[int, int]

    def evaluate(self, columns: Mapping[str, Floats], parameters: Parameters) -> Floats:
        """The formula's column. `columns` must hold `names` and what it tells the time by, `parameters` the values; checked before."""
        scope = _Scope(columns, parameters, len(columns["close"]), self.repeated, {})
        with np.errstate(all="ignore"):
            return known(_evaluate(self.tree, scope))

    def check(self, is_column: Callable[[str], bool], parameters: Parameters, columns: Collection[str] = BAR_COLUMNS) -> None:
        """Raises FormulaError for an unknown name or parameter, a value out of bounds, and more work than a formula may make.

        `columns` are those that an unknown name may have meant.
        """
        for node in walk(self.tree):
            _check(node, is_column, parameters, columns)
        self._check_work(parameters)

    def steps(self, parameters: Parameters) -> int:
        """How many numbers are looked at for one bar."""
        return sum(call.function.steps(*calls.values(call, parameters)) for call in self._calls()) + sum(1 for _ in walk(self.tree))

    def lookback(self, rows: Mapping[str, int], parameters: Parameters) -> int:
        """Rows before the first value, given those of the columns it names."""
        return _lookback(self.tree, rows, parameters)

    def _calls(self) -> list[Applied]:
        """Each computation once."""
        return list({replace(node, output=0): None for node in walk(self.tree) if isinstance(node, Applied)})

    def _check_work(self, parameters: Parameters) -> None:
        whole = Place(0, max(1, len(self.text)))
        rolling = sum(call.function.rolls for call in self._calls())
        if rolling > MOST_ROLLING:
            message = f"{rolling} different calls look back, at most {MOST_ROLLING} may; split the formula into several series"
            raise FormulaError(whole, "limit", message)
        steps = self.steps(parameters)
        if steps > MOST_STEPS:
            message = f"each bar would take {steps:,} steps, at most {MOST_STEPS:,} are allowed; take shorter windows"
            raise FormulaError(whole, "limit", message)


@lru_cache(maxsize=4096)
def compiled(text: str) -> Compiled:
    """Parse a formula and tie its calls to their functions. Raises FormulaError."""
    tree = calls.resolved(parse(text))
    names: dict[str, None] = {}
    parameters: dict[str, None] = {}
    for node in walk(tree):
        if isinstance(node, Column):
            names[node.name] = None
        elif isinstance(node, Param):
            parameters[node.name] = None
        elif isinstance(node, Applied):
            names |= dict.fromkeys(node.function.reads)
    columns = tuple(name for name in names if name != TIME)
    return Compiled(text, tree, columns, tuple(parameters), TIME in names, _repeated(tree))


def _repeated(tree: Tree) -> Mapping[int, int]:
    """What calls to share, by the identity of their nodes: all outputs of a call are one computation."""
    found = [node for node in walk(tree) if isinstance(node, Applied)]
    alike = [replace(node, output=0) for node in found]
    times = Counter(alike)
    numbers = {call: number for number, call in enumerate(times) if times[call] > 1}
    return {id(node): numbers[call] for node, call in zip(found, alike, strict=True) if call in numbers}


@dataclass(frozen=True, slots=True)
class _Scope:
    columns: Mapping[str, Floats]
    parameters: Parameters
    length: int
    repeated: Mapping[int, int]
    computed: dict[int, Outputs]


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
            return power(_evaluate(left, scope), constant(right, scope.parameters))
        case Binary(op=op, left=left, right=right):
            return OPERATORS[op](_evaluate(left, scope), _evaluate(right, scope))
        case Choice(condition=condition, then=then, otherwise=otherwise):
            return chosen(_evaluate(condition, scope), _evaluate(then, scope), _evaluate(otherwise, scope))
        case Applied(output=output):
            return _called(tree, scope)[output]
        case Call():
            raise AssertionError(f"{tree.function} is not tied to its function")


def _called(call: Applied, scope: _Scope) -> Outputs:
    number = scope.repeated.get(id(call))
    if number is not None and number in scope.computed:
        return scope.computed[number]
    read = [scope.columns[name] for name in call.function.reads]
    series = [_evaluate(each, scope) for each in call.series]
    outputs = call.function.compute(*read, *series, *calls.values(call, scope.parameters))
    if number is not None:
        scope.computed[number] = outputs
    return outputs


def _check(node: Tree, is_column: Callable[[str], bool], parameters: Parameters, columns: Collection[str]) -> None:
    match node:
        case Param():
            constant(node, parameters)
        case Column(name=name, place=place) if not is_column(name):
            raise FormulaError(place, "unknown", _no_column(name, columns))
        case Binary(op="**", right=right, place=place):
            exponent = constant(right, parameters)
            if not abs(exponent) <= LARGEST_EXPONENT:
                raise FormulaError(place, "limit", f"exponent {exponent:g} is out of bounds: at most {LARGEST_EXPONENT} either way")
        case Applied():
            calls.check(node, parameters)
        case _:
            return


def _lookback(tree: Tree, rows: Mapping[str, int], parameters: Parameters) -> int:
    match tree:
        case Literal() | Param():
            return 0
        case Column(name=name):
            return rows[name]
        case Applied(function=function, series=series):
            read = [0, *(_lookback(each, rows, parameters) for each in series)]
            return function.before(*calls.values(tree, parameters)) + max(read)
        case _:
            return max(_lookback(part, rows, parameters) for part in parts(tree))


def _no_column(name: str, columns: Collection[str]) -> str:
    function = functions.find(name)
    if function:
        return f"{name!r} is a function; write {function.signature}"
    return f"{name!r} is not a series; {nearest(name, tuple(columns))}"
