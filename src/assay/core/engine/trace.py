"""What came of every close: one outcome for each bar of each instrument, and why (law 11, docs/STRATEGY.md, C9).

Made of a journal where somebody asks: a run that is only looked at for its result pays nothing for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assay.core.engine.decisions import candidates
from assay.core.engine.journal import Journal
from assay.core.engine.records import LIMITS, REFUSALS, halting
from assay.core.engine.standing import standing
from assay.core.indicators.compute import warm_up
from assay.core.kernel import drive
from assay.core.kernel import transition as k
from assay.core.kernel.drive import Floats, Ints
from assay.core.market.instants import to_datetime
from assay.core.strategy.document import Action, Rule, is_exit
from assay.core.traders.numbers import number
from assay.core.traders.plans import agree, plan_table
from assay.core.traders.trace import AskedRule, Passage, Step, explain, first_vetoes, in_order, passage, vetoes_of

WARMING_UP: Final = "warming_up"
HALTED: Final = "halted"
ENTERED: Final = "entered"
REVERSED: Final = "reversed"
EXITED: Final = "exited"
RESIZED: Final = "resized"
HELD: Final = "held"
NO_SIGNAL: Final = "no_signal"
BY_ITSELF: Final = (WARMING_UP, HALTED, ENTERED, REVERSED, EXITED, RESIZED, HELD, NO_SIGNAL)

Codes = NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class BarTrace:
    """One close of one instrument; `opened_at` is the bar's."""

    opened_at: datetime
    instrument: str
    outcome: str
    rules: tuple[AskedRule, ...]


@dataclass(frozen=True, slots=True)
class Funnel:
    """A whole run: how many bars were decided on, how often each outcome came, and what each rule let through."""

    bars: int
    outcomes: dict[str, int]
    rules: tuple[Passage, ...]


@dataclass(frozen=True, eq=False)
class Trace:
    """Outcomes are kept as codes, an index into `labels` for each of an instrument's own bars: two bytes a bar."""

    journal: Journal

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Every outcome that this run can have."""
        return (*BY_ITSELF, *(f"refused:{limit}" for limit in LIMITS), *(f"vetoed:{name}" for name in vetoes_of(self.journal.document)))

    @cached_property
    def codes(self) -> tuple[Codes, ...]:
        """By instrument, one for each of its bars."""
        return tuple(self._codes(row) for row in range(len(self.journal.columns)))

    def outcome(self, instrument: int, bar: int) -> str:
        return self.labels[int(self.codes[instrument][bar])]

    def outcomes(self, instrument: int, start: int, end: int) -> list[str]:
        """Of the instrument's own bars [start, end)."""
        return [self.labels[code] for code in self.codes[instrument][start:end].tolist()]

    def bar(self, instrument: int, bar: int) -> BarTrace:
        """Everything about one bar."""
        name, bars = list(self.journal.inputs.bars.items())[instrument]
        rules = explain(self.journal.document, self.journal.columns[instrument], bar)
        return BarTrace(to_datetime(bars.ts[bar]), name, self.outcome(instrument, bar), rules)

    @cached_property
    def funnel(self) -> Funnel:
        """Over the bars from the session's first slice on, of all instruments together."""
        live = [np.flatnonzero(self._live(row)) for row in range(len(self.journal.columns))]
        counted = Counter[str]()
        for codes, rows in zip(self.codes, live, strict=True):
            counts = np.bincount(codes[rows], minlength=len(self.labels)).tolist()
            counted.update({label: count for label, count in zip(self.labels, counts, strict=True) if count})
        passages = [
            _together([passage(path, rule, columns, rows) for columns, rows in zip(self.journal.columns, live, strict=True)])
            for path, rule in in_order(self.journal.document)
        ]
        return Funnel(sum(map(len, live)), dict(counted), tuple(passages))

    def _codes(self, instrument: int) -> Codes:
        """From the last that applies to the first, each over those before."""
        code = {label: index for index, label in enumerate(self.labels)}
        document, slices = self.journal.document, self._slices(instrument)
        live = self._live(instrument)
        codes = np.full(len(slices), code[NO_SIGNAL], np.uint16)
        target = standing(self._records, instrument, lambda places: self._folded_again(places)[:, instrument]).at(slices)
        for rule in reversed(document.rules_in_order()):
            if _opens(rule):
                rows, vetoes = first_vetoes(rule, self.journal.columns[instrument])
                codes[rows] = np.array([code[f"vetoed:{veto.name}"] for veto in rule.unless], np.uint16)[vetoes]
        codes[target != 0.0] = code[HELD]
        codes[slices >= self._halted_from] = code[HALTED]
        codes[~live] = code[WARMING_UP]
        codes[: warm_up(document)] = code[WARMING_UP]
        rows, labels = self._decided(instrument)
        codes[rows] = [code[label] for label in labels]
        return codes

    def _decided(self, instrument: int) -> tuple[Ints, list[str]]:
        """The bars at whose close a rule decided, and what came of it."""
        records = self._records
        places = np.flatnonzero((records[:, 0] == k.DECIDED) & (records[:, 2] == instrument))
        following = records[np.minimum(places + 1, len(records) - 1)]
        decided = records[places]
        refused = (following[:, 0] == k.REFUSED) & (following[:, 1] == decided[:, 1]) & (following[:, 2] == instrument)
        codes = np.where(refused, following[:, 3], 0.0).tolist()
        actions = [rule.then.action for rule in self.journal.document.rules_in_order()]
        labels = [
            _label(actions[int(rule)], after, before, REFUSALS[refusal] if refusal else None)
            for rule, after, before, refusal in zip(*(decided[:, word].tolist() for word in (3, 4, 5)), codes, strict=True)
        ]
        slices, count = decided[:, 1].astype(np.int64), self.journal.prepared.calendar.count
        return slices if count.shape[0] == 0 else count[instrument, slices] - 1, labels

    @cached_property
    def _records(self) -> Floats:
        return self.journal.run.records[: self.journal.run.ended]

    @cached_property
    def _halted_from(self) -> float:
        """The first slice at whose close entries are halted."""
        return float(self._records[halting(self._records), 1].min(initial=np.inf))

    def _folded_again(self, slices: Ints) -> Floats:
        """The standing targets [slices, N] after the decisions of each of the slices."""
        journal = self.journal
        prepared, document = journal.prepared, journal.document
        chosen = candidates(document, journal.columns, prepared.slices, prepared.calendar, prepared.first)
        return drive.standing(
            agree(journal.account, document, len(journal.columns)),
            plan_table(document),
            chosen.levels,
            prepared.prices,
            chosen.places,
            chosen.masks,
            slices,
            first=prepared.first,
            carries=prepared.carries,
            calendar=prepared.calendar,
            days=prepared.days,
        )

    def _slices(self, instrument: int) -> Ints:
        """The slice that closes each of an instrument's own bars; beyond the last where none does."""
        length = self.journal.columns[instrument].length
        closes = self.journal.prepared.calendar.closes
        if closes.shape[0] == 0:
            return np.arange(length, dtype=np.int64)
        found = closes[instrument, 1 : length + 1]
        return np.concatenate([found, np.full(length - len(found), np.iinfo(np.int64).max // 4, np.int64)])

    def _live(self, instrument: int) -> NDArray[np.bool_]:
        """Whether a bar is decided on."""
        slices = self._slices(instrument)
        return (slices >= self.journal.prepared.first) & (slices < len(self.journal.prepared.slices))


def _label(action: Action, after: float, before: float, refused: str | None) -> str:
    if action is Action.HALT or refused == "halted":
        return HALTED
    if refused is not None:
        return f"refused:{refused}"
    if after == 0.0:
        return EXITED
    if before == 0.0:
        return ENTERED
    return REVERSED if before * after < 0.0 else RESIZED


def _opens(rule: Rule) -> bool:
    """Whether a rule would do something where nothing is held."""
    then = rule.then
    return then.action is Action.HALT or not (is_exit(then.action) or (then.action is Action.TARGET and number(then.size) == 0.0))


def _together(passages: Sequence[Passage]) -> Passage:
    """The same rule over several instruments."""
    steps = [
        Step(first.path, first.veto, sum(step.alone for step in same), sum(step.through for step in same))
        for same in zip(*(each.steps for each in passages), strict=True)
        for first in same[:1]
    ]
    return Passage(passages[0].rule, sum(each.bars for each in passages), tuple(steps))
