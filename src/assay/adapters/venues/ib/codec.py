"""What ib-async answers, as bars, and what Interactive Brokers refuses, as errors: no I/O.

A time without a zone is refused: the gateway writes it in the zone of whoever logged on, which no row tells; asked with `formatDate=2` it
writes seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import numpy as np

from assay.adapters.venues.ib.contracts import VENUE
from assay.core.domain.errors import (
    EmptyAnswerError,
    MalformedAnswerError,
    RateLimitedError,
    RefusedError,
    UnknownInstrumentError,
    UnreachableError,
    VenueError,
)
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars
from assay.core.market.grid import ending_in, opened
from assay.core.market.growing import Growing
from assay.core.market.instants import to_ns
from assay.core.market.rows import bar_number, price_faults, time_faults

SIZES: Final[Mapping[str, str]] = {
    "1m": "1 min", "5m": "5 mins", "15m": "15 mins", "30m": "30 mins", "1h": "1 hour", "1d": "1 day",
}  # fmt: skip
"""Its words for those of our timeframes on which its bars lie where ours do."""
AT_ONCE: Final[Mapping[str, timedelta]] = {
    "1m": timedelta(days=1), "5m": timedelta(days=7), "15m": timedelta(days=7), "30m": timedelta(days=28), "1h": timedelta(days=28),
    "1d": timedelta(days=364),
}  # fmt: skip
"""For how long it answers in one request."""
PIECE: Final = timedelta(seconds=5)
PACING_SECONDS: Final = 600.0

LOST, DATA_LOST, RESTORED, CLOSED = 1100, 1101, 1102, 504
"""The gateway has lost its servers; it has them again and forgot what was asked live; or did not; and the gateway itself is gone."""
_UNREACHABLE: Final = frozenset({502, CLOSED, LOST, 1300, 2110})
_UNKNOWN: Final = frozenset({200, 203})


def decode(rows: Sequence[Any], instrument: str, timeframe: Timeframe) -> Bars:
    """`BarData` as they come. Raises MalformedAnswerError for times without a zone and prices that contradict themselves.

    Raises EmptyAnswerError where there is none: of a stretch without trades it says so, and does not answer with nothing.
    """
    if not rows:
        raise EmptyAnswerError(VENUE, f"no bars of {instrument}, and no reason")
    ts = np.array([_stamp(row.date, timeframe) for row in rows], dtype=np.int64)
    if timeframe.minutes < 1440:
        ts = opened(ending_in(ts + 1, timeframe), timeframe)
    try:
        opens, high, low, close, volume = (
            np.array([float(getattr(row, name)) for row in rows]) for name in ("open", "high", "low", "close", "volume")
        )
    except (AttributeError, TypeError, ValueError) as error:
        raise MalformedAnswerError(VENUE, f"a bar of {instrument} that is none: {error}") from None
    if not np.isfinite(np.stack([opens, high, low, close])).all():
        raise MalformedAnswerError(VENUE, f"a bar of {instrument} without some of its prices")
    for fault in (*time_faults(ts, bar_number), *price_faults(opens, high, low, close)):
        raise MalformedAnswerError(VENUE, f"{bar_number(fault.row)} of {instrument}: {fault.message}")
    has_volume = bool((volume >= 0.0).all())  # it says -1 where there is none
    return Bars(instrument, timeframe, ts, opens, high, low, close, volume if has_volume else np.zeros_like(volume), has_volume)


def piece(bar: Any) -> Growing:
    """A `RealTimeBar` of five seconds. Raises MalformedAnswerError."""
    if not isinstance(bar.time, datetime) or bar.time.tzinfo is None:
        raise MalformedAnswerError(VENUE, f"a live bar at {bar.time!r}, a time without a zone")
    return Growing(
        opened_at=bar.time.astimezone(UTC), open=float(bar.open_), high=float(bar.high), low=float(bar.low), close=float(bar.close),
        volume=max(float(bar.volume), 0.0),
    )  # fmt: skip


def is_empty(code: int, message: str) -> bool:
    """Whether this is how it says that nothing was traded: there is no other way."""
    return code == 162 and "returned no data" in message


def refusal(code: int, message: str) -> VenueError:
    """Its message codes, by what can be done about them."""
    if code == 162 and "pacing" in message.lower():
        return RateLimitedError(VENUE, message, PACING_SECONDS)
    if code == 100:
        return RateLimitedError(VENUE, message, 1.0)
    if code in _UNKNOWN:
        return UnknownInstrumentError(VENUE, message)
    if code == 366:
        return EmptyAnswerError(VENUE, message)
    if code in _UNREACHABLE:
        return UnreachableError(VENUE, message)
    return RefusedError(VENUE, f"{message} (code {code})")


def _stamp(value: object, timeframe: Timeframe) -> int:
    """A day is a date, also where it comes with a time."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise MalformedAnswerError(VENUE, f"a bar at {value}, a time without a zone; ask for UTC")
        return to_ns(value.astimezone(UTC))
    if isinstance(value, date) and timeframe.minutes >= 1440:
        return to_ns(datetime(value.year, value.month, value.day, tzinfo=UTC))
    raise MalformedAnswerError(VENUE, f"a bar of {timeframe} at {value!r}")
