"""Sessions from their order to their end."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from assay.api.wire.message import Amount, Fraction, Instant, ProblemItem, Wire
from assay.api.wire.results import AccountBody, InputItem, ResultRow
from assay.core.domain.spec import ODDITIES, Oddity

StateName = Literal["queued", "running", "finished", "failed", "stopped"]


class FromWatchlist(Wire):
    """The instruments that are on a watchlist when the session is ordered."""

    watchlist: str = Field(max_length=64)


class NewSession(Wire):
    """A saved strategy (`strategy_id`, its newest version unless one is named) or a document; what is left out is the document's.

    `tolerates` names the oddities of bars on which it is run all the same, and told of them; without it all, since what is wrong with
    bars, and not just odd, is never run on.
    """

    strategy_id: str | None = None
    strategy_version: int | None = Field(default=None, ge=1)
    document: dict[str, Any] | None = None
    name: str | None = Field(default=None, max_length=120)
    mode: Literal["backtest"] = "backtest"
    universe: list[str] | FromWatchlist | None = None
    timeframe: str | None = None
    start: Instant | None = None
    end: Instant | None = None
    preset: str | None = None
    parameters: dict[str, float] = Field(default_factory=dict)
    account: AccountBody = AccountBody()
    tolerates: list[Oddity] | None = Field(default=None, max_length=len(ODDITIES))


class Estimate(Wire):
    """What a run would take, before it is started."""

    bars: int
    instruments: int
    first_at: Instant | None
    last_at: Instant | None
    warm_up: int
    seconds: float
    errors: list[ProblemItem]


class PositionView(Wire):
    """What is held, as the fold has it."""

    instrument: str
    quantity: Amount
    entry_price: Amount
    entry_at: Instant


class LiveView(Wire):
    """The fold over the session's events so far. `seq` counts them; figures are of the last mark."""

    seq: int
    at: Instant | None
    cash: Amount
    equity: Amount
    peak: Amount
    drawdown: Fraction
    max_drawdown: Fraction
    positions: list[PositionView]
    trades: int
    wins: int
    pnl: Amount
    fills: int
    decisions: int
    refusals: int
    fees: Amount
    funding: Amount
    borrow: Amount
    halted: bool
    ended: bool


class SessionItem(Wire):
    id: str
    name: str
    mode: str
    state: StateName
    strategy_id: str | None
    strategy_version: int | None
    strategy_name: str
    universe: list[str]
    timeframe: str
    start: Instant | None
    end: Instant | None
    job_id: str
    created_at: Instant
    started_at: Instant | None
    ended_at: Instant | None
    errors: list[ProblemItem]
    result: ResultRow | None


class SessionDetail(SessionItem):
    document: dict[str, Any]
    account: AccountBody
    tolerates: list[Oddity]
    inputs: list[InputItem]
    view: LiveView


class JournalEntry(Wire):
    """One event with its number; `event` is what `core.domain.wire` writes: `{"v": 1, "type": "OrderFilled", …}`."""

    seq: int
    event: dict[str, Any]


class JournalPage(Wire):
    """Events after a number, in order; `last` is the newest there is."""

    items: list[JournalEntry]
    last: int


class JobView(Wire):
    """`fraction` is None while nobody knows; `result` names what it made, such as the session's id."""

    id: str
    kind: str
    state: StateName
    phase: str
    fraction: float | None
    elapsed_seconds: float
    remaining_seconds: float | None
    result: str | None
    errors: list[ProblemItem]
