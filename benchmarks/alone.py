"""What has no peer to be compared with: the first result of a fresh process, the peak of its memory, one step of a session."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import served, stored, work
from benchmarks.installed import ASSAY


@dataclass(frozen=True)
class Figure:
    name: str
    says: str
    unit: str
    at_most: float
    measure: Callable[[], float]


def measure_figure(figure: Figure) -> float:
    value = figure.measure()
    verdict = "" if value <= figure.at_most else "   OVER"
    print(f"\n{figure.says}\n  {value:,.2f} {figure.unit} (at most {figure.at_most:g}){verdict}", file=sys.stderr)
    return value


def empty_cache() -> float:
    with tempfile.TemporaryDirectory() as folder:
        return _backtest_command(Path(folder))


def warm_cache() -> float:
    """The best of five: the first fills the cache, and a busy machine is not what is asked about."""
    with tempfile.TemporaryDirectory() as folder:
        return min(_backtest_command(Path(folder)) for _ in range(5))


def peak_memory() -> float:
    """Megabytes of the whole process, arrays and interpreter included."""
    code = "import resource; from benchmarks import ours; ours.one_run(); print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    peak = int(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


def step() -> float:
    """Microseconds a bar of a session that is fed bar by bar: a cross of averages over 5,000 bars of history, no journal."""
    from benchmarks import ours

    ours.step_by_step()
    return 1e6 * min(ours.step_by_step() for _ in range(5))


def _backtest_command(folder: Path) -> float:
    """Seconds of `assay backtest` on two years of hours from a CSV file, compiled code kept in `folder`."""
    from benchmarks import ours

    document, bars = folder / "strategy.json", folder / "bars.csv"
    if not bars.exists():
        document.write_text(json.dumps(ours.document({"action": "enter_long", "size": 1.0}, leave=True, timeframe="1h")))
        _write(work.two_years_of_hours(), bars)
    command = [ASSAY, "backtest", str(document), "--data", str(bars), "--json"]
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=folder, env={**os.environ, "NUMBA_CACHE_DIR": str(folder / "compiled")})
    return time.perf_counter() - start


def _write(bars: work.Walk, path: Path) -> None:
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("opened_at", "open", "high", "low", "close", "volume"))
        milliseconds = bars.ts // 1_000_000
        rows.writerows(
            zip(*(column.tolist() for column in (milliseconds, bars.open, bars.high, bars.low, bars.close, bars.volume)), strict=True)
        )


FIGURES = (
    Figure("step", "one step of a session, bar by bar", "us", 30.0, step),
    Figure("warm", "`assay backtest`, compiled code on disk", "s", 1.5, warm_cache),
    Figure("cold", "`assay backtest`, nothing compiled yet", "s", 15.0, empty_cache),
    Figure("preview", "a preview over 17,520 bars over HTTP, p95", "ms", 40.0, served.preview),
    Figure("preview million", "a preview over 1,000,000 bars over HTTP, p95", "ms", 250.0, served.preview_of_a_million),
    Figure("search", "a search among 5,000 instruments", "ms", 20.0, stored.search),
    Figure("read year", "a year of one instrument's minutes, read from disk", "ms", 30.0, stored.read_year),
    Figure("upsert month", "a month of minutes written over one that is stored", "ms", 30.0, stored.upsert_month),
    Figure("session", "a session over 1,000,000 bars over HTTP, from the order to all that its page draws", "s", 1.5, served.session),
    Figure("ready", "`assay serve` until it is ready", "s", 2.0, served.ready),
    Figure("memory", "peak memory of a run over 1,000,000 bars", "MB", 400.0, peak_memory),
)
