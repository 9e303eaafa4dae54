"""ccxt's unified values to ours, and its errors to ours; no I/O.

Prices are refused here where they cannot be (F40): not above zero, not finite, an open or a close outside of low and high.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

import numpy as np

from assay.adapters.venues.wire.messages import Kline
from assay.core.domain.errors import (
    ClockSkewError,
    MalformedAnswerError,
    RateLimitedError,
    RefusedError,
    UnknownInstrumentError,
    UnreachableError,
    VenueError,
)
from assay.core.domain.instrument import Instrument, InstrumentId, InstrumentKind
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars
from assay.core.market.instants import EPOCH, to_ns

_KINDS: Final[Mapping[object, InstrumentKind]] = {"spot": "spot", "swap": "perpetual", "future": "future", "option": "option"}
_DECIMAL_PLACES, _TICK_SIZE = 2, 4
"""ccxt's two ways to say how fine a price is; its third, significant digits, is no step."""
_UNSAID_PAUSE: Final = 60.0
"""Where a venue says stop and not for how long, in seconds: the window that most of them count in."""
_FORBIDDEN_PAUSE: Final = 600.0
"""Bybit's 403: "access too frequent", to be left alone for ten minutes (F47)."""
_BYBIT_TOO_MANY: Final = ("10006", "10018")


class Candle(NamedTuple):
    """A bar as a venue tells it. `closed` is None where it does not say, `stamped_at` when it wrote it, None where it does not."""

    opened_at: datetime
    open: float
    high: float
    low: float
    close: float
    volume: float
    closed: bool | None = None
    stamped_at: datetime | None = None


def instrument(venue: str, market: Mapping[str, object], precision_mode: int) -> Instrument | None:
    """None for what has no name or kind here. Raises MalformedAnswerError."""
    kind = _KINDS.get(market.get("type"))
    symbol, spelling = market.get("symbol"), market.get("id")
    if kind is None or not isinstance(symbol, str) or not isinstance(spelling, str):
        return None
    try:
        name = InstrumentId.parse(f"{venue}:{symbol}")
    except ValueError:
        return None
    base, quote = str(market.get("base")), str(market.get("quote"))
    precision, limits = _part(venue, market, "precision"), _part(venue, market, "limits")
    return Instrument(
        id=name, venue_symbol=spelling, kind=kind, name=f"{base}/{quote}" if kind == "spot" else f"{base}/{quote} {kind}",
        base=base, quote=quote,
        tick=_step(venue, precision.get("price"), precision_mode), lot=_step(venue, precision.get("amount"), precision_mode),
        minimum_notional=_decimal(venue, _part(venue, limits, "cost").get("min")),
        maker_fee_rate=_decimal(venue, market.get("maker")), taker_fee_rate=_decimal(venue, market.get("taker")),
        active=market.get("active") is not False,
    )  # fmt: skip


def _part(venue: str, of: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = of.get(name) or {}
    if not isinstance(part, Mapping):
        raise MalformedAnswerError(venue, f"{name} of an instrument is {part!r}")
    return part


def _step(venue: str, value: object, precision_mode: int) -> Decimal | None:
    number = _decimal(venue, value)
    if number is None or precision_mode not in (_DECIMAL_PLACES, _TICK_SIZE):
        return None
    return Decimal(1).scaleb(-int(number)) if precision_mode == _DECIMAL_PLACES else number


def _decimal(venue: str, value: object) -> Decimal | None:
    """By way of the shortest text that a float has, for ccxt made a float of the venue's digits."""
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise MalformedAnswerError(venue, f"{value!r} where an instrument has a number")
    return Decimal(str(value))


def candle(venue: str, row: object) -> Candle:
    """From ccxt's [milliseconds, open, high, low, close, volume]. Raises MalformedAnswerError."""
    if not isinstance(row, Sequence) or len(row) < 6 or not isinstance(row[0], int):
        raise MalformedAnswerError(venue, f"{row!r} where a bar was expected")
    numbers = [value for value in row[1:6] if isinstance(value, int | float)]
    if len(numbers) < 5:
        raise MalformedAnswerError(venue, f"the bar {row!r} lacks a number")
    opened, high, low, close, volume = map(float, numbers)
    return _checked(venue, Candle(EPOCH + timedelta(milliseconds=row[0]), opened, high, low, close, volume))


def candle_of(venue: str, kline: Kline) -> Candle:
    """From the venue's own message. Raises MalformedAnswerError."""
    opened, high, low, close, volume = map(float, (kline.open, kline.high, kline.low, kline.close, kline.volume))
    return _checked(venue, Candle(kline.opened_at, opened, high, low, close, volume, kline.closed, kline.stamped_at))


def _checked(venue: str, bar: Candle) -> Candle:
    possible = (
        0.0 < bar.low <= min(bar.open, bar.close) and max(bar.open, bar.close) <= bar.high < math.inf and 0.0 <= bar.volume < math.inf
    )
    if not possible:
        numbers = f"open {bar.open:g}, high {bar.high:g}, low {bar.low:g}, close {bar.close:g}, volume {bar.volume:g}"
        raise MalformedAnswerError(venue, f"a bar that cannot be: {numbers}")
    return bar


def bars(instrument: str, timeframe: Timeframe, candles: Iterable[Candle]) -> Bars:
    """In the order of time; what was told twice is taken once. Raises MalformedAnswerError where the two differ."""
    told: dict[datetime, Candle] = {}
    for bar in candles:
        if told.setdefault(bar.opened_at, bar)[:6] != bar[:6]:
            raise MalformedAnswerError(
                instrument.partition(":")[0], f"two bars that open at {bar.opened_at:%Y-%m-%d %H:%M}, and they differ"
            )
    ordered = [told[at] for at in sorted(told)]
    columns = np.ascontiguousarray(np.array([bar[1:6] for bar in ordered], dtype=np.float64).reshape(-1, 5).T)
    return Bars(instrument, timeframe, np.array([to_ns(bar.opened_at) for bar in ordered], dtype=np.int64), *columns)


def rate_limit(venue: str, status: int, headers: Mapping[str, str], body: str, now: datetime) -> RateLimitedError | None:
    """What an answer says of too many requests: for how long to be still, by header, by text, or by what is usual."""
    said = {name.lower(): value for name, value in headers.items()}
    if status in (418, 429):
        seconds = _seconds(said.get("retry-after")) or _until(re.search(r"until (\d{13})", body), now) or _UNSAID_PAUSE
        return RateLimitedError(
            venue, "banned for asking too often" if status == 418 else "too many requests", seconds, banned=status == 418
        )
    if status == 403 and "too frequent" in body.lower():
        return RateLimitedError(venue, "access too frequent", _seconds(said.get("retry-after")) or _FORBIDDEN_PAUSE, banned=True)
    if venue == "bybit" and re.search(rf'"retCode":\s*({"|".join(_BYBIT_TOO_MANY)})\b', body):
        reset = re.fullmatch(r"(\d{13})", said.get("x-bapi-limit-reset-timestamp", ""))
        return RateLimitedError(venue, "too many requests", _until(reset, now) or _UNSAID_PAUSE)
    return None


def failure(venue: str, status: int, body: str, answer: object) -> VenueError | None:
    """What the status alone decides, whatever code lies in the body: the venue's own failure, and doors that stay closed."""
    if status >= 500:
        return UnreachableError(venue, f"it failed with HTTP status {status}")
    if status in (401, 403, 451):
        return RefusedError(venue, f"it forbids this with HTTP status {status}")
    if 200 <= status < 300 and not isinstance(answer, dict | list):
        return MalformedAnswerError(venue, f"an answer that is no JSON: {body[:60]!r}")
    return None


def _seconds(text: str | None) -> float | None:
    return float(text) if text is not None and re.fullmatch(r"\d{1,9}(\.\d+)?", text) else None


def _until(milliseconds: re.Match[str] | None, now: datetime) -> float | None:
    """From now to that instant, and None where it is past."""
    if milliseconds is None:
        return None
    rest = (EPOCH + timedelta(milliseconds=int(milliseconds[1])) - now).total_seconds()
    return rest if rest > 0 else None


_ERRORS: Final[Sequence[tuple[str, type[VenueError]]]] = (
    ("BadSymbol", UnknownInstrumentError),
    ("InvalidNonce", ClockSkewError),
    ("NetworkError", UnreachableError),
    # Somebody else's stream ended just when this one began: it is asked for again.
    ("UnsubscribeError", UnreachableError),
    ("BadResponse", MalformedAnswerError),
    ("NullResponse", MalformedAnswerError),
)
"""ccxt's classes by name, for importing it takes a second; the first that an error is one of."""


def translated(venue: str, error: Exception) -> VenueError:
    """One of ccxt's errors in our words; whatever is none of the above, the venue understood and will not."""
    ancestors = {ancestor.__name__ for ancestor in type(error).__mro__}
    message = _message(venue, error)
    if ancestors & {"RateLimitExceeded", "DDoSProtection"}:
        return RateLimitedError(venue, message, _UNSAID_PAUSE)
    return next((kind(venue, message) for name, kind in _ERRORS if name in ancestors), RefusedError(venue, message))


def _message(venue: str, error: Exception) -> str:
    """Short, for a venue may answer with a page of HTML; and without the name that ours write before it."""
    text = " ".join(str(error).removeprefix(f"{venue} ").split())
    return text if len(text) <= 200 else f"{text[:199]}…"
