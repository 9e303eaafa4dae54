"""The kernel's records of one slice as events: the one translation that the fast path and the session share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from assay.core.domain.events import (
    AccountMarked,
    Clamped,
    Decided,
    EntryRefused,
    Event,
    FundingBooked,
    Halted,
    LimitReached,
    OrderExpired,
    OrderFilled,
)
from assay.core.domain.fills import Reason
from assay.core.engine.records import REACHED, REFUSALS
from assay.core.kernel import transition as k

LABELS: Final = {float(reason): reason.label for reason in Reason}

# Written after the mark, because it is what they answer to.
AFTER_THE_MARK: Final = frozenset({k.DECIDED, k.HALTED_NOW, k.LIMIT_REACHED})


def nothing_decided(rule: int, instrument: int) -> str:
    """The explanation of decisions where there can be none."""
    raise AssertionError(f"rule {rule} decided for instrument {instrument} at the end of a session")


@dataclass(frozen=True, slots=True)
class Narrator:
    """Knows the names behind the numbers; `explain(rule, instrument)` says why a rule held at this slice."""

    instruments: tuple[str, ...]
    rules: tuple[str, ...]

    def slice(
        self, records: Sequence[Sequence[float]], at: datetime, opened_at: datetime, equity: float, explain: Callable[[int, int], str]
    ) -> Iterator[Event]:
        """Events of one slice; the mark stands where the kernel took it: after the bars, before what is decided at their close."""
        marked = False
        for record in records:
            if not marked and record[0] in AFTER_THE_MARK:
                yield AccountMarked(at, equity)
                marked = True
            yield self.event(record, at, opened_at, explain)
        if not marked:
            yield AccountMarked(at, equity)

    def event(self, record: Sequence[float], at: datetime, opened_at: datetime, explain: Callable[[int, int], str]) -> Event:
        """One record in words."""
        kind, _, row, *words = record
        instrument = self.instruments[int(row)]
        if kind == k.FILLED:
            quantity, price, fee, reason, maker = words
            return OrderFilled(at, opened_at, instrument, quantity, price, fee, LABELS[reason], maker > 0.0)
        if kind == k.DECIDED:
            rule = int(words[0])
            return Decided(at, instrument, self.rules[rule], words[1], explain(rule, int(row)))
        if kind == k.REFUSED:
            return EntryRefused(at, instrument, REFUSALS[words[0]])
        if kind == k.CLAMPED:
            return Clamped(at, instrument, words[0], words[1])
        if kind == k.CARRIED:
            return FundingBooked(at, instrument, words[0], words[1] > 0.0)
        if kind == k.EXPIRED:
            return OrderExpired(at, instrument, words[0] == 0.0)
        if kind == k.LIMIT_REACHED:
            return LimitReached(at, REACHED[words[0]])
        assert kind == k.HALTED_NOW, f"no event for record kind {kind}"
        return Halted(at, words[0] > 0.0)
