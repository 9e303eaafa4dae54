"""Venues and their instruments as they go over the wire."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from assay.api.wire.catalog import Asset, Instrument, Venue, VenueProblem
from assay.api.wire.message import amount
from assay.core.domain.errors import VenueError
from assay.core.domain.instrument import InstrumentId
from assay.runtime.instruments import Known, Listing
from assay.runtime.records import Coverage
from assay.runtime.sources import Sources, VenueKind

_BUNDLED: Final = "synthetic"
_NAMES: Final = {_BUNDLED: "Synthetic", "file": "Files"}
_DESCRIPTIONS: Final[Mapping[VenueKind, str]] = {
    "bundled": "Generated bars: they prove that a strategy runs, and nothing about a market.",
    "imported": "Imported files of this venue.",
    "exchange": "Bars from where they were traded.",
    "broker": "Bars from a broker, through its own program.",
    "data": "Bars from somebody who collects them and trades nothing.",
}
_FILES: Final = "Imported files that were given no venue."


def venues(
    stored: Iterable[Coverage], sources: Sources, listings: Mapping[str, Listing | None], problems: Mapping[str, VenueError]
) -> list[Venue]:
    """Those that can be asked, and those that bars are stored of."""
    counts = Counter(name.partition(":")[0] for name in {coverage.instrument for coverage in stored})
    return [_venue(name, counts[name], sources, listings.get(name), problems.get(name)) for name in sorted({*sources, *counts})]


def instrument(known: Known) -> Instrument:
    """With all that its venue says of it."""
    id_, listed = InstrumentId.parse(known.id), known.listed
    base, _, quote = id_.symbol.partition(":")[0].partition("/")
    return Instrument(
        id=known.id,
        venue=id_.venue,
        symbol=id_.symbol,
        timeframes=[coverage.timeframe for coverage in known.stored],
        name=id_.symbol if listed is None else listed.name,
        base=base if listed is None else listed.base,
        quote=quote if listed is None else listed.quote,
        kind=None if listed is None else listed.kind,
        calendar=None if listed is None else listed.calendar,
        tick=_amount(None if listed is None else listed.tick),
        lot=_amount(None if listed is None else listed.lot),
        minimum_notional=_amount(None if listed is None else listed.minimum_notional),
        maker_fee_rate=_amount(None if listed is None else listed.maker_fee_rate),
        taker_fee_rate=_amount(None if listed is None else listed.taker_fee_rate),
        listed=listed is not None,
        active=None if listed is None else listed.active,
    )


def asset(known: Known) -> Asset:
    """The same for a form."""
    told = instrument(known)
    return Asset(
        id=told.id,
        name=told.name,
        icon=told.base.casefold(),
        venue=told.venue,
        available=bool(known.stored),
        lookback_min=min((coverage.first_at for coverage in known.stored), default=None),
        lookback_max=max((coverage.last_at for coverage in known.stored), default=None),
        status="inactive" if told.active is False else "stored" if known.stored else "listed",
    )


def _amount(value: Decimal | None) -> str | None:
    return None if value is None else amount(value)


def _venue(name: str, stored: int, sources: Sources, listing: Listing | None, problem: VenueError | None) -> Venue:
    source = sources.of(name) if name in sources else None
    kind: VenueKind = sources.kind(name) if name in sources else "bundled" if name == _BUNDLED else "imported"
    return Venue(
        id=name,
        name=_NAMES.get(name, name) if source is None else source.name,
        kind=kind,
        description=_FILES if name == "file" else _DESCRIPTIONS[kind],
        fetches=source is not None,
        timeframes=[] if source is None else list(source.timeframes),
        streams=source is not None and source.streams,
        stored=stored,
        listed=None if listing is None else len(listing.instruments),
        listed_at=None if listing is None else listing.at,
        problem=None if problem is None else VenueProblem(code=problem.code, message=str(problem)),
    )
