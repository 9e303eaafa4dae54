"""Bars as a table for files and other libraries, under the names that import recognizes."""

from __future__ import annotations

import polars as pl

from assay.core.market.bars import Bars

_MS_NS = 1_000_000


def to_frame(bars: Bars) -> pl.DataFrame:
    """Columns `ts` (opening times, UTC), `open`, `high`, `low`, `close` and, where there is one, `volume`."""
    stamps = pl.Series("ts", bars.ts).cast(pl.Datetime("ns")).dt.replace_time_zone("UTC")
    if not (bars.ts % _MS_NS).any():
        stamps = stamps.dt.cast_time_unit("ms")  # what most tools write and read
    prices = [pl.Series(name, getattr(bars, name)) for name in ("open", "high", "low", "close")]
    volume = [pl.Series("volume", bars.volume)] if bars.has_volume else []
    return pl.DataFrame([stamps, *prices, *volume])
