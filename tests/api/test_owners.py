"""What belongs to one is not there for another: over every route that names a session, a result or a job."""

from __future__ import annotations

from typing import Any

import pytest
from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.testclient import TestClient
from tests.api.conftest import ORIGIN
from tests.api.running import API, finished

from assay.api import depends
from assay.api.app import PREFIX, create
from assay.api.platform import Platform
from assay.api.routes import jobs, results, sessions


@pytest.fixture(scope="module")
def hers(client: TestClient) -> dict[str, Any]:
    return finished(client, preset="sideways-2024")


@pytest.fixture(scope="module")
def bob(platform: Platform, portal: BlockingPortal) -> TestClient:
    app: FastAPI = create(platform)
    app.dependency_overrides[depends.desk] = lambda: platform.store.desk("bob")
    client = TestClient(app, base_url=ORIGIN)
    client.portal = portal
    return client


ROUTES = [
    (method, route.path)
    for module in (sessions, results, jobs)
    for route in module.router.routes
    if isinstance(route, APIRoute) and "_id}" in route.path
    for method in route.methods or ()
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_another_finds_nothing(bob: TestClient, client: TestClient, hers: dict[str, Any], method: str, path: str) -> None:
    named = PREFIX + path.format(session_id=hers["id"], job_id=hers["job_id"])
    assert bob.request(method, named).status_code == 404
    if method == "GET":
        assert client.get(named).status_code == 200


@pytest.mark.parametrize("path", ["sessions", "results", "jobs"])
def test_anothers_lists_are_empty(bob: TestClient, hers: dict[str, Any], path: str) -> None:
    assert bob.get(f"{API}/{path}").json()["items"] == []


def test_anothers_dashboard_counts_nothing_of_it(bob: TestClient, hers: dict[str, Any]) -> None:
    stats = bob.get(f"{API}/dashboard/stats").json()
    assert (stats["runs"]["value"], stats["best"], stats["running"]) == (0, None, 0)
    assert bob.get(f"{API}/results/stats").json()["runs"] == 0
    assert all(each["kind"] == "candles_imported" for each in bob.get(f"{API}/dashboard/activity").json())


def test_another_cannot_compare_with_it(bob: TestClient, hers: dict[str, Any]) -> None:
    assert bob.get(f"{API}/results/compare?ids={hers['id']},{hers['id']}x").status_code == 404


def test_anothers_strategy_cannot_be_run(bob: TestClient, client: TestClient) -> None:
    strategy = client.post(f"{API}/strategies", json={"template": "sma_cross"}).json()
    refused = bob.post(f"{API}/sessions", json={"strategy_id": strategy["id"]})
    assert [error["code"] for error in refused.json()["errors"]] == ["unknown"]
