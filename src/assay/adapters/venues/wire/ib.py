"""Interactive Brokers: historical bars and ticks as rows of objects.

A time without a zone is refused: the gateway writes it in the zone of whoever logged on, which no row tells. Ask for UTC (`formatDate=2`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from assay.adapters.venues.wire.fields import Fields, rows, shown
from assay.adapters.venues.wire.messages import Kline, Message, NotReadError, Quote, Trade
from assay.core.domain.errors import EmptyAnswerError

_VENUE: Final = "ibkr"


def read(payload: object) -> Iterator[Message]:
    """What is in one answer. Raises a VenueError."""
    if payload == []:
        raise EmptyAnswerError(_VENUE, "an empty list")
    for number, row in enumerate(rows(_VENUE, payload)):
        yield _row(row, number)


def _row(row: Fields, number: int) -> Message:
    if row.has("date", "open", "barCount"):
        return Kline(
            symbol=None, timeframe=None, opened_at=_instant(row, "date"),
            open=row.price("open"), high=row.price("high"), low=row.price("low"), close=row.price("close"), volume=row.quantity("volume"),
            closed=None,
        )  # fmt: skip
    if row.has("priceBid", "priceAsk"):
        return Quote(
            symbol=None, id=None, bid=row.price("priceBid"), bid_quantity=row.quantity("sizeBid"),
            ask=row.price("priceAsk"), ask_quantity=row.quantity("sizeAsk"),
        )  # fmt: skip
    if row.has("time", "price", "size"):
        return Trade(
            symbol=None, id=str(number), price=row.price("price"), quantity=row.quantity("size"), at=_instant(row, "time"), sold=None
        )
    if row.has("account", "tag"):
        raise NotReadError(_VENUE, "account value")
    raise row.wrong("a row that is none of Interactive Brokers'")


def _instant(row: Fields, key: str) -> datetime:
    value = row.text(key)
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise row.wrong(f"{key!r} is {shown(value)}, and has to be a time") from None
    if at.tzinfo is None:
        raise row.wrong(f"{key!r} is {shown(value)}, a time without a zone; ask for UTC")
    return at.astimezone(UTC)
