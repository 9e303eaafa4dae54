"""The first k events of a session as columns, for what is computed of them at once and not one by one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assay.core.domain.events import AccountMarked, Event, FundingBooked, OrderFilled, SessionStarted
from assay.core.domain.fills import Reason
from assay.core.market.bars import Floats
from assay.core.results.columns import Carries, Fills
from assay.core.results.trades import Book, book

CODES = {reason.label: reason.value for reason in Reason}


class FirstEvents:
    """Columns of events[:k] for any k; slices are numbered by their closes, from the session's first."""

    def __init__(self, events: Sequence[Event]) -> None:
        started = events[0]
        assert isinstance(started, SessionStarted)
        self.cash = started.cash
        self.instruments = started.instruments
        self.closes = sorted({event.at for event in events})
        self._slice = {at: place for place, at in enumerate(self.closes)}
        self._row = {name: row for row, name in enumerate(self.instruments)}
        self._fills = [(seq, event) for seq, event in enumerate(events) if isinstance(event, OrderFilled)]
        self._carries = [(seq, event) for seq, event in enumerate(events) if isinstance(event, FundingBooked)]
        self._marks = [(seq, event) for seq, event in enumerate(events) if isinstance(event, AccountMarked)]

    def fills(self, k: int) -> Fills:
        those = [event for seq, event in self._fills if seq < k]
        return Fills(
            np.array([self._slice[event.at] for event in those], np.int64),
            np.array([self._row[event.instrument] for event in those], np.int64),
            np.array([event.quantity for event in those], np.float64),
            np.array([event.price for event in those], np.float64),
            np.array([event.fee for event in those], np.float64),
            np.array([CODES[event.reason] for event in those], np.int64),
            np.array([event.maker for event in those], np.bool_),
        )

    def carries(self, k: int) -> Carries:
        those = [event for seq, event in self._carries if seq < k]
        return Carries(
            np.array([self._slice[event.at] for event in those], np.int64),
            np.array([self._row[event.instrument] for event in those], np.int64),
            np.array([event.amount for event in those], np.float64),
            np.array([event.borrow for event in those], np.bool_),
        )

    def book(self, k: int) -> Book:
        return book(self.fills(k), self.carries(k), len(self.instruments), len(self.closes))

    def marks(self, k: int) -> Floats:
        """One a slice: a mark that is taken again at the end replaces the one before."""
        last = {event.at: event.equity for seq, event in self._marks if seq < k}
        return np.array(list(last.values()), np.float64)
