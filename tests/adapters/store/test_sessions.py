"""Sessions: written, ended once, deleted with all that came of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.adapters.store.records import INPUTS, at, result, session, tables

from assay.adapters.store.opened import SqlStore
from assay.core.domain.errors import Problem
from assay.runtime.records import State

pytestmark = pytest.mark.anyio


async def test_a_session_comes_back_as_it_was_written(store: SqlStore) -> None:
    sessions = store.desk("ada").sessions
    await sessions.create(session("ada"))
    assert await sessions.get("s1") == session("ada")
    await sessions.started("s1", at(1), INPUTS)
    assert await sessions.get("s1") == session("ada", state=State.RUNNING, started_at=at(1), inputs=INPUTS)
    await sessions.finished("s1", at(5), result(), tables())
    finished = session("ada", state=State.FINISHED, started_at=at(1), inputs=INPUTS, ended_at=at(5), result=result())
    assert await sessions.get("s1") == finished
    assert (await sessions.page(None, None, 10, None)).items == (finished,)


async def test_an_end_is_told_once(store: SqlStore, tmp_path: Path) -> None:
    desk = store.desk("ada")
    await desk.sessions.create(session("ada"))
    await desk.sessions.finished("s1", at(5), result(), tables())
    before = await desk.sessions.get("s1")
    written = {path: path.stat().st_mtime_ns for path in (tmp_path / "sessions").rglob("*")}
    await desk.sessions.finished("s1", at(6), result(run_id="another"), {})
    await desk.sessions.ended("s1", at(7), State.FAILED, [Problem("", "late", "too late")])
    await desk.sessions.started("s1", at(8), INPUTS)
    assert await desk.sessions.get("s1") == before
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "sessions").rglob("*")} == written


@pytest.mark.parametrize("state", [State.FAILED, State.STOPPED])
async def test_what_has_no_result_says_why_and_never_gets_one(store: SqlStore, tmp_path: Path, state: State) -> None:
    desk = store.desk("ada")
    problems = (Problem("universe[0]", "no_data", "there are no bars"),)
    await desk.sessions.create(session("ada"))
    await desk.sessions.ended("s1", at(3), state, problems)
    await desk.sessions.finished("s1", at(5), result(), tables())
    assert await desk.sessions.get("s1") == session("ada", state=state, ended_at=at(3), problems=problems)
    assert await desk.results.get("s1") is None
    assert not list((tmp_path / "sessions").glob("*"))


async def test_a_session_is_deleted_with_its_result_and_its_columns(store: SqlStore, tmp_path: Path) -> None:
    desk = store.desk("ada")
    await desk.sessions.create(session("ada"))
    await desk.sessions.finished("s1", at(5), result(), tables())
    assert await desk.sessions.delete("s1")
    assert not await desk.sessions.delete("s1")
    assert await desk.sessions.get("s1") is None
    assert await desk.results.get("s1") is None
    assert await desk.results.table("s1", "trades") is None
    assert not list((tmp_path / "sessions").glob("*"))


async def test_a_start_goes_on_with_what_had_not_ended_of_every_owner_oldest_first(store: SqlStore) -> None:
    ada, bob = store.desk("ada").sessions, store.desk("bob").sessions
    await bob.create(session("bob", "b1", created_at=at(2)))
    await ada.create(session("ada", "a1", created_at=at(1)))
    await ada.create(session("ada", "a2", created_at=at(0)))
    await ada.create(session("ada", "a3", created_at=at(3)))
    await ada.started("a3", at(4), INPUTS)
    await ada.ended("a2", at(5), State.STOPPED, [])
    assert [(each.owner, each.id, each.state) for each in await store.unfinished()] == [
        ("ada", "a1", State.QUEUED),
        ("bob", "b1", State.QUEUED),
        ("ada", "a3", State.RUNNING),
    ]


async def test_the_list_is_newest_first_and_sought_by_name_strategy_instrument_and_id(store: SqlStore) -> None:
    sessions = store.desk("ada").sessions
    for number in range(5):
        await sessions.create(session("ada", f"s{number}", created_at=at(number), name=f"ÜBUNG {number}"))
    await sessions.ended("s2", at(9), State.FAILED, [])

    async def found(state: State | None, search: str | None) -> list[str]:
        return [each.id for each in (await sessions.page(state, search, 10, None)).items]

    assert await found(None, None) == ["s4", "s3", "s2", "s1", "s0"]
    assert await found(State.FAILED, None) == ["s2"]
    assert await found(None, "übung 3") == ["s3"]
    assert await found(None, "eth/usdt") == ["s4", "s3", "s2", "s1", "s0"]
    assert await found(None, "s1") == ["s1"]
    assert await found(None, "%") == await found(None, "_") == []
