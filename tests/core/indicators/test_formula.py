"""A formula means what its arithmetic says, and can reach nothing but columns and numbers."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from tests.core.indicators.market import market
from tests.shared_data import shared

from assay.core.indicators import formula
from assay.core.indicators.entry import Floats
from assay.core.indicators.formula_tokens import FormulaError

BARS = market(5, 400)
O, H, L, C, V = (BARS[name] for name in ("open", "high", "low", "close", "volume"))  # noqa: E741
SMALL = {name: np.array([1.0, 2.0, np.nan, 4.0, 0.0]) for name in ("open", "high", "low", "close", "volume")}


def value(text: str, bars: dict[str, Floats] = BARS, **parameters: Any) -> Floats:
    compiled = formula.compiled(text)
    compiled.check(lambda name: name in bars, parameters)
    return compiled.evaluate(bars, parameters)


def refusal(text: str, **parameters: Any) -> FormulaError:
    with pytest.raises(FormulaError) as caught:
        value(text, **parameters)
    return caught.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(high + low + close) / 3", (H + L + C) / 3),
        ("close - open * 2 ** 3", C - O * 8),
        ("-close ** 2", -(C**2)),
        ("2 ** -1 * close", 0.5 * C),
        ("close - open - high", (C - O) - H),
        ("1.5e-3 * volume + .5", 0.0015 * V + 0.5),
        ("close ** 3 - close ** 0.5", C * (C * C) - np.sqrt(C)),
        ("close ** -2", 1 / (C * C)),
        ("- - close", C),
        ("close > open", (C > O) * 1.0),
        ("not close > open and close < high or low == 0", (~(C > O) & (C < H)) * 1.0),
        ("close + 1 >= open * 1 != 0", None),
        ("abs(close - open) / open * 100", np.abs(C - O) / O * 100),
        ("min(close, open)", np.minimum(C, O)),
        ("max(close - open, 0.0)", np.maximum(C - O, 0)),
        ("sqrt(close) + log(open)", np.sqrt(C) + np.log(O)),
        ("max(high, 1)", H),
        ("close * $k", C * 3.0),
        ("max(close, $k)", np.maximum(C, 3.0)),
        ("\n close\t+ 0 ", C),
    ],
)  # fmt: skip
def test_arithmetic_has_pythons_precedence(text: str, expected: Floats | None) -> None:
    if expected is None:
        assert refusal(text).code == "syntax"
    else:
        np.testing.assert_array_equal(value(text, k=3), expected)


def test_windows_roll_over_the_past() -> None:
    for index in (19, 50, 399):
        window = C[index - 19 : index + 1]
        assert value("max(close, 20)")[index] == window.max()
        assert value("min(close, 20)")[index] == window.min()
        np.testing.assert_allclose(value("sma(close, $n)", n=20)[index], window.mean(), rtol=1e-12)
        assert value("shift(close, 5)")[index] == C[index - 5]
    assert np.isnan(value("shift(close, 5)")[:5]).all()
    np.testing.assert_array_equal(value("shift(close, 0)"), C)
    assert np.isnan(value("shift(close, 400)")).all()


def test_functions_are_the_catalogs_indicators() -> None:
    from assay.core.indicators.compute import resolve
    from assay.core.indicators.series import Indicator

    for text, name in (("rsi(close, 9)", "rsi"), ("ema(close, 9)", "ema"), ("atr(9)", "atr"), ("sma(close, 9)", "sma")):
        resolved = resolve(Indicator(name, (), (("timeperiod", 9),)))
        np.testing.assert_array_equal(value(text), resolved(*(BARS[column] for column in resolved.inputs))[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("close / 0", "nan nan nan nan nan"),
        ("1 / close", "1 .5 nan .25 nan"),
        ("1 / (1 / close)", "1 2 nan 4 nan"),
        ("log(close)", f"0 {np.log(2)} nan {np.log(4)} nan"),
        ("sqrt(-close)", "nan nan nan nan 0"),
        ("close > 1", "0 1 nan 1 0"),
        ("close != close", "0 0 nan 0 0"),
        ("not close > 1", "1 0 nan 0 1"),
        ("close > 1 and 0", "0 0 0 0 0"),
        ("close > 1 and 1", "0 1 nan 1 0"),
        ("close > 1 or 1", "1 1 1 1 1"),
        ("close > 1 or 0", "0 1 nan 1 0"),
        ("close ** 100 ** 1", None),
        ("(close * 1e300) ** 2", "nan nan nan nan 0"),
        ("max(close, 2)", "nan 2 nan nan 4"),
        ("sma(close, 2)", "nan 1.5 nan nan 2"),
    ],
)
def test_the_missing_stays_missing_and_truth_is_kleenes(text: str, expected: str | None) -> None:
    if expected is None:
        assert refusal(text).code == "limit"
        return
    np.testing.assert_allclose(value(text, SMALL), np.array(expected.split(), dtype=np.float64), atol=1e-15)


@pytest.mark.parametrize(
    ("text", "column", "code"),
    [
        ("close +", 8, "syntax"),
        ("close open", 7, "syntax"),
        ("(close", 7, "syntax"),
        ("close)", 6, "syntax"),
        ("a < b < c", 7, "syntax"),
        ("1 + not close", 5, "syntax"),
        ("close = 1", 7, "syntax"),
        ("close.value", 1, "unknown"),
        ("(close).value", 8, "syntax"),
        ("1if", 2, "syntax"),
        ("close$k", 6, "syntax"),
        ("$", 1, "syntax"),
        ("nothing", 1, "unknown"),
        ("close + $nothing", 9, "unknown"),
        ("close ** $nothing", 10, "unknown"),
        ("mean(close, 3)", 1, "unknown"),
        ("sma(close)", 1, "arguments"),
        ("sma(close, 3, 4)", 1, "arguments"),
        ("atr()", 1, "arguments"),
        ("sma", 1, "unknown"),
        ("sma(close, 0)", 12, "limit"),
        ("sma(close, 10001)", 12, "limit"),
        ("sma(close, open)", 12, "limit"),
        ("sma(close, $k)", 12, "limit"),
        ("shift(close, -1)", 14, "limit"),
        ("rsi(close, 1)", 12, "limit"),
        ("max(close, 0)", 12, "limit"),
        ("max(close, -5)", 12, "limit"),
        ("close ** open", 10, "limit"),
        ("close ** 101", 7, "limit"),
        ("9 ** 9 ** 9", 8, "limit"),
        ("1e999", 1, "limit"),
        ("1" * 16, 1, "limit"),
        ("(" * 40 + "1" + ")" * 40, 33, "limit"),
        ("-" * 1_900 + "1", 33, "limit"),
        ("not " * 400 + "1", 129, "limit"),
        ("+".join(["1"] * 900), 501, "limit"),
        ("1" + " " * 2_000, 1, "limit"),
    ],
)
def test_a_refused_formula_says_where(text: str, column: int, code: str) -> None:
    error = refusal(text, k=2.5)
    assert (error.column, error.code) == (column, code)


def test_a_dotted_name_is_an_output_and_nothing_else() -> None:
    compiled = formula.compiled("macd.signal + 1")
    assert compiled.names == ("macd.signal",)
    compiled.check({"macd.signal"}.__contains__, {})


def cases(kind: str) -> list[dict[str, Any]]:
    listed = json.loads(shared("security/malicious_inputs.json").read_text())
    return [case for case in listed[kind] if case["target"] == "formula"]


def test_every_hostile_formula_is_refused() -> None:
    for case in cases("cases"):
        if case["expected"] == "SAFE_VALUE":
            assert np.isnan(value(case["input"])).all(), case
        else:
            code = refusal(case["input"]).code
            assert code == "limit" or case["expected"] == "REJECT_PARSE", case


MEANINGS = {
    "G01": C, "G02": (H + L + C) / 3, "G07": None, "G08": np.abs(C - O) / O * 100, "G09": -C, "G10": np.minimum(C, O), "G15": 0.0015 * V,
}  # fmt: skip


def test_every_benign_formula_is_accepted_with_its_meaning() -> None:
    for case in cases("benign"):
        found = value(case["input"])
        assert np.isfinite(found[200:]).all(), case
        if case["expected"] == "boolean series":
            assert set(found[200:]) <= {0.0, 1.0}, case
        expected = MEANINGS.get(case["id"])
        if expected is not None:
            np.testing.assert_array_equal(found, expected, err_msg=case["input"])
