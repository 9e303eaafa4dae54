"""How often Interactive Brokers may be asked for history: it answers what comes too fast with a silence of ten minutes."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from datetime import datetime, timedelta
from typing import Final

from assay.runtime.ports import Clock

MOST: Final = 60
WITHIN: Final = timedelta(minutes=10)
SAME: Final = timedelta(seconds=15)


class Pacing:
    """Lets 60 requests through in ten minutes, and the same one again after 15 seconds."""

    def __init__(self, clock: Clock, pause: Callable[[float], Awaitable[None]]) -> None:
        self._clock, self._pause = clock, pause
        self._made: deque[tuple[datetime, Hashable]] = deque(maxlen=MOST)

    async def turn(self, request: Hashable) -> None:
        """Waits until it may be made, and counts it as made."""
        while (wait := self._wait(request)) > timedelta(0):
            await self._pause(wait.total_seconds())
        self._made.append((self._clock.now(), request))

    def _wait(self, request: Hashable) -> timedelta:
        free = [at + SAME for at, made in self._made if made == request]
        if len(self._made) == MOST:
            free.append(self._made[0][0] + WITHIN)
        now = self._clock.now()
        return max(free, default=now) - now
