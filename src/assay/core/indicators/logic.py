"""Operators of formulas on columns in which a non-finite value is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from assay.core.indicators.entry import Floats


def known(column: Floats) -> Floats:
    """The column with every non-finite value missing: infinity is no answer, and must not become one (1 / infinity is 0)."""
    finite = np.isfinite(column)
    return column if finite.all() else np.where(finite, column, np.nan)


def negated(column: Floats) -> Floats:
    """0 where true, 1 where false, missing where unknown."""
    return np.where(np.isfinite(column), np.where(column != 0.0, 0.0, 1.0), np.nan)


def chosen(condition: Floats, then: Floats, otherwise: Floats) -> Floats:
    """`then` where the condition holds, `otherwise` where it does not, missing where that is unknown."""
    return np.where(np.isfinite(condition), np.where(condition != 0.0, then, otherwise), np.nan)


def power(base: Floats, exponent: float) -> Floats:
    """Whole powers by multiplication alone, which every machine rounds alike; `pow` differs in the last bit between libraries."""
    if exponent != int(exponent):
        return known(np.power(base, exponent))
    result, square, left = np.ones_like(base), base, abs(int(exponent))
    while left:
        if left & 1:
            result = result * square
        left >>= 1
        square = square * square if left else square
    return known(result if exponent >= 0 else 1.0 / result)


def _both(left: Floats, right: Floats) -> Floats:
    unknown = ~np.isfinite(left) | ~np.isfinite(right)
    false = (left == 0.0) | (right == 0.0)
    return np.where(false, 0.0, np.where(unknown, np.nan, 1.0))


def _either(left: Floats, right: Floats) -> Floats:
    return negated(_both(negated(left), negated(right)))


def _arithmetic(operation: Callable[[Floats, Floats], Floats]) -> Callable[[Floats, Floats], Floats]:
    return lambda left, right: known(operation(left, right))


def _comparison(operation: Callable[[Floats, Floats], Any]) -> Callable[[Floats, Floats], Floats]:
    def compare(left: Floats, right: Floats) -> Floats:
        answer = np.where(operation(left, right), 1.0, 0.0)
        return np.where(np.isfinite(left) & np.isfinite(right), answer, np.nan)

    return compare


OPERATORS: Final[Mapping[str, Callable[[Floats, Floats], Floats]]] = {
    "+": _arithmetic(np.add),
    "-": _arithmetic(np.subtract),
    "*": _arithmetic(np.multiply),
    "/": _arithmetic(np.divide),
    "%": _arithmetic(np.mod),
    "<": _comparison(np.less),
    "<=": _comparison(np.less_equal),
    ">": _comparison(np.greater),
    ">=": _comparison(np.greater_equal),
    "==": _comparison(np.equal),
    "!=": _comparison(np.not_equal),
    "and": _both,
    "or": _either,
}
