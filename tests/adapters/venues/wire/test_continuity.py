"""Removing any one message of a stream is noticed at the very next one."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from tests.shared_data import shared

from assay.adapters.venues.wire.continuity import Closes, DepthChain, Gap, Verdict
from assay.adapters.venues.wire.decode import decode
from assay.adapters.venues.wire.messages import DepthSnapshot, DepthUpdate, Kline
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import Timeframe

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def change(first: int, last: int, previous: int | None = None) -> DepthUpdate:
    return DepthUpdate(symbol="X", first_id=first, last_id=last, previous_id=previous, bids=(), asks=(), stamped_at=NOON)


def book(last: int) -> DepthSnapshot:
    return DepthSnapshot(symbol="X", last_id=last, bids=(), asks=((Decimal(1), Decimal(1)),))


def verdicts(messages: Sequence[DepthUpdate | DepthSnapshot]) -> list[Verdict]:
    chain = DepthChain()
    told: list[Verdict] = []
    for message in messages:
        if isinstance(message, DepthSnapshot):
            chain.start(message)
        else:
            told.append(chain.take(message))
    return told


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([change(5, 7), change(8, 8), change(9, 12)], ["applies"] * 3),
        ([change(5, 7), change(9, 12)], ["applies", Gap(7, 9)]),
        ([change(5, 7), change(9, 12), change(13, 13)], ["applies", Gap(7, 9), "applies"]),
        ([change(5, 7), change(8, 9), change(8, 9)], ["applies", "applies", Gap(9, 8)]),
        ([change(90, 95, 80), change(101, 130, 95), change(140, 150, 130)], ["applies"] * 3),
        ([change(90, 95, 80), change(140, 150, 130)], ["applies", Gap(95, 140)]),
        ([book(10), change(5, 9), change(10, 12), change(13, 13)], ["stale", "applies", "applies"]),
        ([book(10), change(11, 12)], ["applies"]),
        ([book(10), change(12, 13)], [Gap(10, 12)]),
        ([book(10), change(4, 9, 3), change(8, 12, 9), change(20, 25, 12)], ["stale", "applies", "applies"]),
        ([book(10), change(11, 12), book(50), change(51, 51)], ["applies", "applies"]),
        ([book(10), change(11, 11), change(13, 13)], ["applies", Gap(11, 13)]),
    ],
)
def test_a_change_applies_only_where_the_one_before_ended(messages: list[DepthUpdate | DepthSnapshot], expected: list[Verdict]) -> None:
    assert verdicts(messages) == expected


@pytest.mark.parametrize(
    "numbers",
    [
        lambda n: change(10 * n + 1, 10 * n + 10),
        lambda n: change(100 * n + 7, 100 * n + 60, 100 * (n - 1) + 60),
        lambda n: change(n, n),
    ],
    ids=["binance spot", "binance usd-m", "bybit"],
)
def test_removing_any_one_change_is_noticed_at_the_next(numbers: Callable[[int], DepthUpdate]) -> None:
    assert_every_removal_is_noticed([numbers(n) for n in range(1, 40)])


def assert_every_removal_is_noticed(changes: Sequence[DepthUpdate]) -> None:
    """But of the first and the last, which nothing stands on both sides of."""
    assert set(verdicts(changes)) == {"applies"}
    assert len(changes) > 2
    for removed in range(1, len(changes) - 1):
        told = verdicts([*changes[:removed], *changes[removed + 1 :]])
        assert told[:removed] == ["applies"] * removed
        assert isinstance(told[removed], Gap)


@cache
def recorded(file: Path, venue: str) -> dict[str, list[DepthUpdate | DepthSnapshot | Kline]]:
    """What a recording says of books and bars, by symbol."""
    streams: defaultdict[str, list[DepthUpdate | DepthSnapshot | Kline]] = defaultdict(list)
    with gzip.open(file, "rt") as lines:
        for line in lines:
            for message in decode(venue, json.loads(line).get("msg") or {"result": None, "id": 0}):
                if isinstance(message, DepthUpdate | DepthSnapshot | Kline):
                    streams[str(message.symbol)].append(message)
    return streams


@pytest.mark.parametrize(
    ("file", "venue", "changes"),
    [
        ("binance_spot_BTCUSDT_ws_20240808.jsonl.gz", "binance", {"BTCUSDT": 530}),
        ("binance_usdm_ETHUSDT_ws_20240808.jsonl.gz", "binance", {"ETHUSDT": 438}),
        ("binance_spot_multi_ws_20211012.jsonl.gz", "binance", {"NKNUSDT": 150, "LRCBTC": 15, "BLZETH": 10}),
        ("bybit_v5_XRPUSDT_orderbook500_20241201.jsonl.gz", "bybit", {"XRPUSDT": 49}),
    ],
)
def test_removing_any_one_recorded_change_is_noticed(file: str, venue: str, changes: dict[str, int]) -> None:
    streams = recorded(shared(f"protocol/{file}"), venue)
    for symbol, count in changes.items():
        updates = [message for message in streams[symbol] if isinstance(message, DepthUpdate)]
        assert len(updates) == count
        assert_every_removal_is_noticed(updates)


def test_a_recorded_snapshot_is_joined_by_the_recorded_changes_after_it_and_by_no_later_ones() -> None:
    streams = recorded(shared("protocol/binance_spot_multi_ws_20211012.jsonl.gz"), "binance")
    file = shared("protocol/binance_spot_depth_snapshots_20211012.jsonl.gz")
    with gzip.open(file, "rt") as lines:
        snapshots = {json.loads(line)["url"].partition("symbol=")[2].partition("&")[0]: json.loads(line)["msg"] for line in lines}
    for symbol, payload in snapshots.items():
        (snapshot,) = decode("binance", payload)
        assert isinstance(snapshot, DepthSnapshot)
        updates = [message for message in streams[symbol] if isinstance(message, DepthUpdate)]
        told = verdicts([snapshot, *updates])
        stale = told.count("stale")
        assert told == ["stale"] * stale + ["applies"] * (len(told) - stale)
        if len(updates) > stale + 1:
            assert isinstance(verdicts([snapshot, *updates[stale + 1 :]])[0], Gap)


Bars = list[tuple[datetime, bool]]


def spans(told: Bars) -> list[Span]:
    """The bars that were missed, each as it was noticed."""
    closes = Closes(Timeframe("1m"))
    missed = []
    for opened_at, closed in told:
        if not closes.is_news(opened_at, None):
            continue
        span = closes.missing_before(opened_at)
        if span is not None:
            missed.append(span)
        if closed:
            closes.closed(opened_at)
        else:
            closes.formed(opened_at, None)
    return missed


def minute(number: int) -> datetime:
    return NOON + timedelta(minutes=number)


def test_removing_any_close_is_noticed_when_the_next_bar_is_heard_of() -> None:
    told = [(minute(number), closed) for number in range(6) for closed in (False, False, True)]
    assert spans(told) == []
    for removed in range(len(told) - 1):
        rest = [*told[:removed], *told[removed + 1 :]]
        opened_at, closed = told[removed]
        assert spans(rest) == ([Span(opened_at, opened_at + timedelta(minutes=1))] if closed else [])


def test_removing_whole_bars_is_noticed_with_how_many() -> None:
    assert spans([(minute(0), True), (minute(4), False)]) == [Span(minute(1), minute(4))]
    assert spans([(minute(0), False), (minute(4), True)]) == [Span(minute(0), minute(4))]


def test_a_bar_that_has_closed_does_not_change_any_more() -> None:
    closes = Closes(Timeframe("1m"))
    closes.closed(minute(0))
    assert not closes.is_news(minute(0), None)
    assert not closes.is_news(minute(-3), None)
    assert closes.is_news(minute(1), None)


def test_an_older_word_on_a_forming_bar_is_no_news() -> None:
    closes = Closes(Timeframe("1m"))
    closes.formed(minute(0), minute(0) + timedelta(seconds=20))
    assert not closes.is_news(minute(0), minute(0) + timedelta(seconds=10))
    assert closes.is_news(minute(0), minute(0) + timedelta(seconds=30))


def test_months_follow_the_calendar() -> None:
    closes = Closes(Timeframe("1M"))
    closes.closed(datetime(2026, 2, 1, tzinfo=UTC))
    assert closes.missing_before(datetime(2026, 3, 1, tzinfo=UTC)) is None
    assert closes.missing_before(datetime(2026, 4, 1, tzinfo=UTC)) == Span(
        datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    )


def test_removing_any_recorded_bar_message_leaves_the_same_closes_or_is_noticed() -> None:
    streams = recorded(shared("protocol/binance_spot_multi_ws_20211012.jsonl.gz"), "binance")
    for symbol in ("NKNUSDT", "LRCBTC", "BLZETH", "RUNEEUR"):
        told = [(message.opened_at, message.closed is True) for message in streams[symbol] if isinstance(message, Kline)]
        assert spans(told) == []
        for removed, (opened_at, closed) in enumerate(told):
            later = any(at > opened_at for at, _ in told)
            assert bool(spans([*told[:removed], *told[removed + 1 :]])) == (closed and later)
