"""Indicators agree with what others published: TA-Lib's own regression tables, Stock.Indicators, vectorbt and Plotly.

Each test says where a source means something else by the same name; those columns are compared as far as they mean the same.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.shared_data import shared

from assay.core.indicators.compute import resolve
from assay.core.indicators.entry import Floats
from assay.core.indicators.series import Indicator

AVERAGES = ["SMA", "EMA", "WMA", "DEMA", "TEMA", "TRIMA", "KAMA", "MAMA", "T3"]


def run(indicator: str, bars: dict[str, Floats], inputs: tuple[str, ...] = (), **parameters: Any) -> dict[str, Floats]:
    resolved = resolve(Indicator(indicator, inputs, tuple(sorted(parameters.items()))))
    outputs = resolved(*(bars[name] for name in resolved.inputs))
    return dict(zip(resolved.entry.outputs, outputs, strict=True))


def floats(values: Any) -> Floats:
    return np.array([float(value) for value in values])


def called(case: dict[str, Any]) -> tuple[str, tuple[str, ...], dict[str, float], list[str]] | None:
    """The catalog's indicator for a row of TA-Lib's tables: id, inputs, parameters and the outputs that it lists."""
    name = case.get("theFunction") or case.get("id") or case.get("testId") or ""
    match case["file"]:
        case "test_ma" if "AMA_TEST" in name or case["optInMAType_1"].endswith("_MAMA"):
            return "mama", ("median",), {}, ["fama" if "FAMA" in name else "mama"]
        case "test_ma":
            return "ma", (), {"timeperiod": case["optInTimePeriod"], "matype": AVERAGES.index(case["optInMAType_1"][10:])}, ["value"]
        case "test_macd":
            periods = {"fastperiod": case["optInFastPeriod"], "slowperiod": case["optInSlowPeriod"]}
            return "macd", (), periods | {"signalperiod": case["optInSignalPeriod_2"]}, ["macd", "signal", "hist"]
        case "test_bbands":
            widths = {"nbdevup": case["optInNbDevUp"], "nbdevdn": case["optInNbDevDn"]}
            average = AVERAGES.index(case["optInMethod_3"][10:])
            return "bbands", (), {"timeperiod": case["optInTimePeriod"], "matype": average} | widths, ["upper", "middle", "lower"]
        case "test_stddev":
            return "stddev", (), {"timeperiod": case["optInTimePeriod"], "nbdev": case["optInNbDeviation_1"]}, ["value"]
        case "test_trange":
            return ("atr", (), {"timeperiod": case["optInTimePeriod"]}, ["value"]) if case["doAverage"] else ("trange", (), {}, ["value"])
        case "test_minmax" if name in ("TA_MAX_TEST", "TA_MIN_TEST"):
            return name[3:-5].lower(), ("open",), {"timeperiod": case["optInTimePeriod"]}, ["value"]
        case "test_minmax":
            return None  # positions, which are no indicators here, and one row that mixes two outputs
        case _:
            return name[3:-5].lower(), (), {"timeperiod": case["optInTimePeriod"]}, ["value"]


def test_talibs_own_tables_come_out() -> None:
    """Rows that run over the whole history with TA-Lib's default settings; the others test arguments that a strategy has not."""
    listed = json.loads(shared("reference/talib_regression.json").read_text())
    bars = {name: np.array(column, dtype=np.float64) for name, column in listed["data"].items()}
    bars["median"] = (bars["high"] + bars["low"]) / 2.0
    compared = 0
    for case in listed["cases"]:
        whole = case["expectedRetCode"] == "TA_SUCCESS" and (case["startIdx"], case["endIdx"]) == (0, 251)
        default = case.get("unstablePeriod", 0) == 0 and case.get("compatibility", "TA_COMPATIBILITY_DEFAULT").endswith("DEFAULT")
        call = called(case) if whole and default else None
        if call is None:
            continue
        indicator, inputs, parameters, outputs = call
        found = run(indicator, bars, inputs, **parameters)
        for number, output in enumerate(outputs):
            suffix = "" if "oneOfTheExpectedOutReal" in case else str(number)
            row = case["expectedBegIdx"] + case[f"oneOfTheExpectedOutRealIndex{suffix}"]
            assert not np.isfinite(found[output][: case["expectedBegIdx"]]).any(), case
            assert found[output][row] == pytest.approx(case[f"oneOfTheExpectedOutReal{suffix}"], abs=0.01), case
        compared += 1
    assert compared > 110


STOCK_INDICATORS: list[tuple[str, str, str, dict[str, float]]] = [
    ("sma.sma", "sma", "value", {"timeperiod": 20}),
    ("ema.ema", "ema", "value", {"timeperiod": 20}),
    ("wma.wma", "wma", "value", {"timeperiod": 14}),
    ("smma.smma", "rma", "value", {"timeperiod": 20}),
    ("vwma.vwma", "vwma", "value", {"timeperiod": 14}),
    ("rsi.rsi", "rsi", "value", {}),
    ("bb.upperBand", "bbands", "upper", {}),
    ("bb.sma", "bbands", "middle", {}),
    ("bb.lowerBand", "bbands", "lower", {}),
    ("bb.zScore", "zscore", "value", {}),
    ("stdev.stdDev", "stddev", "value", {"timeperiod": 14}),
    ("stdev.zScore", "zscore", "value", {"timeperiod": 14}),
    ("atr.atr", "atr", "value", {}),
    ("tr.tr", "trange", "value", {}),
    ("stoch.k", "stoch", "k", {"fastk_period": 14}),
    ("stoch.d", "stoch", "d", {"fastk_period": 14}),
    ("stoch.j", "kdj", "j", {"fastk_period": 14, "slowk_matype": 0, "slowd_matype": 0}),
    ("roc.momentum", "mom", "value", {"timeperiod": 14}),
    ("roc.roc", "roc", "value", {"timeperiod": 14}),
    ("cci.cci", "cci", "value", {"timeperiod": 20}),
    ("willr.williamsR", "willr", "value", {}),
    ("adl.adl", "ad", "value", {}),
    ("mfi.mfi", "mfi", "value", {}),
    ("heikinashi.open", "heikin_ashi", "open", {}),
    ("heikinashi.high", "heikin_ashi", "high", {}),
    ("heikinashi.low", "heikin_ashi", "low", {}),
    ("heikinashi.close", "heikin_ashi", "close", {}),
]


def stock_indicators() -> tuple[pl.DataFrame, dict[str, Floats]]:
    table = pl.read_parquet(shared("reference/stock_indicators_standard.parquet"))
    return table, {name: table[name].to_numpy().astype(np.float64) for name in ("open", "high", "low", "close", "volume")}


@pytest.mark.parametrize(("column", "indicator", "output", "parameters"), STOCK_INDICATORS)
def test_stock_indicators_agree(column: str, indicator: str, output: str, parameters: dict[str, Any]) -> None:
    """To a millionth of a millionth, from the first row that we answer (their fast stochastic line starts two rows earlier)."""
    table, bars = stock_indicators()
    found = run(indicator, bars, **parameters)[output]
    rows = np.isfinite(found)
    assert rows.sum() > 450
    np.testing.assert_allclose(found[rows], table[column].to_numpy()[rows], rtol=1e-11, atol=1e-11)


def test_stock_indicators_agree_but_for_where_they_begin() -> None:
    """Their MACD seeds its fast average earlier and forgets it within a year; their OBV begins at 0, TA-Lib's at the first volume.

    Their Donchian channel ends at the bar before, TA-Lib's (and TradingView's) includes the bar itself.
    """
    table, bars = stock_indicators()
    macd = run("macd", bars)
    for ours, theirs in (("macd", "macd"), ("signal", "signal"), ("hist", "histogram")):
        np.testing.assert_allclose(macd[ours][-100:], table[f"macd.{theirs}"].to_numpy()[-100:], atol=1e-10)
    obv = run("obv", bars)["value"]
    np.testing.assert_allclose(obv - bars["volume"][0], table["obv.obv"].to_numpy(), rtol=1e-12)
    donchian = run("donchian", bars, timeperiod=20)
    for ours, theirs in (("upper", "upperBand"), ("middle", "centerline"), ("lower", "lowerBand")):
        np.testing.assert_allclose(donchian[ours][19:-1], table[f"donchian.{theirs}"].to_numpy()[20:], rtol=1e-12)


def test_plotlys_bands_of_the_typical_price_come_out() -> None:
    """Printed with seven digits after the point; their first rows were computed from prices before the file begins."""
    listed = json.loads(shared("reference/plotly_aapl_bbands.json").read_text())
    bars = pl.read_parquet(shared("candles/stock_AAPL_1d_2015-2017_plotly.parquet"))
    typical = {"close": ((bars["high"] + bars["low"] + bars["close"]) / 3.0).to_numpy()}
    found = run("bbands", typical)
    for column, output in ((2, "lower"), (3, "middle"), (4, "upper")):
        published = floats(row[column] for row in listed["rows"])
        np.testing.assert_allclose(found[output][19:], published[19:], atol=1e-7)


def vectorbt(test: str, attribute: str) -> Floats:
    """A published table, one column a combination of parameters."""
    listed = json.loads(shared("reference/vectorbt_indicators.json").read_text())
    for case in listed["cases"]:
        if case["test"] == f"TestBasic.test_{test}" and case["expression"].endswith(f").{attribute}"):
            rows = case["expected"]
            return np.array([[float(value) for value in (row if isinstance(row, list) else [row])] for row in rows])
    raise AssertionError(f"no table for {test}.{attribute}")


CLOSE = np.array([1.0, 2.0, 3.0, 4.0, 3.0, 2.0, 1.0])
TINY = {"close": CLOSE, "high": CLOSE * 1.1, "low": CLOSE * 0.9, "volume": np.array([4.0, 3.0, 2.0, 1.0, 2.0, 3.0, 4.0])}


def test_vectorbts_simple_tables_come_out() -> None:
    """The columns with simple averages. Its exponential ones are pandas' `ewm`, seeded with the first price, TA-Lib's with a mean.

    Its RSI and ATR average simply or by `ewm`, TA-Lib's by Wilder's rule: they are other indicators and not compared.
    """
    np.testing.assert_allclose(run("sma", TINY, timeperiod=2)["value"], vectorbt("MA", "ma")[:, 0])
    np.testing.assert_allclose(run("sma", TINY, timeperiod=3)["value"], vectorbt("MA", "ma")[:, 2])
    np.testing.assert_allclose(run("stddev", TINY, timeperiod=2)["value"], vectorbt("MSTD", "mstd")[:, 0], atol=1e-8)
    np.testing.assert_allclose(run("stddev", TINY, timeperiod=3)["value"], vectorbt("MSTD", "mstd")[:, 2], atol=1e-8)
    for column, (period, width) in {0: (2, 2.0), 1: (2, 3.0), 4: (3, 2.0), 5: (3, 3.0)}.items():
        bands = run("bbands", TINY, timeperiod=period, nbdevup=width, nbdevdn=width)
        for output in ("upper", "middle", "lower"):
            np.testing.assert_allclose(bands[output], vectorbt("BBANDS", output)[:, column], atol=1e-8)
    # Its first true range is high - low of the first bar; TA-Lib's needs the close before it.
    np.testing.assert_allclose(run("trange", TINY)["value"][1:], vectorbt("ATR", "tr")[1:, 0], atol=1e-8)
    np.testing.assert_allclose(run("obv", TINY)["value"], vectorbt("OBV", "obv")[:, 0])


def test_vectorbts_stochastic_comes_out() -> None:
    """Its %K is TA-Lib's fast one; %D with a simple average."""
    for column, (k, d) in {0: (2, 2), 2: (2, 3), 4: (3, 2), 6: (3, 3)}.items():
        found = run("stochf", TINY, fastk_period=k, fastd_period=d)
        rows = np.isfinite(found["d"])  # TA-Lib shows %K only where it knows %D
        assert rows.sum() == len(CLOSE) - k - d + 2
        np.testing.assert_allclose(found["k"][rows], vectorbt("STOCH", "percent_k")[rows, column], atol=1e-8)
        np.testing.assert_allclose(found["d"][rows], vectorbt("STOCH", "percent_d")[rows, column], atol=1e-8)
