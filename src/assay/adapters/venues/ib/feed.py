"""Live bars of one contract: pieces of five seconds, grown to the timeframe, over a connection that is lost every night.

A close that the pieces saw from the bar's beginning on is told by them. One that they missed a part of, because the stream began within it
or the connection was away, is asked for as history, so that what is told once is right.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from assay.adapters.venues.ib.client import Client
from assay.adapters.venues.ib.codec import AT_ONCE, CLOSED, DATA_LOST, LOST, PIECE, RESTORED, piece
from assay.adapters.venues.ib.contracts import VENUE, Contract
from assay.adapters.venues.ib.gateway import Gateway
from assay.core.domain.errors import UnreachableError
from assay.core.domain.instrument import Instrument
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars
from assay.core.market.grid import opened_at
from assay.core.market.growing import Growing, grow
from assay.core.market.instants import to_datetime
from assay.runtime.ports import Clock
from assay.runtime.records import Link, LiveBar

RETRY_SECONDS: Final = 5.0
RETRY_AT_MOST: Final = 60.0


@dataclass(frozen=True, slots=True)
class _Status:
    code: int
    message: str


_Heard: TypeAlias = asyncio.Queue[Any]
"""Live bars as ib-async hands them over, and statuses, in the order in which they came."""


class Feed:
    """One stream. `follow` is its whole life."""

    def __init__(
        self, gateway: Gateway, client: Client, clock: Clock, pause: Callable[[float], Awaitable[None]], contract: Contract,
        instrument: Instrument, timeframe: Timeframe,
    ) -> None:  # fmt: skip
        self._gateway, self._client, self._clock, self._pause = gateway, client, clock, pause
        self._contract, self._instrument, self._timeframe = contract, instrument, timeframe
        self._link = Link(venue=VENUE, state="connecting", since=clock.now())
        self._told = opened_at(clock.now(), timeframe)
        """Up to here every close has been told."""

    async def follow(self) -> AsyncGenerator[LiveBar | Link]:
        """Ends only when it is closed, or with what the gateway refuses for good."""
        wait = RETRY_SECONDS
        yield self._link
        while True:
            try:
                await self._client.connected()
                with self._listening() as heard:
                    wait = RETRY_SECONDS
                    async for said in self._connected(heard):
                        yield said
            except UnreachableError as error:
                yield self._lost(error.message)
            await self._pause(wait)
            wait = min(2.0 * wait, RETRY_AT_MOST)

    async def _connected(self, heard: _Heard) -> AsyncGenerator[LiveBar | Link]:
        """Until the pieces have to be asked for again. Raises UnreachableError where the gateway itself is gone."""
        whole_from = self._clock.now()
        yield self._found()
        async for tick in self._missed(opened_at(whole_from, self._timeframe)):
            yield tick
        bar: Growing | None = None
        while True:
            said = await heard.get()
            if not isinstance(said, _Status):
                told = piece(said)
                self._link = replace(self._link, last_message_at=self._clock.now(), lag_seconds=self._lag(told))
                grown = grow(bar, told, PIECE, self._timeframe)
                bar = grown[-1]
                for each in grown:
                    async for tick in self._ticks(each, whole_from):
                        yield tick
            elif said.code == CLOSED:
                raise UnreachableError(VENUE, said.message)
            elif said.code == LOST:
                yield self._lost(said.message)
            elif said.code == RESTORED:
                # The pieces come again by themselves, but not those that were missed.
                whole_from, bar = self._clock.now(), None
                yield self._found()
                async for tick in self._missed(opened_at(whole_from, self._timeframe)):
                    yield tick
            elif said.code == DATA_LOST:
                yield self._lost(said.message)
                return

    async def _ticks(self, bar: Growing, whole_from: datetime) -> AsyncGenerator[LiveBar]:
        """What is told of a grown bar; of one that was told as history in the meantime nothing."""
        if bar.opened_at < self._told:
            return
        if not bar.closed:
            yield self._tick(bar)
            return
        end = self._timeframe.closed_at(bar.opened_at)
        whole = bar.opened_at >= whole_from
        async for tick in self._missed(bar.opened_at if whole else end):
            yield tick
        if whole:
            self._told = end
            yield self._tick(bar)

    async def _missed(self, end: datetime) -> AsyncGenerator[LiveBar]:
        """The closes before `end` that were not told, as history has them."""
        while self._told < end:
            page = Span(self._told, min(end, self._told + AT_ONCE[self._timeframe.name]))
            bars = await self._client.bars(self._contract, str(self._instrument.id), self._timeframe, page)
            self._told = page.end
            for bar in () if bars is None else _grown(bars):
                yield self._tick(bar)

    @contextmanager
    def _listening(self) -> Iterator[_Heard]:
        heard: _Heard = asyncio.Queue()

        def status(code: int, message: str) -> None:
            if code in (LOST, DATA_LOST, RESTORED, CLOSED):
                heard.put_nowait(_Status(code, message))

        leave_status = self._gateway.watch(status)
        leave_live = self._gateway.live(self._contract, heard.put_nowait)
        try:
            yield heard
        finally:
            leave_live()
            leave_status()

    def _tick(self, bar: Growing) -> LiveBar:
        return LiveBar(
            instrument=self._instrument.id, timeframe=self._timeframe.name, opened_at=bar.opened_at, open=bar.open, high=bar.high,
            low=bar.low, close=bar.close, volume=bar.volume, closed=bar.closed, at=self._clock.now(),
        )  # fmt: skip

    def _found(self) -> Link:
        again = self._link.state == "disconnected"
        self._link = replace(
            self._link, state="connected", since=self._clock.now(), problem=None, reconnects=self._link.reconnects + (1 if again else 0)
        )
        return self._link

    def _lost(self, problem: str) -> Link:
        since = self._clock.now() if self._link.state != "disconnected" else self._link.since
        self._link = replace(self._link, state="disconnected", since=since, problem=problem)
        return self._link

    def _lag(self, said: Growing) -> float:
        """A piece is stamped with its beginning, and can be told when it is over."""
        return max((self._clock.now() - said.opened_at - PIECE) / timedelta(seconds=1), 0.0)


def _grown(bars: Bars) -> Iterator[Growing]:
    for row in range(len(bars)):
        yield Growing(
            opened_at=to_datetime(int(bars.ts[row])), open=float(bars.open[row]), high=float(bars.high[row]), low=float(bars.low[row]),
            close=float(bars.close[row]), volume=float(bars.volume[row]), closed=True,
        )  # fmt: skip
