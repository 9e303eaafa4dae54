"""Law 2: columns through `kernel.run`, the whole transition on every bar, and `advance` bar by bar leave the same events."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

import pytest
from tests.laws.random_sessions import RandomSession, random_session

from assay.core.domain.events import Event
from assay.core.domain.inputs import ClosedBar, FeedEnded, FundingDue, Input, SliceClosed
from assay.core.engine.journal import events
from assay.core.engine.session import Trader, advance, begin
from assay.core.market.instants import to_datetime
from assay.core.market.slices import align


def inputs_of(session: RandomSession) -> Iterator[Input]:
    """The session's data as a feed would deliver it: funding before the slice that books it."""
    bars = session.inputs.bars
    due = sorted(
        (to_datetime(at), name, rate)
        for name, each in session.inputs.funding.items()
        for at, rate in zip(each.ts.tolist(), each.rate.tolist(), strict=True)
    )
    rows = {name: {int(ts): row for row, ts in enumerate(each.ts.tolist())} for name, each in bars.items()}
    for ts in align(bars).ts.tolist():
        opened_at = to_datetime(ts)
        while due and due[0][0] <= opened_at:
            at, name, rate = due.pop(0)
            yield FundingDue(name, at, rate)
        slice_: list[ClosedBar | None] = []
        for name, each in bars.items():
            row = rows[name].get(ts)
            if row is None:
                slice_.append(None)
                continue
            columns = (each.open, each.high, each.low, each.close, each.volume)
            slice_.append(ClosedBar(opened_at, *(float(column[row]) for column in columns)))
        yield SliceClosed(tuple(slice_))
    yield FeedEnded()


def folded(session: RandomSession) -> Iterator[Event]:
    trader = Trader.of(session.document, session.account, tuple(session.inputs.bars), session.inputs.start)
    state = begin(trader)
    for entered in inputs_of(session):
        state, recorded = advance(trader, state, entered)
        yield from recorded


def first_difference(ours: Iterator[Event], theirs: Iterator[Event]) -> str | None:
    for index, (one, other) in enumerate(zip_longest(ours, theirs)):
        if one != other:
            return f"event {index}: {one} against {other}"
    return None


def check(seeds: range, *, narrow: bool = False) -> None:
    for seed in seeds:
        session = random_session(seed, narrow=narrow)
        fast = list(events(session.document, session.inputs, session.account))
        woken = events(session.document, session.inputs, session.account, every=True)
        assert (found := first_difference(iter(fast), woken)) is None, f"seed {seed}, woken on every bar: {found}"
        if session.inputs.fine:
            continue  # the session is fed deciding bars; matching on finer ones is the fast path's
        assert (found := first_difference(iter(fast), folded(session))) is None, f"seed {seed}, bar by bar: {found}"


@pytest.mark.parametrize("block", range(10))
def test_three_ways_through_a_random_session_leave_the_same_events(block: int) -> None:
    check(range(block * 12, block * 12 + 12))


def test_a_trailing_stop_has_not_seen_the_bars_after_a_ruin() -> None:
    check(range(9_495, 9_496), narrow=True)


@pytest.mark.laws
@pytest.mark.parametrize("block", range(100))
def test_two_thousand_random_sessions(block: int) -> None:
    check(range(50_000 + block * 20, 50_000 + block * 20 + 20))
