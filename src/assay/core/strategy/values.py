"""Numbers of a document by value, `$parameters` included, and the words for one that is out of bounds.

What could not be read is NaN here, and NaN is outside no bound: each check refuses what it knows to be wrong.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from assay.core.domain.errors import Problem
from assay.core.indicators.series import Number, Ref


class Values:
    """The numbers of a document by value, and the list that what is wrong goes to."""

    def __init__(self, parameters: Mapping[str, int | float], problems: list[Problem]) -> None:
        self._parameters = parameters
        self._problems = problems

    def of(self, number: Number | int) -> float:
        return self._parameters.get(number.name, math.nan) if isinstance(number, Ref) else number

    def refuse(self, path: str, code: str, message: str) -> None:
        self._problems.append(Problem(path, code, message))

    def between(self, path: str, number: Number | int, low: float, high: float, *, open_low: bool = True, open_high: bool = True) -> None:
        """Refuse a number outside an interval, whose ends are excluded unless told otherwise."""
        value = self.of(number)
        below = value <= low if open_low else value < low
        above = value >= high if open_high else value > high
        if below or above:
            low_text = f"{'above' if open_low else 'at least'} {low:g}"
            high_text = "" if math.isinf(high) else f" and {'below' if open_high else 'at most'} {high:g}"
            self.refuse(path, "bounds", f"{shown(number, value)} is out of bounds: {low_text}{high_text}")

    def whole(self, path: str, number: Number | int, low: int, high: int) -> None:
        """Refuse what is not a whole number between low and high, both included."""
        value = self.of(number)
        if not math.isnan(value) and (value != math.floor(value) or not low <= value <= high):
            self.refuse(path, "bounds", f"{shown(number, value)} is out of bounds: a whole number from {low:,} to {high:,}")


def shown(number: Number | int, value: float) -> str:
    """A number for a message, with the parameter it comes from."""
    return f"${number.name} = {value!r}" if isinstance(number, Ref) else repr(value)
