"""Why a session did what it did, or did nothing: any bar, the whole run, and the run without one of its conditions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from assay.api.depends import At, Mine
from assay.api.found import result_of, trace_of
from assay.api.idempotency import Once
from assay.api.paging import Cursor, Limit
from assay.api.platform import Platform
from assay.api.problems import invalid
from assay.api.render import trace as render
from assay.api.rows import sliced
from assay.api.wire.message import Instant, List
from assay.api.wire.trace import Funnel, TracedBar, Without, WithoutRequest
from assay.core.engine.trace import Trace
from assay.core.strategy.parse import parse
from assay.runtime.ports import Desk

router = APIRouter(tags=["trace"], route_class=Once)

Id = Annotated[str, Path(max_length=64)]
Text = Annotated[str | None, Query(max_length=200)]
From = Annotated[Instant | None, Query(alias="from", description="The first bar's open.")]
To = Annotated[Instant | None, Query(alias="to", description="Bars opened before it.")]


@router.get("/results/{session_id}/trace")
@router.get("/sessions/{session_id}/trace", operation_id="trace_session")
async def trace_result(
    at: At, desk: Mine, session_id: Id, instrument: Text = None, start: From = None, end: To = None, outcome: Text = None,
    limit: Limit = 20, cursor: Cursor = None,
) -> List[TracedBar]:  # fmt: skip
    """Bars of one instrument in time order, with its outcome and every condition's value; those alone with `outcome` where one is."""
    trace = await _trace(at, desk, session_id)
    place = _instrument(trace, instrument)

    def page() -> List[TracedBar]:
        bars = render.bars_with(trace, place, start, end, outcome)
        return sliced(bars, lambda bar: render.traced(trace, place, bar), limit, cursor)

    return await at.workers.run(page)


@router.get("/results/{session_id}/funnel")
async def get_funnel(at: At, desk: Mine, session_id: Id) -> Funnel:
    """How many bars each condition let through, how many each veto stopped, and how often each outcome came."""
    return await at.workers.run(render.funnel, await _trace(at, desk, session_id))


@router.post("/results/{session_id}/without")
async def run_without(at: At, desk: Mine, session_id: Id, asked: WithoutRequest) -> Without:
    """The same run without one of its conditions, on the same bars: what that condition was good for."""
    session, _ = await result_of(desk, session_id)
    trace = await trace_of(at, session)
    return await at.workers.run(render.run_without, trace.journal, parse(session.spec.document), asked.path, asked.points)


async def _trace(at: Platform, desk: Desk, session_id: str) -> Trace:
    session, _ = await result_of(desk, session_id)
    return await trace_of(at, session)


def _instrument(trace: Trace, name: str | None) -> int:
    names = list(trace.journal.inputs.bars)
    if name is None:
        return 0
    if name not in names:
        raise invalid("instrument", "unknown", f"this ran on {', '.join(names)}")
    return names.index(name)
