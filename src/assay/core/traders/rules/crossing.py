"""Where one column crosses another: ties keep the side, a missing value forgets it (STRATEGY, "A cross")."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from assay.core.kernel.drive import Floats, Ints, addresses
from assay.core.traders.rules import scan

_MISSING: Final = 4


def changes(a: Floats, b: Floats, length: int) -> tuple[Ints, Ints]:
    """(places where `a` crosses above `b`, where below), rising. An operand of one value stands for a constant column."""
    a, b = (np.full(length, one[0]) if len(one) != length else one for one in (a, b))
    found = Changes(length, 1)
    found.find(addresses([a]), addresses([b]))
    return found.of(0)


class Changes:
    """Where the columns of up to `pairs` pairs cross, found at once; kept until the next are looked for."""

    def __init__(self, length: int, pairs: int) -> None:
        self._length = length
        room = pairs * (length // 2 + 1)  # after the first bar that has a side, every other one can be a change to above
        self.above, self.below = np.empty(room, np.int64), np.empty(room, np.int64)
        self.ups, self.downs = np.zeros(pairs + 1, np.int64), np.zeros(pairs + 1, np.int64)

    def find(self, lefts: Ints, rights: Ints) -> None:
        """By the addresses of the pairs' columns."""
        scan.find_changes(lefts, rights, self._length, self.above, self.below, self.ups[1:], self.downs[1:])

    def runs(self, above: bool) -> Ints:
        """[pairs, 2]: where the rows of each pair lie, and how many they are."""
        rows, ends = (self.above, self.ups) if above else (self.below, self.downs)
        return np.column_stack([addresses([rows])[0] + rows.itemsize * ends[:-1], np.diff(ends)])

    def of(self, pair: int) -> tuple[Ints, Ints]:
        """The rows where it comes to lie above, and below; rising."""
        ups, downs = self.ups[pair : pair + 2], self.downs[pair : pair + 2]
        return self.above[ups[0] : ups[1]], self.below[downs[0] : downs[1]]


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
    tie = scan.TIE * abs(b)
    return (gap > tie) - (gap < -tie) if gap - gap == 0.0 else _MISSING
