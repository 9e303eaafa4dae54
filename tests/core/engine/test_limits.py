"""S10: what each limit forbids, from when and until when, told alike by the kernel and the referee."""

from __future__ import annotations

from typing import Any

import pytest
from tests.core.engine.limits_market import journal, told

from assay.core.domain.events import AccountMarked, Decided, EntryRefused, LimitReached
from assay.core.engine.trace import Trace

DAY = ", ".join(["100"] * 23)
"""All but one bar of a day."""


# S10.3 max_drawdown


def test_a_drawdown_that_is_reached_flattens_at_the_next_open_and_halts() -> None:
    assert told("100 L, 100, 90, 90, 90 L", limits={"max_drawdown": 0.1}) == (
        "1 buy 10 entry, 2 reached max_drawdown, 3 sell 10 halt, 4 refused by halted"
    )


def test_a_drawdown_just_short_of_the_limit_is_none() -> None:
    assert told("100 L, 100, 90.01, 90.01", limits={"max_drawdown": 0.1}) == "1 buy 10 entry"


def test_a_drawdown_is_measured_from_the_highest_mark() -> None:
    assert told("100 L, 100, 120, 108, 108", limits={"max_drawdown": 0.1}) == "1 buy 10 entry, 3 reached max_drawdown, 4 sell 10 halt"


def test_a_drawdown_is_measured_at_closes_only() -> None:
    assert told("100 L, 100, 80 X, 80", limits={"max_drawdown": 0.25}) == "1 buy 10 entry, 3 sell 10 exit"


def test_a_halt_by_drawdown_is_final() -> None:
    days = f"100 L, 100, 90, {DAY}, {DAY}, 100 L"
    assert told(days, limits={"max_drawdown": 0.1}).endswith("49 refused by halted")


def test_a_drawdown_cancels_what_waits() -> None:
    market = {"A": "100 L, 100, 70, 70, 70", "B": "100, 100 L, 110, 110, 100"}
    bracket = {"limit": {"offset": 0.0, "bars": 9}}
    assert told(market, limits={}, size=0.5, bracket=bracket) == "1 buy 5 A entry, 4 buy 4.25 B entry"
    assert told(market, limits={"max_drawdown": 0.1}, size=0.5, bracket=bracket) == (
        "1 buy 5 A entry, 2 reached max_drawdown, 3 sell 5 A halt"
    )


def test_a_pending_exit_keeps_its_reason_when_a_limit_flattens() -> None:
    assert told("100 L, 100, 100, 50, 50", limits={"max_drawdown": 0.1}, bracket={"time_limit": 3}) == (
        "1 buy 10 entry, 3 reached max_drawdown, 4 sell 10 time_limit"
    )


# S10.4 daily_loss


def test_a_daily_loss_flattens_and_forbids_entries_until_the_day_is_over() -> None:
    # The bar that closes at 24:00 belongs to the day that ends there.
    market = f"100 L, 100, 95, 95 L, {', '.join(['95'] * 19)}, 95 L, 95 L, 95"
    assert told(market, limits={"daily_loss": 0.05}) == (
        "1 buy 10 entry, 2 reached daily_loss, 3 sell 10 halt, 3 refused by daily_loss, 23 refused by daily_loss, 25 buy 10 entry"
    )


def test_a_daily_loss_is_measured_from_the_last_mark_of_the_day_before() -> None:
    market = f"100 L, {', '.join(['110'] * 23)}, 104.5, 104.5"
    assert told(market, limits={"daily_loss": 0.05}) == "1 buy 9.09091 entry, 24 reached daily_loss, 25 sell 9.09091 halt"


def test_a_slow_fall_over_days_is_no_daily_loss() -> None:
    market = f"100 L, {', '.join(['100'] * 23)}, {', '.join(['96'] * 24)}, 92.5, 92.5"
    assert told(market, limits={"daily_loss": 0.05}) == "1 buy 10 entry"


def test_a_daily_loss_of_the_first_day_is_measured_from_the_cash() -> None:
    assert told("100 L, 100, 110, 104.6, 94.5, 94.5", limits={"daily_loss": 0.055}).startswith("1 buy 10 entry, 4 reached daily_loss")


def test_a_daily_loss_turns_a_reversal_into_an_exit_and_refuses_nothing() -> None:
    assert told("100 L, 100, 90 S, 90, 90", limits={"daily_loss": 0.05}) == "1 buy 10 entry, 2 reached daily_loss, 3 sell 10 halt"


# S10.5 stop_after_losses

LOSSES = "100 L, 100 X, 90 L, 90 X, 80 L, 80, 80"


def test_losses_in_a_row_stop_entries_for_good() -> None:
    assert told(LOSSES, limits={"stop_after_losses": 2}) == (
        "1 buy 10 entry, 2 sell 10 exit, 3 buy 10 entry, 4 sell 10 exit, 4 refused by stop_after_losses"
    )


def test_a_gain_begins_the_count_anew() -> None:
    market = "100 L, 100 X, 90 L, 90 X, 95 L, 95 X, 90 L, 90"
    assert "refused" not in told(market, limits={"stop_after_losses": 2})


def test_a_round_trip_that_comes_to_nothing_begins_the_count_anew() -> None:
    market = "100 L, 100 X, 90 L, 90 X, 90 L, 90 X, 80 L, 80"
    assert "refused" not in told(market, limits={"stop_after_losses": 2})


def test_fees_make_a_loss() -> None:
    assert told("100 L, 100 X, 100 L", limits={"stop_after_losses": 1}, fee_rate=0.001).endswith("2 refused by stop_after_losses")


def test_a_part_that_gained_does_not_make_a_round_trip_two() -> None:
    market = "100 L, 100, 102, 80 L, 80"
    bracket = {"take_profit": [{"at": 0.02, "share": 0.5}], "stop_loss": 0.1}
    assert told(market, limits={"stop_after_losses": 1}, bracket=bracket) == (
        "1 buy 10 entry, 2 sell 5 take_profit, 3 sell 5 stop, 3 refused by stop_after_losses"
    )


def test_losses_of_all_instruments_are_one_row() -> None:
    market = {"A": "100 L, 100 X, 90, 90 L", "B": "100 L, 100 X, 90, 90"}
    assert told(market, limits={"stop_after_losses": 2}, size=0.5).endswith("3 refused A by stop_after_losses")


def test_what_closes_after_the_last_loss_does_not_take_it_back() -> None:
    market = {"A": "100 L, 100 X, 90, 90, 90 L", "B": "100 L, 100, 100 X, 120, 120"}
    assert told(market, limits={"stop_after_losses": 1}, size=0.5).endswith("3 sell 5 B exit, 4 refused A by stop_after_losses")


def test_stopping_after_losses_does_not_flatten() -> None:
    market = {"A": "100 L, 100 X, 90, 90", "B": "100 L, 100, 100, 100"}
    assert told(market, limits={"stop_after_losses": 1}, size=0.5) == "1 buy 5 A entry, 1 buy 5 B entry, 2 sell 5 A exit"


# S10.6 cooldown_bars


def test_a_cooldown_refuses_at_the_closes_of_the_bar_it_left_in_and_those_after() -> None:
    assert told("100 L, 100 X, 100 L, 100 L, 100 L, 100", limits={"cooldown_bars": 2}) == (
        "1 buy 10 entry, 2 sell 10 exit, 2 refused by cooldown_bars, 3 refused by cooldown_bars, 5 buy 10 entry"
    )


def test_a_stop_inside_the_bar_begins_a_cooldown_with_that_bar() -> None:
    assert told("100 L, 100, 90 L, 90 L, 90", limits={"cooldown_bars": 1}, bracket={"stop_loss": 0.05}) == (
        "1 buy 10 entry, 2 sell 10 stop, 2 refused by cooldown_bars, 4 buy 10 entry"
    )


def test_a_cooldown_counts_the_instruments_own_bars() -> None:
    market = {"A": "100 L, 100 X, 100, ., ., 100 L, 100 L, 100", "B": "100, 100, 100, 100, 100, 100, 100, 100"}
    assert told(market, limits={"cooldown_bars": 2}).endswith("5 refused A by cooldown_bars, 7 buy 10 A entry")


def test_a_cooldown_is_of_one_instrument() -> None:
    market = {"A": "100 L, 100 X, 100, 100", "B": "100, 100, 100 L, 100"}
    assert told(market, limits={"cooldown_bars": 5}).endswith("2 sell 10 A exit, 3 buy 10 B entry")


def test_a_reversal_neither_waits_for_a_cooldown_nor_begins_one() -> None:
    assert told("100 L, 100 S, 100 L, 100", limits={"cooldown_bars": 5}) == (
        "1 buy 10 entry, 2 sell 10 reverse, 2 sell 10 entry, 3 buy 10 reverse, 3 buy 10 entry"
    )


def test_a_cooldown_lets_what_was_decided_before_go_on() -> None:
    # The stop gaps at the very open at which the reversal's other half enters: it leaves us flat, and begins a cooldown.
    assert told("100 L, 100 S, 90 L, 90", limits={"cooldown_bars": 5}, bracket={"stop_loss": 0.05}) == (
        "1 buy 10 entry, 2 sell 10 stop, 2 sell 10 entry, 3 buy 10 reverse, 3 buy 10 entry"
    )


def test_a_cooldown_lets_what_is_held_be_resized() -> None:
    assert told("100 S, 100 L, 110 T, 110", limits={"cooldown_bars": 5}, size=0.5, bracket={"stop_loss": 0.05}) == (
        "1 sell 5 entry, 2 buy 5 stop, 2 buy 4.31818 entry, 3 sell 2.15909 resize"
    )


# S10.7 max_open_positions


def test_the_earlier_in_the_universe_takes_the_last_place() -> None:
    assert told({"A": "100 L, 100", "B": "100 L, 100"}, limits={"max_open_positions": 1}, size=0.5) == (
        "0 refused B by max_open_positions, 1 buy 5 A entry"
    )


def test_a_limit_entry_that_waits_takes_a_place() -> None:
    market = {"A": "100 L, 100, 100", "B": "100, 100 L, 100"}
    bracket = {"limit": {"offset": -0.5, "bars": 5}}
    assert told(market, limits={"max_open_positions": 1}, size=0.5, bracket=bracket) == "1 refused B by max_open_positions"


def test_a_position_that_is_being_closed_keeps_its_place_until_it_is_flat() -> None:
    market = {"A": "100 L, 100 X, 100, 100", "B": "100, 100 L, 100 L, 100"}
    assert told(market, limits={"max_open_positions": 1}, size=0.5) == (
        "1 buy 5 A entry, 1 refused B by max_open_positions, 2 sell 5 A exit, 3 buy 5 B entry"
    )


def test_a_reversal_keeps_its_place() -> None:
    market = {"A": "100 L, 100 S, 100", "B": "100, 100, 100"}
    assert told(market, limits={"max_open_positions": 1}, size=0.5).endswith("2 sell 5 A reverse, 2 sell 5 A entry")


def test_a_resize_and_a_rung_need_no_place() -> None:
    market = {"A": "100 L, 100 T, 100, 98, 98", "B": "100, 100, 100, 100, 100"}
    bracket = {"scale_in": [{"at": -0.01, "size": 0.1}]}
    assert told(market, limits={"max_open_positions": 1}, size=0.5, bracket=bracket) == (
        "1 buy 5 A entry, 2 sell 2.5 A resize, 3 buy 1.01531 A scale_in"
    )


# S10.8 safety_mode


def test_safety_mode_trades_without_leverage() -> None:
    assert told("100 L, 100", limits={"safety_mode": True}, size=3.0, leverage=5.0) == "1 buy 10 entry"


def test_safety_mode_holds_one_position() -> None:
    assert told({"A": "100 L, 100", "B": "100 L, 100"}, limits={"safety_mode": True, "max_open_positions": 2}, size=0.5) == (
        "0 refused B by max_open_positions, 1 buy 5 A entry"
    )


def test_safety_mode_gives_a_stop_to_what_enters_without() -> None:
    assert told("100 L, 100, 98", limits={"safety_mode": True}) == "1 buy 10 entry, 2 sell 10 stop"


def test_safety_mode_leaves_a_stop_that_there_is() -> None:
    assert told("100 L, 100, 98, 95", limits={"safety_mode": True}, size=0.25, bracket={"stop_loss": 0.05}).endswith("3 sell 2.5 stop")


@pytest.mark.parametrize(("own", "price"), [(None, 97.0), (0.1, 97.0), (0.01, 99.0)])
def test_safety_mode_stops_a_day_at_three_percent_or_at_the_documents_own(own: float | None, price: float) -> None:
    limits = {"safety_mode": True, "daily_loss": own}
    short_of = told(f"100 L, 100, {price + 0.01}", limits=limits, bracket={"stop_loss": 0.5})
    assert "reached" not in short_of
    assert told(f"100 L, 100, {price}", limits=limits, bracket={"stop_loss": 0.5}).endswith("2 reached daily_loss")


# S10.1 and what is told


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        ({"daily_loss": 0.05, "stop_after_losses": 1, "cooldown_bars": 9, "max_open_positions": 1}, "daily_loss"),
        ({"stop_after_losses": 1, "cooldown_bars": 9, "max_open_positions": 1}, "stop_after_losses"),
        ({"cooldown_bars": 9, "max_open_positions": 1}, "cooldown_bars"),
        ({"max_open_positions": 1}, "max_open_positions"),
    ],
)
def test_where_several_forbid_the_first_is_named(limits: dict[str, Any], named: str) -> None:
    market = {"A": "100 L, 100 X, 80, 80 S", "B": "100, 100, 100 L, 100"}
    if named == "max_open_positions":
        assert "refused A by max_open_positions" in told(market, limits=limits, size=0.5)
    else:
        assert f"3 refused A by {named}" in told(market, limits={**limits, "max_open_positions": 2}, size=0.5)


def test_an_order_against_a_limit_entry_that_waits_cancels_it_and_enters_nothing() -> None:
    # Flat after a gap stop, with the reversal's limit still waiting: a cooldown turns the next entry against it into an exit.
    bracket = {"stop_loss": 0.05, "limit": {"offset": -0.05, "bars": 9}}
    run = journal("100 L, 94, 94 S, 80 L, 80, 120", limits={"cooldown_bars": 5}, bracket=bracket)
    assert [(event.target) for event in run.read() if isinstance(event, Decided)] == [1.0, -1.0, 0.0]


def test_what_a_limit_did_is_an_event_behind_the_mark_and_before_the_decision() -> None:
    run = journal("100 L, 100, 90 L, 90 S", limits={"max_drawdown": 0.1})
    told_at_third = [event for event in run.read() if event.at.hour == 3]
    assert [type(event) for event in told_at_third] == [AccountMarked, LimitReached]
    told_at_fourth = [event for event in run.read() if event.at.hour == 4]
    assert EntryRefused(told_at_fourth[-2].at, "test:A", "halted") in told_at_fourth


def test_the_trace_says_which_limit_refused_and_from_when_all_is_halted() -> None:
    cooling = Trace(journal("100 L, 100 X, 100 L, 100, 100 L, 100", limits={"cooldown_bars": 1}))
    assert cooling.outcomes(0, 0, 6) == ["entered", "exited", "refused:cooldown_bars", "no_signal", "entered", "held"]
    halted = Trace(journal("100 L, 100, 90, 90, 90 L, 90", limits={"max_drawdown": 0.1}))
    assert halted.outcomes(0, 0, 6) == ["entered", "held", "halted", "halted", "halted", "halted"]
    lost = Trace(journal("100 L, 100, 90, 90, 90 L, 90", limits={"daily_loss": 0.1}))
    assert lost.outcomes(0, 0, 6) == ["entered", "held", "held", "no_signal", "refused:daily_loss", "no_signal"]
