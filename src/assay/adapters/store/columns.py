"""The columns of finished sessions: a folder of Parquet files each, beside the database, for a minute's year would choke it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import polars as pl

from assay.adapters.store.durable import is_stale, remove_folder, sweep, write_folder
from assay.runtime.ports import Table

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")


class Columns:
    """Folders by session id in `<home>/sessions`. Files are read and written in worker threads."""

    def __init__(self, home: Path) -> None:
        self._root: Final = home / "sessions"

    async def write(self, session_id: str, tables: Mapping[Table, pl.DataFrame]) -> None:
        # A curve of equity is noise to any compression: zstd takes a fifth less room than lz4, and four times as long both ways.
        files: dict[str, Callable[[Path], object]] = {
            f"{name}.parquet": partial(frame.write_parquet, compression="lz4") for name, frame in tables.items()
        }
        await asyncio.to_thread(write_folder, self._folder(session_id), files)

    async def read(self, session_id: str, table: Table) -> pl.DataFrame | None:
        """None where the session has no such table."""
        return await asyncio.to_thread(_read, self._folder(session_id) / f"{table}.parquet")

    async def remove(self, session_id: str) -> bool:
        return await asyncio.to_thread(remove_folder, self._folder(session_id))

    def folders(self) -> list[str]:
        """Of which sessions there are columns. Blocks."""
        return [folder.name for folder in self._root.glob("*") if _ID.fullmatch(folder.name)]

    def sweep(self, unknown: list[str]) -> None:
        """What a crash left behind: folders that no row knows, and what was never finished. Blocks."""
        sweep(self._root, ".*")
        for name in unknown:
            if is_stale(self._folder(name)):
                remove_folder(self._folder(name))

    def _folder(self, session_id: str) -> Path:
        assert _ID.fullmatch(session_id), f"{session_id!r} is no session's id"
        return self._root / session_id


def _read(path: Path) -> pl.DataFrame | None:
    try:
        return pl.read_parquet(path, glob=False)
    except FileNotFoundError:
        return None
