"""backtesting.py as its own quick start uses it, with enough cash that its whole units do not matter."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

import backtesting
import numpy as np
import pandas as pd
import talib

from benchmarks import work
from benchmarks.work import Answer

warnings.filterwarnings("ignore")
backtesting.backtesting._tqdm = lambda iterable, **_: iterable  # its progress bar is not part of the work

CASH = 1e9


class Cross(backtesting.Strategy):  # type: ignore[misc, unused-ignore]  # the package has no types
    """Long while the fast average lies above the slow one."""

    def init(self) -> None:
        self.fast = self.I(talib.SMA, self.data.Close, work.FAST)
        self.slow = self.I(talib.SMA, self.data.Close, work.SLOW)

    def crossed_up(self) -> bool:
        return bool(self.fast[-1] > self.slow[-1] and self.fast[-2] <= self.slow[-2])

    def next(self) -> None:
        if self.crossed_up():
            self.buy()
        elif self.fast[-1] < self.slow[-1] and self.fast[-2] >= self.slow[-2]:
            self.position.close()


class Bracket(Cross):
    """In at a cross, out at the stop or the target; its levels are prices, so they are set from the close."""

    def next(self) -> None:
        if not self.position and self.crossed_up():
            price = self.data.Close[-1]
            self.buy(sl=price * (1.0 - work.STOP), tp=price * (1.0 + work.TARGET))


def contestants(_: str = "") -> dict[str, Callable[[], Answer]]:
    return {"one": lambda: _run(Cross), "bracket": lambda: _run(Bracket)}


@cache
def _frame() -> Any:
    bars = work.one_million()
    columns = {name.title(): getattr(bars, name) for name in ("open", "high", "low", "close", "volume")}
    return pd.DataFrame(columns, index=pd.to_datetime(bars.ts))


def _run(strategy: type[Cross]) -> Answer:
    stats = backtesting.Backtest(_frame(), strategy, cash=CASH, commission=work.FEE).run()
    return Answer(float(stats["Equity Final [$]"] / CASH), float(stats["# Trades"]), float(-np.float64(stats["Max. Drawdown [%]"]) / 100.0))
