"""Where one column crosses another: ties keep the side, a missing value forgets it (STRATEGY, "A cross")."""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from assay.core.kernel.drive import Floats, Ints

TIE: Final = 1e-10  # of the right side
_MISSING: Final = 4
_EIGHT_ABOVE: Final = 0x0101010101010101
_EIGHT_BELOW: Final = -1


@njit(cache=True, nogil=True, error_model="numpy")
def _sides(a: Floats, b: Floats, sides: NDArray[np.int8]) -> None:
    """1 above, -1 below, 0 a tie, `_MISSING` where either is not finite. Without a branch, so that it runs four bars at a time."""
    for k in range(len(a)):
        gap = a[k] - b[k]
        tie = TIE * abs(b[k])
        known = gap - gap == 0.0
        sides[k] = known * ((gap > tie) - (gap < -tie)) + (not known) * _MISSING


@njit(cache=True, nogil=True, error_model="numpy")
def _find(sides: NDArray[np.int8], eights: Ints, length: int, above: Ints, below: Ints) -> tuple[int, int]:
    """Write each place where the side changes, by the new side; returns how many of each. Eight bars that stay are one comparison."""
    up = 0
    down = 0
    side = 0
    for eight in range(len(eights)):
        if (side == 1 and eights[eight] == _EIGHT_ABOVE) or (side == -1 and eights[eight] == _EIGHT_BELOW):
            continue
        for k in range(8 * eight, min(8 * eight + 8, length)):
            now = sides[k]
            if now == _MISSING:
                side = 0
            elif now != 0:
                if side == -now:
                    if now == 1:
                        above[up] = k
                        up += 1
                    else:
                        below[down] = k
                        down += 1
                side = now
    return up, down


def changes(a: Floats, b: Floats, length: int) -> tuple[Ints, Ints]:
    """(places where `a` crosses above `b`, where below), rising. An operand of one value stands for a constant column."""
    a, b = (np.full(length, one[0]) if len(one) != length else one for one in (a, b))
    sides = np.empty((length + 7) // 8 * 8, np.int8)
    above, below = np.empty(length // 2 + 1, np.int64), np.empty(length // 2 + 1, np.int64)
    _sides(a, b, sides)
    up, down = _find(sides, sides.view(np.int64), length, above, below)
    return above[:up], below[:down]


def crosses_now(a: Floats, b: Floats) -> int:
    """+1 or -1 where the last row is a crossing, else 0: looks back only as far as the ties go."""
    last = len(a) - 1
    now = _side(a.item(last), b.item(last))
    if now in (0, _MISSING):
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
