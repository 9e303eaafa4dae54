"""Sessions and jobs as they go over the wire."""

from __future__ import annotations

from typing import Any

from assay.api.problems import items
from assay.api.render.account import account_body
from assay.api.render.results import inputs, result_row
from assay.api.wire.message import ProblemItem, amount
from assay.api.wire.sessions import Estimate, JobView, JournalEntry, LiveView, PositionView, SessionDetail, SessionItem
from assay.core.domain import wire
from assay.core.domain.events import Event
from assay.core.results.position import Position
from assay.core.results.view import View
from assay.runtime.jobs import JobRecord
from assay.runtime.records import SessionRecord
from assay.runtime.runner import Forecast


def session_item(record: SessionRecord) -> SessionItem:
    """One row of the list."""
    return SessionItem(**_item(record))


def session_detail(record: SessionRecord, view: View) -> SessionDetail:
    """With what it is asked to do, and how it stands."""
    return SessionDetail(
        **_item(record),
        document=dict(record.spec.document),
        account=account_body(record.spec.account),
        tolerates=list(record.spec.tolerates),
        inputs=inputs(record.inputs),
        view=live_view(view),
    )


def live_view(view: View) -> LiveView:
    """The fold as it is shown."""
    closed = view.closed
    return LiveView(
        seq=view.seq,
        at=view.at,
        cash=amount(view.cash),
        equity=amount(view.equity),
        peak=amount(view.peak),
        drawdown=view.drawdown,
        max_drawdown=view.max_drawdown,
        positions=[_position(name, position) for name, position in view.positions.items()],
        trades=closed.trades,
        wins=closed.wins,
        pnl=amount(closed.pnl),
        fills=view.fills,
        decisions=view.decisions,
        refusals=view.refusals,
        fees=amount(view.fees),
        funding=amount(view.funding),
        borrow=amount(view.borrow),
        halted=view.halted,
        ended=view.ended,
    )


def job_view(record: JobRecord) -> JobView:
    """How far a job is."""
    return JobView(
        id=record.id,
        kind=record.kind,
        state=record.state.value,
        phase=record.phase,
        fraction=record.fraction,
        elapsed_seconds=record.elapsed_seconds,
        remaining_seconds=record.remaining_seconds,
        result=record.result,
        errors=items(record.problems),
    )


def estimate(forecast: Forecast) -> Estimate:
    """What a run would take, or what is wrong with it."""
    return Estimate(
        bars=forecast.bars,
        instruments=forecast.instruments,
        first_at=forecast.first_at,
        last_at=forecast.last_at,
        warm_up=forecast.warm_up,
        seconds=forecast.seconds,
        errors=items(forecast.problems),
    )


def no_estimate(errors: list[ProblemItem]) -> Estimate:
    """Of what could not even be read."""
    return Estimate(bars=0, instruments=0, first_at=None, last_at=None, warm_up=0, seconds=0.0, errors=errors)


def journal_entry(seq: int, event: Event) -> JournalEntry:
    """One event with its number."""
    return JournalEntry(seq=seq, event=dict(wire.encode(event)))


def _position(name: str, position: Position) -> PositionView:
    return PositionView(
        instrument=name, quantity=amount(position.quantity), entry_price=amount(position.average), entry_at=position.opened_at
    )


def _item(record: SessionRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "name": record.name,
        "mode": record.spec.mode.value,
        "state": record.state.value,
        "strategy_id": record.strategy_id,
        "strategy_version": record.strategy_version,
        "strategy_name": record.strategy_name,
        "universe": list(record.spec.universe),
        "timeframe": record.spec.timeframe,
        "start": record.spec.start,
        "end": record.spec.end,
        "job_id": record.job_id,
        "created_at": record.created_at,
        "started_at": record.started_at,
        "ended_at": record.ended_at,
        "errors": items(record.problems),
        "result": None if record.result is None else result_row(record.result),
    }
