"""When one series crosses another: ties are looked through, and a missing value forgets the side (STRATEGY, "A cross").

`a` crosses above `b` at t when a > b at t and the last bar before t that was not a tie had a < b. On cent prices more than half of all
pairs of averages meet an exact tie somewhere; asking for a strict inequality on both bars misses those crosses.

Formulas and conditions search with the same compiled code (`scan`).
"""

from __future__ import annotations

import numpy as np

from assay.core.indicators.scan import find_changes
from assay.core.kernel.drive import Floats, Ints, addresses


def crossed_above(a: Floats, b: Floats) -> Floats:
    """1 where a crosses above b, 0 where it does not, NaN where either is missing."""
    return _marked(a, b, above=True)


def crossed_below(a: Floats, b: Floats) -> Floats:
    """1 where a crosses below b, 0 where it does not, NaN where either is missing."""
    return _marked(a, b, above=False)


def _marked(a: Floats, b: Floats, *, above: bool) -> Floats:
    crossed = np.zeros(len(a))
    ups, downs = changes(np.ascontiguousarray(a), np.ascontiguousarray(b), len(a))
    crossed[ups if above else downs] = 1.0
    crossed[~(np.isfinite(a) & np.isfinite(b))] = np.nan
    return crossed


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
        find_changes(lefts, rights, self._length, self.above, self.below, self.ups[1:], self.downs[1:])

    def put_runs(self, above: bool, runs: Ints) -> None:
        """Into `runs` [pairs, 2]: where the rows of each of the first pairs lie, and how many they are."""
        rows, ends = (self.above, self.ups) if above else (self.below, self.downs)
        begins = ends[: len(runs)]
        runs[:, 0] = addresses([rows]) + rows.itemsize * begins
        runs[:, 1] = ends[1 : len(runs) + 1] - begins

    def of(self, pair: int) -> tuple[Ints, Ints]:
        """The rows where it comes to lie above, and below; rising."""
        ups, downs = self.ups[pair : pair + 2], self.downs[pair : pair + 2]
        return self.above[ups[0] : ups[1]], self.below[downs[0] : downs[1]]
