"""Law 3: cutting off the future, or poisoning it, changes nothing earlier: no series, truth, decision, reason, fill or mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from tests.core.indicators.market import market, same_bits
from tests.laws.random_sessions import HOUR_NS, START_NS, Draw, RandomSession, random_session
from tests.laws.test_fast_is_slow import first_difference

from assay.adapters.files.strategies import template, templates
from assay.core.domain.account import Account
from assay.core.domain.events import AccountMarked, Event, OrderExpired, OrderFilled, SessionEnded
from assay.core.domain.timeframe import Timeframe
from assay.core.engine.backtest import Inputs, columns_of
from assay.core.engine.carries import Funding
from assay.core.engine.journal import events
from assay.core.market.bars import Bars, Floats
from assay.core.market.slices import align
from assay.core.strategy.document import Document
from assay.core.strategy.parameters import bind
from assay.core.traders.rules.columns import holding

BARS = 1_500
"""Enough for every template to trade."""


def cut(inputs: Inputs, end: int) -> Inputs:
    """What opened before `end`, the close of a deciding bar."""
    return replace(
        inputs,
        bars={name: bars[: int(np.searchsorted(bars.ts, end))] for name, bars in inputs.bars.items()},
        fine={name: bars[: int(np.searchsorted(bars.ts, end))] for name, bars in inputs.fine.items()},
    )


def poison(draw: Draw, inputs: Inputs, end: int) -> Inputs:
    """The same until then, and from `end` on other prices, other holes and other funding.

    With finer bars no holes are moved: each must lie in a deciding one. Funding due after the last known open is booked later.
    """
    holes = not inputs.fine and draw.chance(0.5)
    last_open = end - (HOUR_NS // 4 if inputs.fine else HOUR_NS)
    return replace(
        inputs,
        bars={name: poisoned(draw, bars, end, holes) for name, bars in inputs.bars.items()},
        fine={name: poisoned(draw, bars, end, holes) for name, bars in inputs.fine.items()},
        funding={name: repaid(draw, due, last_open) for name, due in inputs.funding.items()},
    )


def poisoned(draw: Draw, bars: Bars, end: int, holes: bool) -> Bars:
    """Other bars from `end` on: of any size, jumping over all of them, and at times with a high below the low."""
    known = int(np.searchsorted(bars.ts, end))
    later = len(bars) - known
    kept = np.ones(len(bars), np.bool_)
    if holes:
        kept[known:-1] = draw.random.random(max(later - 1, 0)) > 0.3
    prices = nonsense(draw, later)
    volume = draw.random.choice([0.0, 1e-9, 100.0, 1e15], later)
    columns = (bars.open, bars.high, bars.low, bars.close, bars.volume)
    open_, high, low, close, volume = (
        np.ascontiguousarray(np.concatenate([column[:known], other])[kept])
        for column, other in zip(columns, (*prices, volume), strict=True)
    )
    return Bars(bars.instrument, bars.timeframe, bars.ts[kept], open_, high, low, close, volume, bars.has_volume)


def nonsense(draw: Draw, count: int) -> list[Floats]:
    """Columns of open, high, low and close; prices are above 0 wherever they come from, and that is all these are."""
    reach = draw.choice([0.3, 3.0, 12.0])
    table = 10.0 ** draw.random.uniform(-reach, reach, (4, count))
    if draw.chance(0.3):
        return list(table)
    low, open_, close, high = np.sort(table, axis=0)
    return [open_, high, low, close]


def repaid(draw: Draw, due: Funding, last_open: int) -> Funding:
    return Funding(due.ts, np.where(due.ts > last_open, draw.random.choice([-0.5, 0.0, 0.75], len(due.ts)), due.rate))


def until(recorded: Sequence[Event], at: datetime) -> list[Event]:
    return [event for event in recorded if event.at <= at]


def is_of_the_end(event: Event) -> bool:
    """What a session records only because it is over (SIMULATION S6.6, S9)."""
    return isinstance(event, OrderExpired | AccountMarked | SessionEnded) or (isinstance(event, OrderFilled) and event.reason == "finalize")


def differences(session: RandomSession, draw: Draw) -> Iterator[str]:
    document, inputs, account = session.document, session.inputs, session.account
    slices = align(inputs.bars)
    whole = list(events(document, inputs, account))
    first = 0 if inputs.start is None else int(np.searchsorted(slices.ts, int(inputs.start.timestamp()) * 1_000_000_000))
    for place in sorted({draw.integer(first, len(slices) - 2) for _ in range(3)}):
        end, at = int(slices.ts[place]) + HOUR_NS, slices.at(place)
        earlier = until(whole, at)
        left = list(events(document, cut(inputs, end), account))
        found = first_difference(iter(earlier), iter(left[: len(earlier)]))
        if found is not None or not all(map(is_of_the_end, left[len(earlier) :])):
            yield f"cut at {at}: {found or left[len(earlier) :]}"
        other = until(list(events(document, poison(draw, inputs, end), account)), at)
        if (found := first_difference(iter(earlier), iter(other))) is not None:
            yield f"poisoned from {at} on: {found}"


def check(seeds: range) -> None:
    for seed in seeds:
        found = list(differences(random_session(seed), Draw(seed)))
        assert not found, f"seed {seed}: " + "; ".join(found)


@pytest.mark.parametrize("block", range(10))
def test_the_future_of_a_random_session_changes_nothing_earlier(block: int) -> None:
    check(range(block * 20, block * 20 + 20))


@pytest.mark.laws
@pytest.mark.parametrize("block", range(100))
def test_the_future_of_two_thousand_random_sessions_changes_nothing_earlier(block: int) -> None:
    check(range(200_000 + block * 20, 200_000 + block * 20 + 20))


def market_of(document: Document, name: str, seed: int) -> Bars:
    timeframe = Timeframe.parse(document.timeframe)
    ts = START_NS + np.arange(BARS, dtype=np.int64) * timeframe.nanoseconds
    columns = market(seed, BARS)
    return Bars(name, timeframe, ts, columns["open"], columns["high"], columns["low"], columns["close"], columns["volume"])


@pytest.mark.parametrize("name", templates())
def test_the_future_changes_no_series_and_no_truth_of_a_template(name: str) -> None:
    document = bind(template(name))
    for seed in range(8):
        draw, bars = Draw(seed), market_of(document, document.universe[0], seed)
        known = draw.integer(1, len(bars) - 1)
        end = int(bars.ts[known])
        whole, other, left = (columns_of(document, each) for each in (bars, poisoned(draw, bars, end, holes=False), bars[:known]))
        for key, series in whole.series.items():
            earlier = np.ascontiguousarray(series[:known])
            assert same_bits(earlier, np.ascontiguousarray(other.series[key][:known])), f"{key} knows the future, seed {seed}"
            assert same_bits(earlier, np.ascontiguousarray(left.series[key])), f"{key} knows that there is a future, seed {seed}"
        truths = [
            [(row, mask) for (row, _), mask in zip(*(column.tolist() for column in holding(document, each)), strict=True) if row < known]
            for each in (whole, other, left)
        ]
        assert truths[0] == truths[1] == truths[2], f"a rule knows the future, seed {seed}"


@pytest.mark.parametrize("name", templates())
def test_the_future_changes_nothing_earlier_in_a_template_s_run(name: str) -> None:
    document, account, traded = bind(template(name)), Account(), False
    for seed in range(4):
        draw = Draw(seed)
        inputs = Inputs({each: market_of(document, each, row + 100 * seed) for row, each in enumerate(document.universe)}, {}, {})
        slices = align(inputs.bars)
        place = draw.integer(BARS // 2, BARS - 2)
        other = {each: poisoned(draw, bars, int(slices.ts[place + 1]), holes=False) for each, bars in inputs.bars.items()}
        whole, changed = (until(list(events(document, each, account)), slices.at(place)) for each in (inputs, replace(inputs, bars=other)))
        assert (found := first_difference(iter(whole), iter(changed))) is None, f"seed {seed}: {found}"
        traded = traded or any(isinstance(event, OrderFilled) for event in whole)
    assert traded, "a template that does not trade proves nothing"
