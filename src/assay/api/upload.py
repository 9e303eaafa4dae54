"""A file that is sent, kept on disk while it is read: whatever is wrong with it is located in its lines, and nothing of it stays."""

from __future__ import annotations

import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path, PurePath
from typing import Final

import anyio
from fastapi import Request

from assay.api.problems import RefusedError
from assay.core.domain.errors import DataError, Problem

MIB: Final = 1 << 20
LONGEST: Final = 80


@asynccontextmanager
async def received(request: Request, filename: str | None, limit_mib: int) -> AsyncIterator[Path]:
    """The body as a file under a name that cannot lead anywhere. Raises RefusedError where it is too large."""
    with tempfile.TemporaryDirectory(prefix="assay-") as folder:
        path = Path(folder) / _plain(filename)
        size = 0
        async with await anyio.open_file(path, "wb") as file:
            async for chunk in request.stream():
                size += len(chunk)
                if size > limit_mib * MIB:
                    raise RefusedError(
                        413, "too_large", f"the file holds more than {limit_mib} MiB; split it, or raise import_mib in the settings"
                    )
                await file.write(chunk)
        try:
            yield path
        except DataError as error:
            raise DataError(_inside(problem, path.name) for problem in error.errors) from None


def _plain(filename: str | None) -> str:
    """What is left of a name that may be hostile."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", PurePath((filename or "").replace("\\", "/")).name).strip(".-")
    return name[-LONGEST:].lstrip(".-") or "candles"


def _inside(problem: Problem, name: str) -> Problem:
    """`line 17`, without the name of the file: there is only one."""
    return Problem(problem.path.removeprefix(name).strip(), problem.code, problem.message)
