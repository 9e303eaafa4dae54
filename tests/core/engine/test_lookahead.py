"""Twelve traders that know what they may not are caught without exception, and twelve that look like them are not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from tests.core.indicators.market import market
from tests.core.indicators.test_columns import COARSER

from assay.adapters.files.strategies import template, templates
from assay.core.domain.timeframe import Timeframe
from assay.core.engine.lookahead import Opinions, Rules, look_ahead
from assay.core.market.bars import Bars, Floats
from assay.core.strategy.parameters import bind
from assay.core.strategy.parse import parse

HOUR_NS = 3_600_000_000_000
Series = Callable[[Bars], Floats]


def bars(name: str = "test:A/B", seed: int = 1, length: int = 600, timeframe: str = "1h") -> Bars:
    columns = market(seed, length)
    ts = 1_700_006_400_000_000_000 + np.arange(length, dtype=np.int64) * Timeframe(timeframe).nanoseconds
    open_, high, low, close, volume = (columns[each] for each in ("open", "high", "low", "close", "volume"))
    return Bars(name, Timeframe(timeframe), ts, open_, high, low, close, volume)


class Trader:
    """Long where its one series is above 0."""

    def __init__(self, series: Series) -> None:
        self.series = series

    def decide_all(self, universe: Mapping[str, Bars]) -> dict[str, Opinions]:
        found = {name: self.series(each) for name, each in universe.items()}
        return {name: Opinions(np.where(np.isnan(each), np.nan, np.sign(each)), {"edge": each}) for name, each in found.items()}


def mean(column: Floats, before: int, after: int) -> Floats:
    """From `before` bars ago until `after` bars from now; a window that is cut by either end is of what is left."""
    sums = np.concatenate([[0.0], np.cumsum(column)])
    rows = np.arange(len(column))
    low, high = np.maximum(rows - before, 0), np.minimum(rows + after + 1, len(column))
    found: Floats = (sums[high] - sums[low]) / (high - low)
    return found


def shifted(column: Floats, by: int) -> Floats:
    found = np.full(len(column), np.nan)
    if abs(by) < len(column):
        found[max(by, 0) : len(column) + min(by, 0)] = column[max(-by, 0) : len(column) - max(by, 0)]
    return found


def day(each: Bars, choose: Callable[[Floats], float]) -> Floats:
    """What the whole day came to, at each of its hours."""
    found = np.empty(len(each))
    days = each.ts // (24 * HOUR_NS)
    for one in np.unique(days):
        found[days == one] = choose(each.close[days == one])
    return found


def so_far(each: Bars) -> Floats:
    days, found = each.ts // (24 * HOUR_NS), np.empty(len(each))
    for one in np.unique(days):
        found[days == one] = np.maximum.accumulate(each.close[days == one])
    return found


def pivots(each: Bars, late: int) -> Floats:
    """1 at, or `late` bars after, a low that is the lowest of two bars on either side."""
    low, found = each.low, np.full(len(each), -1.0)
    for row in range(2, len(each) - 2):
        if low[row] == low[row - 2 : row + 3].min() and row + late < len(each):
            found[row + late] = 1.0
    return found


def filled_back(each: Bars) -> Floats:
    """Holes closed with what came after them."""
    column = np.where(np.arange(len(each)) % 3 == 0, each.close, np.nan)
    found = column.copy()
    for row in range(len(column) - 2, -1, -1):
        found[row] = found[row + 1] if np.isnan(found[row]) else found[row]
    return np.asarray(found - each.open)


def filled_on(each: Bars) -> Floats:
    rows = np.arange(len(each))
    return np.asarray(each.close[rows - rows % 3] - each.open)


def backward(each: Bars) -> Floats:
    """An average that goes over the bars from the last to the first, and back."""
    return each.close - smooth(smooth(each.close)[::-1])[::-1]


def smooth(column: Floats) -> Floats:
    found = column.copy()
    for row in range(1, len(column)):
        found[row] = 0.9 * found[row - 1] + 0.1 * column[row]
    return found


def fitted(each: Bars) -> Floats:
    """A line through all bars."""
    rows = np.arange(len(each), dtype=np.float64)
    if len(each) < 2:
        return np.zeros(len(each))
    slope = np.polyfit(rows, each.close, 1)
    return np.asarray(each.close - (slope[0] * rows + slope[1]))


def cumulative(column: Floats) -> Floats:
    return column - np.cumsum(column) / np.arange(1, len(column) + 1)


BIASED: dict[str, Series] = {
    "a mean of the whole": lambda each: each.close - each.close.mean(),
    "scaled by the extremes of the whole": lambda each: (each.close - each.close.min()) / (np.ptp(each.close) + 1e-9) - 0.5,
    "a rank among all": lambda each: each.close.argsort().argsort() / len(each) - 0.5,
    "a centered window": lambda each: each.close - mean(each.close, 5, 5),
    "shifted into the future": lambda each: shifted(each.close, -1) - each.close,
    "the day that has not closed": lambda each: day(each, lambda of: float(of[-1])) - each.close,
    "the high of the whole day": lambda each: day(each, lambda of: float(of.max())) - each.close - 0.5,
    "a pivot before it is one": lambda each: pivots(each, 0),
    "holes filled with what came after": filled_back,
    "an average forth and back": backward,
    "a line through all": fitted,
    "the last bar of all": lambda each: each.close - each.close[-1:].sum(),
}
HONEST: dict[str, Series] = {
    "a mean so far": lambda each: cumulative(each.close),
    "scaled by the extremes so far": lambda each: each.close - (np.maximum.accumulate(each.high) + np.minimum.accumulate(each.low)) / 2,
    "a trailing window": lambda each: each.close - mean(each.close, 10, 0),
    "shifted out of the past": lambda each: each.close - shifted(each.close, 1),
    "the day so far": lambda each: so_far(each) - each.close - 0.5,
    "a pivot once it is one": lambda each: pivots(each, 2),
    "holes filled with what was before": filled_on,
    "an average forth": lambda each: each.close - smooth(each.close),
    "the bar by itself": lambda each: each.close - each.open,
    "the first bar of all": lambda each: each.close - each.close[:1].sum(),
    "nothing": lambda each: np.zeros(len(each)),
    "what the clock says": lambda each: np.where(each.ts // HOUR_NS % 24 < 12, 1.0, -1.0),
}


@pytest.mark.parametrize("name", BIASED)
def test_whoever_knows_the_future_is_caught_with_the_series_it_came_from(name: str) -> None:
    proof = look_ahead(Trader(BIASED[name]), {"test:A/B": bars()})
    assert any(leak.decision and leak.series == ("edge",) for leak in proof.leaks)
    assert all(leak.closed_at <= leak.known_until for leak in proof.leaks)


@pytest.mark.parametrize("name", HONEST)
def test_whoever_does_not_is_not(name: str) -> None:
    proof = look_ahead(Trader(HONEST[name]), {"test:A/B": bars()})
    assert (proof.points, proof.leaks) == (200, ())


class Favorites:
    """Trades, of two instruments, the one that ends higher, or the one that is higher."""

    def __init__(self, knows: bool) -> None:
        self.knows = knows

    def decide_all(self, universe: Mapping[str, Bars]) -> dict[str, Opinions]:
        one, other = universe.values()
        better = one.close / one.close[:1] - other.close / other.close[:1]
        if self.knows and len(better):
            better = np.full(len(better), better[-1])
        names = tuple(universe)
        return {names[0]: Opinions(np.sign(better), {}), names[1]: Opinions(-np.sign(better), {})}


def test_a_universe_chosen_by_how_it_ended_is_caught() -> None:
    universe = {"test:A/B": bars(), "test:C/D": bars("test:C/D", seed=2)}
    assert not look_ahead(Favorites(knows=True), universe).honest
    assert look_ahead(Favorites(knows=False), universe).honest


def written(series: Any, rules: Any) -> Rules:
    head = {"schema": "assay/strategy@1", "name": "t", "timeframe": "1h", "universe": ["test:A/B"]}
    return Rules(bind(parse({**head, "series": series, "rules": rules})))


@pytest.mark.parametrize("name", templates())
def test_every_template_is_honest(name: str) -> None:
    document = bind(template(name))
    universe = {each: bars(each, seed, 400, document.timeframe) for seed, each in enumerate(document.universe)}
    assert look_ahead(Rules(document), universe, points=40).honest


def test_series_of_coarser_bars_are_honest() -> None:
    rule = {"id": "r", "when": {"left": "distance", "op": ">", "right": "of_both", "for": 2}, "then": {"action": "enter_long"}}
    assert look_ahead(written(COARSER, [rule]), {"test:A/B": bars()}, points=100).honest


@pytest.mark.parametrize("length", [0, 1, 2])
def test_where_there_is_hardly_anything_there_is_nothing_to_find(length: int) -> None:
    assert look_ahead(Trader(HONEST["the bar by itself"]), {"test:A/B": bars(length=length)}).honest
