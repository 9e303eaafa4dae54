"""What is on disk: candles read and written, instruments found. Each figure is the median of its rounds, on a home of its own."""

from __future__ import annotations

import statistics
import tempfile
import time
from asyncio import sleep
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from assay.adapters.store.candles import CandleFiles
from assay.adapters.store.listings import ListingFiles
from assay.api.render.instruments import instrument
from assay.api.rows import sliced
from assay.core.domain.instrument import Instrument, InstrumentId
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars
from assay.runtime.archive import Archive
from assay.runtime.clock import WallClock
from assay.runtime.instruments import Instruments
from assay.runtime.patience import Patience
from assay.runtime.ports import Source
from assay.runtime.sources import Offer, Sources
from assay.runtime.workers import Workers
from benchmarks import work

NAME: Final = "bench:W0/USD"
MONTH: Final = 31 * 1_440
YEAR: Final = 366 * 1_440
ROUNDS: Final = 15


def read_year() -> float:
    """Milliseconds for 527,040 bars in twelve files, to columns that a strategy can run on."""
    with _year() as (candles, _):
        return _median(lambda: candles.read(NAME, "1m"))


def upsert_month() -> float:
    """Milliseconds for 44,640 bars over the same month, forced to the disk."""
    with _year() as (candles, bars):
        return _median(lambda: candles.write(bars[:MONTH]))


def search() -> float:
    """Milliseconds to find instruments among 5,000 of two venues and make a page of them as JSON: the worst of five searches."""
    with tempfile.TemporaryDirectory() as folder:
        home, clock = Path(folder), WallClock()
        candles, workers = Archive(CandleFiles(home), clock), Workers(1)
        for number in range(0, 2_500, 100):
            candles.write(_bars(48, f"one:C{number:04}/USDT"))
        listings = ListingFiles(home)
        for venue in ("one", "two"):
            listings.write(venue, [_listed(venue, number) for number in range(2_500)], datetime(2026, 1, 1, tzinfo=UTC))
        sources = Sources(dict.fromkeys(("one", "two"), Offer("exchange", _nobody)))
        instruments = Instruments(listings, candles, sources, Patience(clock, sleep), clock, workers)

        def found(query: str) -> Callable[[], object]:
            return lambda: sliced(instruments.search(query), instrument, 50, None).model_dump_json()

        try:
            return max(_median(found(query)) for query in ("", "usdt", "999", "c1", "two coin"))
        finally:
            workers.close()


@contextmanager
def _year() -> Iterator[tuple[CandleFiles, Bars]]:
    with tempfile.TemporaryDirectory() as folder:
        candles, bars = CandleFiles(Path(folder)), _bars(YEAR, NAME)
        candles.write(bars)
        yield candles, bars


def _bars(count: int, name: str) -> Bars:
    walk = work.walk(count, seed=5)
    return Bars(name, Timeframe("1m"), walk.ts, walk.open, walk.high, walk.low, walk.close, walk.volume)


def _listed(venue: str, number: int) -> Instrument:
    base, step = f"C{number:04}", Decimal("0.001")
    return Instrument(
        id=InstrumentId(venue, f"{base}/USDT"), venue_symbol=f"{base}USDT", kind="spot", name=f"Coin {number} of {venue}", base=base,
        quote="USDT", tick=step, lot=step, minimum_notional=Decimal(5), maker_fee_rate=step, taker_fee_rate=step,
    )  # fmt: skip


def _nobody() -> Source:
    raise AssertionError("a search asks no venue")


def _median(work_: Callable[[], object]) -> float:
    """Milliseconds, the first round left out."""
    seconds = []
    for _ in range(ROUNDS + 1):
        start = time.perf_counter()
        work_()
        seconds.append(time.perf_counter() - start)
    return 1e3 * statistics.median(seconds[1:])
