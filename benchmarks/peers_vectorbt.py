"""vectorbt as somebody in a hurry would use it: TA-Lib's averages, arrays without an index, records sized beforehand, no benchmark series.

Its methods `max_drawdown()` and `sharpe_ratio()` on the portfolio build a benchmark first; asking the returns directly saves 15 ms of 100.
Decisions are shifted one bar and filled at the open, so that both sides answer the same question and can be compared to the cent.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import talib
import vectorbt as vbt
from numpy.typing import NDArray

from benchmarks import work
from benchmarks.work import Answer, Walk

warnings.filterwarnings("ignore")

SWEEP_CHUNK = 100
"""Columns at a time. All thousand at once write arrays of 140 MB that no cache holds; 10 and 500 are slower than 100."""

one_million = cache(work.one_million)
five_instruments = cache(work.five_instruments)
two_years_of_hours = cache(work.two_years_of_hours)


def contestants(engine: str) -> dict[str, Callable[[], Answer]]:
    vbt.settings["engine"] = engine
    return {"one": one_run, "bracket": bracket, "account": one_account, "sweep": sweep, "sweep whole": sweep_whole}


def signals(bars: Walk, fast: int, slow: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    up, down = work.crosses(talib.SMA(bars.close, fast), talib.SMA(bars.close, slow))
    return work.next_bar(up), work.next_bar(down)


def answer(portfolio: Any, freq: str) -> Answer:
    """Equity, trades and the headline metrics: final value, total return, Sharpe, max drawdown."""
    portfolio.value()
    growth = 1.0 + np.mean(portfolio.total_return())
    returns = portfolio.returns().vbt.returns(freq=freq)
    returns.sharpe_ratio()
    drawdown = -np.mean(returns.max_drawdown())
    columns = portfolio.wrapper.get_shape_2d(group_by=False)[1] if not portfolio.cash_sharing else 1
    return Answer(float(growth), len(portfolio.trades.records) / columns, float(drawdown))


def one_run() -> Answer:
    bars = one_million()
    enter, leave = signals(bars, work.FAST, work.SLOW)
    portfolio = vbt.Portfolio.from_signals(
        bars.close,
        enter,
        leave,
        price=bars.open,
        fees=work.FEE,
        init_cash=work.CASH,
        freq="1min",
        max_orders=int(enter.sum() + leave.sum()),
    )
    return answer(portfolio, "1min")


def bracket() -> Answer:
    bars = one_million()
    enter, _ = signals(bars, work.FAST, work.SLOW)
    portfolio = vbt.Portfolio.from_signals(
        bars.close, enter, False, price=bars.open, open=bars.open, high=bars.high, low=bars.low, sl_stop=work.STOP, tp_stop=work.TARGET,
        stop_entry_price="fillprice", fees=work.FEE, init_cash=work.CASH, freq="1min", max_orders=2 * int(enter.sum()),
    )  # fmt: skip
    return answer(portfolio, "1min")


def one_account() -> Answer:
    universe = five_instruments()
    close, opened = (np.column_stack([getattr(bars, name) for bars in universe]) for name in ("close", "open"))
    targets = np.full(close.shape, np.nan)
    for column, bars in enumerate(universe):
        enter, leave = signals(bars, work.FAST, work.SLOW)
        targets[enter, column] = 1.0 / len(universe)
        targets[leave, column] = 0.0
    portfolio = vbt.Portfolio.from_orders(
        close, targets, size_type="targetpercent", price=opened, val_price=opened, fees=work.FEE, init_cash=work.CASH, cash_sharing=True,
        group_by=True, call_seq="auto", freq="1min", max_orders=int(np.isfinite(targets).sum()),
    )  # fmt: skip
    return answer(portfolio, "1min")


def sweep() -> Answer:
    return _sweep(SWEEP_CHUNK)


def sweep_whole() -> Answer:
    """As its documentation does it: one portfolio with a column for each combination."""
    return _sweep(len(work.FASTS) * len(work.SLOWS))


def _sweep(chunk: int) -> Answer:
    bars = two_years_of_hours()
    answers = [_cells(bars, pairs) for pairs in _chunks(chunk)]
    return Answer(*(float(np.mean([getattr(one, name) for one in answers])) for name in ("growth", "trades", "drawdown")))


def _chunks(size: int) -> Iterator[list[tuple[int, int]]]:
    pairs = [(fast, slow) for fast in work.FASTS for slow in work.SLOWS]
    for start in range(0, len(pairs), size):
        yield pairs[start : start + size]


def _cells(bars: Walk, pairs: list[tuple[int, int]]) -> Answer:
    averages = {period: talib.SMA(bars.close, period) for period in {period for pair in pairs for period in pair}}
    enter, leave = np.empty((len(bars), len(pairs)), np.bool_), np.empty((len(bars), len(pairs)), np.bool_)
    for column, (fast, slow) in enumerate(pairs):
        up, down = work.crosses(averages[fast], averages[slow])
        enter[:, column], leave[:, column] = work.next_bar(up), work.next_bar(down)
    portfolio = vbt.Portfolio.from_signals(
        bars.close[:, None], enter, leave, price=bars.open[:, None], fees=work.FEE, init_cash=work.CASH, freq="1h",
        max_orders=int(enter.sum() + leave.sum()),
    )  # fmt: skip
    return answer(portfolio, "1h")
