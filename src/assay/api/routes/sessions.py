"""Sessions: what is asked to be run, how it stands, and what it recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Response

from assay.api.depends import At, Mine
from assay.api.found import journal_of, session_of
from assay.api.idempotency import Once
from assay.api.paging import Cursor, Limit, Search, listed
from assay.api.problems import RefusedError, invalid, items, located, not_found
from assay.api.render import sessions as render
from assay.api.render.account import account_of
from assay.api.wire.message import List
from assay.api.wire.sessions import Estimate, FromWatchlist, JournalPage, NewSession, SessionDetail, SessionItem, StateName
from assay.core.domain.errors import AccountError
from assay.core.domain.spec import ODDITIES
from assay.core.market.preset import Preset
from assay.core.market.presets import PRESETS
from assay.runtime import tables
from assay.runtime.ports import Desk
from assay.runtime.proposal import Proposal
from assay.runtime.records import SessionRecord, State

router = APIRouter(prefix="/sessions", tags=["sessions"], route_class=Once)

Id = Annotated[str, Path(max_length=64)]
State_ = Annotated[StateName | None, Query(description="Only sessions in this state.")]
After = Annotated[int, Query(ge=0, le=2**53, description="The number of the last event that was seen.")]
Events = Annotated[int, Query(ge=1, le=1_000, description="Events of a page, at most.")]
_PRESETS: Final[Mapping[str, Preset]] = {preset.id: preset for preset in PRESETS}


@router.post("", status_code=201)
async def start_session(at: At, desk: Mine, new: NewSession, response: Response) -> SessionDetail:
    """Queue a session; its job tells how far it is."""
    record = await at.runner.start(desk, await proposal(desk, new))
    response.headers["Location"] = f"/api/v1/sessions/{record.id}"
    return await _detail(desk, record)


@router.post("/estimate")
async def estimate_session(at: At, desk: Mine, new: NewSession) -> Estimate:
    """What a session would take, or everything that is wrong with it, without starting it."""
    try:
        return render.estimate(await at.runner.estimate(desk, await proposal(desk, new)))
    except AccountError as error:
        return render.no_estimate(located(error))
    except RefusedError as error:
        return render.no_estimate(items(error.errors))


@router.get("")
async def list_sessions(
    desk: Mine, state: State_ = None, search: Search = None, limit: Limit = 50, cursor: Cursor = None
) -> List[SessionItem]:
    """Newest first."""
    return listed(await desk.sessions.page(None if state is None else State(state), search, limit, cursor), render.session_item)


@router.get("/{session_id}")
async def get_session(desk: Mine, session_id: Id) -> SessionDetail:
    """A session and its view: the fold over its events so far."""
    return await _detail(desk, await session_of(desk, session_id))


@router.post("/{session_id}/stop")
async def stop_session(at: At, desk: Mine, session_id: Id) -> SessionDetail:
    """A queued session ends at once, a running one with its phase; one that has ended stays as it is."""
    record = await at.runner.stop(desk, session_id)
    if record is None:
        raise not_found("session", session_id)
    return await _detail(desk, record)


@router.delete("/{session_id}", status_code=204)
async def delete_session(at: At, desk: Mine, session_id: Id) -> None:
    """With its result. A session that has not ended has to be stopped first."""
    record = await session_of(desk, session_id)
    if not record.state.is_final:
        raise RefusedError(409, "unfinished", "this session has not ended; stop it first")
    at.history.forget(session_id)
    await desk.sessions.delete(session_id)


@router.get("/{session_id}/journal")
async def get_journal(at: At, desk: Mine, session_id: Id, after: After = 0, limit: Events = 200) -> JournalPage:
    """Events in order, numbered from 1 without a gap; go on with `after` the last one."""
    record = await session_of(desk, session_id)
    if record.result is None:
        return JournalPage(items=[], last=0)
    journal = await journal_of(at, record)
    entries = await at.workers.run(
        lambda: [render.journal_entry(seq, event) for seq, event in enumerate(journal.read(after, limit), after + 1)]
    )
    return JournalPage(items=entries, last=len(journal))


async def proposal(desk: Desk, new: NewSession) -> Proposal:
    """Raises AccountError, and RefusedError for a preset or a watchlist that there is not."""
    start, end = new.start, new.end
    if new.preset is not None:
        preset = _PRESETS.get(new.preset)
        if preset is None:
            raise invalid("preset", "unknown", f"there is no preset {new.preset[:80]!r}; there are {', '.join(_PRESETS)}")
        start, end = start or preset.start, end or preset.end
    universe = await _universe(desk, new.universe)
    return Proposal(
        account=account_of(new.account), strategy_id=new.strategy_id, strategy_version=new.strategy_version, document=new.document,
        name=new.name, universe=universe, timeframe=new.timeframe, start=start, end=end, parameters=new.parameters,
        tolerates=ODDITIES if new.tolerates is None else new.tolerates,
    )  # fmt: skip


async def _universe(desk: Desk, wanted: list[str] | FromWatchlist | None) -> Sequence[str] | None:
    if not isinstance(wanted, FromWatchlist):
        return wanted
    watchlist = await desk.watchlists.get(wanted.watchlist)
    if watchlist is None:
        raise invalid("universe.watchlist", "unknown", f"there is no watchlist {wanted.watchlist[:80]!r}")
    return watchlist.instruments


async def _detail(desk: Desk, record: SessionRecord) -> SessionDetail:
    positions = await desk.results.table(record.id, "positions") if record.result is not None else None
    return render.session_detail(record, tables.view(record, positions))
