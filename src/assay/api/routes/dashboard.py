"""The dashboard: counts, what happened lately, and what to do first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from fastapi import APIRouter

from assay.api.depends import At, Mine
from assay.api.platform import Platform
from assay.api.render import dashboard as render
from assay.api.render.results import result_row
from assay.api.wire.system import Activity, DashboardStats, Delta, QuickStartStep
from assay.runtime.beginning import MARK
from assay.runtime.ports import Desk
from assay.runtime.records import ResultFilter, State

router = APIRouter(prefix="/dashboard", tags=["dashboard"])

WEEK: Final = timedelta(days=7)
LATELY: Final = 20


@router.get("/stats")
async def get_dashboard_stats(at: At, desk: Mine) -> DashboardStats:
    """Everything at a glance."""
    week_ago = at.clock.now() - WEEK
    found, lately = await desk.results.stats(ResultFilter()), await desk.results.stats(ResultFilter(start=week_ago))
    strategies = await desk.strategies.page(None, "-created_at", 100, None)
    stored = await at.workers.run(at.candles.coverage)
    return DashboardStats(
        strategies=Delta(value=strategies.total, last_week=sum(each.created_at >= week_ago for each in strategies.items)),
        runs=Delta(value=found.runs, last_week=lately.runs),
        profitable=found.profitable,
        mean_return=found.mean_return,
        best=None if found.best is None else result_row(found.best),
        running=await _running(desk),
        bars_stored=sum(each.bars for each in stored),
        instruments=len({each.instrument for each in stored}),
    )


@router.get("/activity")
async def list_activity(at: At, desk: Mine) -> list[Activity]:
    """What happened lately, newest first."""
    sessions = await desk.sessions.page(None, None, LATELY, None)
    strategies = await desk.strategies.page(None, "-updated_at", LATELY, None)
    stored = await at.workers.run(at.candles.coverage)
    return render.activity(sessions.items, strategies.items, stored)[:LATELY]


@router.get("/quick-start")
async def list_quick_start(at: At, desk: Mine) -> list[QuickStartStep]:
    """What to do first, and what of it is done."""
    sessions = await desk.sessions.page(None, None, LATELY, None)
    strategies = await desk.strategies.page(None, "-updated_at", 1, None)
    stored = await at.workers.run(at.candles.coverage)
    return render.quick_start(sessions.items, strategies.items, stored, await _begun(at))


async def _begun(at: Platform) -> datetime:
    """When the platform was complete as it comes; until then nothing is anybody's own."""
    mark = (await at.store.config()).get(MARK)
    return datetime.fromisoformat(mark) if isinstance(mark, str) else at.clock.now()


async def _running(desk: Desk) -> int:
    pages = [await desk.sessions.page(state, None, 1, None) for state in (State.QUEUED, State.RUNNING)]
    return sum(page.total for page in pages)
