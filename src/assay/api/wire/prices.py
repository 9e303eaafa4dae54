"""Live prices, and how the connections are that they come by."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from assay.api.wire.message import Amount, Fraction, Instant, Wire


class PriceView(Wire):
    """The newest bar of an instrument, forming or just closed, as charts draw it (`time` is its open, in seconds since 1970).

    `last` is its close as text, `change` by what fraction that stands above the price of a day before, None where that is not known.
    """

    instrument: str
    timeframe: str
    time: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    closed: bool
    last: Amount
    change: Fraction | None
    at: Instant


class LinkItem(Wire):
    """How the connections to a venue are. `lag_seconds` is how old its newest message was when it came, by the venue's clock."""

    venue: str
    state: Literal["connecting", "connected", "disconnected"]
    since: Instant
    last_message_at: Instant | None
    lag_seconds: float | None
    reconnects: int
    problem: str | None


class LastPriceItem(Wire):
    """What an instrument costs. `at` is when that was so: now where it is `live`, else when the last bar that is known closed.

    `sketch` holds the hourly closes of two days; `problem` says why the venue gave none.
    """

    instrument: str
    last: Amount | None
    at: Instant | None
    change: Fraction | None
    sketch: list[float]
    live: bool
    problem: str | None = Field(description="The code of a problem, where there is one.")
