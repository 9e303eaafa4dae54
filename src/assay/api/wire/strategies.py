"""Strategies, their versions, and what an unsaved document would do."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from assay.api.wire.message import Amount, Fraction, Instant, ProblemItem, Wire
from assay.api.wire.results import AccountBody, Decision, EquityColumns, Metrics, ResultRow, Trade


class StrategyItem(Wire):
    """`template` is what it was made of: a template's name, or `conditions` for a conditions file.

    `in_force` is the version that was deployed; None where none was.
    """

    id: str
    name: str
    description: str
    template: str | None
    version: int
    in_force: int | None
    hash: str
    timeframe: str
    universe: list[str]
    rules: int
    created_at: Instant
    updated_at: Instant
    runs: int
    wins: int
    win_rate: Fraction | None
    best: Fraction | None
    last_result: ResultRow | None


class StrategyDetail(StrategyItem):
    document: dict[str, Any]


class NewStrategy(Wire):
    """From a document, or from one of the templates."""

    document: dict[str, Any] | None = None
    template: str | None = None


class StrategyChange(Wire):
    """`after` is the version that was edited: another one that was saved in between is not overwritten (409)."""

    document: dict[str, Any]
    after: int | None = Field(default=None, ge=1)
    note: str = Field(default="", max_length=200)


class Deployment(Wire):
    """The version that is in force from now on; None withdraws the one that is."""

    version: int | None = Field(ge=1, le=2**31 - 1)


class Version(Wire):
    number: int
    hash: str
    note: str
    created_at: Instant
    document: dict[str, Any]


class DocumentBody(Wire):
    document: dict[str, Any]


class Validation(Wire):
    """`hash` and what is derived only where it is valid."""

    valid: bool
    errors: list[ProblemItem]
    hash: str | None
    warm_up: int | None
    parameters: dict[str, float]


class PreviewRequest(Wire):
    """A whole backtest of an unsaved document, answered at once; `universe` and `timeframe` override the document's."""

    document: dict[str, Any]
    universe: list[str] | None = None
    timeframe: str | None = None
    start: Instant | None = None
    end: Instant | None = None
    parameters: dict[str, float] = Field(default_factory=dict)
    account: AccountBody = AccountBody()
    points: int = Field(default=1_000, ge=2, le=4_000)


class Preview(Wire):
    """`trades` and `decisions` are the last hundred; `decided` counts all decisions of each rule that is enabled."""

    bars: int
    metrics: Metrics
    equity: EquityColumns
    trades: list[Trade]
    decisions: list[Decision]
    decided: dict[str, int]
    elapsed_ms: float
    final_equity: Amount
