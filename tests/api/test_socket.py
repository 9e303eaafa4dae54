"""A socket tells everything once and in order, answers nonsense with a problem, and costs what it is allowed to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect
from tests.api.conftest import ORIGIN
from tests.api.running import API, finished, started

from assay.api import depends
from assay.api.app import create
from assay.api.connection import Caps, Sockets
from assay.api.platform import Platform

SOCKET = "ws://127.0.0.1:8000/ws"


@pytest.fixture(scope="module")
def session(client: TestClient) -> dict[str, Any]:
    return finished(client, preset="sideways-2024")


@pytest.fixture
def socket(client: TestClient) -> Iterator[WebSocketTestSession]:
    with client.websocket_connect(SOCKET) as socket:
        yield socket


def asked(socket: WebSocketTestSession, **message: Any) -> dict[str, Any]:
    socket.send_json(message)
    answer: dict[str, Any] = socket.receive_json()
    return answer


def followed(socket: WebSocketTestSession, session: dict[str, Any], after: int, most: int) -> list[dict[str, Any]]:
    """Events from `after` on, so many at most; not more than there are."""
    assert asked(socket, type="subscribe", topic=f"session.{session['id']}", after=after)["type"] == "ack"
    there = session["view"]["seq"] - after
    return [socket.receive_json() for _ in range(min(most, there))]


def test_a_snapshot_comes_first_and_says_what_the_report_says(socket: WebSocketTestSession, session: dict[str, Any]) -> None:
    assert asked(socket, type="subscribe", topic=f"session.{session['id']}")["type"] == "ack"
    snapshot = socket.receive_json()
    assert (snapshot["type"], snapshot["state"], snapshot["seq"]) == ("snapshot", "finished", session["view"]["seq"])
    assert snapshot["view"] == session["view"]


def test_the_whole_journal_comes_in_order_and_then_the_state(
    client: TestClient, socket: WebSocketTestSession, session: dict[str, Any]
) -> None:
    events = followed(socket, session, 0, 10**9)
    assert [event["seq"] for event in events] == list(range(1, session["view"]["seq"] + 1))
    assert socket.receive_json()["state"] == "finished"
    page = client.get(f"{API}/sessions/{session['id']}/journal?after=500&limit=100").json()
    assert [event["event"] for event in events[500:600]] == [entry["event"] for entry in page["items"]]


def test_a_client_that_comes_back_is_told_only_what_it_has_not_seen(client: TestClient, session: dict[str, Any]) -> None:
    seen = list[int]()
    while len(seen) < session["view"]["seq"]:
        with client.websocket_connect(SOCKET) as again:
            seen += [event["seq"] for event in followed(again, session, len(seen), 97 + len(seen) % 200)]
    assert seen == list(range(1, session["view"]["seq"] + 1))


def test_a_job_tells_how_it_is_until_it_has_ended(client: TestClient, socket: WebSocketTestSession) -> None:
    job = started(client)["job_id"]
    assert asked(socket, type="subscribe", topic=f"jobs.{job}")["type"] == "ack"
    told = [socket.receive_json()]
    while told[-1]["job"]["state"] in ("queued", "running"):
        told.append(socket.receive_json())
    assert told[0]["type"] == "snapshot"
    assert [each["seq"] for each in told] == sorted({each["seq"] for each in told})
    assert told[-1]["job"]["state"] == "finished"
    assert client.get(f"{API}/jobs/{job}").json() == told[-1]["job"]


def test_a_session_that_ends_is_followed_through_its_events_to_its_state(client: TestClient, socket: WebSocketTestSession) -> None:
    session = started(client, preset="sideways-2024")
    assert asked(socket, type="subscribe", topic=f"session.{session['id']}", after=0)["type"] == "ack"
    seqs, state = list[int](), ""
    while state != "finished":
        message = socket.receive_json()
        if message["type"] == "event":
            seqs.append(message["seq"])
        else:
            state = message["state"]
            assert message["seq"] == (seqs[-1] if state == "finished" else 0)
    assert seqs == list(range(1, len(seqs) + 1))


def test_nothing_comes_after_an_unsubscription(socket: WebSocketTestSession, session: dict[str, Any]) -> None:
    followed(socket, session, 0, 10)
    socket.send_json({"type": "unsubscribe", "topic": f"session.{session['id']}"})
    while socket.receive_json()["type"] != "ack":
        pass
    assert asked(socket, type="ping", id="next")["type"] == "pong"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nonsense", "malformed"),
        ("[]", "malformed"),
        ('{"type": "dance"}', "malformed"),
        ('{"type": "ping", "colour": "red"}', "malformed"),
        ('{"type": "subscribe", "topic": "orders"}', "malformed"),
        ('{"type": "subscribe", "topic": "session.a", "after": -1}', "malformed"),
        ('{"type": "subscribe", "topic": "session.nobody"}', "not_found"),
        ('{"type": "subscribe", "topic": "jobs.nobody"}', "not_found"),
        ('{"type": "unsubscribe", "topic": "jobs.nobody"}', "not_subscribed"),
        (json.dumps({"type": "ping", "id": "x" * 5_000}), "too_large"),
        ("[" * 4_000, "malformed"),
    ],
    ids=lambda value: value[:40],
)
def test_nonsense_is_answered_and_the_connection_stays(socket: WebSocketTestSession, text: str, code: str) -> None:
    socket.send_text(text)
    answer = socket.receive_json()
    if answer["type"] == "ack":
        answer = socket.receive_json()
    assert (answer["type"], answer["code"]) == ("problem", code)
    assert asked(socket, type="ping", id="still")["id"] == "still"


def test_bytes_are_answered_and_the_connection_stays(socket: WebSocketTestSession) -> None:
    socket.send_bytes(b"\x00\x01")
    assert socket.receive_json()["code"] == "malformed"
    assert asked(socket, type="ping")["type"] == "pong"


def test_a_topic_is_subscribed_to_once(socket: WebSocketTestSession, client: TestClient) -> None:
    job = client.get(f"{API}/jobs").json()["items"][0]["id"]
    assert asked(socket, type="subscribe", topic=f"jobs.{job}")["type"] == "ack"
    assert socket.receive_json()["type"] == "snapshot"
    assert asked(socket, type="subscribe", topic=f"jobs.{job}")["code"] == "subscribed"


@pytest.fixture
def narrow(platform: Platform, portal: BlockingPortal) -> TestClient:
    """An app that allows two connections with two subscriptions each."""
    app = create(platform)
    app.state.sockets = Sockets(Caps(connections=2, subscriptions=2))
    client = TestClient(app, base_url=ORIGIN)
    client.portal = portal
    return client


def test_a_connection_has_only_so_many_subscriptions(narrow: TestClient, session: dict[str, Any]) -> None:
    others = [finished(narrow, preset="sideways-2024") for _ in range(2)]
    with narrow.websocket_connect(SOCKET) as socket:
        for each in others:
            assert asked(socket, type="subscribe", topic=f"session.{each['id']}")["type"] == "ack"
            assert socket.receive_json()["type"] == "snapshot"
        assert asked(socket, type="subscribe", topic=f"session.{session['id']}")["code"] == "too_many"


def test_there_are_only_so_many_connections(narrow: TestClient) -> None:
    with (
        narrow.websocket_connect(SOCKET),
        narrow.websocket_connect(SOCKET),
        narrow.websocket_connect(SOCKET) as third,
        pytest.raises(WebSocketDisconnect) as refused,
    ):
        third.receive_json()
    assert refused.value.code == 1013


def test_when_the_server_goes_everybody_is_told(narrow: TestClient, portal: BlockingPortal) -> None:
    sockets: Sockets = narrow.app.state.sockets  # type: ignore[attr-defined]
    with narrow.websocket_connect(SOCKET) as socket:
        asked(socket, type="ping")
        portal.call(sockets.close)
        with pytest.raises(WebSocketDisconnect) as gone:
            socket.receive_json()
    assert gone.value.code == 1001


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9999"])
def test_a_page_of_somebody_else_opens_no_socket(client: TestClient, origin: str) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(SOCKET, headers={"Origin": origin}):
        pass


def test_another_hears_nothing(platform: Platform, portal: BlockingPortal, session: dict[str, Any]) -> None:
    app = create(platform)
    app.dependency_overrides[depends.desk] = lambda: platform.store.desk("bob")
    bob = TestClient(app, base_url=ORIGIN)
    bob.portal = portal
    with bob.websocket_connect(SOCKET) as socket:
        for topic in (f"session.{session['id']}", f"jobs.{session['job_id']}"):
            assert asked(socket, type="subscribe", topic=topic)["type"] == "ack"
            assert socket.receive_json()["code"] == "not_found"


def test_the_connections_to_venues_are_told_at_once(socket: WebSocketTestSession) -> None:
    assert asked(socket, type="subscribe", topic="links")["type"] == "ack"
    snapshot = socket.receive_json()
    assert (snapshot["type"], snapshot["links"]) == ("snapshot", [])


def test_where_nothing_is_live_a_subscriber_is_told_so(socket: WebSocketTestSession) -> None:
    topic = "prices.1m.nowhere:BTC/USDT"
    assert asked(socket, type="subscribe", topic=topic)["type"] == "ack"
    problem = socket.receive_json()
    assert (problem["type"], problem["topic"], problem["code"]) == ("problem", topic, "unavailable")


@pytest.mark.parametrize("topic", ["prices.1x.a:B", "prices.1m.nothing", "prices.1m.a:B C", "links.x", "prices.1m.a:" + "B" * 300])
def test_a_topic_that_cannot_be_is_refused(socket: WebSocketTestSession, topic: str) -> None:
    problem = asked(socket, type="subscribe", topic=topic)
    assert (problem["type"], problem["code"]) == ("problem", "malformed")
