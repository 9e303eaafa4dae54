"""What a function of formulas takes, what it answers, how far it looks back and how much work a bar of it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from assay.core.indicators.entry import Outputs

LONGEST_WINDOW: Final = 10_000
TIME: Final = "$time"
"""The column of the instants at which bars open, in seconds since 1970; no series can be called so."""


class Takes(StrEnum):
    SERIES = "series"
    """Any expression."""
    WHOLE = "whole"
    """A whole number or a `$parameter` with such a value: the same at every bar."""
    NUMBER = "number"
    """A number or a `$parameter`: the same at every bar."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument; bounds are inclusive, and mean nothing of a series. Without a `default` it must be given."""

    name: str
    takes: Takes
    default: str | int | float | None = None
    """A column of the bars by its name, or a number."""
    low: int | float = 1
    high: int | float = LONGEST_WINDOW


def series(*names: str) -> tuple[Argument, ...]:
    """Arguments that are expressions and must be given."""
    return tuple(Argument(name, Takes.SERIES) for name in names)


def window(low: int = 1, default: int | None = None) -> tuple[Argument, ...]:
    """A count of bars, `n`."""
    return (Argument("n", Takes.WHOLE, default, low),)


def _at_once(*_: float) -> int:
    return 0


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """`compute` takes the columns of `reads`, then the series, then the numbers, all by position.

    `before` says from the numbers how many rows come before the first value, or -1 where the numbers do not go together. A function
    that `walks` looks at every bar of its window at every bar; others carry on what they know. With `more` the last series may be
    repeated. `rolled` stands in where the last of two arguments is a whole number: `max(x, 20)` rolls, `max(x, 20.0)` compares.
    """

    name: str
    group: str
    arguments: tuple[Argument, ...]
    meaning: str
    compute: Callable[..., Outputs]
    example: str = ""
    outputs: tuple[str, ...] = ("value",)
    reads: tuple[str, ...] = ()
    before: Callable[..., int] = _at_once
    walks: bool = False
    more: bool = False
    rolled: Function | None = None

    @property
    def inputs(self) -> int:
        """How many of the arguments are series; they come first."""
        return sum(argument.takes is Takes.SERIES for argument in self.arguments)

    @property
    def rolls(self) -> bool:
        """Whether a bar's value depends on bars before."""
        return any(argument.takes is Takes.WHOLE for argument in self.arguments)

    @property
    def signature(self) -> str:
        """`macd(x = close, fastperiod = 12, slowperiod = 26, signalperiod = 9)`."""
        written = [
            argument.name if argument.default in (None, argument.name) else f"{argument.name} = {argument.default}"
            for argument in self.arguments
        ]
        return f"{self.name}({', '.join(written + ['…'] * self.more)})"

    def steps(self, *values: float) -> int:
        """How many bars are looked at for one."""
        whole = [value for argument, value in zip(self.arguments[self.inputs :], values, strict=True) if argument.takes is Takes.WHOLE]
        return int(max(whole, default=1)) if self.walks else 1
