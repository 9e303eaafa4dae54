"""Whether one column crosses another at its last row: ties keep the side, a missing value forgets it (STRATEGY, "A cross")."""

from __future__ import annotations

import math
from typing import Final

from assay.core.indicators.scan import TIE
from assay.core.kernel.drive import Floats

_MISSING: Final = 4


def crosses_now(a: Floats, b: Floats) -> int | None:
    """+1 or -1 where the last row is a crossing, else 0; None where a value is missing. Looks back only as far as the ties go."""
    last = len(a) - 1
    x, y = a.item(last), b.item(last)
    if not (math.isfinite(x) and math.isfinite(y)):
        return None
    now = _side(x, y)
    if now == 0:
        return 0
    for row in range(last - 1, -1, -1):
        before = _side(a.item(row), b.item(row))
        if before != 0:
            return now if before == -now else 0
    return 0


def _side(a: float, b: float) -> int:
    gap = a - b
    tie = TIE * abs(b)
    return (gap > tie) - (gap < -tie) if gap - gap == 0.0 else _MISSING
