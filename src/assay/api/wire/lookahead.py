"""Whether a strategy knew what came later."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from assay.api.wire.message import Instant, Wire


class LookAheadOrder(Wire):
    """How many closes to try, over which bars; what is left out is the strategy's."""

    universe: list[str] | None = None
    timeframe: str | None = None
    start: Instant | None = None
    end: Instant | None = None
    parameters: dict[str, float] = Field(default_factory=dict)
    points: int = Field(default=200, ge=1, le=2_000)


class LookAheadRequest(LookAheadOrder):
    """Of an unsaved document."""

    document: dict[str, Any]


class LeakItem(Wire):
    """A decision or a series at `closed_at` was another once the bars after `known_until` were missing (`cut`) or others (`poisoned`).

    `series` are those that were others by then, the first of them where it came from.
    """

    how: Literal["cut", "poisoned"]
    known_until: Instant
    instrument: str
    closed_at: Instant
    decision: bool
    series: list[str]


class LookAhead(Wire):
    """`points` closes were tried, each in both ways; `leaks` has the first of each instrument found at each, a hundred at most."""

    honest: bool
    points: int
    leaks: list[LeakItem]
    found: int
