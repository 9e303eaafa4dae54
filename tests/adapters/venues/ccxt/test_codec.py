"""ccxt's values and errors in our words, without a venue."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

import ccxt.pro
import pytest
from tests.adapters.venues.standin.world import World

from assay.adapters.venues.ccxt import codec
from assay.adapters.venues.ccxt.gate import Gate
from assay.adapters.venues.ccxt.inbox import Inbox
from assay.adapters.venues.ccxt.known import KNOWN
from assay.adapters.venues.ccxt.symbols import Symbols
from assay.core.domain.errors import (
    ClockSkewError,
    MalformedAnswerError,
    RateLimitedError,
    RefusedError,
    UnknownInstrumentError,
    UnreachableError,
    VenueError,
)
from assay.core.domain.instrument import Instrument, InstrumentId, InstrumentKind

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MARKET: dict[str, object] = {
    "id": "BTCUSDT", "symbol": "BTC/USDT:USDT", "base": "BTC", "quote": "USDT", "type": "swap", "active": True,
    "precision": {"price": 0.1, "amount": 1e-08}, "limits": {"cost": {"min": 5.0}}, "maker": 0.0002, "taker": 0.0005,
}  # fmt: skip


def test_an_instrument_has_its_steps_and_fees_exactly() -> None:
    assert codec.instrument("binance", MARKET, 4) == Instrument(
        id=InstrumentId("binance", "BTC/USDT:USDT"), venue_symbol="BTCUSDT", kind="perpetual", name="BTC/USDT perpetual",
        base="BTC", quote="USDT", tick=Decimal("0.1"), lot=Decimal("0.00000001"), minimum_notional=Decimal(5),
        maker_fee_rate=Decimal("0.0002"), taker_fee_rate=Decimal("0.0005"), active=True,
    )  # fmt: skip


def test_a_precision_in_places_is_a_step_and_one_in_digits_is_none() -> None:
    places = codec.instrument("x", {**MARKET, "precision": {"price": 2, "amount": 0}}, 2)
    digits = codec.instrument("x", {**MARKET, "precision": {"price": 5, "amount": 5}}, 3)
    assert places is not None
    assert (places.tick, places.lot) == (Decimal("0.01"), Decimal(1))
    assert digits is not None
    assert (digits.tick, digits.lot) == (None, None)


@pytest.mark.parametrize("odd", [{"type": "index"}, {"symbol": None}, {"symbol": "A B/C"}, {"id": 7}])
def test_what_has_no_name_or_kind_here_is_left_out(odd: dict[str, object]) -> None:
    assert codec.instrument("x", {**MARKET, **odd}, 4) is None


@pytest.mark.parametrize("odd", [{"maker": "free"}, {"taker": float("nan")}, {"precision": 5}, {"limits": {"cost": 5}}])
def test_an_instrument_that_makes_no_sense_is_refused(odd: dict[str, object]) -> None:
    with pytest.raises(MalformedAnswerError):
        codec.instrument("x", {**MARKET, **odd}, 4)


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (ccxt.BadSymbol("x"), UnknownInstrumentError),
        (ccxt.InvalidNonce("x"), ClockSkewError),
        (ccxt.RequestTimeout("x"), UnreachableError),
        (ccxt.ExchangeNotAvailable("x"), UnreachableError),
        (ccxt.OnMaintenance("x"), UnreachableError),
        (ccxt.UnsubscribeError("x"), UnreachableError),
        (ccxt.RateLimitExceeded("x"), RateLimitedError),
        (ccxt.DDoSProtection("x"), RateLimitedError),
        (ccxt.BadResponse("x"), MalformedAnswerError),
        (ccxt.NullResponse("x"), MalformedAnswerError),
        (ccxt.PermissionDenied("x"), RefusedError),
        (ccxt.BadRequest("x"), RefusedError),
        (ccxt.NotSupported("x"), RefusedError),
        (ccxt.ExchangeError("x"), RefusedError),
    ],
)
def test_every_error_of_ccxts_is_one_of_ours(error: Exception, ours: type[VenueError]) -> None:
    assert type(codec.translated("binance", error)) is ours


@pytest.mark.parametrize("venue", sorted(KNOWN))
def test_what_is_known_of_a_venue_beforehand_is_what_ccxt_knows(venue: str) -> None:
    exchange = getattr(cast("Any", ccxt.pro), venue)()
    known = KNOWN[venue]
    assert known.name == exchange.name
    assert set(known.timeframes) <= set(exchange.timeframes)
    sockets = exchange.urls["api"]["ws"]
    markets = sockets.get("public", sockets)
    assert {market for market in known.markets if known.spot_mark in markets[market]} == {"spot"}


def listed(symbol: str, spelling: str, kind: InstrumentKind) -> Instrument:
    return Instrument(id=InstrumentId("binance", symbol), venue_symbol=spelling, kind=kind, name=symbol, base="BTC", quote="USDT")


def test_every_instrument_is_found_by_either_name() -> None:
    spot, perpetual = listed("BTC/USDT", "BTCUSDT", "spot"), listed("BTC/USDT:USDT", "BTCUSDT", "perpetual")
    dated = listed("BTC/USDT:USDT-260626", "BTCUSDT_260626", "future")
    symbols = Symbols("binance", [spot, perpetual, dated])
    for instrument in symbols.instruments:
        assert symbols.named(instrument.id.symbol) is instrument
        assert symbols.spelled(instrument.venue_symbol, spot=instrument.kind == "spot") is instrument
        assert InstrumentId.parse(str(instrument.id)) == instrument.id
    with pytest.raises(UnknownInstrumentError):
        symbols.named("BTCUSDT")
    with pytest.raises(UnknownInstrumentError):
        symbols.spelled("BTC/USDT", spot=True)


def test_the_gate_keeps_the_longer_rest() -> None:
    world = World()
    gate = Gate("x", world.monotonic)
    gate.check()
    gate.shut(RateLimitedError("x", "long", 100.0, banned=True))
    gate.shut(RateLimitedError("x", "short", 5.0))
    world.pass_(60.0)
    with pytest.raises(RateLimitedError, match="long") as rest:
        gate.check()
    assert (rest.value.seconds, rest.value.banned) == (40.0, True)
    world.pass_(40.0)
    gate.check()


def test_an_inbox_grows_by_bars_and_not_by_messages() -> None:
    inbox = Inbox("BTC/USDT", "1m")
    for volume in range(1000):
        inbox.put(codec.Candle(NOON, 1.0, 1.0, 1.0, 1.0, float(volume), closed=volume == 999))
    inbox.put(codec.Candle(NOON, 1.0, 1.0, 1.0, 1.0, 5.0, closed=True))
    assert [candle.volume for candle in inbox.taken()] == [999.0, 5.0]
    assert inbox.taken() == []
