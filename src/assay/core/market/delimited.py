"""Delimited text as a table of texts that remembers its lines: nothing is converted here, so nothing is lost before it is checked."""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import polars as pl

from assay.core.domain.errors import DataError, Problem
from assay.core.market.columns import Layout, recognize, without_header

_DELIMITERS: Final = (",", ";", "\t", "|")
_PREAMBLE: Final = 20
"""Lines before the header are remarks or a vendor's address, never many."""


@dataclass(frozen=True, eq=False)
class Table:
    """The columns that bars are made of, as text, and where each row stands."""

    data: bytes
    first_line: int
    layout: Layout
    columns: dict[int, pl.Series]
    headerless: bool

    def path(self, row: int) -> str:
        """A cell that spans lines would shift all below it, so then rows are counted instead."""
        return f"line {self.first_line + row}" if self._by_line else f"row {row + 1}"

    def is_blank(self, row: int) -> bool:
        return self._by_line and not self._lines[self.first_line + row - 1].strip()

    @cached_property
    def _lines(self) -> list[bytes]:
        lines = self.data.split(b"\n")
        return lines[:-1] if lines[-1] == b"" else lines

    @cached_property
    def _by_line(self) -> bool:
        height = len(next(iter(self.columns.values())))
        return len(self._lines) == self.first_line - 1 + height


def read_table(data: bytes) -> Table:
    """Raises DataError, located, for text that is no table of candles."""
    data = _plain_text(data)
    head = [line.decode("utf-8", "replace").rstrip("\r") for line in data[:65_536].split(b"\n")[: _PREAMBLE + 4]]
    if not any(line.strip() for line in head):
        raise DataError([Problem("", "empty", "there is no data in it")])
    delimiter = max(_DELIMITERS, key=lambda mark: max(line.count(mark) for line in head))
    rows = [_cells(line, delimiter) for line in head]
    start = next((i for i, row in enumerate(rows) if len(row) >= 5 and not head[i].startswith("#")), None)
    if start is None:
        message = f"this is no table of candles; expected date,open,high,low,close,volume, found {head[0][:60]!r}"
        raise DataError([Problem("line 1", "no_table", message)])
    names, headerless = rows[start], _is_number(rows[start][1:])
    path = f"line {start + 1}"
    if headerless:
        split_time = re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?", names[1].strip()) is not None
        layout, first_row = without_header(len(names), split_time=split_time, path=path), start
    else:
        names, first_row = _yahoo_names(rows, start)
        layout = recognize(names, path)
    columns = _columns(data, first_row, len(names), delimiter, layout)
    return Table(data, first_row + 1, layout, columns, headerless)


def _plain_text(data: bytes) -> bytes:
    """UTF-8 with line feeds: spreadsheets write UTF-16, old ones carriage returns alone."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", "replace").encode()
    data = data.removeprefix(codecs.BOM_UTF8)
    return data if b"\n" in data else data.replace(b"\r", b"\n")


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)


def _is_number(cells: list[str]) -> bool:
    """Whether a line holds candles already: names are no numbers. The first cell is left out, for it may be a date."""
    return sum(re.fullmatch(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", cell) is not None for cell in cells) >= 3


def _yahoo_names(rows: list[list[str]], start: int) -> tuple[list[str], int]:
    """yfinance writes three header lines: `Price,Close,…`, `Ticker,AAPL,…`, `Date,,…`."""
    names = rows[start]
    below = [row[0].strip().lower() if row else "" for row in rows[start + 1 : start + 3]]
    if names[0].strip().lower() == "price" and below and below[0] == "ticker":
        skip = 3 if len(below) == 2 and below[1] in ("date", "datetime") else 2
        return ["Date", *names[1:]], start + skip
    return names, start + 1


def _columns(data: bytes, first_row: int, width: int, delimiter: str, layout: Layout) -> dict[int, pl.Series]:
    names = [f"column_{i}" for i in range(width)]
    try:
        frame = pl.read_csv(
            io.BytesIO(data),
            has_header=False,
            skip_lines=first_row,
            separator=delimiter,
            schema=dict.fromkeys(names, pl.String),
            columns=[names[i] for i in layout.used],
            encoding="utf8-lossy",
            missing_columns="insert",  # where the first row is blank or short; what is missing is reported later, with its line
        )
    except pl.exceptions.NoDataError:
        raise DataError([Problem("", "empty", "there is a header and nothing below it")]) from None
    except pl.exceptions.PolarsError as error:
        raise DataError(_misshapen(data, first_row, width, delimiter) or [Problem("", "unreadable", _first_line(error))]) from None
    return {i: frame[names[i]] for i in layout.used}


def _misshapen(data: bytes, first_row: int, width: int, delimiter: str) -> list[Problem]:
    """Why the reader gave up: lines with too many cells, or a quote that is never closed. The first hundred are listed."""
    problems: list[Problem] = []
    for number, line in enumerate(data.split(b"\n")[first_row:], start=first_row + 1):
        if len(problems) == 100:
            break
        text = line.decode("utf-8", "replace").rstrip("\r")
        if text.count('"') % 2:
            problems.append(Problem(f"line {number}", "open_quote", "a quote is opened and not closed on the line"))
        elif (found := len(_cells(text, delimiter))) > width:
            problems.append(Problem(f"line {number}", "too_many_cells", f"{found} cells where the first line has {width}"))
    return problems


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or "it cannot be read"
