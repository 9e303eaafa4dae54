"""A backtest's journal is virtual: it is made of the run's columns where it is read, at any place, and is never written down.

Its events are those that the session fed bar by bar would have recorded (law 2), numbered from 1 without a gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np

from assay.core.domain.account import Account
from assay.core.domain.events import AccountMarked, Event, SessionEnded, SessionStarted
from assay.core.engine.backtest import Inputs, Prepared, bar_of, columns_of, fast, prepare, result
from assay.core.engine.narrate import Narrator, nothing_decided
from assay.core.engine.records import Written, halting
from assay.core.kernel import drive
from assay.core.kernel import transition as k
from assay.core.kernel.drive import Ints
from assay.core.market.instants import to_datetime
from assay.core.results.result import Result
from assay.core.strategy.canonical import content_hash
from assay.core.strategy.document import Document
from assay.core.traders.rules.columns import Columns
from assay.core.traders.rules.reason import reason


@dataclass(frozen=True, eq=False)
class Journal:
    """One run, with everything that can be asked of it: its events by number, and its result."""

    document: Document
    inputs: Inputs
    account: Account
    prepared: Prepared
    columns: Sequence[Columns]
    run: drive.Run
    written: Written

    def __len__(self) -> int:
        """Start, what the kernel recorded, a mark a slice, and the end."""
        return 2 + len(self.run.records) + len(self.run.equity) + self._marks_twice

    @cached_property
    def result(self) -> Result:
        return result(self.document, self.inputs, self.account, self.prepared, list(self.columns), self.run.equity, self.written)

    def count(self, kind: float) -> int:
        """How often the kernel recorded something of this kind."""
        return int(np.count_nonzero(self.run.records[:, 0] == kind))

    @property
    def refusals(self) -> int:
        return self.count(k.REFUSED)

    @property
    def halts(self) -> int:
        """How often entries were ended for good: by a rule, by ruin, by a drawdown."""
        return int(np.count_nonzero(halting(self.run.records)))

    @property
    def is_ruined(self) -> bool:
        """Equity was gone, and everything was closed."""
        notes = self.written.notes
        return bool(((notes[:, 0] == k.HALTED_NOW) & (notes[:, 3] > 0.0)).any())

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Event]:
        """The events with the numbers `after + 1`, `after + 2`, …"""
        if after == 0:
            return islice(self._all(), limit)
        before = self._before
        index = max(int(np.searchsorted(before, after - 1, side="right")) - 1, 0)
        skipped = after - 1 - int(before[index])
        return islice(self._from(index), skipped, None if limit is None else skipped + limit)

    def explained(self, rows: Sequence[int]) -> list[str]:
        """Why the decisions in these rows were made, in words and numbers."""
        explain = self.result.explain
        assert explain is not None, "a journal's result can explain itself"
        return [explain(row) for row in rows]

    @property
    def _marks_twice(self) -> bool:
        return self.account.convention == "backtesting.py-finalize"

    @cached_property
    def _starts(self) -> Ints:
        """Where each slice's records begin, and at last where they end."""
        slices = np.arange(self.prepared.first, len(self.prepared.slices) + 1)
        return np.searchsorted(np.ascontiguousarray(self.run.records[: self.run.ended, 1]), slices)

    @cached_property
    def _before(self) -> Ints:
        """How many events there are between the start and each slice."""
        return self._starts[:-1] + np.arange(len(self._starts) - 1)

    def _all(self) -> Iterator[Event]:
        slices = self.prepared.slices
        yield SessionStarted(slices.at(self.prepared.first), content_hash(self.document), slices.instruments, self.account.cash)
        yield from self._from(0)

    def _from(self, index: int) -> Iterator[Event]:
        """Events from the session's `index`th slice on."""
        slices, first, run, records, starts = self.prepared.slices, self.prepared.first, self.run, self.run.records, self._starts
        rules = self.document.rules_in_order()
        narrator = Narrator(slices.instruments, tuple(rule.id for rule in rules))
        for place in range(first + index, len(slices)):

            def explain(rule: int, row: int, place: int = place) -> str:
                return reason(rules[rule].when, self.columns[row], bar_of(self.prepared.calendar, row, place))

            equity = run.last_mark if place == len(slices) - 1 else float(run.equity[place - first])
            written = records[starts[place - first] : starts[place - first + 1]].tolist()
            yield from narrator.slice(written, slices.at(place), to_datetime(slices.ts[place]), equity, explain)
        at, opened_at = slices.at(len(slices) - 1), to_datetime(slices.ts[-1])
        for record in records[run.ended :].tolist():
            yield narrator.event(record, at, opened_at, nothing_decided)
        if self._marks_twice:
            yield AccountMarked(at, float(run.equity[-1]))
        yield SessionEnded(at)


def play(document: Document, inputs: Inputs, account: Account, *, every: bool = False) -> Journal:
    """Run a bound document over its inputs. Raises DataError and AccountError for inputs that do not fit it."""
    prepared = prepare(document, inputs, account)
    columns = [columns_of(document, bars) for bars in inputs.bars.values()]
    run, left = fast(document, columns, prepared, account, every=every)
    return Journal(document, inputs, account, prepared, columns, run, left)


def events(document: Document, inputs: Inputs, account: Account, *, every: bool = False) -> Iterator[Event]:
    """The run's journal in full."""
    return play(document, inputs, account, every=every).read()
