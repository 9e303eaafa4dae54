"""A store in a folder of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assay.adapters.store.database import Database, database
from assay.adapters.store.opened import SqlStore, opened


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/assay.db"


@pytest.fixture
async def store(url: str, tmp_path: Path) -> AsyncIterator[SqlStore]:
    async with opened(url, tmp_path) as store:
        yield store


@pytest.fixture
async def rows(url: str) -> AsyncIterator[Database]:
    async with database(url) as rows:
        yield rows
