"""Results as they go over the wire."""

from __future__ import annotations

from collections.abc import Mapping

from assay.api.wire.base import amount
from assay.api.wire.results import Metrics, ResultRow
from assay.runtime.records import ResultRecord


def metrics(found: Mapping[str, float | int | None], cash: float) -> Metrics:
    """The headline of metrics by their names, and all of them."""
    equity = found["final_equity"] or 0.0
    named = {name: found.get(name) for name in _NAMED}
    return Metrics(
        final_equity=amount(equity),
        pnl=amount(equity - cash),
        trades=int(found.get("trades") or 0),
        fees=amount(found.get("fees") or 0.0),
        all=dict(found),
        **named,
    )


_NAMED = (
    "total_return", "buy_and_hold_return", "max_drawdown", "sharpe", "sortino", "calmar", "win_rate", "profit_factor", "exposure_time",
)  # fmt: skip


def result_row(record: ResultRecord) -> ResultRow:
    """A result as one row of a list."""
    equity, total = record.metrics["final_equity"] or 0.0, record.metrics["total_return"]
    cash = equity / (1.0 + total) if total is not None and total > -1.0 else 0.0
    return ResultRow(
        id=record.session_id,
        strategy_id=record.strategy_id,
        strategy_version=record.strategy_version,
        strategy_name=record.strategy_name,
        mode=record.mode,
        universe=list(record.universe),
        timeframe=record.timeframe,
        first_at=record.first_at,
        last_at=record.last_at,
        bars=record.bars,
        ended_at=record.ended_at,
        run_id=record.run_id,
        metrics=metrics(record.metrics, cash),
        sketch=list(record.sketch),
    )
