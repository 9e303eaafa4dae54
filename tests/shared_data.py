"""Recorded market data lies beside the repository where there is room for it; without it the tests that want it are skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1].parent / "shared" / "data"


def shared(path: str) -> Path:
    """A file of the shared data, or a skip that says which one is absent."""
    found = FOLDER / path
    if not found.exists():
        pytest.skip(f"shared data is not here: {found}")
    return found
