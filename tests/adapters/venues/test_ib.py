"""Interactive Brokers' history is paged and paced, its refusals have a kind, and a stream outlives the night."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from ib_async import BarData, ContractDetails
from ib_async import Contract as Theirs
from tests.adapters.venues.moving import Moving, pages
from tests.adapters.venues.scripted_gateway import NOTHING, ScriptedGateway, minute
from tests.shared_data import shared

from assay.adapters.venues.ib.codec import decode, is_empty, refusal
from assay.adapters.venues.ib.contracts import Contract, contract, plain, symbol
from assay.adapters.venues.ib.gateway import GatewayError, Tws
from assay.adapters.venues.ib.pacing import Pacing
from assay.adapters.venues.ib.source import IbSource
from assay.core.domain.errors import (
    EmptyAnswerError,
    MalformedAnswerError,
    RateLimitedError,
    RefusedError,
    UnknownInstrumentError,
    UnreachableError,
    VenueError,
)
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import Timeframe
from assay.core.market.instants import to_datetime, to_ns
from assay.runtime.records import Link, LiveBar

pytestmark = pytest.mark.anyio
AT = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
MINUTE = Timeframe("1m")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def moving() -> Moving:
    return Moving(AT)


@pytest.fixture
def gateway(moving: Moving) -> ScriptedGateway:
    return ScriptedGateway(moving, first=AT - timedelta(days=3))


@pytest.fixture
def ib(gateway: ScriptedGateway, moving: Moving) -> IbSource:
    return IbSource(gateway, moving, moving.pause)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("AAPL", Contract("STK", "AAPL", "SMART", "USD")),
        ("BRK.B", Contract("STK", "BRK B", "SMART", "USD")),
        ("EUR/USD", Contract("CASH", "EUR", "IDEALPRO", "USD")),
        ("ES-202612@CME", Contract("FUT", "ES", "CME", "USD", "202612")),
    ],
)
def test_symbols_and_contracts_are_mapped_both_ways(ours: str, theirs: Contract) -> None:
    assert contract(ours) == theirs
    assert symbol(theirs) == ours
    assert plain(theirs).id.symbol == ours


@pytest.mark.parametrize("wrong", ["", "aapl", "EUR/", "BTC/USDT", "ES-2612@CME", "AAPL:USD", "A B"])
def test_what_is_written_like_no_contract_is_unknown(wrong: str) -> None:
    with pytest.raises(UnknownInstrumentError, match="write AAPL"):
        contract(wrong)


def test_what_was_recorded_is_refused_without_a_zone_and_read_with_one() -> None:
    cases = json.loads(shared("protocol/ibkr_nautilus.json").read_text())["cases"]
    (rows,) = [case["payload"] for case in cases if case["name"] == "bars.json.gz"]
    naive = [SimpleNamespace(**{**row, "date": datetime.fromisoformat(row["date"])}) for row in rows]
    with pytest.raises(MalformedAnswerError, match="without a zone"):
        decode(naive, "ib:AMD", MINUTE)
    for row in naive:
        row.date = row.date.replace(tzinfo=UTC)
    bars = decode(naive, "ib:AMD", MINUTE)
    assert len(bars) == len(rows)
    assert (bars.open[0], bars.volume[2]) == (219.0, 12.0)


def test_days_are_dates_and_the_hour_of_the_bell_is_an_hour() -> None:
    days = [BarData(date(2026, 2, 27), 1.0, 2.0, 0.5, 1.5, 7.0), BarData(date(2026, 3, 2), 1.0, 2.0, 0.5, 1.5, 7.0)]
    assert [to_datetime(ts).isoformat() for ts in decode(days, "ib:X", Timeframe("1d")).ts.tolist()] == [
        "2026-02-27T00:00:00+00:00", "2026-03-02T00:00:00+00:00",
    ]  # fmt: skip
    hours = [BarData(AT - timedelta(hours=1), 1.0, 2.0, 0.5, 1.5, 7.0), BarData(AT - timedelta(minutes=30), 1.0, 2.0, 0.5, 1.5, 7.0)]
    assert [to_datetime(ts).hour for ts in decode(hours, "ib:X", Timeframe("1h")).ts.tolist()] == [14, 15]


def test_currencies_have_no_volume() -> None:
    bars = decode([BarData(AT, 1.1, 1.2, 1.0, 1.15, -1.0)], "ib:EUR/USD", MINUTE)
    assert not bars.has_volume
    assert bars.volume.tolist() == [0.0]


@pytest.mark.parametrize(
    "rows",
    [
        [BarData(date(2026, 3, 2), 1.0, 1.0, 1.0, 1.0, 1.0)],
        [BarData(AT, 1.0, 0.5, 1.0, 1.0, 1.0)],
        [BarData(AT, float("nan"), 1.0, 1.0, 1.0, 1.0)],
        [BarData(AT, -1.0, 1.0, -1.0, 1.0, 1.0)],
        [minute(AT), minute(AT)],
        [SimpleNamespace(date=AT)],
        [SimpleNamespace(date="20260302")],
    ],
    ids=["a day among minutes", "high under low", "no price", "below zero", "twice", "no bar", "text"],
)
def test_what_contradicts_itself_is_malformed(rows: list[Any]) -> None:
    with pytest.raises(MalformedAnswerError):
        decode(rows, "ib:X", MINUTE)


def test_no_rows_and_no_reason_is_an_empty_answer() -> None:
    with pytest.raises(EmptyAnswerError):
        decode([], "ib:X", MINUTE)


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        (100, "Max rate of messages per second has been exceeded", RateLimitedError),
        (162, "Historical Market Data Service error message:Historical data request pacing violation", RateLimitedError),
        (162, "Historical Market Data Service error message:No market data permissions for NYSE STK", RefusedError),
        (200, "No security definition has been found for the request", UnknownInstrumentError),
        (326, "Unable to connect as the client id is already in use", RefusedError),
        (354, "Requested market data is not subscribed", RefusedError),
        (366, "No historical data query found for ticker id:3", EmptyAnswerError),
        (504, "Not connected", UnreachableError),
        (1100, "Connectivity between IB and TWS has been lost", UnreachableError),
    ],
)
def test_message_codes_have_a_kind(code: int, message: str, kind: type[VenueError]) -> None:
    assert type(refusal(code, message)) is kind
    assert not is_empty(code, message)
    assert is_empty(NOTHING.code, NOTHING.message)


async def test_an_instrument_has_the_steps_that_are_told(ib: IbSource, gateway: ScriptedGateway) -> None:
    apple = await ib.find("AAPL")
    assert (str(apple.id), apple.name, str(apple.tick), str(apple.lot), apple.calendar) == (
        "ib:AAPL",
        "APPLE INC",
        "0.01",
        "0.0001",
        "XNYS",
    )
    gateway.listed = []
    with pytest.raises(UnknownInstrumentError, match="0 contracts are called NOPE"):
        await ib.find("NOPE")
    gateway.listed = [ContractDetails(contract=Theirs(secType="STK", symbol="OTHER", currency="USD"))]
    with pytest.raises(MalformedAnswerError):
        await ib.find("MSFT")


async def test_history_is_paged_by_what_is_answered_at_once(ib: IbSource, gateway: ScriptedGateway) -> None:
    found = await pages(ib, plain(contract("AAPL")), "1m", Span(AT - timedelta(days=2, hours=12), AT + timedelta(minutes=5)))
    assert [duration for _, duration, _ in gateway.asked] == ["2 D", "2 D", "2 D"]
    assert sum(len(bars) for bars, _ in found) == 60 * 60, "without the minute that forms"
    assert found[-1][0].close[-1] == minute(AT - timedelta(minutes=1)).close


async def test_a_stretch_without_trades_is_an_empty_page(ib: IbSource) -> None:
    found = await pages(ib, plain(contract("AAPL")), "1m", Span(AT - timedelta(days=9), AT - timedelta(days=8)))
    assert [len(bars) for bars, _ in found] == [0]


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        (GatewayError(200, "No security definition"), UnknownInstrumentError), (TimeoutError(), UnreachableError),
        (ConnectionError("Socket disconnect"), UnreachableError),
    ],
)  # fmt: skip
async def test_what_is_refused_or_not_answered_has_a_kind(ib: IbSource, gateway: ScriptedGateway, refused: Exception, told: type) -> None:
    gateway.refused = [refused, refused]
    with pytest.raises(told):
        await pages(ib, plain(contract("AAPL")), "1m", Span(AT - timedelta(hours=1), AT))
    with pytest.raises(told):
        await ib.find("AAPL")


async def test_requests_are_paced(moving: Moving) -> None:
    pacing = Pacing(moving, moving.pause)
    await pacing.turn("the same")
    await pacing.turn("another")
    await pacing.turn("the same")
    assert moving.paused == [15.0]
    for count in range(58):
        await pacing.turn(count)
    assert sum(moving.paused) == 600.0, "the sixty-first in ten minutes waits for the first to be ten minutes old"


async def test_nobody_home_is_unreachable_at_once(moving: Moving) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = int(taken.getsockname()[1])
    source = IbSource(Tws("127.0.0.1", port, 7), moving, moving.pause)
    import ib_async  # noqa: F401 - its import is not what is timed

    began = time.monotonic()
    with pytest.raises(UnreachableError, match="no TWS or IB Gateway listens"):
        await source.find("AAPL")
    assert time.monotonic() - began < 2.0
    await source.close()


class Listener:
    """Hears a stream word by word."""

    def __init__(self, ib: IbSource, timeframe: str = "1m") -> None:
        self.following: AsyncGenerator[LiveBar | Link] = ib.follow(plain(contract("AAPL")), timeframe)

    async def link(self) -> tuple[str, int]:
        said = await anext(self.following)
        assert isinstance(said, Link), said
        return said.state, said.reconnects

    async def closes(self, count: int) -> list[LiveBar]:
        """So many closes; what forms in between is passed over."""
        heard: list[LiveBar] = []
        while len(heard) < count:
            said = await anext(self.following)
            assert isinstance(said, LiveBar), said
            if said.closed:
                heard.append(said)
        return heard


def same(tick: LiveBar, at: datetime) -> bool:
    """As the history of that minute."""
    known = minute(at)
    assert (tick.opened_at, tick.open, tick.high, tick.low, tick.close, tick.volume) == (
        at, known.open, known.high, known.low, known.close, known.volume,
    )  # fmt: skip
    return True


async def test_pieces_grow_to_bars_and_what_began_before_is_asked_for(ib: IbSource, gateway: ScriptedGateway, moving: Moving) -> None:
    moving.at = AT + timedelta(seconds=20)
    listener = Listener(ib)
    assert [await listener.link(), await listener.link()] == [("connecting", 0), ("connected", 0)]
    gateway_asked = len(gateway.asked)
    soon = anext(listener.following)
    heard: list[LiveBar] = []

    async def go() -> None:
        heard.append(await soon)  # type: ignore[arg-type]

    gateway.trades(AT + timedelta(minutes=3))
    await go()
    assert not heard[0].closed
    closed = await listener.closes(3)
    assert all(same(tick, AT + timedelta(minutes=count)) for count, tick in enumerate(closed))
    assert len(gateway.asked) == gateway_asked + 1, "only the first was not seen from its beginning"
    await listener.following.aclose()
    assert gateway.listeners == 0


async def test_the_night_is_outlived(ib: IbSource, gateway: ScriptedGateway, moving: Moving) -> None:
    """1100 and 1102: the gateway loses its servers and finds them again; what closed meanwhile is told, once."""
    listener = Listener(ib)
    assert [await listener.link(), await listener.link()] == [("connecting", 0), ("connected", 0)]
    gateway.trades(AT + timedelta(seconds=90))
    (first,) = await listener.closes(1)
    assert same(first, AT)
    gateway.says(1100, "Connectivity between IB and TWS has been lost")
    states = [said for said in [await anext(listener.following) for _ in range(7)] if isinstance(said, Link)]
    assert [(said.state, said.problem) for said in states] == [("disconnected", "Connectivity between IB and TWS has been lost")]
    moving.at = AT + timedelta(minutes=5, seconds=10)
    gateway.says(1102, "restored, data maintained")
    assert await listener.link() == ("connected", 1)
    missed = await listener.closes(4)
    assert all(same(tick, AT + timedelta(minutes=1 + count)) for count, tick in enumerate(missed))
    gateway.trades(AT + timedelta(minutes=7))
    later = await listener.closes(2)
    assert all(same(tick, AT + timedelta(minutes=5 + count)) for count, tick in enumerate(later))
    await listener.following.aclose()


@pytest.mark.parametrize("code", [1101, 504], ids=["data lost", "gateway closed"])
async def test_what_is_lost_for_good_is_asked_for_again(ib: IbSource, gateway: ScriptedGateway, moving: Moving, code: int) -> None:
    listener = Listener(ib)
    assert [await listener.link(), await listener.link()] == [("connecting", 0), ("connected", 0)]
    gateway.refuses = [ConnectionRefusedError(111, "Connection refused"), TimeoutError()]
    gateway.says(code, "gone")
    assert await listener.link() == ("disconnected", 0)
    if code == 504:
        assert [await listener.link(), await listener.link()] == [("disconnected", 0), ("disconnected", 0)]
        assert moving.paused == [5.0, 10.0]
    assert await listener.link() == ("connected", 1)
    moving.at = moving.at.replace(second=0) + timedelta(minutes=1)
    begun = moving.at
    gateway.trades(begun + timedelta(minutes=1))
    closed = await listener.closes(2)
    assert [tick.opened_at for tick in closed] == [begun - timedelta(minutes=1), begun]
    await listener.following.aclose()
    assert gateway.listeners == 0


async def test_a_refusal_ends_the_stream(ib: IbSource, gateway: ScriptedGateway) -> None:
    gateway.refuses = [GatewayError(326, "client id in use")]
    listener = Listener(ib)
    await listener.link()
    with pytest.raises(RefusedError, match="326"):
        await anext(listener.following)


async def test_those_that_are_shown_are_written_as_they_are_read(ib: IbSource) -> None:
    listed = await ib.instruments()
    assert [plain(contract(instrument.id.symbol)) for instrument in listed] == list(listed)
    assert to_ns(AT) % 60_000_000_000 == 0
