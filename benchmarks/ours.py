"""Assay through its public interface, as a user writes it; nothing is prepared that a user could not prepare."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import assay
from benchmarks import work
from benchmarks.work import Answer, Walk

ACCOUNT = {"cash": work.CASH, "fee_rate": work.FEE}


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
    return assay.Bars.of(instrument, timeframe, walk.ts, walk.open, walk.high, walk.low, walk.close, walk.volume)


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
    """Trades, equity and the headline metrics are asked for, for all of them are lazy."""
    assert len(result.equity) > 0
    metrics = result.metrics
    return Answer(metrics["final_equity"] / work.CASH, float(len(result.trades)), metrics["max_drawdown"])


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
    return Answer(float(cells["final_equity"].mean()) / work.CASH, float(cells["trades"].mean()), float(cells["max_drawdown"].mean()))


def step_by_step(bars: int = 5_000) -> float:
    """Mean seconds of a session's step, fed one closed bar after another."""
    session = assay.session(
        assay.Strategy.load(document({"action": "enter_long", "size": 1.0}, leave=True, timeframe="1h")), assay.Account(**ACCOUNT)
    )
    fed = bars_of(work.five_thousand_bars(), "1h")
    start = time.perf_counter()
    for i in range(bars):
        session.advance(fed[i : i + 1])
    return (time.perf_counter() - start) / bars
