"""Assay through its public interface, as a user writes it; nothing is prepared that a user could not prepare."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

import assay
from assay.core.domain.inputs import ClosedBar, SliceClosed
from assay.core.domain.timeframe import Timeframe
from assay.core.engine.session import Trader, advance, begin
from assay.core.market.instants import to_datetime
from assay.core.strategy.parameters import bind
from benchmarks import work
from benchmarks.work import Answer, Walk

ACCOUNT: dict[str, Any] = {"cash": work.CASH, "fee_rate": work.FEE}


def contestants(_: str = "") -> dict[str, Callable[[], Answer]]:
    return {"one": one_run, "bracket": bracket, "account": one_account, "sweep": sweep, "sweep whole": sweep}


def document(then: Mapping[str, Any], *, leave: bool, timeframe: str = "1m", universe: int = 1) -> dict[str, Any]:
    """Two averages and a cross: `then` is what happens when the fast one comes to lie above."""
    rules: list[dict[str, Any]] = [{"id": "enter", "when": {"left": "fast", "op": "crosses_above", "right": "slow"}, "then": dict(then)}]
    if leave:
        rules.append({"id": "leave", "when": {"left": "fast", "op": "crosses_below", "right": "slow"}, "then": {"action": "exit"}})
    return {
        "schema": "assay/strategy@1",
        "name": "Two averages",
        "timeframe": timeframe,
        "universe": [f"bench:W{i}/USD" for i in range(universe)],
        "parameters": {
            "fast": {"value": work.FAST, "low": 2, "high": 100, "step": 1},
            "slow": {"value": work.SLOW, "low": 2, "high": 300, "step": 1},
        },
        "series": {name: {"indicator": "sma", "inputs": ["close"], "parameters": {"timeperiod": f"${name}"}} for name in ("fast", "slow")},
        "rules": rules,
    }


def bars_of(walk: Walk, timeframe: str = "1m", instrument: str = "bench:W0/USD") -> assay.Bars:
    return assay.Bars(instrument, Timeframe.parse(timeframe), walk.ts, walk.open, walk.high, walk.low, walk.close, walk.volume)


@cache
def one_million() -> assay.Bars:
    return bars_of(work.one_million())


@cache
def five_instruments() -> list[assay.Bars]:
    return [bars_of(walk, instrument=f"bench:W{i}/USD") for i, walk in enumerate(work.five_instruments())]


@cache
def two_years_of_hours() -> assay.Bars:
    return bars_of(work.two_years_of_hours(), "1h")


def answer(result: assay.Result) -> Answer:
    """Equity a bar, the trades' frame and the headline metrics (returns, drawdown, four ratios, buy and hold): all lazy, all asked for."""
    assert len(result.marks) > 0
    metrics = result.headline
    growth, drawdown = metrics["final_equity"], metrics["max_drawdown"]
    assert growth is not None
    assert drawdown is not None
    return Answer(growth / work.CASH, float(len(result.trades)), drawdown)


def run(then: Mapping[str, Any], bars: Any, *, leave: bool, universe: int = 1) -> Answer:
    strategy = assay.Strategy.load(document(then, leave=leave, universe=universe))
    return answer(assay.backtest(strategy, bars, assay.Account(**ACCOUNT)))


def one_run() -> Answer:
    return run({"action": "enter_long", "size": 1.0}, one_million(), leave=True)


def bracket() -> Answer:
    then = {"action": "enter_long", "size": 1.0, "stop_loss": work.STOP, "take_profit": work.TARGET}
    return run(then, one_million(), leave=False)


def one_account() -> Answer:
    universe = five_instruments()
    return run({"action": "enter_long", "size": 1.0 / len(universe)}, universe, leave=True, universe=len(universe))


def sweep() -> Answer:
    strategy = assay.Strategy.load(document({"action": "enter_long", "size": 1.0}, leave=True, timeframe="1h"))
    cells = assay.sweep(strategy, two_years_of_hours(), {"fast": work.FASTS, "slow": work.SLOWS}, assay.Account(**ACCOUNT)).cells
    assert cells["sharpe"] is not None
    growth, trades, drawdown = (float(np.mean(cells[name].to_numpy())) for name in ("final_equity", "trades", "max_drawdown"))
    return Answer(growth / work.CASH, trades, drawdown)


def step_by_step(bars: int = 1_000) -> float:
    """Mean seconds of a session's step behind a history of 5,000 bars, fed one closed bar after another."""
    strategy = assay.Strategy.load(document({"action": "enter_long", "size": 1.0}, leave=True, timeframe="1h"))
    trader = Trader.of(bind(strategy.document), assay.Account(**ACCOUNT), strategy.universe)
    walk = work.walk(5_000 + bars, seed=13, step_ns=work.HOUR_NS, deviation=0.006)
    columns = (column.tolist() for column in (walk.ts, walk.open, walk.high, walk.low, walk.close, walk.volume))
    fed = [SliceClosed((ClosedBar(to_datetime(ts), *prices),)) for ts, *prices in zip(*columns, strict=True)]
    state = begin(trader)
    for entered in fed[:5_000]:
        state, _ = advance(trader, state, entered)
    start = time.perf_counter()
    for entered in fed[5_000:]:
        state, _ = advance(trader, state, entered)
    return (time.perf_counter() - start) / bars
