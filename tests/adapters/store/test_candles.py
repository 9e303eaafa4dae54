"""Candles: what was written is read, by whatever name and in whatever order."""

from __future__ import annotations

import os
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.adapters.store.candles import CandleFiles
from assay.adapters.store.names import escape, unescape
from assay.core.domain.errors import DataError
from assay.core.domain.timeframe import NAMES, Timeframe
from assay.core.market.bars import Bars
from assay.core.market.calendar import WEEKDAYS, Calendar
from assay.core.market.instants import to_datetime, to_ns

HOUR = 3_600_000_000_000
START = to_ns(datetime(2024, 1, 31, 20, tzinfo=UTC))  # so that a few hours reach into February


def bars(hours: list[int], price: float = 1.0, *, instrument: str = "binance:BTC/USDT", volume: bool = True, timeframe: str = "1h") -> Bars:
    length = Timeframe(timeframe).nanoseconds
    ts = np.array([START + hour * length for hour in hours], dtype=np.int64)
    prices = price + ts / HOUR % 97
    size = prices * 2 if volume else np.zeros(len(ts))
    return Bars(instrument, Timeframe(timeframe), ts, prices, prices + 2, prices - 2, prices + 1, size, volume)


def told(bars: Bars | None) -> list[tuple[Any, ...]] | None:
    if bars is None:
        return None
    return list(zip(*(column.tolist() for column in (bars.ts, bars.open, bars.high, bars.low, bars.close)), strict=True))


WRITES = st.lists(st.tuples(st.sets(st.integers(0, 12)).map(sorted), st.integers(1, 5), st.booleans()), max_size=5)
EDGES = st.none() | st.integers(-2, 14).map(lambda hour: to_datetime(START + hour * HOUR) + timedelta(minutes=hour % 2))


@given(writes=WRITES, start=EDGES, end=EDGES)
def test_reading_after_any_writes_is_what_a_dictionary_would_say(
    writes: list[tuple[list[int], int, bool]], start: datetime | None, end: datetime | None
) -> None:
    with tempfile.TemporaryDirectory() as home:
        candles = CandleFiles(Path(home))
        model: dict[int, tuple[Any, Any]] = {}
        for hours, price, volume in writes:
            new = bars(hours, price, volume=volume)
            rows = {ts: (row, size if volume else None) for row, ts, size in zip(told(new) or [], new.ts.tolist(), new.volume, strict=True)}
            assert candles.write(new) == len(rows.keys() - model.keys())
            model |= rows
        read = candles.read("binance:BTC/USDT", "1h", start, end)
        if not model:
            assert read is None
            assert candles.coverage() == []
            return
        assert read is not None
        inside = [model[ts] for ts in sorted(model) if (start is None or ts >= to_ns(start)) and (end is None or ts < to_ns(end))]
        assert told(read) == [row for row, _ in inside]
        assert [column.dtype for column in (read.ts, read.open, read.volume)] == [np.int64, np.float64, np.float64]
        if inside:
            assert read.has_volume == all(size is not None for _, size in inside)
            assert read.volume.tolist() == [size if read.has_volume else 0.0 for _, size in inside]
        (covered,) = CandleFiles(Path(home)).coverage()
        assert (covered.bars, covered.first_at, covered.last_at) == (len(model), to_datetime(min(model)), to_datetime(max(model)))
        assert candles.coverage("binance:BTC/USDT") == [covered]
        missing = set(range(min(model), max(model), HOUR)) - model.keys()
        assert {ts for first, after in covered.gaps for ts in range(to_ns(first), to_ns(after), HOUR)} == missing


HOSTILE = [
    "binance:..", "binance:.",
    "binance:../../../etc/passwd", "binance:/etc/passwd", "binance:a/../b", "binance:" + "C:" + "\\Windows", "binance:%2e%2e",
    "binance:~", "binance:-rf", "binance:*", "binance:[0-9]", "binance:btc/usdt",
    "binance:BTC/USDT", "binance:BTC/USDT:USDT", "binance:$(id)",
    "binance:'; DROP TABLE", "binance:\U0001f600", "binance:\u00e9", "binance:e\u0301", "binance:.lock", "binance:A.partial",
    "ß:X", "a-b_c:X",
]  # fmt: skip


def test_hostile_names_stay_in_the_folder_and_apart(tmp_path: Path) -> None:
    candles = CandleFiles(tmp_path / "home")
    names = [name for name in HOSTILE if " " not in name]
    for number, name in enumerate(names):
        assert candles.write(bars([number], instrument=name)) == 1
    for number, name in enumerate(names):
        read = candles.read(name, "1h")
        assert read is not None
        assert (read.instrument, read.ts.tolist()) == (name, [START + number * HOUR])
    assert [each.instrument for each in candles.coverage()] == sorted(names)
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
    files = [path for path in (tmp_path / "home" / "candles").rglob("*") if path.is_file() and path.name != ".lock"]
    assert len({str(path).lower() for path in files}) == len(names), "also where a disk does not mind the case"
    for name in names:
        assert candles.delete(name, "1h")
    assert candles.coverage() == []


@pytest.mark.parametrize(
    "name", ["", "BTC", ":BTC", "binance:", "binance:a b", "binance:a\nb", "../x:y", "Binance:BTC", "binance:" + "é" * 100]
)
def test_what_is_no_name_is_not_written_and_not_there(tmp_path: Path, name: str) -> None:
    candles = CandleFiles(tmp_path)
    with pytest.raises(DataError):
        candles.write(bars([0], instrument=name))
    assert candles.read(name, "1h") is None
    assert not candles.delete(name, "1h")
    assert candles.coverage(name) == []


def test_there_are_no_other_timeframes(tmp_path: Path) -> None:
    candles = CandleFiles(tmp_path)
    candles.write(bars([0]))
    for timeframe in ("", "..", "7m", "1H", "*", "1h/../1h"):
        assert candles.read("binance:BTC/USDT", timeframe) is None
        assert not candles.delete("binance:BTC/USDT", timeframe)


@given(text=st.text(min_size=1, max_size=30), other=st.text(min_size=1, max_size=30), small=st.booleans())
def test_a_name_is_escaped_reversibly_and_plainly(text: str, other: str, small: bool) -> None:
    name, another = escape(text, small=small), escape(other, small=small)
    assert name is None or (
        unescape(name) == text and set(name) <= set("%ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
    )
    assert name is None or another is None or (name.lower() == another.lower()) == (text == other)


def test_every_timeframe_has_its_own_folder(tmp_path: Path) -> None:
    candles = CandleFiles(tmp_path)
    for timeframe in reversed(NAMES):
        candles.write(bars([0], timeframe=timeframe))
    assert [each.timeframe for each in candles.coverage()] == list(NAMES)
    folders = {path.parent.name for path in tmp_path.rglob("*.parquet")}
    assert len({name.lower() for name in folders}) == len(NAMES), "1m and 1M, where a disk does not mind the case"


def test_one_month_is_one_file_under_its_name(tmp_path: Path) -> None:
    CandleFiles(tmp_path).write(bars([0, 5]))
    folder = tmp_path / "candles" / "binance" / "BTC%2FUSDT" / "1h"
    assert sorted(path.name for path in folder.iterdir()) == ["2024-01.parquet", "2024-02.parquet"]


def test_a_market_that_closes_over_weekends_misses_no_bar_then(tmp_path: Path) -> None:
    friday = to_ns(datetime(2024, 3, 1, tzinfo=UTC))
    days = [day for day in range(60) if (day + 4) % 7 < 5 and day not in (34, *range(45, 52))]  # a holiday, and a hole after a weekend
    ts = np.array([friday + day * 24 * HOUR for day in days], dtype=np.int64)
    flat = np.ones(len(ts))
    candles = CandleFiles(tmp_path)
    candles.write(Bars("ibkr:AAPL", Timeframe("1d"), ts, flat, flat, flat, flat, flat))
    (covered,) = candles.coverage()
    last, following = max(day for day in days if day < 45), min(day for day in days if day > 45)
    assert covered.gaps == ((to_datetime(friday + (last + 1) * 24 * HOUR), to_datetime(friday + following * 24 * HOUR)),)


def test_a_hole_within_a_day_is_missed_also_where_the_market_closes_overnight(tmp_path: Path) -> None:
    monday = to_ns(datetime(2024, 3, 4, 14, tzinfo=UTC))
    hours = [24 * day + hour for day in range(28) if day % 7 < 5 for hour in range(7) if (day, hour) != (9, 3)]
    ts = np.array([monday + hour * HOUR for hour in hours], dtype=np.int64)
    flat = np.ones(len(ts))
    candles = CandleFiles(tmp_path)
    candles.write(Bars("ibkr:AAPL", Timeframe("1h"), ts, flat, flat, flat, flat, flat))
    missed = monday + (24 * 9 + 3) * HOUR
    assert candles.coverage()[0].gaps == ((to_datetime(missed), to_datetime(missed + HOUR)),)


def days(*but: int) -> Bars:
    """Eight weeks of weekdays from Monday, March 4 on, without some."""
    monday = to_ns(datetime(2024, 3, 4, tzinfo=UTC))
    ts = np.array([monday + day * 24 * HOUR for day in range(56) if day % 7 < 5 and day not in but], dtype=np.int64)
    flat = np.ones(len(ts))
    return Bars("ibkr:EUR/USD", Timeframe("1d"), ts, flat, flat, flat, flat, flat)


def test_where_a_calendar_is_known_all_that_it_owes_is_missed_and_nothing_else(tmp_path: Path) -> None:
    CandleFiles(tmp_path).write(days(15))
    assert CandleFiles(tmp_path).coverage()[0].gaps == ()
    (covered,) = CandleFiles(tmp_path, {"ibkr:EUR/USD": WEEKDAYS}.get).coverage()
    assert covered.gaps == ((datetime(2024, 3, 19, tzinfo=UTC), datetime(2024, 3, 20, tzinfo=UTC)),)


def test_gaps_are_told_anew_once_a_calendar_is_known(tmp_path: Path) -> None:
    known: dict[str, Calendar] = {}
    candles = CandleFiles(tmp_path, known.get)
    candles.write(days(15))
    assert len(candles.coverage()[0].gaps) == 0
    known["ibkr:EUR/USD"] = WEEKDAYS
    assert len(candles.coverage()[0].gaps) == 1


def test_coverage_is_told_anew_when_a_file_changes(tmp_path: Path) -> None:
    candles, other = CandleFiles(tmp_path), CandleFiles(tmp_path)
    candles.write(bars([0, 1]))
    assert candles.coverage()[0].bars == 2
    other.write(bars([2]))
    assert candles.coverage()[0].bars == 3
    other.delete("binance:BTC/USDT", "1h")
    assert candles.coverage() == []


def test_what_a_crash_left_is_swept_once_nobody_can_be_writing_it(tmp_path: Path) -> None:
    candles = CandleFiles(tmp_path)
    candles.write(bars([0]))
    folder = tmp_path / "candles" / "binance" / "BTC%2FUSDT" / "1h"
    fresh, old = folder / ".2024-01.parquet.aaaa.partial", folder / ".2024-02.parquet.bbbb.partial"
    fresh.write_bytes(b"PAR1")
    old.write_bytes(b"PAR1")
    os.utime(old, (time.time() - 10_000,) * 2)
    gone = folder.with_name(".1h.cccc.partial")
    gone.mkdir()
    os.utime(gone, (time.time() - 10_000,) * 2)
    assert CandleFiles(tmp_path).coverage()[0].bars == 1
    assert sorted(path.name for path in folder.iterdir()) == [fresh.name, "2024-01.parquet"]
    assert not gone.exists()


def test_what_others_put_there_is_left_alone(tmp_path: Path) -> None:
    candles = CandleFiles(tmp_path)
    candles.write(bars([0]))
    for odd in ("notes.txt", "%FF/%FF/1h/2024-01.parquet", "binance/x/1h/2024-01.parquet", "binance/BTC%2FUSDT/1h/mine.parquet"):
        path = tmp_path / "candles" / odd
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine")
    assert [each.instrument for each in candles.coverage()] == ["binance:BTC/USDT"]
    assert len(candles.read("binance:BTC/USDT", "1h") or []) == 1
