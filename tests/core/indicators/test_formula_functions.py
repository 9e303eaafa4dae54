"""Every function of formulas means what its line in the catalog says, bar by bar, as a loop over the bars would have it."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.core.indicators.market import market
from tests.core.indicators.test_formula import refusal, value

from assay.core.indicators import formula
from assay.core.indicators.entry import Floats
from assay.core.indicators.formula_functions import FUNCTIONS
from assay.core.indicators.formula_indicators import find, names
from assay.core.indicators.formula_signature import TIME

LENGTH = 80
BARS: dict[str, Floats] = market(11, LENGTH)
BARS |= {TIME: np.arange(LENGTH, dtype=np.float64) * 5_400.0 + 1_709_164_800.0}  # from 29 February 2024, a Thursday, every 90 minutes
HOLES = {"open": np.array([1.0, 2, np.nan, 4, 1, 0]), "close": np.array([3.0, 1, 5, np.nan, 5, 5])}
SMALL = dict.fromkeys(("high", "low", "volume"), HOLES["close"]) | HOLES
C, H, L, V = (BARS[name] for name in ("close", "high", "low", "volume"))


def over(window: int, of: Callable[[list[float]], float], column: Floats = C, before: int = 0) -> Floats:
    """`of` the last `window` values, the newest last, from the bar on that has `before` more."""
    expected = np.full(LENGTH, np.nan)
    for row in range(window - 1 + before, LENGTH):
        expected[row] = of(column[row + 1 - window : row + 1].tolist())
    return expected


def line(values: list[float]) -> tuple[float, float]:
    fitted = statistics.linear_regression(range(len(values)), values)
    return fitted.slope, fitted.intercept + fitted.slope * (len(values) - 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hl2()", (H + L) / 2),
        ("hlc3()", (H + L + C) / 3),
        ("ohlc4() * 4 - open", H + L + C),
        ("sma(close, 5)", over(5, statistics.fmean)),
        ("wma(close, 3)", over(3, lambda w: (w[0] + 2 * w[1] + 3 * w[2]) / 6)),
        ("sum(close, 7)", over(7, math.fsum)),
        ("highest(high, 6)", over(6, max, H)),
        ("lowest(low, 6)", over(6, min, L)),
        ("lowest(low, 1)", L),
        ("median(close, 6)", over(6, statistics.median)),
        ("median(close, 1)", C),
        ("percentrank(close, 9)", over(10, lambda w: 100 * sum(x <= w[-1] for x in w[:-1]) / 9)),
        ("stdev(close, 8)", over(8, statistics.pstdev)),
        ("slope(close, 9)", over(9, lambda w: line(w)[0])),
        ("linreg(close, 9)", over(9, lambda w: line(w)[1])),
        ("shift(close, 2)", over(3, lambda w: w[0])),
        ("change(close)", over(2, lambda w: w[1] - w[0])),
        ("change(close, n = 4)", over(5, lambda w: w[-1] - w[0])),
        ("count(close > 100, 5)", over(5, lambda w: sum(x > 100 for x in w))),
        ("rising(close, 2)", over(3, lambda w: w[0] < w[1] < w[2])),
        ("falling(close)", over(2, lambda w: w[1] < w[0])),
        ("cum(close)", np.array([math.fsum(C[: row + 1]) for row in range(LENGTH)])),
        ("sign(close - open)", np.sign(C - BARS["open"])),
        ("exp(close / 100)", np.exp(C / 100)),
        ("floor(close) + ceil(close) + round(close)", np.floor(C) + np.ceil(C) + np.round(C)),
        ("min(close, open, low)", L),
        ("max(close, open, high, 0)", H),
        ("max(close, 4)", over(4, max)),
        ("clamp(close, 99, 101)", np.clip(C, 99, 101)),
        ("where(close > open, 1, -1)", np.where(BARS["open"] < C, 1, -1)),
        ("1 if close > open else -1 if close < open else 0", np.sign(C - BARS["open"])),
        ("close % 7", C % 7),
        ("minute()", np.arange(LENGTH) % 2 * 30),
        ("hour()", np.arange(LENGTH) * 90 // 60 % 24),
        ("weekday()", (np.arange(LENGTH) * 90 // 1440 + 3) % 7 + 1),
        ("day()", np.array([29, 1, 2, 3, 4])[np.arange(LENGTH) * 90 // 1440]),
        ("month()", np.array([2, 3, 3, 3, 3])[np.arange(LENGTH) * 90 // 1440]),
    ],
)
def test_a_function_is_what_a_loop_would_have(text: str, expected: Any) -> None:
    np.testing.assert_allclose(value(text, BARS), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cross_above(close, open)", "0 0 nan nan 0 0"),
        ("cross_below(close, open)", "0 1 nan nan 0 0"),
        ("bars_since(close == 5)", "nan nan 0 nan 0 0"),
        ("bars_since(close == 3)", "0 1 2 nan nan nan"),
        ("value_when(close == 5, open)", "nan nan nan nan 1 0"),
        ("value_when(close > 0, open, 1)", "nan 1 2 nan nan 1"),
        ("cum(open)", "1 3 nan 4 5 5"),
        ("count(open > 1, 2)", "nan 1 nan nan 1 0"),
        ("fill(open)", "1 2 2 4 1 0"),
        ("nz(open)", "1 2 0 4 1 0"),
        ("nz(open, close)", "1 2 5 4 1 0"),
        ("missing(open) + missing(close)", "0 0 1 1 0 0"),
        ("close if open > 1 else 0", "0 1 nan nan 0 0"),
        ("where(1, open, close)", "1 2 nan 4 1 0"),
        ("not missing(open) and open > 1", "0 1 0 1 0 0"),
    ],
)  # fmt: skip
def test_what_is_missing_is_dealt_with_as_it_is_said(text: str, expected: str) -> None:
    np.testing.assert_array_equal(value(text, SMALL), np.array(expected.split(), dtype=np.float64))


def test_an_indicator_is_called_by_its_name_with_its_inputs_or_without() -> None:
    entry = find("macd")
    assert entry is not None
    macd, signal, hist = entry.compute(C, 12, 26, 9)
    for text in (
        "macd(close)",
        "macd()",
        "macd(12, 26)",
        "macd(close, 12, 26, 9).macd",
        "macd(slowperiod = 26)",
        "macd(close, signalperiod=9)",
    ):
        np.testing.assert_array_equal(value(text, BARS), macd)
    np.testing.assert_array_equal(value("macd(close).signal", BARS), signal)
    np.testing.assert_array_equal(value("macd().hist", BARS), hist)
    np.testing.assert_array_equal(value("adx(high, low, close, 9)", BARS), value("adx(9)", BARS))


def test_what_is_called_twice_is_computed_once() -> None:
    compiled = formula.compiled("macd().macd - macd().signal + (rsi(close, 14) - sma(rsi(close, 14), 9))")
    assert len(compiled.repeated) == 4
    assert len(set(compiled.repeated.values())) == 2


def test_the_columns_that_a_function_reads_are_among_its_names() -> None:
    assert formula.compiled("atr(14) + obv()").names == ("high", "low", "close", "volume")
    assert formula.compiled("hour() + $k").tells_time


def test_the_warm_up_of_a_call_is_its_own_and_that_of_what_it_reads() -> None:
    rows = {"close": 0, "open": 3}
    for text, before in (("sma(rsi(close, 14), 9)", 22), ("sma(open, 5)", 7), ("macd()", 33), ("close if shift(close, 4) else open", 4)):
        assert formula.compiled(text).lookback(rows, {}) == before


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("smaa(close, 3)", "col 1-4", "did you mean 'sma'"),
        ("ta.sma(close, 3)", "col 1-6", "did you mean 'sma'"),
        ("clsoe + 1", "col 1-5", "did you mean 'close'"),
        ("close * $lenght", "col 9-15", "did you mean '$length'"),
        ("macd(close).sginal", "col 12-18", "did you mean 'signal'"),
        ("close.signal", "col 1-12", "is not a series"),
        ("macd(close, fastpriod = 3)", "col 13-21", "did you mean 'fastperiod'"),
        ("macd(close, 12, fastperiod = 3)", "col 17-26", "given twice"),
        ("macd(fastperiod = 3, close)", "col 22-26", "without a name"),
        ("adx(high, 14)", "col 1-3", "write adx(high, low, close, timeperiod = 14"),
        ("sma(close, high - low)", "col 12-21", "the same at every bar"),
        ("bbands(close, 20, close)", "col 19-23", "takes a number"),
        ("sma(close,\n    20.5)", "line 2 col 5-8", "20.5 cannot be n"),
        ("close +\n  (high", "line 2 col 8", "')' or an operator was expected"),
        ("sma(close 3)", "col 11", "',', ')' or an operator was expected"),
        ("sma(close,)", "col 11", "an argument was expected"),
        ("1 if close", "col 11", "`else` was expected"),
        ("close ? 1 : 2", "col 7", "this if condition else that"),
        ("close && open", "col 7", "and, or, not"),
        ("close[1]", "col 6", "shift(x, n)"),
        ("shift(close, -1)", "col 14-15", "0 to 10,000"),
        ("cum(close) + sum(close)", "col 14-16", "sum got 1 argument; write sum(x, n)"),
        ("mavp()", "col 1-4", "write mavp(close, periods"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_what_was_expected(text: str, where: str, message: str) -> None:
    error = refusal(text, length=5)
    assert (error.where(text), message in error.message) == (where, True), error.message


@pytest.mark.parametrize("name", names())
def test_every_function_can_be_called_as_its_example_or_its_signature_says(name: str) -> None:
    function = find(name)
    assert function is not None
    text = function.example or f"{name}({', '.join('close' for argument in function.arguments if argument.default is None)})"
    compiled = formula.compiled(text)
    compiled.check(BARS.__contains__, {})
    assert len(compiled.evaluate(BARS, {})) == LENGTH


def test_every_own_function_has_an_example_of_itself_and_a_meaning() -> None:
    for name, function in FUNCTIONS.items():
        assert function.name == name
        assert f"{name}(" in function.example
        assert function.meaning.endswith((".", "`."))
