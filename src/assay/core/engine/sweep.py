"""Many runs over a grid of parameters, each cell the ordinary run of the bound document, told by four figures.

Cells keep no equity and no fills; the kernel folds their statistics while it runs. What they share is in `cells`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, islice, product
from typing import Final, TypeAlias

import numpy as np
import polars as pl

from assay.core.domain.account import Account
from assay.core.domain.errors import Problem, StrategyError
from assay.core.engine.backtest import Inputs, prepare
from assay.core.engine.cells import Batch, Cells, Grid, Values
from assay.core.engine.decisions import levels, placed
from assay.core.kernel import drive
from assay.core.kernel import transition as k
from assay.core.kernel.drive import Floats, Ints
from assay.core.results import ratios
from assay.core.results.equity import Daily, daily_marks, deepest
from assay.core.strategy.document import Document
from assay.core.traders.limits import watches_marks
from assay.core.traders.plans import agree, plan_table

CELLS_MAX: Final = 1_000_000
BATCH: Final = 64
Decisions: TypeAlias = tuple[Ints, Ints, Ints]
Axes: TypeAlias = Mapping[str, Sequence[int | float]]
Progress: TypeAlias = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Sweep:
    """`cells`: one row a combination, in the grid's order: its parameters, final_equity, max_drawdown, trades, sharpe."""

    cells: pl.DataFrame


def sweep(document: Document, inputs: Inputs, account: Account, grid: Axes, progress: Progress | None = None) -> Sweep:
    """Run every combination of the grid. Raises StrategyError for names and values that the document does not allow."""
    _check(grid)
    axes = {name: list(values) for name, values in grid.items()}
    runner = _Runner(Grid(document, axes), inputs, account)
    total = math.prod(map(len, axes.values()))
    figures = np.empty((4, total))
    cells, done = product(*axes.values()), 0
    while batch := list(islice(cells, BATCH)):
        if progress is not None:
            progress(done, total)
        figures[:, done : done + len(batch)] = runner.run(batch)
        done += len(batch)
    if progress is not None:
        progress(total, total)
    chosen = np.array(list(product(*axes.values())), dtype=object).reshape(total, len(axes))
    parameters = {name: pl.Series(chosen[:, column].tolist()) for column, name in enumerate(axes)}
    return Sweep(
        pl.DataFrame(
            {
                **parameters,
                "final_equity": figures[0],
                "max_drawdown": figures[1],
                "trades": figures[2].astype(np.int64),
                "sharpe": pl.Series(figures[3], nan_to_null=True),
            }
        )
    )


class _Runner:
    """Runs cells, a batch at a time; what they leave is in tables that the next batch takes over."""

    def __init__(self, grid: Grid, inputs: Inputs, account: Account) -> None:
        self._grid, self._account = grid, account
        self._prepared = prepared = prepare(grid.document, inputs, account)
        self._cells = [Cells(grid, bars, row, BATCH) for row, bars in enumerate(inputs.bars.values())]
        self._plan_axes = grid.axes(grid.needs.actions)
        self._plans: dict[Values, tuple[Floats, Floats]] = {}
        self._start = np.array([prepared.first, len(prepared.slices), 0, 0, 0, prepared.first, prepared.first], np.int64)
        self._days = np.empty((BATCH, len(self._day_ends)))
        self._returns = np.empty_like(self._days)

    def run(self, batch: Batch) -> Floats:
        """[4, cells]: final equity, max drawdown, trades and Sharpe."""
        decisions, days = self._decisions(batch), self._days[: len(batch)]
        run = self._kept if self._finalizes or watches_marks(self._grid.document) else self._folded
        return np.vstack([run(batch, *decisions, days), self._sharpes(days)])

    @property
    def _finalizes(self) -> bool:
        return self._account.convention == "backtesting.py-finalize"

    def _decisions(self, batch: Batch) -> Decisions:
        """(places, masks, ends) of all instruments, one cell after another."""
        held = [cells.holding(batch) for cells in self._cells]
        calendar, first = self._prepared.calendar, self._prepared.first
        if len(held) == 1 and calendar is drive.PLAIN and first == 0:
            return held[0]
        each = [placed([_of_cell(one, cell) for one in held], calendar, first) for cell in range(len(batch))]
        return np.concatenate([one[0] for one in each]), np.concatenate([one[1] for one in each]), np.cumsum([len(one[1]) for one in each])

    def _folded(self, batch: Batch, places: Ints, masks: Ints, ends: Ints, days: Floats) -> Floats:
        """[3, cells], and each day's last mark into `days`: the kernel folds the statistics of all cells with the same plans at once."""
        prices, calendar, first = self._prepared.prices, self._prepared.calendar, 0
        states = np.empty((len(batch), len(self._planned(batch[0])[0])))
        for _, alike in groupby(batch, self._plan_key) if self._plan_axes else [((), batch)]:
            state, level_table = self._planned(batch[first])
            head, cells = ends[first - 1] if first else 0, slice(first, first + len(list(alike)))
            k.run_cells(
                state, level_table, prices.length, *prices.addresses, calendar.count, calendar.closing, calendar.closes,
                places[head:], masks[head:], ends[cells] - head, self._prepared.carries, self._start, states[cells],
                self._day_ends, days[cells], len(self._cells) == 1 or None,
            )  # fmt: skip
            first = cells.stop
        return np.stack([drive.marked(states, prices.last_close), states[:, k.DRAWDOWN], states[:, k.TRADES]])

    def _kept(self, batch: Batch, places: Ints, masks: Ints, ends: Ints, days: Floats) -> Floats:
        """As `_folded`, with equity kept: closing at the end takes the last mark again, and some limits watch every one."""
        prepared, figures = self._prepared, np.empty((3, len(batch)))
        for cell, values in enumerate(batch):
            bound, (_, level_table) = self._grid.bound(values), self._planned(values)
            run = drive.run(
                agree(self._account, bound, len(self._cells)), plan_table(bound), level_table, prepared.prices,
                *_of_cell((places, masks, ends), cell),
                first=prepared.first, carries=prepared.carries, calendar=prepared.calendar, finalize=self._finalizes,
                days=prepared.days,
            )  # fmt: skip
            days[cell] = run.equity[self._day_ends - prepared.first]
            figures[:, cell] = run.equity[-1], deepest(run.equity, self._account.cash)[0], run.state[k.TRADES]
        return figures

    def _plan_key(self, values: Values) -> Values:
        return tuple([values[axis] for axis in self._plan_axes])

    def _planned(self, values: Values) -> tuple[Floats, Floats]:
        """The state before the first slice, and the series that levels need."""
        key = self._plan_key(values)
        if key not in self._plans:
            bound = self._grid.bound(values)
            terms = agree(self._account, bound, len(self._cells))
            table = levels(bound, [cells.columns(values) for cells in self._cells], self._prepared.slices.shape, self._prepared.calendar)
            self._plans[key] = (drive.new_state(terms, plan_table(bound), 0), table)
        return self._plans[key]

    @cached_property
    def _day_ends(self) -> Ints:
        return self._daily.equity.astype(np.int64)

    @cached_property
    def _daily(self) -> Daily:
        """The days of the period, with the slice of each one's last mark in place of its equity."""
        first, slices = self._prepared.first, self._prepared.slices
        return daily_marks(slices.ts[first:], slices.timeframe, np.arange(first, len(slices), dtype=np.float64))

    def _sharpes(self, marks: Floats) -> Floats:
        """`ratios.sharpe` of each row's daily returns [cells, days], all rows at once; NaN where it says nothing."""
        cash = self._account.cash
        with np.errstate(divide="ignore", invalid="ignore"):
            returns = self._returns[: len(marks)]
            np.divide(marks[:, :1], cash, out=returns[:, :1])
            np.divide(marks[:, 1:], marks[:, :-1], out=returns[:, 1:])
        whole = marks[:, :-1].min(axis=1, initial=np.inf) > 0.0
        if not whole.all():
            returns[~whole] = 0.0
        returns -= 1.0
        day = self._daily.day - self._daily.day[0]
        if self._daily.every_day and day[-1] >= len(day):
            filled = np.zeros((len(marks), int(day[-1]) + 1))
            filled[:, day] = returns
            returns = filled
        if returns.shape[1] < 2:
            return np.full(len(marks), np.nan)
        mean = returns.mean(axis=1, keepdims=True)
        spread = _deviation(returns, mean)
        sharpes = np.full(len(marks), np.nan)
        np.divide(mean[:, 0], spread, out=sharpes, where=whole & (spread > ratios.NOISE))
        return sharpes * math.sqrt(365.0 if self._daily.every_day else 252.0)


def _deviation(returns: Floats, mean: Floats) -> Floats:
    """`ratios.deviation` of each row, using the rows up."""
    np.subtract(returns, mean, out=returns)
    np.multiply(returns, returns, out=returns)
    variance: Floats = returns.sum(axis=1) / (returns.shape[1] - 1)
    return np.sqrt(variance)


def _of_cell(decisions: Decisions, cell: int) -> tuple[Ints, Ints]:
    places, masks, ends = decisions
    own = slice(ends[cell - 1] if cell else 0, ends[cell])
    return places[own], masks[own]


def _check(grid: Axes) -> None:
    """Every axis has values, and not too many."""
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
