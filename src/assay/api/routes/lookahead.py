"""The search for looking ahead: a job, and what it found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path

from assay.api.depends import At, Mine
from assay.api.found import there
from assay.api.idempotency import Once
from assay.api.render.lookahead import look_ahead
from assay.api.render.sessions import job_view
from assay.api.wire.lookahead import LookAhead, LookAheadOrder, LookAheadRequest
from assay.api.wire.sessions import JobView
from assay.core.domain.account import Account
from assay.runtime.proposal import Proposal

router = APIRouter(tags=["lookahead"], route_class=Once)

Id = Annotated[str, Path(max_length=64)]


@router.post("/strategies/lookahead", status_code=202)
async def prove_document(at: At, desk: Mine, asked: LookAheadRequest) -> JobView:
    """Cut off and poison the future of an unsaved document; the job tells how far that is."""
    return job_view(await at.proofs.start(desk, _proposal(asked, document=asked.document), asked.points))


@router.post("/strategies/{strategy_id}/lookahead", status_code=202)
async def prove_strategy(at: At, desk: Mine, strategy_id: Id, asked: LookAheadOrder) -> JobView:
    """The same of a saved strategy's newest version."""
    return job_view(await at.proofs.start(desk, _proposal(asked, strategy_id=strategy_id), asked.points))


@router.get("/lookahead/{job_id}")
async def get_look_ahead(at: At, desk: Mine, job_id: Id) -> LookAhead:
    """What a job of the kind `lookahead` found, for as long as the job is heard of."""
    return look_ahead(there(at.proofs.get(desk.owner, job_id), "lookahead", job_id))


def _proposal(asked: LookAheadOrder, document: Mapping[str, Any] | None = None, strategy_id: str | None = None) -> Proposal:
    """What money does is of no account here: only decisions are looked at."""
    return Proposal(
        account=Account(), document=document, strategy_id=strategy_id, universe=asked.universe, timeframe=asked.timeframe,
        start=asked.start, end=asked.end, parameters=asked.parameters,
    )  # fmt: skip
