"""One instrument's book: its position, what is pending for it, its standing target, and the bar it is in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from assay.core.domain.fills import Reason
from assay.core.referee.plan import Plan
from assay.core.referee.position import Position
from assay.core.referee.rounding import ZERO
from assay.core.referee.terms import Terms

DAY_NS: Final = 86_400_000_000_000
_UP_TO: Final = Decimal("1.000000000001")


@dataclass(frozen=True, slots=True)
class Bar:
    """A matching bar in decimals; `decides` is the candle that closes with it, if one does (S1.5)."""

    opened_at: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    decides: int | None


@dataclass(slots=True, eq=False)
class Entry:
    """At the market, or at a limit that lives for some closes; `rest` is None until the first fill fixes the quantity."""

    plan: Plan
    limit: Decimal | None
    life: int = 0
    closes: int = 0
    rest: Decimal | None = None


@dataclass(slots=True, eq=False)
class Resize:
    weight: Decimal
    adds: bool = False
    rest: Decimal | None = None


@dataclass(slots=True, eq=False)
class Book:
    """`exit` is the reason of the pending market exit; `room` what the volume cap has left in this bar (None: no cap).
    `cooling` is at how many closes more nothing may be entered (S10.6).

    `last` is the own bar before this slice's, `day_opened_at` the first own open of that bar's UTC day (S3.1).
    """

    index: int
    perpetual: bool
    terms: Terms
    position: Position | None = None
    exit: Reason | None = None
    entry: Entry | None = None
    resize: Resize | None = None
    standing: Decimal = ZERO
    bar: Bar | None = None
    last: Bar | None = None
    day_opened_at: int | None = None
    room: Decimal | None = None
    rung_filled: bool = False
    entered_inside: bool = False
    cooling: int = 0

    @property
    def now(self) -> Bar:
        assert self.bar is not None, "an instrument without a bar in the slice has no part in it (S1.1)"
        return self.bar

    @property
    def pending_limit(self) -> Decimal | None:
        """The limit of an entry that may fill: when flat, or for its rest; a waiting one may not (S4.1)."""
        if self.entry is None or self.exit is not None:
            return None
        return self.entry.limit

    @property
    def takes_place(self) -> bool:
        """Something is held, or an entry waits (S10.7)."""
        return self.position is not None or self.entry is not None

    def show(self, bar: Bar | None) -> None:
        """A new slice, with a bar in it or not."""
        if self.bar is not None:
            self.last = self.bar
            if self.day_opened_at is None or self.day_opened_at // DAY_NS != self.bar.opened_at // DAY_NS:
                self.day_opened_at = self.bar.opened_at
        self.bar = bar
        self.rung_filled = False
        self.entered_inside = False
        cap = self.terms.volume_cap
        self.room = None if bar is None or cap is None else cap * bar.volume

    def mark(self, at_open: bool) -> Decimal:
        """This slice's price, or the last close where it has none (S1.1)."""
        if self.bar is not None:
            return self.bar.open if at_open else self.bar.close
        return ZERO if self.last is None else self.last.close

    def has_room(self) -> bool:
        return self.room is None or self.terms.lots(self.room) > ZERO

    def take(self, quantity: Decimal) -> Decimal:
        """As much of it as the volume cap still allows (S2.10)."""
        if self.room is None:
            return quantity
        taken = quantity if quantity <= self.room * _UP_TO else self.terms.lots(self.room)
        self.room = max(self.room - taken, ZERO)
        return taken

    def cancel(self) -> None:
        """What a decision cancels (S6.2); a pending market exit stays."""
        self.entry = None
        self.resize = None

    def drop_entry(self) -> None:
        """An entry that came to nothing leaves us flat (S2.7, S6.4); a rest leaves what it has filled."""
        if self.entry is not None and self.entry.rest is None:
            self.standing = ZERO
        self.entry = None

    def become_flat(self) -> None:
        """Everything of the position is canceled with it (S5.6); a newer entry, and its standing target, are not (S6.4)."""
        self.position = None
        self.exit = None
        self.resize = None
        if self.entry is not None and self.entry.rest is not None:
            self.entry = None
        if self.entry is None:
            self.standing = ZERO
