"""Single figures of backtesting.py's own test suite, by documents under its conventions; what has no document is listed with its reason.

The two whole tables are in tests/core/results/test_backtesting_py.py and test_published_runs.py.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import polars as pl
from tests.shared_data import shared

from assay.core.domain.account import Account
from assay.core.domain.timeframe import Timeframe
from assay.core.engine.backtest import Inputs, backtest
from assay.core.market.bars import Bars
from assay.core.results.result import Result
from assay.core.strategy.parameters import bind
from assay.core.strategy.parse import parse

FRACTIONS: Final = "FractionalBacktest(BTCUSD monthly from 2015, SmaCross fast=2 slow=3, cash=100, unit 1e-6, finalize): number of trades"
STOPPED: Final = "GOOG buy(sl=720) on 2012-10-17: exit price of first trade"
NOT_EXPRESSIBLE: Final = {
    "GOOG buy(stop=758, sl=720) on 2012-10-17: exit price": "an entry that waits for a higher price is not an order here",
    "GOOG buy(stop=104,sl=103,tp=110) on 2004-09-09: entry price": "an entry that waits for a higher price is not an order here",
    "TrailingStrategy atr 40, trailing_sl 3, SMA10, buy when Close>SMA: trades":
        "its stop follows each close at a distance of that close's ATR; here it follows highs at a distance fixed at the decision",
}  # fmt: skip
"""Also in docs/reference/conventions.md."""


def facts() -> dict[str, dict[str, Any]]:
    return {fact["q"]: fact for fact in json.loads(shared("reference/backtesting_py_sma_cross_goog.json").read_text())["other_facts"]}


def bars(name: str, timeframe: str, start: datetime) -> Bars:
    rows = pl.read_parquet(shared(f"candles/{name}.parquet")).filter(pl.col("ts") >= start)
    ts = rows["ts"].cast(pl.Datetime("ns", "UTC")).to_physical().to_numpy()
    opens, highs, lows, closes, volume = (rows[column].to_numpy() for column in ("open", "high", "low", "close", "volume"))
    return Bars("test:X", Timeframe(timeframe), ts, opens, highs, lows, closes, volume)


def play(candles: Bars, series: dict[str, Any], rules: list[dict[str, Any]], **account: Any) -> Result:
    document = {
        "schema": "assay/strategy@1", "name": "fact", "timeframe": candles.timeframe.name, "universe": ["test:X"], "series": series,
        "rules": rules,
    }  # fmt: skip
    return backtest(bind(parse(document)), Inputs({"test:X": candles}, {}, {}), Account(fee_rate=0.0, **account))


def average(length: int) -> dict[str, Any]:
    return {"indicator": "sma", "inputs": ["close"], "parameters": {"timeperiod": length}}


def test_every_fact_is_met_or_listed() -> None:
    assert set(facts()) == {FRACTIONS, STOPPED, *NOT_EXPRESSIBLE}


def test_fractions_of_a_bitcoin() -> None:
    months = bars("crypto_BTCUSD_1M_2012-2024", "1M", datetime(2015, 1, 1, tzinfo=UTC))
    rules = [
        {"id": "up", "when": {"left": "fast", "op": "crosses_above", "right": "slow"}, "then": {"action": "enter_long"}},
        {"id": "down", "when": {"left": "fast", "op": "crosses_below", "right": "slow"}, "then": {"action": "enter_short"}},
    ]
    run = play(months, {"fast": average(2), "slow": average(3)}, rules, cash=100, lot=1e-6, convention="backtesting.py-finalize")
    trades = run.outcome.trades
    assert len(trades) == facts()[FRACTIONS]["a"]
    assert trades.entry_price[0] == facts()[FRACTIONS]["first_entry_price"]


def test_a_stop_at_a_price_that_falls_in_the_candle_of_the_entry() -> None:
    days = bars("stock_GOOG_1d_2004-2013", "1d", datetime(2004, 1, 1, tzinfo=UTC))
    [the_day] = np.flatnonzero(days.ts == int(datetime(2012, 10, 17, tzinfo=UTC).timestamp()) * 1_000_000_000)
    when = {"left": "close", "op": "==", "right": float(days.close[the_day])}
    assert np.count_nonzero(days.close == days.close[the_day]) == 1
    run = play(
        days, {}, [{"id": "buy", "when": when, "then": {"action": "enter_long", "stop_loss": {"price": 720}}}], convention="backtesting.py"
    )
    trades = run.outcome.trades
    assert (trades.entry[0], trades.exit[0]) == (the_day + 1, the_day + 1)
    assert trades.exit_price[0] == facts()[STOPPED]["a"]
