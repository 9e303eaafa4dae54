"""Lists come in pages: `?limit&cursor`, and an answer that says where the next one begins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import Query

from assay.api.wire.message import List
from assay.runtime.records import Page

Row = TypeVar("Row")
Item = TypeVar("Item")

Limit = Annotated[int, Query(ge=1, le=200, description="Items of a page, at most.")]
Cursor = Annotated[str | None, Query(max_length=512, description="`next_cursor` of the page before.")]
Search = Annotated[str | None, Query(max_length=120, description="Only what has this in its name.")]


def listed(page: Page[Row], render: Callable[[Row], Item]) -> List[Item]:
    """A page as it goes over the wire."""
    return List(items=[render(row) for row in page.items], next_cursor=page.next_cursor, total=page.total)
