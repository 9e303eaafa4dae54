"""Candles from files to `Bars`: every row is taken as it is or named as wrong; nothing is sorted, filled, dropped or rounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import numpy as np
import polars as pl

from assay.core.domain.errors import DataError, Problem
from assay.core.domain.timeframe import NAMES, Timeframe
from assay.core.market.bars import Bars, Floats, Ints
from assay.core.market.columns import PRICES, Layout, recognize
from assay.core.market.delimited import Table, read_table
from assay.core.market.findings import Finding
from assay.core.market.quality import oddities
from assay.core.market.rows import Fault, Mask, Path, finite_faults, listed, price_faults, time_faults, volume_faults
from assay.core.market.stamps import Stamps, read_stamps

_ABSENT = ("", "na", "n/a", "null", "none", "-")


@dataclass(frozen=True, eq=False)
class Imported:
    """Bars that can be used, what was assumed in reading them, and where each stands in its file."""

    bars: Bars
    notes: tuple[Finding, ...]
    path: Path

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The notes, and what is odd about the bars; looked for when asked, for that takes longer than reading Parquet."""
        return (*self.notes, *oddities(self.bars, self.path))


@dataclass(frozen=True, eq=False)
class _Source:
    """What both kinds of file come to: columns by what they mean, and where each row stands."""

    times: pl.Series
    prices: tuple[pl.Series, ...]
    volume: pl.Series | None
    path: Path
    top: str


def read_csv(data: bytes, instrument: str, *, timezone: str | None = None) -> Imported:
    """Read delimited text; `timezone` is an IANA name for times without a zone. Raises DataError with every problem by its line."""
    table = read_table(data)
    header = f"line {table.first_line if table.headerless else table.first_line - 1}"
    notes = list(_notes(table.layout, header))
    if table.headerless:
        notes.append(Finding("info", "no_header", header, "no header; columns are taken as time, open, high, low, close, volume"))
    return _imported(_without_blanks(table, header), instrument, timezone, notes)


def read_frame(frame: pl.DataFrame, instrument: str, *, first_row: int = 1, timezone: str | None = None) -> Imported:
    """Read a table whose columns have names; `first_row` is the number that problems give to its first row."""
    layout = recognize(frame.columns, "columns")
    columns = dict(enumerate(frame.get_columns()))
    source = _source(layout, columns, lambda row: f"row {first_row + row}", "columns")
    return _imported(source, instrument, timezone, list(_notes(layout, "columns")))


def _source(layout: Layout, columns: Mapping[int, pl.Series], path: Path, top: str) -> _Source:
    times = columns[layout.time]
    if layout.day is not None:
        times = columns[layout.day].cast(pl.String) + " " + times.cast(pl.String)
    volume = None if layout.volume is None else columns[layout.volume]
    return _Source(times, tuple(columns[place] for place in layout.prices), volume, path, top)


def _without_blanks(table: Table, header: str) -> _Source:
    """Blank lines hold no candle and are passed over; the others keep their numbers."""
    closes = table.columns[table.layout.prices[3]]
    blank = [row for row in np.flatnonzero(closes.is_null().to_numpy()).tolist() if table.is_blank(row)]
    if not blank:
        return _source(table.layout, table.columns, table.path, header)
    kept = np.delete(np.arange(len(closes)), blank)
    columns = {place: column.gather(kept) for place, column in table.columns.items()}
    return _source(table.layout, columns, lambda row: table.path(int(kept[row])), header)


def _notes(layout: Layout, path: str) -> Iterator[Finding]:
    if layout.ignored:
        names = ", ".join(repr(name) for name in layout.ignored[:20])
        yield Finding("info", "ignored_columns", path, f"columns that are not read: {names}", len(layout.ignored))


def _imported(source: _Source, instrument: str, timezone: str | None, notes: list[Finding]) -> Imported:
    stamps = read_stamps(source.times, timezone, source.top)
    faults = [*stamps.faults, *_order_faults(stamps, source.path)]
    opened, high, low, close = (_numbers(column, name, faults) for name, column in zip(PRICES, source.prices, strict=True))
    faults += price_faults(opened, high, low, close)
    volume = _volume(source, len(opened), faults, notes)
    if faults:
        raise DataError(Problem(source.path(fault.row), fault.code, fault.message) for fault in sorted(faults, key=lambda fault: fault.row))
    if stamps.naive:
        notes.append(Finding("info", "naive_times", source.path(0), "times carry no zone and are taken as UTC", len(stamps.ns)))
    has_volume = volume is not None
    flat = np.zeros_like(opened) if volume is None else volume
    bars = Bars(instrument, timeframe_of(stamps.ns), stamps.ns, opened, high, low, close, flat, has_volume)
    return Imported(bars, tuple(notes), source.path)


def timeframe_of(ts: Ints) -> Timeframe:
    """The commonest spacing, the smaller at a tie. Raises DataError where there is none, or it is no timeframe."""
    if len(ts) < 2:
        raise DataError([Problem("", "too_few", f"{len(ts)} bars; at least 2 are needed, for their spacing is the timeframe")])
    spacings = np.diff(ts)
    commonest = int(spacings[0])
    if np.count_nonzero(spacings == commonest) * 2 <= len(spacings):
        values, counts = np.unique(spacings, return_counts=True)
        commonest = int(values[np.argmax(counts)])
    timeframe = Timeframe.of_spacing(commonest)
    if timeframe is None:
        message = f"the commonest spacing of bars is {timedelta(microseconds=commonest // 1_000)}, which is no timeframe; there are "
        raise DataError([Problem("", "no_timeframe", message + ", ".join(NAMES))])
    return timeframe


def _order_faults(stamps: Stamps, path: Path) -> Iterator[Fault]:
    """Rows without a time have no place in the order."""
    if stamps.known.all():
        return time_faults(stamps.ns, path)
    rows = np.flatnonzero(stamps.known)
    faults = time_faults(stamps.ns[rows], lambda row: path(int(rows[row])))
    return (fault._replace(row=int(rows[fault.row])) for fault in faults)


def _numbers(raw: pl.Series, name: str, faults: list[Fault]) -> Floats:
    """A column as floats. What is missing, unreadable or not finite becomes NaN, and a fault."""
    if not (raw.dtype == pl.String or raw.dtype.is_numeric() or raw.dtype == pl.Null):
        raise DataError([Problem("columns", "unreadable_column", f"the column {name} holds {raw.dtype}; numbers are needed")])
    read = raw.cast(pl.Float64, strict=False)
    if raw.dtype == pl.String and read.null_count() > raw.null_count():
        read = raw.str.strip_chars().cast(pl.Float64, strict=False)
    if read.null_count() > 0:
        absent = _absent(raw)
        faults += listed(absent, "missing_value", lambda row: f"{name} is missing")
        unread = read.is_null().to_numpy() & ~absent
        faults += listed(unread, "not_a_number", lambda row: f"{name} is {str(raw[row])[:40]!r}; write numbers like 1234.5")
        values = read.fill_null(1.0).to_numpy()
        faults += finite_faults({name: values})
        return np.where(read.is_null().to_numpy(), np.nan, values)
    values = read.to_numpy()
    faults += finite_faults({name: values})
    return np.ascontiguousarray(values)


def _absent(raw: pl.Series) -> Mask:
    if raw.dtype == pl.String:
        return (raw.is_null() | raw.str.strip_chars().str.to_lowercase().is_in(_ABSENT)).to_numpy()
    return raw.is_null().to_numpy()


def _volume(source: _Source, length: int, faults: list[Fault], notes: list[Finding]) -> Floats | None:
    """None where the file has none: no column, an empty one, or zeros throughout."""
    if source.volume is None or source.volume.null_count() == length:
        notes.append(Finding("info", "no_volume", source.top, "there is no volume; what needs it cannot be computed"))
        return None
    volume = _numbers(source.volume, "volume", faults)
    faults += volume_faults(volume)
    if not volume.any():
        notes.append(Finding("info", "no_volume", source.top, "volume is zero throughout, and is taken as not recorded", length))
        return None
    return volume
