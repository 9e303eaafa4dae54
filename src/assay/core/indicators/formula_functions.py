"""The functions a formula may call: a fixed list, each of them causal, each window a constant within bounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from assay.core.indicators.crossing import crossed_above
from assay.core.indicators.entry import Floats
from assay.core.indicators.formula_tokens import FormulaError
from assay.core.indicators.formula_tree import Call, Literal, Param, Tree, Unary
from assay.core.indicators.logic import known
from assay.core.indicators.missing import over_finite_runs
from assay.core.indicators.talib_entries import function as talib_function

LONGEST_WINDOW: Final = 10_000


@dataclass(frozen=True, slots=True)
class Function:
    """A function of `series` columns and, where `windowed`, a constant window as the last argument.

    With `literal` the window may be left to a series: `max(x, 20)` rolls, `max(x, y)` compares bar by bar.
    """

    usage: str
    series: int
    compute: Callable[..., Floats]
    windowed: bool = False
    shortest: int = 1
    literal: bool = False
    reads: tuple[str, ...] = ()
    before: Callable[[int], int] = lambda window: window - 1

    def split(self, arguments: Sequence[Tree], parameters: Mapping[str, int | float]) -> tuple[Sequence[Tree], int | None]:
        """The arguments that are series, and the window if there is one."""
        if not self.windowed or (self.literal and _integer(arguments[-1]) is None):
            return arguments, None
        last = arguments[-1]
        window = parameters[last.name] if isinstance(last, Param) else _integer(last)
        assert window is not None, "checked before"
        return arguments[:-1], int(window)

    def lookback(self, window: int | None) -> int:
        return 0 if window is None else self.before(window)


def check_call(call: Call, parameters: Mapping[str, int | float]) -> None:
    """Raises FormulaError for an unknown function, too few or many arguments, and a window that is none."""
    function = FUNCTIONS.get(call.function)
    if function is None:
        message = f"{call.function!r} is not a function; there are {', '.join(FUNCTIONS)}"
        raise FormulaError(call.column, "unknown", message)
    if len(call.arguments) != function.series + function.windowed:
        message = f"{call.function} got {len(call.arguments)} arguments; write {function.usage}"
        raise FormulaError(call.column, "arguments", message)
    if function.windowed and not (function.literal and _integer(call.arguments[-1]) is None):
        _check_window(function, call.arguments[-1], parameters)


def _check_window(function: Function, tree: Tree, parameters: Mapping[str, int | float]) -> None:
    value: float | None = parameters.get(tree.name, 1) if isinstance(tree, Param) else _constant(tree)
    if value is None or value != int(value):
        shown = "this" if value is None else repr(value)
        raise FormulaError(tree.column, "limit", f"{shown} is not a window; write a whole number or a $parameter, as in {function.usage}")
    if not function.shortest <= value <= LONGEST_WINDOW:
        hint = "; to compare with the number bar by bar, write it with a point" if function.literal else ""
        bounds = f"{function.shortest} to {LONGEST_WINDOW:,}"
        raise FormulaError(tree.column, "limit", f"window {value:g} is out of bounds: {bounds}{hint}")


def _constant(tree: Tree) -> float | None:
    match tree:
        case Literal(value=value):
            return value
        case Unary(op="-" | "+" as op, of=Literal(value=value)):
            return -value if op == "-" else value
        case _:
            return None


def _integer(tree: Tree) -> int | None:
    value = _constant(tree)
    return value if isinstance(value, int) else None


def _over_window(name: str) -> Callable[..., Floats]:
    """TA-Lib's function `name` of any number of columns and a period, restarted after missing values."""

    def compute(*columns: Floats, window: int) -> Floats:
        function = talib_function(name)
        inputs = tuple(np.ascontiguousarray(column) for column in columns)
        return over_finite_runs(lambda *parts: (function(*parts, window),), inputs, 1)[0]

    return compute


def _extreme(rolling: str, elementwise: Callable[[Floats, Floats], Floats]) -> Callable[..., Floats]:
    over = _over_window(rolling)

    def compute(*columns: Floats, window: int | None) -> Floats:
        if window is None:
            return known(elementwise(columns[0], columns[1]))
        # TA-Lib's window begins at 2; the extreme of one bar is the bar.
        return columns[0] if window == 1 else over(columns[0], window=window)

    return compute


def _shift(column: Floats, window: int) -> Floats:
    shifted = np.full(len(column), np.nan)
    if window < len(column):
        shifted[window:] = column[: len(column) - window]
    return shifted


def _elementwise(operation: Callable[[Floats], Floats]) -> Callable[..., Floats]:
    def compute(column: Floats, window: None) -> Floats:
        return known(operation(column))

    return compute


def _crossover(a: Floats, b: Floats, window: None) -> Floats:
    return crossed_above(a, b)


FUNCTIONS: Final[Mapping[str, Function]] = {
    "sma": Function("sma(x, 20)", 1, _over_window("SMA"), windowed=True),
    "ema": Function("ema(x, 20)", 1, _over_window("EMA"), windowed=True),
    "rsi": Function("rsi(x, 14)", 1, _over_window("RSI"), windowed=True, shortest=2, before=lambda window: window),
    "atr": Function("atr(14)", 0, _over_window("ATR"), windowed=True, reads=("high", "low", "close"), before=lambda window: window),
    "max": Function("max(x, 20) or max(x, y)", 1, _extreme("MAX", np.maximum), windowed=True, literal=True),
    "min": Function("min(x, 20) or min(x, y)", 1, _extreme("MIN", np.minimum), windowed=True, literal=True),
    "abs": Function("abs(x)", 1, _elementwise(np.abs)),
    "log": Function("log(x)", 1, _elementwise(np.log)),
    "sqrt": Function("sqrt(x)", 1, _elementwise(np.sqrt)),
    "shift": Function("shift(x, 1)", 1, _shift, windowed=True, shortest=0, before=lambda window: window),
    "crossover": Function("crossover(a, b)", 2, _crossover),
}
