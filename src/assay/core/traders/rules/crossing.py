"""Where one column crosses another: ties keep the side, a missing value forgets it (STRATEGY, "A cross")."""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit

from assay.core.kernel.drive import Floats, Ints

TIE: Final = 1e-10  # of the right side
_LANES: Final = 16


@njit(cache=True, nogil=True, error_model="numpy")
def _find(a: Floats, a_step: int, b: Floats, b_step: int, length: int, above: Ints, below: Ints) -> tuple[int, int]:
    """Write each place where the side changes, by the new side; returns how many there are of each.

    A step of 0 repeats the only value of its operand. Lanes that stay on the last side are passed over as one.
    """
    up = 0
    down = 0
    side = 0
    k = 0
    while k < length:
        stop = min(k + _LANES, length)
        if side != 0 and stop == k + _LANES:
            leaves = 0
            for j in range(k, k + _LANES):
                right = b[j * b_step]
                gap = (a[j * a_step] - right) * side
                leaves |= not (TIE * abs(right) < gap < np.inf)
            if not leaves:
                k = stop
                continue
        for j in range(k, stop):
            right = b[j * b_step]
            gap = a[j * a_step] - right
            tie = TIE * abs(right)
            if not (-np.inf < gap < np.inf):
                side = 0
            elif gap > tie:
                if side < 0:
                    above[up] = j
                    up += 1
                side = 1
            elif gap < -tie:
                if side > 0:
                    below[down] = j
                    down += 1
                side = -1
        k = stop
    return up, down


def changes(a: Floats, b: Floats, length: int) -> tuple[Ints, Ints]:
    """(places where `a` crosses above `b`, where below), rising. An operand of one value stands for a constant column."""
    above, below = np.empty(length // 2 + 1, np.int64), np.empty(length // 2 + 1, np.int64)
    up, down = _find(a, min(len(a) - 1, 1), b, min(len(b) - 1, 1), length, above, below)
    return above[:up], below[:down]


def crosses_now(a: Floats, b: Floats) -> int:
    """+1 or -1 where the last row is a crossing, else 0: looks back only as far as the ties go."""
    last = len(a) - 1
    now = _side(float(a[last]), float(b[last]))
    if now in (None, 0):
        return 0
    for row in range(last - 1, -1, -1):
        before = _side(float(a[row]), float(b[row]))
        if before is None:
            return 0
        if before != 0:
            return now if before != now else 0
    return 0


def _side(a: float, b: float) -> int | None:
    gap = a - b
    if not np.isfinite(gap):
        return None
    tie = TIE * abs(b)
    return (gap > tie) - (gap < -tie)
