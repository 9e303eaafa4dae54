"""The stand-in's words have the fields, in the types, that the venues' own have; and they are read like the venues' own."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.adapters.venues.standin import shapes_binance, shapes_bybit
from tests.adapters.venues.standin.ledger import ASSETS, Bar, Ledger
from tests.shared_data import shared

from assay.adapters.venues.wire.decode import decode
from assay.adapters.venues.wire.messages import Kline, Listing, ServerTime
from assay.core.domain.timeframe import Timeframe

NOW = datetime(2026, 3, 2, 12, 0, 30, tzinfo=UTC)
SPOT, PERPETUAL = ASSETS[0], ASSETS[1]


def bar() -> Bar:
    found = Ledger().bar(SPOT, Timeframe("1m"), NOW.replace(second=0), NOW)
    assert found is not None
    return found


WORDS: list[tuple[str, str, object]] = [
    ("binance_nautilus_rust.json", "spot/http_json/klines_response", [shapes_binance.kline_row(bar())]),
    ("binance_nautilus_rust.json", "market_data_json/kline_stream_open", shapes_binance.kline_message(SPOT, "1m", bar(), NOW)),
    ("binance_nautilus_rust.json", "spot/http_json/server_time_response", shapes_binance.time(NOW)),
    ("binance_spot_exchangeInfo_recorded_20211012.json", "", shapes_binance.exchange_info([SPOT], NOW, spot=True)),
    ("binance_spot_docs.json", "rest-api:0", shapes_binance.refusal(-1121, "Invalid symbol.")),
    ("bybit_docs.json", "websocket/public/kline:1", shapes_bybit.kline_message(SPOT, "5m", bar(), NOW)),
    ("bybit_docs.json", "market/kline:1", shapes_bybit.kline(SPOT, [bar()], NOW)),
    ("bybit_docs.json", "market/time:1", shapes_bybit.time(NOW)),
    ("bybit_docs.json", "market/instrument:j2", shapes_bybit.instruments([SPOT], "spot", NOW)),
]


@pytest.mark.parametrize(("file", "case", "ours"), WORDS)
def test_every_word_is_made_like_the_recorded_one(file: str, case: str, ours: object) -> None:
    theirs = recorded(shared(f"protocol/{file}"), case)
    assert form(ours) <= form(theirs)


def recorded(file: Path, case: str) -> object:
    cases = json.loads(file.read_text())["cases"]
    return next(found["payload"] for found in cases if found.get("id", "").endswith(case))


def form(value: object, path: str = "") -> set[str]:
    """Every place in a payload with its type; the rows of a list are taken together."""
    if isinstance(value, dict):
        return {place for key, inner in value.items() for place in form(inner, f"{path}.{key}")}
    if isinstance(value, list) and path.endswith(("list", "")) and value and all(isinstance(item, list) for item in value):
        return {place for row in value for number, item in enumerate(row) for place in form(item, f"{path}[{number}]")}
    if isinstance(value, list):
        return {place for item in value for place in form(item, f"{path}[]")}
    return {f"{path} {type(value).__name__}"}


def test_every_word_is_read() -> None:
    (kline,) = decode("binance", shapes_binance.kline_message(SPOT, "1m", bar(), NOW))
    (same,) = decode("bybit", shapes_bybit.kline_message(SPOT, "1m", bar(), NOW))
    assert isinstance(kline, Kline)
    assert kline == same
    assert kline.close == bar().close
    assert decode("binance", shapes_binance.time(NOW)) == decode("bybit", shapes_bybit.time(NOW)) == (ServerTime(NOW),)
    for listing in (
        *decode("binance", shapes_binance.exchange_info([SPOT], NOW, spot=True)),
        *decode("binance", shapes_binance.exchange_info([PERPETUAL], NOW, spot=False)),
        *decode("bybit", shapes_bybit.instruments([SPOT], "spot", NOW)),
        *decode("bybit", shapes_bybit.instruments([PERPETUAL], "linear", NOW)),
    ):
        assert isinstance(listing, Listing)
        assert (listing.base, listing.quote, listing.trading) == ("BTC", "USDT", True)
        assert None not in (listing.tick, listing.lot, listing.minimum_notional)


def test_bars_of_any_length_are_made_of_the_same_minutes() -> None:
    ledger = Ledger()
    start, end = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
    minutes = list(ledger.bars(SPOT, Timeframe("1m"), start, end, NOW))
    (day,) = ledger.bars(SPOT, Timeframe("1d"), start, end, NOW)
    assert len(minutes) == 1440
    assert (day.open, day.close) == (minutes[0].open, minutes[-1].close)
    assert (day.high, day.low) == (max(bar.high for bar in minutes), min(bar.low for bar in minutes))
    assert day.volume == sum(bar.volume for bar in minutes)
