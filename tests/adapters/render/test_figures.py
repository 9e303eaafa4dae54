"""Figures are written as people read them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.adapters.render import figures

MONEY = {10431.074: "10,431.07", -3.5: "−3.50", 0.0: "0.00", -0.001: "0.00", None: "–", math.nan: "–"}
PERCENT = {0.038: "+3.80%", -0.0317: "−3.17%", 0.0: "0.00%", None: "–"}
DURATION = {0.0: "0s", 59.6: "1m", 3_600.0: "1h", 90_061.0: "1d 1h", 86_400.0 * 1_000: "1,000d", None: "–"}


@pytest.mark.parametrize(("value", "text"), MONEY.items())
def test_money_has_two_decimals_and_a_minus_only_where_it_shows(value: float | None, text: str) -> None:
    assert figures.money(value) == text


@pytest.mark.parametrize(("value", "text"), PERCENT.items())
def test_a_return_has_a_sign(value: float | None, text: str) -> None:
    assert figures.percent(value, signed=True) == text


@pytest.mark.parametrize(("seconds", "text"), DURATION.items())
def test_a_duration_has_its_two_largest_units(seconds: float | None, text: str) -> None:
    assert figures.duration(seconds) == text


def test_a_column_has_as_many_decimals_as_its_middle_value_needs() -> None:
    assert figures.decimals_for([0.605583, 0.59, 0.211725]) == 5
    assert figures.decimals_for([1_500.0, 2_000.0]) == 1
    assert figures.decimals_for([1e-12]) == 8
    assert figures.decimals_for([0.0, math.inf]) == 2


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_every_number_can_be_written(value: float) -> None:
    for form in (figures.money, figures.percent, figures.ratio, figures.count):
        assert form(value)
