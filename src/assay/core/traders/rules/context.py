"""Rules decided at the present alone, from a context that holds nothing later."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Final, assert_never

import numpy as np

from assay.core.kernel.drive import Floats
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
    Operand,
    Range,
    Rule,
    Score,
    Trend,
    Within,
)
from assay.core.traders.numbers import number
from assay.core.traders.rules.crossing import crosses_now
from assay.core.traders.rules.score import reached_at

COMPARE: Final[Mapping[Compare, Callable[[float, float], bool]]] = {
    Compare.ABOVE: operator.gt, Compare.AT_LEAST: operator.ge, Compare.BELOW: operator.lt, Compare.AT_MOST: operator.le,
    Compare.EQUAL: operator.eq, Compare.UNEQUAL: operator.ne,
}  # fmt: skip


def mask_now(rules: tuple[Rule, ...], series: Mapping[str, Floats]) -> int:
    """A bit for each rule (in running order) that holds at the last row of the series."""
    mask = 0
    for bit, rule in enumerate(rules):
        if truth(rule.when, series) is True and not any(truth(veto.condition, series) is True for veto in rule.unless):
            mask |= 1 << bit
    return mask


def truth(condition: Condition, series: Mapping[str, Floats]) -> bool | None:
    """The condition at the last row; None is unknown (Kleene)."""
    return _truth(condition, series, len(series["close"]) - 1)


def _truth(condition: Condition, series: Mapping[str, Floats], row: int) -> bool | None:
    match condition:
        case Held() | Within():
            return _recent(condition, series, row, 1)[0]
        case All(of):
            return _all([_truth(child, series, row) for child in of])
        case Any(of):
            return _any([_truth(child, series, row) for child in of])
        case Not(of):
            return _not(_truth(of, series, row))
        case AtLeast(n, of):
            return _at_least(int(number(n)), [_truth(child, series, row) for child in of])
        case Score(parts):
            return _score(condition, [_truth(part.condition, series, row) for part in parts])
        case _:
            return _leaf(condition, series, row)


def _recent(condition: Condition, series: Mapping[str, Floats], row: int, count: int) -> list[bool | None]:
    """The condition's truths at the `count` rows that end with `row`, in order; unknown before the first row there is.

    Windows inside windows are asked together, so what they cost adds up, and does not multiply.
    """

    def recent(each: Condition) -> list[bool | None]:
        return _recent(each, series, row, count)

    match condition:
        case Held(of, bars):
            return _held(_recent(of, series, row, count + int(number(bars)) - 1), int(number(bars)))
        case Within(of, bars):
            answers = _recent(of, series, row, count + int(number(bars)) - 1)
            return [_not(answer) for answer in _held([_not(answer) for answer in answers], int(number(bars)))]
        case All(of):
            return [_all(answers) for answers in zip(*map(recent, of), strict=True)]
        case Any(of):
            return [_any(answers) for answers in zip(*map(recent, of), strict=True)]
        case Not(of):
            return [_not(answer) for answer in recent(of)]
        case AtLeast(n, of):
            return [_at_least(int(number(n)), answers) for answers in zip(*map(recent, of), strict=True)]
        case Score(parts):
            weighed = zip(*(recent(part.condition) for part in parts), strict=True)
            # A score may be sure of itself where nothing is known; before the first row there is nothing to be sure of.
            return [None if at < 0 else _score(condition, answers) for at, answers in enumerate(weighed, row - count + 1)]
        case _:
            return [None if at < 0 else _leaf(condition, series, at) for at in range(row - count + 1, row + 1)]


def _leaf(condition: Comparison | Range | Crossing | Trend, series: Mapping[str, Floats], row: int) -> bool | None:
    match condition:
        case Comparison(left, op, right):
            a, b = _at(series, left, row), _at(series, right, row)
            return None if a is None or b is None else COMPARE[op](a, b)
        case Range(left, low, high, outside):
            value, bottom, top = _at(series, left, row), _at(series, low, row), _at(series, high, row)
            return None if value is None or bottom is None or top is None else (bottom <= value <= top) is not outside
        case Crossing(left, op, right):
            crossed = crosses_now(_until(series, left, row), _until(series, right, row))
            return None if crossed is None else crossed == (1 if op is Cross.ABOVE else -1)
        case Trend():
            return _trend(condition, series, row)
        case _:
            assert_never(condition)


def _at(series: Mapping[str, Floats], operand: Operand, row: int) -> float | None:
    value = series[operand.name].item(row) if isinstance(operand, Name) else number(operand)
    return value if math.isfinite(value) else None


def _until(series: Mapping[str, Floats], operand: Operand, row: int) -> Floats:
    if not isinstance(operand, Name):
        return np.broadcast_to(np.float64(number(operand)), row + 1)
    column = series[operand.name]
    return column if len(column) == row + 1 else column[: row + 1]


def _trend(condition: Trend, series: Mapping[str, Floats], row: int) -> bool | None:
    bars = int(number(condition.bars))
    if row < bars:
        return None
    window = _until(series, condition.left, row)[row - bars :]
    if not np.isfinite(window).all():
        return None
    steps = np.diff(window)
    return bool((steps > 0.0).all() if condition.rising else (steps < 0.0).all())


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _all(answers: Sequence[bool | None]) -> bool | None:
    return False if False in answers else None if None in answers else True


def _any(answers: Sequence[bool | None]) -> bool | None:
    return True if True in answers else None if None in answers else False


def _held(answers: Sequence[bool | None], bars: int) -> list[bool | None]:
    """`_all` of each `bars` answers that follow one another."""
    held: list[bool | None] = []
    false, unknown = -1, -1
    for at, answer in enumerate(answers):
        if answer is None:
            unknown = at
        elif not answer:
            false = at
        first = at - bars + 1
        if first >= 0:
            held.append(False if false >= first else None if unknown >= first else True)
    return held


def _at_least(n: int, answers: Sequence[bool | None]) -> bool | None:
    sure = sum(answer is True for answer in answers)
    if sure >= n:
        return True
    return None if sure + sum(answer is None for answer in answers) >= n else False


def _score(condition: Score, answers: Sequence[bool | None]) -> bool | None:
    weights = [number(part.weight) for part in condition.of]
    threshold = reached_at(number(condition.at_least), weights)
    low = high = 0.0
    for weight, answer in zip(weights, answers, strict=True):
        low += weight if answer else min(weight, 0.0) if answer is None else 0.0
        high += weight if answer else max(weight, 0.0) if answer is None else 0.0
    return True if low >= threshold else None if high >= threshold else False
