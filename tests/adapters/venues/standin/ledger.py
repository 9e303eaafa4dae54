"""The stand-in's own books: minutes of made-up trading, the same for every process, each known without the ones before it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Self

from assay.core.domain.timeframe import Timeframe
from assay.core.market.instants import EPOCH

MINUTE = timedelta(minutes=1)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Asset:
    """What is listed, on which market, since when; the venue is halted in `halts` and no bar opens there."""

    base: str
    quote: str
    spot: bool
    listed_at: datetime
    halts: tuple[tuple[datetime, datetime], ...] = ()

    @property
    def symbol(self) -> str:
        return f"{self.base}{self.quote}"

    def trades_at(self, minute: datetime) -> bool:
        return minute >= self.listed_at and not any(start <= minute < end for start, end in self.halts)


@dataclass(frozen=True)
class Bar:
    opened_at: datetime
    closed_at: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal

    def and_then(self, later: Self) -> Bar:
        high, low = max(self.high, later.high), min(self.low, later.low)
        return Bar(self.opened_at, self.closed_at, self.open, high, low, later.close, self.volume + later.volume)


LISTED_AT = datetime(2026, 2, 27, 6, 0, tzinfo=UTC)
ASSETS = (
    Asset("BTC", "USDT", True, LISTED_AT),
    Asset("BTC", "USDT", False, LISTED_AT),
    Asset("ETH", "USDT", True, LISTED_AT, ((datetime(2026, 3, 1, 3, 0, tzinfo=UTC), datetime(2026, 3, 1, 5, 30, tzinfo=UTC)),)),
)


class Ledger:
    """Bars of any timeframe, made of minutes."""

    def __init__(self, assets: tuple[Asset, ...] = ASSETS) -> None:
        self.assets = assets

    def asset(self, symbol: str, *, spot: bool) -> Asset | None:
        return next((asset for asset in self.assets if asset.symbol == symbol and asset.spot == spot), None)

    def bars(self, asset: Asset, timeframe: Timeframe, start: datetime, end: datetime, now: datetime) -> Iterator[Bar]:
        """Those that opened in [start, end) and before `now`; the last may be forming."""
        opened_at = self.opening(timeframe, max(start, asset.listed_at - timedelta(days=1)))
        while opened_at < min(end, now):
            if opened_at >= start and (bar := self.bar(asset, timeframe, opened_at, now)) is not None:
                yield bar
            opened_at = timeframe.closed_at(opened_at)

    def opening(self, timeframe: Timeframe, at: datetime) -> datetime:
        """Of the bar that `at` lies in; weeks begin on Mondays, months on the first."""
        if timeframe.name == "1M":
            return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        origin = EPOCH + timedelta(days=4) if timeframe.name == "1w" else EPOCH
        length = timedelta(minutes=timeframe.minutes)
        return origin + (at - origin) // length * length

    def bar(self, asset: Asset, timeframe: Timeframe, opened_at: datetime, now: datetime) -> Bar | None:
        """As it stands at `now`; None where nothing was traded."""
        closes_at = timeframe.closed_at(opened_at)
        whole: Bar | None = None
        minute = max(opened_at, asset.listed_at)
        while minute < min(closes_at, now):
            if asset.trades_at(minute):
                traded = self._minute(asset, minute, now)
                whole = traded if whole is None else whole.and_then(traded)
            minute += MINUTE
        if whole is None:
            return None
        return Bar(opened_at, closes_at, whole.open, whole.high, whole.low, whole.close, whole.volume)

    def _minute(self, asset: Asset, minute: datetime, now: datetime) -> Bar:
        opened, closed = self._price(asset, minute - MINUTE), self._price(asset, minute)
        passed = min(60, int((now - minute).total_seconds()))
        close = opened + (closed - opened) * passed // 60
        width, volume = _draw(asset, minute, "width", 50), _draw(asset, minute, "volume", 90_000)
        high, low = max(opened, close) + width * passed // 60, min(opened, close) - width * passed // 60
        return Bar(
            minute, minute + MINUTE, CENT * opened, CENT * high, CENT * low, CENT * close, volume * passed // 60 * Decimal("0.00001")
        )

    def _price(self, asset: Asset, minute: datetime) -> int:
        """In cents."""
        return (995_000 if asset.spot else 995_500) + _draw(asset, minute, "price", 10_000)


def _draw(asset: Asset, minute: datetime, what: str, below: int) -> int:
    """From 1 to `below`, the same in every process: the digits of a checksum are random enough for prices."""
    return 1 + zlib.crc32(f"{asset.symbol} {asset.spot} {minute:%y%m%d%H%M} {what}".encode()) % below
