"""What a session shows is a fold over its events: live figures are this fold so far, the report is the same fold at the end.

Law 7: after k events it says what the report of the first k events says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from assay.core.domain.events import (
    AccountMarked,
    Clamped,
    Decided,
    EntryRefused,
    Event,
    FundingBooked,
    Halted,
    LimitReached,
    OrderExpired,
    OrderFilled,
    SessionEnded,
    SessionStarted,
)
from assay.core.results.position import Position, carry, fill


@dataclass(frozen=True, slots=True)
class Tally:
    """Trades counted and summed; P&L is net of fees and funding. `gross_loss` is above 0."""

    trades: int = 0
    wins: int = 0
    gross_profit: float = 0.0
    gross_loss: float = 0.0

    def with_trade(self, pnl: float) -> Tally:
        return Tally(self.trades + 1, self.wins + (pnl > 0.0), self.gross_profit + max(pnl, 0.0), self.gross_loss + max(-pnl, 0.0))

    @property
    def pnl(self) -> float:
        return self.gross_profit - self.gross_loss


@dataclass(frozen=True, slots=True)
class View:
    """The status after `seq` events. Cash excludes notional (SIMULATION S2.8); equity and what is made of it are the last mark's.

    `fees`, `funding` and `borrow` are costs where above 0. `settled` counts the trades that can no longer grow, `closed` all of
    them. `before` is the peak and the deepest drawdown without the mark of `marked_at`.
    """

    at: datetime | None
    seq: int
    cash: float
    equity: float
    peak: float
    drawdown: float
    max_drawdown: float
    positions: Mapping[str, Position]
    settled: Tally
    fills: int
    decisions: int
    refusals: int
    fees: float
    funding: float
    borrow: float
    halted: bool
    ended: bool
    marked_at: datetime | None
    before: tuple[float, float]

    @property
    def closed(self) -> Tally:
        """With the last exits of the positions still held: another fill of the same bar and reason would add to those."""
        tally = self.settled
        for position in self.positions.values():
            if position.last_exit is not None:
                tally = tally.with_trade(position.last_exit.pnl)
        return tally


def start(cash: float) -> View:
    """A session of which nothing has been heard yet."""
    return View(
        at=None, seq=0, cash=cash, equity=cash, peak=cash, drawdown=0.0, max_drawdown=0.0, positions={}, settled=Tally(), fills=0,
        decisions=0, refusals=0, fees=0.0, funding=0.0, borrow=0.0, halted=False, ended=False, marked_at=None, before=(cash, 0.0),
    )  # fmt: skip


def fold(view: View, event: Event) -> View:
    """The view with one event more; the one that went in stays as it is."""
    seen = replace(view, at=event.at, seq=view.seq + 1)
    match event:
        case SessionStarted(cash=cash):
            assert (view.seq, view.cash) == (0, cash), "a session starts once, with the cash that its view started with"
            return seen
        case FundingBooked():
            return _carried(seen, event)
        case OrderFilled():
            return _filled(seen, event)
        case EntryRefused():
            return replace(seen, refusals=view.refusals + 1)
        case AccountMarked(at, equity):
            return _marked(seen, at, equity)
        case Halted() | LimitReached(limit="max_drawdown"):
            return replace(seen, halted=True)
        case Decided():
            return replace(seen, decisions=view.decisions + 1)
        case SessionEnded():
            return replace(seen, ended=True)
        case Clamped() | OrderExpired() | LimitReached():
            return seen
        case _:
            assert_never(event)


def _carried(view: View, event: FundingBooked) -> View:
    positions = {**view.positions, event.instrument: carry(view.positions[event.instrument], event.amount)}
    cash = view.cash + event.amount
    if event.borrow:
        return replace(view, cash=cash, positions=positions, borrow=view.borrow - event.amount)
    return replace(view, cash=cash, positions=positions, funding=view.funding - event.amount)


def _filled(view: View, event: OrderFilled) -> View:
    left = fill(view.positions.get(event.instrument), event)
    positions = {name: position for name, position in view.positions.items() if name != event.instrument}
    if left.position is not None:
        positions[event.instrument] = left.position
    settled = view.settled
    for trade in left.settled:
        settled = settled.with_trade(trade.pnl)
    cash = view.cash + left.realized - event.fee
    return replace(view, cash=cash, positions=positions, settled=settled, fills=view.fills + 1, fees=view.fees + event.fee)


def _marked(view: View, at: datetime, equity: float) -> View:
    """A session that closes its positions at the end takes its last mark again (SIMULATION S9): the second one counts."""
    peak_before, deepest_before = view.before if at == view.marked_at else (view.peak, view.max_drawdown)
    peak = max(peak_before, equity)
    drawdown = 1.0 - equity / peak
    return replace(
        view, equity=equity, peak=peak, drawdown=drawdown, max_drawdown=max(deepest_before, drawdown), marked_at=at,
        before=(peak_before, deepest_before),
    )  # fmt: skip
