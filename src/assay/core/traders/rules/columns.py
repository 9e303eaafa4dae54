"""Rules decided for all bars at once: which of them hold at which closes.

A truth is a byte: 0 false, 1 unknown, 2 true; Kleene's `and` is then the minimum, `or` the maximum, `not x` is 2 - x. Crossings are
rare, so a rule that needs one asks its other conditions only there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final, TypeAlias, assert_never

import numpy as np
from numba import njit
from numpy.typing import NDArray

from assay.core.kernel.drive import Floats, Ints
from assay.core.strategy.document import (
    All,
    Any,
    Compare,
    Comparison,
    Condition,
    Cross,
    Crossing,
    Document,
    Name,
    Not,
    Operand,
    Range,
    Rule,
    Trend,
)
from assay.core.traders.plans import number
from assay.core.traders.rules.crossing import changes

Truths: TypeAlias = NDArray[np.uint8]
Rows: TypeAlias = Ints | slice

ALL_ROWS: Final = slice(None)
COMPARE: Final = {
    Compare.ABOVE: np.greater, Compare.AT_LEAST: np.greater_equal, Compare.BELOW: np.less, Compare.AT_MOST: np.less_equal,
    Compare.EQUAL: np.equal, Compare.UNEQUAL: np.not_equal,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Columns:
    """One instrument's series by name, each with a value a bar. Crossings are found once for each pair of operands."""

    series: Mapping[str, Floats]
    length: int
    crossings: dict[tuple[Operand, Operand], tuple[Ints, Ints]]

    def __getitem__(self, operand: Operand) -> Floats:
        return self.series[operand.name] if isinstance(operand, Name) else np.array([number(operand)])

    def crossed(self, crossing: Crossing) -> Ints:
        """The rows where it crosses in the direction asked for, rising."""
        pair = (crossing.left, crossing.right)
        if pair not in self.crossings:
            self.crossings[pair] = changes(self[crossing.left], self[crossing.right], self.length)
        above, below = self.crossings[pair]
        return above if crossing.op is Cross.ABOVE else below


def holding(document: Document, columns: Columns) -> tuple[Ints, Ints]:
    """(rows, masks): the closes at which any rule holds, and for each a mask with a bit for each rule in running order."""
    return merged([rows_where(rule, columns) for rule in document.rules_in_order()])


def merged(held: Sequence[Ints]) -> tuple[Ints, Ints]:
    """The rows of several rules as one rising list with masks."""
    if len(held) < 2:
        rows = held[0] if held else np.empty(0, np.int64)
        return rows, np.ones(len(rows), np.int64)
    ends = np.array([len(rows) for rows in held]).cumsum()
    heads = np.concatenate([[0], ends[:-1]])
    together = np.concatenate(held)
    rows, masks = np.empty(len(together), np.int64), np.empty(len(together), np.int64)
    count = _merge(together, heads, ends, rows, masks)
    return rows[:count], masks[:count]


@njit(cache=True, nogil=True)
def _merge(together: Ints, heads: Ints, ends: Ints, rows: Ints, masks: Ints) -> int:
    """Merge rising runs of `together`, each from its head (which moves) to its end; returns how many different rows there are."""
    count = 0
    while True:
        row = -1
        mask = 0
        for rule in range(len(ends)):
            if heads[rule] < ends[rule]:
                head = together[heads[rule]]
                if row < 0 or head < row:
                    row = head
                    mask = 0
                if head == row:
                    mask |= 1 << rule
        if row < 0:
            return count
        for rule in range(len(ends)):
            heads[rule] += mask >> rule & 1
        rows[count] = row
        masks[count] = mask
        count += 1


def rows_where(rule: Rule, columns: Columns) -> Ints:
    """The closes at which the rule's `when` is true and none of its vetoes is; an unknown one neither fires nor vetoes."""
    rows = _true_rows(rule.when, columns)
    for veto in rule.unless:
        rows = rows[truths(veto.condition, columns, rows) != 2]
    return rows


def _true_rows(condition: Condition, columns: Columns) -> Ints:
    if isinstance(condition, Crossing):
        return columns.crossed(condition)
    if isinstance(condition, All):
        rare = next((child for child in condition.of if _is_rare(child)), None)
        if rare is not None:
            rows = _true_rows(rare, columns)
            for child in condition.of:
                if child is not rare:
                    rows = rows[truths(child, columns, rows) == 2]
            return rows
    return np.flatnonzero(truths(condition, columns, ALL_ROWS) == 2)


def _is_rare(condition: Condition) -> bool:
    return isinstance(condition, Crossing) or (isinstance(condition, All) and any(map(_is_rare, condition.of)))


def truths(condition: Condition, columns: Columns, rows: Rows) -> Truths:
    """The condition's truth at each of the rows."""
    match condition:
        case Comparison(left, op, right):
            a, b = _at(columns, left, rows), _at(columns, right, rows)
            return _known(COMPARE[op](a, b), columns, rows, a, b)
        case Range(left, low, high, outside):
            value, bottom, top = _at(columns, left, rows), _at(columns, low, rows), _at(columns, high, rows)
            inside = (bottom <= value) & (value <= top)
            return _known(inside ^ outside, columns, rows, value, bottom, top)
        case Crossing(left, _, right):
            crossed = np.zeros(columns.length, np.bool_)
            crossed[columns.crossed(condition)] = True
            return _known(crossed[rows], columns, rows, _at(columns, left, rows), _at(columns, right, rows))
        case Trend():
            return _trend(condition, columns)[rows]
        case All(of):
            return reduce(np.minimum, (truths(child, columns, rows) for child in of))
        case Any(of):
            return reduce(np.maximum, (truths(child, columns, rows) for child in of))
        case Not(of):
            return np.uint8(2) - truths(of, columns, rows)
        case _:
            assert_never(condition)


def _at(columns: Columns, operand: Operand, rows: Rows) -> Floats:
    column = columns[operand]
    return column[rows] if isinstance(operand, Name) else column


def _known(answers: NDArray[np.bool_], columns: Columns, rows: Rows, *operands: Floats) -> Truths:
    """True and false where every operand is finite, unknown elsewhere."""
    length = columns.length if isinstance(rows, slice) else len(rows)
    truth = np.broadcast_to(answers, length).astype(np.uint8) * np.uint8(2)
    finite = reduce(np.logical_and, (np.isfinite(operand) for operand in operands))
    if not finite.all():
        truth[~np.broadcast_to(finite, length)] = 1
    return truth


def _trend(condition: Trend, columns: Columns) -> Truths:
    """Each of the last `bars` steps strictly in the direction; unknown until there are that many, and where a value is missing."""
    values = np.broadcast_to(columns[condition.left], columns.length)
    steps = np.diff(values) > 0.0 if condition.rising else np.diff(values) < 0.0
    finite = np.isfinite(values)
    truth = np.ones(columns.length, np.uint8)
    bars = condition.bars
    if columns.length <= bars:
        return truth
    moved = np.concatenate([[0], np.cumsum(steps)])
    seen = np.concatenate([[0], np.cumsum(finite)])
    known = seen[bars + 1 :] - seen[: -bars - 1] == bars + 1
    truth[bars:] = np.where(known, 2 * (moved[bars:] - moved[:-bars] == bars), 1)
    return truth
