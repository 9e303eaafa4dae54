"""From what somebody would like to run to a session's spec, or to everything that is wrong with it, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import ceil

from assay.core.domain.account import Account
from assay.core.domain.errors import DataError, LocatedError, Problem
from assay.core.domain.instrument import InstrumentId
from assay.core.domain.spec import ODDITIES, Mode, Oddity, SessionSpec
from assay.core.domain.timeframe import Timeframe
from assay.core.strategy.canonical import to_json
from assay.core.strategy.document import Document
from assay.core.strategy.parameters import bind
from assay.core.strategy.parse import parse
from assay.runtime.ports import Candles, Desk
from assay.runtime.records import Coverage


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A saved strategy (its newest version unless one is named) or a document; what is None is the document's own."""

    account: Account
    strategy_id: str | None = None
    strategy_version: int | None = None
    document: Mapping[str, object] | None = None
    name: str | None = None
    universe: Sequence[str] | None = None
    timeframe: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    parameters: Mapping[str, float] = field(default_factory=dict)
    tolerates: Sequence[Oddity] = ODDITIES


@dataclass(frozen=True, slots=True)
class Resolved:
    """What can be run. `document` is bound, on the universe and timeframe that were chosen."""

    spec: SessionSpec
    document: Document
    strategy_id: str | None
    strategy_version: int | None


class UnknownError(LocatedError):
    """A strategy, or a version of it, that is not there."""


async def resolve(proposal: Proposal, desk: Desk) -> Resolved:
    """Raises StrategyError, DataError and UnknownError with everything that is wrong; whether bars are there is not asked here."""
    values, version = await _written(proposal, desk)
    document = parse(values)
    bound = bind(document, proposal.parameters)
    universe = _universe(document.universe if proposal.universe is None else proposal.universe)
    timeframe = _timeframe(document.timeframe if proposal.timeframe is None else proposal.timeframe)
    if proposal.start is not None and proposal.end is not None and proposal.start >= proposal.end:
        raise DataError([Problem("end", "period", "the period ends before it has begun")])
    chosen = to_json(replace(document, parameters=bound.parameters))
    spec = SessionSpec(
        mode=Mode.BACKTEST, document=chosen, universe=universe, timeframe=timeframe, start=proposal.start, end=proposal.end,
        account=proposal.account, tolerates=tuple(proposal.tolerates),
    )  # fmt: skip
    return Resolved(spec, replace(bound, universe=universe, timeframe=timeframe), proposal.strategy_id, version)


async def _written(proposal: Proposal, desk: Desk) -> tuple[Mapping[str, object], int | None]:
    if (proposal.strategy_id is None) == (proposal.document is None):
        raise UnknownError([Problem("strategy_id", "one_of", "name a strategy or give a document, one of the two")])
    if proposal.document is not None:
        return proposal.document, None
    assert proposal.strategy_id is not None
    saved = await desk.strategies.get(proposal.strategy_id)
    if saved is None:
        raise UnknownError([Problem("strategy_id", "unknown", f"there is no strategy {proposal.strategy_id[:80]!r}")])
    if proposal.strategy_version is None or proposal.strategy_version == saved.version:
        return saved.document, saved.version
    version = await desk.strategies.version(saved.id, proposal.strategy_version)
    if version is None:
        raise UnknownError([Problem("strategy_version", "unknown", f"{saved.name!r} has versions 1 to {saved.version}")])
    return version.document, version.number


def _universe(names: Sequence[str]) -> tuple[str, ...]:
    problems: list[Problem] = []
    instruments: dict[str, None] = {}
    for row, name in enumerate(names):
        try:
            instrument = str(InstrumentId.parse(name))
        except ValueError as error:
            problems.append(Problem(f"universe[{row}]", "instrument", str(error)))
            continue
        if instrument in instruments:
            problems.append(Problem(f"universe[{row}]", "duplicate", f"{instrument} is in the universe already"))
        instruments[instrument] = None
    if not names:
        problems.append(Problem("universe", "empty", "no instrument is chosen; choose one, or leave the universe to the strategy"))
    if problems:
        raise DataError(problems)
    return tuple(instruments)


def _timeframe(name: str) -> str:
    try:
        return Timeframe.parse(name).name
    except ValueError as error:
        raise DataError([Problem("timeframe", "unknown", str(error))]) from None


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is stored of one instrument in a period: bars, their first and last open, and what the period lacks."""

    bars: int
    first_at: datetime
    last_at: datetime


def stretches(candles: Candles, spec: SessionSpec) -> list[Stretch]:
    """Of every instrument, without reading a bar. Blocks. Raises DataError for whatever is not there."""
    problems: list[Problem] = []
    found: list[Stretch] = []
    for row, name in enumerate(spec.universe):
        stored = candles.coverage(name)
        here = next((each for each in stored if each.timeframe == spec.timeframe), None)
        stretch = _stretch(here, spec) if here is not None else None
        if stretch is not None:
            found.append(stretch)
        else:
            problems.extend(_lacking(name, row, stored, here, spec))
    if problems:
        raise DataError(problems)
    return found


def _lacking(name: str, row: int, stored: Sequence[Coverage], here: Coverage | None, spec: SessionSpec) -> Iterator[Problem]:
    if not stored:
        yield Problem(f"universe[{row}]", "unknown_instrument", f"there are no bars of {name}; import some, or choose another instrument")
    elif here is None:
        there = ", ".join(each.timeframe for each in stored)
        yield Problem("timeframe", "timeframe_not_stored", f"there are no {spec.timeframe} bars of {name}; there are {there}")
    else:
        period = f"{here.first_at:%Y-%m-%d} to {here.last_at:%Y-%m-%d}"
        late = spec.start is not None and spec.start > here.last_at
        yield Problem("start" if late else "end", "no_bars", f"there are no bars of {name} in this period; there are from {period}")


def _stretch(stored: Coverage, spec: SessionSpec) -> Stretch | None:
    """Counted on the timeframe's grid, less the gaps; bars off the grid are counted by where they should stand."""
    step = Timeframe.parse(stored.timeframe)
    after = step.closed_at(stored.last_at)
    first = stored.first_at if spec.start is None else max(stored.first_at, spec.start)
    end = after if spec.end is None else min(after, spec.end)
    if first >= end:
        return None
    absent = sum((min(until, end) - max(since, first)).total_seconds() for since, until in stored.gaps if since < end and until > first)
    seconds = step.minutes * 60
    bars = ceil(((end - first).total_seconds() - absent) / seconds)
    return Stretch(min(bars, stored.bars), first, min(stored.last_at, end)) if bars > 0 else None
