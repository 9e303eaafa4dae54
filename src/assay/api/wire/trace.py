"""Why a strategy did what it did, or did nothing: bar by bar, over a whole run, and with one of its conditions taken away."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from assay.api.wire.message import Instant, Wire
from assay.api.wire.results import EquityColumns, Metrics


class AskedCondition(Wire):
    """One condition at one close; `path` is its place in the document.

    `distance` is how far the value is beyond its threshold on the side that is asked for, below 0 where it is not there yet. `truth` is
    the answer with `for` and `within`, `now` the one at this bar alone; None where a value is missing. What compares nothing has no
    numbers.
    """

    path: str
    truth: bool | None
    now: bool | None
    value: float | None
    threshold: float | None
    distance: float | None


class AskedVetoItem(Wire):
    name: str
    truth: bool | None
    conditions: list[AskedCondition]


class AskedRuleItem(Wire):
    """`holds`: the rule's `when` is true and no veto is."""

    rule: str
    holds: bool
    truth: bool | None
    conditions: list[AskedCondition]
    vetoes: list[AskedVetoItem]


class TracedBar(Wire):
    """One close of one instrument with its one outcome (`entered`, `vetoed:wild bar`, `no_signal`, …) and every rule, in running order."""

    opened_at: Instant
    closed_at: Instant
    instrument: str
    outcome: str
    rules: list[AskedRuleItem]


class FunnelStep(Wire):
    """A condition, or with a name a veto: at how many bars it holds by itself, and how many the rule has left after it."""

    path: str
    veto: str | None
    alone: int
    through: int


class FunnelRule(Wire):
    rule: str
    bars: int
    steps: list[FunnelStep]


class Funnel(Wire):
    """`bars` of all instruments together, from the session's start on; `outcomes` add up to them."""

    bars: int
    outcomes: dict[str, int]
    rules: list[FunnelRule]


class WithoutRequest(Wire):
    path: str = Field(max_length=400, description="Of a condition or a veto: `rules[0].when.all[1]`, `rules[0].unless[0]`.")
    points: int = Field(default=500, ge=2, le=4_000)


class Without(Wire):
    """The same run with one condition taken away: an actual run, kept nowhere."""

    path: str
    document: dict[str, Any]
    before: Metrics
    after: Metrics
    equity_before: EquityColumns
    equity_after: EquityColumns
