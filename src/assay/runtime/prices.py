"""Live bars for whoever watches: one stream for an instrument and a timeframe however many watch it, let go when nobody does.

Prices are topics: the newest word replaces the one before, and nothing is stored.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import structlog

from assay.core.domain.errors import RefusedError, VenueError
from assay.core.domain.instrument import InstrumentId
from assay.runtime.hub import Hub, Post, Subscription
from assay.runtime.jobs import internal
from assay.runtime.last_prices import LastPrices
from assay.runtime.ports import Clock, Source
from assay.runtime.records import LastPrice, Link, LiveBar
from assay.runtime.sources import Sources

Pause: TypeAlias = Callable[[float], Awaitable[None]]

LINKS: Final = "links"
"""The topic of all connections together."""
LINGER_SECONDS: Final = 15.0
"""A page that is left for another often comes back."""

_log = structlog.get_logger()


def topic(instrument: str, timeframe: str) -> str:
    """What a stream says it says here."""
    return f"prices.{timeframe}.{instrument}"


@dataclass(frozen=True, slots=True)
class Price:
    """A live bar, and by what fraction its close stands above the one of a day before; None where that is not known."""

    bar: LiveBar
    change: float | None


@dataclass(eq=False, slots=True)
class Stream:
    """One stream: how its connection is, and why it ended, if it did."""

    instrument: str
    timeframe: str
    watchers: int = 0
    task: asyncio.Task[None] | None = None
    leaving: asyncio.Task[None] | None = None
    link: Link | None = None
    problem: VenueError | None = None


class Watch:
    """One watcher's place at a stream."""

    def __init__(self, stream: Stream, subscription: Subscription[Price], newest: Post[Price] | None) -> None:
        self._stream, self._subscription = stream, subscription
        self.newest = newest

    async def next(self) -> Post[Price]:
        """The newest price since the last call, once there is one. Raises VenueError where the stream has ended."""
        while True:
            if self._stream.problem is not None:
                raise self._stream.problem
            post = await self._subscription.next()
            if post is not None:
                return post


class Prices:
    """All live streams of the process."""

    def __init__(self, sources: Sources, last_prices: LastPrices, clock: Clock, pause: Pause = asyncio.sleep) -> None:
        self._sources, self._last_prices, self._clock, self._pause = sources, last_prices, clock, pause
        self._streams: dict[str, Stream] = {}
        self.heard: Hub[Price] = Hub()
        self.links: Hub[tuple[Link, ...]] = Hub()

    @asynccontextmanager
    async def watching(self, instrument: str, timeframe: str) -> AsyncIterator[Watch]:
        """Hear of an instrument for as long as the context lasts.

        Raises UnknownInstrumentError where there is no such venue, and RefusedError where it tells nothing live.
        """
        key = topic(instrument, timeframe)
        stream = self._streams.get(key)
        if stream is None or stream.problem is not None:
            source = self._streaming(instrument)
            stream = self._streams[key] = Stream(instrument, timeframe)
            stream.task = asyncio.create_task(self._run(stream, source), name=key)
        if stream.leaving is not None:
            stream.leaving.cancel()
            stream.leaving = None
        stream.watchers += 1
        subscription = self.heard.subscribe(key)
        try:
            yield Watch(stream, subscription, self.heard.newest(key))
        finally:
            subscription.close()
            stream.watchers -= 1
            if not stream.watchers:
                stream.leaving = asyncio.create_task(self._let_go(key, stream))

    async def last_price(self, instrument: str) -> LastPrice:
        """With the live price where somebody watches it, on whichever timeframe. Raises VenueError as `LastPrices.last_price` does."""
        posts = (self.heard.newest(key) for key, stream in self._streams.items() if stream.instrument == instrument)
        bars = [post.value.bar for post in posts if post is not None]
        return await self._last_prices.last_price(instrument, max(bars, key=lambda bar: bar.at, default=None))

    def all_links(self) -> tuple[Link, ...]:
        """How the connections are, those of a venue taken together, by venue; a venue that nobody watches has none."""
        venues: dict[str, list[Link]] = {}
        for stream in self._streams.values():
            if stream.link is not None:
                venues.setdefault(stream.link.venue, []).append(stream.link)
        return tuple(together(links) for _, links in sorted(venues.items()))

    async def close(self) -> None:
        """The process ends."""
        tasks = [task for stream in self._streams.values() for task in (stream.task, stream.leaving) if task is not None]
        self._streams.clear()
        await _cancelled(tasks)

    def _streaming(self, instrument: str) -> Source:
        source = self._sources.of(instrument.partition(":")[0])
        if not source.streams:
            raise RefusedError(source.venue, f"{source.name} tells no live prices")
        return source

    async def _run(self, stream: Stream, source: Source) -> None:
        """Until the source ends it or refuses to go on, or we fail; whoever watches is told which."""
        key = topic(stream.instrument, stream.timeframe)
        try:
            await self._hear(stream, source)
            problem: VenueError = RefusedError(source.venue, "the stream has ended")
        except VenueError as error:
            problem = error
        except Exception:  # noqa: BLE001 - whatever it is, it is logged in full, and nobody waits for a price that will not come
            problem = RefusedError(source.venue, internal(key).message)
        await _log.ainfo("a stream of prices has ended", topic=key, code=problem.code, problem=problem.message)
        stream.problem = problem
        if stream.link is not None:
            self._linked(stream, replace(stream.link, state="disconnected", since=self._clock.now(), problem=problem.message))
        self.heard.wake(key)

    async def _hear(self, stream: Stream, source: Source) -> None:
        key = topic(stream.instrument, stream.timeframe)
        listed = await source.find(InstrumentId.parse(stream.instrument).symbol)
        await self._look_back(stream.instrument)
        async with aclosing(source.follow(listed, stream.timeframe)) as following:
            async for heard in following:
                if isinstance(heard, LiveBar):
                    self.heard.publish(key, Price(heard, self._last_prices.change(stream.instrument, heard.close, heard.at)))
                else:
                    self._linked(stream, heard)

    async def _look_back(self, instrument: str) -> None:
        """So that changes over a day are known from the first price on; where nobody has the hours, prices come without."""
        try:
            await self._last_prices.hours(instrument)
        except VenueError as error:
            await _log.ainfo("prices without a change over the day", instrument=instrument, code=error.code, problem=error.message)

    async def _let_go(self, key: str, stream: Stream) -> None:
        await self._pause(LINGER_SECONDS)
        if self._streams.get(key) is stream:
            del self._streams[key]
        self.heard.forget(key)
        if stream.task is not None:
            await _cancelled([stream.task])
        self.links.publish(LINKS, self.all_links())

    def _linked(self, stream: Stream, link: Link) -> None:
        stream.link = link
        self.links.publish(LINKS, self.all_links())


def together(links: Iterable[Link]) -> Link:
    """Connections of one venue as one: as bad as the worst of them, as fresh as the freshest."""
    links = list(links)
    worst = max(links, key=lambda link: ("connected", "connecting", "disconnected").index(link.state))
    heard = [link for link in links if link.last_message_at is not None]
    freshest = max(heard, key=lambda link: (link.last_message_at is not None, link.last_message_at), default=worst)
    return replace(
        worst, last_message_at=freshest.last_message_at, lag_seconds=freshest.lag_seconds, reconnects=sum(link.reconnects for link in links)
    )


async def _cancelled(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
