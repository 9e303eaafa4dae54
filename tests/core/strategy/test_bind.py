"""A bound document holds values only, and no value that breaks what uses it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.strategy.strategy_example import EXAMPLE, changed

from assay.core.domain.errors import StrategyError
from assay.core.indicators.series import Indicator, Ref
from assay.core.strategy.document import Fraction
from assay.core.strategy.parameters import bind
from assay.core.strategy.parse import parse
from assay.core.strategy.places import places


def refused(document: Any, overrides: Any) -> list[tuple[str, str]]:
    with pytest.raises(StrategyError) as caught:
        bind(parse(document), overrides)
    return [(problem.path, problem.code) for problem in caught.value.errors]


def test_every_reference_is_replaced() -> None:
    document = changed("rules[0].then.time_limit", "$fast")
    document["rules"][0]["when"]["all"][1]["right"] = "$slow"
    document["rules"][1]["when"] = {"left": "close", "op": "between", "right": ["$fast", "$slow"]}
    document["limits"]["leverage"] = "$fast"
    bound = bind(parse(document))
    assert not [path for path, held in places(bound) if isinstance(held, Ref)]
    assert dict(bound.series)["fast"] == Indicator("sma", ("close",), (("timeperiod", 10),))
    assert bound.rules[0].then.time_limit == 10
    assert bound.limits.leverage == 10


def test_an_override_takes_the_place_of_the_value() -> None:
    bound = bind(parse(EXAMPLE), {"fast": 12.0})
    assert dict(bound.series)["fast"] == Indicator("sma", ("close",), (("timeperiod", 12),))
    assert bound.parameter_values() == {"fast": 12, "slow": 30}


def test_binding_twice_changes_nothing() -> None:
    bound = bind(parse(EXAMPLE), {"fast": 12})
    assert bind(bound) == bound


@pytest.mark.parametrize(
    ("overrides", "path", "code"),
    [
        ({"quick": 3}, "parameters.quick", "unknown"),
        ({"fast": 51}, "parameters.fast", "bounds"),
        ({"slow": 4}, "parameters.slow", "bounds"),
        ({"fast": float("nan")}, "parameters.fast", "type"),
        ({"fast": "12"}, "parameters.fast", "type"),
        ({"fast": True}, "parameters.fast", "type"),
        ({"fast": 10.5}, "series.fast.parameters.timeperiod", "bounds"),
    ],
)
def test_an_override_that_cannot_be_is_refused_at_its_place(overrides: Any, path: str, code: str) -> None:
    assert refused(EXAMPLE, overrides) == [(path, code)]


def test_a_value_is_checked_where_it_is_used() -> None:
    document = changed("parameters.share", {"value": 0.5})
    document["rules"][0]["then"]["take_profit"][0]["share"] = "$share"
    assert bind(parse(document), {"share": 0.25}).rules[0].then.take_profit[0].share == 0.25
    assert refused(document, {"share": 0.75}) == [("rules[0].then.take_profit", "shares")]
    document["series"]["range"]["formula"] = "sma(close, $fast)"
    document["parameters"]["fast"] = {"value": 10}
    assert ("series.range.formula:col 12-16", "limit") in refused(document, {"fast": 0})


@given(st.integers(2, 50), st.integers(5, 200))
def test_any_value_in_range_binds(fast: int, slow: int) -> None:
    bound = bind(parse(EXAMPLE), {"fast": fast, "slow": slow})
    assert bound.parameter_values() == {"fast": fast, "slow": slow}
    assert bound.rules[0].then.stop_loss == Fraction(0.02)
