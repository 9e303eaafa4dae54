"""How the process is, and what can be set."""

from __future__ import annotations

import platform as machine
from typing import Final

from fastapi import APIRouter, Response

import assay
from assay.api.depends import At
from assay.api.idempotency import Once
from assay.api.platform import Platform
from assay.api.render.system import config_fields
from assay.api.wire.system import Config, ConfigChange, Health, VersionInfo
from assay.core.engine.backtest import ENGINE
from assay.runtime.ports import UnavailableError

API: Final = "v1"

router = APIRouter(tags=["system"], route_class=Once)


@router.get("/health/live")
async def live(at: At) -> Health:
    """The process answers."""
    return Health(status="ok", checks={}, uptime_seconds=_uptime(at))


@router.get("/health/ready", responses={503: {"model": Health, "description": "Not yet, or no longer."}})
async def ready(at: At, response: Response) -> Health:
    """The store answers too; its schema was brought up to date before the first request."""
    checks = {"database": await _database(at), "candles": await _candles(at)}
    fine = set(checks.values()) == {"ok"}
    response.status_code = 200 if fine else 503
    return Health(status="ok" if fine else "failing", checks=checks, uptime_seconds=_uptime(at))


@router.get("/version")
async def version() -> VersionInfo:
    """What is running."""
    return VersionInfo(name="assay", version=assay.__version__, engine=ENGINE, python=machine.python_version(), api=API)


@router.get("/config")
async def get_config(at: At) -> Config:
    """Every setting, its value and where that comes from. Secrets are not told."""
    return config_fields(at.config)


@router.put("/config")
async def put_config(at: At, change: ConfigChange) -> Config:
    """Change settings, all or none of them; null gives one its default back."""
    await at.config.change(change.values, at.store, at.clock.now())
    return config_fields(at.config)


async def _database(at: Platform) -> str:
    try:
        await at.store.check()
    except UnavailableError as error:
        return f"it does not answer: {error}"
    return "ok"


async def _candles(at: Platform) -> str:
    try:
        await at.workers.run(at.candles.coverage)
    except OSError as error:
        return f"they cannot be read: {error.strerror}"
    return "ok"


def _uptime(at: Platform) -> float:
    return (at.clock.now() - at.started_at).total_seconds()
