"""How venues are asked again: not while they want to be left alone, whoever asks, and a few times where they could not be reached."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, TypeAlias, TypeVar

from assay.core.domain.errors import RateLimitedError, UnreachableError
from assay.runtime.ports import Clock, Tell

T = TypeVar("T")
Pause: TypeAlias = Callable[[float], Awaitable[None]]

BACKOFF_SECONDS: Final = (1.0, 2.0, 4.0, 8.0)
"""Between the tries to reach a venue; after the last of them it counts as not there."""


class Patience:
    """What one caller was told to wait, all wait (I9)."""

    def __init__(self, clock: Clock, pause: Pause) -> None:
        self._clock, self._pause = clock, pause
        self._left_alone: dict[str, datetime] = {}

    async def ask(self, venue: str, attempt: Callable[[], Awaitable[T]], tell: Tell, fraction: float | None = None) -> T:
        """What the attempt answers. Raises the VenueError that waiting does not cure."""
        failures = 0
        while True:
            if venue in self._left_alone:
                await self._wait(self._left_alone[venue], f"{venue} wants fewer requests", tell, fraction)
            try:
                return await attempt()
            except RateLimitedError as error:
                self._left_alone[venue] = max(self._after(error.seconds), self._left_alone.get(venue, self._clock.now()))
            except UnreachableError as error:
                if failures == len(BACKOFF_SECONDS):
                    raise
                await self._wait(self._after(BACKOFF_SECONDS[failures]), f"{venue} cannot be reached ({error.message})", tell, fraction)
                failures += 1

    def _after(self, seconds: float) -> datetime:
        return self._clock.now() + timedelta(seconds=max(seconds, 1.0))

    async def _wait(self, until: datetime, why: str, tell: Tell, fraction: float | None) -> None:
        """Told every second, so that whoever watches knows for what and for how long."""
        while (rest := (until - self._clock.now()).total_seconds()) > 0.0:
            tell(f"{why}; again in {math.ceil(rest)} s", fraction)
            await self._pause(min(rest, 1.0))
