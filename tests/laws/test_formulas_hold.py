"""Law: whatever is written as a formula is refused with its place, or is a column: no other exception, no warning, no unbounded work."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.core.indicators.market import market
from tests.laws.test_stream_is_series import FORMULAS
from tests.shared_data import shared

from assay.core.indicators import formula
from assay.core.indicators.entry import Floats
from assay.core.indicators.formula import MOST_STEPS, Compiled
from assay.core.indicators.formula_indicators import names
from assay.core.indicators.formula_signature import TIME
from assay.core.indicators.formula_tokens import LONGEST, FormulaError
from assay.core.indicators.formula_tree import MOST_TOKENS

LENGTH = 40
BARS: dict[str, Floats] = market(3, LENGTH)
BARS |= {TIME: np.arange(LENGTH, dtype=np.float64) * 3_600.0, "macd.signal": np.full(LENGTH, np.nan)}
BARS["odd"] = np.resize([0.0, -1e308, 1e308], LENGTH)
PARAMETERS = {"k": 3.0, "n": 12}
PIECES = (
    *names(), *BARS, *("+-*/%(),.<>=$ \n\t[]'\"?:;&|!~`@#\\é\x00"), "**", "==", "<=", "and", "or", "not", " if ", " else ", "$k", "$n",
    "$x", "0", "1", "2", "14", "1e999", "1e-320", ".5", "10001", "0x1", "__class__", "lambda", ".signal",
    ".upper", "timeperiod=", "n = ", "x=",
)  # fmt: skip
NOISE = st.one_of(
    st.text(max_size=40),
    st.binary(max_size=40).map(lambda raw: raw.decode("latin-1")),
    st.lists(st.sampled_from(PIECES), max_size=14).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join),
)
CALLS = st.builds(
    "{}({})".format,
    st.sampled_from(names()),
    st.lists(st.sampled_from(["close", "odd", "high - low", "2", "14", "0.5", "-1", "$k", "$n", "fastperiod=3", "n=2"]), max_size=5).map(
        ", ".join
    ),
)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A formula of the grammar with a piece of it replaced."""
    text = draw(FORMULAS)
    start = draw(st.integers(0, len(text)))
    return text[:start] + draw(st.one_of(st.sampled_from(PIECES), st.text(max_size=3))) + text[start + draw(st.integers(0, 3)) :]


@given(st.one_of(NOISE, FORMULAS, CALLS, damaged()))
@example("odd * odd - odd * odd")
@example("shift(close, 10000)")
@example("macdext(close, 2, 13, 2, 13, 1, 13)")
@example("(" * 2_000)
@example("close" + " if close else close" * 40)
def test_any_text_is_refused_with_its_place_or_is_a_column(text: str) -> None:
    compiled, error = read(text)
    if error:
        assert 0 <= error.place.start < error.place.end <= max(len(text), 1) + 1, error.place
        assert error.code in ("syntax", "unknown", "arguments", "limit")
        assert error.message
    if not compiled:
        return
    assert compiled.steps(PARAMETERS) <= MOST_STEPS
    assert compiled.lookback(dict.fromkeys(BARS, 0), PARAMETERS) >= 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        column = compiled.evaluate(BARS, PARAMETERS)
    assert (column.dtype.name, len(column)) == ("float64", LENGTH)
    assert not np.isinf(column).any()


def read(text: str) -> tuple[Compiled | None, FormulaError | None]:
    try:
        compiled = formula.compiled(text)
        compiled.check(BARS.__contains__, PARAMETERS)
    except FormulaError as error:
        return None, error
    return compiled, None


@pytest.mark.parametrize(
    "text",
    [
        "+".join(f"percentile(close, {window})" for window in range(5_000, 5_010)),
        "+".join(f"sma(close, {window})" for window in range(10, 80)),
        "x" * (LONGEST + 1),
        "+".join("1" * (MOST_TOKENS // 2 + 1)),
        "(" * 33 + "close" + ")" * 33,
        "sma(" * 33 + "close" + ", 2)" * 33,
        "sma(close, 10001)",
    ],
)
def test_no_formula_makes_more_work_than_is_said(text: str) -> None:
    with pytest.raises(FormulaError) as refused:
        formula.compiled(text).check(BARS.__contains__, PARAMETERS)
    assert refused.value.code == "limit"


CHILD = """
import json, resource, sys, time, tracemalloc
import numpy as np
from assay.core.indicators import formula
from assay.core.indicators.formula_tokens import FormulaError
from assay.core.indicators.formula_signature import TIME

random = np.random.default_rng(1)
close = 100.0 * np.exp(np.cumsum(random.normal(0.0, 0.01, 8_760)))
bars = dict.fromkeys(("open", "high", "low", "close"), close) | {"volume": np.abs(close), TIME: np.arange(8_760) * 3_600.0}
formula.compiled("crossover(sma(close, 2), rsi(close, 2))").evaluate(bars, {})  # what is imported and compiled once
for text in json.load(sys.stdin):
    tracemalloc.start()
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        compiled = formula.compiled(text)
        compiled.check(bars.__contains__, {})
        compiled.evaluate(bars, {})
        said = "accepted"
    except FormulaError as error:
        said = error.code
    seconds = time.process_time() - began
    resident = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    print(json.dumps([said, seconds, max(resident, tracemalloc.get_traced_memory()[1])]))
    tracemalloc.stop()
"""
"""A year of hourly bars; the bytes are the more of what Python holds at most and what the process grew by."""


@pytest.mark.laws
def test_every_hostile_and_every_benign_formula_takes_50_ms_and_64_mb_at_most() -> None:
    listed = json.loads(shared("security/malicious_inputs.json").read_text())
    cases = [case for kind in ("cases", "benign") for case in listed[kind] if case["target"] == "formula"]
    told = subprocess.run(
        [sys.executable, "-c", CHILD], input=json.dumps([case["input"] for case in cases]), capture_output=True, text=True, check=True
    )
    for case, line in zip(cases, told.stdout.splitlines(), strict=True):
        said, seconds, held = json.loads(line)
        assert (said == "accepted") == (case["expected"] not in ("REJECT_PARSE", "REJECT_LIMIT")), case
        assert seconds < 0.05, (case, seconds)
        assert held < 64 * 2**20, (case, held)
