"""Pages of what does not change between two of them: the cursor is how many rows lie before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import polars as pl

from assay.api.wire.message import List
from assay.runtime.ports import CursorError

Row = TypeVar("Row")
Item = TypeVar("Item")


def sliced(rows: Sequence[Row], render: Callable[[Row], Item], limit: int, cursor: str | None) -> List[Item]:
    """A page of rows in memory."""
    first = before(cursor, len(rows))
    return List(items=[render(row) for row in rows[first : first + limit]], next_cursor=after(first, limit, len(rows)), total=len(rows))


def page_of(table: pl.DataFrame, limit: int, cursor: str | None) -> tuple[pl.DataFrame, str | None]:
    """A page of a table, and the cursor of the next."""
    first = before(cursor, len(table))
    return table.slice(first, limit), after(first, limit, len(table))


def before(cursor: str | None, rows: int) -> int:
    """Raises CursorError for what is no cursor of a list of so many rows."""
    if cursor is None:
        return 0
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 12 or int(cursor) > rows:
        raise CursorError
    return int(cursor)


def after(first: int, limit: int, rows: int) -> str | None:
    """The cursor of the page that follows, if there is one."""
    return str(first + limit) if first + limit < rows else None
