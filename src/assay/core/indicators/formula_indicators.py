"""Every indicator of the catalog is a function of formulas: its inputs first, which may be left out together, then its parameters."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

import numpy as np

from assay.core.indicators import catalog
from assay.core.indicators.entry import Entry, Floats, Kind, Outputs, ParameterSpec
from assay.core.indicators.formula_functions import FUNCTIONS
from assay.core.indicators.formula_signature import LONGEST_WINDOW, Argument, Function, Takes
from assay.core.indicators.logic import known
from assay.core.indicators.missing import over_finite_runs
from assay.core.indicators.series import BAR_COLUMNS

# Measured: with a window a hundred times as long these take more than five times as long, the others do not.
_WALKING: Final = frozenset({"avgdev", "cci", "fractal", "imi", "percentile", "vhf"})


def find(name: str) -> Function | None:
    """The function of that name, an own one before an indicator."""
    return FUNCTIONS.get(name) or _of_catalog(name)


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Names of all functions, the own ones first."""
    return (*FUNCTIONS, *(name for name in catalog.ids() if name not in FUNCTIONS))


@lru_cache(maxsize=1024)
def _of_catalog(name: str) -> Function | None:
    entry = catalog.find(name)
    if entry is None:
        return None
    return Function(
        name=entry.id,
        group=entry.group,
        arguments=(*_inputs(entry), *map(_argument, entry.parameters)),
        meaning=f"{entry.name}.",
        compute=_computing(entry),
        outputs=entry.outputs,
        before=entry.lookback,
        walks=entry.id in _WALKING,
    )


def _inputs(entry: Entry) -> tuple[Argument, ...]:
    """A single series is called x. One that no bar has must be given, and the others with it."""
    own = set(BAR_COLUMNS).issuperset(entry.inputs)
    called = ("x",) if len(entry.inputs) == 1 else entry.inputs
    return tuple(Argument(name, Takes.SERIES, column if own else None) for name, column in zip(called, entry.inputs, strict=True))


def _argument(spec: ParameterSpec) -> Argument:
    takes = Takes.NUMBER if spec.kind is Kind.REAL else Takes.WHOLE
    high = min(spec.high, LONGEST_WINDOW) if spec.kind is Kind.INTEGER else spec.high
    return Argument(spec.name, takes, spec.default, spec.low, high)


def _computing(entry: Entry) -> Callable[..., Outputs]:
    inputs = len(entry.inputs)

    def compute(*arguments: Floats | float) -> Outputs:
        columns = tuple(np.ascontiguousarray(column) for column in arguments[:inputs])
        outputs = over_finite_runs(lambda *parts: entry.function(*parts, *arguments[inputs:]), columns, len(entry.outputs))
        return tuple(map(known, outputs))

    return compute
