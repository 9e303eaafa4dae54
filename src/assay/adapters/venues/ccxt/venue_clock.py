"""What time it is at the venue: the only time that tells whether a bar has closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from assay.runtime.ports import Clock

_FRESH_SECONDS = 600.0
_JUMP_SECONDS = 1.0


class VenueClock:
    """Set by the venue's own word, then carried on by a clock that nobody can set.

    It is late by the way back of the answer that set it, and never early: an early one would take a forming bar for a closed one.
    """

    def __init__(self, clock: Clock, monotonic: Callable[[], float]) -> None:
        self._clock, self._monotonic = clock, monotonic
        self._venue: datetime | None = None
        self._set_at, self._wall = 0.0, clock.now()

    def set(self, venue_time: datetime) -> None:
        """The venue has just said so."""
        self._venue, self._set_at, self._wall = venue_time, self._monotonic(), self._clock.now()

    def is_fresh(self) -> bool:
        """Whether it was set, not long ago, and the machine neither slept nor had its clock moved since."""
        passed = self._monotonic() - self._set_at
        moved = abs((self._clock.now() - self._wall).total_seconds() - passed)
        return self._venue is not None and passed < _FRESH_SECONDS and moved < _JUMP_SECONDS

    def now(self) -> datetime:
        """By the venue; by our own clock where it does not tell the time."""
        if self._venue is None:
            return self._clock.now()
        return self._venue + timedelta(seconds=self._monotonic() - self._set_at)
