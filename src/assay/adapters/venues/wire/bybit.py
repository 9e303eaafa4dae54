"""Bybit v5: streams by their topic, REST answers by the fields that only they have; `https://bybit-exchange.github.io/docs/v5/intro`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Final, TypeAlias

from assay.adapters.venues.wire.fields import Fields
from assay.adapters.venues.wire.messages import (
    Acknowledged,
    DayTicker,
    DepthSnapshot,
    DepthUpdate,
    Kline,
    Listing,
    Message,
    NotReadError,
    ServerTime,
    Trade,
)
from assay.core.domain.errors import EmptyAnswerError, RefusedError
from assay.core.market.instants import EPOCH

_VENUE: Final = "bybit"
_Reader: TypeAlias = Callable[[Fields], Iterator[Message]]
_TIMEFRAMES: Final = {
    "1": "1m", "3": "3m", "5": "5m", "15": "15m", "30": "30m",
    "60": "1h", "120": "2h", "240": "4h", "360": "6h", "720": "12h", "D": "1d", "W": "1w", "M": "1M",
}  # fmt: skip


def read(payload: object) -> Iterator[Message]:
    """What is in one answer or message. Raises a VenueError."""
    fields = Fields(_VENUE, payload)
    if fields.has("retCode"):
        yield from _answer(fields)
    elif fields.has("topic"):
        yield from _pushed(fields)
    elif fields.has("success"):
        yield _acknowledged(fields, accepted=fields.flag("success"))
    elif fields.text("op") == "pong":
        yield _acknowledged(fields, accepted=True)
    else:
        raise NotReadError(_VENUE, f"request {fields.text('op')}")


def _acknowledged(fields: Fields, *, accepted: bool) -> Acknowledged:
    return Acknowledged(str(fields.raw("req_id")) if fields.has("req_id") else "", accepted)


def _pushed(fields: Fields) -> Iterator[Message]:
    channel = fields.text("topic").split(".")
    reader = _TOPICS.get(channel[0])
    # Retail price improvement: a book with a third column.
    if reader is None or channel[1] == "rpi":
        raise NotReadError(_VENUE, ".".join(channel[:2]))
    yield from reader(fields)


def _kline(fields: Fields) -> Iterator[Message]:
    for bar in fields.rows("data"):
        interval = bar.text("interval")
        if interval not in _TIMEFRAMES:
            raise bar.wrong(f"the interval {interval!r} is none of Bybit's")
        yield Kline(
            symbol=fields.text("topic").rpartition(".")[2], timeframe=_TIMEFRAMES[interval], opened_at=bar.instant("start"),
            open=bar.price("open"), high=bar.price("high"), low=bar.price("low"), close=bar.price("close"),
            volume=bar.quantity("volume"), closed=bar.flag("confirm"), stamped_at=fields.instant("ts"),
        )  # fmt: skip


def _trades(fields: Fields) -> Iterator[Message]:
    for row in fields.rows("data"):
        yield Trade(
            symbol=row.text("s"),
            id=row.text("i"),
            price=row.price("p"),
            quantity=row.quantity("v"),
            at=row.instant("T"),
            sold=_sold(row, "S"),
        )


def _sold(row: Fields, key: str) -> bool:
    side = row.text(key)
    if side not in ("Buy", "Sell"):
        raise row.wrong(f"the side {side!r} is neither Buy nor Sell")
    return side == "Sell"


def _book(fields: Fields) -> Iterator[Message]:
    """Every update counts one further; a snapshot begins anew, also in the middle of a stream."""
    book = fields.inner("data")
    if fields.text("type") == "snapshot":
        yield _snapshot(book)
        return
    last = book.whole("u")
    yield DepthUpdate(
        symbol=book.text("s"), first_id=last, last_id=last, previous_id=None,
        bids=book.levels("b"), asks=book.levels("a"), stamped_at=fields.instant("ts"),
    )  # fmt: skip


def _snapshot(book: Fields) -> DepthSnapshot:
    return DepthSnapshot(symbol=book.text("s"), last_id=book.whole("u"), bids=book.levels("b"), asks=book.levels("a"))


def _pushed_ticker(fields: Fields) -> Iterator[Message]:
    yield _ticker(fields.inner("data"))


def _ticker(row: Fields) -> DayTicker:
    return DayTicker(
        symbol=row.text("symbol"), open=row.number_or_none("prevPrice24h"), high=row.number_or_none("highPrice24h"),
        low=row.number_or_none("lowPrice24h"), last=row.number_or_none("lastPrice"), volume=row.number_or_none("volume24h"),
    )  # fmt: skip


def _answer(fields: Fields) -> Iterator[Message]:
    code = fields.whole("retCode")
    if code != 0:
        raise RefusedError(_VENUE, f"{code} {fields.raw('retMsg')}")
    if fields.has("op"):
        if fields.text("op") == "pong":
            yield _acknowledged(fields, accepted=True)
            return
        raise NotReadError(_VENUE, fields.text("op"))
    if not fields.has("result"):
        yield _acknowledged(fields, accepted=True)
        return
    if not isinstance(fields.raw("result"), Mapping):
        raise NotReadError(_VENUE, "a list without a category")
    result = fields.inner("result")
    if result.has("timeNano"):
        yield ServerTime(EPOCH + timedelta(microseconds=result.whole("timeNano") // 1_000))
    elif result.has("s", "a", "b", "u"):
        if any(2 in level for side in "ab" for level in result.rows(side)):
            raise NotReadError(_VENUE, "orderbook.rpi")
        yield _snapshot(result)
    elif result.has("category", "list"):
        yield from _listed(result)
    elif fields.raw("result") == {}:
        raise EmptyAnswerError(_VENUE, "an empty result")
    else:
        raise NotReadError(_VENUE, "something about an account")


def _listed(result: Fields) -> Iterator[Message]:
    if result.raw("list") == []:
        raise EmptyAnswerError(_VENUE, "an empty list")
    for row in result.rows("list"):
        if 0 in row:
            yield _rest_kline(row, result)
        elif row.has("execId", "isBlockTrade", "side") and not row.has("orderId"):
            yield Trade(
                symbol=row.text("symbol"), id=row.text("execId"), price=row.price("price"), quantity=row.quantity("size"),
                at=row.instant("time"), sold=_sold(row, "side"),
            )  # fmt: skip
        elif row.has("lotSizeFilter", "priceFilter"):
            yield _listing(row)
        elif row.has("lastPrice", "volume24h"):
            yield _ticker(row)
        else:
            raise NotReadError(_VENUE, "something about an account, or statistics")


def _rest_kline(row: Fields, result: Fields) -> Kline:
    """[opened, open, high, low, close, volume, turnover], newest first; marks, indices and premiums have no volume."""
    if 5 not in row:
        raise NotReadError(_VENUE, "a kline of no trades")
    return Kline(
        symbol=result.text("symbol"), timeframe=None, opened_at=row.instant(0),
        open=row.price(1), high=row.price(2), low=row.price(3), close=row.price(4), volume=row.quantity(5), closed=None,
    )  # fmt: skip


def _listing(row: Fields) -> Listing:
    lots = row.inner("lotSizeFilter")
    return Listing(
        symbol=row.text("symbol"), base=row.text("baseCoin"), quote=row.text("quoteCoin"), tick=row.inner("priceFilter").price("tickSize"),
        lot=lots.number_or_none("basePrecision") or lots.number_or_none("qtyStep"),
        minimum_notional=lots.number_or_none("minOrderAmt") or lots.number_or_none("minNotionalValue"),
        trading=row.text("status") == "Trading",
    )  # fmt: skip


_TOPICS: Final[Mapping[str, _Reader]] = {"kline": _kline, "publicTrade": _trades, "orderbook": _book, "tickers": _pushed_ticker}
