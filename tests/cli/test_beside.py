"""What a second process compiles is what a first run then looks for, and nothing begins where it is there already."""

from __future__ import annotations

from pathlib import Path

from tests.cli.terminal import BTC, answer, written

from assay.cli.beside import compile_last
from assay.core.engine import records
from assay.core.results import trades


def test_what_is_compiled_beside_is_what_follows_the_kernel_in_a_run(tmp_path: Path) -> None:
    compile_last()
    answer("backtest", written(tmp_path), "--data", BTC)
    assert len(records._split.signatures) == len(trades._fold.signatures) == 1
