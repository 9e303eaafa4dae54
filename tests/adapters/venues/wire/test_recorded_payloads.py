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


@pytest.mark.parametrize(("file", "venue"), CASES.items())
def test_every_recorded_payload_is_read_or_refused(file: str, venue: str) -> None:
    outcomes = Counter(outcome(venue, payload) for _, payload in payloads(shared(f"protocol/{file}")))
    assert outcomes.total() > 0


@pytest.mark.parametrize(("file", "venue"), STREAMS.items())
def test_every_message_of_a_recorded_stream_is_read(file: str, venue: str) -> None:
    for message in messages(shared(f"protocol/{file}")):
        assert decode(venue, message)
