"""Charts lose no extreme when they are thinned, and their axes have round marks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.adapters.render import svg
from assay.core.market.bars import Floats


@given(st.integers(1, 5_000), st.integers(0, 1_000))
def test_thinning_keeps_every_bucket_s_extremes_and_the_ends(size: int, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=size)
    kept = svg.thinned(values, 50)
    assert len(kept) <= 102
    assert (kept[0], kept[-1]) == (0, size - 1)
    assert (values[kept].min(), values[kept].max()) == (values.min(), values.max())


@given(st.floats(-1.0, 100.0), st.floats(1e-4, 1e4))
def test_axis_marks_are_few_and_inside(low: float, spread: float) -> None:
    scale = svg.Scale(low, low + spread)
    marks = svg.steps(scale)
    assert 1 <= len(marks) <= svg.LEVELS + 1
    assert all(scale.low - spread * 1e-6 <= mark <= scale.high + spread * 1e-6 for mark in marks)


DATES = {
    "two years": ("2023-01-01", "2025-01-01", ["2023", "Apr", "Jul", "Oct", "2024", "Apr", "Jul", "Oct", "2025"]),
    "ten years": ("2013-06-01", "2023-06-01", ["2014", "2016", "2018", "2020", "2022"]),
    "ten weeks": ("2024-01-10", "2024-03-20", ["Feb", "Mar"]),
    "three days": ("2024-01-10", "2024-01-13", ["10 Jan", "12:00", "11 Jan", "12:00", "12 Jan", "12:00", "13 Jan"]),
    "an hour": ("2024-01-10T09:10", "2024-01-10T10:10", ["09:15", "09:30", "09:45", "10:00"]),
    "an instant": ("2024-01-10", "2024-01-10", ["10 Jan"]),
}


@pytest.mark.parametrize(("start", "end", "labels"), DATES.values(), ids=DATES)
def test_a_time_axis_has_round_dates(start: str, end: str, labels: list[str]) -> None:
    first, last = (int(np.datetime64(text, "ns").astype(np.int64)) for text in (start, end))
    found = svg.dates(first, last)
    assert [label for _, label in found] == labels
    assert all(0.0 <= place <= 100.0 for place, _ in found)


FLAT: Floats = np.full(10, 7.0)


def test_a_flat_line_has_a_scale() -> None:
    scale = svg.around(FLAT)
    assert scale.low < 7.0 < scale.high
