"""Results: filters, figures over all of them, and the columns beside."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.adapters.store.records import at, finish, result, session, tables

from assay.adapters.store.opened import SqlStore, opened
from assay.runtime.records import ResultFilter

pytestmark = pytest.mark.anyio


async def filled(store: SqlStore) -> None:
    desk = store.desk("ada")
    await finish(desk, result("s1", {"total_return": 0.3, "sharpe": None, "trades": 1}, ended_at=at(1), strategy_name="Straße"))
    await finish(
        desk, result("s2", {"total_return": -0.2, "sharpe": 2.0, "trades": 2}, ended_at=at(2), universe=("binance:BTC/USDT:USDT",))
    )
    await finish(desk, result("s3", {"total_return": 0.0, "sharpe": 1.0, "trades": 3}, ended_at=at(3), strategy_id=None, mode="forward"))
    await finish(desk, result("s4", {"total_return": None, "sharpe": None, "trades": 0}, ended_at=at(4)))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, "s4 s3 s2 s1"),
        ({"search": "STRASSE"}, "s1"),
        ({"search": "btc/usdt:usdt"}, "s2"),
        ({"search": "S3"}, "s3"),
        ({"search": "%"}, ""),
        ({"mode": "forward"}, "s3"),
        ({"strategy": "cross"}, "s4 s2 s1"),
        ({"instrument": "binance:BTC/USDT"}, "s4 s3 s1"),
        ({"instrument": "binance:btc/usdt"}, ""),
        ({"instrument": "BTC"}, ""),
        ({"outcome": "profit"}, "s1"),
        ({"outcome": "loss"}, "s2"),
        ({"start": at(2)}, "s4 s3 s2"),
        ({"start": at(2), "end": at(4)}, "s3 s2"),
        ({"sort": "total_return"}, "s2 s3 s1 s4"),
        ({"sort": "-total_return"}, "s1 s3 s2 s4"),
        ({"sort": "sharpe", "outcome": "profit"}, "s1"),
    ],
)
async def test_a_filter_lets_through_what_it_names(store: SqlStore, wanted: dict[str, Any], found: str) -> None:
    await filled(store)
    page = await store.desk("ada").results.page(ResultFilter(**wanted), 10, None)
    assert " ".join(each.session_id for each in page.items) == found
    assert page.total == len(found.split())


async def test_figures_are_over_all_that_a_filter_lets_through(store: SqlStore) -> None:
    await filled(store)
    results = store.desk("ada").results
    stats = await results.stats(ResultFilter())
    assert (stats.runs, stats.profitable, stats.trades, stats.mean_sharpe) == (4, 1, 6, 1.5)
    assert stats.mean_return == pytest.approx(0.1 / 3)
    assert stats.best == await results.get("s1")
    none = await results.stats(ResultFilter(search="nothing of the kind"))
    assert (none.runs, none.profitable, none.trades, none.mean_return, none.mean_sharpe, none.best) == (0, 0, 0, None, None, None)


async def test_columns_come_back_as_they_were_written(store: SqlStore) -> None:
    desk = store.desk("ada")
    await finish(desk, result())
    trades = await desk.results.table("s1", "trades")
    assert trades is not None
    assert_frame_equal(trades, tables()["trades"])
    assert await desk.results.table("s2", "trades") is None


async def test_a_folder_that_a_crash_left_is_written_anew(store: SqlStore, tmp_path: Path) -> None:
    desk = store.desk("ada")
    await desk.sessions.create(session("ada"))
    left = tmp_path / "sessions" / "s1"
    left.mkdir(parents=True)
    (left / "trades.parquet").write_bytes(b"half")
    (left / "fills.parquet").write_bytes(b"half")
    await desk.sessions.finished("s1", at(5), result(), {"trades": pl.DataFrame({"pnl": [2.5]})})
    assert sorted(path.name for path in left.iterdir()) == ["trades.parquet"]
    shutil.rmtree(left)
    assert await desk.results.table("s1", "trades") is None


async def test_columns_without_a_result_are_swept_at_a_start_once_nobody_can_be_writing_them(
    store: SqlStore, url: str, tmp_path: Path
) -> None:
    await finish(store.desk("ada"), result())
    folders = {name: tmp_path / "sessions" / name for name in ("fresh", "old", ".old.aaaa.partial", "s1")}
    for name, folder in folders.items():
        folder.mkdir(exist_ok=True)
        if name != "fresh":
            os.utime(folder, (time.time() - 10_000,) * 2)
    async with opened(url, tmp_path):
        assert sorted(path.name for path in (tmp_path / "sessions").iterdir()) == ["fresh", "s1"]
