"""S2.10: a thin market fills a part; what becomes of the rest. The cap is a tenth, so a volume of 30 fills 3."""

from __future__ import annotations

import pytest
from tests.oracle.miniature import LEAVE, decisions, fills, long, on, play, refusals, short

from assay.core.domain.errors import AccountError

THIN = "100 100 100 100 30"
DRY = "100 100 100 100 0"


def test_the_rest_of_an_entry_goes_on_at_the_next_opens() -> None:
    outcome = play(f"100, {THIN}, {THIN}, {THIN}, {THIN}", on(0, long()), volume_cap=0.1)
    assert fills(outcome) == "1 buy 3 @ 100 entry, 2 buy 3 @ 100 entry, 3 buy 3 @ 100 entry, 4 buy 1 @ 100 entry"


def test_the_quantity_is_fixed_at_the_first_fill() -> None:
    assert fills(play(f"100, {THIN}, 50", on(0, long()), volume_cap=0.1)) == "1 buy 3 @ 100 entry, 2 buy 7 @ 50 entry"


def test_the_cap_is_whole_lots() -> None:
    outcome = play("100, 100 100 100 100 35, 100", on(0, long()), volume_cap=0.1, lot=2)
    assert fills(outcome) == "1 buy 2 @ 100 entry, 2 buy 8 @ 100 entry"


def test_the_rest_of_a_stop_leaves_at_the_next_open_as_a_stop() -> None:
    outcome = play("100, 100, 100 100 90 90 30, 97 97 97 97 30, 99", on(0, long(stop_loss=0.05)), volume_cap=0.1)
    assert fills(outcome) == "1 buy 10 @ 100 entry, 2 sell 3 @ 95 stop, 3 sell 3 @ 97 stop, 4 sell 4 @ 99 stop"


def test_a_stop_touched_in_a_dry_market_leaves_at_the_next_open() -> None:
    outcome = play("100, 100, 100 100 90 92 0, 97", on(0, long(stop_loss=0.05)), volume_cap=0.1)
    assert fills(outcome) == "1 buy 10 @ 100 entry, 3 sell 10 @ 97 stop"


def test_the_rest_of_a_target_stays_at_its_level() -> None:
    outcome = play("100, 100, 100 110 100 105 30, 105 112 105 110", on(0, long(take_profit=[(0.1, 1.0)])), volume_cap=0.1)
    assert fills(outcome) == "1 buy 10 @ 100 entry, 2 sell 3 @ 110 take_profit, 3 sell 7 @ 110 take_profit"


def test_the_rest_of_a_limit_stays_at_its_level() -> None:
    outcome = play("100, 100 100 90 95 30, 95 95 89 95", on(0, long(0.9, limit=(-0.1, 5))), volume_cap=0.1)
    assert fills(outcome) == "1 buy 3 @ 90 entry, 2 buy 7 @ 90 entry"


def test_a_limit_that_filled_in_part_keeps_its_standing_target_when_it_expires() -> None:
    outcome = play("100, 100 100 90 95 30, 95 95 89 95", on(0, long(0.9, limit=(-0.1, 1))), on(2, long()), volume_cap=0.1)
    assert (fills(outcome), decisions(outcome)) == ("1 buy 3 @ 90 entry", "0 -> 0.9")


def test_the_rest_of_an_adverse_rung_stays_and_that_of_a_favorable_one_goes_on_at_the_open() -> None:
    adverse = play("100, 100, 100 100 80 90 20, 90 90 80 90", on(0, long(0.5, scale_in=[(-0.2, 0.4)])), volume_cap=0.1)
    assert fills(adverse) == "1 buy 5 @ 100 entry, 2 buy 2 @ 80 scale_in, 3 buy 3 @ 80 scale_in"
    favorable = play("100, 100, 100 125 100 120 20, 115", on(0, long(0.5, scale_in=[(0.25, 0.5)])), volume_cap=0.1)
    assert fills(favorable) == "1 buy 5 @ 100 entry, 2 buy 2 @ 125 scale_in, 3 buy 2 @ 115 scale_in"


def test_each_of_several_favorable_rungs_keeps_a_rest_of_its_own() -> None:
    rules = on(0, long(0.5, scale_in=[(0.4, 0.25), (0.25, 0.25)]))
    outcome = play("100, 100, 100 140 100 140 10, 125 125 125 125 10, 125", rules, leverage=2, volume_cap=0.1)
    assert fills(outcome) == (
        "1 buy 5 @ 100 entry, 2 buy 1 @ 125 scale_in, 3 buy 1 @ 125 scale_in, 4 buy 1.25 @ 125 scale_in, 4 buy 1 @ 125 scale_in"
    )


def test_a_liquidation_is_exempt() -> None:
    outcome = play("100, 100, 100 100 40 50 30", on(0, long(2.0)), leverage=2, maintenance_margin_rate=0, volume_cap=0.1)
    assert fills(outcome) == "1 buy 20 @ 100 entry, 2 sell 20 @ 50 liquidation"


def test_in_a_dry_market_nothing_is_tried() -> None:
    outcome = play(f"100, {DRY}, 50", on(0, long()), volume_cap=0.1)
    assert (fills(outcome), refusals(outcome)) == ("2 buy 20 @ 50 entry", "")


def test_a_newer_decision_cancels_the_rest_of_an_entry() -> None:
    outcome = play(f"100, {THIN}, 100, 100", on(0, long()), on(1, LEAVE), volume_cap=0.1)
    assert fills(outcome) == "1 buy 3 @ 100 entry, 2 sell 3 @ 100 exit"


def test_a_reversal_enters_once_the_close_is_complete() -> None:
    outcome = play(f"100, 100, {THIN}, {THIN}, 100", on(0, long()), on(1, short()), volume_cap=0.1)
    assert fills(outcome) == (
        "1 buy 10 @ 100 entry, 2 sell 3 @ 100 reverse, 3 sell 3 @ 100 reverse, 4 sell 4 @ 100 reverse, 4 sell 10 @ 100 entry"
    )


def test_all_orders_of_an_instrument_share_the_cap_in_order() -> None:
    outcome = play("100, 100, 100 100 100 100 150", on(0, long()), on(1, short()), volume_cap=0.1)
    assert fills(outcome) == "1 buy 10 @ 100 entry, 2 sell 10 @ 100 reverse, 2 sell 5 @ 100 entry"


def test_what_is_beyond_the_cap_by_a_rounding_is_within_it() -> None:
    outcome = play("300, 300 300 300 300 33.33333333333333, 300", on(0, long()), volume_cap=0.1)
    assert fills(outcome) == "1 buy 3.333333 @ 300 entry"


def test_a_position_that_leaves_takes_the_rest_of_its_entry_along() -> None:
    outcome = play(f"100, {THIN}, 90 90 90 90, 100", on(0, long(stop_loss=0.05)), volume_cap=0.1)
    assert fills(outcome) == "1 buy 3 @ 100 entry, 2 sell 3 @ 90 stop"


def test_while_an_exit_has_a_rest_only_liquidation_is_live() -> None:
    rules = on(0, long(scale_in=[(-0.1, 0.5)], take_profit=[(0.1, 1.0)])), on(1, LEAVE)
    outcome = play("100, 100, 100 120 85 100 35, 100", *rules, volume_cap=0.1, lot=1)
    assert fills(outcome) == "1 buy 10 @ 100 entry, 2 sell 3 @ 100 exit, 3 sell 7 @ 100 exit"


def test_a_cap_on_data_without_volume_is_refused() -> None:
    with pytest.raises(AccountError, match="no volume"):
        play("100, 100", on(0, long()), volume_cap=0.1, has_volume=False)
