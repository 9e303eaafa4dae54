"""Answers to writes by idempotency key: the first that was given stands for a day, and each new one sweeps what is older."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from assay.adapters.store import tables
from assay.adapters.store.owned import Owned, Write, rows
from assay.runtime.records import Answer

KEPT: Final = timedelta(days=1)
_ROWS: Final = rows(tables.answers)


class SqlAnswers:
    """`runtime.ports.Answers` of one owner."""

    def __init__(self, owned: Owned) -> None:
        self._owned = owned

    async def get(self, key: str, route: str) -> Answer | None:
        row = await self._owned.one(select(_ROWS).where(_ROWS.c.key == key, _ROWS.c.route == route))
        return None if row is None else Answer(row["request_hash"], row["status"], row["headers"], row["body"])

    async def keep(self, key: str, route: str, answer: Answer, at: datetime) -> None:
        same = select(_ROWS.c.key).where(_ROWS.c.key == key, _ROWS.c.route == route)
        values = {"request_hash": answer.request_hash, "status": answer.status, "headers": dict(answer.headers), "body": answer.body}

        def work(write: Write) -> None:
            write.delete(tables.answers, tables.answers.c.at < at - KEPT)
            if write.execute(same).one_or_none() is None:
                write.insert(tables.answers, {"key": key, "route": route, **values, "at": at})

        await self._owned.write(work)
