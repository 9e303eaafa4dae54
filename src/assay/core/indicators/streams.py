"""Indicators that go on from where they were: a bar more costs a bar, not the whole history, and is the series bit for bit (law 4).

TA-Lib's simple average is a running sum, so its last value depends on every rounding since the first bar. What it does to the sum is
done here in its order: add the newest, divide, take away the oldest. Only additions and one division: no machine contracts them to
something rounded differently, as it may a product and a sum.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

import numpy as np

from assay.core.indicators.entry import Floats


class Stream(Protocol):
    """A column that grows with its input. The input is a view of a buffer whose rows, once written, never change."""

    def __call__(self, column: Floats) -> Floats: ...


class RunningMean:
    """TA-Lib's SMA."""

    def __init__(self, whole: Callable[[Floats], Floats], period: int) -> None:
        self._whole, self._period = whole, period
        self._values: Floats = np.empty(0)
        self._filled = 0
        self._total = 0.0

    def __call__(self, column: Floats) -> Floats:
        length = len(column)
        if length == self._filled + 1 and length <= len(self._values):
            self._total += column.item(length - 1)
            self._values[length - 1] = self._total / self._period
            self._total -= column.item(length - self._period)
            self._filled = length
        elif length > self._filled:
            self._restart(column)
        return self._values[:length]

    def _restart(self, column: Floats) -> None:
        """From the whole history at once; the sum is its additions in order, which is what an accumulation is."""
        length, period = len(column), self._period
        capacity = length if column.base is None else column.base.shape[-1]
        self._values = np.empty(max(capacity, length))
        self._values[:length] = self._whole(column)
        if length < period:
            return
        moves = np.empty(2 * length - period + 1)
        moves[:period] = column[:period]
        moves[period::2] = -column[: length - period + 1]
        moves[period + 1 :: 2] = column[period:]
        self._total = float(np.add.accumulate(moves)[-1])
        self._filled = length


STREAMS: Final[dict[str, Callable[..., Stream]]] = {"sma": RunningMean}
"""By indicator: made of the call over a whole history, and the parameters. The others are that call at every bar."""
