"""Functions of formulas that look back, and are no indicators of TA-Lib. None of them looks forward.

What counts or sums begins anew after a bar at which its input is missing (`missing`).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from assay.core.indicators.entry import Floats, Outputs
from assay.core.indicators.logic import known
from assay.core.indicators.missing import finite_runs, over_finite_runs
from assay.core.indicators.talib_entries import function as talib_function


def talib(name: str, *fixed: float) -> Callable[..., Outputs]:
    """TA-Lib's function of any number of columns, a period and `fixed` parameters; over one bar it is the bar itself where TA-Lib's
    own begins at 2 (an extreme, a sum, a median)."""

    def compute(*arguments: Floats | int) -> Outputs:
        *columns, window = arguments
        assert isinstance(window, int)
        inputs = tuple(np.ascontiguousarray(column) for column in columns)
        if window == 1 and name in _OF_ONE_BAR:
            return (known(inputs[0]),)
        call = talib_function(name)
        return over_finite_runs(lambda *parts: (call(*parts, window, *fixed),), inputs, 1)

    return compute


_OF_ONE_BAR = frozenset({"MAX", "MIN", "SUM", "PERCENTILE"})


def median(column: Floats, window: int) -> Floats:
    """TA-Lib's percentile is a value of the window; of an even count the median is halfway between the two in the middle."""
    (lower,) = talib("PERCENTILE", 50.0)(column, window)
    if window % 2:
        return lower
    (upper,) = talib("PERCENTILE", 50.0 + 50.0 / window)(column, window)
    return known((lower + upper) / 2.0)


def shift(column: Floats, window: int) -> Floats:
    """The value of `window` bars before."""
    shifted = np.full(len(column), np.nan)
    if window < len(column):
        shifted[window:] = column[: len(column) - window]
    return shifted


def change(column: Floats, window: int) -> Floats:
    """How much larger than `window` bars before."""
    return known(column - shift(column, window))


def count(condition: Floats, window: int) -> Floats:
    """At how many of the last bars it holds; unknown where it is at any of them."""

    def counted(part: Floats) -> Outputs:
        met = np.full(len(part), np.nan)
        if len(part) >= window:
            so_far = np.cumsum(part != 0.0).astype(np.float64)
            met[window - 1 :] = so_far[window - 1 :]
            met[window:] -= so_far[: len(part) - window]
        return (met,)

    return over_finite_runs(counted, (condition,), 1)[0]


def rising(column: Floats, window: int) -> Floats:
    """1 where every one of the last steps went up (STRATEGY, C3)."""
    return _every(np.greater, column, window)


def falling(column: Floats, window: int) -> Floats:
    """1 where every one of the last steps went down."""
    return _every(np.less, column, window)


def _every(holds: np.ufunc, column: Floats, window: int) -> Floats:
    step = change(column, 1)
    held = count(np.where(np.isfinite(step), holds(step, 0.0), np.nan), window)
    return np.where(np.isfinite(held), held == window, np.nan)


def cumulated(column: Floats) -> Floats:
    """The sum so far."""
    return known(over_finite_runs(lambda part: (np.cumsum(part),), (column,), 1)[0])


def bars_since(condition: Floats) -> Floats:
    """Bars since it held last, 0 where it holds now."""

    def since(part: Floats) -> Outputs:
        rows = np.arange(len(part), dtype=np.float64)
        last = np.maximum.accumulate(np.where(part != 0.0, rows, -1.0))
        return (np.where(last >= 0.0, rows - last, np.nan),)

    return over_finite_runs(since, (condition,), 1)[0]


def value_when(condition: Floats, column: Floats, occurrence: int) -> Floats:
    """What the column was where the condition held last, or `occurrence` times before that."""
    found = np.full(len(column), np.nan)
    for start, end in finite_runs((condition,)):
        held = condition[start:end] != 0.0
        rank = np.cumsum(held) - 1 - occurrence
        rows = np.flatnonzero(held)
        if len(rows):
            found[start:end] = np.where(rank >= 0, column[start + rows[np.maximum(rank, 0)]], np.nan)
    return found


def filled(column: Floats) -> Floats:
    """A missing value is the last one known before."""
    rows = np.arange(len(column))
    last = np.maximum.accumulate(np.where(np.isfinite(column), rows, -1))
    return np.where(last >= 0, column[last], np.nan)
