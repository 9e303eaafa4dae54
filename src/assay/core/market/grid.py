"""Where bars lie that follow the clock: each timeframe's are numbered, weeks from a Monday on and months by the calendar."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import numpy as np

from assay.core.domain.timeframe import MINUTE_NS, Timeframe
from assay.core.market.bars import Ints
from assay.core.market.instants import to_datetime, to_ns

_MONDAY_NS: Final = 4 * 1440 * MINUTE_NS
"""The first Monday after the epoch, which was a Thursday."""


def ending_in(closes: Ints, timeframe: Timeframe) -> Ints:
    """The number of the bar in which each instant lies, its end included and its beginning not."""
    last = closes - 1
    if timeframe.name == "1M":
        return last.view("datetime64[ns]").astype("datetime64[M]").astype(np.int64)
    return (last - offset(timeframe)) // timeframe.nanoseconds


def opened(numbers: Ints, timeframe: Timeframe) -> Ints:
    """When the bars of these numbers open."""
    if timeframe.name == "1M":
        return numbers.astype("datetime64[M]").astype("datetime64[ns]").view(np.int64)
    return numbers * timeframe.nanoseconds + offset(timeframe)


def opened_at(at: datetime, timeframe: Timeframe) -> datetime:
    """When the bar opened in which `at` lies."""
    return to_datetime(int(opened(ending_in(np.array([to_ns(at) + 1], dtype=np.int64), timeframe), timeframe)[0]))


def offset(timeframe: Timeframe) -> int:
    """How far after the epoch its grid begins."""
    return _MONDAY_NS if timeframe.name == "1w" else 0
