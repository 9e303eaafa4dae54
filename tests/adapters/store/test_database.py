"""The database: its schema, its transactions, and what happens when many come at once."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import StatementError
from tests.adapters.store.records import at, document, finish, result

from assay.adapters.store import tables
from assay.adapters.store.database import Database, database
from assay.adapters.store.opened import SqlStore, opened
from assay.runtime.ports import UnavailableError

pytestmark = pytest.mark.anyio


async def test_the_revisions_lead_to_the_tables(rows: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": tables.metadata})
        return list(compare_metadata(context, tables.metadata))

    assert await rows.read(differences) == [], "write a revision in migrations/versions that makes them what tables.py says"


async def test_opening_again_finds_what_was_written(store: SqlStore, url: str, tmp_path: Path) -> None:
    await store.desk("ada").strategies.create("cross", document(), "h", at(0))
    async with opened(url, tmp_path) as again:
        assert await again.desk("ada").strategies.get("cross") == await store.desk("ada").strategies.get("cross")


async def test_two_that_open_a_new_database_at_once_both_get_one(tmp_path: Path) -> None:
    async def count() -> int:
        async with opened(f"sqlite:///{tmp_path}/new/assay.db", tmp_path) as store:
            return (await store.desk("ada").strategies.page(None, "name", 1, None)).total

    assert list(await asyncio.gather(count(), count(), count())) == [0, 0, 0]


async def test_sqlite_is_set_up_to_be_shared_and_to_last(rows: Database) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys")
    set_up: list[object] = await rows.read(lambda connection: [connection.execute(text(f"PRAGMA {name}")).scalar() for name in names])
    assert set_up == ["wal", 1, 1]


async def test_fifty_writes_and_fifty_reads_at_once_all_come_through(store: SqlStore) -> None:
    strategies = store.desk("ada").strategies
    await strategies.create("cross", document(), "h", at(0))

    async def save(number: int) -> None:
        await strategies.save("cross", document(number=number), f"h{number}", at(number))

    async def look() -> None:
        assert await strategies.get("cross") is not None

    await asyncio.gather(*(save(number) for number in range(50)), *(look() for _ in range(50)))
    versions = (await strategies.versions("cross", 100, None)).items
    assert [each.number for each in versions] == list(range(51, 0, -1))
    assert {each.document.get("number") for each in versions} == {None, *range(50)}


async def test_writes_of_two_stores_on_one_database_wait_for_each_other(url: str, tmp_path: Path) -> None:
    async with opened(url, tmp_path) as one, opened(url, tmp_path) as two:
        writes = [
            store.desk("ada").strategies.create(f"{name}{number}", document(), "h", at(0))
            for name, store in (("one", one), ("two", two))
            for number in range(25)
        ]
        await asyncio.gather(*writes)
        assert (await one.desk("ada").strategies.page(None, "name", 1, None)).total == 50


async def test_a_write_that_is_given_up_leaves_no_lock_behind(store: SqlStore) -> None:
    strategies = store.desk("ada").strategies
    for number in range(20):
        write = asyncio.ensure_future(strategies.create(f"id{number}", document(), "h", at(0)))
        await asyncio.sleep(0.0002 * number)
        write.cancel()
    await strategies.create("last", document(), "h", at(0))
    for each in (await strategies.page(None, "name", 100, None)).items:
        assert (await strategies.versions(each.id, 10, None)).total == 1, "a strategy without a version is half a write"


async def test_a_result_that_cannot_be_written_leaves_the_session_open(store: SqlStore) -> None:
    desk = store.desk("ada")
    with pytest.raises(StatementError, match="JSON"):
        await finish(desk, result(metrics={"sortino": float("nan")}))
    there = await desk.sessions.get("s1")
    assert there is not None
    assert (there.state, there.result) == ("queued", None)


async def test_a_database_that_does_not_answer_says_so(tmp_path: Path) -> None:
    (tmp_path / "assay.db").mkdir()
    with pytest.raises(UnavailableError, match="does not answer"):
        async with database(f"sqlite:///{tmp_path}/assay.db"):
            pass


async def test_a_database_that_breaks_meanwhile_is_not_ready(store: SqlStore, tmp_path: Path) -> None:
    await store.check()
    with sqlite3.connect(tmp_path / "assay.db") as direct:
        direct.execute("DROP TABLE config")
    direct.close()
    with pytest.raises(UnavailableError):
        await store.check()
