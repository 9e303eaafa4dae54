"""A bar that grows from pieces ends as the bar that is resampled from them, whatever is missing, and each closes once."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.core.domain.timeframe import MINUTE_NS, Timeframe
from assay.core.market.bars import Bars
from assay.core.market.growing import Growing, grow
from assay.core.market.instants import to_datetime, to_ns
from assay.core.market.resample import resampled

FIRST = 29_000_160
"""A minute that begins a day."""


@given(
    minutes=st.lists(st.integers(0, 3 * 1440), min_size=1, max_size=200, unique=True).map(sorted),
    seed=st.integers(0, 2**32 - 1),
    timeframe=st.sampled_from(["5m", "15m", "1h", "4h", "1d", "1w", "1M"]),
)
def test_grown_is_resampled(minutes: list[int], seed: int, timeframe: str) -> None:
    drawn = np.random.default_rng(seed).integers(1, 1_000, size=(5, len(minutes))).astype(np.float64)
    prices = np.sort(drawn[:4], axis=0)
    ts = (FIRST + np.array(minutes, dtype=np.int64)) * MINUTE_NS
    pieces = Bars("x:Y", Timeframe("1m"), ts, prices[1], prices[3], prices[0], prices[2], drawn[4])
    coarse = resampled(pieces, Timeframe(timeframe))
    closed: list[Growing] = []
    bar: Growing | None = None
    for row in range(len(pieces)):
        piece = Growing(
            opened_at=to_datetime(int(ts[row])), open=pieces.open[row], high=pieces.high[row], low=pieces.low[row], close=pieces.close[row],
            volume=pieces.volume[row],
        )  # fmt: skip
        told = grow(bar, piece, timedelta(minutes=1), Timeframe(timeframe))
        closed += [each for each in told if each.closed]
        bar = told[-1]
    whole = [each for each in closed if to_ns(each.opened_at) >= ts[0]]  # resampling leaves out what began before the data
    assert [to_ns(each.opened_at) for each in whole] == coarse.ts.tolist()
    for name in ("open", "high", "low", "close", "volume"):
        assert [getattr(each, name) for each in whole] == getattr(coarse, name).tolist()


def test_pieces_of_five_seconds_close_a_minute_with_the_twelfth() -> None:
    at = to_datetime(FIRST * MINUTE_NS)
    bar: Growing | None = None
    for count in range(12):
        piece = Growing(opened_at=at + timedelta(seconds=5 * count), open=1.0, high=2.0 + count, low=0.5, close=1.5, volume=3.0)
        (bar,) = grow(bar, piece, timedelta(seconds=5), Timeframe("1m"))
        assert bar.closed == (count == 11)
    assert bar == Growing(opened_at=at, open=1.0, high=13.0, low=0.5, close=1.5, volume=36.0, closed=True)


def test_what_comes_out_of_order_is_our_mistake() -> None:
    at = to_datetime(FIRST * MINUTE_NS)
    late = Growing(opened_at=at, open=1.0, high=1.0, low=1.0, close=1.0, volume=0.0)
    bar = Growing(opened_at=at + timedelta(minutes=1), open=1.0, high=1.0, low=1.0, close=1.0, volume=0.0)
    with pytest.raises(AssertionError, match="in order"):
        grow(bar, late, timedelta(seconds=5), Timeframe("1m"))
