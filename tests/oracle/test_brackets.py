"""S5: references of levels, targets and their shares, rungs, trailing stops, time limits."""

from __future__ import annotations

from math import nan

import pytest
from tests.oracle.miniature import ALWAYS, LEAVE, decisions, fills, long, on, play, refusals, short, when

from assay.core.strategy.document import Level, Price, Reference, Times


@pytest.mark.parametrize(("reference", "price"), [(Reference.FILL, "90"), (Reference.FIRST_FILL, "90"), (Reference.DECISION, "99")])
def test_a_level_is_measured_from_its_reference(reference: Reference, price: str) -> None:
    outcome = play("110, 100, 100 100 80 80", on(0, long(stop_loss=0.1, reference=reference)))
    assert fills(outcome).startswith("1 buy 10 @ 100 entry, ")
    assert fills(outcome).endswith(f" sell 10 @ {price} stop")


@pytest.mark.parametrize(("reference", "price"), [(Reference.FILL, "63"), (Reference.FIRST_FILL, "70")])
def test_the_average_entry_moves_with_a_rung_and_the_first_fill_does_not(reference: Reference, price: str) -> None:
    rule = on(0, long(0.25, stop_loss=0.3, scale_in=[(-0.2, 0.2)], reference=reference))
    outcome = play("100, 100 100 80 80, 80 80 60 60", rule)
    assert fills(outcome) == f"1 buy 2.5 @ 100 entry, 1 buy 2.5 @ 80 scale_in, 2 sell 5 @ {price} stop"


@pytest.mark.parametrize(
    ("stop_loss", "price"),
    [(0.05, "95"), (Price(93.5), "93.5"), (Times("range", 2.0), "92"), (Times("range", 0.5), "98")],
)
def test_a_level_is_a_fraction_a_price_or_times_a_series(stop_loss: float | Level, price: str) -> None:
    outcome = play("100, 100, 100 100 90 90", on(0, long(stop_loss=stop_loss)), series={"range": [4.0, 9.0, 9.0]})
    assert fills(outcome) == f"1 buy 10 @ 100 entry, 2 sell 10 @ {price} stop"


def test_a_target_at_times_a_series_lies_on_the_other_side() -> None:
    outcome = play("100, 100, 100 110 100 110", on(0, long(take_profit=[(Times("range", 2.0), 1.0)])), series={"range": [4.0, 9.0, 9.0]})
    assert fills(outcome) == "1 buy 10 @ 100 entry, 2 sell 10 @ 108 take_profit"


@pytest.mark.parametrize("value", [nan, -1.0])
def test_a_missing_or_negative_value_refuses_the_entry(value: float) -> None:
    outcome = play("100, 100, 100", when(ALWAYS, long(stop_loss=Times("range", 2.0))), series={"range": [value, 4.0, 4.0]})
    assert (refusals(outcome), decisions(outcome)) == ("1 level_missing", "0 -> 1, 1 -> 1")
    assert fills(outcome) == "2 buy 10 @ 100 entry"


def test_a_reversal_whose_entry_is_refused_still_closes() -> None:
    rules = on(0, long()), on(1, short(stop_loss=Times("range", 2.0)))
    outcome = play("100, 100, 100", *rules, series={"range": [nan, nan, nan]})
    assert (fills(outcome), refusals(outcome)) == ("1 buy 10 @ 100 entry, 2 sell 10 @ 100 reverse", "2 level_missing")


# Targets


def test_shares_are_of_the_largest_quantity_and_may_leave_a_runner() -> None:
    rule = on(0, long(take_profit=[(0.1, 0.5), (0.2, 0.25)]))
    assert fills(play("100, 100 120 100 120", rule)) == "1 buy 10 @ 100 entry, 1 sell 5 @ 110 take_profit, 1 sell 2.5 @ 120 take_profit"


def test_where_everything_is_shared_out_the_last_one_takes_all_that_is_left() -> None:
    rule = on(0, long(take_profit=[(0.3, 0.34), (0.1, 0.33), (0.2, 0.33)]))
    assert fills(play("100, 100 130 100 130", rule, lot=1)) == (
        "1 buy 10 @ 100 entry, 1 sell 3 @ 110 take_profit, 1 sell 3 @ 120 take_profit, 1 sell 4 @ 130 take_profit"
    )


def test_a_share_that_floors_to_nothing_is_spent() -> None:
    rule = on(0, long(take_profit=[(0.1, 0.05), (0.2, 0.5)]))
    assert fills(play("100, 100 120 100 120", rule, lot=1)) == "1 buy 10 @ 100 entry, 1 sell 5 @ 120 take_profit"


def test_a_targets_quantity_never_exceeds_the_position() -> None:
    rules = on(0, long(0.5, take_profit=[(0.2, 0.5)])), on(1, LEAVE)
    assert fills(play("100, 100 120 100 100, 100", *rules)) == "1 buy 5 @ 100 entry, 1 sell 2.5 @ 120 take_profit, 2 sell 2.5 @ 100 exit"


def test_the_first_target_cancels_the_rungs() -> None:
    rule = on(0, long(0.5, take_profit=[(0.1, 0.5)], scale_in=[(-0.1, 0.5)]))
    assert fills(play("100, 100 110 100 100, 100 100 90 90", rule)) == "1 buy 5 @ 100 entry, 1 sell 2.5 @ 110 take_profit"


def test_a_share_counts_what_rungs_have_added() -> None:
    rule = on(0, long(0.5, take_profit=[(0.1, 0.5)], scale_in=[(-0.2, 0.4)]))
    assert fills(play("100, 100 100 80 100, 90 99 90 99", rule)).endswith("2 sell 5 @ 99 take_profit")


def test_a_target_that_closes_a_part_leaves_the_standing_target() -> None:
    outcome = play("100, 100 110 100 100, 100", on(0, long(take_profit=[(0.1, 0.5)])), on(1, long()))
    assert decisions(outcome) == "0 -> 1"


# Trailing


def test_a_trailing_stop_follows_the_highs_of_completed_bars() -> None:
    outcome = play("100, 100 120 100 115, 115 115 105 110", on(0, long(trailing=0.1)))
    assert fills(outcome) == "1 buy 10 @ 100 entry, 2 sell 10 @ 108 trailing_stop"


def test_a_shorts_trailing_stop_follows_the_lows() -> None:
    outcome = play("100, 100 100 80 85, 85 95 85 95", on(0, short(trailing=0.1)))
    assert fills(outcome) == "1 sell 10 @ 100 entry, 2 buy 10 @ 88 trailing_stop"


def test_a_trailing_stop_never_moves_against_us() -> None:
    outcome = play("100, 100 120 100 115, 112 112 110 110, 110 110 100 100", on(0, long(trailing=0.1)))
    assert fills(outcome) == "1 buy 10 @ 100 entry, 3 sell 10 @ 108 trailing_stop"


def test_a_trailing_stop_is_live_from_the_fill() -> None:
    assert fills(play("100, 100 120 89 95", on(0, long(trailing=0.1)))) == "1 buy 10 @ 100 entry, 1 sell 10 @ 90 trailing_stop"


def test_the_high_of_a_bar_entered_inside_is_not_trailed() -> None:
    rule = on(0, long(0.8, limit=(-0.2, 1), trailing=0.1))
    assert fills(play("100, 100 120 80 80, 80 90 79 90, 90 90 80 80", rule)) == "1 buy 10 @ 80 entry, 3 sell 10 @ 81 trailing_stop"


def test_an_activation_waits_for_a_completed_bar_that_reached_it() -> None:
    rule = on(0, long(trailing=0.05, activation=0.1))
    outcome = play("100, 100 109 90 100, 100 110 90 106, 106 106 100 100", rule)
    assert fills(outcome) == "1 buy 10 @ 100 entry, 3 sell 10 @ 104.5 trailing_stop"


@pytest.mark.parametrize(("distance", "price"), [(Price(8.0), "112"), (Times("range", 2.0), "114")])
def test_a_trailing_distance_may_be_a_price_or_a_series(distance: Level, price: str) -> None:
    outcome = play("100, 100 120 100 118, 118 118 100 100", on(0, long(trailing=distance)), series={"range": [3.0, 9.0, 9.0]})
    assert fills(outcome) == f"1 buy 10 @ 100 entry, 2 sell 10 @ {price} trailing_stop"


@pytest.mark.parametrize(
    ("stop_loss", "reason"),
    [(0.1, "90 stop"), (0.05, "95 stop"), (0.15, "90 trailing_stop")],
)
def test_the_nearer_of_fixed_and_trailing_is_the_stop_and_an_equal_one_is_the_fixed(stop_loss: float, reason: str) -> None:
    outcome = play("100, 100 100 80 80", on(0, long(stop_loss=stop_loss, trailing=0.1)))
    assert fills(outcome) == f"1 buy 10 @ 100 entry, 1 sell 10 @ {reason}"


# Time, and the end of everything


@pytest.mark.parametrize(("bars", "leaves"), [(1, 2), (2, 3), (3, 4)])
def test_the_entry_bar_is_the_first_of_a_time_limit(bars: int, leaves: int) -> None:
    outcome = play("100, 100, 100, 100, 100", on(0, long(time_limit=bars)))
    assert fills(outcome) == f"1 buy 10 @ 100 entry, {leaves} sell 10 @ 100 time_limit"


def test_a_position_that_is_flat_has_no_rungs_and_no_targets() -> None:
    rule = on(0, long(0.5, stop_loss=0.05, scale_in=[(-0.1, 0.5)], take_profit=[(0.1, 1.0)]))
    assert fills(play("100, 100 100 80 100, 100 120 80 100", rule)) == "1 buy 5 @ 100 entry, 1 sell 5 @ 95 stop"
