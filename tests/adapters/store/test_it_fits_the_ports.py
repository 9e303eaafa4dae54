"""What the store hands out is what the runtime asks for; the type checker reads this file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from assay.adapters.store.candles import CandleFiles
from assay.adapters.store.opened import opened
from assay.runtime.ports import Candles, Opened


def test_it_opens_as_the_runtime_opens_a_store(tmp_path: Path) -> None:
    fits: Opened = partial(opened, f"sqlite:///{tmp_path}/assay.db", tmp_path)
    assert callable(fits)


def test_candle_files_are_candles(tmp_path: Path) -> None:
    fits: Candles = CandleFiles(tmp_path)
    assert fits.coverage() == []
