"""Law 4: an indicator fed one bar at a time, over the history so far, gives its series bit for bit.

Streaming is the same call over a longer history, so this is a claim about every function of the catalog, with any parameters; a simple
average goes on from the bar before.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.indicators.market import market, same_bits
from tests.core.indicators.test_columns import declaring

from assay.core.domain.timeframe import MINUTE_NS, Timeframe
from assay.core.indicators import catalog
from assay.core.indicators.compute import columns, compiled, resolve
from assay.core.indicators.entry import Entry, Floats, Kind, ParameterSpec
from assay.core.indicators.formula_functions import FUNCTIONS
from assay.core.indicators.formula_signature import Function, Takes
from assay.core.indicators.series import Indicator
from assay.core.indicators.streams import RunningMean
from assay.core.market.bars import Ints
from assay.core.market.history import History
from assay.core.market.resample import Clock

MA_TYPES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13]


def some_value(spec: ParameterSpec, random: np.random.Generator) -> float:
    match spec.kind:
        case Kind.INTEGER:
            return int(random.integers(int(spec.low), 25))
        case Kind.MA_TYPE:
            return int(random.choice(MA_TYPES))
        case Kind.REAL:
            return float(random.uniform(max(spec.low, -3.0), min(spec.high, 3.0)))


def parameters_of(entry: Entry, trial: int) -> tuple[tuple[str, float], ...]:
    """The defaults first, then whatever goes together."""
    random = np.random.default_rng(trial)
    for _ in range(20 if trial else 0):
        drawn = {spec.name: some_value(spec, random) for spec in entry.parameters}
        if entry.lookback(*entry.values(drawn)) >= 0:
            return tuple(sorted(drawn.items()))
    return ()


@pytest.mark.parametrize("indicator", catalog.ids())
def test_every_indicator_streams_bit_for_bit(indicator: str) -> None:
    entry = catalog.find(indicator)
    assert entry is not None
    for trial in range(4):
        resolved = resolve(Indicator(indicator, (), parameters_of(entry, trial)))
        bars: dict[str, Floats] = market(trial, 220, ties=trial % 2 == 1)
        bars["periods"] = np.random.default_rng(trial).integers(2, 30, 220).astype(np.float64)
        inputs = [bars[name] for name in resolved.inputs]
        series = resolved(*inputs)
        for length in (*range(1, 30), *range(30, 220, 7)):
            streamed = resolved(*(np.ascontiguousarray(column[:length]) for column in inputs))
            for one, other in zip(streamed, series, strict=True):
                assert same_bits(one, np.ascontiguousarray(other[:length])), (resolved.values, length)


@given(st.integers(0, 1_000), st.integers(1, 40), st.integers(1, 300), st.sampled_from([1e-9, 1.0, 1e9]))
def test_a_simple_average_goes_on_from_any_bar_bit_for_bit(seed: int, period: int, start: int, unit: float) -> None:
    average = resolve(Indicator("sma", (), (("timeperiod", max(period, 2)),)))
    buffer = np.random.default_rng(seed).lognormal(0.0, 3.0, 320) * unit
    stream = RunningMean(lambda column: average(column)[0], max(period, 2))
    series = average(buffer)[0]
    for length in range(start, 320):
        assert same_bits(stream(buffer[:length]), np.ascontiguousarray(series[:length])), length
    assert same_bits(stream(buffer[:start]), np.ascontiguousarray(series[:start]))


def test_histories_that_part_have_averages_of_their_own() -> None:
    declared = declaring({"average": {"indicator": "sma", "parameters": {"timeperiod": 3}}}, {})
    series = compiled(declared)
    common = History.empty()
    for bar in range(1_020):
        common = common.append(bar, 1.0, 1.0, 1.0, 0.1 * bar, 1.0)
        series(common.columns(), common.ts, common.memo)
    for step in (0.3, 0.7):  # past the first buffer's end, and back to where they parted
        parted = common
        for bar in range(20):
            parted = parted.append(1_020 + bar, 1.0, 1.0, 1.0, step * bar, 1.0)
            columns_now = parted.columns()
            expected = columns(declared, columns_now)["average"]
            assert same_bits(np.ascontiguousarray(series(columns_now, parted.ts, parted.memo)["average"]), expected)


WINDOW = st.integers(2, 12)
LEAF = st.sampled_from(["open", "high", "low", "close", "volume", "macd.signal", "2", "0.5", "$k", "hl2()", "hour()", "weekday()", "day()"])
OUTPUTS = {
    f"{entry.id}.{output}": (entry.id, output)
    for entry in catalog.all_indicators()
    if entry.id not in {"mavp", *FUNCTIONS}
    for output in entry.outputs
}


def extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Every form of the grammar and every function, by its signature."""
    binary = st.sampled_from(["+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "and", "or"])
    return st.one_of(
        st.builds("({} {} {})".format, inner, binary, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("({}({}))".format, st.sampled_from(["not ", "-"]), inner),
        st.builds("{} ** {}".format, inner.map("({})".format), st.sampled_from(["2", "-1", "0.5", "$k"])),
        st.builds("max({}, {})".format, inner, WINDOW),
        st.sampled_from(sorted(FUNCTIONS)).flatmap(lambda name: called(FUNCTIONS[name], inner)),
        st.sampled_from(sorted(OUTPUTS.values())).map("{0[0]}().{0[1]}".format),
        st.builds(
            "rma({}(timeperiod = {}), 3)".format, st.sampled_from(["adx", "bbands", "cci", "linearreg", "vwma", "percentile"]), WINDOW
        ),
    )


def called(function: Function, inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    arguments = [inner.map("({} * 1.0)".format) if argument.takes is Takes.SERIES else WINDOW.map(str) for argument in function.arguments]
    return st.tuples(*arguments).map(lambda written: f"{function.name}({', '.join(written)})")


FORMULAS = st.recursive(LEAF, extend, max_leaves=6)


def computed(text: str, bars: dict[str, Floats]) -> dict[str, Floats]:
    series: dict[str, Any] = {"macd": {"indicator": "macd", "parameters": {"fastperiod": 3, "slowperiod": 6, "signalperiod": 3}}}
    series["f"] = {"formula": text}
    series["of_f"] = {"indicator": "ema", "inputs": ["f"], "parameters": {"timeperiod": 4}}
    return columns(declaring(series, {"k": 3}), bars, Clock(opens(len(bars["close"])), Timeframe.parse("1h")))


def opens(length: int) -> Ints:
    """Open times of hourly bars, the weekends left out."""
    hours = np.arange(2 * length + 48, dtype=np.int64)
    return hours[(hours // 24 + 3) % 7 < 5][:length] * 60 * MINUTE_NS


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_the_example_of_every_function_streams_bit_for_bit(function: str) -> None:
    streams_bit_for_bit(FUNCTIONS[function].example, 7)


@given(FORMULAS, st.integers(0, 50))
def test_a_formula_streams_bit_for_bit(text: str, seed: int) -> None:
    streams_bit_for_bit(text, seed)


def streams_bit_for_bit(text: str, seed: int) -> None:
    bars = market(seed, 64, ties=seed % 2 == 1)
    bars["close"][seed] = np.nan
    declared = declaring({"f": {"formula": text.replace("macd.signal", "low")}}, {"k": 3})
    stream = compiled(declared)
    series = columns(declared, bars, Clock(opens(64), Timeframe.parse("1h")))["f"]
    for length in range(1, 65):
        history = {name: column[:length] for name, column in bars.items()}
        assert same_bits(stream(history, opens(64)[:length], {})["f"], np.ascontiguousarray(series[:length])), length


@given(FORMULAS, st.integers(0, 50), st.integers(1, 79))
def test_poisoning_the_future_changes_nothing_earlier(text: str, seed: int, length: int) -> None:
    bars = market(seed, 80, ties=seed % 2 == 1)
    bars["close"][seed] = np.nan
    whole = computed(text, bars)
    random = np.random.default_rng(seed)
    poison = np.array([np.nan, np.inf, -np.inf, 0.0, 1e308, -5.0])
    for column in bars.values():
        column[length:] = random.choice(poison, 80 - length)
    poisoned = computed(text, bars)
    cut = computed(text, {name: column[:length] for name, column in bars.items()})
    for name, column in whole.items():
        earlier = np.ascontiguousarray(column[:length])
        if name not in bars:
            assert same_bits(earlier, np.ascontiguousarray(poisoned[name][:length])), name
        assert same_bits(earlier, np.ascontiguousarray(cut[name])) or name in bars, name
