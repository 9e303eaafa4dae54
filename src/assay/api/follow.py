"""What subscribers of a topic are sent, in order, as long as they listen.

A job's topic keeps nothing but its newest word. A session's is its journal: it is read from where the subscriber is, and a wake only says
that there may be more. Either is written once and sent to everybody: jobs by their post, journals in blocks.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncGenerator
from typing import Final

from assay.api.platform import Platform
from assay.api.render.prices import link_item, price_view
from assay.api.render.sessions import job_view, live_view
from assay.api.wire.socket import EventMessage, ProblemCode, ProblemMessage, SnapshotMessage
from assay.core.domain import wire
from assay.core.domain.errors import VenueError
from assay.core.engine.journal import Journal
from assay.runtime import jobs, prices, runner, tables
from assay.runtime.hub import Post
from assay.runtime.inputs import ChangedError
from assay.runtime.jobs import JobRecord
from assay.runtime.ports import Desk
from assay.runtime.prices import Price
from assay.runtime.records import Link, SessionRecord

BLOCK: Final = 256
BLOCKS_KEPT: Final = 64


class Blocks:
    """Events as they are sent, a block of them at a time, the last few blocks kept for whoever else asks."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str, int], list[str]] = OrderedDict()

    async def after(self, at: Platform, session: SessionRecord, seq: int) -> list[str]:
        """The events from `seq + 1` to the end of their block; none at the end of the journal. Raises ChangedError."""
        assert session.result is not None
        number = seq // BLOCK
        key = (session.id, session.result.head, number)
        if key not in self._kept:
            journal = await at.history.journal(session)
            self._kept[key] = await at.workers.run(_written, runner.topic(session.id), journal, number * BLOCK)
            if len(self._kept) > BLOCKS_KEPT:
                self._kept.popitem(last=False)
        return self._kept[key][seq - number * BLOCK :]


async def job(at: Platform, desk: Desk, job_id: str) -> AsyncGenerator[str]:
    """How a job is, and each time that it has changed how it is then; a slow subscriber skips what was overtaken."""
    topic = jobs.topic(job_id)
    subscription = at.hub.subscribe(topic)
    try:
        now, newest = at.jobs.get(desk.owner, job_id), at.hub.newest(topic)
        if now is None or newest is None:
            yield _missing(topic)
            return
        yield SnapshotMessage(topic=topic, seq=newest.seq, job=job_view(now)).model_dump_json()
        while True:
            post = await subscription.next()
            if post is not None:
                yield post.encoded(_job_message)
    finally:
        subscription.close()


async def price(at: Platform, instrument: str, timeframe: str) -> AsyncGenerator[str]:
    """The newest bar of an instrument, whenever it has changed; a slow subscriber skips what was overtaken."""
    topic = prices.topic(instrument, timeframe)
    try:
        async with at.prices.watching(instrument, timeframe) as watch:
            newest = watch.newest
            view = None if newest is None else price_view(newest.value)
            yield SnapshotMessage(topic=topic, seq=0 if newest is None else newest.seq, price=view).model_dump_json()
            while True:
                yield (await watch.next()).encoded(_price_message)
    except VenueError as error:
        yield ProblemMessage(topic=topic, code="unavailable", message=str(error)).model_dump_json()


async def links(at: Platform) -> AsyncGenerator[str]:
    """How the connections to all venues are, whenever one has changed."""
    subscription = at.prices.links.subscribe(prices.LINKS)
    try:
        newest, now = at.prices.links.newest(prices.LINKS), [link_item(link) for link in at.prices.all_links()]
        yield SnapshotMessage(topic=prices.LINKS, seq=0 if newest is None else newest.seq, links=now).model_dump_json()
        while True:
            post = await subscription.next()
            if post is not None:
                yield post.encoded(_links_message)
    finally:
        subscription.close()


async def session(at: Platform, desk: Desk, session_id: str, after: int | None, blocks: Blocks) -> AsyncGenerator[str]:
    """A snapshot unless the subscriber knows where it is, then the journal from there on; a snapshot wherever the state has changed."""
    topic = runner.topic(session_id)
    subscription = at.hub.subscribe(topic)
    seq, told = after, None
    try:
        while (record := await desk.sessions.get(session_id)) is not None:
            if seq is None:
                snapshot = await _snapshot(desk, record)
                seq, told = snapshot.seq, record.state
                yield snapshot.model_dump_json()
            if record.result is not None:
                try:
                    while events := await blocks.after(at, record, seq):
                        for event in events:
                            yield event
                        seq += len(events)
                except ChangedError as error:
                    yield _changed(topic, error)
            if record.state is not told:
                told = record.state
                yield (await _snapshot(desk, record)).model_dump_json()
            await subscription.next()
        yield _missing(topic)
    finally:
        subscription.close()


async def _snapshot(desk: Desk, record: SessionRecord) -> SnapshotMessage:
    positions = await desk.results.table(record.id, "positions") if record.result is not None else None
    view = tables.view(record, positions)
    return SnapshotMessage(topic=runner.topic(record.id), seq=view.seq, state=record.state.value, view=live_view(view))


def _written(topic: str, journal: Journal, after: int) -> list[str]:
    numbered = enumerate(journal.read(after, BLOCK), after + 1)
    return [EventMessage(topic=topic, seq=seq, event=dict(wire.encode(event))).model_dump_json() for seq, event in numbered]


def _job_message(post: Post[JobRecord]) -> str:
    return EventMessage(topic=post.topic, seq=post.seq, job=job_view(post.value)).model_dump_json()


def _price_message(post: Post[Price]) -> str:
    return EventMessage(topic=post.topic, seq=post.seq, price=price_view(post.value)).model_dump_json()


def _links_message(post: Post[tuple[Link, ...]]) -> str:
    return EventMessage(topic=post.topic, seq=post.seq, links=[link_item(link) for link in post.value]).model_dump_json()


def _missing(topic: str) -> str:
    return ProblemMessage(topic=topic, code="not_found", message="there is nothing of this name").model_dump_json()


def _changed(topic: str, error: ChangedError) -> str:
    problem = error.errors[0]
    code: ProblemCode = "engine_changed" if problem.code == "engine_changed" else "inputs_changed"
    return ProblemMessage(topic=topic, code=code, message=problem.message).model_dump_json()
