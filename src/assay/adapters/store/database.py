"""The database: its engine, its transactions, and the way to its newest schema.

Statements block, so they run in threads of their own: one that writes, for SQLite lets only one write at a time and a line is kinder than
a lock, and a few that read what was true when they began. A transaction is one call in one thread: a request that is given up in the
middle leaves nothing half done and no lock behind.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from assay.runtime.ports import UnavailableError

T = TypeVar("T")
Work: TypeAlias = Callable[[Connection], T]

MIGRATIONS: Final = Path(__file__).parent / "migrations"
READERS: Final = 4
BUSY_MS: Final = 10_000
"""For how long another process may hold the lock."""


class Database:
    """Transactions on one engine. Both kinds raise UnavailableError where the database does not answer."""

    def __init__(self, engine: Engine) -> None:
        self._engine: Final = engine
        self._readers: Final = ThreadPoolExecutor(READERS, "store-reads")
        self._writer: Final = ThreadPoolExecutor(1, "store-writes")

    async def read(self, work: Work[T]) -> T:
        """One view of the data, whatever is written meanwhile."""
        return await self._in(self._readers, False, work)

    async def write(self, work: Work[T]) -> T:
        """Everything that is done within, or nothing where it raises."""
        return await self._in(self._writer, True, work)

    async def _in(self, threads: Executor, writes: bool, work: Work[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(threads, partial(_transact, self._engine, work, writes=writes))

    def close(self) -> None:
        """Once everything that was begun is done."""
        self._readers.shutdown()
        self._writer.shutdown()
        self._engine.dispose()


@asynccontextmanager
async def database(url: str) -> AsyncIterator[Database]:
    """The database at `url`, at its newest schema. Raises UnavailableError where it cannot be reached."""
    address = make_url(url)
    await asyncio.to_thread(_upgrade, address)
    opened = Database(_engine(address, foreign_keys=True))
    try:
        yield opened
    finally:
        await asyncio.to_thread(opened.close)


def upgrade(connection: Connection) -> None:
    """Every revision that is missing, within the transaction of the caller: all or none."""
    if _revision(connection) == newest():
        return
    from alembic import command  # nearly every start finds nothing to do, and need not wait for it to load
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")


def newest() -> str:
    """The last revision; each is named by the number that its file begins with."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(address: URL) -> None:
    """Without foreign keys, for a table that is made anew must not take its children along."""
    engine = _engine(address, foreign_keys=False)
    try:
        _transact(engine, upgrade, writes=True)
    finally:
        engine.dispose()


def _transact(engine: Engine, work: Work[T], *, writes: bool) -> T:
    with _answering(), engine.connect() as connection:
        connection.execution_options(assay_writes=writes)
        with connection.begin():
            return work(connection)


def _engine(address: URL, *, foreign_keys: bool) -> Engine:
    engine = create_engine(address, pool_size=READERS + 1, max_overflow=0)
    if engine.dialect.name == "sqlite":
        if address.database:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        _tune(engine, foreign_keys)
    return engine


def _tune(engine: Engine, foreign_keys: bool) -> None:
    """SQLite as it should have been from the start."""

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: object) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes late, and not at all before DDL
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        """Whoever writes takes the lock at the first word and does not find out at the last that somebody was faster."""
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("assay_writes") else "BEGIN")


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        reason = error.orig if isinstance(error, DBAPIError) else error
        raise UnavailableError(f"the database does not answer: {reason}") from error
