"""Candles in Parquet: one file for an instrument, a timeframe and a month, always whole.

Names of instruments come from outside and become names of folders. Everything but digits, hyphens and capitals is escaped (in a symbol;
small letters in a venue or a timeframe), so nothing leads out of the folder, and `1m` and `1M` stay two where a disk takes them for one.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from assay.adapters.store.durable import remove_folder, sweep, write_file
from assay.adapters.store.names import escape, unescape
from assay.core.domain.errors import DataError, Problem
from assay.core.domain.instrument import InstrumentId
from assay.core.domain.ranges import Span, union
from assay.core.domain.timeframe import NAMES, Timeframe
from assay.core.market.bars import Bars, Ints
from assay.core.market.calendar import Calendar
from assay.core.market.gaps import gaps_between
from assay.core.market.instants import to_datetime
from assay.runtime.ports import CalendarOf
from assay.runtime.records import Coverage

if sys.platform != "win32":
    import fcntl

COLUMNS: Final = ("open", "high", "low", "close", "volume")
STAMP: Final = pl.Datetime("ns", "UTC")
ASKED: Final = "asked.json"
_COMPRESSED: Final = partial(pl.DataFrame.write_parquet, compression="lz4", statistics=False)
"""A year of minutes is read in two fifths of the time that zstd takes, of a quarter more bytes; nobody asks a month for its extremes."""


@dataclass(frozen=True, slots=True)
class _Series:
    """One instrument on one timeframe, and its folder."""

    instrument: str
    timeframe: Timeframe
    folder: Path

    def months(self) -> list[Path]:
        """Files in the order of time, for years have four digits."""
        return sorted(self.folder.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9].parquet"))


class CandleFiles:
    """`runtime.ports.Candles`, in `<home>/candles`. Every call blocks."""

    def __init__(self, home: Path, calendar_of: CalendarOf = lambda _: None) -> None:
        self._root: Final = home / "candles"
        self._lock: Final = threading.Lock()
        self._calendar_of: Final = calendar_of
        self._told: Final[dict[Path, tuple[object, Coverage]]] = {}
        sweep(self._root, "*/*/.*", "*/*/*/.*")

    def coverage(self, instrument: str | None = None) -> Sequence[Coverage]:
        """By instrument, then by timeframe from short to long."""
        stored = (self._covered(series) for series in self._stored() if instrument in (None, series.instrument))
        found = [coverage for coverage in stored if coverage is not None]
        return sorted(found, key=lambda coverage: (coverage.instrument, NAMES.index(coverage.timeframe)))

    def read(self, instrument: str, timeframe: str, start: datetime | None = None, end: datetime | None = None) -> Bars | None:
        """Without volume where a single bar has none: what is computed of it would be wrong from there on."""
        series = self._series(instrument, timeframe)
        if series is None:
            return None
        while True:
            months = series.months()
            if not months:
                return None
            low = "" if start is None else _month(start)
            high = "~" if end is None else _month(end)
            wanted = [path for path in months if low <= path.stem <= high] or months[-1:]  # empty, with the columns' types
            try:
                frame = pl.read_parquet(wanted, glob=False)
            except FileNotFoundError:
                continue  # deleted between the look and the reading: look again
            return _bars(series, frame).between(start, end)

    def write(self, bars: Bars) -> int:
        """Raises DataError for a name that is no instrument's, or too long for a folder."""
        series = self._series(bars.instrument, bars.timeframe.name)
        if series is None:
            raise DataError([Problem("instrument", "instrument", f"candles cannot be stored under {bars.instrument[:80]!r}")])
        with self._alone():
            return sum(_merge(series.folder / f"{month}.parquet", frame) for month, frame in _by_month(bars))

    def delete(self, instrument: str, timeframe: str) -> bool:
        series = self._series(instrument, timeframe)
        if series is None:
            return False
        with self._alone():
            return remove_folder(series.folder)

    def asked(self, instrument: str, timeframe: str) -> Sequence[Span]:
        series = self._series(instrument, timeframe)
        return () if series is None else _asked(series)

    def mark_asked(self, instrument: str, timeframe: str, span: Span) -> None:
        series = self._series(instrument, timeframe)
        assert series is not None, "bars of it were written"
        with self._alone():
            spans = [[each.start.isoformat(), each.end.isoformat()] for each in union([*_asked(series), span])]
            write_file(series.folder / ASKED, lambda path: path.write_text(json.dumps(spans)))

    def _series(self, instrument: str, timeframe: str) -> _Series | None:
        """None for what cannot be a name of anything stored."""
        try:
            parsed = InstrumentId.parse(instrument)
        except ValueError:
            return None
        names = (escape(parsed.venue, small=True), escape(parsed.symbol, small=False), escape(timeframe, small=True))
        if str(parsed) != instrument or timeframe not in NAMES or None in names:
            return None
        return _Series(instrument, Timeframe(timeframe), self._root.joinpath(*(name for name in names if name is not None)))

    def _stored(self) -> Iterator[_Series]:
        for folder in self._root.glob("*/*/*"):
            venue, symbol, timeframe = (unescape(name) for name in folder.relative_to(self._root).parts)
            series = self._series(f"{venue}:{symbol}", str(timeframe))
            if series is not None and series.folder == folder:
                yield series

    def _covered(self, series: _Series) -> Coverage | None:
        """Told again until a file changes: reading the stamps of a year of minutes takes milliseconds, looking at the files much less."""
        while True:
            months = series.months()
            try:
                stats = [(path.name, *_changed(path)) for path in months]
                calendar = self._calendar_of(series.instrument)
                told = self._told.get(series.folder)
                if told is not None and told[0] == (calendar, stats):
                    return told[1]
                if not months:
                    return None
                stamps = _stamps(pl.read_parquet(months, columns=["ts"], glob=False))
            except FileNotFoundError:
                continue
            covered = _coverage(series, stamps, calendar, sum(size for _, size, _ in stats), max(changed for _, _, changed in stats))
            self._told[series.folder] = ((calendar, stats), covered)
            return covered

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One writer at a time, in this process and in any other: what is merged must not change meanwhile."""
        self._root.mkdir(parents=True, exist_ok=True)
        with self._lock, (self._root / ".lock").open("w") as lock:
            if sys.platform != "win32":
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _asked(series: _Series) -> tuple[Span, ...]:
    try:
        spans = json.loads((series.folder / ASKED).read_text())
    except FileNotFoundError:
        return ()
    return tuple(Span(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in spans)


def _changed(path: Path) -> tuple[int, int]:
    """(bytes, time of the last change)"""
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def _month(at: datetime) -> str:
    utc = at.astimezone(UTC)
    return f"{utc.year:04}-{utc.month:02}"


def _by_month(bars: Bars) -> Iterator[tuple[str, pl.DataFrame]]:
    months = bars.ts.view("datetime64[ns]").astype("datetime64[M]")
    edges = [0, *(np.flatnonzero(months[1:] != months[:-1]) + 1).tolist(), len(bars)]
    for first, end in pairwise(edges):
        if first < end:
            yield str(months[first]), _frame(bars[first:end])


def _frame(bars: Bars) -> pl.DataFrame:
    """Volume is null where it was not recorded, per bar, so that months of several sources can be one file."""
    frame = pl.DataFrame({"ts": bars.ts, **{name: getattr(bars, name) for name in COLUMNS}})
    volume = pl.col("volume") if bars.has_volume else pl.lit(None, dtype=pl.Float64).alias("volume")
    return frame.with_columns(pl.col("ts").cast(STAMP), volume)


def _bars(series: _Series, frame: pl.DataFrame) -> Bars:
    has_volume = frame["volume"].null_count() == 0
    volume = frame["volume"].to_numpy() if has_volume else np.zeros(len(frame))
    opened, high, low, close = (np.ascontiguousarray(frame[name].to_numpy()) for name in COLUMNS[:-1])
    ts = np.ascontiguousarray(_stamps(frame))
    return Bars(series.instrument, series.timeframe, ts, opened, high, low, close, np.ascontiguousarray(volume), has_volume)


def _merge(path: Path, new: pl.DataFrame) -> int:
    """Answers how many bars were not there."""
    try:
        old = pl.read_parquet(path, glob=False)
    except FileNotFoundError:
        merged, added = new, len(new)
    else:
        kept = old.filter(~_among(_stamps(old), _stamps(new)))
        merged, added = _interleaved(kept, new), len(kept) + len(new) - len(old)
    write_file(path, partial(_COMPRESSED, merged))
    return added


def _interleaved(kept: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Both in the order of time; each is in order already, so a stable sort only merges them."""
    if kept.is_empty():
        return new
    both = pl.concat([kept, new])
    return both[np.argsort(_stamps(both), kind="stable")]


def _among(ts: Ints, others: Ints) -> NDArray[np.bool_]:
    """Which of `ts` are in `others`; both rise strictly, and neither is empty."""
    places = np.minimum(np.searchsorted(others, ts), len(others) - 1)
    return np.asarray(others[places] == ts)


def _stamps(frame: pl.DataFrame) -> Ints:
    return frame["ts"].to_physical().to_numpy()


def _coverage(series: _Series, ts: Ints, calendar: Calendar | None, size: int, changed_ns: int) -> Coverage:
    return Coverage(
        instrument=series.instrument,
        timeframe=series.timeframe.name,
        first_at=to_datetime(ts[0]),
        last_at=to_datetime(ts[-1]),
        bars=len(ts),
        bytes=size,
        updated_at=to_datetime(changed_ns),
        gaps=tuple(_gaps(series, ts, calendar)),
    )


def _gaps(series: _Series, ts: Ints, calendar: Calendar | None) -> Iterator[tuple[datetime, datetime]]:
    found = gaps_between(ts, series.timeframe, calendar)
    for first, row in zip(found.first.tolist(), found.rows.tolist(), strict=True):
        yield to_datetime(first), to_datetime(ts[row])
