"""One position as a fold over its fills, one at a time: what `trades.book` computes of whole columns, for a session that goes on.

The two are held together by law 7. Of equal rules the reasons stand there (SIMULATION S8).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from assay.core.domain.events import OrderFilled
from assay.core.results.trades import DUST


@dataclass(frozen=True, slots=True)
class Exit:
    """A trade: what one exit closed of one position. Fills of the same bar and reason are one exit, so the last may still grow."""

    opened_at: datetime  # of the bar filled in
    reason: str
    direction: float
    quantity: float
    entry_price: float
    exit_price: float
    fees: float
    funding: float

    @property
    def pnl(self) -> float:
        return self.direction * self.quantity * (self.exit_price - self.entry_price) - self.fees - self.funding


@dataclass(frozen=True, slots=True)
class Position:
    """`opened_at` is the bar of the first fill since flat; fees and funding (a cost is above 0) are those no trade was charged."""

    quantity: float
    average: float
    opened_at: datetime
    fees: float
    funding: float
    last_exit: Exit | None


@dataclass(frozen=True, slots=True)
class Filled:
    """What a fill leaves: the position (None: flat), the P&L it realized before costs, and the trades that can no longer grow."""

    position: Position | None
    realized: float
    settled: tuple[Exit, ...]


def fill(position: Position | None, filled: OrderFilled) -> Filled:
    """Apply one fill."""
    if position is None:
        return Filled(_opened(filled, filled.quantity, filled.fee), 0.0, ())
    if position.quantity * filled.quantity >= 0.0:
        return Filled(_added(position, filled), 0.0, ())
    return _closed(position, filled)


def carry(position: Position, amount: float) -> Position:
    """Book funding or borrow; `amount` is what cash changed by."""
    return replace(position, funding=position.funding - amount)


def _opened(filled: OrderFilled, quantity: float, fee: float) -> Position:
    return Position(quantity, filled.price, filled.opened_at, fee, 0.0, None)


def _added(position: Position, filled: OrderFilled) -> Position:
    total = position.quantity + filled.quantity
    average = (position.quantity * position.average + filled.quantity * filled.price) / total
    return replace(position, quantity=total, average=average, fees=position.fees + filled.fee)


def _closed(position: Position, filled: OrderFilled) -> Filled:
    """Closes, and opens the other way with what is over."""
    held, size = position.quantity, abs(position.quantity)
    closed = min(abs(filled.quantity), size)
    flat = size - closed <= DUST * size
    over = abs(filled.quantity) - closed if abs(filled.quantity) - closed > DUST * size else 0.0
    share = 1.0 if flat else closed / size
    own_fee = filled.fee * (closed / (closed + over)) if over > 0.0 else filled.fee
    realized = (filled.price - position.average) * (held if over > 0.0 else -filled.quantity)
    part = Exit(
        filled.opened_at, filled.reason, 1.0 if held > 0.0 else -1.0, closed, position.average, filled.price,
        own_fee + share * position.fees, share * position.funding,
    )  # fmt: skip
    settled, growing = _join(position.last_exit, part)
    if not flat:
        left = Position(
            held + filled.quantity, position.average, position.opened_at, position.fees - share * position.fees,
            position.funding - share * position.funding, growing,
        )  # fmt: skip
        return Filled(left, realized, settled)
    other_way = _opened(filled, over if held < 0.0 else -over, filled.fee - own_fee) if over > 0.0 else None
    return Filled(other_way, realized, (*settled, growing))


def _join(last: Exit | None, part: Exit) -> tuple[tuple[Exit, ...], Exit]:
    """The exit that the part belongs to, after those that it settles."""
    if last is None:
        return (), part
    if (last.opened_at, last.reason) != (part.opened_at, part.reason):
        return (last,), part
    quantity = last.quantity + part.quantity
    return (), replace(
        last,
        quantity=quantity,
        entry_price=(last.quantity * last.entry_price + part.quantity * part.entry_price) / quantity,
        exit_price=(last.quantity * last.exit_price + part.quantity * part.exit_price) / quantity,
        fees=last.fees + part.fees,
        funding=last.funding + part.funding,
    )
