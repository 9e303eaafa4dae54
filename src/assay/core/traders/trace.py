"""Why rules held or did not: at one bar every condition's value, threshold and distance, and over many bars how often each let through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Final, TypeAlias

import numpy as np

from assay.core.kernel.drive import Floats, Ints
from assay.core.strategy.document import (
    All,
    AtLeast,
    Compare,
    Comparison,
    Condition,
    Cross,
    Crossing,
    Document,
    Held,
    Name,
    Operand,
    Range,
    Rule,
    Score,
    Trend,
    Veto,
    Within,
)
from assay.core.strategy.trees import walk
from assay.core.traders.numbers import number
from assay.core.traders.rules.columns import ALL_ROWS, Columns, Truths, truths
from assay.core.traders.rules.context import truth
from assay.core.traders.rules.windows import trend_margin

_BELOW: Final = (Compare.BELOW, Compare.AT_MOST)

Measured: TypeAlias = tuple[float, float, float]
"""Value, threshold and distance; NaN where missing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One condition at one bar.

    `distance` is how far the value is beyond its threshold on the side that is asked for: below 0 it is not there yet. `truth` is the
    answer with `for` and `within`, `now` the one at this bar alone. What is no comparison has no numbers; what is missing has none.
    """

    path: str
    truth: bool | None
    now: bool | None
    value: float | None
    threshold: float | None
    distance: float | None


@dataclass(frozen=True, slots=True)
class AskedVeto:
    name: str
    truth: bool | None
    conditions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class AskedRule:
    """`holds`: `when` is true and no veto is."""

    rule: str
    holds: bool
    truth: bool | None
    conditions: tuple[Asked, ...]
    vetoes: tuple[AskedVeto, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One condition, or with a name one veto, over many bars: at how many it holds by itself, and how many the rule still has after it."""

    path: str
    veto: str | None
    alone: int
    through: int


@dataclass(frozen=True, slots=True)
class Passage:
    """One rule over many bars, step by step in the order of the document."""

    rule: str
    bars: int
    steps: tuple[Step, ...]


def explain(document: Document, columns: Columns, row: int) -> tuple[AskedRule, ...]:
    """Every enabled rule at one bar, in running order."""
    series = {name: column[: row + 1] for name, column in columns.series.items()}
    now = Columns(series, row + 1, {})

    def asked(condition: Condition, root: str) -> tuple[Asked, ...]:
        return tuple(_asked(path, each, now, series) for path, each in _outermost(condition, root))

    found = []
    for path, rule in in_order(document):
        when = truth(rule.when, series)
        vetoes = tuple(
            AskedVeto(veto.name, truth(veto.condition, series), asked(veto.condition, f"{path}.unless[{index}]"))
            for index, veto in enumerate(rule.unless)
        )
        holds = when is True and not any(veto.truth is True for veto in vetoes)
        found.append(AskedRule(rule.id, holds, when, asked(rule.when, f"{path}.when"), vetoes))
    return tuple(found)


def passage(path: str, rule: Rule, columns: Columns, rows: Ints) -> Passage:
    """How many of the rows each step of a rule lets through: the parts of an `all` one after another, then the vetoes."""
    left = np.ones(len(rows), np.bool_)
    steps = []
    for place, condition in _in_a_row(rule.when, f"{path}.when"):
        holds = _over(condition, columns, rows) == 2
        left &= holds
        steps.append(Step(place, None, int(holds.sum()), int(left.sum())))
    for index, veto in enumerate(rule.unless):
        holds = _over(veto.condition, columns, rows) == 2
        left &= ~holds
        steps.append(Step(f"{path}.unless[{index}]", veto.name, int(holds.sum()), int(left.sum())))
    return Passage(rule.id, len(rows), tuple(steps))


def first_vetoes(rule: Rule, columns: Columns) -> tuple[Ints, Ints]:
    """(rows, vetoes): where the rule's `when` holds and a veto does, and which is the first that does."""
    rows = np.flatnonzero(truths(rule.when, columns, ALL_ROWS) == 2)
    first = np.full(len(rows), -1, np.int64)
    for index, veto in enumerate(rule.unless):
        first[(first < 0) & (truths(veto.condition, columns, rows) == 2)] = index
    return rows[first >= 0], first[first >= 0]


def in_order(document: Document) -> Iterator[tuple[str, Rule]]:
    """The enabled rules in running order, each with its path."""
    paths = {rule.id: f"rules[{index}]" for index, rule in enumerate(document.rules)}
    return ((paths[rule.id], rule) for rule in document.rules_in_order())


def vetoes_of(document: Document) -> tuple[str, ...]:
    """The names of all vetoes of enabled rules, in running order."""
    vetoes: Iterator[Veto] = (veto for rule in document.rules_in_order() for veto in rule.unless)
    return tuple(dict.fromkeys(veto.name for veto in vetoes))


def measured(condition: Condition, columns: Columns, rows: Ints) -> tuple[Floats, Floats, Floats] | None:
    """Value, threshold and distance at each of the rows; None where a condition compares nothing by itself."""
    match _inside(condition):
        case Comparison(left, op, right):
            a, b = _at(left, columns, rows), _at(right, columns, rows)
            gap = np.abs(a - b) if op is Compare.UNEQUAL else -np.abs(a - b) if op is Compare.EQUAL else b - a if op in _BELOW else a - b
            return a, b, gap
        case Crossing(left, op, right):
            a, b = _at(left, columns, rows), _at(right, columns, rows)
            return a, b, a - b if op is Cross.ABOVE else b - a
        case Range(left, low, high, outside):
            a, b, c = _at(left, columns, rows), _at(low, columns, rows), _at(high, columns, rows)
            inside = np.minimum(a - b, c - a)
            return a, np.where(a - b <= c - a, b, c), -inside if outside else inside
        case Trend(left, rising, bars):
            column = np.broadcast_to(columns[left], columns.length)
            margin = trend_margin(column, rising, int(number(bars)), rows)
            value = column[rows]
            return value, value - margin if rising else value + margin, margin
        case AtLeast(n, of):
            count = reduce(np.add, ((truths(each, columns, rows) == 2).astype(np.float64) for each in of))
            return count, np.full(len(rows), number(n)), count - number(n)
        case Score(parts, threshold):
            sums = reduce(np.add, (number(part.weight) * (truths(part.condition, columns, rows) == 2) for part in parts))
            return sums, np.full(len(rows), number(threshold)), sums - number(threshold)
        case _:
            return None


def _asked(path: str, condition: Condition, columns: Columns, series: dict[str, Floats]) -> Asked:
    numbers = measured(condition, columns, np.array([columns.length - 1]))
    value, threshold, distance = (None, None, None) if numbers is None else (_known(each) for each in numbers)
    return Asked(path, truth(condition, series), truth(_inside(condition), series), value, threshold, distance)


def _known(numbers: Floats) -> float | None:
    return float(numbers[0]) if np.isfinite(numbers[0]) else None


def _outermost(condition: Condition, root: str) -> Iterator[tuple[str, Condition]]:
    """A condition and its windows, which share a path, once."""
    before = ""
    for path, each in walk(condition, root):
        if path != before:
            yield path, each
        before = path


def _in_a_row(condition: Condition, path: str) -> list[tuple[str, Condition]]:
    """The parts of an `all`, and of those inside it."""
    if not isinstance(condition, All):
        return [(path, condition)]
    return [found for index, each in enumerate(condition.of) for found in _in_a_row(each, f"{path}.all[{index}]")]


def _inside(condition: Condition) -> Condition:
    """What a window is about."""
    while isinstance(condition, Held | Within):
        condition = condition.of
    return condition


def _at(operand: Operand, columns: Columns, rows: Ints) -> Floats:
    column = columns[operand]
    return column[rows] if isinstance(operand, Name) else np.broadcast_to(column, len(rows)).astype(np.float64)


def _over(condition: Condition, columns: Columns, rows: Ints) -> Truths:
    """All at once where all are asked for: rows picked one by one cost more than the rest."""
    return truths(condition, columns, ALL_ROWS)[rows]
