"""S4: what a bar's low and high do when nobody knows which came first."""

from __future__ import annotations

import pytest
from tests.oracle.miniature import fills, long, on, play, short

from assay.core.strategy.document import Price, Reference

WILD = "100 110 90 100"


def test_what_is_worse_for_us_came_first() -> None:
    buy, sell = (enter(stop_loss=0.05, take_profit=[(0.05, 1.0)]) for enter in (long, short))
    assert fills(play(f"100, 100, {WILD}", on(0, buy))) == "1 buy 10 @ 100 entry, 2 sell 10 @ 95 stop"
    assert fills(play(f"100, 100, {WILD}", on(0, sell))) == "1 sell 10 @ 100 entry, 2 buy 10 @ 105 stop"


@pytest.mark.parametrize(
    ("bar", "exit_"),
    [("100 104 95 100", "sell 10 @ 95 stop"), ("100 105 96 100", "sell 10 @ 105 take_profit")],
)
def test_the_bracket_is_live_in_the_bar_of_an_entry_at_its_open(bar: str, exit_: str) -> None:
    rule = on(0, long(stop_loss=0.05, take_profit=[(0.05, 1.0)]))
    assert fills(play(f"100, {bar}", rule)) == f"1 buy 10 @ 100 entry, 1 {exit_}"


def test_a_level_that_is_not_touched_does_nothing() -> None:
    rule = on(0, long(stop_loss=0.05, take_profit=[(0.05, 1.0)]))
    assert fills(play("100, 100 104.99 95.01 100", rule)) == "1 buy 10 @ 100 entry"


def test_a_rung_fills_and_the_stop_moves_with_the_average() -> None:
    rule = on(0, long(0.5, stop_loss=0.1, scale_in=[(-0.05, 0.5)]))
    assert fills(play("100, 100 100 89 90", rule)) == "1 buy 5 @ 100 entry, 1 buy 5.263158 @ 95 scale_in"
    assert fills(play("100, 100 100 87 90", rule)) == (
        "1 buy 5 @ 100 entry, 1 buy 5.263158 @ 95 scale_in, 1 sell 10.263158 @ 87.692308 stop"
    )


def test_a_shorts_rung_and_stop_are_the_mirror() -> None:
    rule = on(0, short(0.5, stop_loss=0.1, scale_in=[(-0.25, 0.5)], reference=Reference.FIRST_FILL))
    assert fills(play("100, 100 109 100 100, 125", rule)) == "1 sell 5 @ 100 entry, 2 buy 5 @ 125 stop"
    near = on(0, short(0.5, stop_loss=0.5, scale_in=[(-0.25, 0.5)], reference=Reference.FIRST_FILL))
    assert fills(play("100, 100 150 100 100", near)) == "1 sell 5 @ 100 entry, 1 sell 4 @ 125 scale_in, 1 buy 9 @ 150 stop"


def test_at_a_tie_the_rung_fills_before_the_stop() -> None:
    rule = on(0, long(0.5, stop_loss=0.2, scale_in=[(-0.2, 0.4)], reference=Reference.FIRST_FILL))
    assert fills(play("100, 100 100 80 90", rule)) == "1 buy 5 @ 100 entry, 1 buy 5 @ 80 scale_in, 1 sell 10 @ 80 stop"


def test_rungs_fill_in_the_order_of_their_levels() -> None:
    rule = on(0, long(0.25, scale_in=[(-0.5, 0.25), (-0.2, 0.2)]))
    assert fills(play("100, 100 100 50 90", rule)) == "1 buy 2.5 @ 100 entry, 1 buy 2.5 @ 80 scale_in, 1 buy 5 @ 50 scale_in"


def test_a_rung_that_gapped_fills_at_the_open() -> None:
    rule = on(0, long(0.5, scale_in=[(-0.05, 0.36)]))
    assert fills(play("100, 100, 90", rule)) == "1 buy 5 @ 100 entry, 2 buy 3.8 @ 90 scale_in"


def test_a_stop_beyond_the_open_of_its_entry_fills_where_the_path_stands() -> None:
    assert fills(play("100, 100", on(0, long(stop_loss=Price(105.0))))) == "1 buy 10 @ 100 entry, 1 sell 10 @ 100 stop"


def test_a_stop_fills_at_the_price_of_the_limit_it_lies_above() -> None:
    rule = on(0, long(0.9, limit=(-0.1, 1), stop_loss=Price(95.0)))
    assert fills(play("100, 100 100 89 100", rule)) == "1 buy 10 @ 90 entry, 1 sell 10 @ 90 stop"


def test_no_target_fills_in_the_bar_of_a_rung() -> None:
    rule = on(0, long(0.5, scale_in=[(-0.2, 0.4)], take_profit=[(0.1, 1.0)]))
    assert fills(play("100, 100 120 80 100, 90 99 90 90", rule)) == (
        "1 buy 5 @ 100 entry, 1 buy 5 @ 80 scale_in, 2 sell 10 @ 99 take_profit"
    )


def test_targets_fill_nearest_first_and_several_in_a_bar() -> None:
    rule = on(0, long(take_profit=[(0.1, 0.4), (0.05, 0.6)]))
    assert fills(play("100, 100 110 100 100", rule)) == "1 buy 10 @ 100 entry, 1 sell 6 @ 105 take_profit, 1 sell 4 @ 110 take_profit"


def test_a_target_below_the_open_of_its_entry_fills_at_the_open() -> None:
    assert fills(play("100, 100", on(0, long(take_profit=[(Price(95.0), 1.0)])))) == "1 buy 10 @ 100 entry, 1 sell 10 @ 100 take_profit"


@pytest.mark.parametrize(("bar", "fill"), [("100 125 100 100", "buy 3.2 @ 125"), ("150 150 150 150", "buy 3.333333 @ 150")])
def test_a_favorable_rung_is_a_stop_entry_at_the_worse_of_level_and_open(bar: str, fill: str) -> None:
    assert fills(play(f"100, 100, {bar}", on(0, long(0.5, scale_in=[(0.25, 0.4)])))) == f"1 buy 5 @ 100 entry, 2 {fill} scale_in"


def test_at_a_tie_the_target_comes_before_the_favorable_rung_and_cancels_it() -> None:
    rule = on(0, long(0.5, scale_in=[(0.1, 0.5)], take_profit=[(0.1, 0.4)]))
    assert fills(play("100, 100 120 100 100", rule)) == "1 buy 5 @ 100 entry, 1 sell 2 @ 110 take_profit"


def test_after_an_entry_inside_the_bar_its_high_is_not_ours() -> None:
    rule = on(0, long(0.8, limit=(-0.2, 1), take_profit=[(0.1, 1.0)]))
    assert fills(play("100, 100 120 80 80, 80 90 80 80", rule)) == "1 buy 10 @ 80 entry, 2 sell 10 @ 88 take_profit"


def test_after_an_entry_inside_the_bar_the_rest_of_its_low_is() -> None:
    rule = on(0, long(0.4, limit=(-0.2, 1), scale_in=[(-0.5, 0.2)], stop_loss=0.75, reference=Reference.FIRST_FILL))
    assert fills(play("100, 100 100 20 20", rule)) == "1 buy 5 @ 80 entry, 1 buy 5 @ 40 scale_in, 1 sell 10 @ 20 stop"


def test_a_limit_to_sell_fills_on_the_way_up() -> None:
    assert fills(play("100, 100 125 100 100", on(0, short(limit=(-0.25, 1))))) == "1 sell 8 @ 125 entry"


def test_instruments_walk_their_bars_in_universe_order() -> None:
    market = {"test:A": "100, 100 100 80 100", "test:B": "100, 100 100 80 100"}
    assert fills(play(market, on(0, long(0.5, stop_loss=0.1)))) == (
        "1 buy 5 A @ 100 entry, 1 buy 5 B @ 100 entry, 1 sell 5 A @ 90 stop, 1 sell 5 B @ 90 stop"
    )
