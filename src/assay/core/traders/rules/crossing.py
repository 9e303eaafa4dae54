"""Whether one column crosses another at a row: ties keep the side, a missing value forgets it (STRATEGY, "A cross")."""

from __future__ import annotations

import math
from typing import Final

from assay.core.indicators.scan import TIE
from assay.core.traders.rules.operands import Column

_MISSING: Final = 4


def crosses_to(side: int, a: Column, b: Column, row: int) -> bool | None:
    """Whether `a` crosses `b` at the row, to above it (+1) or below (-1); None where a value is missing. Looks back as far as ties go."""
    x, y = a.item(row), b.item(row)
    gap = x - y
    if gap - gap != 0.0:
        return False if math.isfinite(x) and math.isfinite(y) else None
    if side * gap <= TIE * abs(y):
        return False
    while row > 0:
        row -= 1
        before = _side(a.item(row), b.item(row))
        if before != 0:
            return before == -side
    return False


def _side(a: float, b: float) -> int:
    gap = a - b
    tie = TIE * abs(b)
    return (gap > tie) - (gap < -tie) if gap - gap == 0.0 else _MISSING
