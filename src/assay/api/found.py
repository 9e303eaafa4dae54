"""What a path names, found at the desk of whoever asks; what is not there, or is another's, is answered with 404."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import polars as pl

from assay.api.platform import Platform
from assay.api.problems import RefusedError, not_found
from assay.core.engine.journal import Journal
from assay.core.engine.trace import Trace
from assay.runtime.inputs import ChangedError
from assay.runtime.ports import Desk, Table
from assay.runtime.records import ResultRecord, SessionRecord

Found = TypeVar("Found")


def there(found: Found | None, what: str, name: str) -> Found:
    """The thing itself. Raises RefusedError where there is none."""
    if found is None:
        raise not_found(what, name)
    return found


async def session_of(desk: Desk, session_id: str) -> SessionRecord:
    """One of the desk's sessions."""
    return there(await desk.sessions.get(session_id), "session", session_id)


async def result_of(desk: Desk, session_id: str) -> tuple[SessionRecord, ResultRecord]:
    """A session that has a result, and the result."""
    session = there(await desk.sessions.get(session_id), "result", session_id)
    return session, there(session.result, "result", session_id)


async def table_of(desk: Desk, session_id: str, name: Table) -> pl.DataFrame:
    """Columns of a result."""
    return there(await desk.results.table(session_id, name), "result", session_id)


async def journal_of(at: Platform, session: SessionRecord) -> Journal:
    """Of a session that has a result. Where its bars have changed since, that is the answer."""
    return (await trace_of(at, session)).journal


async def trace_of(at: Platform, session: SessionRecord) -> Trace:
    """The same, with what came of every close."""
    try:
        return await at.history.trace(session)
    except ChangedError as error:
        raise RefusedError(409, error.errors[0].code, str(error.errors[0]), error.errors) from None


async def reasons_of(at: Platform, session: SessionRecord, rows: Sequence[int]) -> list[str | None]:
    """Why these decisions were made; None for each where the bars have changed since."""
    try:
        journal = await at.history.journal(session)
    except ChangedError:
        return [None] * len(rows)
    return list(journal.explained(rows))
