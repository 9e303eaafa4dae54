"""A first run compiles for many seconds, one function after another: what it needs last is compiled in a second process meanwhile.

The two meet in Numba's cache on disk, which any number of processes may share: what one finds there it does not compile.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Thread

import numpy as np

from assay.core.engine.records import written
from assay.core.kernel import transition
from assay.core.results.trades import book


def compile_beside() -> None:
    """Begin it, unless something has been compiled before. It ends by itself, and nobody waits for it."""
    kept = Path(transition.run.stats.cache_path)
    if not any(kept.glob("transition.run-*.nbi")):
        command = [sys.executable, "-m", "assay.cli.beside"]
        silent = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
        Thread(target=subprocess.run, args=(command,), kwargs=silent, daemon=True).start()


def compile_last() -> None:
    """What follows the kernel: records split into columns, fills folded into trades."""
    nothing = written(np.empty((0, transition.RECORD)))
    book(nothing.fills, nothing.carries, 1, 0)


if __name__ == "__main__":
    compile_last()
