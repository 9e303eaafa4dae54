"""S1: who may know what when, and which bars count."""

from __future__ import annotations

from tests.oracle.miniature import DAY_NS, LEAVE, decisions, equity, fills, long, on, play, short

from assay.core.referee.tape import closed_at


def test_a_decision_fills_at_the_next_open() -> None:
    assert fills(play("80, 100 120 90 110", on(0, long()))) == "1 buy 10 @ 100 entry"


def test_a_decision_at_the_last_close_is_recorded_and_fills_nothing() -> None:
    outcome = play("100, 100", on(1, long()))
    assert (decisions(outcome), fills(outcome)) == ("1 -> 1", "")


def test_nothing_is_decided_and_no_equity_taken_before_the_first_slice_that_opens_at_or_after_the_start() -> None:
    rules = on(1, long()), on(2, short())
    outcome = play("100, 100, 110, 100", *rules, start=2)
    assert (decisions(outcome), fills(outcome), equity(outcome)) == ("2 -> -1", "3 sell 10 @ 100 entry", "1000 1000")


def test_a_start_inside_a_bar_waits_for_the_next_one() -> None:
    assert decisions(play("100, 100, 100", on(1, long()), on(2, short()), start=1.5)) == "2 -> -1"


def test_an_instrument_without_a_bar_fills_at_its_next_one() -> None:
    market = {"test:A": "100, ., 50", "test:B": "100, 100, 100"}
    assert fills(play(market, on(0, long(0.5)))) == "1 buy 5 B @ 100 entry, 2 buy 10 A @ 50 entry"


def test_an_instrument_without_a_bar_is_marked_at_its_last_close() -> None:
    market = {"test:A": "100, 100 110 100 110, ., 100", "test:B": "1, 1, 1, 1"}
    assert equity(play(market, on(0, long(), instrument=0))) == "1000 1100 1100 1000"


def test_bars_without_data_do_not_count_for_a_time_limit() -> None:
    market = {"test:A": "100, 100, ., 100, 100", "test:B": "1, 1, 1, 1, 1"}
    outcome = play(market, on(0, long(time_limit=2), instrument=0))
    assert fills(outcome) == "1 buy 10 A @ 100 entry, 4 sell 10 A @ 100 time_limit"


def test_a_month_closes_when_the_next_begins() -> None:
    january = closed_at(0, 30 * DAY_NS)
    assert (january // DAY_NS, (closed_at(january, 30 * DAY_NS) - january) // DAY_NS) == (31, 28)


# Finer bars: two half days to a deciding day


def test_finer_bars_match_while_deciding_bars_decide() -> None:
    outcome = play("100, 100", on(0, long()), fine="100, 99, 101, 102")
    assert (decisions(outcome), fills(outcome)) == ("1 -> 1", "2 buy 9.90099 @ 101 entry")


def test_a_finer_bar_says_that_the_target_came_first() -> None:
    rule = on(0, long(stop_loss=0.05, take_profit=[(0.05, 1.0)]))
    coarse = play("100, 100 106 94 100", rule)
    fine = play("100, 100 106 94 100", rule, fine="100, 100, 100 106 100 106, 106 106 94 100")
    assert (fills(coarse), fills(fine)) == (
        "1 buy 10 @ 100 entry, 1 sell 10 @ 95 stop",
        "2 buy 10 @ 100 entry, 2 sell 10 @ 105 take_profit",
    )


def test_time_limits_count_deciding_bars() -> None:
    outcome = play("100, 100, 100", on(0, long(time_limit=1)), fine="100, 100, 100, 100, 100, 100")
    assert fills(outcome) == "2 buy 10 @ 100 entry, 4 sell 10 @ 100 time_limit"


def test_a_limit_lives_deciding_bars() -> None:
    outcome = play("100, 100 100 90 100, 100 100 90 100", on(0, long(limit=(-0.05, 1))), fine="100, 100, 100, 100 100 90 100, 100, 100")
    assert fills(outcome) == "3 buy 10.526316 @ 95 entry"


def test_a_deciding_bar_closes_with_the_last_finer_bar_that_is_there() -> None:
    assert fills(play("100, 100, 100", on(0, long()), on(1, LEAVE), fine="100, ., 100, 100, 100, 100")) == (
        "1 buy 10 @ 100 entry, 3 sell 10 @ 100 exit"
    )
