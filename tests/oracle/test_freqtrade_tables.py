"""freqtrade's candle rules: its own published tables, and a few by hand that say one rule each (SIMULATION S9)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
import pytest
from tests.oracle.freqtrade import Strategy, Traded, play, prices, trade
from tests.shared_data import shared

TABLES: Final = 27
DIFFERENT: Final = {
    "tc44": "its exit signal is a limit order at a custom price; here an exit is a market order",
    "tc46": "its exit signal is a limit order that never fills and is not repeated; here an exit is a market order",
    "tc48": "its trade opens with the order that is priced anew; here with the fill, one candle later",
    "tc52": "its trade opens with the order that is priced anew; here with the fill, one candle later",
}
"""Also in docs/reference/conventions.md."""


@cache
def _read(path: Path) -> dict[str, dict[str, Any]]:
    return {case["id"]: case for case in json.loads(path.read_text())["cases"]}


def cases() -> dict[str, dict[str, Any]]:
    return _read(shared("reference/freqtrade_backtest_detail.json"))


def replay(case: dict[str, Any]) -> list[Traded]:
    """A table is an hour a candle; its columns are tick, open, high, low, close, volume, and the signals."""
    table = case["data"]
    shorts = [(row[8], row[9]) if len(row) > 8 else (0, 0) for row in table]
    short = any(enter for enter, _ in shorts)
    signals = shorts if short else [(row[6], row[7]) for row in table]
    assert not (short and any(row[6] for row in table)), "one direction a table"
    # The default custom stoploss answers the strategy's own stop loss at every candle: trailing at that distance from the first gain on.
    strategy = Strategy(
        stop_loss=case["stop_loss"],
        roi={int(minutes) / 60: gain for minutes, gain in case["roi"].items()},
        trailing=case.get("trailing_stop", False),
        positive=case.get("trailing_stop_positive", 0.0),
        offset=case.get("trailing_stop_positive_offset", 0.0),
        only_offset=case.get("trailing_only_offset_is_reached", False) and not case.get("use_custom_stoploss", False),
        short=short,
        leverage=case.get("leverage", 1.0),
    )
    entries = {row[0]: case.get("custom_entry_price") for row, (enter, _) in zip(table, signals, strict=True) if enter}
    if case.get("adjust_entry_price"):
        entries |= {at + 1: case["adjust_entry_price"] for at in entries}
    exits = [row[0] for row, (_, leave) in zip(table, signals, strict=True) if leave]
    columns = np.array([row[1:5] for row in table], np.float64).T
    return trade(prices(*columns), strategy, entries, exits)


def told(trades: list[Traded]) -> tuple[float, list[tuple[str, int, int, bool]]]:
    """The profit of all, and of each why, when and in which direction: what freqtrade's suite compares."""
    return round(sum(each.profit for each in trades), 3), [(each.exit_type, each.opened, each.closed, each.short) for each in trades]


def published(case: dict[str, Any]) -> tuple[float, list[tuple[str, int, int, bool]]]:
    rows = [(each["exit_reason"], each["open_tick"], each["close_tick"], each.get("is_short", False)) for each in case["trades"]]
    return case["profit_perc"], rows


@pytest.mark.parametrize("case", [f"tc{number}" for number in range(0, 2 * TABLES, 2)])
def test_a_published_table_is_met_or_differs_as_listed(case: str) -> None:
    assert len(cases()) == TABLES
    assert (told(replay(cases()[case])) == published(cases()[case])) is (case not in DIFFERENT)


@pytest.mark.parametrize("case", ["tc48", "tc52"])
def test_an_order_that_is_priced_anew_differs_in_when_it_opened_alone(case: str) -> None:
    table = cases()[case]
    [ours], [theirs] = replay(table), table["trades"]
    assert ours.opened == theirs["open_tick"] + 1
    assert (ours.exit_type, ours.closed, round(ours.profit, 3)) == (theirs["exit_reason"], theirs["close_tick"], table["profit_perc"])


def test_two_published_trades_with_fees_break_even_at_the_last_step_of_the_table() -> None:
    table = json.loads(shared("reference/freqtrade_backtest_one.json").read_text())
    config, expected = table["config"], table["expected_trades"]
    candles = pl.read_parquet(shared("candles/bittrex_spot_UNITTESTBTC_5m_2018-01.parquet"))
    opened = candles["ts"].dt.strftime("%Y-%m-%dT%H:%MZ").to_list()
    strategy = Strategy(
        stop_loss=config["stoploss"], roi={int(at) / 5: gain for at, gain in config["minimal_roi"].items()}, fee=config["fee"]
    )
    signals: dict[int, float | None] = {opened.index(each["open"]) - 1: None for each in expected}
    columns = [candles[name].to_numpy() for name in ("open", "high", "low", "close")]
    trades = trade(prices(*columns), strategy, signals, ())
    assert [
        (opened[each.opened], opened[each.closed], each.exit_type.lower(), round(each.open_rate, 8), round(each.close_rate, 6))
        for each in trades
    ] == [(each["open"], each["close"], each["exit"], each["open_rate"], each["close_rate"]) for each in expected]
    assert [each.close_rate for each in trades] == pytest.approx(
        [each["open_rate"] * (1 + config["fee"]) / (1 - config["fee"]) for each in expected], rel=1e-12
    )
    assert [each.profit for each in trades] == pytest.approx([each["profit_ratio"] for each in expected], abs=1e-12)


# By hand: bought at 100, the open of candle 1

STOP = Strategy(stop_loss=-0.05)
STEPS = Strategy(roi={0: 0.05, 2: 0.02})
TRAIL = Strategy(stop_loss=-0.05, trailing=True)


@pytest.mark.parametrize(
    ("candles", "strategy", "exits", "told"),
    [
        # The stop
        ("100, 100, 100 101 94 98, 98", STOP, [], "2 stop_loss @ 95"),
        ("100, 100 101 94 98, 98, 98", STOP, [], "1 stop_loss @ 95"),
        ("100, 100, 94 96 93 94, 94", STOP, [], "2 stop_loss @ 95"),  # inside the candle counts as traded, whatever the open
        ("100, 100, 94 94.5 93 94, 94", STOP, [], "2 stop_loss @ 94"),
        ("100, 100, 100 101 94 98, 98", Strategy(stop_loss=-0.05, leverage=5), [], "2 stop_loss @ 99"),
        ("100, 100, 99 106 99 100, 98", Strategy(stop_loss=-0.05, short=True), [], "2 stop_loss @ 105"),
        # A signal leaves at the open, before stop and table
        ("100, 100, 94 100 93 94, 94", STOP, [1], "2 exit_signal @ 94"),
        ("100, 100, 101 110 101 105, 105", STEPS, [1], "2 exit_signal @ 101"),
        ("100, 100, 100, 97", STOP, [], "3 force_exit @ 97"),
        # The table: above it, and not at it; within the candle; the stop first; a step in force from its own candle
        ("100, 100, 100 105 99 100, 100", STEPS, [], "3 force_exit @ 100"),
        ("100, 100, 100 106 99 100, 100", STEPS, [], "2 roi @ 105"),
        ("100, 100, 106 108 106 107, 100", STEPS, [], "2 roi @ 106"),
        ("100, 100, 100 106 90 100, 100", Strategy(stop_loss=-0.05, roi={0: 0.05}), [], "2 stop_loss @ 95"),
        ("100, 100, 100 104 99 103, 103 104 103 103, 100", STEPS, [], "3 roi @ 103"),
        ("100, 100, 100 104 99 101, 101 104 101 103, 100", STEPS, [], "3 roi @ 102"),
        ("100, 100, 100 104 99 103, 103 104 101 103, 100", Strategy(roi={0: 0.05, 1.9: 0.02}), [], "3 roi @ 102"),
        ("100, 100, 100, 99 100 98 99, 100", Strategy(roi={0: 0.05, 2: -1}), [], "3 roi @ 99"),
        ("100, 100, 100, 99 100 98 99, 100", Strategy(roi={0: 0.05, 1.9: -1}), [], "3 roi @ 98"),
        ("100, 100, 100 101 94 95, 95", Strategy(roi={0: 0.05}, short=True), [], "2 roi @ 95"),
        ("100, 100, 100 106 99 100, 100", Strategy(roi={0: 0.05}, leverage=5), [], "2 roi @ 101"),
        # Trailing: the candle's own high first, unless its low has reached the stop already
        ("100, 100, 100 110 96 100, 100", TRAIL, [], "2 trailing_stop_loss @ 104.5"),
        ("100, 100, 100 110 106 108, 108 108 100 100, 100", TRAIL, [], "3 trailing_stop_loss @ 104.5"),
        ("100, 100, 100 110 95 100, 100", TRAIL, [], "2 stop_loss @ 95"),
        ("100, 100, 100 110 96 100, 100", Strategy(stop_loss=-0.05, roi={0: 0.08}, trailing=True), [], "2 roi @ 108"),
        ("100, 100, 100 104 94 96, 100", Strategy(stop_loss=-0.05, trailing=True, short=True), [], "2 trailing_stop_loss @ 98.7"),
        # in the candle it was bought in the least gain that arms it, then the fall
        ("100, 100 110 96 100, 100, 100", TRAIL, [], "1 trailing_stop_loss @ 96"),
        ("100, 100 110 94.9 100, 100, 100", Strategy(stop_loss=-0.1, trailing=True, positive=0.03), [], "1 trailing_stop_loss @ 97"),
        (
            "100, 100 110 96 100, 100, 100",
            Strategy(stop_loss=-0.1, trailing=True, positive=0.03, offset=0.05, only_offset=True), [], "1 trailing_stop_loss @ 102",
        ),
        # nearer above the offset; below it at the stop's distance, or not at all
        (
            "100, 100, 100 110 96 100, 100",
            Strategy(stop_loss=-0.1, trailing=True, positive=0.03, offset=0.05), [], "2 trailing_stop_loss @ 106.7",
        ),
        (
            "100, 100, 100 104 98 100, 100 100 93 93, 100",
            Strategy(stop_loss=-0.1, trailing=True, positive=0.03, offset=0.05), [], "3 trailing_stop_loss @ 93.6",
        ),
        (
            "100, 100, 100 104 98 100, 100 100 90 93, 100",
            Strategy(stop_loss=-0.1, trailing=True, positive=0.03, offset=0.05, only_offset=True), [], "3 stop_loss @ 90",
        ),
    ],
)  # fmt: skip
def test_a_candle(candles: str, strategy: Strategy, exits: list[int], told: str) -> None:
    assert play(candles, strategy, exits=exits) == told


@pytest.mark.parametrize(
    ("candles", "price", "told"),
    [
        ("100, 100 102 98 101, 100, 103", 99, [(99, 103)]),
        ("100, 100 102 98 101, 100, 103", 101, [(101, 103)]),  # its own price, though the open was better
        ("100, 100 102 98 101, 100, 103", 120, [(102, 103)]),  # and never beyond the candle
        ("100, 100 102 98 101, 97 98 96 97, 103", 97, []),  # canceled at the next candle
    ],
)
def test_a_custom_entry_price(candles: str, price: float, told: list[tuple[float, float]]) -> None:
    columns = np.array([[float(word) for word in (candle.split() * 4)[:4]] for candle in candles.split(",")]).T
    trades = trade(prices(*columns), Strategy(), {0: price}, [])
    assert [(each.open_rate, each.close_rate) for each in trades] == told


def test_the_high_of_a_falling_candle_came_before_an_entry_below_its_open() -> None:
    candles = "100, 100 106 95 {close}, 97 110 97 100, 100"
    cheap = Strategy(roi={0: 0.02})
    assert play(candles.format(close=96), cheap, {0: 96.0}) == "2 roi @ 97.92"
    assert play(candles.format(close=101), cheap, {0: 96.0}) == "1 roi @ 97.92"


def test_nothing_is_bought_in_the_last_candle_or_while_something_is_held() -> None:
    assert play("100, 100, 100, 100", Strategy(), {2: None}) == ""
    assert play("100, 100, 100 106 99 104, 104 110 104 110, 110", Strategy(roi={0: 0.05}), {0: None, 1: None}) == "2 roi @ 105"
