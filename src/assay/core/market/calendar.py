"""When a market is open, and so which bars it owes: around the clock, around the clock on weekdays, or in an exchange's sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Ints
from assay.core.market.grid import ending_in, offset, opened

HOUR_NS: Final = 3_600_000_000_000
DAY_NS: Final = 24 * HOUR_NS
_FIRST_MONDAY: Final = 4
"""1970-01-05, in days since the epoch."""


@dataclass(frozen=True, eq=False)
class Stretches:
    """Stretches of time [start, end) in nanoseconds, in order, none within another."""

    starts: Ints
    ends: Ints

    def __len__(self) -> int:
        return len(self.starts)


class Calendar(Protocol):
    """`name` is what an instrument calls it: `24/7`, `24/5`, or an exchange's code (ISO 10383)."""

    @property
    def name(self) -> str: ...

    def sessions(self, start: int, end: int) -> Stretches:
        """Its trading days that touch [start, end), one stretch each."""
        ...

    def hours(self, start: int, end: int) -> Stretches:
        """When it is open: its sessions without the breaks in them."""
        ...


class Always:
    """Every day is a session from midnight to midnight UTC."""

    name: Final = "24/7"

    def sessions(self, start: int, end: int) -> Stretches:
        days = _days(start, end)
        return Stretches(days * DAY_NS, (days + 1) * DAY_NS)

    hours = sessions


class Weekdays:
    """Currencies: a trading day ends at 17:00 in New York, the week with it on Friday, and December 25 and January 1 are none.

    17:00 in New York is 22:00 UTC in winter and 21:00 in summer. What is owed is what is open by both: from Sunday 22:00 to Friday 21:00.
    """

    name: Final = "24/5"

    def sessions(self, start: int, end: int) -> Stretches:
        days = _days(start, end + 2 * HOUR_NS)
        weekday = (days - _FIRST_MONDAY) % 7
        months = days.astype("datetime64[D]").astype("datetime64[M]")
        month, day = months.astype(np.int64) % 12 + 1, days - months.astype("datetime64[D]").astype(np.int64) + 1
        holiday = ((month == 12) & (day == 25)) | ((month == 1) & (day == 1))
        days, weekday = (each[(weekday < 5) & ~holiday] for each in (days, weekday))
        return _touching(Stretches(days * DAY_NS - 2 * HOUR_NS, days * DAY_NS + np.where(weekday == 4, 21, 22) * HOUR_NS), start, end)

    hours = sessions


@dataclass(frozen=True, eq=False)
class Exchange:
    """An exchange's sessions as they were and are planned; before the first and after the last nothing is known, and nothing owed.

    `halves` are the same without the midday breaks, where there are some.
    """

    name: str
    known: Stretches
    halves: Stretches | None = None

    def sessions(self, start: int, end: int) -> Stretches:
        return _touching(self.known, start, end)

    def hours(self, start: int, end: int) -> Stretches:
        return _touching(self.halves or self.known, start, end)


ALWAYS: Final = Always()
WEEKDAYS: Final = Weekdays()
RULES: Final[Mapping[str, Calendar]] = {calendar.name: calendar for calendar in (ALWAYS, WEEKDAYS)}
"""Those that need no list of sessions."""


def expected(calendar: Calendar, timeframe: Timeframe, start: int, end: int, phase: int | None = None) -> Stretches:
    """The bars that a market owes from the one that is open at `start` to the last that opens before `end`.

    A day's bar is its session's, by the date on which it closes. Shorter bars begin with their session, or, with a `phase`, lie on the grid
    that is so far from the epoch's; longer ones are owed where any session touches them.
    """
    sessions = calendar.sessions(start, end)
    if timeframe.name == "1d":
        return _touching(Stretches((sessions.ends - 1) // DAY_NS * DAY_NS, sessions.ends), start, end)
    if timeframe.name == "1M":
        first, last = ending_in(sessions.starts + 1, timeframe), ending_in(sessions.ends, timeframe)
        months = np.unique(np.concatenate([first, last]))
        return Stretches(opened(months, timeframe), opened(months + 1, timeframe))
    length = timeframe.nanoseconds
    hours = calendar.hours(start, end)
    if phase is None and length < DAY_NS and calendar.name not in RULES:
        counts = -(-(hours.ends - hours.starts) // length)
        starts = np.repeat(hours.starts, counts) + _counted(counts) * length
    else:
        shift = offset(timeframe) if phase is None else phase
        first = (hours.starts - shift) // length
        counts = (hours.ends - 1 - shift) // length - first + 1
        starts = np.unique(np.repeat(first, counts) + _counted(counts)) * length + shift
    return _touching(Stretches(starts, starts + length), start, end)


def _days(start: int, end: int) -> Ints:
    """Numbers of the days that [start, end) touches."""
    return np.arange(start // DAY_NS, -(-end // DAY_NS), dtype=np.int64)


def _touching(stretches: Stretches, start: int, end: int) -> Stretches:
    first = int(np.searchsorted(stretches.ends, start, side="right"))
    last = max(first, int(np.searchsorted(stretches.starts, end, side="left")))
    return Stretches(stretches.starts[first:last], stretches.ends[first:last])


def _counted(counts: Ints) -> Ints:
    """0, 1, … for each of the counts, one after another."""
    ends = np.cumsum(counts)
    return np.arange(int(ends[-1]) if len(ends) else 0, dtype=np.int64) - np.repeat(ends - counts, counts)
