"""Sessions from their order to their end. The end is told once: what comes after it finds no row to change."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
import polars as pl
from sqlalchemy import ColumnElement, FromClause, RowMapping, Select, select

from assay.adapters.store import tables
from assay.adapters.store.columns import Columns
from assay.adapters.store.owned import Owned, Write, rows
from assay.adapters.store.paging import Order, fold, page, seeks
from assay.adapters.store.results import record_of, row_of
from assay.core.domain.errors import Problem
from assay.core.domain.spec import SessionSpec
from assay.runtime.ports import Table
from assay.runtime.records import InputRange, Page, ResultRecord, SessionRecord, State

UNFINISHED: Final = tuple(state.value for state in State if not state.is_final)


_SESSIONS: Final = rows(tables.sessions)
_RESULTS: Final = rows(tables.results)
_LISTING: Final[Select[Any]] = select(_SESSIONS, _RESULTS).select_from(
    _SESSIONS.outerjoin(_RESULTS, _RESULTS.c.session_id == _SESSIONS.c.id)
)


class SqlSessions:
    """`runtime.ports.Sessions` of one owner. `changing` is held while columns and rows are changed together."""

    def __init__(self, owned: Owned, columns: Columns, changing: asyncio.Lock) -> None:
        self._owned = owned
        self._columns = columns
        self._changing = changing

    async def create(self, record: SessionRecord) -> None:
        assert record.owner == self._owned.owner, "a session is written at its owner's desk"
        assert record.result is None, "a session comes to its result by `finished`"
        await self._owned.write(lambda write: write.insert(tables.sessions, _row_of(record)))

    async def get(self, session_id: str) -> SessionRecord | None:
        row = await self._owned.one(_LISTING.where(_SESSIONS.c.id == session_id))
        return None if row is None else _listed(row)

    async def page(self, state: State | None, search: str | None, limit: int, cursor: str | None) -> Page[SessionRecord]:
        query = _LISTING
        if state is not None:
            query = query.where(_SESSIONS.c.state == state.value)
        if search is not None:
            query = query.where(seeks(_SESSIONS.c.sought, search))
        order = Order(_SESSIONS.c.created_at, _SESSIONS.c.id, descending=True)
        of_list = ("sessions", None if state is None else state.value, search)
        return await self._owned.read(lambda read: page(read, query, order, limit, cursor, of_list, _listed))

    async def started(self, session_id: str, at: datetime, inputs: Sequence[InputRange]) -> None:
        values = {"state": State.RUNNING.value, "started_at": at, "inputs": msgspec.to_builtins(list(inputs))}
        await self._owned.write(lambda write: write.update(tables.sessions, *_open(session_id), **values))

    async def finished(self, session_id: str, at: datetime, result: ResultRecord, tables_of: Mapping[Table, pl.DataFrame]) -> None:
        assert result.session_id == session_id, "a result has its session's id"

        def work(write: Write) -> None:
            if write.update(tables.sessions, *_open(session_id), state=State.FINISHED.value, ended_at=at):
                write.insert(tables.results, row_of(result))

        async with self._changing:
            if not await self._is_open(session_id):
                return
            await self._columns.write(session_id, tables_of)
            await self._owned.write(work)

    async def ended(self, session_id: str, at: datetime, state: State, problems: Sequence[Problem]) -> None:
        assert state in (State.FAILED, State.STOPPED), f"{state} is no end without a result"
        values = {"state": state.value, "ended_at": at, "problems": msgspec.to_builtins(list(problems))}
        async with self._changing:
            await self._owned.write(lambda write: write.update(tables.sessions, *_open(session_id), **values))

    async def delete(self, session_id: str) -> bool:
        """The row first: columns without a row are swept, a row without its columns would be a lie."""
        async with self._changing:
            there = await self._owned.write(lambda write: write.delete(tables.sessions, tables.sessions.c.id == session_id)) > 0
            if there:
                await self._columns.remove(session_id)
        return there

    async def _is_open(self, session_id: str) -> bool:
        query = select(_SESSIONS.c.id).where(_SESSIONS.c.id == session_id, _SESSIONS.c.state.in_(UNFINISHED))
        return await self._owned.one(query) is not None


def session_of(row: RowMapping, sessions: FromClause, results: FromClause | None) -> SessionRecord:
    """From a row that holds the columns of `sessions`, and those of `results` where it was joined."""
    result = None if results is None or row[results.c.session_id] is None else record_of(row, results)
    plain: Mapping[str, Any] = {name: row[sessions.c[name]] for name in _PLAIN}
    return SessionRecord(
        **plain,
        spec=msgspec.convert(row[sessions.c.spec], SessionSpec),
        state=State(row[sessions.c.state]),
        problems=msgspec.convert(row[sessions.c.problems], tuple[Problem, ...]),
        inputs=msgspec.convert(row[sessions.c.inputs], tuple[InputRange, ...]),
        result=result,
    )


_PLAIN: Final = (
    "id", "owner", "name", "strategy_id", "strategy_version", "strategy_name", "job_id", "created_at", "started_at", "ended_at",
)  # fmt: skip


def _listed(row: RowMapping) -> SessionRecord:
    return session_of(row, _SESSIONS, _RESULTS)


def _row_of(record: SessionRecord) -> dict[str, Any]:
    """All columns but the owner."""
    return {
        **{name: getattr(record, name) for name in _PLAIN if name != "owner"},
        "spec": msgspec.to_builtins(record.spec),
        "state": record.state.value,
        "problems": msgspec.to_builtins(list(record.problems)),
        "inputs": msgspec.to_builtins(list(record.inputs)),
        "sought": fold(record.name, record.strategy_name, *record.spec.universe, record.id),
    }


def _open(session_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The session, unless it has ended."""
    return tables.sessions.c.id == session_id, tables.sessions.c.state.in_(UNFINISHED)
