"""Strategies and their versions as they go over the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assay.api.problems import items
from assay.api.render.results import result_row
from assay.api.wire.strategies import StrategyDetail, StrategyItem, Validation, Version
from assay.core.domain.errors import StrategyError
from assay.core.indicators.compute import warm_up
from assay.core.strategy.canonical import content_hash
from assay.core.strategy.parameters import bind
from assay.core.strategy.parse import parse
from assay.runtime.records import StrategyRecord, VersionRecord


def strategy_item(record: StrategyRecord) -> StrategyItem:
    """One row of the list."""
    return StrategyItem(**_item(record))


def strategy_detail(record: StrategyRecord) -> StrategyDetail:
    """With its newest document."""
    return StrategyDetail(**_item(record), document=dict(record.document))


def version(record: VersionRecord) -> Version:
    """As it was saved."""
    return Version(number=record.number, hash=record.hash, note=record.note, created_at=record.created_at, document=dict(record.document))


def validation(document: Mapping[str, object]) -> Validation:
    """What a document would be as a strategy, or everything that is wrong with it."""
    try:
        parsed = parse(document)
        bound = bind(parsed)
    except StrategyError as error:
        return Validation(valid=False, errors=items(error.errors), hash=None, warm_up=None, parameters={})
    return Validation(valid=True, errors=[], hash=content_hash(parsed), warm_up=warm_up(bound), parameters=dict(parsed.parameter_values()))


def _item(record: StrategyRecord) -> dict[str, Any]:
    document: Mapping[str, Any] = record.document
    return {
        "id": record.id,
        "name": record.name,
        "description": record.description,
        "template": record.template,
        "version": record.version,
        "in_force": record.in_force,
        "hash": record.hash,
        "timeframe": document["timeframe"],
        "universe": document["universe"],
        "rules": len(document["rules"]),
        "created_at": record.created_at,
        "updated_at": record.updated_at,
        "runs": record.runs,
        "wins": record.wins,
        "win_rate": record.wins / record.runs if record.runs else None,
        "best": record.best,
        "last_result": None if record.last_result is None else result_row(record.last_result),
    }
