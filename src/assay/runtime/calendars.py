"""When the market of an instrument is open, by what its venue says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from assay.core.market.calendar import RULES, Calendar
from assay.runtime.ports import Listings


class Calendars:
    """`of` is `ports.CalendarOf`. A venue's list is read once, and again when somebody says that it was asked anew (`forget`).

    `exchange` knows an exchange's sessions by its code, or None.
    """

    def __init__(self, listings: Listings, exchange: Callable[[str], Calendar | None]) -> None:
        self._listings, self._exchange = listings, exchange
        self._read: dict[str, Mapping[str, str]] = {}

    def of(self, instrument: str) -> Calendar | None:
        """None where the venue was never asked, or does not list it. Blocks."""
        name = self._names(instrument.partition(":")[0]).get(instrument)
        if name is None:
            return None
        return RULES.get(name) or self._exchange(name)

    def forget(self, venue: str) -> None:
        """Its list has changed."""
        self._read.pop(venue, None)

    def _names(self, venue: str) -> Mapping[str, str]:
        """What each of a venue's instruments calls its calendar."""
        if venue not in self._read:
            listing = self._listings.read(venue)
            if listing is None:
                return {}
            self._read[venue] = {str(listed.id): listed.calendar for listed in listing[0]}
        return self._read[venue]
