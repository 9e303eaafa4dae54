"""What no bar may be: rows of columns that contradict themselves, each named by where it stands.

A row is never mended here. Whoever sorts, fills or drops does so knowingly, outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from assay.core.market.bars import Floats, Ints
from assay.core.market.instants import shown

Path: TypeAlias = Callable[[int], str]
Mask: TypeAlias = NDArray[np.bool_]

LISTED: Final = 1_000
"""Of one kind of fault so many are listed row by row; a file that is wrong throughout would otherwise cost more to report than to read."""


class Fault(NamedTuple):
    """One thing that is wrong with one row, counted from 0; or with so many from it on, where there are too many to list."""

    row: int
    code: str
    message: str
    times: int = 1


def bar_number(row: int) -> str:
    """Where bars stand that came from no file."""
    return f"bar {row + 1}"


def listed(mask: Mask, code: str, message: Callable[[int], str]) -> Iterator[Fault]:
    """A fault for every marked row, up to `LISTED`, then one that counts the rest."""
    if not mask.any():
        return
    rows = np.flatnonzero(mask)
    for row in rows[:LISTED].tolist():
        yield Fault(row, code, message(row))
    if len(rows) > LISTED:
        more = len(rows) - LISTED
        yield Fault(int(rows[LISTED]), code, f"and {more:,} more rows of this kind, from here on", more)


def finite_faults(columns: Mapping[str, Floats]) -> Iterator[Fault]:
    """A sum tells in one pass that a column is right; only for the others each number is looked at."""
    for name, column in columns.items():
        with np.errstate(over="ignore", invalid="ignore"):
            total = column.sum()
        if not np.isfinite(total):
            yield from listed(~np.isfinite(column), "not_finite", _says(f"{name} is {{}}; a number is needed", column))


def price_faults(opened: Floats, high: Floats, low: Floats, close: Floats) -> Iterator[Fault]:
    """Prices are above zero, and the high and the low bound the other two. What is NaN is faulty already."""
    for name, column in (("open", opened), ("high", high), ("low", low), ("close", close)):
        if len(column) and not column.min() > 0.0:
            yield from listed(column <= 0.0, "not_positive", _says(f"{name} is {{}}; a price is above zero", column))
    bound = np.maximum(opened, close)
    np.maximum(bound, low, out=bound)
    yield from listed(high < bound, "high_below", _says("high {} is below {}, the highest of open, low and close", high, bound))
    np.minimum(opened, close, out=bound)
    yield from listed(low > bound, "low_above", _says("low {} is above {}, the lower of open and close", low, bound))


def volume_faults(volume: Floats) -> Iterator[Fault]:
    """Nothing traded is a volume, less than nothing is none."""
    yield from listed(volume < 0.0, "negative_volume", _says("volume is {}; it cannot be negative", volume))


def time_faults(ts: Ints, path: Path = bar_number) -> Iterator[Fault]:
    """Times rise strictly. A whole file from newest to oldest is one fault, for it has one cure."""
    rising = ts[1:] > ts[:-1]
    if rising.all():
        return
    if len(ts) > 2 and (ts[1:] < ts[:-1]).all():
        yield Fault(0, "descending", f"rows run from the newest ({shown(ts[0])}) to the oldest; sort the file by time, oldest first")
        return
    back = np.concatenate(([False], ts[1:] < ts[:-1]))
    yield from listed(
        back, "out_of_order", lambda row: f"{shown(ts[row])} comes after {shown(ts[row - 1])}; sort the file by time, oldest first"
    )
    order = np.argsort(ts, kind="stable")
    repeats = np.flatnonzero(ts[order][1:] == ts[order][:-1]) + 1
    again = np.zeros(len(ts), dtype=np.bool_)
    again[order[repeats]] = True
    earlier = np.zeros(len(ts), dtype=np.int64)
    earlier[order[repeats]] = order[repeats - 1]
    yield from listed(
        again, "duplicate_time", lambda row: f"{shown(ts[row])} is the time of {path(int(earlier[row]))} too; keep one of the two"
    )


def _says(template: str, *columns: Floats) -> Callable[[int], str]:
    return lambda row: template.format(*(f"{column[row]:.12g}" for column in columns))
