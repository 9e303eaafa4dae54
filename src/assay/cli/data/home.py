"""Where bars are kept, and which of them are meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assay.cli.problems import wrong
from assay.cli.values import instrument as named
from assay.cli.values import timeframe as length

if TYPE_CHECKING:
    from datetime import datetime

    from assay.adapters.store.candles import CandleFiles
    from assay.runtime.calendars import Calendars
    from assay.runtime.records import Coverage


def stored() -> CandleFiles:
    """The candles of the home that the environment names."""
    from assay import settings
    from assay.adapters.store.candles import CandleFiles

    return CandleFiles(settings.read().home)


def calendars() -> Calendars:
    """When the markets of instruments are open, by what their venues listed."""
    from assay import settings
    from assay.adapters.calendars import exchange
    from assay.adapters.store.listings import ListingFiles
    from assay.runtime.calendars import Calendars

    return Calendars(ListingFiles(settings.read().home), exchange)


def meant(candles: CandleFiles, instrument: str | None, timeframe: str | None) -> Sequence[Coverage]:
    """What is stored of an instrument and timeframe, of all of them where none is named. Raises OptionError where nothing is."""
    name = None if instrument is None else str(named(instrument))
    wanted = None if timeframe is None else length(timeframe).name
    found = [each for each in candles.coverage(name) if wanted in (None, each.timeframe)]
    if not found and (name or wanted):
        on = f" on {wanted}" if wanted else ""
        raise wrong("INSTRUMENT" if name else "--timeframe", f"nothing is stored{f' of {name}' if name else ''}{on}; see assay data list")
    return found


def shown(at: datetime) -> str:
    """As programs read it."""
    return at.isoformat().replace("+00:00", "Z")
