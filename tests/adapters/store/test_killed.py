"""A process that is killed in the middle of writing leaves what was there before or what it meant to write, and nothing between."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO

import polars as pl
import pytest
from tests.adapters.store.records import at, finish, result

from assay.adapters.store.candles import CandleFiles
from assay.adapters.store.durable import PARTIAL
from assay.adapters.store.opened import opened
from assay.runtime.records import ResultFilter

ROOT = Path(__file__).parents[3]

IMPORTS = """
import os, sys, numpy as np
from pathlib import Path
from assay.adapters.store.candles import CandleFiles
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars
from assay.core.market.instants import to_datetime
HOUR = 3_600_000_000_000
ts = np.arange(2_000, dtype=np.int64) * HOUR + 1_704_067_200_000_000_000
for version in map(int, sys.stdin):
    child = os.fork()  # imports cost a second, which two hundred processes would each pay
    if child == 0:
        candles = CandleFiles(Path(sys.argv[1]))
        print(os.getpid(), flush=True)
        while True:
            column = np.full(len(ts), float(version))
            candles.write(Bars("binance:BTC/USDT", Timeframe("1h"), ts, column, column, column, column, column))
            candles.mark_asked("binance:BTC/USDT", "1h", Span(to_datetime(ts[0]), to_datetime(ts[0] + version * HOUR)))
            version += 1
    os.waitpid(child, 0)
    print("dead", flush=True)
"""
"""Imports one version after another, each of three months, until it is killed; then it begins again from the version that it is told."""

FILES = """
import sys
from itertools import count
from pathlib import Path
from assay.adapters.store.durable import write_file, write_folder
home = Path(sys.argv[1])
for version in count(1):
    content = str(version).encode() * 50_000
    write_file(home / "file", lambda path: path.write_bytes(content))
    write_folder(home / "folder", {name: lambda path: path.write_bytes(content) for name in "abc"})
    print(version, flush=True)
"""

FINISHES = """
import asyncio, sys
from itertools import count
from pathlib import Path
from assay.adapters.store.opened import opened
from tests.adapters.store.records import at, finish, result
async def main():
    async with opened(f"sqlite:///{sys.argv[1]}/assay.db", Path(sys.argv[1])) as store:
        for number in count(1):
            await finish(store.desk("ada"), result(f"{sys.argv[2]}-{number}", ended_at=at(number)))
            print(number, flush=True)
asyncio.run(main())
"""


@contextmanager
def running(script: str, *arguments: str) -> Iterator[IO[str]]:
    """A process of our own; at the end it is killed, without a chance to tidy up."""
    child = subprocess.Popen([sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert child.stdout is not None
    with child.stdout:
        try:
            yield child.stdout
        finally:
            child.send_signal(signal.SIGKILL)
            child.wait()


def killed_while_writing(script: str, chance: random.Random, *arguments: str) -> None:
    with running(script, *arguments) as said:
        assert said.readline() == "1\n", "it had written once"
        time.sleep(chance.uniform(0.0, 0.02))


def test_files_and_folders_are_never_torn(tmp_path: Path) -> None:
    chance = random.Random(7)
    for _ in range(20):
        killed_while_writing(FILES, chance, str(tmp_path))
        whole = (tmp_path / "file").read_bytes()
        assert len(whole) % 50_000 == 0
        assert len(set(whole.split(whole[: len(whole) // 50_000]))) == 1
        folder = tmp_path / "folder"
        if folder.exists():  # a folder cannot be renamed over another: for a moment neither is there, and the row that names it neither
            assert sorted(path.name for path in folder.iterdir()) == ["a", "b", "c"]
            assert len({path.read_bytes() for path in folder.iterdir()}) == 1


def test_candles_are_never_torn(tmp_path: Path) -> None:
    """Two hundred imports are killed: each month is of the last or of the one before, and what is marked as asked for is there."""
    chance = random.Random(7)
    between, long = 0, 0.05
    with importing(tmp_path) as (tell, said):
        version = 1
        for kill in range(200):
            print(version, file=tell, flush=True)
            victim, began = int(said.readline()), time.monotonic()
            while len(list(tmp_path.rglob("[0-9]*.parquet"))) < 3:
                time.sleep(0.01)  # until the first import of all has been
            if kill == 0:
                long = max(long, time.monotonic() - began)  # on a busy machine an import takes longer, and dies as far within
            time.sleep(chance.uniform(0.0, long))
            os.kill(victim, signal.SIGKILL)
            assert said.readline() == "dead\n"
            versions = [months_version(path) for path in sorted(tmp_path.rglob("[0-9]*.parquet"))]
            assert versions == sorted(versions, reverse=True), "months are written from old to new"
            assert versions[0] - versions[-1] <= 1, "no import is left out"
            between += versions[0] != versions[-1]
            (covered,) = CandleFiles(tmp_path).coverage()
            assert (covered.bars, covered.gaps) == (2_000, ())
            asked = CandleFiles(tmp_path).asked("binance:BTC/USDT", "1h")
            assert not asked or (asked[0].length // timedelta(hours=1)) <= versions[-1], "marked later than written"
            version = versions[-1] + 1
    assert between, "some were killed between two months"
    left = [path for path in tmp_path.rglob(".*") if path.is_file() and path.name != ".lock"]
    assert all(path.name.endswith(PARTIAL) for path in left), "what was left can be swept"


def months_version(path: Path) -> int:
    (version,) = pl.read_parquet(path)["close"].unique()
    return int(version)


@contextmanager
def importing(home: Path) -> Iterator[tuple[IO[str], IO[str]]]:
    """(what it is told, what it says) of a process that forks imports."""
    command = [sys.executable, "-c", IMPORTS, str(home)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert child.stdin is not None
    assert child.stdout is not None
    with child.stdout as said, child.stdin as tell:
        yield tell, said
    assert child.wait() == 0


@pytest.mark.anyio
async def test_a_result_that_is_listed_is_whole(tmp_path: Path) -> None:
    chance = random.Random(7)
    for attempt in range(2):
        killed_while_writing(FINISHES, chance, str(tmp_path), str(attempt))
    async with opened(f"sqlite:///{tmp_path}/assay.db", tmp_path) as store:
        desk = store.desk("ada")
        listed = (await desk.results.page(ResultFilter(), 1_000, None)).items
        assert {record.session_id.partition("-")[0] for record in listed} == {"0", "1"}
        for record in listed:
            assert await desk.results.table(record.session_id, "trades") is not None
            assert await desk.results.table(record.session_id, "equity") is not None
        for left in await store.unfinished():
            await desk.sessions.finished(left.id, at(0), result(left.id), {})
            assert await desk.results.get(left.id) is not None, "what was interrupted can be gone on with"
        await finish(desk, result("last"))
