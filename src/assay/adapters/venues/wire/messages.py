"""What a message of market data can be, in one vocabulary for all venues; prices and quantities are the venue's digits, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from assay.core.domain.errors import VenueError

Level: TypeAlias = tuple[Decimal, Decimal]
"""A price, and what is offered there; a quantity of zero takes the level out of the book."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kline:
    """A bar as it stands. `symbol` and `timeframe` are None where the message leaves them to whoever asked.

    `closed` is whether the venue says that it will not change any more, None where it does not say. `stamped_at` is when it wrote this.
    """

    symbol: str | None
    timeframe: str | None
    opened_at: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    closed: bool | None
    stamped_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """What was dealt. `sold` is whether the taker sold, None where the message does not say."""

    symbol: str | None
    id: str
    price: Decimal
    quantity: Decimal
    at: datetime
    sold: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Best bid and ask. `id` rises with every change of the book, None where the venue does not count."""

    symbol: str | None
    id: int | None
    bid: Decimal
    bid_quantity: Decimal
    ask: Decimal
    ask_quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTicker:
    """The last 24 hours. What a message of changes leaves out is None."""

    symbol: str
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    last: Decimal | None
    volume: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthSnapshot:
    """A book as it stood after the update `last_id`."""

    symbol: str | None
    last_id: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthUpdate:
    """Changes `first_id` to `last_id` of a book. `previous_id` is where the message before ended, None where the venue does not say so."""

    symbol: str
    first_id: int
    last_id: int
    previous_id: int | None
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]
    stamped_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """An instrument by the venue's own spelling. Steps are None where it says nothing of them."""

    symbol: str
    base: str
    quote: str
    tick: Decimal | None
    lot: Decimal | None
    minimum_notional: Decimal | None
    trading: bool


@dataclass(frozen=True, slots=True)
class ServerTime:
    """The venue's clock."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A request on the socket was heard; `id` is the one that we gave it, empty where we gave none."""

    id: str
    accepted: bool


Message: TypeAlias = Kline | Trade | Quote | DayTicker | DepthSnapshot | DepthUpdate | Listing | ServerTime | Acknowledged


class NotReadError(VenueError):
    """A message of a kind that is not read here: an order, an account, a request, market data that nobody asks for. `kind` names it."""

    code = "not_read"

    def __init__(self, venue: str, kind: str) -> None:
        super().__init__(venue, f"a message about {kind!r}, which is not read")
        self.kind = kind
