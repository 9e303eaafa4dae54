"""Candles with a memory: never older than what was written, and never larger than it may be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars
from assay.core.market.instants import to_datetime
from assay.runtime.archive import Archive
from assay.runtime.records import Coverage

HOUR_NS = 3_600_000_000_000


def bars(instrument: str, count: int, price: float = 1.0) -> Bars:
    flat = np.full(count, price)
    return Bars(instrument, Timeframe("1h"), np.arange(count) * HOUR_NS, flat, flat, flat, flat, flat)


class Shelf:
    """`ports.Candles` in a dictionary, counting how often it is read."""

    def __init__(self, *kept: Bars) -> None:
        self.kept = {each.instrument: each for each in kept}
        self.reads = self.changes = 0
        self.spans: tuple[Span, ...] = ()

    def coverage(self, instrument: str | None = None) -> Sequence[Coverage]:
        changed = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.changes)
        ends = {name: (to_datetime(each.ts[0]), to_datetime(each.ts[-1])) for name, each in self.kept.items()}
        return [Coverage(name, "1h", *ends[name], len(each), 1, changed, ()) for name, each in sorted(self.kept.items())]

    def read(self, instrument: str, timeframe: str, start: datetime | None = None, end: datetime | None = None) -> Bars | None:
        self.reads += 1
        return self.kept[instrument].between(start, end) if instrument in self.kept else None

    def write(self, bars: Bars) -> int:
        self.kept[bars.instrument] = bars
        self.changes += 1
        return len(bars)

    def delete(self, instrument: str, timeframe: str) -> bool:
        self.changes += 1
        return self.kept.pop(instrument, None) is not None

    def asked(self, instrument: str, timeframe: str) -> Sequence[Span]:
        return self.spans

    def mark_asked(self, instrument: str, timeframe: str, span: Span) -> None:
        self.spans = (*self.spans, span)


class Standing:
    """A clock that is set."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


def test_what_was_read_is_not_read_again() -> None:
    shelf = Shelf(bars("a:A", 100))
    archive = Archive(shelf, Standing(), room=1_000)
    found = [archive.read("a:A", "1h", to_datetime(HOUR_NS * first), None) for first in range(5)]
    assert [len(each) for each in found if each is not None] == [100, 99, 98, 97, 96]
    assert shelf.reads == 1


def test_what_is_written_is_seen_at_once() -> None:
    archive = Archive(Shelf(bars("a:A", 100)), Standing(), room=1_000)
    archive.read("a:A", "1h")
    archive.write(bars("a:A", 120, 2.0))
    found = archive.read("a:A", "1h")
    assert found is not None
    assert (len(found), found.close[0]) == (120, 2.0)
    assert archive.delete("a:A", "1h")
    assert archive.read("a:A", "1h") is None
    assert archive.coverage() == []


def test_the_longest_unused_is_let_go_first() -> None:
    shelf = Shelf(bars("a:A", 100), bars("a:B", 100), bars("a:C", 100))
    archive = Archive(shelf, Standing(), room=200)
    for name in ("a:A", "a:B", "a:A", "a:C", "a:A"):
        archive.read(name, "1h")
    assert shelf.reads == 3
    archive.read("a:B", "1h")
    assert shelf.reads == 4
    archive.resize(0)
    archive.read("a:B", "1h")
    archive.read("a:B", "1h")
    assert shelf.reads == 6


def test_what_is_forgotten_is_read_anew() -> None:
    shelf = Shelf(bars("a:A", 100), bars("a:B", 100))
    archive = Archive(shelf, Standing(), room=1_000)
    for instrument, reads in (("a:A", 3), (None, 5), ("a:C", 5)):
        archive.read("a:A", "1h")
        archive.read("a:B", "1h")
        archive.forget(instrument)
        archive.read("a:A", "1h")
        archive.read("a:B", "1h")
        assert shelf.reads == reads


def test_what_is_too_long_to_be_kept_is_read_each_time() -> None:
    shelf = Shelf(bars("a:A", 100))
    archive = Archive(shelf, Standing(), room=99)
    archive.read("a:A", "1h")
    archive.read("a:A", "1h")
    assert shelf.reads == 2


def test_what_another_process_writes_is_noticed_by_and_by() -> None:
    shelf, clock = Shelf(bars("a:A", 100)), Standing()
    archive = Archive(shelf, clock, room=1_000)
    archive.read("a:A", "1h")
    shelf.write(bars("a:A", 150))
    clock.at += timedelta(minutes=1)
    for _ in range(1_000):
        found = archive.read("a:A", "1h")
        if found is not None and len(found) == 150:
            return
    raise AssertionError("nobody looked again")
