"""What there is to choose from."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from assay.api.depends import At
from assay.api.paging import Cursor, Limit, Search
from assay.api.render import catalog as render
from assay.api.render import formula
from assay.api.rows import sliced
from assay.api.wire.catalog import Catalog, FormulaLanguage, Indicator, Instrument, Preset, Speed, Template, TimeframeItem, Venue
from assay.api.wire.message import List
from assay.core.strategy.schema import strategy_schema

router = APIRouter(prefix="/catalog", tags=["catalog"])


@router.get("")
async def get_catalog(at: At) -> Catalog:
    """Everything small, for the first paint."""
    return Catalog(
        venues=render.venues(await at.workers.run(at.candles.coverage)),
        timeframes=render.timeframes(),
        presets=render.presets(),
        speeds=list(render.SPEEDS),
        conventions=render.conventions(),
    )


@router.get("/venues")
async def list_venues(at: At) -> list[Venue]:
    """Venues that bars are stored of."""
    return render.venues(await at.workers.run(at.candles.coverage))


@router.get("/instruments")
async def list_instruments(at: At, query: Search = None, limit: Limit = 50, cursor: Cursor = None) -> List[Instrument]:
    """Instruments that bars are stored of, by name."""
    wanted = (query or "").casefold()
    found = [coverage for coverage in await at.workers.run(at.candles.coverage) if wanted in coverage.instrument.casefold()]
    return sliced(render.by_instrument(found), render.instrument, limit, cursor)


@router.get("/timeframes")
async def list_timeframes() -> list[TimeframeItem]:
    """How long a bar may be."""
    return render.timeframes()


@router.get("/presets")
async def list_presets() -> list[Preset]:
    """Stretches of the bundled bars that are worth testing on."""
    return render.presets()


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
