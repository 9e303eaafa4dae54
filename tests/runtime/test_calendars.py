"""An instrument's calendar is what its venue says of it; where nobody said, nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from assay.core.domain.instrument import Instrument, InstrumentId
from assay.core.market.calendar import ALWAYS, WEEKDAYS, Exchange, Stretches
from assay.runtime.calendars import Calendars

NEW_YORK = Exchange("XNYS", Stretches(np.empty(0, np.int64), np.empty(0, np.int64)))


class Shelf:
    """`ports.Listings` of one venue, that counts how often it is read."""

    def __init__(self) -> None:
        self.reads = 0

    def read(self, venue: str) -> tuple[Sequence[Instrument], datetime] | None:
        self.reads += 1
        calendars = {"BTC/USDT": "24/7", "EUR/USD": "24/5", "AAPL": "XNYS", "ODD": "XODD"}
        listed = [
            Instrument(id=InstrumentId("test", symbol), venue_symbol=symbol, kind="spot", name="", base="", quote="", calendar=name)
            for symbol, name in calendars.items()
        ]
        return (listed, datetime(2024, 1, 1, tzinfo=UTC)) if venue == "test" else None

    def write(self, venue: str, instruments: Sequence[Instrument], at: datetime) -> None:
        raise AssertionError("who asks for calendars writes no list")

    def delete(self, venue: str) -> bool:
        raise AssertionError("who asks for calendars deletes no list")


def test_it_is_what_the_venue_says_and_read_once() -> None:
    shelf = Shelf()
    calendars = Calendars(shelf, {"XNYS": NEW_YORK}.get)
    found = [calendars.of(f"test:{symbol}") for symbol in ("BTC/USDT", "EUR/USD", "AAPL", "ODD", "NEW")]
    assert found == [ALWAYS, WEEKDAYS, NEW_YORK, None, None]
    assert shelf.reads == 1


def test_of_a_venue_that_was_never_asked_nothing_is_known_yet() -> None:
    shelf = Shelf()
    calendars = Calendars(shelf, {"XNYS": NEW_YORK}.get)
    assert [calendars.of("file:MINE"), calendars.of("file:MINE")] == [None, None]
    assert shelf.reads == 2
