"""What the API is given: one value, made in `app.py`, so that no route knows what stands behind a port."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from assay.core.market.candles import Imported
from assay.runtime.config import Config
from assay.runtime.ports import Candles, Clock, Store
from assay.runtime.workers import Workers


class ReadFile(Protocol):
    """Candles of a file, told apart by its bytes. Blocks. Raises DataError."""

    def __call__(self, source: Path, *, instrument: str | None = None, timezone: str | None = None) -> Imported: ...


@dataclass(frozen=True, eq=False)
class Platform:
    """`templates` are strategy documents by name; `started_at` is when the process was ready."""

    clock: Clock
    store: Store
    candles: Candles
    config: Config
    workers: Workers
    read_file: ReadFile
    templates: Mapping[str, Mapping[str, object]]
    started_at: datetime
