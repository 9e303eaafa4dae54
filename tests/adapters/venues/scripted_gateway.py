"""A gateway of Interactive Brokers' that is written: it answers in ib-async's own words, from minutes that it holds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from ib_async import BarData, ContractDetails, RealTimeBar
from ib_async import Contract as Theirs
from tests.adapters.venues.moving import Moving

from assay.adapters.venues.ib.contracts import Contract
from assay.adapters.venues.ib.gateway import GatewayError, Leave, Status

MINUTES: Final = {"1 min": 1, "5 mins": 5, "15 mins": 15, "30 mins": 30, "1 hour": 60}
NOTHING: Final = GatewayError(162, "Historical Market Data Service error message:HMDS query returned no data: AAPL@SMART Trades")


def minute(at: datetime) -> BarData:
    """The minute opened then: a price that rises by a cent each minute, and a volume of 12."""
    price = 100.0 + (at - datetime(2026, 1, 1, tzinfo=at.tzinfo)) // timedelta(minutes=1) / 100.0
    return BarData(at, price, price + 0.5, price - 0.5, price + 0.25, 12.0, price, 3)


class ScriptedGateway:
    """`gateway.Gateway`. `refuses` are raised by the next calls of `connect`, `refused` by the next requests."""

    def __init__(self, moving: Moving, *, first: datetime) -> None:
        self.moving, self.first = moving, first
        self.connected = False
        self.refuses: list[Exception] = []
        self.refused: list[Exception] = []
        self.asked: list[tuple[datetime, str, str]] = []
        self.listed: Sequence[ContractDetails] | None = None
        self._live: list[Callable[[Any], None]] = []
        self._watching: list[Status] = []

    async def connect(self) -> None:
        await asyncio.sleep(0)
        if self.refuses:
            raise self.refuses.pop(0)
        self.connected = True

    async def details(self, contract: Contract) -> Sequence[ContractDetails]:
        if self.refused:
            raise self.refused.pop(0)
        theirs = Theirs(secType=contract.kind, symbol=contract.symbol, currency=contract.currency, localSymbol=f"{contract.symbol}.")
        found = [ContractDetails(contract=theirs, minTick=0.01, longName="APPLE INC", sizeIncrement=0.0001)]
        return found if self.listed is None else self.listed

    async def history(self, contract: Contract, end: datetime, duration: str, size: str) -> Sequence[BarData]:
        """With the bar that forms, as the gateway does."""
        self.asked.append((end, duration, size))
        if self.refused:
            raise self.refused.pop(0)
        length, now = timedelta(minutes=MINUTES[size]), self.moving.now()
        start = max(end - timedelta(days=int(duration.removesuffix(" D"))), self.first)
        rows = []
        while start < min(end, now):
            inside = [minute(start + timedelta(minutes=count)) for count in range(MINUTES[size])]
            inside = [each for each in inside if each.date <= now]
            volume = sum(each.volume for each in inside)
            low, high = min(each.low for each in inside), max(each.high for each in inside)
            rows.append(BarData(start, inside[0].open, high, low, inside[-1].close, volume, 0.0, 1))
            start += length
        if not rows:
            raise NOTHING
        return rows

    def live(self, contract: Contract, hear: Callable[[Any], None]) -> Leave:
        self._live.append(hear)
        return lambda: self._live.remove(hear)

    def watch(self, hear: Status) -> Leave:
        self._watching.append(hear)
        return lambda: self._watching.remove(hear)

    def disconnect(self) -> None:
        self.connected = False

    @property
    def listeners(self) -> int:
        return len(self._live) + len(self._watching)

    def says(self, code: int, message: str = "") -> None:
        if code == 504:
            self.connected = False
        for hear in tuple(self._watching):
            hear(code, message)

    def trades(self, until: datetime) -> None:
        """Time passes, and each five seconds of it are told: twelve pieces make the minute that history has."""
        at = self.moving.at
        while at < until:
            of = minute(at.replace(second=0))
            close = of.close if at.second == 55 else of.open
            high = of.high if at.second == 30 else max(of.open, close)
            low = of.low if at.second == 15 else min(of.open, close)
            piece = RealTimeBar(at, -1, of.open, high, low, close, 1.0)
            at += timedelta(seconds=5)
            self.moving.at = at
            for hear in tuple(self._live):
                hear(piece)
