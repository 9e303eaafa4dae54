"""Records to be written, told apart by a number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import polars as pl

from assay.core.domain.account import Account
from assay.core.domain.spec import Mode, SessionSpec
from assay.runtime.ports import Desk, Table
from assay.runtime.records import InputRange, ResultRecord, SessionRecord, State, Watchlist

DAY: Final = datetime(2024, 5, 1, tzinfo=UTC)
METRICS: Final = {
    "final_equity": 11_000.0, "total_return": 0.1, "max_drawdown": 0.05, "sharpe": 1.5, "sortino": None, "win_rate": 0.6,
    "profit_factor": 1.25, "trades": 7,
}  # fmt: skip


def at(minutes: int) -> datetime:
    return DAY + timedelta(minutes=minutes)


def document(name: str = "Cross", **more: object) -> dict[str, object]:
    return {"schema": "assay/strategy@1", "name": name, "description": f"About {name}.", "parameters": {"fast": 10, "slow": 30.5}, **more}


def session(owner: str, session_id: str = "s1", **changed: Any) -> SessionRecord:
    spec = SessionSpec(
        mode=Mode.BACKTEST,
        document=document(),
        universe=("binance:BTC/USDT", "binance:ETH/USDT:USDT"),
        timeframe="1h",
        start=DAY,
        end=None,
        account=Account(cash=1234.5678901234567, fee_rate=0.0004),
    )
    values: dict[str, Any] = {
        "id": session_id, "owner": owner, "name": "Try", "strategy_id": "cross", "strategy_version": 1, "strategy_name": "Cross",
        "spec": spec, "state": State.QUEUED, "job_id": f"job-{session_id}", "created_at": DAY, "started_at": None, "ended_at": None,
        "problems": (), "inputs": (), "result": None,
    }  # fmt: skip
    return SessionRecord(**{**values, **changed})


def result(session_id: str = "s1", metrics: Mapping[str, float | int | None] | None = None, **changed: Any) -> ResultRecord:
    values: dict[str, Any] = {
        "session_id": session_id, "strategy_id": "cross", "strategy_version": 1, "strategy_name": "Cross", "mode": "backtest",
        "universe": ("binance:BTC/USDT", "binance:ETH/USDT:USDT"), "timeframe": "1h", "first_at": DAY, "last_at": at(60 * 24),
        "bars": 24, "ended_at": at(5), "run_id": "run", "head": "head", "metrics": METRICS | dict(metrics or {}),
        "sketch": (10_000.0, 10_500.25, 11_000.0),
    }  # fmt: skip
    return ResultRecord(**{**values, **changed})


def watchlist(name: str, *instruments: str, list_id: str = "eyed", minutes: int = 0) -> Watchlist:
    return Watchlist(id=list_id, name=name, instruments=instruments, created_at=DAY, updated_at=at(minutes))


INPUTS: Final = (InputRange("binance:BTC/USDT", "1h", DAY, at(60 * 23), 24, "f" * 64),)


def tables() -> dict[Table, pl.DataFrame]:
    return {"trades": pl.DataFrame({"instrument": ["binance:BTC/USDT"], "pnl": [1.5]}), "equity": pl.DataFrame({"equity": [1.0, 2.0]})}


async def finish(desk: Desk, outcome: ResultRecord) -> None:
    """A session from its order to this result."""
    await desk.sessions.create(
        session(desk.owner, outcome.session_id, strategy_id=outcome.strategy_id, strategy_name=outcome.strategy_name)
    )
    await desk.sessions.finished(outcome.session_id, outcome.ended_at, outcome, tables())
