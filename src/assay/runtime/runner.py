"""Sessions from the wish to the result: resolved, queued, run beside the event loop, and kept whole or ended with the reason.

A crash is a restart: a backtest that had not finished is run again on the bars that it had begun with, and comes to the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from assay.core.domain.errors import AccountError, DataError, LocatedError, Problem
from assay.core.domain.spec import ODDITIES, SessionSpec
from assay.core.engine.backtest import Inputs
from assay.core.engine.journal import Journal, play
from assay.core.indicators.compute import warm_up
from assay.runtime.history import History
from assay.runtime.hub import Hub
from assay.runtime.ids import new_id
from assay.runtime.inputs import again, document_of, find, ranges, silent
from assay.runtime.jobs import Job, JobRecord, Jobs
from assay.runtime.ports import CalendarOf, Candles, Clock, Desk, Store
from assay.runtime.proposal import Proposal, Resolved, resolve, stretches
from assay.runtime.records import InputRange, SessionRecord, State
from assay.runtime.tables import kept, record
from assay.runtime.tolerance import tolerated
from assay.runtime.workers import Workers

BARS_A_SECOND: Final = 2_000_000.0
"""What is expected until the first run was measured."""
OVERHEAD_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run would take. Where something is wrong with it, `problems` say what, and the rest is as much as is known."""

    bars: int
    instruments: int
    first_at: datetime | None
    last_at: datetime | None
    warm_up: int
    seconds: float
    problems: tuple[Problem, ...]


class Runner:
    """All sessions that run in this process, of every owner."""

    def __init__(
        self, clock: Clock, store: Store, candles: Candles, jobs: Jobs, hub: Hub[JobRecord], history: History, calendar_of: CalendarOf
    ) -> None:
        self._clock, self._store, self._candles, self._jobs, self._hub, self._history = clock, store, candles, jobs, hub, history
        self._calendar_of = calendar_of
        self._bars_a_second = BARS_A_SECOND

    async def start(self, desk: Desk, proposal: Proposal) -> SessionRecord:
        """Queue a session. Raises LocatedError with everything that is wrong with what was proposed."""
        resolved = await resolve(proposal, desk)
        await self._workers.run(stretches, self._candles, resolved.spec)
        now = self._clock.now()
        session = SessionRecord(
            id=new_id(now), owner=desk.owner, name=proposal.name or resolved.document.name, strategy_id=resolved.strategy_id,
            strategy_version=resolved.strategy_version, strategy_name=resolved.document.name, spec=resolved.spec, state=State.QUEUED,
            job_id=new_id(now), created_at=now, started_at=None, ended_at=None, problems=(), inputs=(), result=None,
        )  # fmt: skip
        await desk.sessions.create(session)
        self._queue(session)
        return session

    async def estimate(self, desk: Desk, proposal: Proposal) -> Forecast:
        """What `start` would do, without doing it; what it would raise is told instead."""
        try:
            resolved = await resolve(proposal, desk)
        except LocatedError as error:
            return Forecast(0, 0, None, None, 0, 0.0, error.errors)
        try:
            found = await self._workers.run(stretches, self._candles, resolved.spec)
        except LocatedError as error:
            return Forecast(0, len(resolved.spec.universe), None, None, warm_up(resolved.document), 0.0, error.errors)
        bars = sum(each.bars for each in found)
        first, last = min(each.first_at for each in found), max(each.last_at for each in found)
        seconds = OVERHEAD_SECONDS + bars / self._bars_a_second
        refused = await self._workers.run(_foreseen, self._candles, resolved, self._calendar_of)
        problems = (*_too_short(resolved, bars, len(found)), *refused)
        return Forecast(bars, len(found), first, last, warm_up(resolved.document), seconds, problems)

    async def stop(self, desk: Desk, session_id: str) -> SessionRecord | None:
        """A queued session ends at once, a running one with its phase; one that has ended stays as it is. None where there is none."""
        session = await desk.sessions.get(session_id)
        if session is None:
            return None
        self._jobs.stop(desk.owner, session.job_id)
        if session.state is State.QUEUED:
            await self._jobs.wait(session.job_id)
        return await desk.sessions.get(session_id)

    def resume(self, unfinished: Sequence[SessionRecord]) -> None:
        """Go on with what the last process left unfinished: from the beginning, which for a backtest is the same."""
        for session in unfinished:
            self._queue(session)

    @property
    def _workers(self) -> Workers:
        return self._jobs.workers

    def _queue(self, session: SessionRecord) -> None:
        async def work(job: Job) -> str:
            await self._run(session, job)
            return session.id

        async def ended(job: JobRecord) -> None:
            await self._ended(session, job)

        self._jobs.start(session.spec.mode.value, session.owner, work, job_id=session.job_id, ended=ended)

    async def _run(self, session: SessionRecord, job: Job) -> None:
        desk, began = self._store.desk(session.owner), self._clock.now()
        inputs, read = await job.phase("reading", 0.0, _read, session, self._candles, self._calendar_of, job)
        await desk.sessions.started(session.id, self._clock.now(), read)
        self._hub.wake(topic(session.id))
        journal = await job.phase("running", 0.3, _play, session.spec, inputs)
        made = await job.phase("measuring", 0.5, kept, journal, self._calendar_of)
        job.tell("writing", 0.7)
        job.publish()
        now = self._clock.now()
        await desk.sessions.finished(session.id, now, record(session, journal, made, now), made.tables)
        self._history.keep(session.id, journal)
        self._measure(read, (self._clock.now() - began).total_seconds())

    async def _ended(self, session: SessionRecord, job: JobRecord) -> None:
        """Whoever reads the session sees its end before the job tells it."""
        if job.state is not State.FINISHED:
            await self._store.desk(session.owner).sessions.ended(session.id, self._clock.now(), job.state, job.problems)
        self._hub.wake(topic(session.id))

    def _measure(self, read: Sequence[InputRange], seconds: float) -> None:
        """Half of what was thought and half of what was seen; small runs say nothing about large ones."""
        bars = sum(each.bars for each in read)
        if bars >= 100_000 and seconds > OVERHEAD_SECONDS:
            self._bars_a_second = 0.5 * (self._bars_a_second + bars / (seconds - OVERHEAD_SECONDS))


def topic(session_id: str) -> str:
    """Woken where a session's state has changed, or its journal has grown."""
    return f"session.{session_id}"


def _read(session: SessionRecord, candles: Candles, calendar_of: CalendarOf, job: Job) -> tuple[Inputs, tuple[InputRange, ...]]:
    """The bars, and what to know them by. A session that was begun before is run on what it had begun with.

    Raises DataError for bars that are not there, and for those that the session does not tolerate.
    """

    def tell(phase: str, fraction: float | None) -> None:
        job.tell(phase, None if fraction is None else 0.3 * fraction)

    if session.inputs:
        return again(candles, session.spec, session.inputs, tell), session.inputs
    inputs = find(candles, session.spec, tell)
    findings = tolerated(inputs.bars, session.spec, warm_up(document_of(session.spec)), calendar_of)
    return inputs, ranges(inputs, findings)


def _foreseen(candles: Candles, resolved: Resolved, calendar_of: CalendarOf) -> tuple[Problem, ...]:
    """What `_read` will refuse. Where all that is odd is tolerated, no bar is read: what is wrong was not let in."""
    if set(resolved.spec.tolerates) >= set(ODDITIES):
        return ()
    try:
        tolerated(find(candles, resolved.spec, silent).bars, resolved.spec, warm_up(resolved.document), calendar_of)
    except DataError as error:
        return error.errors
    return ()


def _play(spec: SessionSpec, inputs: Inputs) -> Journal:
    """What does not fit the data is located where it was ordered."""
    try:
        return play(document_of(spec), inputs, spec.account)
    except AccountError as error:
        raise AccountError([Problem(f"account.{each.path}", each.code, each.message) for each in error.errors]) from None


def _too_short(resolved: Resolved, bars: int, instruments: int) -> list[Problem]:
    needed = warm_up(resolved.document)
    if bars > needed * instruments:
        return []
    return [Problem("start", "too_short", f"{bars:,} bars, and the strategy needs {needed:,} before it decides anything")]
