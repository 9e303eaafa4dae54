"""Series of a document become columns: computed once, shared, in the order they need each other, missing where they must be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from tests.core.indicators.market import market, same_bits

from assay.core.domain.timeframe import Timeframe
from assay.core.indicators.compute import Columns, columns, compiled, resolve, warm_up
from assay.core.indicators.entry import Outputs
from assay.core.indicators.series import Indicator
from assay.core.market.resample import Clock
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


COARSER = {
    "tide": {"indicator": "macd", "parameters": {"fastperiod": 3, "slowperiod": 5, "signalperiod": 2}, "timeframe": "4h"},
    "smooth": {"indicator": "sma", "inputs": ["tide.signal"], "parameters": {"timeperiod": 2}, "timeframe": "4h"},
    "quick": {"indicator": "sma", "parameters": {"timeperiod": 3}},
    "mixed": {"formula": "close - shift(quick, 1) + smooth", "timeframe": "12h"},
    "distance": {"formula": "close - tide.hist + max(mixed, 2)"},
    "of_both": {"indicator": "rsi", "inputs": ["distance"], "parameters": {"timeperiod": 2}, "timeframe": "1d"},
}


def times(length: int, *, holes: bool) -> Clock:
    """Hours from noon on, in the middle of a day and of no shorter bar."""
    hours = np.arange(2 * length, dtype=np.int64)
    kept = hours[np.random.default_rng(length).random(2 * length) > 0.4] if holes else hours
    return Clock(1_700_049_600_000_000_000 + kept[:length] * 3_600_000_000_000, Timeframe("1h"))


@pytest.mark.parametrize("holes", [False, True])
def test_series_of_coarser_bars_stream_bit_for_bit(holes: bool) -> None:
    document, bars, clock = declaring(COARSER), market(3, 300), times(300, holes=holes)
    whole, at_once = columns(document, bars, clock), compiled(document)
    assert np.isfinite(whole["of_both"]).sum() > 50
    for length in (0, 1, 2, *range(40, 300, 7), 300):
        first = {name: np.ascontiguousarray(column[:length]) for name, column in bars.items()}
        until = Clock(clock.ts[:length], clock.timeframe)
        for found in (columns(document, first, until), at_once(first, until.ts, {})):
            assert set(found) == set(whole)
            for name, column in whole.items():
                assert same_bits(np.ascontiguousarray(found[name]), np.ascontiguousarray(column[:length])), (name, length)


def test_a_series_of_coarser_bars_is_the_indicator_of_those_bars_one_close_late() -> None:
    clock = Clock(1_700_006_400_000_000_000 + np.arange(48, dtype=np.int64) * 3_600_000_000_000, Timeframe("1h"))
    bars = market(1, 48)
    found = columns(declaring({"a": {"indicator": "sma", "parameters": {"timeperiod": 3}, "timeframe": "4h"}}), bars, clock)["a"]
    closes = bars["close"][3::4]
    assert np.isnan(found[:11]).all()
    assert found[11] == found[14] == pytest.approx(closes[:3].mean())
    assert found[15] == pytest.approx(closes[1:4].mean())


def test_the_same_series_of_other_bars_is_another() -> None:
    one = {"indicator": "ema", "parameters": {"timeperiod": 2}}
    shared = Columns(market(1, 300), times(300, holes=False))
    found = shared.of(declaring({"a": one, "b": one | {"timeframe": "4h"}, "c": one | {"timeframe": "4h"}, "d": one | {"timeframe": "1d"}}))
    assert found["b"] is found["c"]
    assert len({found[name][-1] for name in "abd"}) == 3
    formulas = shared.of(declaring({"a": {"formula": "high"}, "b": {"formula": "high", "timeframe": "4h"}}))
    assert formulas["b"][-1] >= formulas["a"][-1]


@pytest.mark.parametrize("late", range(24))
def test_the_warm_up_of_coarser_bars_is_enough_wherever_the_data_begins(late: int) -> None:
    document, bars = declaring(COARSER), market(4, 400)
    clock = Clock(1_700_006_400_000_000_000 + np.arange(late, 400 + late, dtype=np.int64) * 3_600_000_000_000, Timeframe("1h"))
    found = columns(document, bars, clock)
    first = max(int(np.isfinite(column).argmax()) for column in found.values())
    assert 0 < first <= warm_up(document)
    assert warm_up(declaring({"a": {"formula": "close", "timeframe": "1d"}})) == 46
