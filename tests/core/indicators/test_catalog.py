"""The catalog lists what there is, truthfully: bounds that TA-Lib accepts, look-backs that come true, names one can write."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pytest
from tests.core.indicators.market import market

from assay.core.indicators import catalog
from assay.core.indicators.entry import Kind

IDS = catalog.ids()


def test_the_catalog_has_all_of_talib_and_our_own() -> None:
    assert len(IDS) > 200
    assert {"sma", "ema", "rsi", "macd", "bbands", "atr", "stoch", "obv", "cdldoji"} <= set(IDS)
    assert {"vwap", "supertrend", "donchian", "keltner", "ichimoku", "heikin_ashi", "zscore"} <= set(IDS)
    assert len(catalog.all_indicators()) == len(IDS)


def test_positions_in_the_history_are_no_indicators() -> None:
    for indicator in ("maxindex", "minindex", "minmaxindex"):
        assert catalog.find(indicator) is None


@pytest.mark.parametrize("name", ["", "SMA", "sma ", "s.m.a", "nope", "ſma", "__class__"])
def test_what_is_not_listed_is_not_found(name: str) -> None:
    assert catalog.find(name) is None


def test_outputs_have_short_names_that_start_with_the_main_one() -> None:
    outputs = {entry.id: entry.outputs for entry in catalog.all_indicators()}
    assert outputs["macd"] == ("macd", "signal", "hist")
    assert outputs["bbands"] == outputs["keltner"] == outputs["donchian"] == ("upper", "middle", "lower")
    assert outputs["stoch"] == outputs["stochrsi"] == ("k", "d")
    assert outputs["ichimoku"] == ("tenkan", "kijun", "senkou_a", "senkou_b")
    assert outputs["heikin_ashi"] == ("open", "high", "low", "close")
    assert outputs["supertrend"] == ("supertrend", "trend")
    assert outputs["sma"] == ("value",)
    for names in outputs.values():
        assert len(set(names)) == len(names)
        assert all(re.fullmatch("[a-z][a-z0-9_]*", name) for name in names)


def test_inputs_are_columns_of_the_bars() -> None:
    columns = {"open", "high", "low", "close", "volume"}
    assert [entry.id for entry in catalog.all_indicators() if not columns.issuperset(entry.inputs)] == ["mavp"]


@pytest.mark.parametrize("indicator", IDS)
def test_an_indicator_answers_within_its_bounds_and_after_its_lookback(indicator: str) -> None:
    entry = catalog.find(indicator)
    assert entry is not None
    bars = market(3, 300)
    bars["periods"] = np.full(300, 5.0)
    inputs = [bars[name] for name in entry.inputs]
    for spec in entry.parameters:
        assert spec.low <= spec.default <= spec.high
        for end in (spec.low, spec.high):
            values = entry.values({spec.name: end})
            if entry.lookback(*values) >= 0:
                entry.function(*inputs, *values)
    outputs = entry.function(*inputs, *entry.values({}))
    assert len(outputs) == len(entry.outputs)
    for output in outputs:
        assert output.dtype == np.float64
        assert output.flags.c_contiguous
        known = np.flatnonzero(np.isfinite(output))
        if indicator == "ichimoku":  # its fast lines are known before its slow one
            assert output is not outputs[3] or known[0] == entry.lookback(9, 26, 52)
        elif len(known):
            assert known[0] >= entry.lookback(*entry.values({}))


def test_periods_are_whole_and_averages_are_chosen_by_number() -> None:
    bbands = catalog.find("bbands")
    assert bbands is not None
    assert [spec.kind for spec in bbands.parameters] == [Kind.INTEGER, Kind.REAL, Kind.REAL, Kind.MA_TYPE]
    assert [type(value) for value in bbands.values({"timeperiod": 20.0, "nbdevup": 2})] == [int, float, float, int]


def test_the_marks_of_unstable_indicators_are_talibs() -> None:
    unstable = {entry.id for entry in catalog.all_indicators() if entry.unstable}
    assert {"ema", "rsi", "atr", "adx", "obv", "sar", "supertrend"} <= unstable
    assert not {"sma", "bbands", "max", "stddev", "vwap"} & unstable


def test_importing_the_catalog_imports_no_talib() -> None:
    code = "import sys, assay.core.indicators.catalog, assay.core.strategy.parse; sys.exit('talib' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
