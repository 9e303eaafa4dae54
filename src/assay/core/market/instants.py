"""Instants as int64 nanoseconds UTC in columns, and as aware datetimes outside them; the way between is exact to the microsecond."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assay.core.domain.timeframe import Timeframe

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


def to_ns(at: datetime) -> int:
    """Integer arithmetic, for a float of seconds since 1970 is not exact to the microsecond."""
    assert at.tzinfo is not None, "times are aware"
    return (at - EPOCH) // MICROSECOND * 1_000


def to_datetime(ns: int) -> datetime:
    """Toward the past, to the microsecond below."""
    return EPOCH + timedelta(microseconds=int(ns) // 1_000)


def closed_ts(ts: NDArray[np.int64], timeframe: Timeframe) -> NDArray[np.int64]:
    """When bars opened at `ts` close: `Timeframe.closed_at` for a column."""
    if timeframe.name != "1M":
        return ts + timeframe.nanoseconds
    months = ts.view("datetime64[ns]").astype("datetime64[M]")
    return (months + 1).astype("datetime64[ns]").view(np.int64)


def shown(ns: int) -> str:
    """As messages write an instant: `2024-03-01 09:00` with seconds only where there are some."""
    at = to_datetime(ns)
    return at.strftime("%Y-%m-%d %H:%M" if at.second == 0 and at.microsecond == 0 else "%Y-%m-%d %H:%M:%S")
