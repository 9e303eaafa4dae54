"""A missing value restarts an indicator: what it remembered is forgotten, and it warms up again.

TA-Lib answers one NaN with NaN to the end of time. Restarting is causal (a gap changes nothing before it), it is
the same bar by bar, and a moving window answers as if it had been missing for as long as the gap is inside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from assay.core.indicators.entry import Floats, Outputs


def run_of(column: Floats) -> tuple[int, bool]:
    """The first finite row of a column, and whether all rows after it are finite too."""
    with np.errstate(over="ignore", invalid="ignore"):
        # A sum is finite only if all is, and twice as fast to know; if it is not, it may merely have overflowed.
        if math.isfinite(column.sum()):
            return 0, True
    finite = np.isfinite(column)
    first = int(finite.argmax()) if finite.any() else len(column)
    return first, bool(finite[first:].all())


def finite_runs(inputs: tuple[Floats, ...]) -> list[tuple[int, int]]:
    """Stretches [start, end) of rows in which every input is finite."""
    finite = np.isfinite(inputs[0])
    for column in inputs[1:]:
        finite &= np.isfinite(column)
    edges = np.flatnonzero(np.diff(finite, prepend=False, append=False))
    return list(zip(edges[0::2].tolist(), edges[1::2].tolist(), strict=True))


def over_finite_runs(function: Callable[..., Outputs], inputs: tuple[Floats, ...], outputs: int) -> Outputs:
    """Call `function` on each stretch of finite rows by itself; the rows between are missing."""
    results = tuple(np.full(len(inputs[0]), np.nan) for _ in range(outputs))
    for start, end in finite_runs(inputs):
        for result, part in zip(results, function(*(column[start:end] for column in inputs)), strict=True):
            result[start:end] = part
    return results
