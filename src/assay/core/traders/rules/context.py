"""Rules decided at the present alone, from a context that holds nothing later.

A condition becomes a function once, and is then asked at every bar: what it is made of is looked at only when it is compiled.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias, assert_never

import numpy as np

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
    Not,
    Range,
    Rule,
    Score,
    Trend,
    Within,
)
from assay.core.traders.numbers import number
from assay.core.traders.rules.crossing import crosses_to
from assay.core.traders.rules.operands import Reads, Series, reads
from assay.core.traders.rules.score import reached_at

COMPARE: Final[Mapping[Compare, Callable[[float, float], bool]]] = {
    Compare.ABOVE: operator.gt, Compare.AT_LEAST: operator.ge, Compare.BELOW: operator.lt, Compare.AT_MOST: operator.le,
    Compare.EQUAL: operator.eq, Compare.UNEQUAL: operator.ne,
}  # fmt: skip

Now: TypeAlias = Callable[[Series, int], bool | None]
"""The truth at a row of the series; None is unknown (Kleene)."""
Recent: TypeAlias = Callable[[Series, int, int], list[bool | None]]
"""The truths at the `count` rows that end with `row`, in order; unknown before the first row there is."""


def deciding(rules: Sequence[Rule]) -> Callable[[Series, int], int]:
    """Asked at a row: a bit for each rule (in running order) that holds there."""
    asked = [(1 << bit, now(rule.when), [now(veto.condition) for veto in rule.unless]) for bit, rule in enumerate(rules)]

    def mask(series: Series, row: int) -> int:
        held = 0
        for bit, when, vetoes in asked:
            if when(series, row) is True and not any(veto(series, row) is True for veto in vetoes):
                held |= bit
        return held

    return mask


def truth(condition: Condition, series: Series) -> bool | None:
    """The condition at the last row."""
    return now(condition)(series, len(series["close"]) - 1)


def now(condition: Condition) -> Now:
    """The condition, compiled."""
    match condition:
        case Held() | Within():
            recent = _recent(condition)
            return lambda series, row: recent(series, row, 1)[0]
        case All(of):
            every = [now(child) for child in of]
            return lambda series, row: _all([ask(series, row) for ask in every])
        case Any(of):
            some = [now(child) for child in of]
            return lambda series, row: _any([ask(series, row) for ask in some])
        case Not(of):
            other = now(of)
            return lambda series, row: _not(other(series, row))
        case AtLeast(n, of):
            least, counted = int(number(n)), [now(child) for child in of]
            return lambda series, row: _at_least(least, [ask(series, row) for ask in counted])
        case Score(parts):
            weigh, weighed = _score(condition), [now(part.condition) for part in parts]
            return lambda series, row: weigh([ask(series, row) for ask in weighed])
        case _:
            return _leaf(condition)


def _recent(condition: Condition) -> Recent:
    """The condition over the last rows. Windows inside windows are asked together, so what they cost adds up, and does not multiply."""
    match condition:
        case Held(of, bars):
            held, length = _recent(of), int(number(bars))
            return lambda series, row, count: _held(held(series, row, count + length - 1), length)
        case Within(of, bars):
            seen, width = _recent(of), int(number(bars))

            def within(series: Series, row: int, count: int) -> list[bool | None]:
                return [_not(answer) for answer in _held([_not(each) for each in seen(series, row, count + width - 1)], width)]

            return within
        case All(of):
            return _joined(_all, of)
        case Any(of):
            return _joined(_any, of)
        case Not(of):
            other = _recent(of)
            return lambda series, row, count: [_not(answer) for answer in other(series, row, count)]
        case AtLeast(n, of):
            least = int(number(n))
            return _joined(lambda answers: _at_least(least, answers), of)
        case Score(parts):
            scored = _joined(_score(condition), tuple(part.condition for part in parts))
            # A score may be sure of itself where nothing is known; before the first row there is nothing to be sure of.
            return lambda series, row, count: [
                None if at < 0 else answer for at, answer in enumerate(scored(series, row, count), row - count + 1)
            ]
        case _:
            leaf = _leaf(condition)
            return lambda series, row, count: [None if at < 0 else leaf(series, at) for at in range(row - count + 1, row + 1)]


def _joined(join: Callable[[Sequence[bool | None]], bool | None], of: Sequence[Condition]) -> Recent:
    each = [_recent(child) for child in of]
    return lambda series, row, count: [join(answers) for answers in zip(*(ask(series, row, count) for ask in each), strict=True)]


def _leaf(condition: Comparison | Range | Crossing | Trend) -> Now:
    match condition:
        case Comparison(left, op, right):
            return _comparison(reads(left), COMPARE[op], reads(right))
        case Range(left, low, high, outside):
            return _range(reads(left), reads(low), reads(high), outside)
        case Crossing(left, op, right):
            a, b, side = reads(left), reads(right), 1 if op is Cross.ABOVE else -1
            return lambda series, row: crosses_to(side, a(series), b(series), row)
        case Trend(left, rising, bars):
            return _trend(reads(left), rising, int(number(bars)))
        case _:
            assert_never(condition)


def _comparison(left: Reads, compare: Callable[[float, float], bool], right: Reads) -> Now:
    def ask(series: Series, row: int) -> bool | None:
        a, b = left(series).item(row), right(series).item(row)
        return compare(a, b) if math.isfinite(a) and math.isfinite(b) else None

    return ask


def _range(left: Reads, low: Reads, high: Reads, outside: bool) -> Now:
    def ask(series: Series, row: int) -> bool | None:
        value, bottom, top = left(series).item(row), low(series).item(row), high(series).item(row)
        if math.isfinite(value) and math.isfinite(bottom) and math.isfinite(top):
            return (bottom <= value <= top) is not outside
        return None

    return ask


def _trend(left: Reads, rising: bool, bars: int) -> Now:
    def ask(series: Series, row: int) -> bool | None:
        if row < bars:
            return None
        window = left(series)[row - bars : row + 1]
        if not np.isfinite(window).all():
            return None
        steps = np.diff(window)
        return bool((steps > 0.0).all() if rising else (steps < 0.0).all())

    return ask


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


def _score(condition: Score) -> Callable[[Sequence[bool | None]], bool | None]:
    weights = [number(part.weight) for part in condition.of]
    threshold = reached_at(number(condition.at_least), weights)

    def weigh(answers: Sequence[bool | None]) -> bool | None:
        low = high = 0.0
        for weight, answer in zip(weights, answers, strict=True):
            low += weight if answer else min(weight, 0.0) if answer is None else 0.0
            high += weight if answer else max(weight, 0.0) if answer is None else 0.0
        return True if low >= threshold else None if high >= threshold else False

    return weigh
