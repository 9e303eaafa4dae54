"""The functions of formulas that have a meaning of their own: a fixed list, each of them causal. Indicators join them by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from assay.core.indicators import formula_past as past
from assay.core.indicators.crossing import crossed_above, crossed_below
from assay.core.indicators.entry import Floats, Outputs
from assay.core.indicators.formula_signature import TIME, Argument, Function, Takes, series, window
from assay.core.indicators.logic import chosen, known

_DAY: Final = 86_400
_THURSDAY: Final = 4
"""1970 began on one."""


def _single(compute: Callable[..., Floats]) -> Callable[..., Outputs]:
    return lambda *arguments: (compute(*arguments),)


def _each(operation: Callable[..., Floats]) -> Callable[..., Outputs]:
    """A function of one bar at a time; what is no number is missing."""
    return lambda *columns: (known(operation(*columns)),)


def _folded(operation: Callable[[Floats, Floats], Floats]) -> Callable[..., Outputs]:
    def fold(first: Floats, *others: Floats) -> Outputs:
        for other in others:
            first = operation(first, other)
        return (known(first),)

    return fold


def _calendar(unit: str, within: str) -> Callable[[Floats], Floats]:
    """Which `unit` of its `within` an instant lies in, counted from 1."""

    def told(seconds: Floats) -> Floats:
        instants = seconds.astype(np.int64).astype("datetime64[s]")
        whole = instants.astype(f"datetime64[{unit}]")
        begin = instants.astype(f"datetime64[{within}]").astype(whole.dtype)
        return np.asarray((whole - begin).astype(np.float64) + 1.0)

    return told


def _known_or(column: Floats, otherwise: Floats) -> Floats:
    return np.where(np.isfinite(column), column, otherwise)


def _last(n: int) -> int:
    return n - 1


def _before(n: int) -> int:
    return n


PRICES: Final = "Prices"
AVERAGES: Final = "Averages"
WINDOWS: Final = "Windows"
PAST: Final = "The past"
EVENTS: Final = "Events"
NUMBERS: Final = "Numbers"
MISSING: Final = "Missing values"
TIMES: Final = "Time, in UTC"

_ALL: Final = (
    Function("hl2", PRICES, (), "The middle of the bar.", _each(lambda high, low: (high + low) / 2.0), "hl2()", reads=("high", "low")),
    Function("hlc3", PRICES, (), "The mean of high, low and close.",
             _each(lambda high, low, close: (high + low + close) / 3.0), "hlc3()", reads=("high", "low", "close")),
    Function("ohlc4", PRICES, (), "The mean of open, high, low and close.",
             _each(lambda open_, high, low, close: (open_ + high + low + close) / 4.0), "ohlc4()",
             reads=("open", "high", "low", "close")),
    Function("sma", AVERAGES, series("x") + window(), "The mean of the last n values.", past.talib("SMA"), "sma(close, 20)", before=_last),
    Function("ema", AVERAGES, series("x") + window(), "The exponential average: the newest value counts 2 / (n + 1). Begins with the mean "
             "of the first n.", past.talib("EMA"), "ema(close, 12) - ema(close, 26)", before=_last),
    Function("wma", AVERAGES, series("x") + window(), "The weighted average: the newest value counts n times, the oldest once.",
             past.talib("WMA"), "wma(close, 10)", before=_last),
    Function("rma", AVERAGES, series("x") + window(), "Wilder's average: the newest value counts 1 / n.", past.talib("RMA"),
             "rma(abs(change(close)), 14)", before=_last),
    Function("rsi", WINDOWS, series("x") + window(2), "Wilder's relative strength index, 0 to 100.", past.talib("RSI"),
             "rsi(close, 14) - sma(rsi(close, 14), 9)", before=_before),
    Function("atr", WINDOWS, window(), "The average true range of the bars.", past.talib("ATR"), "atr(14) * 2.5",
             reads=("high", "low", "close"), before=_before),
    Function("sum", WINDOWS, series("x") + window(), "The sum of the last n values.", past.talib("SUM"), "sum(volume, 24)", before=_last),
    Function("highest", WINDOWS, series("x") + window(), "The largest of the last n values.", past.talib("MAX"), "highest(high, 20)",
             before=_last),
    Function("lowest", WINDOWS, series("x") + window(), "The smallest of the last n values.", past.talib("MIN"), "lowest(low, 20)",
             before=_last),
    Function("median", WINDOWS, series("x") + window(), "The median of the last n values.", _single(past.median),
             "median(volume, 30)", before=_last, walks=True),
    Function("percentrank", WINDOWS, series("x") + window(2), "How many percent of the n values before lie at or below this one.",
             past.talib("PERCENTRANK"), "percentrank(close, 100)", before=_before, walks=True),
    Function("stdev", WINDOWS, series("x") + window(2), "The standard deviation of the last n values, of the population.",
             past.talib("STDDEV", 1.0), "stdev(close, 20) / sma(close, 20)", before=_last),
    Function("slope", WINDOWS, series("x") + window(2), "How much the line of least squares through the last n values rises a bar.",
             past.talib("LINEARREG_SLOPE"), "slope(close, 14)", before=_last),
    Function("linreg", WINDOWS, series("x") + window(2), "Where the line of least squares through the last n values ends.",
             past.talib("LINEARREG"), "close - linreg(close, 14)", before=_last),
    Function("correlation", WINDOWS, series("x", "y") + window(2), "Pearson's correlation of the last n values, -1 to 1.",
             past.talib("CORREL"), "correlation(close, volume, 30)", before=_last),
    Function("shift", PAST, series("x") + window(0), "The value n bars ago. There is no looking ahead: n is 0 or more.",
             _single(past.shift), "close / shift(close, 1) - 1", before=_before),
    Function("change", PAST, series("x") + window(1, default=1), "How much larger than n bars ago.", _single(past.change),
             "change(close, 5)", before=_before),
    Function("count", PAST, series("condition") + window(), "At how many of the last n bars the condition holds.", _single(past.count),
             "count(close > open, 10)", before=_last),
    Function("cum", PAST, series("x"), "The sum of all values so far, from the first bar there is.", _single(past.cumulated),
             "cum(volume * sign(change(close)))"),
    Function("bars_since", PAST, series("condition"), "How many bars ago the condition held last; missing before it ever did.",
             _single(past.bars_since), "bars_since(rsi(close, 14) < 30)"),
    Function("value_when", PAST, (*series("condition", "x"), Argument("n", Takes.WHOLE, 0, 0)),
             "The value of x when the condition held last, or n times before that.", _single(past.value_when),
             "value_when(cross_above(close, open), low)"),
    Function("crossover", EVENTS, series("a", "b"), "1 at the bar at which a comes to lie above b; the same as cross_above.",
             _single(crossed_above), "crossover(sma(close, 10), sma(close, 30))"),
    Function("crossunder", EVENTS, series("a", "b"), "1 at the bar at which a comes to lie below b; the same as cross_below.",
             _single(crossed_below), "crossunder(close, sma(close, 30))"),
    Function("cross_above", EVENTS, series("a", "b"), "1 at the bar at which a comes to lie above b. Ties are looked through.",
             _single(crossed_above), "cross_above(close, highest(shift(high, 1), 20))"),
    Function("cross_below", EVENTS, series("a", "b"), "1 at the bar at which a comes to lie below b. Ties are looked through.",
             _single(crossed_below), "cross_below(rsi(close, 14), 70)"),
    Function("rising", EVENTS, series("x") + window(1, default=1), "1 where every one of the last n steps goes up.", _single(past.rising),
             "rising(close, 3)", before=_before),
    Function("falling", EVENTS, series("x") + window(1, default=1), "1 where every one of the last n steps goes down.",
             _single(past.falling), "falling(close, 3)", before=_before),
    Function("abs", NUMBERS, series("x"), "The value without its sign.", _each(np.abs), "abs(close - open)"),
    Function("sign", NUMBERS, series("x"), "1 above zero, -1 below it, 0 at it.", _each(np.sign), "sign(change(close))"),
    Function("sqrt", NUMBERS, series("x"), "The square root; missing below zero.", _each(np.sqrt), "sqrt(volume)"),
    Function("exp", NUMBERS, series("x"), "e to the power of x.", _each(np.exp), "exp(-bars_since(close > open))"),
    Function("log", NUMBERS, series("x"), "The natural logarithm; missing at zero and below.", _each(np.log),
             "log(close / shift(close, 1))"),
    Function("floor", NUMBERS, series("x"), "The next whole number downwards.", _each(np.floor), "floor(close / 100) * 100"),
    Function("ceil", NUMBERS, series("x"), "The next whole number upwards.", _each(np.ceil), "ceil(close / 100) * 100"),
    Function("round", NUMBERS, series("x"), "The nearest whole number; from the middle to the even one.", _each(np.rint), "round(close)"),
    Function("min", NUMBERS, series("x", "y"), "The smallest of them, bar by bar; with a whole number last, of the last n values.",
             _folded(np.minimum), "min(close, open)", more=True,
             rolled=Function("min", NUMBERS, series("x") + window(), "", past.talib("MIN"), before=_last)),
    Function("max", NUMBERS, series("x", "y"), "The largest of them, bar by bar; with a whole number last, of the last n values.",
             _folded(np.maximum), "max(high - low, abs(high - shift(close, 1)))", more=True,
             rolled=Function("max", NUMBERS, series("x") + window(), "", past.talib("MAX"), before=_last)),
    Function("clamp", NUMBERS, series("x", "low", "high"), "x, but at least low and at most high.",
             _each(lambda x, low, high: np.minimum(np.maximum(x, low), high)), "clamp(change(close) / atr(14), -3, 3)"),
    Function("where", NUMBERS, series("condition", "x", "y"), "x where the condition holds, y where it does not: `x if condition else y`.",
             _single(chosen), "where(close > open, volume, -volume)"),
    Function("nz", MISSING, (*series("x"), Argument("y", Takes.SERIES, 0)), "x, and y where x is missing.",
             _single(_known_or), "nz(bars_since(close > open), 100)"),
    Function("fill", MISSING, series("x"), "x, and its last known value where it is missing.", _single(past.filled),
             "fill(log(close - open))"),
    Function("missing", MISSING, series("x"), "1 where x is missing, 0 where it is not.",
             _single(lambda x: np.where(np.isfinite(x), 0.0, 1.0)), "missing(sma(close, 50))"),
    Function("minute", TIMES, (), "The minute of the hour at which the bar opens, 0 to 59.",
             _single(lambda seconds: np.floor(seconds / 60.0) % 60.0), "minute() == 0", reads=(TIME,)),
    Function("hour", TIMES, (), "The hour at which the bar opens, 0 to 23.", _single(lambda seconds: np.floor(seconds / 3_600.0) % 24.0),
             "hour() >= 8 and hour() < 16", reads=(TIME,)),
    Function("weekday", TIMES, (), "The day of the week on which the bar opens: 1 is Monday, 7 Sunday.",
             _single(lambda seconds: (np.floor(seconds / _DAY) + _THURSDAY - 1.0) % 7.0 + 1.0), "weekday() <= 5", reads=(TIME,)),
    Function("day", TIMES, (), "The day of the month on which the bar opens, from 1.", _single(_calendar("D", "M")), "day() == 1",
             reads=(TIME,)),
    Function("month", TIMES, (), "The month in which the bar opens: 1 is January.", _single(_calendar("M", "Y")), "month() == 12",
             reads=(TIME,)),
)  # fmt: skip

FUNCTIONS: Final[Mapping[str, Function]] = {function.name: function for function in _ALL}
