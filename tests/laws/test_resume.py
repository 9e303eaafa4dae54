"""However often a socket breaks off, and wherever, what it told in all is the journal: no gap and no double."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.testclient import TestClient, WebSocketTestSession
from tests.api.running import API, finished, started

from assay.adapters.files.sample import sample
from assay.api.app import create
from assay.app import opened
from assay.settings import Settings

SOCKET = "ws://127.0.0.1:8000/ws"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with start_blocking_portal() as portal:
        yield from _served(portal, tmp_path_factory)


def _served(portal: BlockingPortal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = Settings(home=tmp_path_factory.mktemp("home"), web=None)
    with portal.wrap_async_context_manager(opened(settings, {})) as platform:
        platform.candles.write(sample("BTC/USDT"))
        client = TestClient(create(platform), base_url="http://127.0.0.1:8000")
        client.portal = portal
        yield client


@pytest.fixture(scope="module")
def journal(client: TestClient) -> tuple[str, list[dict[str, Any]]]:
    """A session of some hundred events, read in full over HTTP."""
    session = finished(client, start="2024-08-01T00:00:00Z", end="2024-08-15T00:00:00Z")
    page = client.get(f"{API}/sessions/{session['id']}/journal?limit=1000").json()
    assert len(page["items"]) == page["last"]
    return session["id"], [entry["event"] for entry in page["items"]]


class Breaking:
    """A client that is cut off after any number of messages, and comes back with the last number that it has seen."""

    def __init__(self, client: TestClient, session_id: str, chance: Random) -> None:
        self.client, self.chance = client, chance
        self.topic = f"session.{session_id}"
        self.told: list[tuple[int, dict[str, Any]]] = []

    def until(self, last: int) -> None:
        while len(self.told) < last:
            with self.client.websocket_connect(SOCKET) as socket:
                self._listen(socket, last)

    def _listen(self, socket: WebSocketTestSession, last: int) -> None:
        seen = self.told[-1][0] if self.told else 0
        socket.send_json({"type": "subscribe", "topic": self.topic, "after": seen})
        for _ in range(self.chance.choice([0, 1, 2, 3, 30, 255, 256, 257, 300])):
            message = json.loads(socket.receive_text())
            if message["type"] == "event":
                self.told.append((message["seq"], message["event"]))
            if self.told and self.told[-1][0] == last:
                return


def check(client: TestClient, journal: tuple[str, list[dict[str, Any]]], seed: int) -> None:
    session_id, events = journal
    breaking = Breaking(client, session_id, Random(seed))
    breaking.until(len(events))
    assert breaking.told == list(enumerate(events, 1)), f"seed {seed}"


@pytest.mark.parametrize("seed", range(40))
def test_what_is_told_in_pieces_is_the_journal(client: TestClient, journal: tuple[str, list[dict[str, Any]]], seed: int) -> None:
    check(client, journal, seed)


@pytest.mark.laws
@pytest.mark.parametrize("block", range(20))
def test_what_is_told_in_many_pieces_is_the_journal(client: TestClient, journal: tuple[str, list[dict[str, Any]]], block: int) -> None:
    for seed in range(1_000 + block * 50, 1_050 + block * 50):
        check(client, journal, seed)


@pytest.mark.parametrize("seed", range(5))
def test_a_session_that_is_followed_from_its_start_is_told_whole(client: TestClient, seed: int) -> None:
    session = started(client, start="2024-08-01T00:00:00Z", end="2024-08-15T00:00:00Z")
    breaking = Breaking(client, session["id"], Random(seed))
    with client.websocket_connect(SOCKET) as socket:
        socket.send_json({"type": "subscribe", "topic": breaking.topic})
        while True:
            message = json.loads(socket.receive_text())
            if message["type"] == "event":
                breaking.told.append((message["seq"], message["event"]))
            elif message["type"] == "snapshot" and message["state"] == "finished":
                break
    page = client.get(f"{API}/sessions/{session['id']}/journal?limit=1000").json()
    if breaking.told:
        assert breaking.told == [(entry["seq"], entry["event"]) for entry in page["items"]]
    assert message["seq"] == page["last"]
