"""Bars are cut by time without being copied, and are known by exactly what they hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.core.market.made_bars import hourly, series

from assay.core.market.bars import Bars
from assay.core.market.instants import to_datetime, to_ns


def test_between_takes_the_start_and_leaves_the_end() -> None:
    bars = hourly([0, 1, 2, 3])
    start = datetime(2024, 1, 1, 1, tzinfo=UTC)
    cut = bars.between(start, start + timedelta(hours=2))
    assert cut.ts.tolist() == bars.ts[1:3].tolist()
    assert np.shares_memory(cut.close, bars.close)
    assert len(bars.between(None, None)) == 4


@given(st.datetimes(min_value=datetime(1800, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_instants_survive_the_way_there_and_back(at: datetime) -> None:
    assert to_datetime(to_ns(at)) == at
    assert to_ns(at.astimezone(timezone(timedelta(hours=5, minutes=30)))) == to_ns(at)


@given(series())
def test_any_change_changes_the_fingerprint(bars: Bars) -> None:
    assert bars.fingerprint == bars[:].fingerprint
    others = [replace(bars, instrument="test:B"), bars[1:], replace(bars, close=np.nextafter(bars.close, 0.0))]
    assert len({bars.fingerprint, *(other.fingerprint for other in others)}) == 4
