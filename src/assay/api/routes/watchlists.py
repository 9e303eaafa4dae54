"""Watchlists: made, changed, brought along from elsewhere and taken there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, Response

from assay.api.depends import At, Mine
from assay.api.found import there
from assay.api.idempotency import Once
from assay.api.problems import RefusedError, invalid, not_found
from assay.api.wire.watchlists import Watched, WatchlistBody, WatchlistItem
from assay.core.market import watchlist as text_form
from assay.runtime.ids import new_id
from assay.runtime.ports import Desk
from assay.runtime.records import Watchlist

router = APIRouter(prefix="/watchlists", tags=["watchlists"], route_class=Once)

MOST: Final = 200
"""Lists that one person has."""

Id = Annotated[str, Path(max_length=64)]
Name = Annotated[str, Query(min_length=1, max_length=120, pattern=r"\S", description="Of the new list.")]
_TEXT: Final = {"text/plain": {"schema": {"type": "string"}}}
_TEXT_BODY: Final[dict[str, Any]] = {"requestBody": {"required": True, "content": _TEXT}}
_WRITTEN: Final[dict[int | str, dict[str, Any]]] = {200: {"content": _TEXT}}


@router.get("")
async def list_watchlists(desk: Mine) -> list[WatchlistItem]:
    """All of them, by name."""
    return [_item(each) for each in await desk.watchlists.all()]


@router.post("", status_code=201)
async def create_watchlist(at: At, desk: Mine, body: WatchlistBody, response: Response) -> WatchlistItem:
    """A new list."""
    return await _create(at, desk, body.name, _instruments(body), response)


@router.post("/import", status_code=201, openapi_extra=_TEXT_BODY)
async def import_watchlist(at: At, desk: Mine, request: Request, response: Response, name: Name) -> WatchlistItem:
    """A list from text, which is the body: instruments one to a line, or between commas; what follows `#` is left out."""
    body = await request.body()
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise invalid("", "encoding", f"a watchlist is UTF-8 text; byte {error.start + 1} is none of it") from None
    return await _create(at, desk, name, text_form.parse(text), response)


@router.get("/{watchlist_id}")
async def get_watchlist(desk: Mine, watchlist_id: Id) -> WatchlistItem:
    """One list."""
    return _item(await _found(desk, watchlist_id))


@router.put("/{watchlist_id}")
async def change_watchlist(at: At, desk: Mine, watchlist_id: Id, body: WatchlistBody) -> WatchlistItem:
    """The whole list anew, its order too."""
    return await _save(at, desk, replace(await _found(desk, watchlist_id), name=body.name, instruments=_instruments(body)))


@router.delete("/{watchlist_id}", status_code=204)
async def delete_watchlist(desk: Mine, watchlist_id: Id) -> None:
    """The list, not its instruments' bars."""
    if not await desk.watchlists.delete(watchlist_id):
        raise not_found("watchlist", watchlist_id)


@router.post("/{watchlist_id}/instruments")
async def watch_instrument(at: At, desk: Mine, watchlist_id: Id, watched: Watched) -> WatchlistItem:
    """At the end of the list; one that is there stays where it is."""
    found = await _found(desk, watchlist_id)
    named = [*((name, name) for name in found.instruments), ("instrument", watched.instrument)]
    return await _save(at, desk, replace(found, instruments=text_form.checked(named)))


@router.delete("/{watchlist_id}/instruments")
async def unwatch_instrument(at: At, desk: Mine, watchlist_id: Id, instrument: Annotated[str, Query(max_length=200)]) -> WatchlistItem:
    """Off the list; one that is not on it is not missed."""
    found = await _found(desk, watchlist_id)
    return await _save(at, desk, replace(found, instruments=tuple(name for name in found.instruments if name != instrument)))


@router.get("/{watchlist_id}/export", response_class=Response, responses=_WRITTEN)
async def export_watchlist(desk: Mine, watchlist_id: Id) -> Response:
    """The list as text, which `POST /watchlists/import` reads."""
    found = await _found(desk, watchlist_id)
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", found.name).strip("-") or "watchlist"
    disposition = {"Content-Disposition": f'attachment; filename="{name}.txt"'}
    return Response(text_form.write(found.name, found.instruments), media_type="text/plain; charset=utf-8", headers=disposition)


async def _found(desk: Desk, watchlist_id: str) -> Watchlist:
    return there(await desk.watchlists.get(watchlist_id), "watchlist", watchlist_id)


async def _create(at: At, desk: Desk, name: str, instruments: Sequence[str], response: Response) -> WatchlistItem:
    if len(await desk.watchlists.all()) >= MOST:
        raise RefusedError(409, "too_many", f"there are {MOST} watchlists; delete one first")
    now = at.clock.now()
    made = Watchlist(id=new_id(now), name=name, instruments=tuple(instruments), created_at=now, updated_at=now)
    await desk.watchlists.save(made)
    response.headers["Location"] = f"/api/v1/watchlists/{made.id}"
    return _item(made)


async def _save(at: At, desk: Desk, changed: Watchlist) -> WatchlistItem:
    changed = replace(changed, updated_at=at.clock.now())
    await desk.watchlists.save(changed)
    return _item(changed)


def _instruments(body: WatchlistBody) -> tuple[str, ...]:
    return text_form.checked((f"instruments[{row}]", name) for row, name in enumerate(body.instruments))


def _item(watchlist: Watchlist) -> WatchlistItem:
    return WatchlistItem(
        id=watchlist.id,
        name=watchlist.name,
        instruments=list(watchlist.instruments),
        created_at=watchlist.created_at,
        updated_at=watchlist.updated_at,
    )
