"""Watchlists over the API: made, changed, carried in and out as text, and run on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.api.running import API, BTC, finished

LISTS = f"{API}/watchlists"


def made(client: TestClient, name: str = "coins", *instruments: str) -> dict[str, Any]:
    answer = client.post(LISTS, json={"name": name, "instruments": list(instruments)})
    assert answer.status_code == 201, answer.text
    assert client.get(answer.headers["location"]).json() == answer.json()
    watchlist: dict[str, Any] = answer.json()
    return watchlist


def test_a_list_is_made_renamed_and_deleted(client: TestClient) -> None:
    watchlist = made(client, "coins", BTC, BTC, "binance:ETH/USDT")
    assert watchlist["instruments"] == [BTC, "binance:ETH/USDT"]
    here = f"{LISTS}/{watchlist['id']}"
    changed = client.put(here, json={"name": "tokens", "instruments": ["binance:ETH/USDT"]}).json()
    assert (changed["name"], changed["instruments"], changed["created_at"]) == ("tokens", ["binance:ETH/USDT"], watchlist["created_at"])
    assert changed in client.get(LISTS).json()
    assert [client.delete(here).status_code, client.delete(here).status_code, client.get(here).status_code] == [204, 404, 404]


def test_instruments_come_and_go_one_by_one(client: TestClient) -> None:
    here = f"{LISTS}/{made(client)['id']}/instruments"
    assert client.post(here, json={"instrument": BTC}).json()["instruments"] == [BTC]
    assert client.post(here, json={"instrument": BTC}).json()["instruments"] == [BTC]
    assert client.delete(here, params={"instrument": "no:SUCH"}).json()["instruments"] == [BTC]
    assert client.delete(here, params={"instrument": BTC}).json()["instruments"] == []


def test_a_list_leaves_as_text_and_comes_back(client: TestClient) -> None:
    watchlist = made(client, "<b>my</b> coins", BTC, "binance:ETH/USDT")
    exported = client.get(f"{LISTS}/{watchlist['id']}/export")
    assert exported.text == f"# <b>my</b> coins\n{BTC}\nbinance:ETH/USDT\n"
    assert exported.headers["content-disposition"] == 'attachment; filename="b-my-b-coins.txt"'
    back = client.post(f"{LISTS}/import", params={"name": "again"}, content=exported.content)
    assert (back.status_code, back.json()["instruments"]) == (201, watchlist["instruments"])


@pytest.mark.parametrize(
    ("attempt", "place"),
    [
        (lambda client: client.post(LISTS, json={"name": "x", "instruments": [BTC, "AAPL"]}), "instruments[1]"),
        (lambda client: client.post(LISTS, json={"name": "  "}), "name"),
        (lambda client: client.post(f"{LISTS}/import", params={"name": "x"}, content=b"a:B\nb\n"), "line 2"),
        (lambda client: client.post(f"{LISTS}/{made(client)['id']}/instruments", json={"instrument": "B"}), "instrument"),
        (lambda client: client.post(f"{API}/sessions/estimate", json={"universe": {"watchlist": "gone"}, "document": {}}), None),
    ],
)
def test_what_is_wrong_is_refused_where_it_stands(client: TestClient, attempt: Callable[[TestClient], Any], place: str | None) -> None:
    before = len(client.get(LISTS).json())
    answer = attempt(client)
    body: Mapping[str, Any] = answer.json()
    assert answer.status_code == (422 if place else 200)
    assert [error["path"] for error in body["errors"]] == [place or "universe.watchlist"]
    assert len(client.get(LISTS).json()) - before in (0, 1)


def test_text_that_is_no_text_is_refused(client: TestClient) -> None:
    answer = client.post(f"{LISTS}/import", params={"name": "x"}, content=b"\xff\xfe")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "encoding")


def test_a_session_runs_on_what_is_on_a_list_when_it_is_ordered(client: TestClient) -> None:
    watchlist = made(client, "two years", BTC)
    session = finished(client, universe={"watchlist": watchlist["id"]})
    assert session["universe"] == [BTC]
