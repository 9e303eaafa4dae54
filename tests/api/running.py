"""Sessions run to their end through the API, as a person would: started, watched, looked at."""

from __future__ import annotations

import time
from typing import Any

from starlette.testclient import TestClient

BTC = "synthetic:BTC/USDT"
API = "/api/v1"
SECONDS = 60.0


def template(client: TestClient, name: str = "sma_cross") -> dict[str, Any]:
    document: dict[str, Any] = next(each["document"] for each in client.get(f"{API}/catalog/templates").json() if each["id"] == name)
    return document


def started(client: TestClient, **order: Any) -> dict[str, Any]:
    answer = client.post(f"{API}/sessions", json={"document": template(client), **order})
    assert answer.status_code == 201, answer.text
    session: dict[str, Any] = answer.json()
    return session


def ended(client: TestClient, session_id: str) -> dict[str, Any]:
    """The session, when it has ended."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        session: dict[str, Any] = client.get(f"{API}/sessions/{session_id}").json()
        if session["state"] not in ("queued", "running"):
            return session
        time.sleep(0.01)
    raise AssertionError(f"session {session_id} has not ended in {SECONDS:g} seconds")


def job_ended(client: TestClient, job_id: str) -> dict[str, Any]:
    """The job, when it has ended."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        job: dict[str, Any] = client.get(f"{API}/jobs/{job_id}").json()
        if job["state"] not in ("queued", "running"):
            return job
        time.sleep(0.01)
    raise AssertionError(f"job {job_id} has not ended in {SECONDS:g} seconds")


def finished(client: TestClient, **order: Any) -> dict[str, Any]:
    session = ended(client, started(client, **order)["id"])
    assert session["state"] == "finished", session["errors"]
    return session
