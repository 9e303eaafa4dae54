"""Whether anything is missing between two messages: what is lost on the way is noticed at the very next message, never later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from assay.adapters.venues.wire.messages import DepthSnapshot, DepthUpdate
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import Timeframe


@dataclass(frozen=True, slots=True)
class Gap:
    """Changes that never came: after `after` the next had to begin, and it began at `before`."""

    after: int
    before: int


Verdict: TypeAlias = Literal["applies", "stale"] | Gap


class DepthChain:
    """A book's changes, each tied to the one before.

    Binance spot counts its changes on from message to message, Bybit its messages; Binance USD-M writes where the message before ended,
    for its own numbers leave some out. The first message after a snapshot has to reach across it (F36).
    """

    def __init__(self) -> None:
        self._last: int | None = None
        self._bridged = True

    def start(self, snapshot: DepthSnapshot) -> None:
        """The book is this one from now on."""
        self._last, self._bridged = snapshot.last_id, False

    def take(self, update: DepthUpdate) -> Verdict:
        """Whether it applies to the book as it is. After a gap the book is worthless, and a snapshot has to come."""
        if self._last is None:
            self._last = update.last_id
            return "applies"
        if not self._bridged and update.last_id < self._first_needed(update):
            return "stale"
        follows = self._follows(update)
        self._bridged = True
        if not follows:
            gap = Gap(self._last, update.first_id)
            self._last = update.last_id
            return gap
        self._last = update.last_id
        return "applies"

    def _first_needed(self, update: DepthUpdate) -> int:
        assert self._last is not None
        return self._last if update.previous_id is not None else self._last + 1

    def _follows(self, update: DepthUpdate) -> bool:
        assert self._last is not None
        if not self._bridged:
            return update.first_id <= self._first_needed(update)
        return update.first_id == self._last + 1 if update.previous_id is None else update.previous_id == self._last


class Closes:
    """The bars of one instrument as they close: each once, in order, and whatever is missing before one is said.

    It starts with the first bar that it hears of; what closed before is history.
    """

    def __init__(self, timeframe: Timeframe) -> None:
        self._timeframe = timeframe
        self._due: datetime | None = None
        self._stamped_at: datetime | None = None

    @property
    def due(self) -> datetime | None:
        """The open of the first bar that has not closed yet as far as was told; None before anything was heard."""
        return self._due

    def is_news(self, opened_at: datetime, stamped_at: datetime | None) -> bool:
        """Whether the bar has not closed before (F38), and nothing newer of it was heard."""
        if self._due is not None and opened_at < self._due:
            return False
        return stamped_at is None or self._stamped_at is None or stamped_at >= self._stamped_at

    def missing_before(self, opened_at: datetime) -> Span | None:
        """Bars that must have closed before one can open at `opened_at`, and were not told."""
        return None if self._due is None or opened_at <= self._due else Span(self._due, opened_at)

    def formed(self, opened_at: datetime, stamped_at: datetime | None) -> None:
        """The bar is forming; all before it were told."""
        self._due, self._stamped_at = opened_at, stamped_at or self._stamped_at

    def closed(self, opened_at: datetime, stamped_at: datetime | None = None) -> None:
        """The bar has closed, and was told."""
        self._due, self._stamped_at = self._timeframe.closed_at(opened_at), stamped_at or self._stamped_at
