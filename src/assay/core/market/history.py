"""Bars seen so far, growing by one a time: a value, though its states share one buffer."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from assay.core.market.bars import Floats, Ints

COLUMNS: Final = ("open", "high", "low", "close", "volume")
_NAN: Final = float("nan")
_FIRST: Final = 1024


class _Buffer:
    """Rows already written never change; whoever finds the next one taken by another future copies."""

    def __init__(self, capacity: int) -> None:
        self.ts = np.empty(capacity, np.int64)
        self.columns = tuple(np.empty((len(COLUMNS), capacity)))
        self.filled = 0
        self.memo: dict[Hashable, Any] = {}


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """One instrument's bars from the anchor on; `columns()` are views, contiguous float64."""

    _buffer: _Buffer
    length: int

    @classmethod
    def empty(cls) -> Self:
        return cls(_Buffer(_FIRST), 0)

    def __len__(self) -> int:
        return self.length

    def append(self, ts: int, open_: float, high: float, low: float, close: float, volume: float) -> History:
        """A history with one bar more; this one stays as it is."""
        buffer = self._buffer
        if buffer.filled != self.length or self.length == len(buffer.ts):
            buffer = self._copy()
        row = self.length
        opens, highs, lows, closes, volumes = buffer.columns
        buffer.ts[row] = ts
        opens[row], highs[row], lows[row], closes[row], volumes[row] = open_, high, low, close, volume
        buffer.filled = row + 1
        return History(buffer, row + 1)

    @property
    def ts(self) -> Ints:
        return self._buffer.ts[: self.length]

    @property
    def last_close(self) -> float:
        """NaN before the first bar."""
        return self._buffer.columns[3].item(self.length - 1) if self.length else _NAN

    @property
    def memo(self) -> dict[Hashable, Any]:
        """For what is computed from these rows and goes on with them: the buffer's, so that a history that parts from it begins anew."""
        return self._buffer.memo

    def columns(self) -> dict[str, Floats]:
        """By name, in a dictionary that is the caller's own."""
        length = self.length
        opens, highs, lows, closes, volumes = self._buffer.columns
        return {
            "open": opens[:length], "high": highs[:length], "low": lows[:length], "close": closes[:length], "volume": volumes[:length]
        }  # fmt: skip

    def _copy(self) -> _Buffer:
        buffer = _Buffer(max(_FIRST, 2 * self.length))
        buffer.ts[: self.length] = self.ts
        for column, own in zip(buffer.columns, self._buffer.columns, strict=True):
            column[: self.length] = own[: self.length]
        return buffer
