"""Whatever a market does to whatever strategy, the referee's books balance."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy, composite, sampled_from
from tests.oracle.miniature import HALT, LEAVE, aim, long, on, play, short

from assay.core.domain.fills import Reason
from assay.core.referee import Outcome
from assay.core.strategy.document import Price, Reference, Rule, Then

BARS = 14
ZERO = Decimal(0)
NOTHING = Decimal("1e-18")


@composite
def markets(draw: DrawFn) -> str:
    price, slots = 100.0, []
    for _ in range(BARS):
        if draw(st.integers(0, 9)) == 0:
            slots.append(".")
            continue
        opened = price * draw(moves)
        price = opened * draw(moves)
        high, low = max(opened, price) * draw(sampled_from([1, 1.02, 1.1])), min(opened, price) * draw(sampled_from([1, 0.98, 0.9]))
        slots.append(f"{opened!r} {high!r} {low!r} {price!r} {draw(sampled_from([0, 20, 60, 1e9]))}")
    return ", ".join(slots)


moves = sampled_from([0.8, 0.95, 0.99, 1.0, 1.0, 1.01, 1.05, 1.2])
maybe_fraction: SearchStrategy[float | None] = sampled_from([None, None, 0.01, 0.05, 0.2])


@composite
def brackets(draw: DrawFn) -> dict[str, object]:
    return {
        "stop_loss": draw(st.one_of(maybe_fraction, st.just(Price(95.0)))),
        "take_profit": draw(sampled_from([[], [(0.03, 1.0)], [(0.1, 0.5), (0.02, 0.5)], [(0.02, 0.3), (0.05, 0.2)]])),
        "trailing": draw(maybe_fraction),
        "activation": draw(maybe_fraction),
        "time_limit": draw(sampled_from([None, None, 1, 4])),
        "scale_in": draw(sampled_from([[], [(-0.02, 0.2)], [(-0.02, 0.2), (-0.04, 0.3), (0.03, 0.2)]])),
        "limit": draw(sampled_from([None, None, (-0.01, 1), (-0.03, 4), (0.01, 2)])),
        "reference": draw(sampled_from(Reference)),
    }


@composite
def actions(draw: DrawFn) -> Then:
    size = draw(sampled_from([0.2, 0.5, 1.0]))
    bracket = draw(brackets())
    entries = [enter(share, **bracket) for enter, share in ((long, size), (short, size), (aim, size), (aim, -size))]
    return draw(sampled_from([*entries, LEAVE, LEAVE, HALT]))


@composite
def plays(draw: DrawFn) -> Outcome:
    rules: list[Rule] = [on(bar, draw(actions()), draw(sampled_from([None, 0, 1]))) for bar in range(BARS) if draw(st.booleans())]
    return play(
        {"test:A": draw(markets()), "test:B/C:C": draw(markets())},
        *rules,
        funding=[(at, 0.001) for at in range(BARS)],
        leverage=draw(sampled_from([1.0, 2.0, 10.0])),
        fee_rate=draw(sampled_from([0.0, 0.001])),
        maker_fee_rate=draw(sampled_from([None, -0.0001])),
        slippage_bps=draw(sampled_from([0, 10])),
        tick=draw(sampled_from([0, 0.05])),
        lot=draw(sampled_from([0, 0.1])),
        borrow_rate=0.1,
        volume_cap=draw(sampled_from([None, 0.1])),
        minimum_notional=draw(sampled_from([0, 50])),
        liquidation_fee_rate=0.005,
    )


def near(left: Decimal, right: Decimal) -> bool:
    """What thirty-four digits and the sums taken here lose is nothing."""
    return abs(left - right) <= NOTHING


@given(plays())
def test_positions_are_the_sum_of_fills(outcome: Outcome) -> None:
    for index, position in enumerate(outcome.positions):
        assert near(position.quantity, sum((fill.quantity for fill in outcome.fills if fill.instrument == index), ZERO))


@given(plays())
def test_cash_is_what_trades_earned_less_what_no_trade_has_paid_for_yet(outcome: Outcome) -> None:
    fees = sum((fill.fee for fill in outcome.fills), ZERO) - sum((trade.fees for trade in outcome.trades), ZERO)
    carried = sum((carry.amount for carry in outcome.carries), ZERO) + sum((trade.funding for trade in outcome.trades), ZERO)
    earned = sum((trade.pnl for trade in outcome.trades), ZERO)
    assert near(outcome.cash, 1000 + earned - fees + carried)
    if all(position.quantity == 0 for position in outcome.positions):
        assert near(fees, ZERO)
        assert near(carried, ZERO)
        assert not outcome.equity or near(outcome.cash, outcome.equity[-1])


@given(plays())
def test_what_happened_is_in_order(outcome: Outcome) -> None:
    for slices in ([fill.slice for fill in outcome.fills], [trade.exit_slice for trade in outcome.trades]):
        assert slices == sorted(slices)


@given(plays())
def test_every_exit_closes_something_and_every_entry_opens_it(outcome: Outcome) -> None:
    held = [ZERO, ZERO]
    for fill in outcome.fills:
        before = ZERO if near(held[fill.instrument], ZERO) else held[fill.instrument]
        held[fill.instrument] += fill.quantity
        adds = fill.reason in (Reason.ENTRY, Reason.SCALE_IN) or (fill.reason is Reason.RESIZE and before * fill.quantity > 0)
        assert (before * fill.quantity >= 0) is adds
        assert adds or abs(held[fill.instrument]) < abs(before)
