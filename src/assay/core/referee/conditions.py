"""A condition's answer at every bar: True, False, or None where something it needs is missing (Kleene's logic).

Series are compared as the floats they are; only money is decimal.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final, TypeAlias, assert_never

from assay.core.referee.rounding import ZERO, exact
from assay.core.strategy.document import (
    All,
    Any,
    AtLeast,
    Compare,
    Comparison,
    Condition,
    Cross,
    Crossing,
    Held,
    Name,
    Not,
    Number,
    Operand,
    Range,
    Ref,
    Score,
    Trend,
    Within,
)

Answer: TypeAlias = "bool | None"
Column: TypeAlias = Sequence[float]

_TIE: Final = 1e-10
_ROUNDING: Final = Decimal("1e-9")
_COMPARISONS: Final[Mapping[Compare, Callable[[float, float], bool]]] = {
    Compare.ABOVE: operator.gt,
    Compare.AT_LEAST: operator.ge,
    Compare.BELOW: operator.lt,
    Compare.AT_MOST: operator.le,
    Compare.EQUAL: operator.eq,
    Compare.UNEQUAL: operator.ne,
}


class Conditions:
    """The series of one instrument and the values of the parameters, ready to be asked."""

    def __init__(self, columns: Mapping[str, Column], parameters: Mapping[str, int | float], length: int) -> None:
        self._columns = columns
        self._parameters = parameters
        self._length = length

    def answers(self, condition: Condition) -> list[Answer]:
        """One answer a bar."""
        match condition:
            case Comparison(left, op, right):
                return self._known(_COMPARISONS[op], left, right)
            case Range(left, low, high, outside):
                return self._known(lambda x, a, b: (a <= x <= b) is not outside, left, low, high)
            case Crossing(left, op, right):
                return _crossings(self._column(left), self._column(right), op)
            case Trend(left, rising, bars):
                return _trend(self._column(left), rising, self._whole(bars))
            case Held(of, bars):
                return [_all(window) for window in _windows(self.answers(of), self._whole(bars))]
            case Within(of, bars):
                return [_any(window) for window in _windows(self.answers(of), self._whole(bars))]
            case All(of):
                return [_all(row) for row in self._rows(of)]
            case Any(of):
                return [_any(row) for row in self._rows(of)]
            case Not(of):
                return [_not(answer) for answer in self.answers(of)]
            case AtLeast(n, of):
                return [_count(row, self._whole(n)) for row in self._rows(of)]
            case Score(parts, at_least):
                weights = [self._exact(part.weight) for part in parts]
                rows = self._rows([part.condition for part in parts])
                return [_weigh(row, weights, self._exact(at_least)) for row in rows]
        assert_never(condition)

    def _rows(self, conditions: Sequence[Condition]) -> Iterable[tuple[Answer, ...]]:
        columns = [self.answers(condition) for condition in conditions]
        return zip(*columns, strict=True) if columns else [()] * self._length

    def _known(self, ask: Callable[..., bool], *operands: Operand) -> list[Answer]:
        """A leaf with a missing operand is unknown."""
        rows = zip(*map(self._column, operands), strict=True)
        return [ask(*row) if all(map(math.isfinite, row)) else None for row in rows]

    def _exact(self, value: Number) -> Decimal:
        return exact(self._parameters[value.name] if isinstance(value, Ref) else value)

    def _whole(self, value: Number) -> int:
        return int(self._exact(value))

    def _column(self, operand: Operand) -> Column:
        match operand:
            case Name(name):
                return self._columns[name]
            case Ref(name):
                return [float(self._parameters[name])] * self._length
            case number:
                return [float(number)] * self._length


def _crossings(left: Column, right: Column, op: Cross) -> list[Answer]:
    """Above now, and below at the last bar that was no tie; a missing value forgets the side, and nothing known is no cross."""
    wanted = 1 if op is Cross.ABOVE else -1
    answers: list[Answer] = []
    last = 0
    for a, b in zip(left, right, strict=True):
        if not (math.isfinite(a) and math.isfinite(b)):
            last = 0
            answers.append(None)
            continue
        side = _side(a, b)
        answers.append(side == wanted and last == -wanted)
        last = side or last
    return answers


def _side(a: float, b: float) -> int:
    if abs(a - b) <= _TIE * abs(b):
        return 0
    return 1 if a > b else -1


def _trend(column: Column, rising: bool, bars: int) -> list[Answer]:
    """Each of the last `bars` steps strictly in that direction; with too few bars, or one missing among them, unknown."""
    answers: list[Answer] = []
    for at in range(len(column)):
        window = column[at - bars : at + 1] if at >= bars else ()
        if not window or not all(map(math.isfinite, window)):
            answers.append(None)
            continue
        steps = pairwise(window)
        answers.append(all(after > before if rising else after < before for before, after in steps))
    return answers


def _all(answers: tuple[Answer, ...]) -> Answer:
    if False in answers:
        return False
    return None if None in answers else True


def _any(answers: tuple[Answer, ...]) -> Answer:
    if True in answers:
        return True
    return None if None in answers else False


def _not(answer: Answer) -> Answer:
    return None if answer is None else not answer


def _windows(answers: Sequence[Answer], bars: int) -> Iterator[tuple[Answer, ...]]:
    """The last `bars` answers at each bar; before the first bar nothing is known (C4)."""
    asked = [None] * (bars - 1) + list(answers)
    return (tuple(asked[at : at + bars]) for at in range(len(answers)))


def _count(answers: tuple[Answer, ...], n: int) -> Answer:
    """At least `n`, or that it could still be (C5)."""
    if answers.count(True) >= n:
        return True
    return None if answers.count(True) + answers.count(None) >= n else False


def _weigh(answers: tuple[Answer, ...], weights: Sequence[Decimal], threshold: Decimal) -> Answer:
    """The sum of what holds against the threshold, the unknown taken at its worst and at its best (C6)."""
    near = threshold - _ROUNDING * sum(map(abs, weights), ZERO)
    known = sum((weight for weight, answer in zip(weights, answers, strict=True) if answer), ZERO)
    unknown = [weight for weight, answer in zip(weights, answers, strict=True) if answer is None]
    if known + sum((weight for weight in unknown if weight < ZERO), ZERO) >= near:
        return True
    return None if known + sum((weight for weight in unknown if weight > ZERO), ZERO) >= near else False
