"""Why a rule held, in words and numbers: `fast 101.24 crosses_above slow 101.19`."""

from __future__ import annotations

from typing import assert_never

from assay.core.strategy.document import (
    All,
    Any,
    AtLeast,
    Comparison,
    Condition,
    Crossing,
    Held,
    Name,
    Not,
    Operand,
    Range,
    Score,
    Trend,
    Within,
)
from assay.core.traders.numbers import number
from assay.core.traders.rules.columns import Columns


def reason(condition: Condition, columns: Columns, row: int) -> str:
    """The condition with the values it had at a row."""

    def shown(operand: Operand) -> str:
        if isinstance(operand, Name):
            return f"{operand.name} {columns.series[operand.name][row]:.6g}"
        return f"{number(operand):.6g}"

    def joined(children: tuple[Condition, ...], word: str) -> str:
        return f" {word} ".join(reason(child, columns, row) for child in children)

    match condition:
        case Comparison(left, op, right) | Crossing(left, op, right):
            return f"{shown(left)} {op.value} {shown(right)}"
        case Range(left, low, high, outside):
            return f"{shown(left)} {'outside' if outside else 'between'} {shown(low)} and {shown(high)}"
        case Trend(left, rising, bars):
            return f"{shown(left)} {'rising' if rising else 'falling'} for {number(bars):.6g}"
        case Held(of, bars):
            return f"({reason(of, columns, row)}) held for {number(bars):.6g}"
        case Within(of, bars):
            return f"({reason(of, columns, row)}) within {number(bars):.6g}"
        case All(of):
            return joined(of, "and")
        case Any(of):
            return f"({joined(of, 'or')})"
        case Not(of):
            return f"not ({reason(of, columns, row)})"
        case AtLeast(n, of):
            return f"at least {number(n):.6g} of ({joined(of, 'or')})"
        case Score(parts, at_least):
            weighed = "; ".join(f"{number(part.weight):.6g} if {reason(part.condition, columns, row)}" for part in parts)
            return f"a score of at least {number(at_least):.6g} of ({weighed})"
        case _:
            assert_never(condition)
