"""What the cells of a sweep share: a series once for each setting of the parameters it depends on, a rule's closes likewise.

Cells come in batches: crosses of series that each cell has for itself are searched for in all cells of a batch at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import TypeAlias

import numpy as np

from assay.core.indicators.compute import Columns as Series
from assay.core.indicators.crossing import Changes
from assay.core.kernel.drive import Floats, Ints, addresses
from assay.core.market.bars import Bars
from assay.core.market.resample import Clock
from assay.core.strategy.dependence import Dependence, dependence
from assay.core.strategy.document import Cross, Crossing, Document, Name, Operand, Ref
from assay.core.strategy.parameters import bind
from assay.core.traders.rules.columns import Columns, rare_crossing, rows_where, runs_of
from assay.core.traders.rules.scan import merge

Values: TypeAlias = tuple[int | float, ...]
Batch: TypeAlias = Sequence[Values]


class Grid:
    """The document on a grid's axes: which of them its parts depend on, and what it is at one place of the grid."""

    def __init__(self, document: Document, axes: Mapping[str, Sequence[int | float]]) -> None:
        """Binds every value of every axis, the others as declared: raises StrategyError where the document does not allow one."""
        self.names = tuple(axes)
        self.document = document
        self.rules = document.rules_in_order()
        self._alone = {(name, value): bind(document, {name: value}) for name, values in axes.items() for value in values}

    @cached_property
    def needs(self) -> Dependence:
        return dependence(self.document)

    def axes(self, parameters: frozenset[str]) -> tuple[int, ...]:
        """Those of the grid's axes that are among them."""
        return tuple(axis for axis, name in enumerate(self.names) if name in parameters)

    def bound(self, values: Values) -> Document:
        return bind(self.document, dict(zip(self.names, values, strict=True)))

    def bound_on(self, axes: tuple[int, ...], values: Values) -> Document:
        """Bound at least on these axes, which is all that a part that depends on no other one needs."""
        if not axes:
            return next(iter(self._alone.values()))
        return self._alone[self.names[axes[0]], values[axes[0]]] if len(axes) == 1 else self.bound(values)

    def number(self, ref: Ref, values: Values) -> float:
        swept = dict(zip(self.names, values, strict=True))
        return float(swept[ref.name] if ref.name in swept else self.document.parameter_values()[ref.name])


@dataclass(frozen=True, slots=True)
class Column:
    """A column and where it lies."""

    values: Floats
    address: int

    @classmethod
    def of(cls, values: Floats) -> Column:
        return cls(values, int(addresses([values])[0]))


class Cells:
    """One instrument's series and rules in every cell."""

    def __init__(self, grid: Grid, bars: Bars, instrument: int, batch: int) -> None:
        self.length = len(bars)
        self._grid, self._instrument = grid, instrument
        base = {"open": bars.open, "high": bars.high, "low": bars.low, "close": bars.close, "volume": bars.volume}
        self._series = Series(base, Clock(bars.ts, bars.timeframe))
        self._series_axes = {name: grid.axes(parameters) for name, parameters in grid.needs.series.items()}
        self._columns: dict[str, dict[Values, Column]] = {name: {(): Column.of(column)} for name, column in base.items()}
        self._constants: dict[float, Column] = {}
        self._rule_axes = [grid.axes(needs) for needs in grid.needs.conditions]
        self._rebound = [bool(grid.axes(written)) for written in grid.needs.written]
        self._rows: dict[tuple[int, Values], Ints] = {}
        own = [rule for rule, axes in zip(grid.rules, self._rule_axes, strict=True) if len(axes) == len(grid.names)]
        crossings = (rare_crossing(rule.when) for rule in own)
        self._changes = {(each.left, each.right): Changes(self.length, batch) for each in crossings if each is not None}

    def holding(self, batch: Batch) -> tuple[Ints, Ints, Ints]:
        """(places, masks, ends): the closes at which any rule holds in each cell, one cell after another; where each one's end."""
        for (left, right), changes in self._changes.items():
            changes.find(self._addresses(left, batch), self._addresses(right, batch))
        runs = np.empty((len(batch), len(self._grid.rules), 2), np.int64)
        kept: list[list[Ints]] = []
        for index, rule in enumerate(self._grid.rules):
            if isinstance(rule.when, Crossing) and not rule.unless and self._is_own(index):
                self._changes[rule.when.left, rule.when.right].put_runs(rule.when.op is Cross.ABOVE, runs[:, index])
            else:
                kept.append([self._rows_of(index, cell, values) for cell, values in enumerate(batch)])
                runs[:, index] = runs_of(kept[-1])
        most = int(runs[:, :, 1].sum())
        places, masks, ends = np.empty((most, 2), np.int64), np.empty(most, np.int64), np.empty(len(batch), np.int64)
        merge(runs, self._instrument, places, masks, ends)
        return places, masks, ends

    def columns(self, values: Values) -> Columns:
        """As conditions and levels ask for them in one cell."""
        return Columns(_Named(self, values), self.length, {})

    def column(self, name: str, values: Values) -> Column:
        """A series, or one output of it, in one cell."""
        axes = self._series_axes.get(name.partition(".")[0], ())
        key = tuple([values[axis] for axis in axes])
        known = self._columns.setdefault(name, {})
        if key not in known:
            known[key] = Column.of(self._series.of(self._grid.bound_on(axes, values))[name])
        return known[key]

    def _addresses(self, operand: Operand, batch: Batch) -> Ints:
        """Where an operand's column lies in each cell of the batch."""
        axes = self._operand_axes(operand)
        own = itemgetter(*axes) if axes else _same
        keys = [own(values) for values in batch]
        found = {key: self._operand(operand, values).address for key, values in dict(zip(keys, batch, strict=True)).items()}
        return np.array([found[key] for key in keys])

    def _operand_axes(self, operand: Operand) -> tuple[int, ...]:
        if isinstance(operand, Name):
            return self._series_axes.get(operand.name.partition(".")[0], ())
        return self._grid.axes(frozenset({operand.name})) if isinstance(operand, Ref) else ()

    def _operand(self, operand: Operand, values: Values) -> Column:
        if isinstance(operand, Name):
            return self.column(operand.name, values)
        number = self._grid.number(operand, values) if isinstance(operand, Ref) else float(operand)
        if number not in self._constants:
            self._constants[number] = Column.of(np.full(self.length, number))
        return self._constants[number]

    def _is_own(self, index: int) -> bool:
        """Whether every cell has the rule for itself, so that what it comes to is not kept."""
        return len(self._rule_axes[index]) == len(self._grid.names)

    def _rows_of(self, index: int, cell: int, values: Values) -> Ints:
        """The closes at which a rule holds in a cell of the batch."""
        axes = self._rule_axes[index]
        key = (index, tuple([values[axis] for axis in axes]))
        rows = self._rows.get(key)
        if rows is None:
            document = self._grid.bound(values) if self._rebound[index] else self._grid.bound_on((), values)
            rule = document.rules_in_order()[index]
            columns = self.columns(values)
            if self._is_own(index):
                columns.crossings.update({pair: changes.of(cell) for pair, changes in self._changes.items()})
                return rows_where(rule, columns)
            rows = self._rows[key] = rows_where(rule, columns)
        return rows


def _same(values: Values) -> None:
    """What cells have in common that depend on nothing."""


class _Named(dict[str, Floats]):
    """One cell's columns by name, each looked up when it is asked for."""

    def __init__(self, cells: Cells, values: Values) -> None:
        super().__init__()
        self._cells, self._values = cells, values

    def __missing__(self, name: str) -> Floats:
        return self._cells.column(name, self._values).values
