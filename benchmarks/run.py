"""`make bench`: every engine on the same arrays, in turns, and what the turns say.

vectorbt is bimodal on small machines: the same call takes 80 ms, or 300 when the system hands it fresh pages. It is judged by its fast
quartile and Assay by its median, so that a ratio is what a user gets at the least.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.alone import FIGURES, measure_figure
from benchmarks.work import Answer
from benchmarks.worker import Worker


@dataclass(frozen=True)
class Engine:
    name: str
    module: str
    setting: str = ""
    rounds: int | None = None
    """Once or twice is enough for what takes seconds."""


@dataclass(frozen=True)
class Item:
    name: str
    asks: str
    rounds: int
    within: float
    """How far the answers may lie apart, relatively: engines differ in what a bar with both levels does, and in ties of averages."""


OURS = Engine("Assay", "ours")
ENGINES = (
    OURS,
    Engine("vectorbt (Rust)", "peers_vectorbt", "rust"),
    Engine("vectorbt (Numba)", "peers_vectorbt", "numba"),
    Engine("backtesting.py", "peers_backtesting_py", rounds=2),
)
ITEMS = (
    Item("one", "1,000,000 bars, averages 10/30, long or flat", 21, 0.01),
    Item("bracket", "1,000,000 bars, stop 2 %, target 4 %", 21, 0.05),
    Item("account", "5 instruments x 200,000 bars on one account", 15, 0.01),
    Item("sweep", "1,000 combinations x 17,520 bars, four statistics each", 7, 0.01),
    Item("sweep whole", "the same, all columns at once", 3, 0.01),
)


@dataclass(frozen=True)
class Timing:
    engine: str
    item: str
    seconds: tuple[float, ...]
    answer: Answer

    @property
    def quartiles(self) -> tuple[float, float, float]:
        if len(self.seconds) == 1:
            return (self.seconds[0],) * 3
        low, middle, high = statistics.quantiles(self.seconds, n=4, method="inclusive")
        return low, middle, high


def measure(items: tuple[Item, ...], engines: tuple[Engine, ...], rounds: int | None) -> list[Timing]:
    """Turn by turn, so that whatever else the machine does falls on all engines alike."""
    workers = {engine: Worker(engine.module, engine.setting) for engine in engines}
    timings: list[Timing] = []
    for item in items:
        able = [engine for engine in engines if item.name in workers[engine].can]
        answers = {engine: workers[engine].ask(item.name)[1] for engine in able}
        seconds: dict[Engine, list[float]] = {engine: [] for engine in able}
        for turn in range(rounds or item.rounds):
            for engine in able:
                if engine.rounds is None or turn < engine.rounds:
                    seconds[engine].append(workers[engine].ask(item.name)[0])
        timings += [Timing(engine.name, item.name, tuple(seconds[engine]), answers[engine]) for engine in able]
        report(item, [timing for timing in timings if timing.item == item.name])
    for worker in workers.values():
        worker.close()
    return timings


def report(item: Item, timings: list[Timing]) -> None:
    print(f"\n{item.asks}", file=sys.stderr)
    ours = next((timing for timing in timings if timing.engine == OURS.name), None)
    for timing in timings:
        low, middle, high = (f"{1000.0 * value:,.1f}" for value in timing.quartiles)
        line = f"  {timing.engine:<18}{low:>10} {middle:>10} {high:>10} ms"
        if ours is not None and timing is not ours:
            line += f"{timing.quartiles[0] / ours.quartiles[1]:>9.1f} x"
            line += (
                ""
                if timing.answer.agrees_with(ours.answer, within=item.within)
                else f"   other answer: {timing.answer}, ours {ours.answer}"
            )
        print(line, file=sys.stderr)


def machine() -> dict[str, Any]:
    cpu = next((line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), platform.processor())
    packages = {name: version(name) for name in ("assay", "backtesting", "numba", "numpy", "polars", "vectorbt", "vectorbt-rust")}
    return {"cpu": cpu, "cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version(), "packages": packages}


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure Assay beside its peers.")
    parser.add_argument("--json", action="store_true", help="print everything measured as JSON on standard output")
    parser.add_argument(
        "--item", action="append", choices=[each.name for each in (*ITEMS, *FIGURES)], help="only this piece of work; may be given again"
    )
    parser.add_argument("--peers-only", action="store_true", help="leave Assay out")
    parser.add_argument("--rounds", type=int, help="turns for each engine instead of the item's own")
    asked = parser.parse_args()
    items = tuple(item for item in ITEMS if not asked.item or item.name in asked.item)
    engines = tuple(engine for engine in ENGINES if not (asked.peers_only and engine is OURS))
    print("fast quartile, median, slow quartile; x = its fast quartile over Assay's median", file=sys.stderr)
    timings = measure(items, engines, asked.rounds) if items else []
    figures = [figure for figure in FIGURES if not asked.peers_only and (not asked.item or figure.name in asked.item)]
    alone = {figure.name: measure_figure(figure) for figure in figures}
    if asked.json:
        rows = [
            {"engine": t.engine, "item": t.item, "seconds": t.seconds, "quartiles": t.quartiles, "answer": vars(t.answer)} for t in timings
        ]
        print(json.dumps({"machine": machine(), "timings": rows, "alone": alone}, indent=2))


if __name__ == "__main__":
    main()
