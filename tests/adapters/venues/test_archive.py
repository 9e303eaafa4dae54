"""What is stored is told again under its own name, at the pace that was asked for, and then it ends."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.adapters.venues.moving import AT, Moving, pages

from assay.adapters.store.candles import CandleFiles
from assay.adapters.venues.archive.source import ArchiveSource
from assay.core.domain.errors import UnknownInstrumentError
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars
from assay.core.market.instants import to_ns
from assay.runtime.records import Link, LiveBar

pytestmark = pytest.mark.anyio
COIN = "binance:COIN/USDT"
FIRST = AT - timedelta(minutes=2)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def moving() -> Moving:
    return Moving()


@pytest.fixture
def candles(tmp_path: Path) -> CandleFiles:
    files = CandleFiles(tmp_path)
    ts = to_ns(FIRST) + 60_000_000_000 * np.arange(3, dtype=np.int64)
    opened = np.array([10.0, 11.0, 12.0])
    files.write(Bars(COIN, Timeframe("1m"), ts, opened, opened + 2.0, opened - 2.0, opened + 1.0, np.array([5.0, 6.0, 7.0])))
    return files


async def told(source: ArchiveSource) -> list[LiveBar | Link]:
    return [word async for word in source.follow(await source.find(COIN), "1m")]


async def test_a_replay_tells_each_bar_as_it_opens_and_as_it_closes(candles: CandleFiles, moving: Moving) -> None:
    link, *ticks = await told(ArchiveSource(candles, moving, pace=4.0, pause=moving.pause))
    assert isinstance(link, Link)
    assert moving.paused == [0.25, 0.25, 0.25]
    assert [(tick.close, tick.high, tick.volume, tick.closed) for tick in ticks if isinstance(tick, LiveBar)] == [
        (10.0, 10.0, 0.0, False), (11.0, 12.0, 5.0, True),
        (11.0, 11.0, 0.0, False), (12.0, 13.0, 6.0, True),
        (12.0, 12.0, 0.0, False), (13.0, 14.0, 7.0, True),
    ]  # fmt: skip
    assert {str(tick.instrument) for tick in ticks if isinstance(tick, LiveBar)} == {COIN}


async def test_without_a_pace_it_is_told_at_once_and_from_where_it_was_asked(candles: CandleFiles, moving: Moving) -> None:
    words = await told(ArchiveSource(candles, moving, since=FIRST + timedelta(minutes=1), pause=moving.pause))
    assert [tick.opened_at for tick in words if isinstance(tick, LiveBar) and tick.closed] == [FIRST + timedelta(minutes=1), AT]
    assert moving.paused == []


async def test_history_is_what_is_stored_and_closed(candles: CandleFiles, moving: Moving) -> None:
    source = ArchiveSource(candles, moving)
    ((bars, _),) = await pages(source, await source.find(COIN), "1m", Span(FIRST, AT + timedelta(hours=1)))
    assert bars.close.tolist() == [11.0, 12.0], "the third is open until a minute from now"


async def test_what_is_not_stored_is_not_known(candles: CandleFiles, moving: Moving) -> None:
    source = ArchiveSource(candles, moving)
    (listed,) = await source.instruments()
    assert (str(listed.id), listed.kind, listed.base, listed.quote) == (COIN, "spot", "COIN", "USDT")
    with pytest.raises(UnknownInstrumentError, match="nothing is stored of binance:NOPE"):
        await source.find("binance:NOPE")
    with pytest.raises(UnknownInstrumentError, match="no bars of 1h"):
        await pages(source, listed, "1h", Span(FIRST, AT))
