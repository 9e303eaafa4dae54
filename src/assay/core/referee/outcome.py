"""What goes into a refereed session and what comes out of it.

Slices are numbered over the union of the matching bars' open times, warm-up included; instruments in universe order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from assay.core.domain.fills import Reason


@dataclass(frozen=True, slots=True)
class Candle:
    """One bar as it was recorded; `opened_at` in nanoseconds since 1970, UTC."""

    opened_at: int
    open: float
    high: float
    low: float
    close: float
    volume: float


@dataclass(frozen=True)
class Feed:
    """One instrument's data: deciding candles, series with a value a candle (not finite: missing), funding, finer bars."""

    candles: tuple[Candle, ...]
    series: Mapping[str, Sequence[float]] = field(default_factory=dict)
    funding: tuple[tuple[int, float], ...] = ()
    fine: tuple[Candle, ...] = ()


@dataclass(frozen=True, slots=True)
class Fill:
    """`quantity` is signed: buys above 0."""

    slice: int
    instrument: int
    quantity: Decimal
    price: Decimal
    fee: Decimal
    reason: Reason
    maker: bool


@dataclass(frozen=True, slots=True)
class Carry:
    """Funding or borrow; `amount` is what cash changed by."""

    slice: int
    instrument: int
    amount: Decimal
    borrow: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """Which of `document.rules_in_order()` decided, and the standing target after it."""

    slice: int
    instrument: int
    rule: int
    target: Decimal


@dataclass(frozen=True, slots=True)
class Refusal:
    """At a fill `insufficient_margin`, `below_minimum` or `level_missing`; at a decision `halted`, or the limit's name (S10.1)."""

    slice: int
    instrument: int
    code: str


@dataclass(frozen=True, slots=True)
class Reached:
    """A mark that reached `max_drawdown` or `daily_loss` (S10.2)."""

    slice: int
    limit: str


@dataclass(frozen=True, slots=True)
class Trade:
    """A round trip or the part of one that a partial exit closed (S8)."""

    instrument: int
    direction: int
    quantity: Decimal
    entry_slice: int
    entry_price: Decimal
    exit_slice: int
    exit_price: Decimal
    fees: Decimal
    funding: Decimal
    reason: Reason

    @property
    def pnl(self) -> Decimal:
        return self.direction * self.quantity * (self.exit_price - self.entry_price) - self.fees - self.funding

    @property
    def return_(self) -> Decimal:
        return self.pnl / (self.quantity * self.entry_price)


@dataclass(frozen=True, slots=True)
class Holding:
    """What is open in one instrument at the end: signed quantity and average entry, both 0 when flat."""

    quantity: Decimal
    average: Decimal


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that happened, each list in the order in which it did; `equity` from the first live slice on (S1.3)."""

    fills: list[Fill]
    carries: list[Carry]
    decisions: list[Decision]
    refusals: list[Refusal]
    reached: list[Reached]
    trades: list[Trade]
    equity: list[Decimal]
    cash: Decimal
    positions: list[Holding]
