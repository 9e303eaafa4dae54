"""S8 and S9: what counts as a trade and what it earned, and the switches that reproduce a published source."""

from __future__ import annotations

import pytest
from tests.oracle.miniature import LEAVE, aim, equity, fees, fills, long, on, plain, play, short

from assay.core.referee import Outcome


def trades(outcome: Outcome) -> str:
    """`direction quantity entry slice @ price > exit slice @ price reason = P&L`."""
    return ", ".join(
        f"{'long' if trade.direction > 0 else 'short'} {plain(trade.quantity)} {trade.entry_slice} @ {plain(trade.entry_price)}"
        f" > {trade.exit_slice} @ {plain(trade.exit_price)} {trade.reason.label} = {plain(trade.pnl)}"
        for trade in outcome.trades
    )


def test_a_round_trip_is_a_trade_net_of_fees() -> None:
    outcome = play("100, 100, 110", on(0, long()), on(1, LEAVE), fee_rate=0.25)
    assert trades(outcome) == "long 8 1 @ 100 > 2 @ 110 exit = -340"
    assert (plain(outcome.trades[0].fees), plain(outcome.trades[0].return_)) == ("420", "-0.425")


def test_a_short_that_falls_gains() -> None:
    assert trades(play("100, 100, 90", on(0, short()), on(1, LEAVE))) == "short 10 1 @ 100 > 2 @ 90 exit = 100"


def test_a_part_that_a_target_closed_is_a_trade_with_its_share_of_the_entry_fee() -> None:
    rules = on(0, long(take_profit=[(0.1, 0.25)])), on(1, LEAVE)
    outcome = play("100, 100 110 100 100, 100", *rules, fee_rate=0.25, maker_fee_rate=0)
    assert trades(outcome) == "long 2 1 @ 100 > 1 @ 110 take_profit = -30, long 6 1 @ 100 > 2 @ 100 exit = -300"


def test_targets_of_one_bar_are_one_trade() -> None:
    outcome = play("100, 100 120 100 100", on(0, long(take_profit=[(0.1, 0.5), (0.2, 0.5)])))
    assert trades(outcome) == "long 10 1 @ 100 > 1 @ 115 take_profit = 150"


def test_two_round_trips_that_end_in_one_bar_for_one_reason_are_two_trades() -> None:
    outcome = play("100, 100, 90 100 90 95", on(0, long(stop_loss=0.05)), on(1, short(stop_loss=0.05)))
    assert trades(outcome) == "long 10 1 @ 100 > 2 @ 90 stop = -100, short 10 2 @ 90 > 2 @ 94.5 stop = -45"


def test_a_resize_that_decreases_is_a_trade() -> None:
    outcome = play("100, 100, 100, 100", on(0, aim(0.8)), on(1, aim(0.2)), on(2, aim(0.0)))
    assert trades(outcome) == "long 6 1 @ 100 > 2 @ 100 resize = 0, long 2 1 @ 100 > 3 @ 100 exit = 0"


def test_the_entry_price_is_the_average_and_the_entry_slice_the_first() -> None:
    outcome = play("100, 100 100 80 80, 90", on(0, long(0.5, scale_in=[(-0.2, 0.4)])), on(1, LEAVE))
    assert trades(outcome) == "long 10 1 @ 90 > 2 @ 90 exit = 0"


def test_funding_is_charged_by_the_part_that_leaves() -> None:
    rules = on(0, aim(0.8)), on(2, aim(0.2)), on(3, LEAVE)
    outcome = play({"test:A/B:B": "100, 100, 100, 100, 100"}, *rules, funding=[(2, 0.01)])
    assert [plain(trade.funding) for trade in outcome.trades] == ["6.016", "1.984"]
    assert trades(outcome).endswith("= -1.984")


def test_what_is_open_at_the_end_is_a_position_and_no_trade() -> None:
    outcome = play("100, 100, 120", on(0, long()))
    assert (outcome.trades, plain(outcome.positions[0].quantity), equity(outcome)) == ([], "10", "1000 1000 1200")


# Conventions


def test_backtesting_py_trades_whole_units() -> None:
    assert fills(play("100, 300", on(0, long()), convention="backtesting.py")) == "1 buy 3 @ 300 entry"
    assert fills(play("100, 300", on(0, long()), convention="backtesting.py", lot=0.5)) == "1 buy 3 @ 300 entry"


def test_finalize_closes_at_the_open_of_the_last_bar() -> None:
    outcome = play("100, 100, 110 130 110 120", on(0, long()), convention="backtesting.py-finalize")
    assert trades(outcome) == "long 10 1 @ 100 > 2 @ 110 finalize = 100"
    assert equity(outcome) == "1000 1000 1100"


def test_the_readmes_fee_is_in_the_entry_price_alone() -> None:
    outcome = play("100, 100, 100", on(0, long()), on(1, LEAVE), convention="backtesting.py-readme", fee_rate=0.25)
    assert fills(outcome) == "1 buy 8 @ 125 entry, 2 sell 8 @ 100 exit"
    assert (fees(outcome), equity(outcome)) == ("0 0", "1000 800 800")


def test_a_convention_that_is_not_built_says_so() -> None:
    with pytest.raises(NotImplementedError, match="freqtrade"):
        play("100", convention="freqtrade")
