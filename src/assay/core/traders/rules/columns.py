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
from numpy.typing import NDArray

from assay.core.indicators.crossing import changes
from assay.core.kernel.drive import Floats, Ints, addresses
from assay.core.strategy.document import (
    All,
    Any,
    AtLeast,
    Compare,
    Comparison,
    Condition,
    Cross,
    Crossing,
    Document,
    Held,
    Name,
    Not,
    Operand,
    Range,
    Ref,
    Rule,
    Score,
    Trend,
    Within,
)
from assay.core.traders.numbers import number
from assay.core.traders.rules import score, windows
from assay.core.traders.rules.scan import merge

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


def holding(document: Document, columns: Columns, instrument: int = 0) -> tuple[Ints, Ints]:
    """(places, masks): the closes at which any rule holds, and for each a mask with a bit for each rule in running order."""
    held = [rows_where(rule, columns) for rule in document.rules_in_order()]
    places, masks = np.empty((sum(map(len, held)), 2), np.int64), np.empty(sum(map(len, held)), np.int64)
    count = merge(runs_of(held).reshape(1, len(held), 2), instrument, places, masks, np.empty(1, np.int64))
    return places[:count], masks[:count]


def runs_of(held: Sequence[Ints]) -> Ints:
    """[rules, 2]: where each rule's rows lie, and how many they are. They must be kept while they are read."""
    return np.column_stack([addresses(held), np.array([len(rows) for rows in held], np.int64)])


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
        rare = next((child for child in condition.of if rare_crossing(child) is not None), None)
        if rare is not None:
            rows = _true_rows(rare, columns)
            for child in condition.of:
                if child is not rare:
                    rows = rows[truths(child, columns, rows) == 2]
            return rows
    return np.flatnonzero(truths(condition, columns, ALL_ROWS) == 2)


def rare_crossing(condition: Condition) -> Crossing | None:
    """A cross without which the condition is not true, the first of them."""
    if isinstance(condition, All):
        return next(filter(None, map(rare_crossing, condition.of)), None)
    return condition if isinstance(condition, Crossing) else None


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
        case Trend(left, rising, bars):
            return windows.trend(np.broadcast_to(columns[left], columns.length), rising, whole(bars))[rows]
        case Held(of, bars):
            return windows.held(truths(of, columns, ALL_ROWS), whole(bars))[rows]
        case Within(of, bars):
            return windows.within(truths(of, columns, ALL_ROWS), whole(bars))[rows]
        case All(of):
            return reduce(np.minimum, (truths(child, columns, rows) for child in of))
        case Any(of):
            return reduce(np.maximum, (truths(child, columns, rows) for child in of))
        case Not(of):
            return np.uint8(2) - truths(of, columns, rows)
        case AtLeast(n, of):
            return score.at_least(whole(n), (truths(child, columns, rows) for child in of))
        case Score(parts, threshold):
            weights = [number(part.weight) for part in parts]
            answers = [truths(part.condition, columns, rows) for part in parts]
            return score.score(weights, answers, score.reached_at(number(threshold), weights))
        case _:
            assert_never(condition)


def whole(bars: int | Ref) -> int:
    """A whole number of a bound document."""
    return int(number(bars))


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
