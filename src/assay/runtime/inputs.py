"""The bars that a session runs on: found when it starts, and found again, exactly those, whenever its journal is read later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from assay.core.domain.errors import DataError, LocatedError, Problem
from assay.core.domain.spec import SessionSpec
from assay.core.domain.timeframe import Timeframe
from assay.core.engine.backtest import Inputs
from assay.core.market.bars import Bars
from assay.core.market.findings import Finding
from assay.core.market.instants import to_datetime
from assay.core.strategy.document import Document
from assay.core.strategy.parameters import bind
from assay.core.strategy.parse import parse
from assay.runtime.ports import Candles, Tell
from assay.runtime.records import InputRange
from assay.runtime.tolerance import NOTHING_ODD, Findings


class ChangedError(LocatedError):
    """The bars that a session ran on are not there any more as they were, so its journal cannot be made again."""


def silent(phase: str, fraction: float | None) -> None:
    """Nobody wants to know how far it is."""


def document_of(spec: SessionSpec) -> Document:
    """The document as it is run: on the session's universe and timeframe, its parameters put in."""
    return bind(replace(parse(spec.document), universe=spec.universe, timeframe=spec.timeframe))


def find(candles: Candles, spec: SessionSpec, tell: Tell) -> Inputs:
    """All bars before the end; those before the start serve the warm-up. Raises DataError for what is not there."""
    bars: dict[str, Bars] = {}
    problems: list[Problem] = []
    for row, name in enumerate(spec.universe):
        tell("reading", row / len(spec.universe))
        found = candles.read(name, spec.timeframe, None, spec.end)
        problem = missing(name, spec, row, found)
        if problem is None and found is not None:
            bars[name] = found
        elif problem is not None:
            problems.append(problem)
    if problems:
        raise DataError(problems)
    return Inputs(bars, {}, {}, spec.start)


def missing(name: str, spec: SessionSpec, row: int, found: Bars | None) -> Problem | None:
    """What keeps an instrument from being run, if anything does."""
    if found is None:
        return Problem(f"universe[{row}]", "no_bars", f"there are no {spec.timeframe} bars of {name}; import some, or choose another")
    if not len(found) or (spec.start is not None and to_datetime(found.ts[-1]) < spec.start):
        return Problem("end" if not len(found) else "start", "no_bars", f"there are no bars of {name} in this period")
    return None


def ranges(inputs: Inputs, findings: Findings = NOTHING_ODD) -> tuple[InputRange, ...]:
    """What was read, so that it can be read again and be known to be the same, and what was found odd about it."""
    return tuple(_range(name, bars, findings.get(name, ())) for name, bars in inputs.bars.items())


def again(candles: Candles, spec: SessionSpec, recorded: Sequence[InputRange], tell: Tell = silent) -> Inputs:
    """The same bars as then. Raises ChangedError where one of them is another now."""
    bars: dict[str, Bars] = {}
    for row, each in enumerate(recorded):
        tell("reading", row / len(recorded))
        found = candles.read(each.instrument, each.timeframe, each.first_at, _after(each))
        if found is not None:
            bars[each.instrument] = found
    problems = list(_changes(recorded, bars))
    if problems:
        raise ChangedError(problems)
    return Inputs(bars, {}, {}, spec.start)


def _range(name: str, bars: Bars, findings: Sequence[Finding]) -> InputRange:
    first, last = to_datetime(bars.ts[0]), to_datetime(bars.ts[-1])
    told = tuple(replace(each, places=()) for each in findings)
    return InputRange(name, bars.timeframe.name, first, last, len(bars), bars.fingerprint, told)


def _after(recorded: InputRange) -> datetime:
    """The first instant that is after the last bar's open."""
    return Timeframe.parse(recorded.timeframe).closed_at(recorded.last_at)


def _changes(recorded: Sequence[InputRange], bars: dict[str, Bars]) -> Iterator[Problem]:
    for row, each in enumerate(recorded):
        found = bars.get(each.instrument)
        if found is None:
            yield Problem(f"inputs[{row}]", "inputs_changed", f"the bars of {each.instrument} that this ran on are gone")
        elif found.fingerprint != each.fingerprint:
            message = f"the {each.timeframe} bars of {each.instrument} have changed since this ran on them; run it again"
            yield Problem(f"inputs[{row}]", "inputs_changed", message)
