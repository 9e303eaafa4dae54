"""The first run of a process pays seconds for loading what was compiled before. A rehearsal on few bars pays them before anybody waits."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

import numpy as np
import polars as pl

from assay.core.domain.account import Account
from assay.core.domain.timeframe import Timeframe
from assay.core.engine.backtest import Inputs
from assay.core.engine.journal import play
from assay.core.market.bars import Bars
from assay.core.strategy.parameters import bind
from assay.core.strategy.parse import SCHEMA, parse
from assay.runtime.tables import kept

NAME: Final = "synthetic:REHEARSAL"
DOCUMENT: Final[dict[str, Any]] = {
    "schema": SCHEMA,
    "name": "Rehearsal",
    "timeframe": "1h",
    "universe": [NAME],
    "series": {"average": {"indicator": "sma", "parameters": {"timeperiod": 5}}},
    "rules": [
        {
            "id": "in",
            "when": {"left": "close", "op": "crosses_above", "right": "average"},
            "then": {"action": "enter_long", "stop_loss": 0.02},
        },
        {"id": "out", "when": {"left": "close", "op": "crosses_below", "right": "average"}, "then": {"action": "exit"}},
    ],
}


def rehearse() -> int:
    """Everything that a session does, on bars that go up and down; answers how many trades came of it. Blocks."""
    journal = play(bind(parse(DOCUMENT)), Inputs({NAME: _bars()}, {}, {}), Account())
    for table in kept(journal).tables.values():
        table.write_parquet(file := BytesIO())
        file.seek(0)
        pl.read_parquet(file)
    return len(journal.result.book.trades)


def _bars() -> Bars:
    timeframe = Timeframe("1h")
    ts = np.arange(400, dtype=np.int64) * timeframe.nanoseconds
    close = 100.0 + 10.0 * np.sin(np.arange(400) / 9.0)
    return Bars(NAME, timeframe, ts, close, close + 1.0, close - 1.0, close, np.ones(400))
