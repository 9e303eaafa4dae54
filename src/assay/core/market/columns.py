"""Which column of a table means what, by the names that venues, vendors and backtesters give them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assay.core.domain.errors import DataError, Problem

PRICES: Final = ("open", "high", "low", "close")

_TIMES: Final = (
    "opened_at", "open_time", "opentime", "ts", "timestamp", "datetime", "date_time", "date", "gmt_time", "local_time", "time",
    "unix", "unix_timestamp", "start", "t", "index_level_0", "index", "unnamed_0", "",
)  # fmt: skip
"""In order of preference: a file with a date and an index column is read by its date."""

_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "open": ("open", "o", "open_price"),
    "high": ("high", "h", "high_price", "max"),
    "low": ("low", "l", "low_price", "min"),
    "close": ("close", "c", "close_price"),
    "volume": ("volume", "v", "vol", "base_volume", "tickvol", "tick_volume"),
}
_EXPECTED: Final = frozenset({"close_time", "closetime", "ignore"})
"""Binance's own, which say nothing that the bar does not."""

BINANCE: Final = (
    "open_time", "open", "high", "low", "close", "volume", "close_time", "quote_volume", "count", "taker_buy_volume",
    "taker_buy_quote_volume", "ignore",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a bar's parts stand in a row. `day` is a separate column of dates where `time` is only the time of day."""

    time: int
    prices: tuple[int, int, int, int]
    volume: int | None = None
    day: int | None = None
    ignored: tuple[str, ...] = ()

    @property
    def used(self) -> tuple[int, ...]:
        return tuple(sorted({self.time, *self.prices, *(i for i in (self.volume, self.day) if i is not None)}))


def recognize(names: Sequence[str], path: str = "line 1") -> Layout:
    """Raises DataError for missing and for repeated columns, naming those that are there."""
    plain = [_plain(name) for name in names]
    problems: list[Problem] = []
    time = next((plain.index(alias) for alias in _TIMES if alias in plain), None)
    if time is None:
        problems.append(_missing("a column of times (date, datetime, timestamp, ts or open_time)", names, path))
    found = {role: _place(role, plain) for role in _NAMES}
    problems += (_missing(f"a column {role!r}", names, path) for role in PRICES if not found[role])
    for role, places in found.items():
        if len(places) > 1:
            twice = " and ".join(repr(names[place]) for place in places)
            problems.append(Problem(path, "repeated_column", f"{twice} both name the {role}; keep one"))
    if problems or time is None:
        raise DataError(problems)
    opened, high, low, close = (found[role][0] for role in PRICES)
    volume = found["volume"][0] if found["volume"] else None
    day = plain.index("date") if plain[time] == "date" and "time" in plain else None
    if day is not None:
        time = plain.index("time")
    layout = Layout(time, (opened, high, low, close), volume, day)
    extra = [names[i] for i in range(len(names)) if i not in layout.used and plain[i] not in _EXPECTED]
    return Layout(time, (opened, high, low, close), volume, day, tuple(extra))


def without_header(width: int, *, split_time: bool, path: str = "line 1") -> Layout:
    """Rows without names: Binance's twelve columns, or time, open, high, low, close and, if there is more, volume."""
    first = 2 if split_time else 1
    if width < first + 4:
        message = f"{width} columns without a header; name them in a first line: date,open,high,low,close,volume"
        raise DataError([Problem(path, "no_header", message)])
    extra = () if width == len(BINANCE) else tuple(f"column {i + 1}" for i in range(first + 5, width))
    return Layout(
        time=first - 1,
        prices=(first, first + 1, first + 2, first + 3),
        volume=first + 4 if width > first + 4 else None,
        day=0 if split_time else None,
        ignored=extra,
    )


def _plain(name: str) -> str:
    """`Adj Close`, `adj_close` and `<ADJ CLOSE>` are one name."""
    return re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")


def _place(role: str, plain: Sequence[str]) -> list[int]:
    """The best alias wins, so that `close` is not confused by a column `c`; `Volume BTC` is a volume where nothing says it better."""
    for alias in _NAMES[role]:
        if alias in plain:
            return [i for i, name in enumerate(plain) if name == alias]
    if role == "volume":
        return [i for i, name in enumerate(plain) if name.startswith("volume_")][:1]
    return []


def _missing(what: str, names: Sequence[str], path: str) -> Problem:
    there = ", ".join(repr(name) for name in names[:20]) or "none"
    return Problem(path, "missing_column", f"there is no {what.removeprefix('a ')}; the columns are {there}")
