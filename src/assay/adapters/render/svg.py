"""Charts as SVG paths in a square of 1000 by 1000 that a page stretches to its width, with labels beside them as text.

Text in a stretched drawing would be stretched too; so axes are HTML, placed by percentages, and lines keep their width.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assay.core.market.bars import Floats, Ints
from assay.core.market.instants import to_datetime, to_ns

SIDE: Final = 1000.0
BUCKETS: Final = 700
LEVELS: Final = 6
DAY_NS: Final = 86_400_000_000_000


@dataclass(frozen=True, slots=True)
class Scale:
    """Values between `low` and `high`, drawn from the bottom to the top."""

    low: float
    high: float

    def __call__(self, values: Floats) -> Floats:
        return SIDE - (values - self.low) * (SIDE / (self.high - self.low))

    def share(self, value: float) -> float:
        """Percent from the top."""
        return (self.high - value) / (self.high - self.low) * 100.0


def around(*columns: Floats, room: float = 0.06) -> Scale:
    """A scale with some room above and below everything."""
    low, high = min(float(column.min()) for column in columns), max(float(column.max()) for column in columns)
    spread = (high - low) or abs(high) or 1.0
    return Scale(low - room * spread, high + room * spread)


def thinned(values: Floats, buckets: int = BUCKETS) -> NDArray[np.intp]:
    """Places of each bucket's lowest and highest value, in order: what a line through all of them would show."""
    if len(values) <= 2 * buckets:
        return np.arange(len(values))
    edges = np.linspace(0, len(values), buckets + 1).astype(np.int64)
    places = [0, len(values) - 1]
    for start, end in pairwise(edges.tolist()):
        part = values[start:end]
        places += [int(start + part.argmin()), int(start + part.argmax())]
    return np.unique(np.array(places, dtype=np.intp))


def across(ts: Ints) -> Floats:
    """Instants from the left to the right, true to time."""
    return np.asarray(ts - ts[0], dtype=np.float64) * (SIDE / max(int(ts[-1] - ts[0]), 1))


def line(x: Floats, values: Floats, scale: Scale, name: str) -> str:
    """A polyline with the class `name`."""
    kept = thinned(values)
    return f'<path class="line {name}" d="M{_points(x[kept], scale(values[kept]))}"/>'


def area(x: Floats, values: Floats, scale: Scale, name: str, base: float) -> str:
    """What lies between a line and a level."""
    kept = thinned(values)
    floor = float(scale(np.array([base]))[0])
    path = _points(x[kept], scale(values[kept]))
    return f'<path class="area {name}" d="M{x[kept[0]]:.1f} {floor:.1f}L{path}L{x[kept[-1]]:.1f} {floor:.1f}Z"/>'


def level(scale: Scale, value: float, name: str = "grid") -> str:
    """A line at a value, from edge to edge."""
    height = float(scale(np.array([value]))[0])
    return f'<path class="line {name}" d="M0 {height:.1f}H{SIDE:g}"/>'


def upright(share: float) -> str:
    """A line from top to bottom, so many percent from the left."""
    return f'<path class="line grid" d="M{share * SIDE / 100.0:.1f} 0V{SIDE:g}"/>'


def drawing(parts: Sequence[str], key: str, title: str, description: str) -> str:
    """An image for those who see it and for those who hear it."""
    return (
        f'<svg viewBox="0 0 {SIDE:g} {SIDE:g}" preserveAspectRatio="none" role="img" aria-labelledby="{key}-title {key}-desc">'
        f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(description)}</desc>{"".join(parts)}</svg>'
    )


def bars(heights: Sequence[int], tones: Sequence[str], said: Sequence[str]) -> str:
    """Columns of a histogram, the tallest as high as the drawing; each says what it holds when pointed at."""
    width, tallest = SIDE / len(heights), max(heights)
    gap = width * 0.12
    return "".join(
        f'<rect class="{name}" x="{place * width + gap / 2:.1f}" y="{SIDE - height / tallest * SIDE:.1f}" '
        f'width="{width - gap:.1f}" height="{height / tallest * SIDE:.1f}"><title>{escape(text)}</title></rect>'
        for place, (height, name, text) in enumerate(zip(heights, tones, said, strict=True))
        if height
    )


def steps(scale: Scale, most: int = LEVELS) -> list[float]:
    """Round values within a scale: multiples of 1, 2, 2.5 or 5 times a power of ten."""
    rough = (scale.high - scale.low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1.0, 2.0, 2.5, 5.0, 10.0) if power * factor >= rough)
    first = math.ceil(scale.low / step)
    return [k * step for k in range(first, math.floor(scale.high / step) + 1)]


def dates(start_ns: int, end_ns: int, most: int = 9) -> list[tuple[float, str]]:
    """(percent from the left, label) of round dates between two instants."""
    start, end = to_datetime(start_ns), to_datetime(end_ns)
    span = max(end_ns - start_ns, 1)
    for months in (1, 2, 3, 6, 12, 24, 60, 120):
        if span / DAY_NS < 45:
            break
        found = _months(start, end, months)
        if len(found) <= most:
            return [((to_ns(at) - start_ns) / span * 100.0, _month(at, months)) for at in found]
    return [((to_ns(at) - start_ns) / span * 100.0, _short(at)) for at in _regular(start, end, most)]


def _months(start: datetime, end: datetime, every: int) -> list[datetime]:
    first = start.year * 12 + start.month - 1
    firsts = range(-(-first // every) * every, end.year * 12 + end.month, every)
    found = [start.replace(year=month // 12, month=month % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0) for month in firsts]
    return [at for at in found if start <= at <= end]


def _month(at: datetime, every: int) -> str:
    return f"{at:%Y}" if every >= 12 or at.month == 1 else f"{at:%b}"


def _regular(start: datetime, end: datetime, most: int) -> list[datetime]:
    """Multiples of a round number of minutes since midnight of the first day."""
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    for minutes in (1, 5, 15, 30, 60, 120, 240, 360, 720, 1440, 2 * 1440, 5 * 1440, 7 * 1440, 14 * 1440):
        step = timedelta(minutes=minutes)
        first, last = -(-(start - midnight) // step), (end - midnight) // step
        if last - first < most:
            return [midnight + k * step for k in range(first, last + 1)]
    return [start, end]


def _short(at: datetime) -> str:
    return f"{at.day} {at:%b}" if at.hour == at.minute == 0 else f"{at:%H:%M}"


def _points(x: Floats, y: Floats) -> str:
    return "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x.tolist(), y.tolist(), strict=True))
