"""Journals of finished sessions, made again from their bars when somebody reads them, and kept while there is room.

A backtest's journal is not written down: its inputs are known by fingerprint, and the same inputs leave the same events. Where they, or
the engine, are not the same any more, that is said instead of telling another story under the session's name.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Final

from assay.core.domain.errors import Problem
from assay.core.engine.backtest import ENGINE
from assay.core.engine.journal import Journal, play
from assay.core.engine.trace import Trace
from assay.core.results.head import head
from assay.runtime.inputs import ChangedError, again, document_of
from assay.runtime.ports import Candles
from assay.runtime.records import SessionRecord
from assay.runtime.workers import Workers

ROOM: Final = 512 * 1024 * 1024


class History:
    """`room` is how many bytes of journals are kept; the one that was read last always is."""

    def __init__(self, candles: Candles, workers: Workers, room: int = ROOM) -> None:
        self._candles, self._workers, self._room = candles, workers, room
        self._kept: OrderedDict[str, tuple[Trace, int]] = OrderedDict()
        self._made: dict[str, asyncio.Task[Trace]] = {}

    async def journal(self, session: SessionRecord) -> Journal:
        """Of a session that has a result. Raises ChangedError where it cannot be made again; many who ask at once wait for one run."""
        return (await self.trace(session)).journal

    async def trace(self, session: SessionRecord) -> Trace:
        """The same, with what came of every close; that is computed where somebody asks it, beside the event loop."""
        assert session.result is not None, "only a finished session has a journal"
        if session.id in self._kept:
            self._kept.move_to_end(session.id)
            return self._kept[session.id][0]
        task = self._made.get(session.id)
        if task is None:
            task = self._made[session.id] = asyncio.create_task(self._make(session))
            task.add_done_callback(lambda _: self._made.pop(session.id, None))
        return await asyncio.shield(task)

    def kept(self, session_id: str) -> Journal | None:
        """Only where it is at hand."""
        return self._kept[session_id][0].journal if session_id in self._kept else None

    def keep(self, session_id: str, journal: Journal) -> None:
        """The journal of a run that was just made; it will be read next."""
        self._kept[session_id] = (Trace(journal), weight(journal))
        self._kept.move_to_end(session_id)
        while len(self._kept) > 1 and sum(size for _, size in self._kept.values()) > self._room:
            self._kept.popitem(last=False)

    def forget(self, session_id: str) -> None:
        self._kept.pop(session_id, None)

    async def _make(self, session: SessionRecord) -> Trace:
        self.keep(session.id, await self._workers.run(remade, session, self._candles))
        return self._kept[session.id][0]


def remade(session: SessionRecord, candles: Candles) -> Journal:
    """The same run again. Blocks. Raises ChangedError."""
    assert session.result is not None
    journal = play(document_of(session.spec), again(candles, session.spec, session.inputs), session.spec.account)
    if head(journal.result) != session.result.head:
        message = f"this ran on another version of the engine than {ENGINE}, which comes to something else; run it again"
        raise ChangedError([Problem("engine", "engine_changed", message)])
    return journal


def weight(journal: Journal) -> int:
    """Bytes that a journal holds on to, near enough: its bars, its series and what the kernel left."""
    bars = sum(6 * each.ts.nbytes for each in journal.inputs.bars.values())
    series = sum({id(column): column.nbytes for columns in journal.columns for column in columns.series.values()}.values())
    return bars + series + journal.run.state.nbytes + 3 * journal.run.equity.nbytes
