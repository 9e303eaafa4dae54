"""The wall clock. Everything that must know what time it is has one handed to it, so a test can hand over another."""

from __future__ import annotations

from datetime import UTC, datetime


class WallClock:
    """`ports.Clock` as this machine has it."""

    def now(self) -> datetime:
        return datetime.now(UTC)
