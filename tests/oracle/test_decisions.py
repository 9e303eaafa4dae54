"""S6: which rule decides, what the standing target becomes, and which orders follow."""

from __future__ import annotations

from math import nan

from tests.oracle.miniature import ALWAYS, HALT, LEAVE, aim, decisions, fills, long, on, play, refusals, short, when

from assay.core.strategy.document import Action, Compare, Comparison, Name, Then

FALLEN = Comparison(Name("close"), Compare.BELOW, 95.0)
UNKNOWN = Comparison(Name("gone"), Compare.BELOW, 95.0)
GONE = {"gone": [nan, nan]}


def test_the_rule_of_the_lowest_priority_number_decides() -> None:
    assert decisions(play("100, 100", on(0, long(), priority=5), on(0, short(), priority=1))) == "0 -> -1"


def test_at_equal_priority_exits_decide_before_entries() -> None:
    assert decisions(play("100, 100, 100", on(0, long()), on(1, short()), on(1, LEAVE))) == "0 -> 1, 1 -> 0"


def test_a_rule_that_would_change_nothing_leaves_the_decision_to_the_next() -> None:
    assert decisions(play("100, 100, 100", when(ALWAYS, LEAVE, priority=1), when(ALWAYS, long()))) == "0 -> 1, 1 -> 0, 2 -> 1"


def test_the_number_of_the_rule_is_its_place_in_running_order() -> None:
    outcome = play("100, 100, 100", on(0, long()), on(1, LEAVE))
    assert [decision.rule for decision in outcome.decisions] == [1, 0]


def test_an_entry_in_the_direction_that_stands_does_nothing() -> None:
    assert decisions(play("100, 100, 100", when(ALWAYS, long(0.5)))) == "0 -> 0.5"


def test_a_target_that_stands_is_not_rebalanced() -> None:
    assert fills(play("100, 100, 150, 50", when(ALWAYS, aim(0.5)))) == "1 buy 5 @ 100 entry"


def test_exits_by_direction_leave_that_direction_alone() -> None:
    leave_short, leave_long = Then(Action.EXIT_SHORT), Then(Action.EXIT_LONG)
    assert decisions(play("100, 100, 100, 100", on(0, long()), on(1, leave_short), on(2, leave_long))) == "0 -> 1, 2 -> 0"
    assert decisions(play("100, 100, 100, 100", on(0, short()), on(1, leave_long), on(2, leave_short))) == "0 -> -1, 2 -> 0"


def test_a_veto_that_holds_forbids_and_an_unknown_one_does_not() -> None:
    assert decisions(play("90, 100, 100", when(ALWAYS, long(), FALLEN))) == "1 -> 1"
    assert decisions(play("100, 100", when(ALWAYS, long(), UNKNOWN), series=GONE)) == "0 -> 1"


def test_an_unknown_condition_does_not_fire() -> None:
    assert decisions(play("100, 100", when(UNKNOWN, long()), series=GONE)) == ""


# Orders


def test_a_limits_offset_is_signed_as_our_gain() -> None:
    below = play("100, 100 110 90 100", on(0, long(0.9, limit=(-0.1, 1))))
    above = play("100, 100 125 90 100", on(0, short(limit=(-0.25, 1))))
    assert (fills(below), fills(above)) == ("1 buy 10 @ 90 entry", "1 sell 8 @ 125 entry")


def test_a_limit_expires_after_its_bars_and_leaves_us_flat_to_decide_again() -> None:
    outcome = play("100, 100, 100, 100 100 50 100", when(ALWAYS, long(0.5, limit=(-0.5, 2))))
    assert (decisions(outcome), fills(outcome)) == ("0 -> 0.5, 2 -> 0.5", "3 buy 10 @ 50 entry")


def test_a_newer_decision_cancels_a_resting_limit() -> None:
    outcome = play("100, 100, 100 100 90 100", on(0, long(limit=(-0.05, 5))), on(1, short()))
    assert fills(outcome) == "2 sell 10 @ 100 entry"


def test_a_decision_for_nothing_cancels_a_resting_limit() -> None:
    outcome = play("100, 100, 100 100 90 100", on(0, long(limit=(-0.05, 5))), on(1, LEAVE))
    assert (fills(outcome), decisions(outcome)) == ("", "0 -> 1, 1 -> 0")


def test_a_reversal_with_a_limit_closes_at_the_market() -> None:
    outcome = play("100, 100, 100 125 100 100", on(0, long()), on(1, short(limit=(-0.25, 1))))
    assert fills(outcome) == "1 buy 10 @ 100 entry, 2 sell 10 @ 100 reverse, 2 sell 8 @ 125 entry"


def test_a_target_where_nothing_is_held_is_an_entry() -> None:
    assert fills(play("100, 100", on(0, aim(-0.5)))) == "1 sell 5 @ 100 entry"


def test_a_target_of_nothing_is_an_exit() -> None:
    assert fills(play("100, 100, 100", on(0, aim(0.5)), on(1, aim(0.0)))) == "1 buy 5 @ 100 entry, 2 sell 5 @ 100 exit"


def test_a_target_across_is_a_reversal() -> None:
    outcome = play("100, 100, 100", on(0, aim(0.5)), on(1, aim(-0.2)))
    assert fills(outcome) == "1 buy 5 @ 100 entry, 2 sell 5 @ 100 reverse, 2 sell 2 @ 100 entry"


def test_after_a_stop_nothing_stands_and_the_same_rule_enters_again() -> None:
    outcome = play("100, 100 100 90 100, 100", when(ALWAYS, long(stop_loss=0.05)))
    assert decisions(outcome) == "0 -> 1, 1 -> 1"
    assert fills(outcome) == "1 buy 10 @ 100 entry, 1 sell 10 @ 95 stop, 2 buy 9.5 @ 100 entry"


def test_after_a_time_limit_nothing_stands() -> None:
    assert decisions(play("100, 100, 100, 100", when(ALWAYS, long(time_limit=1)))) == "0 -> 1, 2 -> 1"


def test_a_pending_exit_keeps_its_reason_when_a_reversal_follows() -> None:
    outcome = play("100, 100, 100", on(0, long(time_limit=1)), on(1, short()))
    assert fills(outcome) == "1 buy 10 @ 100 entry, 2 sell 10 @ 100 time_limit, 2 sell 10 @ 100 entry"
    assert decisions(outcome) == "0 -> 1, 1 -> -1"


# Halt


def test_halt_refuses_entries() -> None:
    outcome = play("100, 100, 100", on(0, HALT), on(1, long()))
    assert (decisions(outcome), refusals(outcome), fills(outcome)) == ("0 -> 0, 1 -> 0", "1 halted", "")


def test_halt_turns_a_reversal_into_an_exit() -> None:
    outcome = play("100, 100, 100, 100", on(0, long()), on(1, HALT), on(2, short()))
    assert (fills(outcome), decisions(outcome)) == ("1 buy 10 @ 100 entry, 3 sell 10 @ 100 exit", "0 -> 1, 1 -> 1, 2 -> 0")


def test_halt_is_decided_once_and_for_all_instruments() -> None:
    market = {"test:A": "100, 100, 100", "test:B": "100, 100, 100"}
    outcome = play(market, when(ALWAYS, HALT), on(0, long(), instrument=1))
    assert (decisions(outcome), refusals(outcome)) == ("0 -> 0, 0 -> 0", "0 halted")


def test_halt_cancels_what_is_pending() -> None:
    outcome = play("100, 100, 100 100 90 100", on(0, long(limit=(-0.05, 5))), on(1, HALT))
    assert (fills(outcome), decisions(outcome)) == ("", "0 -> 1, 1 -> 0")


def test_halt_leaves_bracket_and_rungs_to_what_is_held() -> None:
    rules = on(0, long(0.5, scale_in=[(-0.2, 0.4)], stop_loss=0.5)), on(1, HALT)
    assert fills(play("100, 100, 100 100 80 80, 40", *rules)) == ("1 buy 5 @ 100 entry, 2 buy 5 @ 80 scale_in, 3 sell 10 @ 40 stop")


def test_a_target_under_halt_counts_as_an_entry() -> None:
    outcome = play("100, 100, 100, 100", on(0, aim(0.5)), on(1, HALT), on(2, aim(0.2)))
    assert (refusals(outcome), fills(outcome)) == ("2 halted", "1 buy 5 @ 100 entry")


def test_an_account_without_equity_halts_and_flattens() -> None:
    market = {"test:A": "100, 100, 100 100 50 50, 50", "test:B": "100, 100, 100 149.9 100 149.9, 120"}
    rules = on(0, long(), 0), on(0, short(), 1), on(2, long(), 0)
    outcome = play(market, *rules, leverage=2, maintenance_margin_rate=0, liquidation_fee_rate=0.01)
    assert fills(outcome) == ("1 buy 10 A @ 100 entry, 1 sell 10 B @ 100 entry, 2 sell 10 A @ 50 liquidation, 3 buy 10 B @ 120 halt")
    assert refusals(outcome) == "2 halted"


def test_equity_of_a_billionth_of_the_cash_is_none() -> None:
    rules = on(0, long(2.0))
    outcome = play("100, 100, 100 100 50.00000002 50.00000002, 50.00000002", rules, leverage=2, maintenance_margin_rate=0)
    assert fills(outcome) == "1 buy 20 @ 100 entry, 3 sell 20 @ 50 halt"
