"""Every instrument there is: what venues listed when they were last asked, and what is stored. One search over both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import Final

from assay.core.domain.errors import MalformedAnswerError, VenueError
from assay.core.domain.instrument import Instrument, InstrumentId
from assay.runtime.patience import Patience
from assay.runtime.ports import Candles, Clock, Listings, Tell
from assay.runtime.records import Coverage
from assay.runtime.sources import Sources
from assay.runtime.workers import Workers

LISTING: Final = "asking what there is"


@dataclass(frozen=True)
class Known:
    """An instrument that a venue lists (`listed`), that bars are stored of (`stored`, by timeframe from short to long), or both."""

    id: str
    listed: Instrument | None
    stored: tuple[Coverage, ...] = ()

    @cached_property
    def texts(self) -> str:
        """What it is found by, each between line feeds, which no query holds."""
        symbol = self.id.partition(":")[2]
        names = [self.id, symbol, symbol.partition("/")[0]]
        if self.listed is not None:
            names += [self.listed.venue_symbol, self.listed.base, self.listed.name]
        return "\n" + "\n".join(names).casefold() + "\n"

    def rank(self, words: Sequence[str]) -> int | None:
        """0 where each word is one of its names, 1 where it begins one, 2 where it is in one; None where a word is in none."""
        texts, worst = self.texts, 0
        for word in words:
            if word not in texts:
                return None
            rank = 2 if f"\n{word}" not in texts else 1 if f"\n{word}\n" not in texts else 0
            worst = max(worst, rank)
        return worst


@dataclass(frozen=True, slots=True)
class Listing:
    """What a venue listed, sorted by id, and when it was asked."""

    instruments: dict[str, Known]
    at: datetime


def _nobody(venue: str) -> None:
    """Nobody has to be told."""


class Instruments:
    """It belongs to the event loop, except for `search` and `listing`, which block and belong into a worker.

    `listed` is told of each venue that was asked anew.
    """

    def __init__(
        self,
        listings: Listings,
        candles: Candles,
        sources: Sources,
        patience: Patience,
        clock: Clock,
        workers: Workers,
        listed: Callable[[str], None] = _nobody,
    ) -> None:
        self._listed = listed
        self._listings, self._candles, self._sources = listings, candles, sources
        self._patience, self._clock, self._workers = patience, clock, workers
        self._kept: dict[str, Listing | None] = {}
        self._tried: dict[str, datetime] = {}
        self._problems: dict[str, VenueError] = {}
        self._lifetime = timedelta()

    def keep_for(self, lifetime: timedelta) -> None:
        """For how long a listing counts as fresh."""
        self._lifetime = lifetime

    def search(self, query: str = "", venue: str | None = None) -> list[Known]:
        """The best first: names that are the query's words, names that begin with them, names that hold them; of each, what is stored
        comes before what is only listed. Blocks."""
        words = query.casefold().split()
        stored: tuple[list[Known], ...] = ([], [], [])
        listed: tuple[list[Known], ...] = ([], [], [])
        for known in self._all(venue):
            rank = known.rank(words)
            if rank is not None:
                (stored if known.stored else listed)[rank].append(known)
        return [known for rank in range(3) for known in (*sorted(stored[rank], key=_id), *listed[rank])]

    def listing(self, venue: str) -> Listing | None:
        """None where the venue was never asked. Blocks when it is first asked."""
        if venue not in self._kept:
            read = self._listings.read(venue)
            self._kept[venue] = None if read is None else _listing(*read)
        return self._kept[venue]

    def listings(self) -> dict[str, Listing | None]:
        """Of every venue that can be asked. Blocks like `listing`."""
        return {venue: self.listing(venue) for venue in self._sources}

    @property
    def problems(self) -> Mapping[str, VenueError]:
        """Why venues were not listed when that was last tried."""
        return self._problems

    def due(self) -> list[str]:
        """Venues whose listing is older than listings are kept, told once. Who was never asked is not asked unbidden."""
        now = self._clock.now()
        listed = {venue: listing for venue in self._sources if (listing := self._kept.get(venue)) is not None}
        due = [venue for venue, listing in listed.items() if max(listing.at, self._tried.get(venue, listing.at)) + self._lifetime < now]
        self._tried |= dict.fromkeys(due, now)
        return due

    async def find(self, instrument: InstrumentId, tell: Tell) -> Instrument:
        """From the listing, or from the venue where it is not in there. Raises VenueError."""
        listing = await self._workers.run(self.listing, instrument.venue)
        known = None if listing is None else listing.instruments.get(str(instrument))
        if known is not None and known.listed is not None:
            return known.listed
        source = self._sources.of(instrument.venue)
        found = await self._patience.ask(source.venue, lambda: source.find(instrument.symbol), tell)
        if found.id != instrument:
            raise MalformedAnswerError(source.venue, f"{found.id} was found where {instrument} was asked for")
        return found

    async def refresh(self, venue: str, tell: Tell) -> int:
        """Ask a venue what it lists. Answers how many. Raises VenueError."""
        source = self._sources.of(venue)
        self._tried[venue] = self._clock.now()
        tell(LISTING, None)
        try:
            instruments = await self._patience.ask(venue, source.instruments, tell)
        except VenueError as error:
            self._problems[venue] = error
            raise
        self._problems.pop(venue, None)
        at = self._clock.now()
        await self._workers.run(self._listings.write, venue, instruments, at)
        self._kept[venue] = _listing(instruments, at)
        self._listed(venue)
        return len(instruments)

    def forget(self) -> None:
        """All listings, on disk and in memory. Blocks."""
        for venue in self._sources:
            self._listings.delete(venue)
        self._kept.clear()
        self._problems.clear()

    def _all(self, venue: str | None) -> Iterator[Known]:
        """What is listed by id; what is stored and not listed comes last."""
        stored = {known.id: known for known in stored_of(self._candles.coverage())}
        for each in sorted(self._sources) if venue is None else (venue,):
            listing = self.listing(each) if each in self._sources else None
            for name, known in () if listing is None else listing.instruments.items():
                bars = stored.pop(name, None)
                yield known if bars is None else replace(known, stored=bars.stored)
        yield from (known for known in stored.values() if venue is None or known.id.startswith(f"{venue}:"))


def stored_of(coverage: Iterable[Coverage]) -> Iterator[Known]:
    """What is stored, by instrument; it is sorted by instrument already."""
    for name, of in groupby(coverage, lambda each: each.instrument):
        yield Known(name, None, tuple(of))


def _id(known: Known) -> str:
    return known.id


def _listing(instruments: Sequence[Instrument], at: datetime) -> Listing:
    return Listing({str(each.id): Known(str(each.id), each) for each in sorted(instruments, key=lambda each: each.id)}, at)
