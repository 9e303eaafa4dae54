"""Long work, and how far it is. Whoever would rather be told subscribes to `jobs.{id}` on the socket."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from assay.api.depends import At, Mine
from assay.api.found import there
from assay.api.idempotency import Once
from assay.api.paging import Cursor, Limit
from assay.api.render.sessions import job_view
from assay.api.rows import sliced
from assay.api.wire.message import List
from assay.api.wire.sessions import JobView

router = APIRouter(prefix="/jobs", tags=["jobs"], route_class=Once)
Id = Annotated[str, Path(max_length=64)]


@router.get("")
async def list_jobs(at: At, desk: Mine, limit: Limit = 50, cursor: Cursor = None) -> List[JobView]:
    """Newest first; those that have ended are kept for an hour."""
    return sliced(at.jobs.all(desk.owner), job_view, limit, cursor)


@router.get("/{job_id}")
async def get_job(at: At, desk: Mine, job_id: Id) -> JobView:
    """How far a job is."""
    return job_view(there(at.jobs.get(desk.owner, job_id), "job", job_id))


@router.post("/{job_id}/stop")
async def stop_job(at: At, desk: Mine, job_id: Id) -> JobView:
    """A queued job ends at once, a running one with its phase; one that has ended stays as it is."""
    at.jobs.stop(desk.owner, job_id)
    return job_view(there(at.jobs.get(desk.owner, job_id), "job", job_id))
