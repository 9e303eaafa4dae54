"""Numbers as people read them: grouped, signed where a sign means something, and a dash where nothing can be said.

A page computes nothing: every figure on it was written here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from assay.core.market.instants import to_datetime

NOTHING: Final = "–"
MINUS: Final = "−"
DAY: Final = 86_400


def money(value: float | None, *, signed: bool = False) -> str:
    """Two decimals: `10,431.07`."""
    return _number(value, 2, signed)


def percent(fraction: float | None, digits: int = 2, *, signed: bool = False) -> str:
    """A fraction as a percentage: `+3.80%`."""
    return NOTHING if fraction is None else _number(fraction * 100.0, digits, signed) + "%"


def ratio(value: float | None) -> str:
    """Two decimals."""
    return _number(value, 2, signed=False)


def count(value: float | None) -> str:
    """Whole: `17,520`."""
    return _number(value, 0, signed=False)


def fixed(value: float, decimals: int) -> str:
    """A price or a quantity with so many decimals, as all of its column."""
    return _number(value, decimals, signed=False)


def decimals_for(values: Sequence[float], digits: int = 5) -> int:
    """Decimals that show a column's middle value to so many significant digits, at most eight."""
    sizes = sorted(abs(value) for value in values if value != 0.0 and math.isfinite(value))
    return min(max(digits - 1 - math.floor(math.log10(sizes[len(sizes) // 2])), 0), 8) if sizes else 2


def duration(seconds: float | None) -> str:
    """The two largest units: `3d 4h`, `45m`."""
    if seconds is None:
        return NOTHING
    left, parts = round(seconds), []
    for unit, length in (("d", DAY), ("h", 3_600), ("m", 60), ("s", 1)):
        size, left = divmod(left, length)
        if size:
            parts.append(f"{size:,}{unit}")
    return " ".join(parts[:2]) if parts else "0s"


def instant(ns: int, *, daily: bool = False) -> str:
    """`2024-03-01 09:00`, the day alone for bars of a day or longer."""
    return written(to_datetime(ns), daily=daily)


def written(at: datetime, *, daily: bool = False) -> str:
    """An aware instant as `instant` writes one."""
    return at.strftime("%Y-%m-%d" if daily else "%Y-%m-%d %H:%M")


def tone(value: float | None) -> str:
    """The class that colors a figure: gains and losses only."""
    return "" if value is None or value == 0.0 else "up" if value > 0.0 else "down"


def _number(value: float | None, digits: int, signed: bool) -> str:
    if value is None or not math.isfinite(value):
        return NOTHING
    text = f"{abs(value):,.{digits}f}"
    if not any(digit in "123456789" for digit in text):
        return text
    return (MINUS if value < 0.0 else "+" if signed else "") + text
