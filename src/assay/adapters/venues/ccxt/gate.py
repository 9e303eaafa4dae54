"""Nothing is sent while a venue wants to be left alone (I9), by whichever call it said so."""

from __future__ import annotations

from collections.abc import Callable

from assay.core.domain.errors import RateLimitedError


class Gate:
    """Open, or shut for some seconds; these are counted by a clock that nobody can set (F49)."""

    def __init__(self, venue: str, monotonic: Callable[[], float]) -> None:
        self._venue, self._monotonic = venue, monotonic
        self._opens_at = -float("inf")
        self._reason: RateLimitedError | None = None

    def shut(self, reason: RateLimitedError) -> None:
        """From now on for `reason.seconds`; a longer rest stays."""
        opens_at = self._monotonic() + reason.seconds
        if opens_at > self._opens_at:
            self._opens_at, self._reason = opens_at, reason

    def check(self) -> None:
        """Raises RateLimitedError with the seconds that are left."""
        rest = self._opens_at - self._monotonic()
        if self._reason is not None and rest > 0:
            raise RateLimitedError(self._venue, self._reason.message, rest, banned=self._reason.banned)
