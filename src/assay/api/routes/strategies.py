"""Strategies, their versions, and what an unsaved document would do."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from assay.api.depends import At, Mine
from assay.api.idempotency import Once
from assay.api.paging import Cursor, Limit, Search, listed
from assay.api.problems import invalid, not_found
from assay.api.render import strategies as render
from assay.api.render.account import account_of
from assay.api.render.preview import previewed
from assay.api.wire.message import List
from assay.api.wire.strategies import (
    Deployment,
    DocumentBody,
    NewStrategy,
    Preview,
    PreviewRequest,
    StrategyChange,
    StrategyDetail,
    StrategyItem,
    Validation,
    Version,
)
from assay.core.strategy.bounds import NAME
from assay.core.strategy.canonical import content_hash
from assay.core.strategy.conditions_file.write import write_file
from assay.core.strategy.parse import parse
from assay.runtime.ids import new_id
from assay.runtime.proposal import Proposal, resolve
from assay.runtime.records import StrategyRecord, VersionRecord

router = APIRouter(prefix="/strategies", tags=["strategies"], route_class=Once)

COPY: Final = re.compile(r"(?P<base>.+) \(copy(?: (?P<number>[0-9]{1,6}))?\)", re.DOTALL)
Id = Annotated[str, Path(max_length=64)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Sort = Annotated[
    Literal["name", "-name", "updated_at", "-updated_at", "created_at", "-created_at"], Query(description="Descending with `-` before it.")
]
Form = Annotated[Literal["document", "conditions"], Query(alias="format", description="`conditions` is AI-Lona's conditions file.")]
_JSON: Final = {"application/json": {"schema": {"type": "object"}}}
_DOCUMENT_BODY: Final = {"requestBody": {"required": True, "content": _JSON}}
_EXPORTED: Final[dict[int | str, dict[str, Any]]] = {200: {"content": _JSON}}


@router.get("")
async def list_strategies(
    desk: Mine, search: Search = None, sort: Sort = "-updated_at", limit: Limit = 50, cursor: Cursor = None
) -> List[StrategyItem]:
    """Strategies with their last result."""
    return listed(await desk.strategies.page(search, sort, limit, cursor), render.strategy_item)


@router.post("", status_code=201)
async def create_strategy(at: At, desk: Mine, new: NewStrategy, response: Response) -> StrategyDetail:
    """A strategy from a document, or from one of the templates."""
    if (new.document is None) == (new.template is None):
        raise invalid("document", "one_of", "give a document or the name of a template, one of the two")
    if new.template is not None and new.template not in at.templates:
        raise invalid("template", "unknown", f"there is no template {new.template[:80]!r}; there are {', '.join(at.templates)}")
    document = at.templates[new.template] if new.template is not None else new.document or {}
    return await created(at, desk, document, response, new.template)


@router.post("/import", status_code=201, openapi_extra=_DOCUMENT_BODY)
async def import_strategy(at: At, desk: Mine, request: Request, response: Response) -> StrategyDetail:
    """A strategy from a file as it was exported: the document itself is the body."""
    source = await request.body()
    parse(source)
    return await created(at, desk, json.loads(source), response)


@router.post("/validate")
async def validate_strategy(body: DocumentBody) -> Validation:
    """Everything that is wrong with a document, each with its place."""
    return render.validation(body.document)


@router.post("/preview")
async def preview_strategy(at: At, desk: Mine, asked: PreviewRequest) -> Preview:
    """A whole backtest of an unsaved document, answered at once and kept nowhere."""
    proposal = Proposal(
        account=account_of(asked.account),
        document=asked.document,
        universe=asked.universe,
        timeframe=asked.timeframe,
        start=asked.start,
        end=asked.end,
        parameters=asked.parameters,
    )
    resolved = await resolve(proposal, desk)
    return await at.workers.run(previewed, resolved, asked.points, at.candles, at.config.whole("preview_bars"))


@router.get("/{strategy_id}")
async def get_strategy(desk: Mine, strategy_id: Id) -> StrategyDetail:
    """A strategy with its newest document."""
    return render.strategy_detail(await _found(desk, strategy_id))


@router.put("/{strategy_id}")
async def save_strategy(at: At, desk: Mine, strategy_id: Id, change: StrategyChange) -> StrategyDetail:
    """A new version; none where the document is the newest one's."""
    saved = await desk.strategies.save(
        strategy_id, change.document, content_hash(parse(change.document)), at.clock.now(), note=change.note, after=change.after
    )
    if saved is None:
        raise not_found("strategy", strategy_id)
    return render.strategy_detail(saved)


@router.delete("/{strategy_id}", status_code=204)
async def delete_strategy(desk: Mine, strategy_id: Id) -> None:
    """Its sessions and results stay: they carry their own document."""
    if not await desk.strategies.delete(strategy_id):
        raise not_found("strategy", strategy_id)


@router.get("/{strategy_id}/versions")
async def list_versions(desk: Mine, strategy_id: Id, limit: Limit = 50, cursor: Cursor = None) -> List[Version]:
    """Newest first."""
    await _found(desk, strategy_id)
    return listed(await desk.strategies.versions(strategy_id, limit, cursor), render.version)


@router.get("/{strategy_id}/versions/{number}")
async def get_version(desk: Mine, strategy_id: Id, number: Number) -> Version:
    """One version, as it was saved."""
    return render.version(await _version(desk, strategy_id, number))


@router.post("/{strategy_id}/deploy")
async def deploy_strategy(desk: Mine, strategy_id: Id, deployment: Deployment) -> StrategyDetail:
    """Marks a version as the one in force; later versions change nothing about that until they are deployed."""
    await _found(desk, strategy_id)
    deployed = await desk.strategies.deploy(strategy_id, deployment.version)
    if deployed is None:
        raise not_found("version", f"{deployment.version} of {strategy_id}")
    return render.strategy_detail(deployed)


@router.post("/{strategy_id}/duplicate", status_code=201)
async def duplicate_strategy(at: At, desk: Mine, strategy_id: Id, response: Response) -> StrategyDetail:
    """A copy of the newest version, with a name of its own."""
    found = await _found(desk, strategy_id)
    copy = {**found.document, "name": _copied(found.name)}
    return await created(at, desk, copy, response, found.template)


@router.get("/{strategy_id}/export", response_class=Response, responses=_EXPORTED)
async def export_strategy(
    at: At, desk: Mine, strategy_id: Id, form: Form = "document", version: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None
) -> Response:
    """The document as a file, which `POST /strategies/import` and `assay backtest` read, or as AI-Lona's conditions file.

    Of the newest version, unless another is named. A strategy that no conditions file can say is refused, with what it has no words for.
    """
    found = await _found(desk, strategy_id) if version is None else await _version(desk, strategy_id, version)
    document = found.document if form == "document" else await at.workers.run(lambda: write_file(parse(found.document)))
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", str(found.document["name"])).strip("-") or "strategy"
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    disposition = f'attachment; filename="{name}.json"'
    return Response(text, media_type="application/json", headers={"Content-Disposition": disposition})


async def _found(desk: Mine, strategy_id: str) -> StrategyRecord:
    found = await desk.strategies.get(strategy_id)
    if found is None:
        raise not_found("strategy", strategy_id)
    return found


async def _version(desk: Mine, strategy_id: str, number: int) -> VersionRecord:
    found = await desk.strategies.version(strategy_id, number)
    if found is None:
        raise not_found("version", f"{number} of {strategy_id}")
    return found


async def created(at: At, desk: Mine, document: Mapping[str, Any], response: Response, template: str | None = None) -> StrategyDetail:
    """A strategy of a document that is valid, and where it is."""
    now = at.clock.now()
    strategy_id = new_id(now)
    record = await desk.strategies.create(strategy_id, document, content_hash(parse(document)), now, template)
    response.headers["Location"] = f"/api/v1/strategies/{strategy_id}"
    return render.strategy_detail(record)


def _copied(name: str) -> str:
    """`Averages (copy)`, and the copy's copy `Averages (copy 2)`."""
    base, number = name, 1
    if match := COPY.fullmatch(name):
        base, number = match["base"], int(match["number"] or 1) + 1
    suffix = " (copy)" if number == 1 else f" (copy {number})"
    return base[: NAME - len(suffix)] + suffix
