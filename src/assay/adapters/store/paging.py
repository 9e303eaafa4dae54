"""A list by pages: in one order for good, whatever is equal or missing, so that pages put together are the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Label, RowMapping, Select, and_, func, label, or_, select

from assay.adapters.store.cursor import decode, encode
from assay.adapters.store.owned import Read
from assay.runtime.records import Page

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Order:
    """By `column`, ties by `key`, both in the same direction; what is missing comes last, either way."""

    column: ColumnElement[Any]
    key: ColumnElement[Any]
    descending: bool

    def sorted(self, query: Select[Any]) -> Select[Any]:
        column, key = (self.column.desc(), self.key.desc()) if self.descending else (self.column.asc(), self.key.asc())
        return query.order_by(column.nulls_last(), key)

    def after(self, value: Any, key: str) -> ColumnElement[bool]:
        """Whether a row comes after the one at (value, key)."""
        further = self.key < key if self.descending else self.key > key
        if value is None:
            return and_(self.column.is_(None), further)
        beyond = self.column < value if self.descending else self.column > value
        return or_(beyond, and_(self.column == value, further), self.column.is_(None))


def page(
    read: Read,
    query: Select[Any],
    order: Order,
    limit: int,
    cursor: str | None,
    of_list: object,
    build: Callable[[RowMapping], Row],
) -> Page[Row]:
    """Rows of `query` that come after the cursor. Raises CursorError."""
    assert limit > 0, "a page has rows"
    last: tuple[Label[Any], Label[Any]] = label("page_value", order.column), label("page_key", order.key)
    chosen = order.sorted(query).add_columns(*last)
    if cursor is not None:
        chosen = chosen.where(order.after(*decode(cursor, of_list, order.column.type.python_type)))
    total = read.execute(select(func.count()).select_from(query.order_by(None).subquery())).scalar_one()
    rows = read.execute(chosen.limit(limit + 1)).mappings().all()
    items = rows[:limit]
    following = encode(of_list, items[-1]["page_value"], items[-1]["page_key"]) if len(rows) > limit else None
    return Page(tuple(build(row) for row in items), following, total)


def seeks(column: ColumnElement[str], search: str) -> ColumnElement[bool]:
    """Whether folded text contains what is sought; its percent signs and underscores mean themselves."""
    return column.contains(fold(search), autoescape=True)


def fold(*texts: str) -> str:
    """Text in which case no longer tells anything apart, one line each."""
    return "\n".join(texts).casefold()
