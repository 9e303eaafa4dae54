"""What is a trade, and that nothing is lost between fills and trades (SIMULATION S8)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.results.scripted import carries, fills

from assay.core.domain.fills import Reason
from assay.core.results.columns import Fills
from assay.core.results.trades import Book, book


def shown(folded: Book) -> list[str]:
    trades = folded.trades
    return [
        f"{'long' if trades.direction[i] > 0 else 'short'} {trades.quantity[i]:g} "
        f"{trades.entry[i]} @ {trades.entry_price[i]:g} -> {trades.exit[i]} @ {trades.exit_price[i]:g} "
        f"{Reason(trades.reason[i]).label} {trades.pnl[i]:g}"
        for i in range(len(trades))
    ]


TABLE = {
    "a round trip is a trade": (
        """1 buy 2 @ 100 entry 0.2
           4 sell 2 @ 110 exit 0.3""",
        ["long 2 1 @ 100 -> 4 @ 110 exit 19.5"],
    ),
    "a short gains by falling": ("1 sell 2 @ 100 entry\n 4 buy 2 @ 90 stop", ["short 2 1 @ 100 -> 4 @ 90 stop 20"]),
    "a partial exit is a trade with its share of the entry fee": (
        """1 buy 4 @ 100 entry 0.4
           2 sell 1 @ 110 take_profit 0.1
           3 sell 3 @ 90 stop 0.3""",
        ["long 1 1 @ 100 -> 2 @ 110 take_profit 9.8", "long 3 1 @ 100 -> 3 @ 90 stop -30.6"],
    ),
    "the entry price is the average at the exit, the entry slice the first fill's": (
        """1 buy 1 @ 100 entry
           2 buy 1 @ 90 scale_in
           3 sell 2 @ 97 exit""",
        ["long 2 1 @ 95 -> 3 @ 97 exit 4"],
    ),
    "targets of one bar are one exit": (
        """1 buy 3 @ 100 entry
           2 sell 1 @ 110 take_profit
           2 sell 2 @ 113 take_profit""",
        ["long 3 1 @ 100 -> 2 @ 112 take_profit 36"],
    ),
    "a target and a stop of one bar are two": (
        """1 buy 2 @ 100 entry
           2 sell 1 @ 110 take_profit
           2 sell 1 @ 100 stop""",
        ["long 1 1 @ 100 -> 2 @ 110 take_profit 10", "long 1 1 @ 100 -> 2 @ 100 stop 0"],
    ),
    "a round trip ends a trade even where the next ends for the same reason in the same bar": (
        """1 buy 1 @ 100 entry
           2 sell 1 @ 110 take_profit
           2 buy 1 @ 110 entry
           2 sell 1 @ 120 take_profit""",
        ["long 1 1 @ 100 -> 2 @ 110 take_profit 10", "long 1 2 @ 110 -> 2 @ 120 take_profit 10"],
    ),
    "a rung between two targets of a bar is averaged in": (
        """1 buy 2 @ 100 entry
           2 sell 1 @ 110 resize
           2 buy 1 @ 80 scale_in
           2 sell 1 @ 110 resize
           3 sell 1 @ 90 exit""",
        ["long 2 1 @ 95 -> 2 @ 110 resize 30", "long 1 1 @ 90 -> 3 @ 90 exit 0"],
    ),
    "a fill across zero ends one trade and begins the next": (
        """1 buy 1 @ 100 entry
           2 sell 3 @ 110 reverse 0.3
           3 buy 2 @ 100 exit""",
        ["long 1 1 @ 100 -> 2 @ 110 reverse 9.9", "short 2 2 @ 110 -> 3 @ 100 exit 19.8"],
    ),
    "instruments are kept apart": (
        """1 buy 1 @ 100 entry #0
           1 sell 1 @ 10 entry #1
           2 sell 1 @ 101 exit #0
           2 buy 1 @ 9 exit #1""",
        ["long 1 1 @ 100 -> 2 @ 101 exit 1", "short 1 1 @ 10 -> 2 @ 9 exit 1"],
    ),
    "what is still open is no trade": ("1 buy 1 @ 100 entry", []),
    "no fills, no trades": ("", []),
}


@pytest.mark.parametrize(("text", "expected"), TABLE.values(), ids=TABLE)
def test_trades_follow_from_fills(text: str, expected: list[str]) -> None:
    assert shown(book(fills(text), carries(), 2, 10)) == expected


def test_funding_is_shared_like_entry_fees_and_booked_before_the_fills_of_its_slice() -> None:
    done = fills("1 buy 4 @ 100 entry\n 3 sell 1 @ 100 take_profit\n 5 sell 3 @ 100 exit")
    folded = book(done, carries((2, 0, -4.0, False), (3, 0, -4.0, False), (5, 0, 1.0, True)), 1, 10)
    assert folded.trades.funding.tolist() == [2.0, 5.0]
    assert folded.trades.pnl.tolist() == [-2.0, -5.0]


def test_an_open_position_keeps_what_no_trade_was_charged() -> None:
    done = fills("1 sell 4 @ 100 entry 0.8\n 3 buy 1 @ 90 take_profit 0.1")
    held = book(done, carries((2, 0, -2.0, True)), 1, 10).open
    assert (held.quantity.tolist(), held.entry.tolist(), held.entry_price.tolist()) == ([-3.0], [1], [100.0])
    assert held.fees.tolist() == pytest.approx([0.6])
    assert held.funding.tolist() == [1.5]
    assert held.unrealized(np.array([95.0])).tolist() == pytest.approx([15.0 - 0.6 - 1.5])


def test_a_session_is_exposed_at_the_closes_at_which_anything_is_held() -> None:
    text = """1 buy 1 @ 100 entry #0
              3 sell 1 @ 100 exit #0
              3 buy 1 @ 10 entry #1
              4 buy 1 @ 100 entry #0
              5 sell 1 @ 10 exit #1
              6 sell 1 @ 100 exit #0
              8 buy 1 @ 100 entry #0
              8 sell 1 @ 90 stop #0
              9 buy 1 @ 100 entry #0"""
    assert book(fills(text), carries(), 2, 12).exposed == (6 - 1) + 0 + (12 - 9)


sizes = st.floats(-5.0, 5.0).filter(lambda q: abs(q) > 1e-3)
moves = st.tuples(st.integers(0, 3), st.integers(0, 2), sizes, st.floats(1.0, 1000.0), st.floats(0.0, 1.0), st.sampled_from([1, 3, 4, 6]))
costs = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 2), st.floats(-1.0, 1.0), st.booleans()), max_size=8)


@given(st.lists(moves, max_size=60), costs)
def test_trades_and_open_positions_sum_to_what_cash_and_marks_changed_by(
    rows: list[tuple[int, int, float, float, float, int]], costs: list[tuple[int, int, float, bool]]
) -> None:
    at = np.cumsum([row[0] for row in rows]).astype(np.int64)
    columns = [np.array([row[k] for row in rows]) for k in range(6)]
    done = Fills(
        at, columns[1].astype(np.int64), columns[2].astype(float), columns[3].astype(float), columns[4].astype(float),
        columns[5].astype(np.int64), np.zeros(len(rows), dtype=np.bool_),
    )  # fmt: skip
    entered = [cost for cost in sorted(costs) if _held_before(done, cost[0], cost[1])]
    folded = book(done, carries(*entered), 3, 1000)
    marks = np.array([50.0, 200.0, 700.0])
    cash = -math.fsum(done.quantity * done.price) - math.fsum(done.fee)
    held = sum(float(done.quantity[done.instrument == k].sum()) * marks[k] for k in range(3))
    booked = math.fsum(folded.trades.pnl) + math.fsum(folded.open.unrealized(marks))
    assert booked == pytest.approx(cash + held + math.fsum(cost[2] for cost in entered), rel=1e-9, abs=1e-6)
    assert (folded.trades.quantity > 0.0).all()
    assert (folded.trades.entry <= folded.trades.exit).all()
    assert (np.diff(folded.trades.exit) >= 0).all()


def _held_before(done: Fills, at: int, instrument: int) -> bool:
    """Costs are booked on the position carried into a bar; exactly flat in the fold's sense is flat up to rounding here."""
    earlier = (done.slice < at) & (done.instrument == instrument)
    return abs(float(done.quantity[earlier].sum())) > 1e-6
