"""Small bars for tests, and strategies that draw them."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars

HOUR = 3_600_000_000_000
START = 1_704_067_200_000_000_000  # 2024-01-01


def hourly(hours: list[int], *, instrument: str = "test:A", price: float = 100.0) -> Bars:
    """One bar for each hour counted from 2024-01-01; each closes one above its open, opens one above the bar before."""
    steps = np.asarray(hours, dtype=np.int64)
    opened = price + np.arange(len(steps), dtype=np.float64)
    return Bars(
        instrument, Timeframe("1h"), START + steps * HOUR, opened, opened + 2.0, opened - 1.0, opened + 1.0, np.full(len(steps), 5.0)
    )


@st.composite
def series(draw: st.DrawFn, timeframe: str = "1h", sizes: tuple[int, int] = (3, 30)) -> Bars:
    """Valid bars, mostly on every step of the grid, sometimes with holes, that say their timeframe by their commonest spacing."""
    spacing = Timeframe(timeframe).nanoseconds
    jumps = draw(st.lists(st.sampled_from((1, 1, 1, 2, 5)), min_size=sizes[0] - 1, max_size=sizes[1] - 1))
    jumps = [1] * (len(jumps) + 1) + jumps
    ts = START + spacing * np.concatenate(([0], np.cumsum(jumps))).astype(np.int64)
    ticks = st.integers(1, 10_000_000)
    rows = [sorted((draw(ticks), draw(ticks), draw(ticks), draw(ticks))) for _ in ts]
    low, first, second, high = (np.array(column, dtype=np.float64) / 100.0 for column in zip(*rows, strict=True))
    swap = np.array([draw(st.booleans()) for _ in ts])
    opened, close = np.where(swap, first, second), np.where(swap, second, first)
    volume = np.array([draw(st.integers(0, 10**9)) for _ in ts], dtype=np.float64) / 1000.0
    volume[0] = 1.0
    return Bars("test:A", Timeframe(timeframe), ts, opened, high, low, close, volume)
