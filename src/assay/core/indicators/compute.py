"""Every series of a strategy is computed once for an instrument's bars, however many names, rules and runs ask for it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, TypeAlias

import numpy as np

from assay.core.indicators import catalog, formula
from assay.core.indicators.entry import Entry, Floats, Outputs
from assay.core.indicators.missing import over_finite_runs, run_of
from assay.core.indicators.order import in_order
from assay.core.indicators.series import BAR_COLUMNS, Formula, Indicator, Ref, Series
from assay.core.indicators.streams import STREAMS

Key: TypeAlias = Hashable
Memo: TypeAlias = dict[Hashable, Any]


class Declared(Protocol):
    """What is needed of a strategy document: its series, and the values of its parameters."""

    @property
    def series(self) -> tuple[tuple[str, Series], ...]: ...

    def parameter_values(self) -> Mapping[str, int | float]: ...


@dataclass(frozen=True, slots=True)
class Resolved:
    """A bound indicator made ready: call it with its input columns, as often as needed."""

    entry: Entry
    inputs: tuple[str, ...]
    values: tuple[int | float, ...]
    lookback: int

    def __call__(self, *inputs: Floats) -> Outputs:
        """All outputs for inputs without a missing value after their first known one; else see `missing`."""
        return self.entry.function(*inputs, *self.values)


@lru_cache(maxsize=65_536)
def resolve(indicator: Indicator) -> Resolved:
    """Look an indicator up and fill its defaults in; it must be bound and valid."""
    entry = catalog.find(indicator.indicator)
    assert entry is not None, f"no indicator {indicator.indicator!r}: parse the document first"
    given: dict[str, float] = {}
    for name, value in indicator.parameters:
        assert not isinstance(value, Ref), f"${value.name} is not bound"
        given[name] = value
    values = entry.values(given)
    return Resolved(entry, indicator.inputs or entry.inputs, values, entry.lookback(*values))


class Columns:
    """The columns of one instrument's bars and all series computed from them so far.

    A sweep keeps one of these and asks it for many bindings of a document: what two bindings share is computed once. A series is
    the same if its indicator, parameters and inputs are, whatever it is called. Columns are read-only by contract.
    """

    def __init__(self, bars: Mapping[str, Floats]) -> None:
        self._bars = {name: np.ascontiguousarray(bars[name], dtype=np.float64) for name in BAR_COLUMNS}
        self._computed: dict[Key, Outputs] = {}
        self._runs: dict[Key, tuple[int, bool]] = {}

    def of(self, document: Declared) -> dict[str, Floats]:
        """Every name a rule may use, with its column: bars, series, and outputs as `macd.signal`."""
        columns = dict(self._bars)
        keys: dict[str, Key] = {name: name for name in BAR_COLUMNS}
        parameters = document.parameter_values()
        declared = dict(document.series)
        for name in in_order(declared):
            series = declared[name]
            if isinstance(series, Indicator):
                resolved = resolve(series)
                key, outputs = self._indicator(resolved, columns, keys)
                names = resolved.entry.outputs
            else:
                key, outputs = self._formula(series, columns, keys, parameters)
                names = ()
            columns[name], keys[name] = outputs[0], (key, 0)
            for index, output in enumerate(names):
                columns[f"{name}.{output}"], keys[f"{name}.{output}"] = outputs[index], (key, index)
        return columns

    def _indicator(self, resolved: Resolved, columns: Mapping[str, Floats], keys: Mapping[str, Key]) -> tuple[Key, Outputs]:
        inputs = tuple(keys[name] for name in resolved.inputs)
        key = (resolved.entry.id, inputs, resolved.values)
        outputs = self._computed.get(key)
        if outputs is None:
            arrays = tuple(columns[name] for name in resolved.inputs)
            unbroken = all(self._unbroken(name, array) for name, array in zip(inputs, arrays, strict=True))
            outputs = resolved(*arrays) if unbroken else over_finite_runs(resolved, arrays, len(resolved.entry.outputs))
            self._computed[key] = outputs
        return key, outputs

    def _formula(
        self, series: Formula, columns: Mapping[str, Floats], keys: Mapping[str, Key], parameters: Mapping[str, int | float]
    ) -> tuple[Key, Outputs]:
        compiled = formula.compiled(series.text)
        values = tuple((name, parameters[name]) for name in compiled.parameters)
        key = (compiled.text, tuple((name, keys[name]) for name in compiled.names), values)
        outputs = self._computed.get(key)
        if outputs is None:
            outputs = (compiled.evaluate(columns, dict(values)),)
            self._computed[key] = outputs
        return key, outputs

    def _unbroken(self, key: Key, column: Floats) -> bool:
        """Whether a column has rows and none of them is missing, asked once."""
        run = self._runs.get(key)
        if run is None:
            run = self._runs[key] = run_of(column)
        return run == (0, True) and len(column) > 0


@dataclass(frozen=True, slots=True)
class _Step:
    """One declared series: `names` of its outputs as rules may use them, and what computes them from the columns before it."""

    names: tuple[tuple[str, int], ...]
    compute: Callable[[Mapping[str, Floats], Memo], Outputs]


def compiled(document: Declared) -> Callable[[Mapping[str, Floats], Memo], dict[str, Floats]]:
    """`columns(document, bars)` with everything that does not depend on the bars done before: what a session asks at every bar.

    The bars are finite: they were parsed at the edge. The memo is kept with the buffer that they are views of, and lets series go on.
    """
    declared, parameters = dict(document.series), document.parameter_values()
    steps = [_step(name, declared[name], parameters) for name in in_order(declared)]

    def all_columns(bars: Mapping[str, Floats], memo: Memo) -> dict[str, Floats]:
        known = dict(bars)
        for step in steps:
            outputs = step.compute(known, memo)
            for name, index in step.names:
                known[name] = outputs[index]
        return known

    return all_columns


def _step(name: str, series: Series, parameters: Mapping[str, int | float]) -> _Step:
    if not isinstance(series, Indicator):
        evaluate, values = formula.compiled(series.text).evaluate, dict(parameters)
        return _Step(((name, 0),), lambda known, _: (evaluate(known, values),))
    resolved = resolve(series)
    names = ((name, 0), *((f"{name}.{output}", index) for index, output in enumerate(resolved.entry.outputs)))
    if set(BAR_COLUMNS).issuperset(resolved.inputs):
        if resolved.entry.id in STREAMS:
            return _Step(names, _resumed(resolved))
        return _Step(names, lambda known, _: resolved(*[known[source] for source in resolved.inputs]))

    def restarting(known: Mapping[str, Floats], _: Memo) -> Outputs:
        arrays = tuple(known[source] for source in resolved.inputs)
        unbroken = all(run_of(column) == (0, True) for column in arrays)
        return resolved(*arrays) if unbroken else over_finite_runs(resolved, arrays, len(resolved.entry.outputs))

    return _Step(names, restarting)


def _resumed(resolved: Resolved) -> Callable[[Mapping[str, Floats], Memo], Outputs]:
    """As `resolved`, going on from the bar before."""
    key, (source,) = (resolved.entry.id, resolved.inputs, resolved.values), resolved.inputs

    def on(known: Mapping[str, Floats], memo: Memo) -> Outputs:
        stream = memo.get(key)
        if stream is None:
            stream = memo[key] = STREAMS[resolved.entry.id](lambda column: resolved(column)[0], *resolved.values)
        return (stream(known[source]),)

    return on


def columns(document: Declared, bars: Mapping[str, Floats]) -> dict[str, Floats]:
    """Every column that the rules of a bound document may name, for one instrument's bars."""
    return Columns(bars).of(document)


def warm_up(document: Declared) -> int:
    """Rows before every series of a bound document has a value: the longest chain of lookbacks."""
    declared = dict(document.series)
    parameters = document.parameter_values()
    rows: dict[str, int] = dict.fromkeys(BAR_COLUMNS, 0)
    for name in in_order(declared):
        series = declared[name]
        if isinstance(series, Indicator):
            resolved = resolve(series)
            rows[name] = resolved.lookback + max((_rows(rows, source) for source in resolved.inputs), default=0)
        else:
            compiled = formula.compiled(series.text)
            inputs = {source: _rows(rows, source) for source in compiled.names}
            rows[name] = compiled.lookback(inputs, parameters)
    return max(rows.values())


def _rows(rows: Mapping[str, int], name: str) -> int:
    return rows[name.partition(".")[0]]
