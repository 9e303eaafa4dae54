"""The real application over a folder of its own: the real store, the real runtime, and no network in between."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
import uvicorn
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.testclient import TestClient
from tests.runtime.venue import Venue

from assay.adapters.files.sample import sample
from assay.api.app import create
from assay.api.platform import Platform
from assay.app import opened
from assay.runtime.sources import Offer
from assay.settings import Settings

ORIGIN = "http://127.0.0.1:8000"
BTC = "synthetic:BTC/USDT"


@pytest.fixture(scope="module")
def portal() -> Iterator[BlockingPortal]:
    """One event loop for the platform and every request to it."""
    with start_blocking_portal() as portal:
        yield portal


@pytest.fixture(scope="module")
def venue() -> Venue:
    """The one venue that the platform may ask."""
    return Venue(page=24)


@pytest.fixture(scope="module")
def platform(portal: BlockingPortal, tmp_path_factory: pytest.TempPathFactory, venue: Venue) -> Iterator[Platform]:
    """With two years of one bundled instrument, and a venue that nothing was asked of."""
    settings, venues = Settings(home=tmp_path_factory.mktemp("home"), web=None), {"venue": Offer("exchange", lambda: venue)}
    with portal.wrap_async_context_manager(opened(settings, venues)) as platform:
        platform.candles.write(sample(BTC))
        yield platform


@pytest.fixture(scope="module")
def client(platform: Platform, portal: BlockingPortal) -> TestClient:
    """What a browser on this machine would be."""
    client = TestClient(create(platform), base_url=ORIGIN, raise_server_exceptions=False)
    client.portal = portal
    return client


@pytest.fixture(scope="module")
def address(platform: Platform, portal: BlockingPortal) -> Iterator[str]:
    """The same over real HTTP, on a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(create(platform), http="httptools", lifespan="off", log_config=None))
        serving = portal.start_task_soon(server.serve, [listening])
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        serving.result(timeout=10)
