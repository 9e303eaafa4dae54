"""A clock that only moves when it is told to, and the event loop that the platform runs on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest


class TestClock:
    """`ports.Clock`, by hand."""

    __test__ = False

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def pass_(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> TestClock:
    return TestClock()
