"""What happens to a session: a closed union, recorded verbatim, so that folding them again gives the same events.

Commands, replies, reports and timers join with the sessions that have them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class ClosedBar:
    """One instrument's bar of a slice, stamped with its open."""

    opened_at: datetime
    open: float
    high: float
    low: float
    close: float
    volume: float


@dataclass(frozen=True, slots=True)
class SliceClosed:
    """All bars that closed at one instant, in universe order; None where an instrument has none."""

    bars: tuple[ClosedBar | None, ...]


@dataclass(frozen=True, slots=True)
class FundingDue:
    """A perpetual's funding: booked at the instrument's first open at or after `at`."""

    instrument: str
    at: datetime
    rate: float


@dataclass(frozen=True, slots=True)
class FeedEnded:
    """No more bars will come."""


Input: TypeAlias = SliceClosed | FundingDue | FeedEnded
