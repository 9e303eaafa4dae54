"""The dashboard, the configuration, and how the process is."""

from __future__ import annotations

from typing import Any, Literal

from assay.api.wire.message import Fraction, Instant, Wire
from assay.api.wire.results import ResultRow


class Delta(Wire):
    """A count now, and what it grew by in the last seven days."""

    value: int
    last_week: int


class DashboardStats(Wire):
    strategies: Delta
    runs: Delta
    profitable: int
    mean_return: Fraction | None
    best: ResultRow | None
    running: int
    bars_stored: int
    instruments: int


class Activity(Wire):
    """Newest first. `link` is a path of the web."""

    at: Instant
    kind: Literal["session_finished", "session_failed", "strategy_created", "strategy_saved", "candles_imported"]
    subject: str
    detail: str
    value: Fraction | None
    link: str


class QuickStartStep(Wire):
    id: Literal["look_at_result", "save_strategy", "run_backtest", "import_candles", "compare_results"]
    done: bool
    link: str


class ConfigField(Wire):
    """One setting. A secret shows as `••••`; `restart` says that it takes effect with the next start."""

    name: str
    value: Any
    default: Any
    kind: Literal["integer", "number", "text", "boolean", "choice"]
    choices: list[str] | None
    low: float | None
    high: float | None
    unit: str | None
    secret: bool
    restart: bool
    source: Literal["default", "environment", "saved"]
    description: str


class Config(Wire):
    fields: list[ConfigField]


class ConfigChange(Wire):
    """New values by name; the others stay."""

    values: dict[str, Any]


class VersionInfo(Wire):
    name: str
    version: str
    engine: str
    python: str
    api: str


class Health(Wire):
    """`checks` by name: `ok`, or what is wrong."""

    status: Literal["ok", "starting", "failing"]
    checks: dict[str, str]
    uptime_seconds: float
