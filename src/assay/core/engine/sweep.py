"""Many runs over a grid of parameters, each cell the ordinary run of the bound document, told by four figures.

What cells share is computed once: a series for each setting of the parameters it depends on, a rule's closes likewise. Cells keep no
equity and no fills; the kernel folds their statistics while it runs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Final, TypeAlias

import numpy as np
import polars as pl

from assay.core.domain.account import Account
from assay.core.domain.errors import Problem, StrategyError
from assay.core.engine.backtest import Inputs, Prepared, prepare
from assay.core.engine.decisions import levels, placed
from assay.core.indicators.compute import Columns as Series
from assay.core.kernel import drive
from assay.core.kernel import transition as k
from assay.core.kernel.drive import Floats, Ints
from assay.core.market.bars import Bars
from assay.core.results import ratios
from assay.core.results.equity import Daily, daily_marks, deepest
from assay.core.strategy.dependence import dependence
from assay.core.strategy.document import Document
from assay.core.strategy.parameters import bind
from assay.core.traders.plans import agree, plan_table
from assay.core.traders.rules.columns import Columns, merged, rows_where

CELLS_MAX: Final = 1_000_000
Values: TypeAlias = tuple[int | float, ...]
Progress: TypeAlias = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Sweep:
    """`cells`: one row a combination, in the grid's order: its parameters, final_equity, max_drawdown, trades, sharpe."""

    cells: pl.DataFrame


def sweep(
    document: Document, inputs: Inputs, account: Account, grid: Mapping[str, Sequence[int | float]], progress: Progress | None = None
) -> Sweep:
    """Run every combination of the grid. Raises StrategyError for names and values that the document does not allow."""
    _check(document, grid)
    names, axes = tuple(grid), [list(values) for values in grid.values()]
    bound = bind(document, {name: values[0] for name, values in grid.items()})
    runner = _Runner(document, inputs, account, names, prepare(bound, inputs, account))
    total = math.prod(map(len, axes))
    figures = np.empty((3, total))
    days = np.empty((total, len(runner.day_ends)))
    for cell, values in enumerate(product(*axes)):
        figures[:, cell] = runner.run(values, days[cell])
        if progress is not None and cell % 64 == 0:
            progress(cell, total)
    if progress is not None:
        progress(total, total)
    chosen = np.array(list(product(*axes)), dtype=object).reshape(total, len(names))
    parameters = {name: pl.Series(chosen[:, column].tolist()) for column, name in enumerate(names)}
    return Sweep(
        pl.DataFrame(
            {
                **parameters,
                "final_equity": figures[0],
                "max_drawdown": figures[1],
                "trades": figures[2].astype(np.int64),
                "sharpe": pl.Series(runner.sharpes(days), nan_to_null=True),
            }
        )
    )


class _Runner:
    """What is known of a document before its swept parameters are, and what cells have computed so far."""

    def __init__(self, document: Document, inputs: Inputs, account: Account, names: tuple[str, ...], prepared: Prepared) -> None:
        self._document, self._account, self._names, self._prepared = document, account, names, prepared
        self._bars = [_base(bars) for bars in inputs.bars.values()]
        self._series = [Series(base) for base in self._bars]
        self._lengths = [len(bars) for bars in inputs.bars.values()]
        self._rules = bind(document).rules_in_order()
        needs = dependence(document)
        self._series_needs = {name: self._places(used) for name, used in needs.series.items()}
        self._rule_needs = [self._places(used) for used in needs.conditions]
        self._rebound = [bool(self._places(used)) for used in needs.written]
        self._plan_needs = self._places(needs.actions)
        self._columns: list[dict[tuple[str, Values], dict[str, Floats]]] = [{} for _ in self._bars]
        self._rows: list[dict[tuple[int, Values], Ints]] = [{} for _ in self._bars]
        self._plans: dict[Values, tuple[Floats, Floats]] = {}

    @cached_property
    def day_ends(self) -> Ints:
        return self.daily.equity.astype(np.int64)

    @cached_property
    def daily(self) -> Daily:
        """The days of the period, with the slice of each one's last mark in place of its equity."""
        first, slices = self._prepared.first, self._prepared.slices
        return daily_marks(slices.ts[first:], slices.timeframe, np.arange(first, len(slices), dtype=np.float64))

    def sharpes(self, marks: Floats) -> Floats:
        """`ratios.sharpe` of each row's daily returns [cells, days], all rows at once; NaN where it says nothing."""
        before = np.concatenate([np.full((len(marks), 1), self._account.cash), marks[:, :-1]], axis=1)
        whole = np.logical_and.reduce(before > 0.0, axis=1)
        returns = np.divide(marks, before, out=np.ones_like(marks), where=whole.reshape(-1, 1)) - 1.0
        if self.daily.every_day:
            filled = np.zeros((len(marks), int(self.daily.day[-1] - self.daily.day[0]) + 1))
            filled[:, self.daily.day - self.daily.day[0]] = returns
            returns = filled
        if returns.shape[1] < 2:
            return np.full(len(marks), np.nan)
        spread = np.std(returns, axis=1, ddof=1)
        sharpes = np.full(len(marks), np.nan)
        np.divide(returns.mean(axis=1), spread, out=sharpes, where=whole & (spread > ratios.NOISE))
        return sharpes * math.sqrt(365.0 if self.daily.every_day else 252.0)

    def run(self, values: Values, daily: Floats) -> tuple[float, float, float]:
        """(final equity, max drawdown, trades) of one cell; the days' last marks are written into `daily`."""
        prepared = self._prepared
        prices, calendar = prepared.prices, prepared.calendar
        state, level_table = self._planned(values)
        places, masks = placed([merged(self._held(row, values)) for row in range(len(self._bars))], calendar, prepared.first)
        if self._account.convention == "backtesting.py-finalize":
            return self._kept(values, level_table, places, masks, daily)
        state = state.copy()
        cursor = np.array([prepared.first, len(prepared.slices), 0, 0, 0, prepared.first, prepared.first], np.int64)
        k.run(
            state, level_table, prices.length, *prices.addresses, calendar.count, calendar.closing, calendar.closes,
            0, places, masks, prepared.carries, cursor, drive.NO_FLOATS, self.day_ends, daily, False,
        )  # fmt: skip
        return drive.marked(state, prices.last_close), float(state[k.DRAWDOWN]), float(state[k.TRADES])

    def _kept(self, values: Values, level_table: Floats, places: Ints, masks: Ints, daily: Floats) -> tuple[float, float, float]:
        """As `run`, with equity kept: closing at the end takes the last mark again, which a fold cannot."""
        bound, prepared = self._bound(values), self._prepared
        run = drive.run(
            agree(self._account, bound, len(self._bars)), plan_table(bound), level_table, prepared.prices, places, masks,
            first=prepared.first, carries=prepared.carries, calendar=prepared.calendar, finalize=True,
        )  # fmt: skip
        daily[:] = run.equity[self.day_ends - prepared.first]
        return float(run.equity[-1]), deepest(run.equity, self._account.cash)[0], float(run.state[k.TRADES])

    def _held(self, row: int, values: Values) -> list[Ints]:
        """The closes at which each rule holds."""
        known, held = self._rows[row], []
        columns: Columns | None = None
        for index, needs in enumerate(self._rule_needs):
            key = (index, tuple([values[place] for place in needs]))
            rows = known.get(key)
            if rows is None:
                if columns is None:
                    columns = Columns(self._named(row, values), self._lengths[row], {})
                rule = self._bound(values).rules_in_order()[index] if self._rebound[index] else self._rules[index]
                rows = rows_where(rule, columns)
                if len(needs) < len(self._names):
                    known[key] = rows
            held.append(rows)
        return held

    def _named(self, row: int, values: Values) -> dict[str, Floats]:
        """Every series for this cell, by the names that conditions use."""
        known, columns = self._columns[row], dict(self._bars[row])
        for name, needs in self._series_needs.items():
            key = (name, tuple([values[place] for place in needs]))
            if key not in known:
                self._compute(row, values)
            columns.update(known[key])
        return columns

    def _compute(self, row: int, values: Values) -> None:
        computed = self._series[row].of(self._bound(values))
        known = self._columns[row]
        for name, needs in self._series_needs.items():
            key = (name, tuple([values[place] for place in needs]))
            known.setdefault(key, {each: column for each, column in computed.items() if each.partition(".")[0] == name})

    def _planned(self, values: Values) -> tuple[Floats, Floats]:
        """The state before the first slice, and the series that levels need."""
        key = tuple([values[place] for place in self._plan_needs])
        if key not in self._plans:
            bound = self._bound(values)
            terms = agree(self._account, bound, len(self._bars))
            columns = [Columns(self._named(row, values), length, {}) for row, length in enumerate(self._lengths)]
            table = levels(bound, columns, self._prepared.slices.shape, self._prepared.calendar)
            self._plans[key] = (drive.new_state(terms, plan_table(bound), 0), table)
        return self._plans[key]

    def _bound(self, values: Values) -> Document:
        return bind(self._document, dict(zip(self._names, values, strict=True)))

    def _places(self, parameters: frozenset[str]) -> tuple[int, ...]:
        """Which of the grid's axes they are."""
        return tuple(place for place, name in enumerate(self._names) if name in parameters)


def _base(bars: Bars) -> dict[str, Floats]:
    return {"open": bars.open, "high": bars.high, "low": bars.low, "close": bars.close, "volume": bars.volume}


def _check(document: Document, grid: Mapping[str, Sequence[int | float]]) -> None:
    """Every value of every axis is one that the document may be bound to, the others at their declared values."""
    problems = [
        Problem(f"grid.{name}", "empty", "the grid has no value for it; give at least one")
        for name, values in grid.items()
        if not len(values)
    ]
    cells = math.prod(map(len, grid.values()))
    if cells > CELLS_MAX:
        problems.append(Problem("grid", "too_large", f"{cells:,} combinations; at most {CELLS_MAX:,} in one sweep"))
    if problems or not grid:
        raise StrategyError(problems or [Problem("grid", "empty", "name at least one parameter to sweep")])
    for name, values in grid.items():
        for value in values:
            bind(document, {name: value})
