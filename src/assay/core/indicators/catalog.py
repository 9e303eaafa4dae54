"""The catalog is the single list of indicators: TA-Lib's functions in lower case, and our own few.

Nothing is built until it is asked for, so importing this costs nothing; an entry is built once.
"""

from __future__ import annotations

from functools import lru_cache

from assay.core.indicators import talib_entries
from assay.core.indicators.entry import Entry
from assay.core.indicators.own_entries import OWN


@lru_cache(maxsize=1)
def ids() -> tuple[str, ...]:
    """Names of all indicators, sorted."""
    return tuple(sorted({name.lower() for name in talib_entries.names()} | OWN.keys()))


@lru_cache(maxsize=1024)
def find(indicator: str) -> Entry | None:
    """The entry of that id, if there is one."""
    if indicator in OWN:
        return OWN[indicator]()
    name = indicator.upper()
    if not indicator.isascii() or not indicator.islower() or name not in talib_entries.names():
        return None
    return talib_entries.build(name, indicator)


def all_indicators() -> tuple[Entry, ...]:
    """Every entry; builds them all (about 20 ms the first time)."""
    entries = (find(indicator) for indicator in ids())
    return tuple(entry for entry in entries if entry is not None)
