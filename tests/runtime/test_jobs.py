"""Long work says how far it is, ends in one way that is told, and is never more at once than there is room for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from itertools import pairwise

import pytest
from tests.runtime.conftest import TestClock

from assay.core.domain.errors import DataError, Problem
from assay.runtime.hub import Hub
from assay.runtime.jobs import BEAT_SECONDS, Job, JobRecord, Jobs, topic
from assay.runtime.records import State
from assay.runtime.workers import Workers

pytestmark = pytest.mark.anyio


@pytest.fixture
def workers() -> Iterator[Workers]:
    workers = Workers(2)
    yield workers
    workers.close()


class Heard(Hub[JobRecord]):
    """A hub that remembers everything that was said."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[JobRecord] = []

    def publish(self, topic: str, value: JobRecord) -> None:
        self.records.append(value)
        super().publish(topic, value)


class Paced:
    """A pause that takes no time: the clock moves instead, as far as the pause is long."""

    def __init__(self, clock: TestClock) -> None:
        self.clock = clock
        self.beats = 0

    async def __call__(self, seconds: float) -> None:
        self.clock.pass_(seconds)
        self.beats += 1
        await asyncio.sleep(0)


async def nothing(job: Job) -> str:
    return "made"


async def test_what_a_job_made_is_named_when_it_has_finished(clock: TestClock, workers: Workers) -> None:
    jobs = Jobs(clock, Hub(), workers)
    started = jobs.start("backtest", "ada", nothing)
    assert started.state is State.QUEUED
    await jobs.wait(started.id)
    ended = jobs.get("ada", started.id)
    assert ended is not None
    assert (ended.state, ended.result, ended.fraction, ended.problems) == (State.FINISHED, "made", 1.0, ())


async def test_progress_is_told_at_least_every_200_ms_though_nothing_moves(clock: TestClock, workers: Workers) -> None:
    heard, paced = Heard(), Paced(clock)
    jobs = Jobs(clock, heard, workers, pause=paced)

    async def slow(job: Job) -> None:
        job.tell("waiting", 0.25)
        while paced.beats < 30:
            await asyncio.sleep(0)

    await jobs.wait(jobs.start("slow", "ada", slow).id)
    running = [record.elapsed_seconds for record in heard.records if record.state is State.RUNNING]
    assert running[-1] - running[0] >= 2.5
    assert max(later - sooner for sooner, later in pairwise(running)) <= 0.2
    assert BEAT_SECONDS <= 0.2


async def test_what_is_left_is_estimated_from_what_is_done(clock: TestClock, workers: Workers) -> None:
    jobs, told, go = Jobs(clock, Hub(), workers), asyncio.Event(), asyncio.Event()

    async def quarter(job: Job) -> None:
        job.tell("running", 0.25)
        told.set()
        await go.wait()

    started = jobs.start("quarter", "ada", quarter)
    await told.wait()
    clock.pass_(3.0)
    seen = jobs.get("ada", started.id)
    assert seen is not None
    assert (seen.fraction, seen.elapsed_seconds, seen.remaining_seconds) == (0.25, 3.0, 9.0)
    go.set()
    await jobs.wait(started.id)


async def test_a_loop_that_tells_a_million_times_is_published_by_the_beat_alone(clock: TestClock, workers: Workers) -> None:
    heard = Heard()
    jobs = Jobs(clock, heard, workers)

    async def busy(job: Job) -> None:
        def count() -> None:
            for number in range(1_000_000):
                job.tell("counting", number / 1e6)

        await job.phase("counting", 0.0, count)

    await jobs.wait(jobs.start("busy", "ada", busy).id)
    assert len(heard.records) < 200


async def test_located_problems_are_handed_on_and_others_get_a_number(clock: TestClock, workers: Workers) -> None:
    jobs = Jobs(clock, Hub(), workers)

    async def located(job: Job) -> None:
        raise DataError([Problem("universe[0]", "no_bars", "there are none")])

    async def ours(job: Job) -> None:
        raise KeyError("the secret is 42")

    first, second = jobs.start("located", "ada", located), jobs.start("ours", "ada", ours)
    for started in (first, second):
        await jobs.wait(started.id)
    told, hidden = jobs.get("ada", first.id), jobs.get("ada", second.id)
    assert told is not None
    assert hidden is not None
    assert [(problem.path, problem.code) for problem in told.problems] == [("universe[0]", "no_bars")]
    assert [problem.code for problem in hidden.problems] == ["internal"]
    assert "42" not in hidden.problems[0].message
    assert hidden.id in hidden.problems[0].message


async def test_no_more_run_at_once_than_there_is_room_for(clock: TestClock, workers: Workers) -> None:
    jobs = Jobs(clock, Hub(), workers, at_once=2)
    running, most = 0, 0

    async def counted(job: Job) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    for started in [jobs.start("counted", "ada", counted) for _ in range(20)]:
        await jobs.wait(started.id)
    assert most == 2


async def test_a_queued_job_stops_at_once_and_a_running_one_with_its_phase(clock: TestClock, workers: Workers) -> None:
    jobs, go, begun = Jobs(clock, Hub(), workers, at_once=1), threading.Event(), asyncio.Event()
    ends: list[State] = []

    async def ended(record: JobRecord) -> None:
        ends.append(record.state)

    async def blocked(job: Job) -> None:
        begun.set()
        await job.phase("blocked", 0.0, go.wait)
        raise AssertionError("the job was stopped before")

    first, second = (jobs.start("blocked", "ada", blocked, ended=ended) for _ in range(2))
    await begun.wait()
    assert jobs.stop("ada", second.id)
    await jobs.wait(second.id)
    assert jobs.stop("ada", first.id)
    assert ends == [State.STOPPED]
    go.set()
    await jobs.wait(first.id)
    assert ends == [State.STOPPED, State.STOPPED]
    assert not jobs.stop("ada", first.id)


async def test_an_end_that_cannot_be_kept_is_told_as_a_failure(clock: TestClock, workers: Workers) -> None:
    jobs = Jobs(clock, Hub(), workers)

    async def ended(record: JobRecord) -> None:
        raise OSError("the disk is full")

    started = jobs.start("lost", "ada", nothing, ended=ended)
    await jobs.wait(started.id)
    found = jobs.get("ada", started.id)
    assert found is not None
    assert (found.state, [problem.code for problem in found.problems]) == (State.FAILED, ["internal"])


async def test_a_job_is_not_there_for_others(clock: TestClock, workers: Workers) -> None:
    jobs = Jobs(clock, Hub(), workers)
    started = jobs.start("mine", "ada", nothing)
    assert jobs.get("bob", started.id) is None
    assert jobs.all("bob") == []
    assert not jobs.stop("bob", started.id)
    await jobs.wait(started.id)


async def test_ended_jobs_are_kept_for_an_hour(clock: TestClock, workers: Workers) -> None:
    hub: Hub[JobRecord] = Hub()
    jobs = Jobs(clock, hub, workers)
    old = jobs.start("old", "ada", nothing)
    await jobs.wait(old.id)
    clock.pass_(3_599)
    await jobs.wait(jobs.start("young", "ada", nothing).id)
    assert jobs.get("ada", old.id) is not None
    clock.pass_(2)
    await jobs.wait(jobs.start("younger", "ada", nothing).id)
    assert jobs.get("ada", old.id) is None
    assert hub.newest(topic(old.id)) is None


async def test_closing_lets_go_of_what_runs_and_says_nothing_about_it(clock: TestClock, workers: Workers) -> None:
    jobs, ends = Jobs(clock, Hub(), workers), list[State]()

    async def forever(job: Job) -> None:
        await asyncio.Event().wait()

    async def ended(record: JobRecord) -> None:
        ends.append(record.state)

    jobs.start("forever", "ada", forever, ended=ended)
    await asyncio.sleep(0)
    await jobs.close()
    assert ends == []
