"""What is odd about the bars of a session, and whether it was ordered to run on them all the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, TypeAlias

from assay.core.domain.errors import DataError, Problem
from assay.core.domain.spec import ODDITIES, SessionSpec
from assay.core.market.bars import Bars
from assay.core.market.findings import Finding
from assay.core.market.quality import inspect
from assay.runtime.ports import CalendarOf

Findings: TypeAlias = Mapping[str, tuple[Finding, ...]]
"""By instrument."""
NOTHING_ODD: Final[Findings] = {}


def decided_on(bars: Bars, start: datetime | None, warm_up: int) -> Bars:
    """Those from `start` on, and so many before it as the first decision looks back on; older ones change nothing that matters."""
    first = bars.rows_between(start, None).start
    return bars[max(0, first - warm_up) :]


def tolerated(universe: Mapping[str, Bars], spec: SessionSpec, warm_up: int, calendar_of: CalendarOf) -> Findings:
    """What was found. Raises DataError, located in the universe, for whatever of it is not tolerated."""
    found = {name: inspect(decided_on(bars, spec.start, warm_up), calendar=calendar_of(name)) for name, bars in universe.items()}
    problems = [problem for name, findings in found.items() for problem in _refused(name, findings, spec)]
    if problems:
        raise DataError(problems)
    return found


def _refused(name: str, findings: tuple[Finding, ...], spec: SessionSpec) -> Iterator[Problem]:
    for finding in findings:
        if finding.code not in spec.tolerates:
            cure = "tolerate it, or choose another period" if finding.code in ODDITIES else "nothing can be run on such bars"
            yield Problem(f"universe[{spec.universe.index(name)}]", finding.code, f"{name}: {finding.message}; {cure}")
