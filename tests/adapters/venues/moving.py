"""A clock that moves only while somebody pauses, and by what he pauses for; after so many pauses it is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

from assay.core.domain.instrument import Instrument
from assay.core.domain.ranges import Span
from assay.core.market.bars import Bars
from assay.runtime.ports import Source

Word = TypeVar("Word")
AT: Final = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)


class Moving:
    """`ports.Clock`, and a pause to go with it."""

    def __init__(self, at: datetime = AT) -> None:
        self.at = at
        self.paused: list[float] = []

    def now(self) -> datetime:
        return self.at

    async def pause(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.paused.append(seconds)
        await asyncio.sleep(0)


async def first(count: int, of: AsyncGenerator[Word]) -> list[Word]:
    """So many of what comes, and then it is closed."""
    heard: list[Word] = []
    async with aclosing(of) as coming:
        async for word in coming:
            heard.append(word)
            if len(heard) == count:
                break
    return heard


async def pages(source: Source, instrument: Instrument, timeframe: str, span: Span) -> Sequence[tuple[Bars, Span]]:
    """All of a history, its stretches checked: together they are the span, from old to new."""
    found = [page async for page in source.history(instrument, timeframe, span)]
    reached = span.start
    for bars, answered in found:
        assert answered.start == reached, "no stretch is left out or told twice"
        assert len(bars.between(answered.start, answered.end)) == len(bars), "bars lie in the stretch that they answer for"
        reached = answered.end
    assert reached == span.end
    return found
