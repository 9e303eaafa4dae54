"""What there is to choose from."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from assay.api.caching import kept
from assay.api.depends import At, Mine
from assay.api.idempotency import Once
from assay.api.paging import Cursor, Limit, Search
from assay.api.platform import Platform
from assay.api.problems import not_found
from assay.api.render import catalog as render
from assay.api.render import formula
from assay.api.render import instruments as render_instruments
from assay.api.render.sessions import job_view
from assay.api.rows import sliced
from assay.api.wire.catalog import Asset, Catalog, FormulaLanguage, Indicator, Instrument, Preset, Speed, Template, TimeframeItem, Venue
from assay.api.wire.message import List
from assay.api.wire.sessions import JobView
from assay.core.strategy.schema import strategy_schema

router = APIRouter(prefix="/catalog", tags=["catalog"], route_class=Once)

At_ = Annotated[str | None, Query(alias="venue", max_length=64, description="Only those of this venue.")]


@router.get("")
async def get_catalog(at: At) -> Catalog:
    """Everything small, for the first paint."""
    stored = await at.workers.run(at.candles.coverage)
    return Catalog(
        venues=await _venues(at),
        timeframes=render.timeframes(),
        presets=render.presets(stored),
        speeds=list(render.SPEEDS),
        conventions=render.conventions(),
    )


@router.get("/venues")
async def list_venues(at: At) -> list[Venue]:
    """Venues that can be asked, and those that bars are stored of."""
    return await _venues(at)


@router.post("/venues/{venue}/refresh", status_code=202)
async def refresh_venue(at: At, desk: Mine, venue: Annotated[str, Path(max_length=64)]) -> JobView:
    """Ask a venue what it lists; the job's result is how many instruments."""
    if venue not in at.sources:
        raise not_found("venue that can be asked", venue)
    return job_view(at.fetches.refresh(desk.owner, venue))


@router.get("/instruments", response_model=List[Instrument])
async def list_instruments(
    at: At, desk: Mine, request: Request, query: Search = None, venue: At_ = None, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """What venues list and what is stored, the best match first: by symbol or by name. An `ETag` says whether it changed."""
    found = await at.workers.run(at.instruments.search, query or "", venue)
    if at.config.value("refresh_by_itself"):
        at.fetches.refresh_due(desk.owner)
    return kept(request, sliced(found, render_instruments.instrument, limit, cursor))


@router.get("/assets", response_model=List[Asset])
async def list_assets(
    at: At, request: Request, query: Search = None, venue: At_ = None, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """The same as a form offers them: whether they are there, and from when to when."""
    found = await at.workers.run(at.instruments.search, query or "", venue)
    return kept(request, sliced(found, render_instruments.asset, limit, cursor))


@router.get("/timeframes")
async def list_timeframes() -> list[TimeframeItem]:
    """How long a bar may be."""
    return render.timeframes()


@router.get("/presets")
async def list_presets(at: At) -> list[Preset]:
    """Stretches that are worth testing on, of the bundled bars and of real markets."""
    return render.presets(await at.workers.run(at.candles.coverage))


@router.get("/speeds")
async def list_speeds() -> list[Speed]:
    """How fast a playback may go."""
    return list(render.SPEEDS)


@router.get("/indicators")
async def list_indicators() -> list[Indicator]:
    """All indicators that a series may be."""
    return render.indicators()


@router.get("/formula")
async def get_formula_language() -> FormulaLanguage:
    """The language of formulas: forms, functions with their signatures, and bounds."""
    return formula.language()


@router.get("/templates")
async def list_templates(at: At) -> list[Template]:
    """Strategies to start from."""
    return [render.template(name, document) for name, document in at.templates.items()]


@router.get("/strategy-schema")
async def get_strategy_schema() -> dict[str, Any]:
    """The JSON Schema of a strategy document."""
    return strategy_schema()


async def _venues(at: Platform) -> list[Venue]:
    stored = await at.workers.run(at.candles.coverage)
    listings = await at.workers.run(at.instruments.listings)
    return render_instruments.venues(stored, at.sources, listings, at.instruments.problems)
