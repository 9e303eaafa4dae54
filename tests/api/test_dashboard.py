"""The dashboard counts what is there, and a first step is done when a person has taken it."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient
from tests.api.running import API, finished, started

from assay.api.platform import Platform
from assay.runtime.beginning import MARK


def test_an_empty_platform_counts_nothing(client: TestClient) -> None:
    stats = client.get(f"{API}/dashboard/stats").json()
    assert (stats["runs"], stats["strategies"]) == ({"value": 0, "last_week": 0},) * 2
    assert (stats["best"], stats["mean_return"], stats["running"]) == (None, None, 0)
    assert (stats["bars_stored"], stats["instruments"]) == (17_527, 1)


def steps(client: TestClient) -> dict[str, Any]:
    return {step["id"]: step["done"] for step in client.get(f"{API}/dashboard/quick-start").json()}


def test_only_what_a_person_did_counts_as_a_first_step(client: TestClient, platform: Platform) -> None:
    finished(client, preset="sideways-2024")
    assert not any(steps(client).values())
    now = platform.clock.now()
    client.portal.call(platform.store.save_config, {MARK: now.isoformat()}, now)  # type: ignore[union-attr]
    assert not any(steps(client).values())
    finished(client, preset="sideways-2024")
    client.post(f"{API}/strategies", json={"template": "sma_cross"})
    assert {name for name, done in steps(client).items() if done} == {"look_at_result", "run_backtest", "save_strategy"}
    finished(client, preset="sideways-2024")
    assert steps(client)["compare_results"]


def test_what_happened_is_told_newest_first_with_where_it_leads(client: TestClient) -> None:
    session = finished(client, preset="sideways-2024", name="The last")
    told = client.get(f"{API}/dashboard/activity").json()
    assert [each["at"] for each in told] == sorted((each["at"] for each in told), reverse=True)
    assert (told[0]["subject"], told[0]["link"]) == ("The last", f"/results/{session['id']}")
    assert told[0]["value"] == session["result"]["metrics"]["total_return"]


def test_counts_follow_what_was_run(client: TestClient) -> None:
    stats = client.get(f"{API}/dashboard/stats").json()
    assert stats["runs"]["value"] == stats["runs"]["last_week"] == client.get(f"{API}/results").json()["total"]
    best = client.get(f"{API}/results?sort=-total_return&limit=1").json()["items"][0]
    assert stats["best"]["metrics"]["total_return"] == best["metrics"]["total_return"]


def test_jobs_are_listed_newest_first_in_pages(client: TestClient) -> None:
    newest = started(client, preset="sideways-2024")["job_id"]
    first = client.get(f"{API}/jobs?limit=1").json()
    assert [job["id"] for job in first["items"]] == [newest]
    rest = client.get(f"{API}/jobs", params={"cursor": first["next_cursor"]}).json()
    assert newest not in [job["id"] for job in rest["items"]]
    assert len(rest["items"]) == first["total"] - 1
    assert client.post(f"{API}/jobs/{newest}/stop").json()["id"] == newest
    assert client.get(f"{API}/jobs/nobody").status_code == client.post(f"{API}/jobs/nobody/stop").status_code == 404
