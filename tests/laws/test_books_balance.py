"""Law 5: cash and marked positions are equity at every mark, positions are the sum of fills, and nothing is created.

The account is kept a second time here as a shop would: what was paid for a purchase leaves the till, what a sale brought goes in. It
knows no average entry and no realized P&L, so it shares no arithmetic with the kernel's books.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from tests.laws.first_events import FirstEvents
from tests.laws.random_sessions import RandomSession, random_session

from assay.core.domain.account import Account
from assay.core.domain.events import AccountMarked, Event, FundingBooked, OrderFilled
from assay.core.engine.backtest import columns_of, fast, prepare
from assay.core.engine.journal import events
from assay.core.kernel import transition as k
from assay.core.market.bars import Floats
from assay.core.market.slices import Slices, align

NEAR = 1e-9
"""Of the money that has changed hands, or of the quantity."""


def closes_of(session: RandomSession) -> Slices:
    return align(session.inputs.fine or session.inputs.bars)


class Till:
    """Cash with notional in it, and what is held."""

    def __init__(self, cash: float) -> None:
        self.moves = [cash]
        self.held: defaultdict[str, list[float]] = defaultdict(list)

    def take(self, event: Event) -> None:
        match event:
            case OrderFilled():
                self.moves += [-event.quantity * event.price, -event.fee]
                self.held[event.instrument].append(event.quantity)
            case FundingBooked():
                self.moves.append(event.amount)

    def worth(self, marks: dict[str, float]) -> float:
        return math.fsum([*self.moves, *(quantity * marks[name] for name, each in self.held.items() for quantity in each)])

    @property
    def turnover(self) -> float:
        return math.fsum(map(abs, self.moves))


def balances(session: RandomSession, recorded: Sequence[Event]) -> Iterator[str]:
    slices = closes_of(session)
    place = {slices.at(index): index for index in range(len(slices))}
    till = Till(session.account.cash)
    for event in recorded:
        till.take(event)
        if isinstance(event, AccountMarked):
            marks = dict(zip(slices.instruments, slices.close[:, place[event.at]].tolist(), strict=True))
            worth = till.worth(marks)
            if not math.isclose(worth, event.equity, rel_tol=NEAR, abs_tol=NEAR * till.turnover):
                yield f"{event.at}: equity {event.equity}, cash and positions {worth}"


def positions_are_fills(session: RandomSession, recorded: Sequence[Event]) -> Iterator[str]:
    """What the kernel holds in the end, against the fills that it said it made."""
    document, inputs, account = session.document, session.inputs, session.account
    columns = [columns_of(document, bars) for bars in inputs.bars.values()]
    run, _ = fast(document, columns, prepare(document, inputs, account), account)
    for row, name in enumerate(inputs.bars):
        quantities = [event.quantity for event in recorded if isinstance(event, OrderFilled) and event.instrument == name]
        held, total = float(run.state[k.HEAD + row * k.ROW + k.QUANTITY]), math.fsum(quantities)
        if not math.isclose(held, total, abs_tol=NEAR * math.fsum(map(abs, quantities))):
            yield f"{name}: holds {held}, the fills are {total}"


def profits_are_equity(session: RandomSession, recorded: Sequence[Event]) -> Iterator[str]:
    """Trades' P&L and open P&L are what equity has changed by, after any mark as at the end."""
    slices, first = closes_of(session), FirstEvents(recorded)
    place = {slices.at(index): index for index in range(len(slices))}
    marked = [seq for seq, event in enumerate(recorded) if isinstance(event, AccountMarked)]
    for seq in (*marked[::25], marked[-1]):
        event = recorded[seq]
        assert isinstance(event, AccountMarked)
        book, fills = first.book(seq), first.fills(seq)
        closes: Floats = np.ascontiguousarray(slices.close[:, place[event.at]])
        made = math.fsum([*book.trades.pnl.tolist(), *book.open.unrealized(closes).tolist()])
        turnover = float(np.abs(fills.quantity * fills.price).sum())
        if not math.isclose(made, event.equity - first.cash, rel_tol=NEAR, abs_tol=NEAR * (first.cash + turnover)):
            yield f"{event.at}: trades and open positions made {made}, equity changed by {event.equity - first.cash}"


def comes_from_somewhere(account: Account, recorded: Sequence[Event]) -> Iterator[str]:
    """No fill of nothing or for nothing, no fee but the rates', no exit of more than is held, no funding on what is not held."""
    rates = {account.fee_rate, account.maker_rate, account.fee_rate + account.liquidation_fee_rate}
    if account.convention == "backtesting.py-readme":
        rates |= {0.0, account.liquidation_fee_rate}
    held: defaultdict[str, float] = defaultdict(float)
    for event in recorded:
        match event:
            case OrderFilled(instrument=name, quantity=quantity, price=price, fee=fee):
                adds = event.reason in ("entry", "scale_in") or (event.reason == "resize" and held[name] * quantity > 0.0)
                dust = NEAR * abs(quantity)
                if quantity == 0.0 or not price > 0.0:
                    yield f"{event}: nothing, or for nothing"
                if not any(math.isclose(fee, rate * abs(quantity) * price, rel_tol=NEAR) for rate in rates):
                    yield f"{event}: a fee of no rate in {rates}"
                if adds and held[name] * quantity < 0.0:
                    yield f"{event}: adds against the {held[name]} held"
                if not adds and not (held[name] * quantity < 0.0 and abs(quantity) <= abs(held[name]) + dust):
                    yield f"{event}: closes more than the {held[name]} held"
                left = held[name] + quantity
                held[name] = left if abs(left) > dust else 0.0
            case FundingBooked(instrument=name) if held[name] == 0.0 or (event.borrow and held[name] > 0.0):
                yield f"{event}: on {held[name]} held"


def check(seeds: range) -> None:
    for seed in seeds:
        session = random_session(seed)
        recorded = list(events(session.document, session.inputs, session.account))
        found = [
            *balances(session, recorded),
            *positions_are_fills(session, recorded),
            *profits_are_equity(session, recorded),
            *comes_from_somewhere(session.account, recorded),
        ]
        assert not found, f"seed {seed}: " + "; ".join(found[:5])


@pytest.mark.parametrize("block", range(10))
def test_the_books_of_a_few_hundred_sessions_balance(block: int) -> None:
    check(range(block * 40, block * 40 + 40))


@pytest.mark.laws
@pytest.mark.parametrize("block", range(100))
def test_the_books_of_ten_thousand_sessions_balance(block: int) -> None:
    check(range(100_000 + block * 100, 100_000 + block * 100 + 100))
