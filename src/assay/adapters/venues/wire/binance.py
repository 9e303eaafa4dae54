"""Binance, spot and USD-M: streams by the name of their event, REST answers by the fields that only they have.

An answer of REST does not say what it answers, so its shape decides; `https://github.com/binance/binance-spot-api-docs` has them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Final, TypeAlias

from assay.adapters.venues.wire.fields import Fields, rows, shown
from assay.adapters.venues.wire.messages import (
    Acknowledged,
    DayTicker,
    DepthSnapshot,
    DepthUpdate,
    Kline,
    Listing,
    Message,
    NotReadError,
    Quote,
    ServerTime,
    Trade,
)
from assay.core.domain.errors import EmptyAnswerError, MalformedAnswerError, RefusedError
from assay.core.domain.timeframe import MINUTE_NS, Timeframe

_VENUE: Final = "binance"
_DEEPEST: Final = 3
"""An answer by socket that wraps a list of objects is as deep as they come."""
_Reader: TypeAlias = Callable[[Fields], Iterator[Message]]


def read(payload: object, depth: int = 0) -> Iterator[Message]:
    """What is in one answer or message, which may lie `depth` wrappings deep. Raises a VenueError."""
    if depth > _DEEPEST:
        raise MalformedAnswerError(_VENUE, "a message in a message in a message")
    if isinstance(payload, list):
        yield from _list(payload, depth)
        return
    fields = Fields(_VENUE, payload)
    if payload == {}:
        raise EmptyAnswerError(_VENUE, "an empty object")
    for wrapping in ("event", "data"):
        if fields.has(wrapping) and isinstance(fields.raw(wrapping), Mapping | list) and not fields.has("code"):
            yield from read(fields.raw(wrapping), depth + 1)
            return
    if fields.has("e"):
        yield from _event(fields)
    elif fields.has("id", "status"):
        yield from _answer(fields, depth)
    else:
        yield from _object(fields)


def _list(payload: list[object], depth: int) -> Iterator[Message]:
    if not payload:
        raise EmptyAnswerError(_VENUE, "an empty list")
    if isinstance(payload[0], list):
        yield from (_rest_kline(row) for row in rows(_VENUE, payload))
        return
    for row in payload:
        if row == {}:
            raise EmptyAnswerError(_VENUE, "an empty object in a list")
        yield from read(row, depth + 1)


def _event(fields: Fields) -> Iterator[Message]:
    name = fields.text("e")
    reader = _EVENTS.get(name)
    if reader is None:
        raise NotReadError(_VENUE, name)
    yield from reader(fields)


def _answer(fields: Fields, depth: int) -> Iterator[Message]:
    """Of the API by socket: the answer of REST, wrapped."""
    if fields.has("error"):
        raise _refusal(fields.inner("error"))
    if not fields.has("result"):
        raise fields.wrong("an answer with neither a result nor an error")
    yield from read(fields.raw("result"), depth + 1)


def _object(fields: Fields) -> Iterator[Message]:
    if fields.has("code", "msg"):
        raise _refusal(fields)
    for telling, reader in _SHAPES:
        if fields.has(*telling):
            yield from reader(fields)
            return
    for name, kind in _OTHERS.items():
        if fields.has(name):
            raise NotReadError(_VENUE, kind)
    raise fields.wrong("an object that is none of Binance's")


def _refusal(fields: Fields) -> RefusedError:
    return RefusedError(_VENUE, f"{fields.whole('code')} {fields.text('msg')}")


def _kline(fields: Fields) -> Iterator[Message]:
    bar = fields.inner("k")
    yield Kline(
        symbol=bar.text("s"), timeframe=bar.text("i"), opened_at=bar.instant("t"),
        open=bar.price("o"), high=bar.price("h"), low=bar.price("l"), close=bar.price("c"), volume=bar.quantity("v"),
        closed=bar.flag("x"), stamped_at=fields.instant("E"),
    )  # fmt: skip


def _rest_kline(row: Fields) -> Kline:
    """[opened, open, high, low, close, volume, closed, …]; it names neither symbol nor timeframe, but its length tells the latter."""
    length = row.whole(6) + 1 - row.whole(0)
    if length <= 0:
        raise row.wrong("a bar that ends before it opens")
    return Kline(
        symbol=None, timeframe=_timeframe(length), opened_at=row.instant(0),
        open=row.price(1), high=row.price(2), low=row.price(3), close=row.price(4), volume=row.quantity(5), closed=None,
    )  # fmt: skip


@lru_cache(maxsize=64)
def _timeframe(milliseconds: int) -> str | None:
    """None for a length that is none of ours."""
    found = Timeframe.of_spacing(milliseconds * MINUTE_NS // 60_000)
    return None if found is None else found.name


def _trade(fields: Fields) -> Iterator[Message]:
    yield Trade(
        symbol=fields.text("s"), id=str(fields.whole("t")), price=fields.price("p"), quantity=fields.quantity("q"),
        at=fields.instant("T"), sold=fields.flag("m"),
    )  # fmt: skip


def _aggregate(fields: Fields) -> Iterator[Message]:
    """Trades of one taker at one price, as one; REST leaves the symbol out."""
    yield Trade(
        symbol=fields.text("s") if fields.has("s") else None, id=str(fields.whole("a")), price=fields.price("p"),
        quantity=fields.quantity("q"), at=fields.instant("T"), sold=fields.flag("m"),
    )  # fmt: skip


def _rest_trade(fields: Fields) -> Iterator[Message]:
    yield Trade(
        symbol=None, id=str(fields.whole("id")), price=fields.price("price"), quantity=fields.quantity("qty"),
        at=fields.instant("time"), sold=fields.flag("isBuyerMaker"),
    )  # fmt: skip


def _quote(fields: Fields) -> Iterator[Message]:
    yield Quote(
        symbol=fields.text("s"), id=fields.whole("u"), bid=fields.price("b"), bid_quantity=fields.quantity("B"),
        ask=fields.price("a"), ask_quantity=fields.quantity("A"),
    )  # fmt: skip


def _rest_quote(fields: Fields) -> Iterator[Message]:
    yield Quote(
        symbol=fields.text("symbol"), id=None, bid=fields.price("bidPrice"), bid_quantity=fields.quantity("bidQty"),
        ask=fields.price("askPrice"), ask_quantity=fields.quantity("askQty"),
    )  # fmt: skip


def _ticker(fields: Fields) -> Iterator[Message]:
    yield DayTicker(
        symbol=fields.text("s"), open=fields.number("o"), high=fields.number("h"), low=fields.number("l"),
        last=fields.number("c"), volume=fields.quantity("v"),
    )  # fmt: skip


def _rest_ticker(fields: Fields) -> Iterator[Message]:
    yield DayTicker(
        symbol=fields.text("symbol"), open=fields.number("openPrice"), high=fields.number("highPrice"),
        low=fields.number("lowPrice"), last=fields.number("lastPrice"), volume=fields.quantity("volume"),
    )  # fmt: skip


def _depth(fields: Fields) -> Iterator[Message]:
    first, last = fields.whole("U"), fields.whole("u")
    if last < first:
        raise fields.wrong(f"changes {first} to {last} of a book, which is backwards")
    yield DepthUpdate(
        symbol=fields.text("s"), first_id=first, last_id=last, previous_id=fields.whole("pu") if fields.has("pu") else None,
        bids=fields.levels("b"), asks=fields.levels("a"), stamped_at=fields.instant("E"),
    )  # fmt: skip


def _snapshot(fields: Fields) -> Iterator[Message]:
    yield DepthSnapshot(symbol=None, last_id=fields.whole("lastUpdateId"), bids=fields.levels("bids"), asks=fields.levels("asks"))


def _listings(fields: Fields) -> Iterator[Message]:
    for symbol in fields.rows("symbols"):
        steps = {item.text("filterType"): item for item in symbol.rows("filters")}
        yield Listing(
            symbol=symbol.text("symbol"), base=symbol.text("baseAsset"), quote=symbol.text("quoteAsset"),
            tick=_step(steps, "PRICE_FILTER", "tickSize"), lot=_step(steps, "LOT_SIZE", "stepSize"),
            minimum_notional=_step(steps, "NOTIONAL", "minNotional") or _step(steps, "MIN_NOTIONAL", "minNotional", "notional"),
            trading=symbol.text("status") == "TRADING",
        )  # fmt: skip


def _step(filters: Mapping[str, Fields], kind: str, *names: str) -> Decimal | None:
    found = filters.get(kind)
    return None if found is None else next((found.quantity(name) for name in names if found.has(name)), None)


def _time(fields: Fields) -> Iterator[Message]:
    yield ServerTime(fields.instant("serverTime"))


def _acknowledged(fields: Fields) -> Iterator[Message]:
    """Of a request on the socket of streams: nothing, or what it asked for."""
    if not isinstance(fields.raw("result"), bool | list | None):
        raise NotReadError(_VENUE, shown(fields.raw("result")))
    yield Acknowledged(str(fields.raw("id")), accepted=True)


_EVENTS: Final[Mapping[str, _Reader]] = {
    "kline": _kline,
    "trade": _trade,
    "aggTrade": _aggregate,
    "bookTicker": _quote,
    "24hrMiniTicker": _ticker,
    "24hrTicker": _ticker,
    "depthUpdate": _depth,
}
_SHAPES: Final[tuple[tuple[tuple[str, ...], _Reader], ...]] = (
    (("symbols", "timezone"), _listings),
    (("serverTime",), _time),
    (("lastUpdateId", "bids", "asks"), _snapshot),
    (("id", "price", "qty", "isBuyerMaker"), _rest_trade),
    (("a", "p", "q", "f", "l", "T", "m"), _aggregate),
    (("u", "s", "b", "B", "a", "A"), _quote),
    (("symbol", "openPrice", "lastPrice"), _rest_ticker),
    (("symbol", "bidPrice", "askPrice"), _rest_quote),
    (("result", "id"), _acknowledged),
)
"""In this order: the first whose fields are all there."""
_OTHERS: Final = {
    "method": "request",
    "orderListId": "order list",
    "orderId": "order",
    "algoId": "algo order",
    "cancelResult": "cancel and replace",
    "amendedOrder": "amended order",
    "executionId": "amended order",
    "preventedMatchId": "prevented match",
    "balances": "account",
    "assets": "account",
    "accountAlias": "balance",
    "positionAmt": "position",
    "standardCommission": "commission",
    "standardCommissionForOrder": "commission",
    "rateLimitType": "rate limit",
    "exchangeFilters": "filters",
    "filterType": "filters",
    "symbolRules": "rules",
    "mins": "average price",
    "referencePrice": "reference price",
    "calculationType": "reference price",
    "apiKey": "log-on",
    "subscriptionId": "subscription",
    "price": "last price",
}
"""What a field tells of an object that is none of the above."""
