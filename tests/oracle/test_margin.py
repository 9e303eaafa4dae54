"""S2.6 to S2.9: what margin allows, what is refused, what books say, when a position is liquidated."""

from __future__ import annotations

import pytest
from tests.oracle.miniature import ALWAYS, LEAVE, aim, decisions, equity, fees, fills, long, on, plain, play, refusals, short, when

TWO = {"test:A": "100, 100, 100", "test:B": "100, 100, 100"}


def test_the_earlier_in_the_universe_wins_and_the_rest_is_clamped_then_refused() -> None:
    outcome = play(TWO | {"test:C": "100, 100, 100"}, on(0, long(0.6)))
    assert (fills(outcome), refusals(outcome)) == ("1 buy 6 A @ 100 entry, 1 buy 4 B @ 100 entry", "1 insufficient_margin")


def test_a_clamped_quantity_is_whole_lots() -> None:
    assert fills(play(TWO, on(0, long(0.7)), lot=3)) == "1 buy 6 A @ 100 entry, 1 buy 3 B @ 100 entry"


def test_leverage_allows_more_than_equity() -> None:
    assert fills(play("100, 100", on(0, long(2.0)), leverage=2)) == "1 buy 20 @ 100 entry"


def test_a_resting_limit_reserves_its_share() -> None:
    rules = on(0, long(0.8, limit=(-0.5, 5)), instrument=0), on(0, long(0.5), instrument=1)
    assert fills(play(TWO, *rules)) == "1 buy 2 B @ 100 entry"


def test_a_limit_is_not_in_its_own_way() -> None:
    assert fills(play("100, 100 100 80 100", on(0, long(limit=(-0.2, 1))))) == "1 buy 12.5 @ 80 entry"


def test_a_stop_inside_the_bar_frees_nothing_until_the_next() -> None:
    market = {"test:A": "100, 100, 100 100 90 90, 90", "test:B": "100, 100, 100 100 90 100, 100"}
    outcome = play(market, on(0, long(stop_loss=0.05), 0), on(1, long(0.5, limit=(-0.1, 1)), 1))
    assert fills(outcome) == "1 buy 10 A @ 100 entry, 2 sell 10 A @ 95 stop"
    assert refusals(outcome) == "2 insufficient_margin"


@pytest.mark.parametrize(("leaves", "enters"), [(0, 1), (1, 0)])
def test_an_exit_at_the_open_makes_room_for_an_entry_at_the_same_open(leaves: int, enters: int) -> None:
    outcome = play(TWO, on(0, long(), leaves), on(1, LEAVE, leaves), on(1, long(), enters))
    out, into = "AB"[leaves], "AB"[enters]
    assert fills(outcome) == f"1 buy 10 {out} @ 100 entry, 2 sell 10 {out} @ 100 exit, 2 buy 10 {into} @ 100 entry"


# Refusals


def test_an_entry_under_the_minimum_is_refused_and_leaves_us_flat_to_try_again() -> None:
    outcome = play("100, 100, 100", when(ALWAYS, long()), minimum_notional=2000)
    assert (decisions(outcome), refusals(outcome)) == ("0 -> 1, 1 -> 1, 2 -> 1", "1 below_minimum, 2 below_minimum")


def test_a_notional_at_the_minimum_is_enough() -> None:
    assert fills(play("100, 100", on(0, long()), minimum_notional=1000)) == "1 buy 10 @ 100 entry"


def test_a_quantity_that_floors_to_nothing_is_below_the_minimum() -> None:
    assert refusals(play("100, 100", on(0, long()), lot=100)) == "1 below_minimum"


def test_a_clamp_may_leave_less_than_the_minimum() -> None:
    outcome = play(TWO, on(0, long(0.95), 0), on(0, long(0.5), 1), minimum_notional=100)
    assert (fills(outcome), refusals(outcome)) == ("1 buy 9.5 A @ 100 entry", "1 below_minimum")


def test_a_refused_rung_is_spent() -> None:
    outcome = play("100, 100 100 90 90, 90", on(0, long(scale_in=[(-0.1, 0.5)])))
    assert (fills(outcome), refusals(outcome)) == ("1 buy 10 @ 100 entry", "1 insufficient_margin")


def test_a_refused_resize_leaves_position_and_target() -> None:
    rules = on(0, aim(0.5)), on(1, aim(0.8)), on(2, aim(0.8))
    outcome = play("100, 100, 100, 100", *rules, minimum_notional=400)
    assert (fills(outcome), refusals(outcome)) == ("1 buy 5 @ 100 entry", "2 below_minimum")
    assert decisions(outcome) == "0 -> 0.5, 1 -> 0.8"


# Books


def test_equity_is_cash_and_open_profit() -> None:
    outcome = play("100, 100 120 100 110, 90", on(0, long()))
    assert (equity(outcome), plain(outcome.cash)) == ("1000 1100 900", "1000")
    assert (plain(outcome.positions[0].quantity), plain(outcome.positions[0].average)) == ("10", "100")


def test_a_short_gains_when_prices_fall() -> None:
    assert equity(play("100, 100, 90, 90", on(0, short()), on(2, LEAVE))) == "1000 1000 1100 1100"


# Liquidation


@pytest.mark.parametrize(
    ("bar", "price"),
    [("100 100 50 60", "50.251256"), ("50.1 60 50.1 60", "50.1"), ("40 60 40 60", "50")],
    ids=["inside at its level", "gapped at the open", "never beyond the margin"],
)
def test_a_levered_long_is_liquidated(bar: str, price: str) -> None:
    assert fills(play(f"100, 100, {bar}", on(0, long(2.0)), leverage=2)) == f"1 buy 20 @ 100 entry, 2 sell 20 @ {price} liquidation"


def test_the_effective_leverage_is_the_smaller() -> None:
    outcome = play("100, 100 100 40 50", on(0, long()), leverage=5, strategy_leverage=2, maintenance_margin_rate=0)
    assert fills(outcome) == "1 buy 10 @ 100 entry, 1 sell 10 @ 50 liquidation"


def test_an_open_at_the_level_is_not_yet_beyond_it() -> None:
    outcome = play("100, 100, 50", on(0, long(2.0)), on(1, LEAVE), leverage=2, maintenance_margin_rate=0)
    assert fills(outcome) == "1 buy 20 @ 100 entry, 2 sell 20 @ 50 exit"


def test_an_unlevered_long_has_no_liquidation() -> None:
    assert fills(play("100, 100, 100 100 0.01 0.01", on(0, long()))) == "1 buy 10 @ 100 entry"


def test_an_unlevered_short_is_liquidated_at_twice_its_entry() -> None:
    assert fills(play("100, 100, 100 250 100 100", on(0, short()))) == "1 sell 10 @ 100 entry, 2 buy 10 @ 200 liquidation"


def test_liquidation_follows_the_average_entry() -> None:
    rule = on(0, long(0.5, scale_in=[(-0.2, 0.5)]))
    outcome = play("100, 100 100 45 50, 50 50 44 50", rule, leverage=2, maintenance_margin_rate=0)
    assert fills(outcome) == "1 buy 5 @ 100 entry, 1 buy 6.25 @ 80 scale_in, 2 sell 11.25 @ 44.444444 liquidation"


@pytest.mark.parametrize(("stop_loss", "reason"), [(0.5, "stop"), (0.6, "liquidation"), (0.49, "stop")])
def test_the_nearer_of_stop_and_liquidation_comes_first_and_the_stop_at_a_tie(stop_loss: float, reason: str) -> None:
    outcome = play("100, 100 100 30 30", on(0, long(stop_loss=stop_loss)), leverage=2, maintenance_margin_rate=0)
    assert fills(outcome).endswith(reason)


def test_a_liquidation_pays_both_fees_and_does_not_slip() -> None:
    outcome = play(
        "100, 100 100 40 50", on(0, long(2.0)), leverage=2, maintenance_margin_rate=0, liquidation_fee_rate=0.01, slippage_bps=100
    )
    assert fills(outcome) == "1 buy 19.80198 @ 101 entry, 1 sell 19.80198 @ 50.5 liquidation"
    assert (fees(outcome), equity(outcome)) == ("0 10", "1000 -10")
