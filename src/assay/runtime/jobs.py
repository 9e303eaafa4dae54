"""Long work: at most so many at once, each says how far it is at least five times a second, and none fails in silence.

A job belongs to the event loop; what it computes runs in the workers. A computation only leaves a note of how far it is (`tell`), which
the job's heartbeat picks up: a loop that tells a million times costs the event loop nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, ParamSpec, TypeAlias, TypeVar

import structlog

from assay.core.domain.errors import LocatedError, Problem
from assay.runtime.hub import Hub
from assay.runtime.ids import new_id
from assay.runtime.ports import Clock
from assay.runtime.records import State
from assay.runtime.workers import Workers

Given = ParamSpec("Given")
T = TypeVar("T")
Work: TypeAlias = Callable[["Job"], Awaitable[str | None]]
"""What a job does; the answer names what it made."""
Ended: TypeAlias = Callable[["JobRecord"], Awaitable[None]]
"""Told of a job's end before anybody else is, so that what it came to is durable when it is heard of."""
Pause: TypeAlias = Callable[[float], Awaitable[None]]

BEAT_SECONDS: Final = 0.1
WAITING_AT_ONCE: Final = 16
KEPT: Final = timedelta(hours=1)
KEPT_MOST: Final = 1_000
TELLING_FRACTION: Final = 0.02
"""Below it a remaining time would be a guess."""

log = structlog.get_logger()


async def nobody(record: JobRecord) -> None:
    """Nobody has to be told."""


class StoppedError(Exception):
    """Somebody stopped the job; raised inside it where it next says how far it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """A job as it stands. `fraction` and `remaining_seconds` are None while nobody knows; `result` names what was made."""

    id: str
    owner: str
    kind: str
    state: State
    phase: str
    fraction: float | None
    elapsed_seconds: float
    remaining_seconds: float | None
    result: str | None
    problems: tuple[Problem, ...]
    ended_at: datetime | None


class Job:
    """One job, as the work inside it sees it."""

    def __init__(self, jobs: Jobs, record: JobRecord, ended: Ended, waits: bool) -> None:
        self._jobs = jobs
        self.waits = waits
        self.ended = ended
        self._told: tuple[str, float | None] = ("", None)
        self.record = record
        self.stopping = False
        self.task: asyncio.Task[None] | None = None

    def tell(self, phase: str, fraction: float | None) -> None:
        """How far it is; from any thread. Raises StoppedError where somebody wants the job to stop."""
        if self.stopping:
            raise StoppedError
        self._told = (phase, fraction)

    async def phase(self, name: str, fraction: float | None, function: Callable[Given, T], *args: Given.args, **kwargs: Given.kwargs) -> T:
        """Compute a phase in the workers; the job can be stopped between phases. `fraction` of the whole is behind it."""
        self.tell(name, fraction)
        self.publish()
        answer = await self._jobs.workers.run(function, *args, **kwargs)
        self.tell(*self._told)
        return answer

    def publish(self) -> None:
        """Everybody who listens sees the job as it is at this instant."""
        self._jobs.publish(self)

    def at(self, elapsed: float) -> JobRecord:
        """The record with what was told last, so many seconds after the start."""
        phase, fraction = self._told
        known = fraction is not None and fraction >= TELLING_FRACTION
        remaining = elapsed * (1.0 - fraction) / fraction if known and fraction is not None else None
        return replace(self.record, phase=phase, fraction=fraction, elapsed_seconds=elapsed, remaining_seconds=remaining)


class Jobs:
    """All jobs of the process, of every owner; finished ones are kept for an hour."""

    def __init__(
        self, clock: Clock, hub: Hub[JobRecord], workers: Workers, *, at_once: int | None = None, pause: Pause = asyncio.sleep
    ) -> None:
        self.workers = workers
        self._clock, self._hub, self._pause = clock, hub, pause
        self._turn = asyncio.Semaphore(at_once or workers.count)
        self._waiting = asyncio.Semaphore(WAITING_AT_ONCE)
        self._jobs: dict[str, Job] = {}
        self._started: dict[str, datetime] = {}

    def start(
        self, kind: str, owner: str, work: Work, *, job_id: str | None = None, ended: Ended = nobody, waits: bool = False
    ) -> JobRecord:
        """Queue work; it begins when it is its turn. `job_id` is given by what is gone on with after a crash.

        Work that `waits`, for somebody outside, takes no turn from what computes, and may be broken off wherever it waits.
        """
        self._drop_old()
        record = JobRecord(
            id=job_id or new_id(self._clock.now()), owner=owner, kind=kind, state=State.QUEUED, phase="", fraction=None,
            elapsed_seconds=0.0, remaining_seconds=None, result=None, problems=(), ended_at=None,
        )  # fmt: skip
        job = self._jobs[record.id] = Job(self, record, ended, waits)
        self.publish(job)
        job.task = asyncio.create_task(self._run(job, work), name=f"job {record.id}")
        return record

    def get(self, owner: str, job_id: str) -> JobRecord | None:
        """None where there is none of that owner."""
        job = self._jobs.get(job_id)
        return self._now(job) if job is not None and job.record.owner == owner else None

    def all(self, owner: str) -> list[JobRecord]:
        """Newest first."""
        return [self._now(job) for job in reversed(self._jobs.values()) if job.record.owner == owner]

    def stop(self, owner: str, job_id: str) -> bool:
        """A queued job and one that waits stop at once, one that computes with its phase. False where there is nothing to stop."""
        job = self._jobs.get(job_id)
        if job is None or job.record.owner != owner or job.record.state.is_final or job.task is None:
            return False
        job.stopping = True
        if job.record.state is State.QUEUED or job.waits:
            job.task.cancel()
        return True

    async def wait(self, job_id: str) -> None:
        """Until the job has ended, however it did."""
        job = self._jobs.get(job_id)
        if job is not None and job.task is not None:
            await asyncio.wait([job.task])

    async def close(self) -> None:
        """The process ends: jobs are let go of where they are. What was durable is gone on with at the next start."""
        tasks = [job.task for job in self._jobs.values() if job.task is not None and not job.task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def publish(self, job: Job) -> None:
        """On `jobs.{id}`."""
        job.record = self._now(job)
        self._hub.publish(topic(job.record.id), job.record)

    async def _run(self, job: Job, work: Work) -> None:
        try:
            async with self._waiting if job.waits else self._turn:
                await self._work(job, work)
        except asyncio.CancelledError:
            if not job.stopping:
                raise
            await self._end(job, State.STOPPED)

    async def _work(self, job: Job, work: Work) -> None:
        self._started[job.record.id] = self._clock.now()
        job.record = replace(job.record, state=State.RUNNING)
        self.publish(job)
        beat = asyncio.create_task(self._beat(job))
        try:
            end = await self._outcome(job, work)
        finally:
            beat.cancel()
        await self._end(job, *end)

    async def _outcome(self, job: Job, work: Work) -> tuple[State, str | None, tuple[Problem, ...]]:
        try:
            return State.FINISHED, await work(job), ()
        except StoppedError:
            return State.STOPPED, None, ()
        except LocatedError as error:
            return State.FAILED, None, error.errors
        except Exception:  # noqa: BLE001 - whatever it is, it is logged in full and the job says that it failed
            return State.FAILED, None, (internal(job.record.id),)

    async def _beat(self, job: Job) -> None:
        """What was told since the last beat, and the time that passes where nothing was."""
        while True:
            await self._pause(BEAT_SECONDS)
            self.publish(job)

    async def _end(self, job: Job, state: State, result: str | None = None, problems: tuple[Problem, ...] = ()) -> None:
        now = self._now(job)
        fraction = 1.0 if state is State.FINISHED else now.fraction
        ended = replace(
            now, state=state, fraction=fraction, remaining_seconds=None, result=result, problems=problems, ended_at=self._clock.now()
        )
        try:
            await job.ended(ended)
        except Exception:  # noqa: BLE001 - the end cannot be made durable: it is logged, and told all the same
            ended = replace(ended, state=State.FAILED, result=None, problems=(internal(job.record.id),))
        job.record = ended
        self.publish(job)

    def _now(self, job: Job) -> JobRecord:
        started = self._started.get(job.record.id)
        if job.record.state is not State.RUNNING or started is None:
            return job.record
        return job.at((self._clock.now() - started).total_seconds())

    def _drop_old(self) -> None:
        """Ended jobs after an hour, and the oldest of them sooner where there are too many."""
        ended = [job.record for job in self._jobs.values() if job.record.ended_at is not None]
        limit = self._clock.now() - KEPT
        for place, record in enumerate(ended):
            if (record.ended_at is not None and record.ended_at < limit) or len(ended) - place > KEPT_MOST:
                del self._jobs[record.id]
                self._started.pop(record.id, None)
                self._hub.forget(topic(record.id))


def topic(job_id: str) -> str:
    """What a job says it says here."""
    return f"jobs.{job_id}"


def internal(trace_id: str) -> Problem:
    """The exception that is being handled goes to the log in full, and to the user as a number to ask for."""
    log.exception("something failed for no reason that it knows", trace_id=trace_id)
    return Problem("", "internal", f"something went wrong inside Assay; the log has it under {trace_id}")
