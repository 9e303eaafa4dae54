"""LastPrices of what is stored, and live ones on the socket where a venue is connected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from anyio.from_thread import BlockingPortal
from starlette.testclient import TestClient
from tests.api.conftest import ORIGIN
from tests.api.running import API, BTC
from tests.runtime.live import COIN, Tape, link, tick

from assay.api.app import create
from assay.api.platform import Platform
from assay.core.domain.ranges import Span
from assay.core.market.bars import Bars
from assay.runtime.last_prices import LastPrices
from assay.runtime.prices import Prices
from assay.runtime.sources import Offer, Sources


@pytest.fixture
def tape() -> Tape:
    return Tape()


@pytest.fixture
def live(platform: Platform, portal: BlockingPortal, tape: Tape) -> Iterator[TestClient]:
    """The platform with one venue that speaks when it is told to."""

    async def nothing(instrument: str, timeframe: str, span: Span) -> Bars | None:
        return None

    prices = Prices(Sources({"tape": Offer("data", lambda: tape)}), LastPrices(nothing, platform.clock), platform.clock)
    client = TestClient(create(replace(platform, prices=prices)), base_url=ORIGIN)
    client.portal = portal
    yield client
    portal.call(prices.close)


def test_a_quote_of_what_nobody_has_says_so_and_takes_no_other_along(client: TestClient) -> None:
    last_prices = client.get(f"{API}/market/last-prices", params={"instrument": ["no:SUCH", BTC]}).json()
    assert [(last_price["instrument"], last_price["last"] is None, last_price["live"]) for last_price in last_prices] == [
        ("no:SUCH", True, False),
        (BTC, False, False),
    ]
    assert (last_prices[1]["at"], len(last_prices[1]["sketch"])) == ("2025-01-01T00:00:00Z", 48), "old, and it says so"


def test_nobody_listens_at_first(client: TestClient) -> None:
    assert client.get(f"{API}/market/links").json() == []


def test_prices_and_connections_come_on_the_socket(live: TestClient, tape: Tape, portal: BlockingPortal) -> None:
    topic = f"prices.1m.{COIN}"
    with live.websocket_connect("ws://127.0.0.1:8000/ws") as socket:
        socket.send_json({"type": "subscribe", "topic": topic})
        assert [socket.receive_json()["type"] for _ in range(2)] == ["ack", "snapshot"]
        portal.call(tape.says.put_nowait, link(lag_seconds=0.25))
        portal.call(tape.says.put_nowait, tick(0.1 + 0.2))
        told = socket.receive_json()
        assert (told["type"], told["topic"], told["price"]["close"], told["price"]["last"]) == (
            "event",
            topic,
            0.1 + 0.2,
            "0.30000000000000004",
        )
        assert [(each["venue"], each["lag_seconds"]) for each in live.get(f"{API}/market/links").json()] == [("tape", 0.25)]
        [last_price] = live.get(f"{API}/market/last-prices", params={"instrument": COIN}).json()
        assert (last_price["live"], last_price["last"]) == (True, "0.30000000000000004")
