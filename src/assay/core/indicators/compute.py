"""Every series of a strategy is computed once for an instrument's bars, however many names, rules and runs ask for it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, TypeAlias

import numpy as np

from assay.core.domain.timeframe import MINUTE_NS, Timeframe
from assay.core.indicators import catalog, formula
from assay.core.indicators.entry import Entry, Floats, Outputs
from assay.core.indicators.formula_signature import TIME
from assay.core.indicators.missing import over_finite_runs, run_of
from assay.core.indicators.order import in_order
from assay.core.indicators.series import BAR_COLUMNS, Formula, Indicator, Ref, Series
from assay.core.indicators.streams import STREAMS
from assay.core.market.bars import Ints
from assay.core.market.resample import Clock, Coarse

Key: TypeAlias = Hashable
Memo: TypeAlias = dict[Hashable, Any]


class Declared(Protocol):
    """What is needed of a strategy document: its timeframe, its series, and the values of its parameters."""

    @property
    def timeframe(self) -> str: ...

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


@dataclass(frozen=True, slots=True)
class _Frame:
    """Columns on the bars of one timeframe by name, each with what it is known by; `coarse` is None on the deciding ones.

    On coarser bars a name of another timeframe means what it is at each bar's close.
    """

    columns: dict[str, Floats]
    keys: dict[str, Key]
    timeframe: str | None = None
    coarse: Coarse | None = None
    deciding: _Frame | None = None

    def need(self, name: str) -> None:
        """Have a column of that name, taken from the deciding bars where there is none of this timeframe."""
        if name not in self.columns:
            assert self.coarse is not None, f"no series {name!r}: parse the document first"
            assert self.deciding is not None
            self.columns[name] = _on(self.coarse, name, self.deciding.columns[name])
            self.keys[name] = (self.timeframe, self.deciding.keys[name])

    def put(self, name: str, key: Key, names: tuple[str, ...], outputs: Outputs) -> None:
        """Keep a series under its own name and those of its outputs."""
        self.columns[name], self.keys[name] = outputs[0], (key, 0)
        for index, output in enumerate(names):
            self.columns[f"{name}.{output}"], self.keys[f"{name}.{output}"] = outputs[index], (key, index)


def _on(coarse: Coarse, name: str, column: Floats) -> Floats:
    """A column of the deciding bars on coarser ones: those bars' own, or what a series is at their closes."""
    if name == TIME:
        return coarse.bar("open", column)
    return coarse.bar(name, column) if name in BAR_COLUMNS else coarse.sampled(column)


def _opens(ts: Ints) -> Floats:
    """The column TIME."""
    return (ts // (MINUTE_NS // 60)).astype(np.float64)


class Columns:
    """The columns of one instrument's bars and all series computed from them so far.

    A sweep keeps one of these and asks it for many bindings of a document: what two bindings share is computed once. A series is
    the same if its indicator, parameters, inputs and timeframe are, whatever it is called. Columns are read-only by contract. Only
    series of coarser bars need the clock.
    """

    def __init__(self, bars: Mapping[str, Floats], clock: Clock | None = None) -> None:
        self._bars = {name: np.ascontiguousarray(bars[name], dtype=np.float64) for name in BAR_COLUMNS}
        self._clock = clock
        self._computed: dict[Key, Outputs] = {}
        self._runs: dict[Key, tuple[int, bool]] = {}

    def of(self, document: Declared) -> dict[str, Floats]:
        """Every name a rule may use, with its column: bars, series, and outputs as `macd.signal`."""
        deciding = _Frame(dict(self._bars), {name: name for name in BAR_COLUMNS})
        frames: dict[str | None, _Frame] = {None: deciding}
        parameters = document.parameter_values()
        declared = dict(document.series)
        if any(map(_tells_time, declared.values())):
            assert self._clock is not None, "bars without times tell none"
            (deciding.columns[TIME],) = self._computed.setdefault(TIME, (_opens(self._clock.ts),))
            deciding.keys[TIME] = TIME
        for name in in_order(declared):
            series = declared[name]
            frame = frames.get(series.timeframe) or frames.setdefault(series.timeframe, self._coarser(series.timeframe, deciding))
            (key, outputs), names = self._compute(series, frame, parameters)
            frame.put(name, key, names, outputs)
            if frame is not deciding:
                deciding.put(name, ("spread", key), names, self._spread(key, outputs, frame))
        return deciding.columns

    def _compute(self, series: Series, frame: _Frame, parameters: Mapping[str, int | float]) -> tuple[tuple[Key, Outputs], tuple[str, ...]]:
        if isinstance(series, Indicator):
            resolved = resolve(series)
            return self._indicator(resolved, frame), resolved.entry.outputs
        return self._formula(series, frame, parameters), ()

    def _coarser(self, timeframe: str | None, deciding: _Frame) -> _Frame:
        assert timeframe is not None
        assert self._clock is not None, f"bars without times cannot be made into bars of {timeframe}"
        return _Frame({}, {}, timeframe, self._clock.coarser(timeframe), deciding)

    def _spread(self, key: Key, outputs: Outputs, frame: _Frame) -> Outputs:
        assert frame.coarse is not None
        spread = self._computed.get(("spread", key))
        if spread is None:
            spread = self._computed["spread", key] = tuple(map(frame.coarse.spread, outputs))
        return spread

    def _indicator(self, resolved: Resolved, frame: _Frame) -> tuple[Key, Outputs]:
        for name in resolved.inputs:
            frame.need(name)
        inputs = tuple(frame.keys[name] for name in resolved.inputs)
        key = (resolved.entry.id, inputs, resolved.values)
        outputs = self._computed.get(key)
        if outputs is None:
            arrays = tuple(frame.columns[name] for name in resolved.inputs)
            unbroken = all(self._unbroken(name, array) for name, array in zip(inputs, arrays, strict=True))
            outputs = resolved(*arrays) if unbroken else over_finite_runs(resolved, arrays, len(resolved.entry.outputs))
            self._computed[key] = outputs
        return key, outputs

    def _formula(self, series: Formula, frame: _Frame, parameters: Mapping[str, int | float]) -> tuple[Key, Outputs]:
        compiled = formula.compiled(series.text)
        for name in ("close", *compiled.names, *([TIME] if compiled.tells_time else [])):
            frame.need(name)
        values = tuple((name, parameters[name]) for name in compiled.parameters)
        key = (compiled.text, frame.timeframe, tuple((name, frame.keys[name]) for name in compiled.names), values)
        outputs = self._computed.get(key)
        if outputs is None:
            outputs = (compiled.evaluate(frame.columns, dict(values)),)
            self._computed[key] = outputs
        return key, outputs

    def _unbroken(self, key: Key, column: Floats) -> bool:
        """Whether a column has rows and none of them is missing, asked once."""
        run = self._runs.get(key)
        if run is None:
            run = self._runs[key] = run_of(column)
        return run == (0, True) and len(column) > 0


def _tells_time(series: Series) -> bool:
    return isinstance(series, Formula) and formula.compiled(series.text).tells_time


@dataclass(frozen=True, slots=True)
class _Step:
    """One declared series: `names` of its outputs as rules may use them, and what computes them from the columns before it.

    `needs` are the columns that it reads, `timeframe` that of its bars.
    """

    names: tuple[tuple[str, int], ...]
    compute: Callable[[Mapping[str, Floats], Memo], Outputs]
    needs: tuple[str, ...]
    timeframe: str | None


def compiled(document: Declared) -> Callable[[dict[str, Floats], Ints, Memo], dict[str, Floats]]:
    """`columns(document, bars)` with everything that does not depend on the bars done before: what a session asks at every bar.

    The series join the bars in the dictionary that it is given. The bars are finite: they were parsed at the edge. The memo is kept
    with the buffer that they are views of, and lets series go on.
    """
    declared, parameters = dict(document.series), document.parameter_values()
    steps = [_step(name, declared[name], parameters) for name in in_order(declared)]
    deciding, mixed = Timeframe.parse(document.timeframe), any(step.timeframe for step in steps)
    timed = any(map(_tells_time, declared.values()))

    def all_columns(known: dict[str, Floats], ts: Ints, memo: Memo) -> dict[str, Floats]:
        coarser: dict[str, dict[str, Floats]] = {}
        clock = Clock(ts, deciding) if mixed else None
        if timed:
            known[TIME] = _opens(ts)
        for step in steps:
            own = step.timeframe is None
            outputs = step.compute(known, memo) if own else _on_coarser(step, known, coarser, clock, memo)
            for name, index in step.names:
                known[name] = outputs[index]
        return known

    return all_columns


def _on_coarser(
    step: _Step, known: Mapping[str, Floats], coarser: dict[str, dict[str, Floats]], clock: Clock | None, memo: Memo
) -> Outputs:
    """A series on coarser bars, as it is known at the deciding ones."""
    assert step.timeframe is not None
    assert clock is not None
    coarse = clock.coarser(step.timeframe)
    own = coarser.setdefault(step.timeframe, {})
    for name in ("close", *step.needs):
        if name not in own:
            own[name] = _on(coarse, name, known[name])
    outputs = step.compute(own, memo)
    for name, index in step.names:
        own[name] = outputs[index]
    return tuple(map(coarse.spread, outputs))


def _step(name: str, series: Series, parameters: Mapping[str, int | float]) -> _Step:
    if not isinstance(series, Indicator):
        formula_, values = formula.compiled(series.text), dict(parameters)
        reads = (*formula_.names, TIME) if formula_.tells_time else formula_.names
        return _Step(((name, 0),), lambda known, _: (formula_.evaluate(known, values),), reads, series.timeframe)
    resolved = resolve(series)
    names = ((name, 0), *((f"{name}.{output}", index) for index, output in enumerate(resolved.entry.outputs)))
    if set(BAR_COLUMNS).issuperset(resolved.inputs) and series.timeframe is None:
        if resolved.entry.id in STREAMS:
            return _Step(names, _resumed(resolved), resolved.inputs, None)
        return _Step(names, lambda known, _: resolved(*[known[source] for source in resolved.inputs]), resolved.inputs, None)

    def restarting(known: Mapping[str, Floats], _: Memo) -> Outputs:
        arrays = tuple(known[source] for source in resolved.inputs)
        unbroken = all(run_of(column) == (0, True) and len(column) > 0 for column in arrays)
        return resolved(*arrays) if unbroken else over_finite_runs(resolved, arrays, len(resolved.entry.outputs))

    return _Step(names, restarting, resolved.inputs, series.timeframe)


def _resumed(resolved: Resolved) -> Callable[[Mapping[str, Floats], Memo], Outputs]:
    """As `resolved`, going on from the bar before."""
    key, (source,) = (resolved.entry.id, resolved.inputs, resolved.values), resolved.inputs

    def on(known: Mapping[str, Floats], memo: Memo) -> Outputs:
        stream = memo.get(key)
        if stream is None:
            stream = memo[key] = STREAMS[resolved.entry.id](lambda column: resolved(column)[0], *resolved.values)
        return (stream(known[source]),)

    return on


def columns(document: Declared, bars: Mapping[str, Floats], clock: Clock | None = None) -> dict[str, Floats]:
    """Every column that the rules of a bound document may name, for one instrument's bars."""
    return Columns(bars, clock).of(document)


def warm_up(document: Declared) -> int:
    """Rows before every series of a bound document has a value: the longest chain of lookbacks, without gaps.

    A series on coarser bars is reckoned as if the data began just after the beginning of one, which then does not count.
    """
    declared = dict(document.series)
    parameters = document.parameter_values()
    rows: dict[str, int] = dict.fromkeys(BAR_COLUMNS, 0)
    coarse: dict[str, tuple[str, int]] = {}
    deciding = Timeframe.parse(document.timeframe)
    for name in in_order(declared):
        series, timeframe = declared[name], declared[name].timeframe
        if timeframe is None:
            rows[name] = _lookback(series, lambda source: rows[source], parameters)
            continue
        each = deciding.most_in(Timeframe.parse(timeframe))

        def bars_before(source: str, timeframe: str = timeframe, each: int = each) -> int:
            own, bars = coarse.get(source, ("", 0))
            return bars if own == timeframe else -(-rows[source] // each)

        bars = _lookback(series, bars_before, parameters)
        coarse[name] = (timeframe, bars)
        rows[name] = (bars + 2) * each - 2
    return max(rows.values())


def _lookback(series: Series, before: Callable[[str], int], parameters: Mapping[str, int | float]) -> int:
    """Bars before a series has a value, given those before what it reads."""
    if isinstance(series, Indicator):
        resolved = resolve(series)
        return resolved.lookback + max((before(source.partition(".")[0]) for source in resolved.inputs), default=0)
    compiled = formula.compiled(series.text)
    return compiled.lookback({source: before(source.partition(".")[0]) for source in compiled.names}, parameters)
