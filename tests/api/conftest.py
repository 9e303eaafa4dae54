"""The real application over a folder of its own: the real store, the real runtime, and no network in between."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
import uvicorn
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.testclient import TestClient

from assay.adapters.files.sample import sample
from assay.api.app import create
from assay.api.platform import Platform
from assay.app import opened
from assay.settings import Settings

ORIGIN = "http://127.0.0.1:8000"
BTC = "synthetic:BTC/USDT"


@pytest.fixture(scope="module")
def portal() -> Iterator[BlockingPortal]:
    """One event loop for the platform and every request to it."""
    with start_blocking_portal() as portal:
        yield portal


@pytest.fixture(scope="module")
def platform(portal: BlockingPortal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """With two years of one bundled instrument, and nothing else."""
    with portal.wrap_async_context_manager(opened(Settings(home=tmp_path_factory.mktemp("home"), web=None))) as platform:
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
