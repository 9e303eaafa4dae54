"""One indicator of the catalog: what it is called, what it takes, what it answers, and how far back it looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Outputs: TypeAlias = tuple[Floats, ...]


class Kind(StrEnum):
    INTEGER = "integer"
    REAL = "real"
    MA_TYPE = "ma_type"
    """An integer that names one of TA-Lib's moving averages (0 is simple, 1 exponential)."""


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """One parameter with its default and its bounds, both inclusive."""

    name: str
    label: str
    kind: Kind
    default: int | float
    low: int | float
    high: int | float

    def cast(self, value: float) -> int | float:
        return float(value) if self.kind is Kind.REAL else int(value)


@dataclass(frozen=True, slots=True)
class Entry:
    """An indicator. `inputs` are the columns it reads where a document names none; the first output is the main one.

    `function` takes the inputs and then the parameters, all by position. `lookback` takes the parameters and says how
    many rows come before the first value, or -1 where the values do not go together. `unstable` is TA-Lib's own mark for
    values that depend on where the history begins.
    """

    id: str
    name: str
    group: str
    inputs: tuple[str, ...]
    parameters: tuple[ParameterSpec, ...]
    outputs: tuple[str, ...]
    unstable: bool
    function: Callable[..., Outputs]
    lookback: Callable[..., int]

    def values(self, given: Mapping[str, float]) -> tuple[int | float, ...]:
        """All parameters in order and in their own kind, defaults filled in."""
        return tuple(spec.cast(given.get(spec.name, spec.default)) for spec in self.parameters)
