"""Funding rates from a table or a file: `ts`, when a rate was due, and `rate`, which longs paid where it is positive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from assay.core.domain.errors import DataError, Problem
from assay.core.engine.carries import Funding
from assay.core.market.stamps import read_stamps

_PARQUET = (".parquet", ".pq")


def load_funding(source: str | Path) -> Funding:
    """Rates of one file, Parquet by its name or else CSV. Raises DataError for what cannot be used."""
    path = Path(source)
    try:
        frame = pl.read_parquet(path) if path.suffix.lower() in _PARQUET else pl.read_csv(path, infer_schema=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error).strip().partition("\n")[0][:200]
        raise DataError([Problem(path.name or str(path), "unreadable", f"it cannot be read as funding rates: {reason}")]) from None
    return funding_of(frame, path.name)


def funding_of(frame: pl.DataFrame, name: str = "funding") -> Funding:
    """Rates of a table; problems are located in `name`, by row. Raises DataError."""
    missing = [column for column in ("ts", "rate") if column not in frame.columns]
    if missing:
        raise DataError([Problem(name, "missing_column", f"there is no column {missing[0]!r}; rates need the columns ts and rate")])
    stamps = read_stamps(frame["ts"], None, name)
    rates = frame["rate"].cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()
    problems = [Problem(f"{name} row {fault.row + 1}", fault.code, fault.message) for fault in stamps.faults]
    problems += _unusable(frame, rates, name)
    if not problems and (np.diff(stamps.ns) <= 0).any():
        row = int(np.argmax(np.diff(stamps.ns) <= 0)) + 2
        problems.append(Problem(f"{name} row {row}", "not_rising", "it is not later than the row before; sort by ts, each time once"))
    if problems:
        raise DataError(problems)
    return Funding(stamps.ns, np.ascontiguousarray(rates))


def _unusable(frame: pl.DataFrame, rates: np.ndarray, name: str) -> Iterator[Problem]:
    for row in np.flatnonzero(~np.isfinite(rates))[:5].tolist():
        yield Problem(f"{name} row {row + 1}", "not_a_number", f"the rate {frame['rate'][row]!r} is no finite number")
