"""A venue that says what it is told to say, when it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from assay.core.domain.errors import UnknownInstrumentError
from assay.core.domain.instrument import Instrument, InstrumentId
from assay.core.domain.ranges import Span
from assay.core.market.bars import Bars
from assay.runtime.records import Link, LiveBar

AT: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
COIN: Final = "tape:COIN/USD"


class Standing:
    """A clock that is set."""

    def __init__(self, at: datetime = AT) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class Tape:
    """`ports.Source` of one coin: `says` are its words, one at a time; an exception among them is raised, None ends the stream."""

    venue = "tape"
    name = "Tape"
    timeframes: Sequence[str] = ("1m", "1h")

    def __init__(self, *, streams: bool = True) -> None:
        self.streams = streams
        self.says: asyncio.Queue[LiveBar | Link | Exception | None] = asyncio.Queue()
        self.followed: list[str] = []
        self.left = 0
        self.pages: list[tuple[Bars, Span]] = []

    async def instruments(self) -> Sequence[Instrument]:
        return [await self.find("COIN/USD")]

    async def find(self, symbol: str) -> Instrument:
        if symbol != "COIN/USD":
            raise UnknownInstrumentError("tape", f"there is no {symbol}")
        return Instrument(id=InstrumentId("tape", symbol), venue_symbol="COIN", kind="spot", name="Coin", base="COIN", quote="USD")

    async def history(self, instrument: Instrument, timeframe: str, span: Span) -> AsyncGenerator[tuple[Bars, Span]]:
        for page in self.pages:
            yield page

    async def follow(self, instrument: Instrument, timeframe: str) -> AsyncGenerator[LiveBar | Link]:
        self.followed.append(timeframe)
        try:
            while (said := await self.says.get()) is not None:
                if isinstance(said, Exception):
                    raise said
                yield said
        finally:
            self.left += 1

    async def close(self) -> None:
        """There is nothing open."""


def tick(close: float, *, minutes: int = 0, timeframe: str = "1m") -> LiveBar:
    return LiveBar(
        instrument=InstrumentId.parse(COIN), timeframe=timeframe, opened_at=AT + timedelta(minutes=minutes), open=close, high=close,
        low=close, close=close, volume=1.0, closed=False, at=AT + timedelta(minutes=minutes, seconds=30),
    )  # fmt: skip


def link(state: str = "connected", **more: object) -> Link:
    return Link(**{"venue": "tape", "state": state, "since": AT, **more})  # type: ignore[arg-type]


async def until(holds: Callable[[], bool]) -> None:
    """Let the others run until something holds."""
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0)
