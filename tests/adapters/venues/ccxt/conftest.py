"""A venue on loopback and a source that asks it, on the event loop that the platform runs on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.adapters.venues.standin.server import Standin, standin
from tests.adapters.venues.standin.world import World

from assay.adapters.venues.ccxt.client import CcxtSource


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def venue(world: World) -> AsyncIterator[Standin]:
    async with standin(world) as venue:
        yield venue


def source_of(venue: Standin, name: str, *, silence: float = 5.0, timeout: float = 5.0) -> CcxtSource:
    world = venue.world
    return CcxtSource(
        name, clock=world, urls=venue.urls[name], timeout=timeout, silence=silence,
        sleep=world.sleep, monotonic=world.monotonic, spread=lambda: 0.5,
    )  # fmt: skip


@pytest.fixture
async def binance(venue: Standin) -> AsyncIterator[CcxtSource]:
    source = source_of(venue, "binance")
    yield source
    await source.close()


@pytest.fixture
async def bybit(venue: Standin) -> AsyncIterator[CcxtSource]:
    source = source_of(venue, "bybit")
    yield source
    await source.close()


@pytest.fixture(params=["binance", "bybit"])
async def source(venue: Standin, request: pytest.FixtureRequest) -> AsyncIterator[CcxtSource]:
    source = source_of(venue, request.param)
    yield source
    await source.close()
