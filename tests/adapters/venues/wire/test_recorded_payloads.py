"""Whatever a venue was recorded or documented to write is read to typed values, or refused with a typed error: never another exception."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.shared_data import shared

from assay.adapters.venues.wire.decode import decode
from assay.core.domain.errors import VenueError

CASES = {
    "binance_nautilus_rust.json": "binance",
    "binance_spot_docs.json": "binance",
    "binance_spot_exchangeInfo_recorded_20211012.json": "binance",
    "bybit_docs.json": "bybit",
    "ibkr_nautilus.json": "ibkr",
}
STREAMS = {
    "binance_spot_BTCUSDT_ws_20240808.jsonl.gz": "binance",
    "binance_usdm_ETHUSDT_ws_20240808.jsonl.gz": "binance",
    "binance_spot_multi_ws_20211012.jsonl.gz": "binance",
    "binance_spot_depth_snapshots_20211012.jsonl.gz": "binance",
    "bybit_v5_XRPUSDT_orderbook500_20241201.jsonl.gz": "bybit",
}


def payloads(file: Path) -> Iterator[tuple[str, object]]:
    """Every payload of every case, and every message of a dialogue."""
    for number, case in enumerate(json.loads(file.read_text())["cases"]):
        name = case.get("id", f"case {number}")
        if "payload" in case:
            yield name, case["payload"]
        for place, message in enumerate(case.get("messages", ())):
            yield f"{name} message {place}", message


def messages(file: Path) -> Iterator[object]:
    with gzip.open(file, "rt") as lines:
        for line in lines:
            recorded = json.loads(line)
            if "msg" in recorded:
                yield recorded["msg"]


def outcome(venue: str, payload: object) -> str:
    """The kinds of what was read, or of the refusal."""
    try:
        return "+".join(sorted({type(message).__name__ for message in decode(venue, payload)}))
    except VenueError as error:
        return type(error).__name__


KINDS = {
    "binance_nautilus_rust.json": {
        "Kline": 3, "Trade": 3, "Quote": 2, "DayTicker": 2, "DepthUpdate": 1, "DepthSnapshot": 1, "Listing": 1, "ServerTime": 1,
        "NotReadError": 42, "EmptyAnswerError": 1,
    },
    "binance_spot_docs.json": {
        "Kline": 6, "Trade": 10, "Quote": 5, "DayTicker": 24, "DepthUpdate": 1, "DepthSnapshot": 3, "Listing": 2, "ServerTime": 8,
        "Acknowledged": 5, "NotReadError": 221, "RefusedError": 25, "EmptyAnswerError": 9, "MalformedAnswerError": 3,
    },
    "binance_spot_exchangeInfo_recorded_20211012.json": {"Listing": 1},
    "bybit_docs.json": {
        "Kline": 2, "Trade": 2, "DayTicker": 5, "DepthUpdate": 2, "DepthSnapshot": 1, "Listing": 4, "ServerTime": 1, "Acknowledged": 15,
        "NotReadError": 118, "RefusedError": 2, "EmptyAnswerError": 13,
    },
    "ibkr_nautilus.json": {"Quote": 1, "Trade": 1, "NotReadError": 2, "MalformedAnswerError": 1},
}  # fmt: skip
"""How many cases are read as what, or refused as what. Malformed are pieces of objects in prose, and bars whose times lack a zone."""


@pytest.mark.parametrize("file", CASES)
def test_every_recorded_payload_is_read_or_refused(file: str) -> None:
    outcomes = Counter(outcome(CASES[file], payload) for _, payload in payloads(shared(f"protocol/{file}")))
    assert outcomes == KINDS[file]


@pytest.mark.parametrize(("file", "venue"), STREAMS.items())
def test_every_message_of_a_recorded_stream_is_read(file: str, venue: str) -> None:
    for message in messages(shared(f"protocol/{file}")):
        assert decode(venue, message)
