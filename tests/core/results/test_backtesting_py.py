"""backtesting.py's published tables follow from the fills by its own definitions."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.core.results.scripted import carries
from tests.shared_data import shared

from assay.core.domain.account import Account
from assay.core.domain.fills import Reason
from assay.core.domain.timeframe import Timeframe
from assay.core.engine.backtest import Inputs, backtest
from assay.core.market.bars import Bars, Floats
from assay.core.results.backtesting_py import backtesting_py_table
from assay.core.results.columns import Fills
from assay.core.results.metrics import Outcome
from assay.core.results.trades import book
from assay.core.strategy.parameters import bind
from assay.core.strategy.parse import parse

CASH = 10_000.0


def cross(prices: pl.DataFrame, fast: int, slow: int, *, worse_entry: float = 0.0, fee: float = 0.0, finalize: bool = False) -> Outcome:
    """Reverse at the next open whenever the averages cross, in whole shares, with all equity: a session in a page of plain Python.

    `worse_entry` makes the entry price worse instead of charging a fee, `fee` is charged on both fills; `finalize` closes what is
    open at the last bar's open.
    """
    opens, closes = prices["open"].to_list(), prices["close"].to_list()
    quick, slack = (prices["close"].rolling_mean(window).to_list() for window in (fast, slow))
    cash, held, entry, wanted = CASH, 0, 0.0, 0
    rows: list[tuple[int, float, float, int]] = []
    equity: list[float] = []
    for bar, (price, close) in enumerate(zip(opens, closes, strict=True)):
        if wanted:
            if held:
                rows.append((bar, -held, price, Reason.REVERSE))
                cash += held * (price - entry) - abs(held) * price * fee
            entry = price * (1 + wanted * worse_entry)
            held = wanted * int(cash / (entry * (1 + fee)))
            cash -= abs(held) * entry * fee
            rows.append((bar, held, entry, Reason.ENTRY))
        if finalize and held and bar == len(opens) - 1:
            rows.append((bar, -held, price, Reason.FINALIZE))
            cash, held = cash + held * (price - entry), 0
        equity.append(cash + held * (close - entry))
        wanted = 0
        if bar >= slow:
            before, now = quick[bar - 1] - slack[bar - 1], quick[bar] - slack[bar]
            wanted = 1 if before < 0 < now else -1 if before > 0 > now else 0
    at, quantity, paid, reason = (np.array(column) for column in zip(*rows, strict=True))
    fees, maker = fee * np.abs(quantity) * paid, np.zeros(len(at), dtype=np.bool_)
    return outcome(prices, Fills(at, np.zeros_like(at), quantity.astype(np.float64), paid, fees, reason, maker), np.array(equity))


def outcome(prices: pl.DataFrame, fills: Fills, equity: Floats) -> Outcome:
    ts = prices["ts"].cast(pl.Datetime("ns", "UTC")).to_physical().to_numpy()
    return Outcome(ts, 0, Timeframe("1d"), CASH, equity, fills, carries(), book(fills, carries(), 1, len(ts)), lambda: CASH)


@pytest.fixture(scope="module")
def google() -> pl.DataFrame:
    return pl.read_parquet(shared("candles/stock_GOOG_1d_2004-2013.parquet"))


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    cases = json.loads(shared("reference/backtesting_py_sma_cross_goog.json").read_text())["cases"]
    return {case["id"]: case.get("expected") or case["expected_text"] for case in cases}


def closes_of(prices: pl.DataFrame) -> Floats:
    return prices["close"].to_numpy()


def test_its_test_suites_table_is_met_in_all_31_figures(google: pl.DataFrame, published: dict[str, Any]) -> None:
    table = backtesting_py_table(cross(google, 10, 30, finalize=True), closes_of(google), warm_up=29)
    expected = published["test_suite"]
    assert len(expected) == 31
    assert table.keys() == expected.keys()
    assert table == {name: value if isinstance(value, str) else pytest.approx(value, rel=1e-8) for name, value in expected.items()}


NOT_OF_THIS_RUN = {"Return (Ann.) [%]", "CAGR [%]", "Alpha [%]", "Expectancy [%]", "Kelly Criterion"}
"""Of which docs/reference/conventions.md says where they come from; all but Kelly's are found below."""


def test_its_readmes_table_is_met_but_for_five_figures_of_other_runs_and_definitions(
    google: pl.DataFrame, published: dict[str, Any]
) -> None:
    table = backtesting_py_table(cross(google, 10, 20, worse_entry=0.002), closes_of(google))
    printed = {name: as_printed(table[name], text) for name, text in published["readme"].items()}
    missed = {name for name, text in published["readme"].items() if printed[name] != text}
    assert missed == NOT_OF_THIS_RUN, {name: (printed[name], published["readme"][name]) for name in missed}


def test_where_those_figures_come_from(google: pl.DataFrame, published: dict[str, Any]) -> None:
    closes, run = closes_of(google), cross(google, 10, 20, worse_entry=0.002)
    finalized = backtesting_py_table(cross(google, 10, 20, worse_entry=0.002, finalize=True), closes)
    charged = backtesting_py_table(cross(google, 10, 20, fee=0.002), closes, warm_up=19)
    found = {
        "Return (Ann.) [%]": ((run.equity[-1] / CASH) ** (252 / len(closes)) - 1) * 100,  # the day without a return counted too
        "CAGR [%]": ((_number(finalized["Equity Final [$]"]) / CASH) ** (252 / 3116) - 1) * 100,  # calendar days / trading days
        "Alpha [%]": _number(charged["Alpha [%]"]),  # when 0.2 % was charged on both fills, and holding began with the averages
        "Expectancy [%]": float(np.abs(run.trades.returns).mean()) * 100,  # losses were added where they are subtracted
    }
    assert {name: f"{value:.2f}" for name, value in found.items()} == {name: published["readme"][name] for name in found}


def _number(value: object) -> float:
    assert isinstance(value, float)
    return value


ENGINE = {
    "test_suite": (10, 30, "backtesting.py-finalize", 0.0, 29),
    "readme": (10, 20, "backtesting.py-readme", 0.002, 0),
}


@pytest.mark.parametrize("case", ENGINE)
def test_the_engine_gives_the_same_tables(google: pl.DataFrame, case: str) -> None:
    fast, slow, convention, fee, warm_up = ENGINE[case]
    plain = cross(google, fast, slow, finalize=True) if case == "test_suite" else cross(google, fast, slow, worse_entry=fee)
    opens, highs, lows, closes, volume = (google[name].to_numpy() for name in ("open", "high", "low", "close", "volume"))
    bars = Bars("test:GOOG", Timeframe("1d"), plain.ts, opens, highs, lows, closes, volume)
    run = backtest(bind(parse(averages(fast, slow))), Inputs({"test:GOOG": bars}, {}, {}), Account(fee_rate=fee, convention=convention))
    tables = [backtesting_py_table(outcome, closes, warm_up) for outcome in (run.outcome, plain)]
    assert tables[0] == {name: value if isinstance(value, str) else pytest.approx(value, rel=1e-9) for name, value in tables[1].items()}


def averages(fast: int, slow: int) -> dict[str, object]:
    """Reverse whenever the averages cross, as `cross` does."""

    def average(length: int) -> dict[str, object]:
        return {"indicator": "sma", "inputs": ["close"], "parameters": {"timeperiod": length}}

    def rule(key: str, op: str, action: str) -> dict[str, object]:
        return {"id": key, "when": {"left": "fast", "op": op, "right": "slow"}, "then": {"action": action}}

    return {
        "schema": "assay/strategy@1",
        "name": "averages",
        "timeframe": "1d",
        "universe": ["test:GOOG"],
        "series": {"fast": average(fast), "slow": average(slow)},
        "rules": [rule("long", "crosses_above", "enter_long"), rule("short", "crosses_below", "enter_short")],
    }


def as_printed(value: object, like: str) -> str:
    """With as many decimals as the README shows."""
    if not isinstance(value, int | float):
        return str(value)
    decimals = re.fullmatch(r"-?\d+(?:\.(\d+))?", like)
    assert decimals
    return f"{value:.{len(decimals[1] or '')}f}"


def test_a_session_without_trades_has_a_table_without_them(google: pl.DataFrame) -> None:
    nothing = Fills(*(np.empty(0, dtype=kind) for kind in (np.int64, np.int64, float, float, float, np.int64, np.bool_)))
    idle = outcome(google, nothing, np.full(len(google), CASH))
    table = backtesting_py_table(idle, closes_of(google))
    assert {name for name, value in table.items() if value is None} == {
        "Sharpe Ratio", "Sortino Ratio", "Calmar Ratio", "Avg. Drawdown [%]", "Max. Drawdown Duration", "Avg. Drawdown Duration",
        "Win Rate [%]", "Best Trade [%]", "Worst Trade [%]", "Avg. Trade [%]", "Max. Trade Duration", "Avg. Trade Duration",
        "Profit Factor", "Expectancy [%]", "SQN", "Kelly Criterion",
    }  # fmt: skip
