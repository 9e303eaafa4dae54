"""Rules decided at the present alone, from a context that holds nothing later."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Final, assert_never

import numpy as np

from assay.core.kernel.drive import Floats
from assay.core.strategy.document import (
    All,
    Any,
    Compare,
    Comparison,
    Condition,
    Cross,
    Crossing,
    Name,
    Not,
    Operand,
    Range,
    Rule,
    Trend,
)
from assay.core.traders.plans import number
from assay.core.traders.rules.crossing import crosses_now

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
    match condition:
        case Comparison(left, op, right):
            a, b = _now(series, left), _now(series, right)
            return None if a is None or b is None else COMPARE[op](a, b)
        case Range(left, low, high, outside):
            value, bottom, top = _now(series, left), _now(series, low), _now(series, high)
            return None if value is None or bottom is None or top is None else (bottom <= value <= top) is not outside
        case Crossing(left, op, right):
            length = len(series["close"])
            crossed = crosses_now(_column(series, left, length), _column(series, right, length))
            return None if crossed is None else crossed == (1 if op is Cross.ABOVE else -1)
        case Trend():
            return _trend(condition, series)
        case All(of):
            answers = [truth(child, series) for child in of]
            return False if False in answers else None if None in answers else True
        case Any(of):
            answers = [truth(child, series) for child in of]
            return True if True in answers else None if None in answers else False
        case Not(of):
            answer = truth(of, series)
            return None if answer is None else not answer
        case _:
            assert_never(condition)


def _now(series: Mapping[str, Floats], operand: Operand) -> float | None:
    value = series[operand.name].item(-1) if isinstance(operand, Name) else number(operand)
    return value if math.isfinite(value) else None


def _column(series: Mapping[str, Floats], operand: Operand, length: int) -> Floats:
    return series[operand.name] if isinstance(operand, Name) else np.broadcast_to(np.float64(number(operand)), length)


def _trend(condition: Trend, series: Mapping[str, Floats]) -> bool | None:
    values = _column(series, condition.left, len(series["close"]))
    if len(values) <= condition.bars:
        return None
    window = values[-condition.bars - 1 :]
    if not np.isfinite(window).all():
        return None
    steps = np.diff(window)
    return bool((steps > 0.0).all() if condition.rising else (steps < 0.0).all())
