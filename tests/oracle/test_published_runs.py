"""The referee meets figures that others published: Google's daily bars, a crossing of two averages, always in the market.

backtesting.py's own test suite and README are the sources; data and expectations are recorded beside the repository.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import talib
from tests.shared_data import shared

from assay.core.domain.account import Account
from assay.core.referee import Candle, Feed, Outcome, run
from assay.core.strategy.document import Action, Cross, Crossing, Document, Limits, Name, Rule, Then

DAY_NS = 86_400_000_000_000
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@cache
def google(path: Path, fast: int, slow: int) -> Feed:
    rows = pl.read_parquet(path)
    table = rows.select("ts", "open", "high", "low", "close", "volume").iter_rows()
    candles = tuple(Candle((ts - EPOCH).days * DAY_NS, *values) for ts, *values in table)
    close = rows["close"].to_numpy().astype(np.float64)
    return Feed(candles, {"fast": talib.SMA(close, fast).tolist(), "slow": talib.SMA(close, slow).tolist()})


def always_in(size: float) -> Document:
    up = Crossing(Name("fast"), Cross.ABOVE, Name("slow"))
    down = Crossing(Name("fast"), Cross.BELOW, Name("slow"))
    rules = (
        Rule("up", "", True, 0, up, (), Then(Action.ENTER_LONG, size)),
        Rule("down", "", True, 0, down, (), Then(Action.ENTER_SHORT, size)),
    )
    return Document("always in", "", "1d", (), (), (), rules, Limits())


def play(convention: str, fee_rate: float, fast: int, slow: int, size: float = 1.0) -> Outcome:
    feed = google(shared("candles/stock_GOOG_1d_2004-2013.parquet"), fast, slow)
    account = Account(cash=10_000, fee_rate=fee_rate, convention=convention)
    return run(always_in(size), account, {"test:GOOG": feed}, timeframe_ns=DAY_NS)


@pytest.mark.parametrize(
    ("convention", "fee_rate", "fast", "slow", "size", "trades", "equity"),
    [
        ("backtesting.py", 0.002, 10, 20, 1.0, 93, "56263.51934"),
        ("backtesting.py", 0.002, 10, 20, 0.9999, 93, "56244.32758"),
        ("backtesting.py-readme", 0.002, 10, 20, 1.0, 93, "68935.12"),
        ("backtesting.py-finalize", 0.0, 10, 30, 1.0, 66, "51422.99"),
    ],
)
def test_the_crossing_of_google_ends_where_it_was_published(
    convention: str, fee_rate: float, fast: int, slow: int, size: float, trades: int, equity: str
) -> None:
    outcome = play(convention, fee_rate, fast, slow, size)
    digits = Decimal(equity)
    assert (len(outcome.trades), outcome.equity[-1].quantize(digits)) == (trades, digits)
