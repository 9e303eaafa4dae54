"""Law: however fetches follow one another, fail, and break off, no instant is asked for twice, and in the end all of it is there."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.runtime.conftest import TestClock
from tests.runtime.shelf import Shelf
from tests.runtime.supplied import Paced, supplied
from tests.runtime.venue import BTC, Venue, raising

from assay.core.domain.errors import RateLimitedError, UnreachableError, VenueError
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import Timeframe
from assay.core.market.instants import to_ns

HOUR = timedelta(hours=1)
FIRST = datetime(2024, 1, 30, tzinfo=UTC)  # so that two days reach into another month
HOURS = 48


class KilledError(Exception):
    """The process is gone."""


class Step(NamedTuple):
    """A fetch of so many hours, `after` minutes have passed; its requests fail like `faults`."""

    start: int
    hours: int
    after: int
    faults: list[str | None]


STEPS = st.lists(
    st.builds(
        Step,
        st.integers(0, HOURS),
        st.integers(1, HOURS),
        st.integers(0, 600),
        st.lists(st.sampled_from((None, None, None, "limited", "unreachable", "killed")), max_size=8),
    ),
    min_size=1,
    max_size=6,
)


def fault(name: str | None) -> Exception | None:
    known: dict[str, VenueError | KilledError] = {
        "limited": RateLimitedError("venue", "slow down", 30.0), "unreachable": UnreachableError("venue", "reset"), "killed": KilledError(),
    }  # fmt: skip
    return None if name is None else known[name]


@given(steps=STEPS, holes=st.frozensets(st.integers(0, HOURS)), page=st.integers(1, 20), begins=st.integers(1, HOURS))
def test_nothing_is_asked_for_twice_and_all_of_it_is_there(steps: list[Step], holes: frozenset[int], page: int, begins: int) -> None:
    clock = TestClock()
    clock.at = FIRST + begins * HOUR
    first_hour = to_ns(FIRST) // 3_600_000_000_000
    venue = Venue(page=page, holes=frozenset(first_hour + hole for hole in holes))
    shelf = Shelf()
    for step in steps:
        clock.pass_(60.0 * step.after)
        venue.trouble = raising(*map(fault, step.faults))
        asyncio.run(fetched(venue, shelf, clock, FIRST + step.start * HOUR, step.hours))
    venue.trouble = raising()
    clock.at = max(clock.at, FIRST + HOURS * HOUR)
    asyncio.run(fetched(venue, shelf, clock, FIRST, HOURS))
    spans = sorted(venue.asked)
    assert all(one.end <= other.start for one, other in pairwise(spans)), "no instant twice"
    happened = venue.between(venue.listed[0], "1h", Span(FIRST, FIRST + HOURS * HOUR))
    kept = shelf.read(str(BTC), "1h", FIRST, FIRST + HOURS * HOUR)
    assert (0 if kept is None else len(kept)) == len(happened)
    for name in ("ts", "open", "high", "low", "close", "volume") if kept is not None else ():
        assert np.array_equal(getattr(kept, name), getattr(happened, name))


async def fetched(venue: Venue, shelf: Shelf, clock: TestClock, start: datetime, hours: int) -> None:
    """In a process that begins with nothing but what is stored; one that dies is as good as one that is refused."""
    async with supplied([venue], clock, Paced(clock), shelf) as (supply, _):
        if start < Timeframe("1h").closed_until(clock.now()):
            try:
                await supply.fetch(BTC, Timeframe("1h"), Span(start, start + hours * HOUR), lambda phase, fraction: None)
            except (KilledError, UnreachableError):
                return
