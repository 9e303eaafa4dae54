"""Series of a document become columns: computed once, shared, in the order they need each other, missing where they must be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from tests.core.indicators.market import market, same_bits

from assay.core.indicators.compute import Columns, columns, resolve, warm_up
from assay.core.indicators.entry import Outputs
from assay.core.indicators.series import Indicator
from assay.core.strategy.document import Document
from assay.core.strategy.parameters import bind
from assay.core.strategy.parse import parse


def declaring(series: Mapping[str, Any], parameters: Mapping[str, float] | None = None) -> Document:
    values = {name: {"value": value} for name, value in (parameters or {}).items()}
    head = {"schema": "assay/strategy@1", "name": "t", "timeframe": "1h", "universe": ["synthetic:BTC/USDT"], "rules": []}
    return bind(parse(head | {"series": series, "parameters": values}))


def test_every_name_a_rule_may_use_has_a_column() -> None:
    bars = market(1, 100)
    found = columns(declaring({"macd": {"indicator": "macd"}, "range": {"formula": "high - low"}}), bars)
    assert set(found) == {"open", "high", "low", "close", "volume", "macd", "macd.macd", "macd.signal", "macd.hist", "range"}
    assert found["macd"] is found["macd.macd"]
    assert found["close"] is bars["close"]
    np.testing.assert_array_equal(found["range"], bars["high"] - bars["low"])


def test_series_may_be_declared_before_what_they_need() -> None:
    bars = market(1, 100)
    found = columns(
        declaring({
            "smooth": {"indicator": "sma", "inputs": ["distance"], "parameters": {"timeperiod": 3}},
            "distance": {"formula": "close - bands.middle"},
            "bands": {"indicator": "bbands"},
        }),
        bars,
    )  # fmt: skip
    distance = found["close"] - found["bands.middle"]
    np.testing.assert_allclose(found["smooth"][30], distance[28:31].mean(), rtol=1e-12)


def test_the_same_series_is_computed_once_whatever_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    original = type(resolve(Indicator("sma", (), ()))).__call__

    def counted(self: Any, *inputs: Any) -> Outputs:
        calls.append(self.entry.id)
        return original(self, *inputs)

    monkeypatch.setattr(type(resolve(Indicator("sma", (), ()))), "__call__", counted)
    shared = Columns(market(1, 100))
    one = shared.of(declaring({"a": {"indicator": "sma"}, "b": {"indicator": "ema", "inputs": ["a"]}, "f": {"formula": "a + 1"}}))
    other = shared.of(
        declaring({"x": {"indicator": "sma", "inputs": ["close"], "parameters": {"timeperiod": 30}}, "f": {"formula": "x + 1"},
                   "y": {"indicator": "ema", "inputs": ["x"]}, "z": {"indicator": "ema", "inputs": ["a"]}, "a": {"formula": "x"}})
    )  # fmt: skip
    assert one["a"] is other["x"]
    assert one["b"] is other["y"]
    assert calls == ["sma", "ema", "ema"]


def test_formulas_are_told_apart_by_the_values_of_their_parameters() -> None:
    shared = Columns(market(1, 50))
    three = shared.of(declaring({"s": {"formula": "close * $k"}}, {"k": 3}))
    four = shared.of(declaring({"s": {"formula": "close * $k"}}, {"k": 4}))
    np.testing.assert_array_equal(four["s"], three["close"] * 4.0)
    assert shared.of(declaring({"t": {"formula": "close * $k"}}, {"k": 3}))["t"] is three["s"]


def test_a_missing_value_restarts_an_indicator() -> None:
    bars = market(2, 60)
    bars["close"][20] = np.nan
    bars["close"][40] = np.inf
    found = columns(declaring({"ema": {"indicator": "ema", "parameters": {"timeperiod": 5}}}), bars)["ema"]
    assert np.isnan(found[[*range(4), *range(20, 25), *range(40, 45)]]).all()
    assert np.isfinite(found[[4, 19, 25, 39, 45, 59]]).all()
    ema = resolve(Indicator("ema", (), (("timeperiod", 5),)))
    assert same_bits(found[21:40], ema(np.ascontiguousarray(bars["close"][21:40]))[0])


def test_leading_missing_values_only_delay() -> None:
    found = columns(declaring({"a": {"indicator": "sma", "parameters": {"timeperiod": 10}},
                               "b": {"indicator": "rsi", "inputs": ["a"], "parameters": {"timeperiod": 5}}}), market(1, 60))  # fmt: skip
    assert np.flatnonzero(np.isfinite(found["b"]))[0] == 9 + 5


@pytest.mark.parametrize("length", [0, 1, 2])
def test_a_market_too_short_has_columns_of_its_length(length: int) -> None:
    document = declaring({"macd": {"indicator": "macd"}, "f": {"formula": "crossover(sma(close, 3), open)"}})
    found = columns(document, market(1, length))
    assert {len(column) for column in found.values()} == {length}
    assert not np.isfinite(found["macd"]).any()


def test_columns_that_are_views_are_copied_to_what_talib_takes() -> None:
    bars = market(1, 200)
    found = columns(declaring({"sma": {"indicator": "sma"}}), {name: column[::2] for name, column in bars.items()})
    assert same_bits(found["sma"], resolve(Indicator("sma", (), ()))(bars["close"][::2].copy())[0])


def test_the_warm_up_is_the_longest_chain() -> None:
    document = declaring({
        "a": {"indicator": "sma", "parameters": {"timeperiod": 10}},
        "b": {"indicator": "rsi", "inputs": ["a"], "parameters": {"timeperiod": 5}},
        "c": {"formula": "shift(ema(b, $n), 2) + atr(3)"},
    }, {"n": 4})  # fmt: skip
    assert warm_up(document) == 9 + 5 + 3 + 2
    found = columns(document, market(1, 60))["c"]
    assert np.flatnonzero(np.isfinite(found))[0] == warm_up(document)
    assert warm_up(declaring({})) == 0
