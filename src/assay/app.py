"""The composition root: the only place where adapters meet the runtime and the API. What is opened here is closed here, in turn."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import structlog
import uvicorn
from uvicorn.supervisors import ChangeReload

from assay.adapters.calendars import exchange
from assay.adapters.files.candles import import_bars
from assay.adapters.files.sample import sample, samples
from assay.adapters.files.strategies import template_text, templates
from assay.adapters.store.candles import CandleFiles
from assay.adapters.store.listings import ListingFiles
from assay.adapters.store.opened import opened as opened_store
from assay.api.app import create
from assay.api.depends import LOCAL
from assay.api.guard import LOOPBACK
from assay.api.platform import Platform
from assay.core.domain.errors import LocatedError, Problem
from assay.core.results.result import Result
from assay.runtime.archive import Archive
from assay.runtime.beginning import Beginning
from assay.runtime.calendars import Calendars
from assay.runtime.clock import WallClock
from assay.runtime.config import Config
from assay.runtime.fetches import Fetches
from assay.runtime.history import History
from assay.runtime.hub import Hub
from assay.runtime.instruments import Instruments
from assay.runtime.jobs import JobRecord, Jobs
from assay.runtime.last_prices import LastPrices
from assay.runtime.patience import Patience
from assay.runtime.ports import Candles, Clock, unheard
from assay.runtime.prices import Prices
from assay.runtime.proofs import Proofs
from assay.runtime.recent import Recent
from assay.runtime.rehearsal import rehearse
from assay.runtime.runner import Runner
from assay.runtime.sources import Offer, Sources
from assay.runtime.supply import Supply
from assay.runtime.telemetry import configure
from assay.runtime.workers import Workers
from assay.settings import Settings
from assay.venues import offered

GRACE_SECONDS: Final = 5
WS_MAX: Final = 1 << 16
"""Bytes of a frame; what is longer than a message may be is refused politely up to here, and ends the connection beyond."""
Ready = Callable[[str], None]
_log = structlog.get_logger()


class ServeError(LocatedError):
    """A port that cannot be had."""


@asynccontextmanager
async def opened(settings: Settings, venues: Mapping[str, Offer] | None = None) -> AsyncIterator[Platform]:
    """The platform, whole, for as long as the context lasts; `venues` are those that it may ask, instead of those of the settings."""
    clock = WallClock()
    venues = offered(settings, clock) if venues is None else venues
    settings.home.mkdir(parents=True, exist_ok=True)
    async with opened_store(settings.database, settings.home) as store:
        config = Config(settings.given(), await store.config())
        config.listen("log_level", lambda level: configure(str(level)))
        calendars = Calendars(ListingFiles(settings.home), exchange)
        candles = Archive(CandleFiles(settings.home, calendars.of), clock)
        config.listen("cached_bars", lambda room: candles.resize(int(room)))
        workers = Workers(config.whole("workers"))
        hub: Hub[JobRecord] = Hub()
        jobs = Jobs(clock, hub, workers)
        history = History(candles, workers)
        runner = Runner(clock, store, candles, jobs, hub, history, calendars.of)
        sources, instruments, supply = _path(venues, settings.home, candles, calendars, clock, workers)
        config.listen("cache_seconds", lambda seconds: instruments.keep_for(timedelta(seconds=int(seconds))))
        platform = Platform(
            clock=clock,
            store=store,
            candles=candles,
            config=config,
            workers=workers,
            hub=hub,
            jobs=jobs,
            history=history,
            runner=runner,
            proofs=Proofs(candles, jobs),
            sources=sources,
            instruments=instruments,
            fetches=Fetches(jobs, supply, instruments, sources),
            prices=Prices(sources, LastPrices(Recent(supply, sources, candles, workers), clock), clock),
            calendar_of=calendars.of,
            read_file=import_bars,
            report=_rendered,
            templates=_templates(),
            started_at=clock.now(),
        )
        runner.resume(await store.unfinished())
        try:
            yield platform
        finally:
            await platform.prices.close()
            await jobs.close()
            await sources.close()
            workers.close()


@asynccontextmanager
async def supplied(settings: Settings, venues: Mapping[str, Offer]) -> AsyncIterator[Supply]:
    """The path of bars alone, for a command that needs nothing else. A server may run beside it on the same home."""
    workers, calendars = Workers(1), Calendars(ListingFiles(settings.home), exchange)
    sources, _, supply = _path(venues, settings.home, CandleFiles(settings.home, calendars.of), calendars, WallClock(), workers)
    try:
        yield supply
    finally:
        await sources.close()
        workers.close()


def _path(
    venues: Mapping[str, Offer], home: Path, candles: Candles, calendars: Calendars, clock: Clock, workers: Workers
) -> tuple[Sources, Instruments, Supply]:
    """From the venues to the store, with what is listed on the way."""
    sources, patience = Sources(venues), Patience(clock, asyncio.sleep)
    instruments = Instruments(ListingFiles(home), candles, sources, patience, clock, workers, calendars.forget)
    return sources, instruments, Supply(candles, sources, instruments, patience, clock, workers)


async def begin(platform: Platform) -> None:
    """What a platform that was never used has to show, and a rehearsal of what people will wait for; done beside the server."""
    desk, at = platform.store.desk(LOCAL), platform
    watched = [each for venue in at.sources if at.sources.kind(venue) == "bundled" for each in await _listed(at, venue)]
    beginning = Beginning(at.store, desk, at.candles, at.workers, at.runner, at.clock, at.templates, watched)
    await beginning.make(sample(name) for name in samples())
    await at.workers.run(rehearse)


async def _listed(at: Platform, venue: str) -> list[str]:
    """What a venue lists that is in this process, and so costs nothing to ask."""
    if await at.workers.run(at.instruments.listing, venue) is None:
        await at.instruments.refresh(venue, unheard)
    listing = await at.workers.run(at.instruments.listing, venue)
    return [] if listing is None else list(listing.instruments)


def _told(task: asyncio.Task[None]) -> None:
    """Without its beginning the platform is empty, but whole."""
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("the beginning could not be made", exc_info=error)


def _rendered(result: Result, title: str) -> str:
    """A result as a page that needs nothing else."""
    from assay.adapters.render.report import render  # nobody asks for a report before the platform is ready

    return render(result, title)


def _templates() -> dict[str, Any]:
    return {name: json.loads(template_text(name)) for name in templates()}


def serve(settings: Settings, ready: Ready, sockets: list[socket.socket] | None = None) -> None:
    """Until somebody interrupts it. Raises ServeError where the port is taken."""
    with asyncio.Runner(loop_factory=_loop) as runner:
        runner.run(_serve(settings, ready, sockets))


def serve_anew(settings: Settings, ready: Ready) -> None:
    """The same, in a process that starts anew whenever the sources change; the port stays open meanwhile."""
    bound = _bound(settings.host, settings.port)
    ready(_address(settings.host, settings.port))
    config = uvicorn.Config("assay.app:serve", reload=True, reload_dirs=["src"], log_config=None)
    ChangeReload(config, target=partial(_again, settings), sockets=[bound]).run()


def _again(settings: Settings, sockets: list[socket.socket] | None) -> None:
    serve(settings, lambda _: None, sockets)


async def _serve(settings: Settings, ready: Ready, sockets: list[socket.socket] | None) -> None:
    async with opened(settings) as platform:
        host, port = str(platform.config.value("host")), platform.config.whole("port")
        bound = sockets or [_bound(host, port)]
        api = create(platform, settings.web, hosts=LOOPBACK | {host}, origins=settings.origins)
        config = uvicorn.Config(
            api, http="httptools", ws="websockets-sansio", ws_per_message_deflate=False, ws_max_size=WS_MAX, lifespan="off",
            log_config=None, access_log=False, proxy_headers=False, server_header=False, timeout_graceful_shutdown=GRACE_SECONDS,
        )  # fmt: skip
        beginning = asyncio.create_task(begin(platform))
        beginning.add_done_callback(_told)
        await _Server(config, lambda: ready(_address(host, port)), api.state.sockets.close).serve(bound)
        beginning.cancel()


class _Server(uvicorn.Server):
    """Says when it listens, and leaves it to us what comes after a signal: to close what was opened."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], leaving: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._ready, self._leaving = ready, leaving

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._leaving()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _bound(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listening = socket.socket(family, kind, protocol)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
        listening.listen(2_048)
    except OSError as error:
        listening.close()
        message = f"port {port} of {host} cannot be had ({error.strerror}); stop what listens there, or take another: --port {port + 1}"
        raise ServeError([Problem("--port", "taken", message)]) from None
    return listening


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _loop() -> asyncio.AbstractEventLoop:
    with suppress(ImportError):
        import uvloop  # there is none for Windows

        return uvloop.new_event_loop()
    return asyncio.new_event_loop()
