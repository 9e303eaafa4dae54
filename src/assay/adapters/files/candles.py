"""Candle files opened: CSV, plain or gzipped, and Parquet, told apart by their first bytes and not by their names.

Whatever is wrong with a file is a DataError that names it; a file that would not fit into memory is refused before it is read.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final, overload

import polars as pl

from assay.core.domain.errors import DataError, Problem
from assay.core.domain.instrument import InstrumentId
from assay.core.market.bars import Bars
from assay.core.market.candles import Imported, read_csv, read_frame

BYTES_MAX: Final = 1 << 30
ROWS_MAX: Final = 50_000_000

_PARQUET: Final = b"PAR1"
_GZIP: Final = b"\x1f\x8b"
_SUFFIXES: Final = (".csv", ".txt", ".tsv", ".parquet", ".pq", ".gz")
_OTHERS: Final = {b"PK": "a zip archive or a spreadsheet", b"ARROW1": "a Feather file", b"\xd0\xcf": "an old spreadsheet", b"{": "JSON"}


@overload
def load_bars(source: str | Path, *, timezone: str | None = None, instrument: str | None = None) -> Bars: ...
@overload
def load_bars(source: Mapping[str, str | Path], *, timezone: str | None = None) -> dict[str, Bars]: ...
def load_bars(
    source: str | Path | Mapping[str, str | Path], *, timezone: str | None = None, instrument: str | None = None
) -> Bars | dict[str, Bars]:
    """Bars of one file, or of a universe `{"binance:BTC/USDT": "btc.csv", …}`. Raises DataError for what cannot be used."""
    if isinstance(source, Mapping):
        return {name: import_bars(path, instrument=name, timezone=timezone).bars for name, path in source.items()}
    return import_bars(source, instrument=instrument, timezone=timezone).bars


def import_bars(source: str | Path, *, instrument: str | None = None, timezone: str | None = None) -> Imported:
    """Bars of one file and what was found odd about them. Without `instrument` the file's name makes one: `file:btc-hourly`."""
    path = Path(source)
    name = _identified(instrument, path)
    data = _read(path)
    try:
        if data.startswith(_PARQUET):
            return read_frame(_frame(data), name, first_row=1, timezone=timezone)
        return read_csv(data, name, timezone=timezone)
    except DataError as error:
        raise DataError(_named(problem, path) for problem in error.errors) from None


def _identified(instrument: str | None, path: Path) -> str:
    if instrument is None:
        stem = path.name
        while (suffix := Path(stem).suffix.lower()) in _SUFFIXES:
            stem = stem[: -len(suffix)]
        return f"file:{re.sub(r'[^A-Za-z0-9._/-]+', '-', stem).strip('-') or 'unnamed'}"
    try:
        return str(InstrumentId.parse(instrument))
    except ValueError as error:
        raise DataError([Problem(path.name, "instrument", str(error))]) from None


def _read(path: Path) -> bytes:
    """The whole file, unpacked, or a DataError that says why not."""
    try:
        if path.is_dir():
            raise _refusal(path, "directory", "it is a directory; name a file in it")
        if not path.exists():
            raise _refusal(path, "missing_file", f"there is no such file ({path})")
        if not path.is_file():
            raise _refusal(path, "not_a_file", "it is no regular file")
        if path.stat().st_size > BYTES_MAX:
            raise _refusal(path, "too_large", f"it holds more than {BYTES_MAX >> 20} MiB; split it")
        data = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise _refusal(path, "unreadable", f"it cannot be opened: {getattr(error, 'strerror', None) or error}") from None
    if data.startswith(_GZIP):
        data = _unpacked(data, path)
    for magic, what in _OTHERS.items():
        if data.startswith(magic):
            raise _refusal(path, "unknown_format", f"it is {what}; candles are read from CSV, plain or gzipped, and Parquet")
    return data


def _unpacked(data: bytes, path: Path) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            plain = packed.read(BYTES_MAX + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise _refusal(path, "corrupt", f"it is no whole gzip file: {error}") from None
    if len(plain) > BYTES_MAX:
        raise _refusal(path, "too_large", f"unpacked it holds more than {BYTES_MAX >> 20} MiB; split it")
    return plain


def _frame(data: bytes) -> pl.DataFrame:
    """The reader may panic on a corrupt file, and a panic is no Exception; a tiny file may also claim billions of rows."""
    try:
        rows = pl.scan_parquet(io.BytesIO(data)).select(pl.len()).collect().item()
        if rows > ROWS_MAX:
            raise DataError([Problem("", "too_large", f"it holds {rows:,} rows, and at most {ROWS_MAX:,} are read")])
        return pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError, MemoryError) as error:
        reason = str(error).strip().partition("\n")[0][:200]
        raise DataError([Problem("", "corrupt", f"it is no whole Parquet file: {reason}")]) from None


def _refusal(path: Path, code: str, message: str) -> DataError:
    return DataError([Problem(path.name or str(path), code, message)])


def _named(problem: Problem, path: Path) -> Problem:
    return Problem(f"{path.name} {problem.path}".strip(), problem.code, problem.message)
