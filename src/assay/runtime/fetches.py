"""Fetches and new listings as jobs: they say how far they are, and can be stopped wherever they wait."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from assay.core.domain.errors import LocatedError, Problem, VenueError
from assay.core.domain.instrument import InstrumentId
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import Timeframe
from assay.runtime.instruments import Instruments
from assay.runtime.jobs import Job, JobRecord, Jobs
from assay.runtime.sources import Sources
from assay.runtime.supply import Supply

FETCH: Final = "fetch"
LISTING: Final = "listing"


class FetchError(LocatedError):
    """What a venue would not, or could not, give, located in what was asked of it."""


class Fetches:
    """Of every owner."""

    def __init__(self, jobs: Jobs, supply: Supply, instruments: Instruments, sources: Sources) -> None:
        self._jobs, self._supply, self._instruments, self._sources = jobs, supply, instruments, sources

    def fetch(self, owner: str, instrument: InstrumentId, timeframe: Timeframe, span: Span) -> JobRecord:
        """Queue it; its result is how many bars are new. Raises UnknownInstrumentError or WantedError for what cannot be fetched."""
        self._supply.check(instrument, timeframe, span)
        return self._start(FETCH, owner, "instrument", lambda job: self._supply.fetch(instrument, timeframe, span, job.tell))

    def refresh(self, owner: str, venue: str) -> JobRecord:
        """Ask a venue what it lists; the result is how many. Raises UnknownInstrumentError where nothing can be fetched from it."""
        self._sources.of(venue)
        return self._start(LISTING, owner, "venue", lambda job: self._instruments.refresh(venue, job.tell))

    def refresh_due(self, owner: str) -> None:
        """The same, of every venue whose listing is older than listings are kept."""
        for venue in self._instruments.due():
            self.refresh(owner, venue)

    def _start(self, kind: str, owner: str, place: str, count: Callable[[Job], Awaitable[int]]) -> JobRecord:
        async def work(job: Job) -> str:
            try:
                return str(await count(job))
            except VenueError as error:
                raise FetchError([Problem(place, error.code, str(error))]) from error

        return self._jobs.start(kind, owner, work, waits=True)
