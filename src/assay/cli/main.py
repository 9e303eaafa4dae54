"""Where the `assay` command comes in: what belongs to the process, and not to any command."""

from __future__ import annotations

import gc
import io
import sys


def main() -> None:
    """Run what was typed. An interrupt is no error, not even while the program is still being loaded."""
    gc.set_threshold(1_000_000)  # imports leave no garbage, and looking for it is a tenth of the start
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows no minus sign still gets its table
    try:
        from assay.cli.commands import app

        app(prog_name="assay")
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    finally:
        gc.freeze()  # the system takes everything back at once; looking for garbage once more is a sixth of a run
