"""Times as files write them, to nanoseconds UTC: epochs by their magnitude, dates and ISO 8601 by their form.

A time without a zone is taken as UTC, and said to be, unless the caller names the zone. Nothing is guessed: `01/02/2024` is
refused unless another row of the file tells the day from the month.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from assay.core.domain.errors import DataError, Problem
from assay.core.market.bars import Ints
from assay.core.market.forms import NAIVE, SLASHED, ZONED, Form
from assay.core.market.rows import Fault, Mask, listed

_OLDEST: Final = -5_364_662_400_000_000_000  # 1800-01-01, and 2200-01-01: what lies outside is no time but a number,
_NEWEST: Final = 7_258_118_400_000_000_000  # and near the ends of int64 a zone's shift or a bar's close would overflow
_EPOCH_UNITS: Final = ((10**11, 1_000_000_000), (10**14, 1_000_000), (10**17, 1_000), (2**63 - 1, 1))
_PER_UNIT: Final = {"ms": 1_000_000, "us": 1_000, "ns": 1}


@dataclass(eq=False)
class Stamps:
    """A column of times: `ns` where `known`; `naive` when they came without a zone and UTC was assumed."""

    ns: Ints
    known: Mask
    naive: bool = False
    faults: list[Fault] = field(default_factory=list)

    def fault(self, rows: Mask, code: str, message: Callable[[int], str]) -> None:
        if rows.any():
            self.faults += listed(rows, code, message)
            self.known = self.known & ~rows


def read_stamps(raw: pl.Series, timezone: str | None = None, path: str = "") -> Stamps:
    """Raises DataError for a zone that does not exist and for a column that holds no times at all."""
    _check_zone(timezone)
    missing = raw.is_null().to_numpy()
    if isinstance(raw.dtype, pl.Datetime):
        stamps = _from_datetimes(raw, timezone)
    elif raw.dtype == pl.Date:
        stamps = _from_datetimes(raw.cast(pl.Datetime("ms")), timezone)
    elif raw.dtype == pl.String:
        stamps = _from_text(raw, timezone)
    elif raw.dtype.is_integer():
        stamps = _from_epochs(raw)
    elif raw.dtype.is_float():
        stamps = _from_fractions(raw)
    else:
        raise DataError([Problem(path, "unreadable_column", f"a column of {raw.dtype} holds no times; use a datetime, an integer or text")])
    stamps.fault(missing, "missing_value", lambda row: "the time is missing")
    return stamps


def _check_zone(timezone: str | None) -> None:
    if timezone is None:
        return
    try:
        pl.Series([0]).cast(pl.Datetime("us")).dt.replace_time_zone(timezone)
    except pl.exceptions.PolarsError:
        message = f"{timezone!r} is not a time zone; write an IANA name such as 'America/New_York' or 'UTC'"
        raise DataError([Problem("timezone", "unknown_timezone", message)]) from None


def _scaled(counts: Ints, known: Mask, factors: Ints | int) -> Stamps:
    """Counts times nanoseconds each."""
    scale = np.asarray(factors, dtype=np.int64)
    stamps = Stamps(counts * scale, known)  # what overflows here is marked below
    outside = (counts > _NEWEST // scale) | (counts < _OLDEST // scale)
    stamps.fault(known & outside, "time_out_of_range", lambda row: f"the time {counts[row]} lies outside the years 1800 to 2200")
    return stamps


def _from_epochs(raw: pl.Series) -> Stamps:
    """Seconds, milli-, micro- or nanoseconds since 1970, told apart value by value: Binance changed from ms to us in 2025."""
    counts = raw.cast(pl.Int64, strict=False)
    known = counts.is_not_null().to_numpy()
    values = counts.fill_null(0).to_numpy()
    size = np.abs(values)
    factors = np.select([size < limit for limit, _ in _EPOCH_UNITS], [factor for _, factor in _EPOCH_UNITS], 1)
    stamps = _scaled(values, known, factors)
    stamps.fault(~known & raw.is_not_null().to_numpy(), "time_out_of_range", lambda row: f"the time {raw[row]} is no epoch")
    return stamps


def _from_fractions(raw: pl.Series) -> Stamps:
    """Epochs that went through a float column. Beyond 2**53 a float counts no single units, and none are made up."""
    values = raw.cast(pl.Float64).fill_null(np.nan).to_numpy()
    usable = np.isfinite(values) & (np.abs(values) < 2.0**53)
    counts = np.where(usable, values, 0.0)
    seconds = np.abs(counts) < _EPOCH_UNITS[0][0]
    whole = np.rint(np.where(seconds, counts * 1e6, counts)).astype(np.int64)
    size = np.abs(whole)
    factors = np.where(seconds, 1_000, np.where(size < _EPOCH_UNITS[1][0], 1_000_000, 1_000))
    stamps = _scaled(whole, usable, factors)
    stamps.fault(~usable & raw.is_not_null().to_numpy(), "time_unreadable", lambda row: f"the time {values[row]} is no epoch")
    return stamps


def _from_datetimes(raw: pl.Series, timezone: str | None) -> Stamps:
    dtype = raw.dtype
    assert isinstance(dtype, pl.Datetime)
    counts = raw.cast(pl.Int64)
    stamps = _scaled(counts.fill_null(0).to_numpy(), counts.is_not_null().to_numpy(), _PER_UNIT[dtype.time_unit])
    stamps.naive = dtype.time_zone is None and timezone is None
    return stamps if dtype.time_zone is not None or timezone is None else _localized(raw, stamps, timezone)


def _localized(raw: pl.Series, stamps: Stamps, timezone: str) -> Stamps:
    """Local times to UTC. Only what is in range may be asked about: the zone's arithmetic panics on the rest."""
    local = pl.Series(stamps.ns).zip_with(pl.Series(stamps.known), pl.Series([0])).cast(pl.Datetime("ns"))
    moved = local.dt.replace_time_zone(timezone, ambiguous="null", non_existent="null").cast(pl.Int64)
    lost = moved.is_null().to_numpy() & stamps.known
    stamps.ns = moved.fill_null(0).to_numpy()
    if lost.any():
        twice = lost & local.dt.replace_time_zone(timezone, ambiguous="earliest", non_existent="null").is_not_null().to_numpy()
        stamps.fault(
            twice, "time_ambiguous", lambda row: f"{raw[row]} happens twice in {timezone}, when clocks go back; write times in UTC"
        )
        stamps.fault(
            lost & ~twice, "time_nonexistent", lambda row: f"{raw[row]} does not exist in {timezone}, where clocks go forward then"
        )
    return stamps


def _from_text(raw: pl.Series, timezone: str | None) -> Stamps:
    text = raw.str.strip_chars()
    sample = text.drop_nulls().head(1)
    number = sample.len() > 0 and bool(sample.str.contains(r"^[+-]?\d+(\.\d*)?([eE]\+?\d+)?$")[0])
    if number and not sample.str.contains(r"^(18|19|20|21)\d{6}(\d{6})?$")[0]:
        return _epoch_text(raw, text)
    return _dated(text, timezone)


def _epoch_text(raw: pl.Series, text: pl.Series) -> Stamps:
    whole = text.cast(pl.Int64, strict=False)
    if whole.null_count() == text.null_count():
        return _from_epochs(whole)
    floats = text.cast(pl.Float64, strict=False)
    read = floats.is_not_null()
    stamps = _from_epochs(whole) if whole.is_not_null().sum() == read.sum() else _from_fractions(floats)
    unread = (raw.is_not_null() & ~read).to_numpy()
    stamps.fault(unread, "time_unreadable", lambda row: f"{raw[row][:40]!r} is not an epoch, as the first row's time is")
    return stamps


def _dated(text: pl.Series, timezone: str | None) -> Stamps:
    """Form by form, each on the rows that those before it could not read."""
    stamps = Stamps(np.zeros(len(text), dtype=np.int64), np.zeros(len(text), dtype=np.bool_))
    left = np.flatnonzero(text.is_not_null().to_numpy())
    forms = (*NAIVE, *ZONED, *_slashed(text))
    if len(left):
        first = text[int(left[0])]
        forms = tuple(sorted(forms, key=lambda form: not form.reads(first)))
    for form in forms:
        if len(left) == 0:
            break
        part = text if len(left) == len(text) else text.gather(left)
        moments = form.parse(part)
        read = moments.is_not_null().to_numpy()
        if read.any():
            _enter(stamps, left, read, _from_datetimes(moments, timezone))
            left = left[~read]
    unread = np.zeros(len(text), dtype=np.bool_)
    unread[left] = True
    stamps.fault(
        unread, "time_unreadable", lambda row: f"{text[row][:40]!r} is not a time; write 2024-03-01 09:00:00, or an epoch in milliseconds"
    )
    return stamps


def _enter(stamps: Stamps, rows: NDArray[np.intp], read: Mask, part: Stamps) -> None:
    """What a form read of some rows, into all of them. Rows it read and cannot use (a local time that does not exist) stay unknown."""
    stamps.ns[rows[read]] = part.ns[read]
    stamps.known[rows[read]] = part.known[read]
    stamps.naive |= part.naive
    stamps.faults += (Fault(int(rows[fault.row]), fault.code, fault.message) for fault in part.faults)


def _slashed(text: pl.Series) -> tuple[Form, ...]:
    """Day first or month first, whichever reads more rows. Where both read all, and differently, neither is taken."""
    dates = text.str.extract(r"^(\d{1,2}/\d{1,2}/\d{4})\b").drop_nulls().unique()
    if dates.len() == 0:
        return ()
    month_first = dates.str.to_date("%m/%d/%Y", strict=False)
    day_first = dates.str.to_date("%d/%m/%Y", strict=False)
    if month_first.null_count() == day_first.null_count() and not month_first.equals(day_first, null_equal=True):
        message = f"{dates.sort()[0]!r} may mean two days, and no other row tells which; write dates as YYYY-MM-DD"
        raise DataError([Problem("", "ambiguous_date", message)])
    return SLASHED["month" if month_first.null_count() <= day_first.null_count() else "day"]
