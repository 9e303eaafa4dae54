"""The fast path: rules decided on whole columns, one kernel run over all slices, and a result that computes what it is asked for.

Law 2: it leaves the same events as the session that is fed bar by bar (`session.advance`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Final

import numpy as np

from assay.core.domain.account import Account
from assay.core.domain.errors import AccountError, DataError, Problem
from assay.core.engine.benchmark import buy_and_hold
from assay.core.engine.calendar import calendar, marked_days, nested_calendar
from assay.core.engine.carries import Funding, carries
from assay.core.engine.decisions import candidates
from assay.core.engine.records import Written, written
from assay.core.indicators.compute import Columns as Series
from assay.core.kernel import drive
from assay.core.kernel.drive import Calendar, Floats, Ints, Prices
from assay.core.market.bars import Bars
from assay.core.market.resample import Clock
from assay.core.market.slices import Slices, align
from assay.core.results.result import Result
from assay.core.strategy.canonical import content_hash
from assay.core.strategy.document import Document
from assay.core.traders.limits import watches_days
from assay.core.traders.plans import agree, plan_table
from assay.core.traders.rules.columns import Columns
from assay.core.traders.rules.reason import reason

ENGINE: Final = "assay/engine@2"
"""Raised with every change that can change a result; part of every run's id."""

PRICE_MIN: Final = 1e-12
PRICE_MAX: Final = 1e15


@dataclass(frozen=True, eq=False)
class Inputs:
    """What a session runs on: deciding bars by instrument, in universe order; finer bars to match on; funding; the period."""

    bars: Mapping[str, Bars]
    fine: Mapping[str, Bars]
    funding: Mapping[str, Funding]
    start: datetime | None = None

    def identity(self) -> str:
        """The fingerprints of everything in here, and the period."""
        parts = [bars.fingerprint for bars in self.bars.values()]
        parts += [bars.fingerprint for bars in self.fine.values()]
        parts += [hashlib.sha256(due.ts.tobytes() + due.rate.tobytes()).hexdigest() for due in self.funding.values()]
        return " ".join([*parts, "" if self.start is None else self.start.isoformat()])


@dataclass(frozen=True, eq=False)
class Prepared:
    """Inputs aligned to slices, in the kernel's shapes."""

    slices: Slices
    prices: Prices
    calendar: Calendar
    carries: Floats
    first: int
    days: Ints


def backtest(document: Document, inputs: Inputs, account: Account) -> Result:
    """Run a bound document. Raises DataError and AccountError for inputs that do not fit it."""
    prepared = prepare(document, inputs, account)
    columns = [columns_of(document, bars) for bars in inputs.bars.values()]
    run, left = fast(document, columns, prepared, account)
    return result(document, inputs, account, prepared, columns, run.equity, left)


def fast(
    document: Document, columns: list[Columns], prepared: Prepared, account: Account, *, every: bool = False
) -> tuple[drive.Run, Written]:
    """Decide on columns and fold the kernel over all slices; `every` wakes the whole transition on each of them (law 2)."""
    chosen = candidates(document, columns, prepared.slices, prepared.calendar, prepared.first)
    run = drive.run(
        agree(account, document, len(columns)),
        plan_table(document),
        chosen.levels,
        prepared.prices,
        chosen.places,
        chosen.masks,
        first=prepared.first,
        carries=prepared.carries,
        calendar=prepared.calendar,
        finalize=account.convention == "backtesting.py-finalize",
        days=prepared.days,
        every=every,
    )
    return run, written(run.records)


def bar_of(calendar: Calendar, instrument: int, place: int) -> int:
    """The instrument's own deciding bar that closes with a slice, counted from 0."""
    return place if calendar.count.shape[0] == 0 else int(calendar.count[instrument, place]) - 1


def prepare(document: Document, inputs: Inputs, account: Account) -> Prepared:
    """Check that data, document and account fit one another, and align the data."""
    _check(document, inputs, account)
    slices = align(inputs.fine or inputs.bars)
    if account.volume_cap is not None and not slices.has_volume:
        raise AccountError([Problem("volume_cap", "no_volume", "the data has no volume; leave the volume cap out")])
    return Prepared(
        slices,
        Prices(slices.opens, slices.highs, slices.lows, slices.closes, slices.volumes),
        nested_calendar(slices, inputs.bars, inputs.fine) if inputs.fine else calendar(slices),
        carries(slices, inputs.funding, account.borrow_rate),
        _first(slices, inputs.start),
        marked_days(slices) if watches_days(document) else drive.NO_DAYS,
    )


def columns_of(document: Document, bars: Bars) -> Columns:
    """Every series that the document's rules may name, over one instrument's bars."""
    base = {"open": bars.open, "high": bars.high, "low": bars.low, "close": bars.close, "volume": bars.volume}
    return Columns(Series(base, Clock(bars.ts, bars.timeframe)).of(document), len(bars), {})


def result(
    document: Document, inputs: Inputs, account: Account, prepared: Prepared, columns: list[Columns], equity: Floats, left: Written
) -> Result:
    """Wrap what a run left; all that costs something is computed when it is asked for."""
    rules = document.rules_in_order()

    def explain(row: int) -> str:
        instrument = int(left.decisions.instrument[row])
        bar = bar_of(prepared.calendar, instrument, int(left.decisions.slice[row]))
        return reason(rules[int(left.decisions.rule[row])].when, columns[instrument], bar)

    def hold(marks: bool) -> drive.Run:
        terms = agree(account, document, len(columns))
        return buy_and_hold(terms, prepared.prices, prepared.calendar, prepared.carries, prepared.first, marks=marks)

    return Result(
        document.name,
        prepared.slices,
        prepared.first,
        account,
        left.fills,
        left.carries,
        left.decisions,
        equity,
        tuple(rule.id for rule in rules),
        lambda: run_id(document, inputs, account),
        lambda: hold(True).equity,
        lambda: hold(False).last_mark,
        explain,
    )


def run_id(document: Document, inputs: Inputs, account: Account) -> str:
    """Equal identity, equal result: strategy, account, data and engine, hashed."""
    parts = (ENGINE, content_hash(document), repr(astuple(account)), *inputs.bars, inputs.identity())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _first(slices: Slices, start: datetime | None) -> int:
    if start is None:
        return 0
    first = int(np.searchsorted(slices.ts, int(start.timestamp() * 1_000_000) * 1_000))
    if first >= len(slices):
        raise DataError([Problem("from", "no_bars", f"there are no bars from {start.isoformat()} on")])
    return first


def refuse_candle_rules(account: Account) -> None:
    """No document runs under freqtrade's rules: it has no ROI table, and the referee could not confirm it."""
    if account.convention == "freqtrade":
        message = "documents run under this project's own rules or backtesting.py's; freqtrade's tables are reproduced by tests alone"
        raise AccountError([Problem("convention", "not_yet", message)])


def _check(document: Document, inputs: Inputs, account: Account) -> None:
    refuse_candle_rules(account)
    for name, bars in inputs.bars.items():
        if bars.timeframe.name != document.timeframe:
            message = f"the document decides on {document.timeframe} bars and the data of {name} has {bars.timeframe}"
            raise DataError([Problem("timeframe", "timeframe", f"{message}; change one of the two")])
    for name, bars in (*inputs.bars.items(), *inputs.fine.items()):
        low, high = bars.extremes
        if len(bars) and not (low >= PRICE_MIN and high <= PRICE_MAX):
            message = f"prices of {name} reach from {low:g} to {high:g}; between {PRICE_MIN:g} and {PRICE_MAX:g} money can be counted"
            raise DataError([Problem(name, "price_bounds", message)])
    if inputs.fine and set(inputs.fine) != set(inputs.bars):
        raise DataError([Problem("match", "universe", "finer bars are needed for each instrument, or for none")])
