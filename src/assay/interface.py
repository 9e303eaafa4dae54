"""The Python interface: strategies, bars and accounts as a person has them come in, and results that can be looked at go out.

Its names are fixed, for others build on them. Whatever is wrong with what comes in is an AssayError that says where.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final, Self, TypeAlias

import numpy as np
import polars as pl

from assay.adapters.files import strategies
from assay.adapters.files.candles import load_bars as load_bars
from assay.adapters.files.funding import funding_of
from assay.adapters.files.funding import load_funding as load_funding
from assay.adapters.render.explanation import Explanation as Explanation
from assay.adapters.render.explanation import explanation
from assay.core.domain.account import Account as Account
from assay.core.domain.errors import AccountError as AccountError
from assay.core.domain.errors import AssayError as AssayError
from assay.core.domain.errors import DataError as DataError
from assay.core.domain.errors import Problem as Problem
from assay.core.domain.errors import StrategyError as StrategyError
from assay.core.domain.instrument import InstrumentId
from assay.core.engine import sweep as sweeps
from assay.core.engine.backtest import Inputs, columns_of
from assay.core.engine.carries import Funding as Funding
from assay.core.engine.journal import play
from assay.core.engine.lookahead import DecidesAll, Rules, look_ahead
from assay.core.engine.lookahead import Opinions as Opinions
from assay.core.engine.lookahead import Proof as Proof
from assay.core.engine.sweep import Sweep as Sweep
from assay.core.engine.trace import BarTrace, Trace
from assay.core.market.bars import Bars as Bars
from assay.core.market.instants import to_datetime
from assay.core.results import result as results
from assay.core.strategy.canonical import content_hash
from assay.core.strategy.document import Document
from assay.core.strategy.parameters import bind
from assay.core.strategy.parse import parse
from assay.core.traders.trace import explain

Universe: TypeAlias = "Bars | Mapping[str, Bars] | Sequence[Bars]"
"""Bars of one instrument, or of several by their ids."""
Instant: TypeAlias = "datetime | str | None"
"""An aware datetime, or ISO 8601; text without a zone is UTC, as a date alone is its midnight."""
Rates: TypeAlias = "pl.DataFrame | Funding | Mapping[str, pl.DataFrame | Funding]"
"""Columns `ts` and `rate` of one instrument, or of several by their ids."""
Grid: TypeAlias = Mapping[str, Sequence[int | float]]

ACCOUNT: Final = Account()
UNNAMED: Final = "file:"
"""Bars that were loaded without an instrument are called by their file, `file:btc-hourly`."""


@dataclass(frozen=True, repr=False)
class Strategy:
    """A strategy document that can be run; documents that mean the same have one `hash`."""

    document: Document

    @classmethod
    def load(cls, source: str | os.PathLike[str] | Mapping[str, object]) -> Self:
        """From a file, or from plain values. Raises StrategyError, whose `errors` say what is wrong and where."""
        if isinstance(source, Mapping):
            return cls(parse(source))
        return cls(strategies.load(Path(source)))

    @classmethod
    def template(cls, name: str) -> Self:
        """One of the bundled strategies: `sma_cross`, `rsi_reversion`, … Raises StrategyError for any other name."""
        return cls(strategies.template(name))

    def having(self, **parameters: int | float) -> Self:
        """The same strategy with other values of its parameters. Raises StrategyError for what it does not have or allow."""
        bound = bind(self.document, {name: _plain(value) for name, value in parameters.items()})
        return type(self)(replace(self.document, parameters=bound.parameters))

    @property
    def name(self) -> str:
        return self.document.name

    @property
    def timeframe(self) -> str:
        return self.document.timeframe

    @property
    def universe(self) -> tuple[str, ...]:
        return self.document.universe

    @property
    def parameters(self) -> dict[str, int | float]:
        return dict(self.document.parameter_values())

    @property
    def hash(self) -> str:
        return content_hash(self.document)

    def explain(self, bars: Universe, at: Instant = None, instrument: str | None = None) -> Explanation:
        """What every rule makes of one bar, the last unless `at` is in another. Raises DataError where there is no such bar.

        Nothing is traded for it, so it cannot tell what was held; `Result.why` can.
        """
        document = bind(self.document)
        given = _deciding(self.universe, bars)
        _, chosen = _chosen(given, instrument)
        row = _row(chosen, _instant(at, "at"))
        columns = columns_of(document, chosen)
        rules = explain(document, columns, row)
        holding = next((rule.rule for rule in rules if rule.holds), None)
        told = "no rule holds" if holding is None else f"{holding} holds"
        return explanation(document, columns, row, BarTrace(to_datetime(chosen.ts[row]), chosen.instrument, told, rules))

    def __repr__(self) -> str:
        return f"<Strategy {self.name!r}: {', '.join(self.universe)} on {self.timeframe} bars, {self.parameters}>"


@dataclass(frozen=True, eq=False, repr=False)
class Result(results.Result):
    """A backtest's outcome: `metrics`, `trades`, `equity`, `decisions`, `fills` and `trace`, each computed when it is asked for."""

    traced: Trace = field(kw_only=True)

    @cached_property
    def trace(self) -> pl.DataFrame:
        """Every close's one outcome: `at` (the bar's open), `instrument`, `outcome`; instrument by instrument, in time order."""
        labels = pl.Series(self.traced.labels, dtype=pl.String)
        frames = [
            pl.DataFrame({"at": pl.Series(bars.ts // 1_000).cast(results.INSTANT), "outcome": labels.gather(codes)}).insert_column(
                1, pl.lit(name).alias("instrument")
            )
            for (name, bars), codes in zip(self.traced.journal.inputs.bars.items(), self.traced.codes, strict=True)
        ]
        return pl.concat(frames)

    @cached_property
    def funnel(self) -> pl.DataFrame:
        """What each condition and veto let through: `rule`, `path`, `veto`, bars at which it holds `alone`, and those left `through` it."""
        rows = [
            {"rule": passage.rule, "path": step.path, "veto": step.veto, "alone": step.alone, "through": step.through}
            for passage in self.traced.funnel.rules
            for step in passage.steps
        ]
        kinds = {"rule": pl.String, "path": pl.String, "veto": pl.String, "alone": pl.Int64, "through": pl.Int64}
        return pl.DataFrame(rows, schema=kinds)

    def why(self, at: Instant = None, instrument: str | None = None) -> Explanation:
        """Why the bar that was open `at` (the last one unless given) did or did not trade. Raises DataError where there is no such bar."""
        journal = self.traced.journal
        place, bars = _chosen(journal.inputs.bars, instrument)
        row = _row(bars, _instant(at, "at"))
        return explanation(journal.document, journal.columns[place], row, self.traced.bar(place, row))

    def report(self, path: str | os.PathLike[str]) -> Path:
        """Write the run as one page that needs nothing else, whole or not at all. Raises OSError where it cannot be written."""
        from assay.adapters.render.report import write_report  # most runs are never drawn, and need not wait for it

        write_report(self, Path(path))
        return Path(path)

    def __repr__(self) -> str:
        figures = f"{len(self.marks)} bars, {len(self.book.trades)} trades, final equity {self.outcome.final_equity:.2f}"
        return f"<Result of {self.strategy!r}: {figures}>"

    def _repr_html_(self) -> str:
        from assay.adapters.render.notebook import frame

        return frame(self)


def backtest(
    strategy: Strategy,
    bars: Universe,
    account: Account = ACCOUNT,
    *,
    start: Instant = None,
    end: Instant = None,
    match: Universe | None = None,
    funding: Rates | None = None,
) -> Result:
    """Run a strategy over bars. Raises DataError and AccountError where data, account and strategy do not fit.

    Bars before `start` serve the warm-up; bars opened at `end` or later are left out. `match` holds finer bars to fill on, and
    `funding` the rates (`ts`, `rate`) that perpetuals paid.
    """
    inputs = _inputs(strategy, bars, start, end, match, funding)
    journal = play(bind(strategy.document), inputs, account)
    outcome = journal.result
    return Result(**{each.name: getattr(outcome, each.name) for each in fields(outcome)}, traced=Trace(journal))


def sweep(
    strategy: Strategy,
    bars: Universe,
    grid: Grid,
    account: Account = ACCOUNT,
    *,
    start: Instant = None,
    end: Instant = None,
    match: Universe | None = None,
    funding: Rates | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Sweep:
    """Run every combination of a grid of parameters; `cells` has a row for each. `progress` hears how many of how many are done."""
    inputs = _inputs(strategy, bars, start, end, match, funding)
    return sweeps.sweep(strategy.document, inputs, account, {name: tuple(map(_plain, values)) for name, values in grid.items()}, progress)


def lookahead(
    trader: Strategy | DecidesAll,
    bars: Universe,
    *,
    start: Instant = None,
    end: Instant = None,
    points: int = 200,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Proof:
    """Cut off and poison the future at `points` closes, and see whether any earlier decision or series was another.

    `trader` is a strategy, or whatever has `decide_all(bars)` and answers with `Opinions` by instrument. Raises DataError.
    """
    given = _deciding(trader.universe, bars) if isinstance(trader, Strategy) else _by_name(bars)
    known = {name: each.between(_instant(start, "from"), _instant(end, "to")) for name, each in given.items()}
    if not all(map(len, known.values())):
        raise DataError([Problem("from", "no_bars", "there are no bars in this period")])
    asked = Rules(replace(bind(trader.document), universe=tuple(given))) if isinstance(trader, Strategy) else trader
    return look_ahead(asked, known, points, seed, progress)


def _plain(value: int | float) -> int | float:
    """NumPy's whole numbers are no ints to anybody else."""
    return value.item() if isinstance(value, np.generic) else value


def _inputs(
    strategy: Strategy,
    bars: Universe,
    start: Instant,
    end: Instant,
    match: Universe | None,
    funding: Rates | None,
) -> Inputs:
    deciding = _deciding(strategy.universe, bars)
    fine = {} if match is None else _arranged(tuple(deciding), _by_name(match), "match")
    first, last = _instant(start, "from"), _instant(end, "to")
    if first is not None and last is not None and first >= last:
        raise DataError([Problem("from", "period", f"{first.isoformat()} is not before {last.isoformat()}, where the period ends")])
    if last is not None:
        deciding = {name: _before(each, last) for name, each in deciding.items()}
        fine = {name: _inside(each, deciding[name]) for name, each in fine.items()}
    return Inputs(deciding, fine, _funding(tuple(deciding), funding), first)


def _deciding(universe: tuple[str, ...], given: Universe) -> dict[str, Bars]:
    """A universe of one instrument runs on whatever bars it is given, under their own name if they have one."""
    named = _by_name(given)
    names = tuple(named)
    alone = len(universe) == len(names) == 1 and not names[0].startswith(UNNAMED)
    return _arranged(names if alone else universe, named, "universe")


def _chosen(bars: Mapping[str, Bars], instrument: str | None) -> tuple[int, Bars]:
    """One instrument's bars and their place, the first unless one is named."""
    if instrument is not None and instrument not in bars:
        raise DataError([Problem("instrument", "unknown", f"there are bars of {', '.join(bars)}")])
    place = 0 if instrument is None else list(bars).index(instrument)
    return place, list(bars.values())[place]


def _row(bars: Bars, at: datetime | None) -> int:
    """The bar that was open at an instant, the last one where none is given."""
    rows = bars.rows_between(None, None if at is None else at + timedelta(microseconds=1))
    if not len(rows) or (at is not None and at >= bars.timeframe.closed_at(to_datetime(bars.ts[rows[-1]]))):
        raise DataError([Problem("at", "no_bars", f"there is no bar of {bars.instrument} at {at}")])
    return rows[-1]


def _arranged(names: tuple[str, ...], named: Mapping[str, Bars], path: str) -> dict[str, Bars]:
    """Bars by instrument, in the order of the names; bars that were given no name of their own are called by the one there is."""
    if len(names) == len(named) == 1 and next(iter(named)).startswith(UNNAMED):
        named = {names[0]: next(iter(named.values()))}
    problems = [Problem(path, "no_bars", f"there are no bars of {name}") for name in names if name not in named]
    foreign = [name for name in named if name not in names]
    if foreign:
        message = f"there are bars of {', '.join(foreign)}, which are not in the universe of {', '.join(names)}"
        problems.append(Problem(path, "not_in_universe", message))
    if problems:
        raise DataError(problems)
    return {name: _called(name, named[name]) for name in names}


def _by_name(given: Universe) -> dict[str, Bars]:
    if isinstance(given, Bars):
        return {given.instrument: given}
    if isinstance(given, Mapping):
        return {_instrument(name): bars for name, bars in given.items()}
    return {bars.instrument: bars for bars in given}


def _instrument(name: str) -> str:
    try:
        return str(InstrumentId.parse(name))
    except ValueError as error:
        raise DataError([Problem("universe", "instrument", str(error))]) from None


def _called(name: str, bars: Bars) -> Bars:
    return bars if bars.instrument == name else replace(bars, instrument=name)


def _before(bars: Bars, end: datetime) -> Bars:
    kept = bars.between(None, end)
    if not len(kept):
        raise DataError([Problem("to", "no_bars", f"there are no bars of {bars.instrument} before {end.isoformat()}")])
    return kept


def _inside(fine: Bars, deciding: Bars) -> Bars:
    """Finer bars up to the close of the last deciding one."""
    return fine.between(None, deciding.timeframe.closed_at(to_datetime(deciding.ts[-1])))


def _instant(given: Instant, path: str) -> datetime | None:
    if isinstance(given, str):
        try:
            at = datetime.fromisoformat(given)
        except ValueError:
            raise DataError([Problem(path, "instant", f"{given!r} is no date or time; write 2024-03-01 or 2024-03-01T09:00Z")]) from None
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    if given is not None and given.tzinfo is None:
        raise DataError([Problem(path, "instant", f"{given.isoformat()} has no time zone; give it one, such as datetime.UTC")])
    return given


def _funding(names: tuple[str, ...], given: Rates | None) -> dict[str, Funding]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        if len(names) > 1:
            raise DataError([Problem("funding", "unnamed", f"give rates by instrument; there are bars of {', '.join(names)}")])
        given = {names[0]: given}
    named = {
        _instrument(name): rates if isinstance(rates, Funding) else funding_of(rates, f"funding of {name}") for name, rates in given.items()
    }
    foreign = [name for name in named if name not in names]
    if foreign:
        message = f"there are rates of {', '.join(foreign)}, and no bars; there are bars of {', '.join(names)}"
        raise DataError([Problem("funding", "not_in_universe", message)])
    return named
