"""What a session records: a closed, versioned union. The same values are the journal's rows, the socket's messages and the export.

`at` is when the event could be known: the close of its slice. Order within a slice: carried costs, fills and what was refused, the
mark, then the decisions made at its close.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """`strategy` is the content hash; `instruments` in universe order."""

    at: datetime
    strategy: str
    instruments: tuple[str, ...]
    cash: float


@dataclass(frozen=True, slots=True)
class FundingBooked:
    """Funding, or borrow on a short; `amount` is what cash changed by."""

    at: datetime
    instrument: str
    amount: float
    borrow: bool


@dataclass(frozen=True, slots=True)
class OrderFilled:
    """`quantity` is signed, `opened_at` the bar filled in, `reason` the label of a `Reason`."""

    at: datetime
    opened_at: datetime
    instrument: str
    quantity: float
    price: float
    fee: float
    reason: str
    maker: bool


@dataclass(frozen=True, slots=True)
class EntryRefused:
    """By us: `insufficient_margin`, `below_minimum` or `level_missing` when it was tried; `halted`, `daily_loss`, `stop_after_losses`,
    `cooldown_bars` or `max_open_positions` where it was decided.
    """

    at: datetime
    instrument: str
    code: str


@dataclass(frozen=True, slots=True)
class Clamped:
    """Margin left room for less than was wanted."""

    at: datetime
    instrument: str
    wanted: float
    allowed: float


@dataclass(frozen=True, slots=True)
class OrderExpired:
    """A limit at the end of its life, or whatever was pending at the end of the session."""

    at: datetime
    instrument: str
    limit: bool


@dataclass(frozen=True, slots=True)
class AccountMarked:
    at: datetime
    equity: float


@dataclass(frozen=True, slots=True)
class Halted:
    """No more entries: by a rule, or by `ruin`, when equity is gone and everything is closed."""

    at: datetime
    ruin: bool


@dataclass(frozen=True, slots=True)
class LimitReached:
    """Everything is closed, and no more entries: for good after `max_drawdown`, for the rest of the day after `daily_loss`."""

    at: datetime
    limit: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A rule changed the standing target (or was refused: then it is unchanged). `reason` has the numbers."""

    at: datetime
    instrument: str
    rule: str
    target: float
    reason: str


@dataclass(frozen=True, slots=True)
class SessionEnded:
    at: datetime


Event: TypeAlias = (
    SessionStarted | FundingBooked | OrderFilled | EntryRefused | Clamped | OrderExpired | AccountMarked | Halted | LimitReached | Decided
    | SessionEnded
)  # fmt: skip
EVENTS: Final[tuple[type[Event], ...]] = (
    SessionStarted, FundingBooked, OrderFilled, EntryRefused, Clamped, OrderExpired, AccountMarked, Halted, LimitReached,
    Decided, SessionEnded,
)  # fmt: skip
