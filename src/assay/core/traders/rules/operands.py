"""What a condition reads at the present: a column, or a number at every row of one."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np

from assay.core.kernel.drive import Floats
from assay.core.strategy.document import Name, Operand
from assay.core.traders.numbers import number

Series: TypeAlias = Mapping[str, Floats]


class Column(Protocol):
    def item(self, row: int, /) -> float: ...

    def __getitem__(self, rows: slice, /) -> Floats: ...


Reads: TypeAlias = Callable[[Series], Column]


@dataclass(frozen=True, slots=True)
class Constant:
    value: float

    def item(self, _: int, /) -> float:
        return self.value

    def __getitem__(self, rows: slice, /) -> Floats:
        return np.full(rows.stop - rows.start, self.value)


def reads(operand: Operand) -> Reads:
    """The operand, found in whatever series it is asked of."""
    if isinstance(operand, Name):
        return operator.itemgetter(operand.name)
    constant = Constant(number(operand))
    return lambda _: constant
