"""Time that passes only when somebody waits for it, or makes it pass."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta


class World:
    """`ports.Clock`, a clock that nobody sets, and a sleep that takes no time. The venue's own clock is ahead of ours by `venue_ahead`."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
        self.venue_ahead = timedelta()
        self.slept: list[float] = []
        self._seconds = 1000.0

    def now(self) -> datetime:
        return self.at

    def venue_now(self) -> datetime:
        return self.at + self.venue_ahead

    def monotonic(self) -> float:
        return self._seconds

    def pass_(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self._seconds += seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.pass_(seconds)
        await asyncio.sleep(0)
