"""The platform as a browser meets it: `assay serve` in a process and a home of its own, asked over HTTP on this machine."""

from __future__ import annotations

import http.client
import json
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks import work
from benchmarks.installed import ASSAY

CALLS = 300
INSTRUMENT = "bench:W0/USD"


class Served:
    """One connection that is kept open, as a browser keeps it."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method: str, path: str, body: bytes | None = None) -> Any:
        """What it answers, as JSON; anything but success is an error."""
        return json.loads(self._answer(method, path, body))

    def fetch(self, path: str) -> bytes:
        """What it answers, as it comes."""
        return self._answer("GET", path, None)

    def _answer(self, method: str, path: str, body: bytes | None) -> bytes:
        self.connection.request(method, f"/api/v1{path}", body, {"Content-Type": "application/json"})
        answer = self.connection.getresponse()
        text = answer.read()
        assert answer.status < 300, text[:500]
        return text


@contextmanager
def served(home: Path) -> Iterator[tuple[Served, float]]:
    """A platform that is ready, and the seconds that took."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    start = time.perf_counter()
    command = [ASSAY, "serve", "--home", str(home), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert process.stdout is not None
        assert process.stdout.readline(), "it says where it is"
        platform = Served(port)
        platform.ask("GET", "/health/ready")
        yield platform, time.perf_counter() - start
    finally:
        process.terminate()
        process.wait(30)


def ready() -> float:
    """Seconds from the command to the first answer: the best of five, the first of which makes the home."""
    with tempfile.TemporaryDirectory() as folder:
        return min(_seconds_to_ready(Path(folder)) for _ in range(5))


def preview() -> float:
    """Milliseconds that 95 of 100 previews over 17,520 bars take at most, each of another document, with the way there and back."""
    from benchmarks import ours

    document = ours.document({"action": "enter_long", "size": 1.0}, leave=True, timeframe="1h")
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as (platform, _):
        platform.ask("POST", f"/market/import?instrument={quote(INSTRUMENT)}", _csv(work.two_years_of_hours()))
        while platform.ask("GET", "/results")["total"] < 2:  # what a new home begins with is made meanwhile
            time.sleep(0.2)
        seconds = [_seconds_of(platform, document, turn, 17_520) for turn in range(CALLS)]
    return 1e3 * statistics.quantiles(seconds[20:], n=20)[-1]


def preview_of_a_million() -> float:
    """The same over 1,000,000 bars, in 4,000 points."""
    from assay.adapters.store.candles import CandleFiles
    from benchmarks import ours

    document = ours.document({"action": "enter_long", "size": 1.0}, leave=True) | {"universe": [INSTRUMENT]}
    with tempfile.TemporaryDirectory() as folder:
        CandleFiles(Path(folder)).write(ours.one_million())
        with served(Path(folder)) as (platform, _):
            while platform.ask("GET", "/results")["total"] < 2:
                time.sleep(0.2)
            seconds = [_seconds_of(platform, document, turn, 1_000_000) for turn in range(60)]
    return 1e3 * statistics.quantiles(seconds[10:], n=20)[-1]


def session() -> float:
    """Seconds from the order of a session over 1,000,000 bars to everything that its page draws at first: the median of five."""
    from assay.adapters.store.candles import CandleFiles
    from benchmarks import ours

    document = ours.document({"action": "enter_long", "size": 1.0}, leave=True)
    order = json.dumps({"document": document, "universe": [INSTRUMENT], "timeframe": "1m"}).encode()
    with tempfile.TemporaryDirectory() as folder:
        CandleFiles(Path(folder)).write(ours.one_million())
        with served(Path(folder)) as (platform, _):
            while platform.ask("GET", "/results")["total"] < 2:
                time.sleep(0.2)
            return statistics.median([_seconds_to_drawn(platform, order) for _ in range(6)][1:])


def _seconds_to_drawn(platform: Served, order: bytes) -> float:
    start = time.perf_counter()
    asked = platform.ask("POST", "/sessions", order)
    while platform.ask("GET", f"/jobs/{asked['job_id']}")["state"] in ("queued", "running"):
        time.sleep(0.005)
    result = f"/results/{asked['id']}"
    assert platform.ask("GET", result)["result"]["bars"] == 1_000_000
    for path in (f"/sessions/{asked['id']}", f"{result}/series?points=4000", f"{result}/trades", f"{result}/decisions"):
        platform.ask("GET", path)
    platform.fetch(f"{result}/chart")
    return time.perf_counter() - start


def _seconds_to_ready(home: Path) -> float:
    with served(home) as (_, seconds):
        return seconds


def _seconds_of(platform: Served, document: dict[str, Any], turn: int, bars: int) -> float:
    parameters = {"fast": 5 + turn % 20, "slow": 30 + turn % 100}
    body = json.dumps({"document": document | {"description": f"turn {turn}"}, "parameters": parameters, "points": 4_000}).encode()
    start = time.perf_counter()
    answer = platform.ask("POST", "/strategies/preview", body)
    seconds = time.perf_counter() - start
    assert answer["bars"] == bars
    assert len(answer["equity"]["time"]) <= 4_000
    return seconds


def _csv(bars: work.Walk) -> bytes:
    columns = (column.tolist() for column in (bars.ts // 1_000_000, bars.open, bars.high, bars.low, bars.close, bars.volume))
    rows = (",".join(map(repr, row)) for row in zip(*columns, strict=True))
    return "\n".join(["opened_at,open,high,low,close,volume", *rows]).encode()
