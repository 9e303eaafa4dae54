"""S3: carried costs, exits, equity and entries at a slice's open."""

from __future__ import annotations

from tests.oracle.miniature import LEAVE, aim, decisions, equity, fills, long, on, plain, play, short

from assay.core.referee import Outcome


def carries(outcome: Outcome) -> str:
    return ", ".join(f"{carry.slice} {plain(carry.amount)} {'borrow' if carry.borrow else 'funding'}" for carry in outcome.carries)


PERPETUAL = "test:A/B:B"


def test_a_long_pays_funding_at_this_open() -> None:
    outcome = play({PERPETUAL: "100, 100, 110, 110"}, on(0, long()), funding=[(2, 0.01)])
    assert (carries(outcome), equity(outcome)) == ("2 -11 funding", "1000 1000 1089 1089")


def test_a_short_receives_funding_and_pays_no_borrow_on_a_perpetual() -> None:
    assert carries(play({PERPETUAL: "100, 100, 110"}, on(0, short()), funding=[(2, 0.01)], borrow_rate=0.365)) == "2 11 funding"


def test_funding_is_due_after_the_previous_open_up_to_this_one() -> None:
    outcome = play({PERPETUAL: "100, 100, 100, 100"}, on(0, long()), funding=[(1, 0.01), (1.5, 0.02), (2, 0.03), (2.5, 0.04)])
    assert carries(outcome) == "2 -20 funding, 2 -30 funding, 3 -40 funding"


def test_funding_is_paid_on_what_was_carried_in_even_if_it_leaves_at_this_open() -> None:
    outcome = play({PERPETUAL: "100, 100, 100, 100"}, on(0, long()), on(1, LEAVE), funding=[(2, 0.01), (3, 0.01)])
    assert carries(outcome) == "2 -10 funding"


def test_a_short_of_a_share_pays_borrow_once_a_day_on_the_last_close() -> None:
    outcome = play("100, 100, 120 120 120 120, 120", on(0, short()), borrow_rate=0.365)
    assert carries(outcome) == "2 -1 borrow, 3 -1.2 borrow"


def test_borrow_covers_the_days_since_the_last_open() -> None:
    outcome = play({"test:A": "100, 100, ., 100", "test:B": "1, 1, 1, 1"}, on(0, short(), 0), borrow_rate=0.365)
    assert carries(outcome) == "3 -2 borrow"


def test_borrow_is_due_at_the_first_open_of_a_day_alone() -> None:
    outcome = play("100, 100, 100", on(0, short()), fine="100, 100, 100, 100, 100, 100", borrow_rate=0.365)
    assert carries(outcome) == "4 -1 borrow"


def test_a_long_pays_no_borrow() -> None:
    assert carries(play("100, 100, 100", on(0, long()), borrow_rate=0.365)) == ""


# Exits


def test_a_gap_through_the_stop_fills_at_the_open() -> None:
    assert fills(play("100, 100, 90 92 88 91", on(0, long(stop_loss=0.05)))) == "1 buy 10 @ 100 entry, 2 sell 10 @ 90 stop"


def test_a_gap_through_a_shorts_stop_fills_at_the_open() -> None:
    assert fills(play("100, 100, 110 112 108 110", on(0, short(stop_loss=0.05)))) == "1 sell 10 @ 100 entry, 2 buy 10 @ 110 stop"


def test_a_stop_and_a_market_exit_at_one_open_are_one_fill() -> None:
    assert fills(play("100, 100, 90", on(0, long(stop_loss=0.05)), on(1, LEAVE))) == "1 buy 10 @ 100 entry, 2 sell 10 @ 90 stop"


def test_a_trailing_stop_gaps_under_its_own_name() -> None:
    assert fills(play("100, 100, 90", on(0, long(trailing=0.05)))) == "1 buy 10 @ 100 entry, 2 sell 10 @ 90 trailing_stop"


def test_liquidation_comes_before_a_stop_that_gapped_too() -> None:
    outcome = play("100, 100, 45", on(0, long(stop_loss=0.1)), leverage=2, maintenance_margin_rate=0)
    assert fills(outcome) == "1 buy 10 @ 100 entry, 2 sell 10 @ 50 liquidation"


def test_targets_that_the_open_has_reached_fill_at_it_and_the_market_exit_takes_the_rest() -> None:
    rule = on(0, long(take_profit=[(0.2, 0.25), (0.05, 0.5), (0.1, 0.1)]))
    outcome = play("100, 100, 110", rule, on(1, LEAVE), maker_fee_rate=0.001)
    assert fills(outcome) == (
        "1 buy 10 @ 100 entry, 2 sell 5 @ 110 take_profit, 2 sell 1 @ 110 take_profit, 2 sell 4 @ 110 exit"
    )  # the nearer ones, nearest first
    assert [fill.maker for fill in outcome.fills] == [False, True, True, False]


# Equity and entries


def test_entries_of_one_slice_share_one_equity() -> None:
    market = {"test:A": "100, 100", "test:B": "100, 100"}
    assert fills(play(market, on(0, long(0.5)), fee_rate=0.25)) == "1 buy 4 A @ 100 entry, 1 buy 4 B @ 100 entry"


def test_equity_marks_carried_positions_at_this_open() -> None:
    market = {"test:A": "100, 100, 120", "test:B": "100, 100, 100"}
    assert fills(play(market, on(0, long(0.5), 0), on(1, long(0.25), 1))) == "1 buy 5 A @ 100 entry, 2 buy 2.75 B @ 100 entry"


def test_a_reversal_is_two_fills_and_the_second_is_sized_after_the_first() -> None:
    outcome = play("100, 100, 110", on(0, long()), on(1, short()), fee_rate=0)
    assert fills(outcome) == "1 buy 10 @ 100 entry, 2 sell 10 @ 110 reverse, 2 sell 10 @ 110 entry"
    assert decisions(outcome) == "0 -> 1, 1 -> -1"


def test_a_stop_at_the_open_of_a_reversal_closes_for_it_and_the_entry_goes_on() -> None:
    outcome = play("100, 100, 90, 90", on(0, long(stop_loss=0.05)), on(1, short()), on(2, short()))
    assert fills(outcome) == "1 buy 10 @ 100 entry, 2 sell 10 @ 90 stop, 2 sell 10 @ 90 entry"
    assert decisions(outcome) == "0 -> 1, 1 -> -1"


def test_a_target_in_the_direction_held_trades_the_difference() -> None:
    outcome = play("100, 100, 100, 100", on(0, aim(0.5)), on(1, aim(0.8)), on(2, aim(0.2)))
    assert fills(outcome) == "1 buy 5 @ 100 entry, 2 buy 3 @ 100 resize, 3 sell 6 @ 100 resize"


def test_a_short_is_resized_as_well() -> None:
    outcome = play("100, 100, 100, 100", on(0, aim(-0.5)), on(1, aim(-0.8)), on(2, aim(-0.2)))
    assert fills(outcome) == "1 sell 5 @ 100 entry, 2 sell 3 @ 100 resize, 3 buy 6 @ 100 resize"


def test_a_resize_follows_equity_at_its_own_open() -> None:
    outcome = play("100, 100, 200", on(0, aim(0.5)), on(1, aim(0.8)))
    assert fills(outcome) == "1 buy 5 @ 100 entry, 2 buy 1 @ 200 resize"


def test_a_resize_keeps_the_bracket() -> None:
    outcome = play("100, 100, 100 100 90 90", on(0, aim(0.5, stop_loss=0.1)), on(1, aim(1.0)))
    assert fills(outcome) == "1 buy 5 @ 100 entry, 2 buy 5 @ 100 resize, 2 sell 10 @ 90 stop"


def test_where_slippage_eats_the_difference_a_resize_is_refused() -> None:
    outcome = play("100, 100, 100", on(0, aim(0.5)), on(1, aim(0.502)), slippage_bps=100)
    assert [refusal.code for refusal in outcome.refusals] == ["below_minimum"]


def test_a_resize_dies_with_the_position() -> None:
    outcome = play("100, 100, 80, 100", on(0, aim(0.5, stop_loss=0.1)), on(1, aim(1.0)))
    assert (fills(outcome), equity(outcome)) == ("1 buy 5 @ 100 entry, 2 sell 5 @ 80 stop", "1000 1000 900 900")


def test_a_limit_that_the_open_has_reached_fills_at_the_open_and_has_the_whole_bar() -> None:
    rule = on(0, long(0.9, limit=(-0.05, 1), take_profit=[(0.1, 1.0)]))
    assert fills(play("100, 90 100 90 95", rule)) == "1 buy 10 @ 90 entry, 1 sell 10 @ 99 take_profit"
