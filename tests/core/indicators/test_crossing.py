"""A cross looks through ties and forgets its side where a value is missing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from assay.core.indicators.crossing import crossed_above

NAN = float("nan")


@pytest.mark.parametrize(
    ("a", "crossed"),
    [
        ("0 2", "0 1"),
        ("0 1 2", "0 0 1"),  # a tie between
        ("0 1 1 1 2", "0 0 0 0 1"),
        ("2 1 2", "0 0 0"),  # touched, not crossed
        ("1 2", "0 0"),  # no side before
        ("2 0 2", "0 0 1"),
        ("0 nan 2", "0 nan 0"),  # forgotten
        ("0 1 nan 1 2", "0 0 nan 0 0"),
        ("0 1.00000000001 2", "0 0 1"),  # within the tie's width
    ],
)
def test_a_crosses_above_one(a: str, crossed: str) -> None:
    column = np.array(a.split(), dtype=np.float64)
    expected = np.array(crossed.split(), dtype=np.float64)
    np.testing.assert_array_equal(crossed_above(column, np.ones_like(column)), expected)


def by_hand(a: list[float], b: list[float]) -> list[float]:
    """The sentence of the page, bar by bar."""
    result, side = [], 0
    for left, right in zip(a, b, strict=True):
        if not np.isfinite(left) or not np.isfinite(right):
            side = 0
            result.append(NAN)
            continue
        now = 0 if abs(left - right) <= 1e-10 * abs(right) else 1 if left > right else -1
        result.append(1.0 if now > 0 and side < 0 else 0.0)
        side = now or side
    return result


VALUES = st.sampled_from([-1.0, 0.0, 1.0, 1.0 + 1e-11, 2.0, NAN, float("inf")])


@given(st.integers(0, 30).flatmap(lambda n: st.tuples(arrays(np.float64, n, elements=VALUES), arrays(np.float64, n, elements=VALUES))))
def test_columns_agree_with_the_sentence(pair: tuple[np.ndarray, np.ndarray]) -> None:
    np.testing.assert_array_equal(crossed_above(*pair), by_hand(pair[0].tolist(), pair[1].tolist()))
