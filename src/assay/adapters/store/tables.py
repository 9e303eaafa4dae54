"""The tables. What lists are sorted by is a column with an index; what is only shown is JSON.

Every row that belongs to somebody carries its owner, also where another table could tell.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)


class Utc(TypeDecorator[datetime]):
    """An aware instant in UTC; SQLite forgets the zone, so it is given back."""

    impl = DateTime(timezone=True)
    cache_ok = True
    python_type = datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        assert value is None or value.tzinfo is not None, "times are aware"
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """Plain values as text. Python's own writer, for it keeps integers of any size and gives every float back exactly."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        return json.dumps(value, allow_nan=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


# Names of constraints are spelled out, so that a migration can drop what it made on every database.
metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

strategies: Final = Table(
    "strategies",
    metadata,
    Column("id", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("template", String),
    Column("newest", Integer, nullable=False),
    Column("in_force", Integer),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    Column("sought", Text, nullable=False),
    Index(None, "owner", "name_key", "id"),
    Index(None, "owner", "created_at", "id"),
    Index(None, "owner", "updated_at", "id"),
)

versions: Final = Table(
    "versions",
    metadata,
    Column("strategy_id", String, ForeignKey("strategies.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("owner", String, nullable=False),
    Column("document", Json, nullable=False),
    Column("hash", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("created_at", Utc, nullable=False),
)

# No foreign key to the strategy: a session carries its own document and outlives it.
sessions: Final = Table(
    "sessions",
    metadata,
    Column("id", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("name", Text, nullable=False),
    Column("strategy_id", String),
    Column("strategy_version", Integer),
    Column("strategy_name", Text, nullable=False),
    Column("spec", Json, nullable=False),
    Column("state", String, nullable=False),
    Column("job_id", String, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("started_at", Utc),
    Column("ended_at", Utc),
    Column("problems", Json, nullable=False),
    Column("inputs", Json, nullable=False),
    Column("sought", Text, nullable=False),
    Index(None, "owner", "created_at", "id"),
    Index(None, "state", "created_at"),
)

SORTED_METRICS: Final = ("total_return", "max_drawdown", "sharpe", "trades", "win_rate", "profit_factor", "final_equity")
"""The metrics that have a column of their own, beside the JSON of all of them."""

results: Final = Table(
    "results",
    metadata,
    Column("session_id", String, ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("owner", String, nullable=False),
    Column("strategy_id", String),
    Column("strategy_version", Integer),
    Column("strategy_name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("mode", String, nullable=False),
    Column("universe", Json, nullable=False),
    Column("instruments", Text, nullable=False),
    Column("timeframe", String, nullable=False),
    Column("first_at", Utc, nullable=False),
    Column("last_at", Utc, nullable=False),
    Column("bars", Integer, nullable=False),
    Column("ended_at", Utc, nullable=False),
    Column("run_id", String, nullable=False),
    Column("head", String, nullable=False),
    Column("metrics", Json, nullable=False),
    Column("sketch", Json, nullable=False),
    *(Column(name, Integer if name == "trades" else Float) for name in SORTED_METRICS),
    Column("sought", Text, nullable=False),
    Index(None, "owner", "strategy_id", "ended_at", "session_id"),
    Index(None, "owner", "ended_at", "session_id"),
    Index(None, "owner", "name_key", "session_id"),
    Index(None, "owner", "bars", "session_id"),
    *(Index(None, "owner", name, "session_id") for name in SORTED_METRICS),
)

watchlists: Final = Table(
    "watchlists",
    metadata,
    Column("id", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("instruments", Json, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    Index(None, "owner", "name_key", "id"),
)

answers: Final = Table(
    "answers",
    metadata,
    Column("owner", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("route", String, primary_key=True),
    Column("request_hash", String, nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", Json, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", Utc, nullable=False),
    Index(None, "at"),
)

# The machine's, not a person's.
config: Final = Table(
    "config",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Json, nullable=False),
    Column("updated_at", Utc, nullable=False),
)
