"""S2.1 to S2.5: rounding, lots, slippage, fees, sizes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.oracle.miniature import LEAVE, equity, fees, fills, long, on, play, short

from assay.core.referee.rounding import to_lot, to_tick


@pytest.mark.parametrize(
    ("price", "tick", "buy", "sell"),
    [
        ("100.07", "0.01", "100.07", "100.07"),
        ("100.071", "0.01", "100.08", "100.07"),
        ("100.0700000000001", "0.01", "100.07", "100.07"),
        ("100.0699999999999", "0.01", "100.07", "100.07"),
        ("0.3", "0.5", "0.5", "0.5"),
        ("121.00000000000001", "0", "121", "121"),
        ("1.000000000005", "0", "1.00000000001", "1.00000000001"),
        ("-1.000000000005", "0", "-1.00000000001", "-1.00000000001"),
    ],
)
def test_levels_go_to_the_tick_against_us_or_to_twelve_digits(price: str, tick: str, buy: str, sell: str) -> None:
    assert to_tick(Decimal(price), Decimal(tick), buy=True) == Decimal(buy)
    assert to_tick(Decimal(price), Decimal(tick), buy=False) == Decimal(sell)


@pytest.mark.parametrize(
    ("quantity", "lot", "lots"),
    [("9.99", "1", "9"), ("0.29999999999", "0.1", "0.3"), ("0.2999", "0.1", "0.2"), ("0.123", "0", "0.123")],
)
def test_quantities_go_down_to_the_lot(quantity: str, lot: str, lots: str) -> None:
    assert to_lot(Decimal(quantity), Decimal(lot)) == Decimal(lots)


def test_a_long_leaves_at_levels_rounded_down() -> None:
    stop = play("100, 100, 100 100 94.2 95", on(0, long(stop_loss=0.055)), tick=1)
    target = play("100, 100, 100 105.2 100 105", on(0, long(take_profit=[(0.055, 1.0)])), tick=1)
    assert fills(stop) == "1 buy 10 @ 100 entry"
    assert fills(target) == "1 buy 10 @ 100 entry, 2 sell 10 @ 105 take_profit"


def test_a_short_leaves_at_levels_rounded_up() -> None:
    assert fills(play("100, 100, 100 110 100 100", on(0, short(stop_loss=0.055)), tick=1)) == "1 sell 10 @ 100 entry, 2 buy 10 @ 106 stop"


def test_a_limit_to_buy_is_rounded_up() -> None:
    assert fills(play("100, 100 100 95 100", on(0, long(0.95, limit=(-0.055, 1))), tick=1)) == "1 buy 10 @ 95 entry"


def test_an_open_off_the_tick_is_rounded_against_us() -> None:
    outcome = play("100, 100.2, 100.2", on(0, long()), on(1, LEAVE), tick=0.5)
    assert fills(outcome) == "1 buy 9.950249 @ 100.5 entry, 2 sell 9.950249 @ 100 exit"


def test_without_tick_or_slippage_the_open_is_the_price() -> None:
    assert fills(play("100, 33.3333333333333", on(0, long()), cash=100))[:16] == "1 buy 3 @ 33.333"


def test_takers_slip_both_ways() -> None:
    outcome = play("100, 100, 100", on(0, long()), on(1, LEAVE), slippage_bps=100)
    assert fills(outcome) == "1 buy 9.90099 @ 101 entry, 2 sell 9.90099 @ 99 exit"


def test_a_stop_slips_beyond_its_level_and_beyond_the_bar() -> None:
    outcome = play("100, 100, 100 100 95.9 100", on(0, long(stop_loss=0.05)), slippage_bps=100)
    assert fills(outcome) == "1 buy 9.90099 @ 101 entry, 2 sell 9.90099 @ 94.9905 stop"


def test_limits_and_targets_do_not_slip() -> None:
    rule = on(0, long(0.9, limit=(-0.1, 1), take_profit=[(0.1, 1.0)]))
    assert fills(play("100, 100 100 90 95, 95 99 95 95", rule, slippage_bps=100)) == "1 buy 10 @ 90 entry, 2 sell 10 @ 99 take_profit"


def test_a_price_that_slipped_is_rounded() -> None:
    assert fills(play("100, 100.03", on(0, long()), slippage_bps=10, tick=0.05)) == "1 buy 9.985022 @ 100.15 entry"


def test_quantities_are_whole_lots_and_a_close_is_exact() -> None:
    assert fills(play("100, 100, 100", on(0, long()), on(1, LEAVE), lot=3)) == "1 buy 9 @ 100 entry, 2 sell 9 @ 100 exit"


def test_the_size_leaves_room_for_the_fee() -> None:
    outcome = play("100, 100, 100", on(0, long()), on(1, LEAVE), fee_rate=0.25)
    assert fills(outcome) == "1 buy 8 @ 100 entry, 2 sell 8 @ 100 exit"
    assert (fees(outcome), equity(outcome)) == ("200 200", "1000 800 600")


def test_a_limit_entry_is_sized_with_the_makers_fee() -> None:
    outcome = play("100, 100 100 80 100", on(0, long(limit=(-0.2, 1))), fee_rate=0.5, maker_fee_rate=0.25)
    assert (fills(outcome), fees(outcome)) == ("1 buy 10 @ 80 entry", "200")


def test_a_target_pays_the_makers_fee() -> None:
    outcome = play("100, 100 110 100 110", on(0, long(take_profit=[(0.1, 1.0)])), maker_fee_rate=0.1)
    assert fees(outcome) == "0 110"


def test_a_stop_pays_the_takers_fee() -> None:
    outcome = play("100, 100 100 50 50", on(0, long(stop_loss=0.5)), fee_rate=0.25, maker_fee_rate=0)
    assert fees(outcome) == "200 100"


def test_without_a_makers_fee_everyone_pays_the_takers() -> None:
    assert fees(play("100, 100 110 100 110", on(0, long(take_profit=[(0.1, 1.0)])), fee_rate=0.25)) == "200 220"


@pytest.mark.parametrize(
    ("at", "bar", "fill", "fee"),
    [(-0.1, "100 100 90 100", "1 buy 2.222222 @ 90 scale_in", "0"), (0.1, "100 110 100 100", "1 buy 1.454545 @ 110 scale_in", "40")],
)
def test_adverse_rungs_are_makers_and_favorable_ones_takers(at: float, bar: str, fill: str, fee: str) -> None:
    outcome = play(f"100, {bar}", on(0, long(0.4, scale_in=[(at, 0.2)])), fee_rate=0.25, maker_fee_rate=0)
    assert (fills(outcome), fees(outcome)) == (f"1 buy 3.2 @ 100 entry, {fill}", f"80 {fee}")
