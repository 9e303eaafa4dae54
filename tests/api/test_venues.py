"""Venues over HTTP: what they list, what is fetched from them, and what they would not give."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from anyio.from_thread import BlockingPortal
from starlette.testclient import TestClient
from tests.api.running import API, job_ended
from tests.runtime.venue import Venue, raising

from assay.api.app import create
from assay.api.platform import Platform
from assay.core.domain.errors import (
    ClockSkewError,
    EmptyAnswerError,
    MalformedAnswerError,
    RateLimitedError,
    RefusedError,
    UnknownInstrumentError,
    UnreachableError,
    VenueError,
)

DAY = {"instrument": "venue:BTC/USDT", "timeframe": "1h", "from": "2024-01-01T00:00:00Z", "to": "2024-01-03T00:00:00Z"}


@pytest.fixture(autouse=True)
def untroubled(venue: Venue, client: TestClient) -> Iterator[None]:
    """Nothing asked, nothing kept, nothing in the way."""
    yield
    venue.trouble = raising()
    venue.asked.clear()
    client.delete(f"{API}/market/cache")
    for timeframe in ("1h", "1d"):
        client.delete(f"{API}/market/bars", params={"instrument": "venue:BTC/USDT", "timeframe": timeframe})


def fetched(client: TestClient, **changes: str) -> dict[str, object]:
    answer = client.post(f"{API}/market/fetch", json=DAY | changes)
    assert answer.status_code == 202, answer.text
    return job_ended(client, answer.json()["id"])


def test_a_fetch_is_a_job_and_its_bars_are_there_when_it_has_ended(client: TestClient, venue: Venue) -> None:
    job = fetched(client)
    assert (job["kind"], job["state"], job["fraction"], job["result"]) == ("fetch", "finished", 1.0, "48")
    params = {"instrument": "venue:BTC/USDT", "timeframe": "1h"}
    assert len(client.get(f"{API}/market/bars", params=params).json()["time"]) == 48
    assert client.get(f"{API}/market/bars", params=params | {"fresh": True}).json()["time"][0] == 1_704_067_200
    assert fetched(client)["result"] == "0"
    assert len(venue.asked) == 2


def test_what_a_venue_would_not_give_fails_its_job_with_a_code(client: TestClient, venue: Venue) -> None:
    venue.trouble = raising(RefusedError("venue", "not in your country"))
    job = fetched(client)
    assert job["state"] == "failed"
    assert job["errors"] == [{"path": "instrument", "code": "refused", "message": "venue: not in your country"}]


@pytest.mark.parametrize(
    ("changes", "status", "code", "path"),
    [
        ({"instrument": "BTC"}, 422, "instrument", "instrument"),
        ({"instrument": "venue:../../x y"}, 422, "instrument", "instrument"),
        ({"instrument": "nowhere:BTC/USDT"}, 404, "unknown_instrument", None),
        ({"timeframe": "7h"}, 422, "timeframe", "timeframe"),
        ({"timeframe": "1m"}, 422, "timeframe", "timeframe"),
        ({"to": "2023-01-01T00:00:00Z"}, 422, "order", "to"),
        ({"from": "2150-01-01T00:00:00Z", "to": "2151-01-01T00:00:00Z"}, 422, "future", "from"),
    ],
)
def test_what_cannot_be_fetched_is_refused_at_once(client: TestClient, changes: dict[str, str], status: int, code: str, path: str) -> None:
    answer = client.post(f"{API}/market/fetch", json=DAY | changes)
    assert answer.status_code == status
    located = [(error["path"], error["code"]) for error in answer.json()["errors"]]
    assert located == ([(path, code)] if path else [])
    assert path or answer.json()["type"] == code


def test_a_fetch_that_waits_can_be_stopped(client: TestClient, venue: Venue) -> None:
    venue.trouble = raising(None, UnreachableError("venue", "no route"))
    job = client.post(f"{API}/market/fetch", json=DAY).json()
    client.post(f"{API}/jobs/{job['id']}/stop")
    assert job_ended(client, job["id"])["state"] == "stopped"


def test_what_a_venue_lists_is_found_after_it_was_asked(client: TestClient) -> None:
    found = client.get(f"{API}/catalog/instruments?query=eth").json()["items"]
    assert "venue:ETH/USDT" not in [item["id"] for item in found]
    before = next(venue for venue in client.get(f"{API}/catalog/venues").json() if venue["id"] == "venue")
    assert (before["kind"], before["fetches"], before["timeframes"], before["listed"]) == ("exchange", True, ["1h", "1d"], None)
    job = client.post(f"{API}/catalog/venues/venue/refresh").json()
    assert (job_ended(client, job["id"])["result"], job["kind"]) == ("2", "listing")
    found = client.get(f"{API}/catalog/instruments?query=ETHUSDT&venue=venue").json()["items"]
    assert [(item["id"], item["tick"], item["taker_fee_rate"], item["kind"]) for item in found] == [
        ("venue:ETH/USDT", "0.01", "0.002", "spot"),
    ]
    after = next(venue for venue in client.get(f"{API}/catalog/venues").json() if venue["id"] == "venue")
    assert (after["listed"], after["problem"]) == (2, None)
    client.delete(f"{API}/market/cache")
    assert client.get(f"{API}/catalog/instruments?query=ETHUSDT").json()["total"] == 0


def test_a_listing_that_failed_says_why_at_its_venue(client: TestClient, venue: Venue) -> None:
    venue.trouble = raising(ClockSkewError("venue", "an hour off"))
    assert job_ended(client, client.post(f"{API}/catalog/venues/venue/refresh").json()["id"])["state"] == "failed"
    told = next(each for each in client.get(f"{API}/catalog/venues").json() if each["id"] == "venue")
    assert told["problem"] == {"code": "clock_skew", "message": "venue: an hour off"}
    assert client.post(f"{API}/catalog/venues/nowhere/refresh").status_code == 404


def test_a_search_has_an_old_listing_asked_for_again_unless_that_is_not_wanted(
    client: TestClient, platform: Platform, venue: Venue
) -> None:
    job_ended(client, client.post(f"{API}/catalog/venues/venue/refresh").json()["id"])
    asked = venue.listings
    platform.instruments.keep_for(timedelta(seconds=-1))
    client.put(f"{API}/config", json={"values": {"refresh_by_itself": False}})
    client.get(f"{API}/catalog/instruments?query=btc")
    assert client.get(f"{API}/jobs").json()["items"][0]["state"] == "finished"
    client.put(f"{API}/config", json={"values": {"refresh_by_itself": None}})
    assert venue.listings == asked
    client.get(f"{API}/catalog/instruments?query=btc")
    platform.instruments.keep_for(timedelta(days=1))
    assert job_ended(client, client.get(f"{API}/jobs").json()["items"][0]["id"])["kind"] == "listing"
    assert venue.listings == asked + 1


def test_a_search_that_did_not_change_is_not_sent_again(client: TestClient) -> None:
    path = f"{API}/catalog/instruments?query=btc"
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (first.headers["cache-control"], again.status_code, again.content) == ("private, no-cache", 304, b"")
    fetched(client)
    assert client.get(path, headers={"If-None-Match": first.headers["etag"]}).status_code == 200


def test_an_asset_says_whether_it_is_there_and_from_when_to_when(client: TestClient) -> None:
    job_ended(client, client.post(f"{API}/catalog/venues/venue/refresh").json()["id"])
    fetched(client)
    found = {item["id"]: item for item in client.get(f"{API}/catalog/assets?venue=venue").json()["items"]}
    assert found["venue:BTC/USDT"] == {
        "id": "venue:BTC/USDT", "name": "BTC of venue", "icon": "btc", "venue": "venue", "available": True, "status": "stored",
        "lookback_min": "2024-01-01T00:00:00Z", "lookback_max": "2024-01-02T23:00:00Z",
    }  # fmt: skip
    assert (found["venue:ETH/USDT"]["available"], found["venue:ETH/USDT"]["status"]) == (False, "listed")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UnknownInstrumentError("venue", "no"), 404), (RateLimitedError("venue", "slow", 12.3), 503),
        (UnreachableError("venue", "no"), 503),
        (EmptyAnswerError("venue", "no"), 502), (MalformedAnswerError("venue", "no"), 502), (ClockSkewError("venue", "no"), 503),
        (RefusedError("venue", "no"), 502),
    ],
)  # fmt: skip
def test_every_failure_of_a_venue_has_its_status_and_its_code(
    platform: Platform, portal: BlockingPortal, error: VenueError, status: int
) -> None:
    app = create(platform)

    async def fails() -> None:
        raise error

    app.add_api_route("/fails", fails)
    client = TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)
    client.portal = portal
    answer = client.get("/fails")
    assert (answer.status_code, answer.json()["type"]) == (status, error.code)
    assert answer.headers.get("retry-after") == ("13" if isinstance(error, RateLimitedError) else None)
