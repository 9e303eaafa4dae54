"""What an instrument costs, how far that is from a day ago, and a sketch of the two days behind it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, TypeAlias

import numpy as np

from assay.core.domain.ranges import Span
from assay.core.market.bars import Bars
from assay.core.market.instants import closed_ts, to_datetime, to_ns
from assay.runtime.ports import Clock
from assay.runtime.records import LastPrice, LiveBar

Past: TypeAlias = Callable[[str, str, Span], Awaitable[Bars | None]]
"""Closed bars of an instrument and a timeframe, from wherever they are soonest; None where nobody has any."""

DAY: Final = timedelta(days=1)
SKETCHED: Final = timedelta(days=2)
TIMEFRAME: Final = "1h"
KEPT: Final = timedelta(minutes=10)


class LastPrices:
    """Last prices of all instruments that were asked for, each with the hours it rests on; these are asked for again after a while."""

    def __init__(self, past: Past, clock: Clock) -> None:
        self._past, self._clock = past, clock
        self._hours: dict[str, tuple[datetime, Bars | None]] = {}

    async def last_price(self, instrument: str, newest: LiveBar | None) -> LastPrice:
        """`newest` is the live price, None where nobody listens; without it the last hour that is known speaks, and says how old it is.

        Raises VenueError where there are no hours and the venue gives none.
        """
        hours = await self.hours(instrument)
        closes = () if hours is None else tuple(hours.close.tolist())
        if newest is not None:
            change = self.change(instrument, newest.close, newest.at)
            return LastPrice(
                instrument=instrument, last=newest.close, at=newest.at, change=change, sketch=(*closes, newest.close), live=True
            )
        if hours is None or not closes:
            return LastPrice(instrument=instrument, last=None, at=None, change=None, sketch=(), live=False)
        at = hours.timeframe.closed_at(to_datetime(hours.ts[-1]))
        return LastPrice(instrument=instrument, last=closes[-1], at=at, change=change_at(hours, closes[-1], at), sketch=closes, live=False)

    async def hours(self, instrument: str) -> Bars | None:
        """The hours of two days, up to now."""
        now = self._clock.now()
        kept = self._hours.get(instrument)
        if kept is None or now - kept[0] > KEPT:
            kept = self._hours[instrument] = (now, await self._past(instrument, TIMEFRAME, Span(now - SKETCHED, now)))
        return kept[1]

    def change(self, instrument: str, price: float, at: datetime) -> float | None:
        """By what fraction a price stands above that of a day before; None where nobody has asked for the hours yet."""
        hours = self._hours.get(instrument, (at, None))[1]
        return None if hours is None else change_at(hours, price, at)

    def forget(self) -> None:
        """The next who asks goes to the source."""
        self._hours.clear()


def change_at(bars: Bars, price: float, at: datetime) -> float | None:
    """Against the last close that was known a day before `at`; None where no bar had closed by then, or it was not above zero."""
    known = int(np.searchsorted(closed_ts(bars.ts, bars.timeframe), to_ns(at - DAY), side="right"))
    before = float(bars.close[known - 1]) if known else 0.0
    return price / before - 1.0 if before > 0.0 else None
