"""What is kept of strategies, sessions and results: plain values that the store writes and the API shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, Literal, TypeAlias, TypeVar

from assay.core.domain.errors import Problem
from assay.core.domain.instrument import InstrumentId
from assay.core.domain.spec import SessionSpec
from assay.core.market.findings import Finding

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """`total` counts all that the filters let through; `next_cursor` is None on the last page."""

    items: tuple[Row, ...]
    next_cursor: str | None
    total: int


class State(StrEnum):
    """Of a session. The last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    STOPPED = "stopped"

    @property
    def is_final(self) -> bool:
        return self in (State.FINISHED, State.FAILED, State.STOPPED)


@dataclass(frozen=True, slots=True)
class ResultRecord:
    """A finished session as one row of the list of results; it has its session's id.

    `metrics` are `core.results.metrics` by name: fractions as fractions, undefined as None. `equity` is a sketch of at most 64 marks.
    """

    session_id: str
    strategy_id: str | None
    strategy_version: int | None
    strategy_name: str
    mode: str
    universe: tuple[str, ...]
    timeframe: str
    first_at: datetime
    last_at: datetime
    bars: int
    ended_at: datetime
    run_id: str
    head: str
    metrics: Mapping[str, float | int | None]
    sketch: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class StrategyRecord:
    """A strategy with its newest version.

    `in_force` is the version that was deployed, None where none was. `wins` counts the runs that ended above their cash; `best` is
    their highest total return.
    """

    id: str
    name: str
    description: str
    template: str | None
    version: int
    in_force: int | None
    document: Mapping[str, object]
    hash: str
    created_at: datetime
    updated_at: datetime
    runs: int
    wins: int
    best: float | None
    last_result: ResultRecord | None


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """One version of a strategy; versions are counted from 1 and never changed."""

    strategy_id: str
    number: int
    document: Mapping[str, object]
    hash: str
    note: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class InputRange:
    """The bars of one instrument that a session ran on, by fingerprint and range; `first_at` and `last_at` are open times.

    `findings` are what was odd about those that it decided on, and tolerated; their places are not kept, for the bars show them again.
    """

    instrument: str
    timeframe: str
    first_at: datetime
    last_at: datetime
    bars: int
    fingerprint: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session from its order to its end. `inputs` are known once it has started, `problems` say why it failed."""

    id: str
    owner: str
    name: str
    strategy_id: str | None
    strategy_version: int | None
    strategy_name: str
    spec: SessionSpec
    state: State
    job_id: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    problems: tuple[Problem, ...]
    inputs: tuple[InputRange, ...]
    result: ResultRecord | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the store holds of one instrument and timeframe. `gaps` are stretches of missing bars, (first missing, next present)."""

    instrument: str
    timeframe: str
    first_at: datetime
    last_at: datetime
    bars: int
    bytes: int
    updated_at: datetime
    gaps: tuple[tuple[datetime, datetime], ...]


LinkState: TypeAlias = Literal["connecting", "connected", "disconnected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """How the connection to a venue's live data is.

    `lag_seconds` is how long the newest message was under way by the venue's clock, None where it does not stamp them; `reconnects` counts
    those since the process started, `problem` says why it is not connected.
    """

    venue: str
    state: LinkState
    since: datetime
    last_message_at: datetime | None = None
    lag_seconds: float | None = None
    reconnects: int = 0
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveBar:
    """The newest word on an instrument: its forming or just closed bar. `at` is when it was heard; times are aware UTC."""

    instrument: InstrumentId
    timeframe: str
    opened_at: datetime
    open: float
    high: float
    low: float
    close: float
    volume: float
    closed: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LastPrice:
    """What an instrument costs. `at` is when that was so: now where it is `live`, else when the last bar that is known closed.

    `change` is the fraction that it stands above the price of a day before; `sketch` holds the closes of the two days, oldest first.
    """

    instrument: str
    last: float | None
    at: datetime | None
    change: float | None
    sketch: tuple[float, ...]
    live: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Watchlist:
    """Instruments that somebody keeps an eye on, in their order."""

    id: str
    name: str
    instruments: tuple[str, ...]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What a write answered, kept under its idempotency key together with the hash of what was asked."""

    request_hash: str
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class ResultFilter:
    """Which results; None lets everything through. `outcome` is `profit` or `loss`; `sort` a column, descending with `-` before it."""

    search: str | None = None
    mode: str | None = None
    strategy: str | None = None
    instrument: str | None = None
    outcome: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    sort: str = "-ended_at"


RESULT_SORTS = (
    "ended_at", "strategy_name", "bars", "total_return", "max_drawdown", "sharpe", "trades", "win_rate", "profit_factor", "final_equity",
)  # fmt: skip
