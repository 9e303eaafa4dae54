"""What the API is given: one value, made in `app.py`, so that no route knows what stands behind a port."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from assay.core.market.candles import Imported
from assay.core.results.result import Result
from assay.runtime.archive import Archive
from assay.runtime.config import Config
from assay.runtime.fetches import Fetches
from assay.runtime.history import History
from assay.runtime.hub import Hub
from assay.runtime.instruments import Instruments
from assay.runtime.jobs import JobRecord, Jobs
from assay.runtime.ports import CalendarOf, Clock, Store
from assay.runtime.prices import Prices
from assay.runtime.proofs import Proofs
from assay.runtime.runner import Runner
from assay.runtime.sources import Sources
from assay.runtime.workers import Workers


class ReadFile(Protocol):
    """Candles of a file, told apart by its bytes. Blocks. Raises DataError."""

    def __call__(self, source: Path, *, instrument: str | None = None, timezone: str | None = None) -> Imported: ...


@dataclass(frozen=True, eq=False)
class Platform:
    """`report` draws a result under a title, as one page of HTML; `templates` are strategy documents by name.

    `started_at` is when the process was ready.
    """

    clock: Clock
    store: Store
    candles: Archive
    config: Config
    workers: Workers
    hub: Hub[JobRecord]
    jobs: Jobs
    history: History
    runner: Runner
    proofs: Proofs
    sources: Sources
    instruments: Instruments
    fetches: Fetches
    prices: Prices
    calendar_of: CalendarOf
    read_file: ReadFile
    report: Callable[[Result, str], str]
    templates: Mapping[str, Mapping[str, object]]
    started_at: datetime
