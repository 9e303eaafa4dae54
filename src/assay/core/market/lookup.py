"""Draws that are looked up: the k-th of a stream is had without those before it, the same on every machine, whoever asks for how many.

`draws.Draws` is read from its beginning; here a counter is encrypted, which is what lets a price of any year be made when it is asked for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from assay.core.market.bars import Floats

Raw: TypeAlias = NDArray[np.uint64]

_LN2: Final = 0.6931471805599453
_AT_ONCE: Final = 4
"""Philox makes so many at each count."""
_LANE: Final = 1 << 16
"""Each draw of 64 bits is four numbers below this."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One of many streams of a seed; both are below 2**64."""

    seed: int
    number: int

    def raw(self, first: int, count: int) -> Raw:
        """Draws `first` to `first + count`, 64 bits each."""
        counter, before = divmod(first, _AT_ONCE)
        drawn = np.random.Philox(key=self.seed | self.number << 64, counter=counter).random_raw(before + count)
        return np.asarray(drawn[before:])

    def normal(self, first: int, count: int, draws: int = 1) -> Floats:
        """Mean 0 and variance 1: the sum of the quarters of `draws` draws. Tails are cut at 3.5 with one draw, at 6 with three."""
        raw = self.raw(first * draws, count * draws)
        quarters = reduce(add, (lane(raw, place) for place in range(4))).reshape(count, draws)
        total = reduce(add, (quarters[:, draw] for draw in range(draws)))
        return np.asarray((total - 2.0 * draws * (_LANE - 1)) / (_LANE * math.sqrt(draws / 3.0)))

    def uniform(self, first: int, count: int, place: int = 0) -> Floats:
        """In [0, 1) by steps of 2**-16: a quarter of each draw."""
        return lane(self.raw(first, count), place) / _LANE


def lane(raw: Raw, place: int) -> Floats:
    """The quarter of each draw at `place` (0 is the lowest): a whole number below 65536."""
    shifted = (raw >> np.uint64(16 * place)) & np.uint64(_LANE - 1)
    return shifted.astype(np.float64)


def motion(streams: int, seed: int, depth: int, first: int, last: int) -> Floats:
    """Brownian motion at the whole times `first` to `last` [last - first + 1], 0 at time 0, variance 1 for each unit; defined to 2**depth.

    Halved from the whole on (Lévy's construction): each midpoint is the mean of its neighbours and a draw of its own. `streams` is the
    number of the first of the `depth + 1` streams that are used.
    """
    assert 0 <= first < last <= 1 << depth, "a stretch of the time for which it is defined"
    low, high = 0, 1
    path = np.array([0.0, float(Stream(seed, streams + depth).normal(0, 1, draws=3)[0]) * math.sqrt(float(1 << depth))])
    for level in range(depth - 1, -1, -1):
        middles = (path[:-1] + path[1:]) / 2.0 + Stream(seed, streams + level).normal(low, high - low) * (
            math.sqrt(float(2 << level)) / 2.0
        )
        finer = np.empty(2 * len(path) - 1)
        finer[::2], finer[1::2] = path, middles
        begin = 2 * low
        low, high = first >> level, -(-last >> level)
        path = finer[low - begin : high - begin + 1]
    return path


def exponential(exponent: Floats) -> Floats:
    """By multiplication and addition alone, for the library's own differs in its last bit between processors; exact to 1e-12."""
    doublings = np.rint(exponent * (1.0 / _LN2))
    rest = exponent - doublings * _LN2
    series = np.ones_like(rest)
    for term in range(12, 0, -1):
        series = 1.0 + series * rest / term
    return np.ldexp(series, doublings.astype(np.int32))
