"""Whether a decision or a series knew what came later: the future is cut off, and poisoned, and nothing earlier may change.

It asks of whoever decides for whole columns at once, a strategy's rules or a trader written by hand, and looks into nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol, TypeAlias

import numpy as np

from assay.core.engine.backtest import columns_of
from assay.core.indicators.order import in_order
from assay.core.market.bars import Bars, Floats, Ints
from assay.core.market.instants import closed_ts, to_datetime
from assay.core.strategy.document import Document
from assay.core.traders.rules.columns import holding

POINTS: Final = 200
_NOISE: Final = 1e-9
"""Relative: sums over columns of other lengths may be rounded otherwise."""

Universe: TypeAlias = Mapping[str, Bars]
Columns: TypeAlias = Mapping[str, Floats]


@dataclass(frozen=True, eq=False)
class Opinions:
    """Of one instrument, at each of its bars: what is decided (any number, compared exactly), and the series that it came from by name.

    Series stand in the order in which they need each other.
    """

    decisions: Floats | Ints
    series: Columns


class DecidesAll(Protocol):
    """A trader that can be asked for all bars at once."""

    def decide_all(self, bars: Universe) -> Mapping[str, Opinions]: ...


@dataclass(frozen=True, slots=True)
class Leak:
    """Something at a close that was another once the bars after `known_until` were missing or others.

    `series` are those that were others at that bar or before it, the first of them where it came from; none where a trader shows none.
    """

    how: Literal["cut", "poisoned"]
    known_until: datetime
    instrument: str
    closed_at: datetime
    decision: bool
    series: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """How many points of time were tried, each in both ways, and the first leak of each instrument that was found at each."""

    points: int
    leaks: tuple[Leak, ...]

    @property
    def honest(self) -> bool:
        return not self.leaks


@dataclass(frozen=True, slots=True)
class Rules:
    """A bound document as a trader: which of its rules hold is what it decides."""

    document: Document

    def decide_all(self, bars: Universe) -> dict[str, Opinions]:
        return {name: self._of(each) for name, each in bars.items()}

    def _of(self, bars: Bars) -> Opinions:
        columns, order = columns_of(self.document, bars), in_order(dict(self.document.series))
        places, masks = holding(self.document, columns)
        decisions = np.zeros(len(bars), np.int64)
        decisions[places[:, 0]] = masks
        named = sorted(columns.series, key=lambda name: order.index(name.partition(".")[0]) if name.partition(".")[0] in order else -1)
        return Opinions(decisions, {name: columns.series[name] for name in named})


def look_ahead(
    trader: DecidesAll, bars: Universe, points: int = POINTS, seed: int = 0, progress: Callable[[int, int], None] | None = None
) -> Proof:
    """Try to find a leak at `points` closes, drawn from all but the last: evenly spaced ones might all fall on the same hour.

    `progress` hears how many of how many are done.
    """
    closes = np.unique(np.concatenate([closed_ts(each.ts, each.timeframe) for each in bars.values()]))
    random, whole = np.random.default_rng(seed), trader.decide_all(bars)
    before_last = max(len(closes) - 1, 0)
    chosen = np.sort(random.permutation(before_last)[:points])
    leaks: list[Leak] = []
    for done, close in enumerate(closes[chosen].tolist()):
        if progress is not None:
            progress(done, len(chosen))
        known = {name: int(np.searchsorted(closed_ts(each.ts, each.timeframe), close, side="right")) for name, each in bars.items()}
        left = {name: each[: known[name]] for name, each in bars.items()}
        other = {name: _poisoned(each, known[name], random) for name, each in bars.items()}
        leaks += _leaks("cut", close, bars, known, whole, trader.decide_all(left))
        leaks += _leaks("poisoned", close, bars, known, whole, trader.decide_all(other))
    return Proof(len(chosen), tuple(leaks))


def _poisoned(bars: Bars, known: int, random: np.random.Generator) -> Bars:
    """The same bars until then, and others of any size after it."""
    later = len(bars) - known
    scale = np.exp(random.choice([-1.0, 1.0]) * random.uniform(0.5, 3.0) + np.cumsum(random.normal(0.0, 0.2, later)))
    inside = random.uniform(0.5, 2.0, (4, later))
    low, high = inside.min(axis=0), inside.max(axis=0)
    volume = random.uniform(0.0, 10.0, later)

    def changed(column: Floats, factor: Floats) -> Floats:
        return np.concatenate([column[:known], column[known:] * scale * factor])

    return Bars(
        bars.instrument,
        bars.timeframe,
        bars.ts,
        changed(bars.open, inside[0]),
        changed(bars.high, np.maximum(high, 2.0)),
        changed(bars.low, np.minimum(low, 0.5)),
        changed(bars.close, inside[1]),
        changed(bars.volume, volume),
        bars.has_volume,
    )


def _leaks(
    how: Literal["cut", "poisoned"],
    close: int,
    bars: Universe,
    known: Mapping[str, int],
    whole: Mapping[str, Opinions],
    other: Mapping[str, Opinions],
) -> Iterator[Leak]:
    for name, length in known.items():
        decided = _first_change(whole[name].decisions[:length], other[name].decisions[:length], noise=0.0)
        changes = {
            series: _first_change(column[:length], other[name].series[series][:length], _NOISE)
            for series, column in whole[name].series.items()
        }
        first = min([place for place in (decided, *changes.values()) if place is not None], default=None)
        if first is not None:
            place = first if decided is None else decided
            earlier = tuple(series for series, changed in changes.items() if changed is not None and changed <= place)
            closed_at = to_datetime(_close(bars[name], place))
            yield Leak(how, to_datetime(close), name, closed_at, decided is not None, earlier)


def _close(bars: Bars, row: int) -> int:
    return int(closed_ts(bars.ts[row : row + 1], bars.timeframe)[0])


def _first_change(one: Floats | Ints, other: Floats | Ints, noise: float) -> int | None:
    """The first row in which they differ; a trader that answers for fewer bars than it was given differs from there on."""
    length = min(len(one), len(other))
    one, other, whole = one[:length], other[:length], len(one)
    with np.errstate(invalid="ignore"):
        near = np.abs(one - other) <= noise * np.abs(one)
    changed: Ints = np.flatnonzero(~(near | (one == other) | (np.isnan(one) & np.isnan(other))))
    if len(changed):
        return int(changed[0])
    return length if length < whole else None
