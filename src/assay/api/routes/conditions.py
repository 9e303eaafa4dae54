"""AI-Lona's conditions file: what one says, and a strategy made of it. The way back is a strategy's export."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from assay.api.depends import At, Mine
from assay.api.idempotency import Once
from assay.api.problems import items
from assay.api.routes.strategies import created
from assay.api.wire.conditions import ConditionsImport, ConditionsRead
from assay.core.domain.errors import StrategyError
from assay.core.strategy.canonical import content_hash, to_json
from assay.core.strategy.conditions_file.pairs import VENUE
from assay.core.strategy.conditions_file.read import read_file
from assay.core.strategy.conditions_file.write import write_file

router = APIRouter(prefix="/strategies/import/conditions", tags=["strategies"], route_class=Once)

ORIGIN: Final = "conditions"
Venue = Annotated[str, Query(max_length=64, description="Where pairs trade that do not say where.")]
Timeframe = Annotated[str | None, Query(max_length=8, description="Of a file that does not say its own.")]
Strict = Annotated[bool, Query(description="Refuse the file where any entry of it is rejected.")]
_FILE_BODY: Final[dict[str, Any]] = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}}


@router.post("", status_code=201, openapi_extra=_FILE_BODY)
async def import_conditions(
    at: At, desk: Mine, request: Request, response: Response, venue: Venue = VENUE, timeframe: Timeframe = None, strict: Strict = False
) -> ConditionsImport:
    """A strategy from a conditions file, which is the body; what cannot be understood is rejected entry by entry, and told."""
    source = await request.body()
    read = await at.workers.run(read_file, source, venue=venue, timeframe=timeframe, strict=strict)
    strategy = await created(at, desk, to_json(read.document), response, ORIGIN)
    return ConditionsImport(strategy=strategy, rejected=items(read.rejected))


@router.post("/validate", openapi_extra=_FILE_BODY)
async def read_conditions(at: At, request: Request, venue: Venue = VENUE, timeframe: Timeframe = None) -> ConditionsRead:
    """What a conditions file would be as a strategy; nothing is kept."""
    return await at.workers.run(_read, await request.body(), venue, timeframe)


def _read(source: bytes, venue: str, timeframe: str | None) -> ConditionsRead:
    try:
        read = read_file(source, venue=venue, timeframe=timeframe)
    except StrategyError as error:
        return ConditionsRead(rejected=items(error.errors), document=None, file=None, hash=None)
    document = read.document
    return ConditionsRead(rejected=items(read.rejected), document=to_json(document), file=write_file(document), hash=content_hash(document))
