"""What sessions came to."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from assay.api.wire.message import Amount, Fraction, Instant, Wire


class Metrics(Wire):
    """The headline. Fractions as fractions, undefined as None; `all` has every metric by its name."""

    final_equity: Amount
    pnl: Amount
    total_return: Fraction | None
    buy_and_hold_return: Fraction | None
    max_drawdown: Fraction | None
    sharpe: float | None
    sortino: float | None
    calmar: float | None
    win_rate: Fraction | None
    profit_factor: float | None
    trades: int
    fees: Amount
    exposure_time: Fraction | None
    all: dict[str, float | None] = Field(default_factory=dict)


class ResultRow(Wire):
    """`sketch` are at most 64 marks of equity, for a small curve."""

    id: str
    strategy_id: str | None
    strategy_version: int | None
    strategy_name: str
    mode: str
    universe: list[str]
    timeframe: str
    first_at: Instant
    last_at: Instant
    bars: int
    ended_at: Instant
    run_id: str
    metrics: Metrics
    sketch: list[float]


class AccountBody(Wire):
    """Settings of the paper venue; what is left out is Assay's default. Bounds and meanings: SIMULATION."""

    cash: Amount = "10000"
    fee_rate: Fraction = 0.001
    maker_fee_rate: Fraction | None = None
    slippage_bps: float = 0.0
    lot: Amount = "0"
    tick: Amount = "0"
    leverage: float = 1.0
    maintenance_margin_rate: Fraction | None = None
    liquidation_fee_rate: Fraction = 0.0
    borrow_rate: Fraction = 0.0
    volume_cap: Fraction | None = None
    minimum_notional: Amount = "0"
    convention: str = "assay"


class Remark(Wire):
    """Something odd about bars that were run on all the same."""

    severity: Literal["info", "warning", "error"]
    code: str
    message: str
    count: int


class InputItem(Wire):
    """The bars of one instrument, known by their fingerprint; `findings` are of those that were decided on."""

    instrument: str
    timeframe: str
    first_at: Instant
    last_at: Instant
    bars: int
    fingerprint: str
    findings: list[Remark]


class Caveat(Wire):
    """Something that a reader of the result should know first: `low_sample`, `gaps`, `open_at_end`, `ruined`, …"""

    code: str
    message: str


class MonthReturn(Wire):
    """`value` is None from nothing on: of nothing there is no return."""

    year: int
    month: int
    value: Fraction | None


class Bucket(Wire):
    """Trades whose return lies in [low, high)."""

    low: Fraction
    high: Fraction
    trades: int


class OpenPosition(Wire):
    instrument: str
    direction: Literal["long", "short"]
    quantity: Amount
    entry_at: Instant
    entry_price: Amount
    mark: Amount
    fees: Amount
    unrealized_pnl: Amount


class ResultDetail(Wire):
    """A result in full, but for its long tables. `head` is the hash of its canonical columns: equal runs have equal heads."""

    result: ResultRow
    document: dict[str, Any]
    strategy_hash: str
    account: AccountBody
    inputs: list[InputItem]
    head: str
    engine: str
    warnings: list[Caveat]
    monthly: list[MonthReturn]
    distribution: list[Bucket]
    open_positions: list[OpenPosition]
    rules: dict[str, str]
    counts: dict[str, int]


class Trade(Wire):
    number: int
    instrument: str
    direction: Literal["long", "short"]
    quantity: Amount
    entry_at: Instant
    entry_price: Amount
    exit_at: Instant
    exit_price: Amount
    fees: Amount
    pnl: Amount
    trade_return: Fraction | None
    exit_reason: str
    bars_held: int


class Decision(Wire):
    """`reason` has the numbers that the rule saw; None where the bars have changed since, for then nobody can say."""

    number: int
    at: Instant
    instrument: str
    rule: str
    target: Fraction
    reason: str | None


class EquityColumns(Wire):
    """At most `points` marks: the last of each stretch, with the deepest drawdown in it. `time` in seconds since 1970, at the close."""

    time: list[int]
    equity: list[float]
    buy_and_hold: list[float]
    drawdown: list[float]


class Stats(Wire):
    runs: int
    profitable: int
    best: ResultRow | None
    mean_return: Fraction | None
    mean_sharpe: float | None
    trades: int


class Comparison(Wire):
    """Results side by side: their rows, and their curves on one scale (equity over cash) at common times."""

    results: list[ResultRow]
    time: list[int]
    growth: dict[str, list[float | None]]
