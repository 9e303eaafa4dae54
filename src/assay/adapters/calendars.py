"""When exchanges are open, from exchange-calendars: holidays, half days and changes of the clocks, from 1990 to a year from now."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any, Final

import numpy as np

from assay.core.market.bars import Ints
from assay.core.market.calendar import Exchange, Stretches

FIRST: Final = "1990-01-01"


@cache
def exchange(code: str) -> Exchange | None:
    """By its code (ISO 10383: `XNYS`); None for one that is not known. Blocks, the first time for a second."""
    # Imported late: it brings pandas, and most instruments trade around the clock.
    import exchange_calendars
    import pandas
    from exchange_calendars.errors import InvalidCalendarName

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of pandas, about what the library does with it
        try:
            recent = exchange_calendars.get_calendar(code)
        except InvalidCalendarName:
            return None
        earliest = recent.bound_min()
        start = pandas.Timestamp(FIRST) if earliest is None else max(pandas.Timestamp(FIRST), earliest)
        return _value(code, exchange_calendars.get_calendar(code, start=start))


def _value(code: str, read: Any) -> Exchange:
    opens, closes = _ns(read.opens), _ns(read.closes)
    pauses, goes_on = _ns(read.break_starts), _ns(read.break_ends)
    broken = pauses != np.iinfo(np.int64).min  # what pandas writes for no time
    if not broken.any():
        return Exchange(code, Stretches(opens, closes))
    starts, ends = (np.sort(np.concatenate(each)) for each in ((opens, goes_on[broken]), (closes, pauses[broken])))
    return Exchange(code, Stretches(opens, closes), Stretches(starts, ends))


def _ns(times: Any) -> Ints:
    """A column of aware times, by day."""
    return np.ascontiguousarray(times.to_numpy(dtype="datetime64[ns]").view(np.int64))
