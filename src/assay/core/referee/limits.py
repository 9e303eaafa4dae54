"""What a session may do at most (S10): the limits that are in force, and what has to be remembered to measure them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from assay.core.domain.fills import Reason
from assay.core.referee.book import Book
from assay.core.referee.position import Position
from assay.core.referee.rounding import ONE
from assay.core.strategy.document import Limits as Declared
from assay.core.strategy.document import Number

_NOTHING: Final = Decimal("1e-9")


@dataclass(frozen=True, slots=True)
class Limits:
    """None: no limit."""

    max_drawdown: Decimal | None
    daily_loss: Decimal | None
    stop_after_losses: int | None
    cooldown_bars: int
    max_open_positions: int | None


def limits(declared: Declared, number: Callable[[Number], Decimal]) -> Limits:
    """Those of the document, with those of safety mode where these are stricter or alone (S10.8)."""

    def whole(limit: Number | None) -> int | None:
        return None if limit is None else int(number(limit))

    loss = None if declared.daily_loss is None else number(declared.daily_loss)
    positions = whole(declared.max_open_positions)
    if declared.safety_mode:
        loss = Decimal("0.03") if loss is None else min(loss, Decimal("0.03"))
        positions = 1
    drawdown = None if declared.max_drawdown is None else number(declared.max_drawdown)
    return Limits(drawdown, loss, whole(declared.stop_after_losses), whole(declared.cooldown_bars) or 0, positions)


class Guard:
    """`final`: nothing will be entered any more, and what is held is being closed."""

    def __init__(self, limits: Limits, cash: Decimal) -> None:
        self.limits = limits
        self.final = False
        self._trifle = cash * _NOTHING
        self._losses = 0
        self._peak = self._last = self._before_today = cash
        self._today: int | None = None
        self._lost_today = False

    def reached(self, equity: Decimal, day: int) -> str | None:
        """What the mark at the end of a slice has reached, once a day or once for all (S10.2)."""
        if day != self._today:
            self._today, self._before_today, self._lost_today = day, self._last, False
        self._last = equity
        self._peak = max(self._peak, equity)
        if self.final:
            return None
        if _is_lost(self.limits.max_drawdown, equity, self._peak):
            self.final = True
            return "max_drawdown"
        if not self._lost_today and _is_lost(self.limits.daily_loss, equity, self._before_today):
            self._lost_today = True
            return "daily_loss"
        return None

    def left(self, book: Book, position: Position, reason: Reason) -> None:
        """A fill has ended a round trip (S10.5, S10.6)."""
        if not self._is_losing():
            self._losses = self._losses + 1 if position.net < -self._trifle else 0
        if reason is not Reason.REVERSE:
            book.cooling = self.limits.cooldown_bars

    def forbids(self, book: Book, books: list[Book]) -> str | None:
        """The limit that forbids an entry at this close (S10.1)."""
        if self._lost_today:
            return "daily_loss"
        if self._is_losing():
            return "stop_after_losses"
        if book.position is not None:
            return None
        if book.cooling > 0:
            return "cooldown_bars"
        taken = sum(each.takes_place for each in books)
        most = self.limits.max_open_positions
        return "max_open_positions" if most is not None and not book.takes_place and taken >= most else None

    def _is_losing(self) -> bool:
        return self.limits.stop_after_losses is not None and self._losses >= self.limits.stop_after_losses


def _is_lost(share: Decimal | None, equity: Decimal, before: Decimal) -> bool:
    return share is not None and equity <= before * (ONE - share + _NOTHING)
