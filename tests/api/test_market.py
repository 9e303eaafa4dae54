"""Bars as they are stored, and what is computed from them."""

from __future__ import annotations

import gzip
import struct
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from starlette.testclient import TestClient

from assay.adapters.files.sample import sample
from assay.api.platform import Platform
from assay.core.market.frames import to_frame
from assay.core.market.instants import to_datetime

BTC = "synthetic:BTC/USDT"
BARS = "/api/v1/market/bars"
HOURLY = {"instrument": BTC, "timeframe": "1h"}


def csv(rows: int = 48, close: str = "101") -> bytes:
    lines = [f"2024-01-{1 + hour // 24:02}T{hour % 24:02}:00:00Z,100,102,99,{close},5" for hour in range(rows)]
    return "\n".join(["date,open,high,low,close,volume", *lines]).encode()


def unpacked(body: bytes) -> tuple[np.ndarray[Any, Any], list[np.ndarray[Any, Any]]]:
    magic, rows, columns, rest = struct.unpack("<4sIII", body[:16])
    assert (magic, rest, len(body)) == (b"ASC1", 0, 16 + 4 * rows * columns)
    time = np.frombuffer(body, "<u4", rows, 16)
    return time, [np.frombuffer(body, "<f4", rows, 16 + 4 * rows * column) for column in range(1, columns)]


def test_pages_towards_the_past_have_every_bar_once(client: TestClient) -> None:
    seen: list[int] = []
    before = None
    while True:
        page = client.get(BARS, params=HOURLY | {"limit": 5_000} | ({"before": before} if before else {})).json()
        seen = page["time"] + seen
        before = page["next_before"]
        if before is None:
            break
    assert seen == (sample(BTC).ts // 1_000_000_000).tolist()


def test_a_range_is_open_at_its_end(client: TestClient) -> None:
    page = client.get(BARS, params=HOURLY | {"from": "2023-06-01T00:00:00Z", "to": "2023-06-02T00:00:00Z"}).json()
    assert len(page["time"]) == 24
    assert page["next_before"] is None


def test_bytes_say_what_json_says(client: TestClient) -> None:
    page = client.get(BARS, params=HOURLY | {"limit": 300}).json()
    answer = client.get(BARS, params=HOURLY | {"limit": 300, "format": "binary"})
    time, columns = unpacked(answer.content)
    assert answer.headers["content-type"] == "application/vnd.assay.columns"
    names = answer.headers["x-columns"].split(",")
    assert time.tolist() == page["time"]
    assert answer.headers["x-next-before"] == page["next_before"]
    for name, column in zip(names[1:], columns, strict=True):
        assert column == pytest.approx(page[name], rel=1e-6)


def test_points_put_bars_together_and_lose_no_extreme(client: TestClient) -> None:
    bars = sample(BTC)
    page = client.get(BARS, params=HOURLY | {"points": 500}).json()
    assert len(page["time"]) <= 500
    assert (page["open"][0], page["close"][-1]) == (bars.open[0], bars.close[-1])
    assert (max(page["high"]), min(page["low"])) == (bars.high.max(), bars.low.min())
    assert sum(page["volume"]) == pytest.approx(bars.volume.sum())


def test_what_is_not_stored_is_not_found(client: TestClient) -> None:
    for params in ({"instrument": "synthetic:NONE", "timeframe": "1h"}, {"instrument": BTC, "timeframe": "7h"}):
        assert client.get(BARS, params=params).json()["type"] == "not_found"


def test_series_do_not_depend_on_where_the_range_begins(client: TestClient) -> None:
    asked = HOURLY | {
        "series": {
            "slow": {"indicator": "ema", "parameters": {"timeperiod": "$slow"}},
            "macd": {"indicator": "macd"},
            "spread": {"formula": "high - low"},
            "middle": {"formula": "(high + low) / 2"},
        },
        "parameters": {"slow": 50},
    }
    whole = client.post("/api/v1/market/series", json=asked).json()
    part = client.post("/api/v1/market/series", json=asked | {"start": "2024-12-01T00:00:00Z"}).json()
    assert list(part["columns"]) == ["slow", "macd.macd", "macd.signal", "macd.hist", "spread", "middle"]
    assert part["panes"]["slow"] == part["panes"]["middle"] == "price"
    assert part["panes"]["spread"] == part["panes"]["macd.macd"] == "own"
    assert whole["columns"]["slow"][:49] == [None] * 49
    for name, column in part["columns"].items():
        assert column == whole["columns"][name][-len(column) :]


def test_series_come_as_bytes_where_they_are_asked_for(client: TestClient) -> None:
    asked = HOURLY | {"series": {"rsi": {"indicator": "rsi"}}}
    answer = client.post("/api/v1/market/series", json=asked, headers={"Accept": "application/vnd.assay.columns"})
    _, columns = unpacked(answer.content)
    assert answer.headers["x-columns"] == "time,rsi"
    assert np.isnan(columns[0][:14]).all()
    assert not np.isnan(columns[0][14:]).any()


def test_what_is_wrong_with_a_series_is_located(client: TestClient) -> None:
    asked = HOURLY | {"series": {"x": {"indicator": "smaa"}, "y": {"formula": "close +"}}}
    problem = client.post("/api/v1/market/series", json=asked).json()
    assert problem["type"] == "invalid_strategy"
    assert {error["path"] for error in problem["errors"]} == {"series.x.indicator", "series.y.formula:col 8"}


@pytest.mark.parametrize("packed", [False, True])
def test_an_import_is_there_at_once_and_again_is_nothing_new(client: TestClient, packed: bool) -> None:
    body = gzip.compress(csv()) if packed else csv()
    name = f"test:IMPORT{packed}"
    first = client.post("/api/v1/market/import", params={"instrument": name}, content=body)
    assert (first.status_code, first.json()["bars"], first.json()["new"]) == (201, 48, 48)
    assert client.post("/api/v1/market/import", params={"instrument": name}, content=body).json()["new"] == 0
    assert len(client.get(BARS, params={"instrument": name, "timeframe": "1h"}).json()["time"]) == 48
    covered = client.get("/api/v1/market/coverage", params={"instrument": name}).json()["items"]
    assert [(item["bars"], item["gaps"]) for item in covered] == [(48, [])]


def test_a_parquet_file_is_known_by_its_bytes_and_named_by_its_name(client: TestClient, tmp_path: Path) -> None:
    to_frame(sample(BTC)[:100]).write_parquet(tmp_path / "x")
    answer = client.post("/api/v1/market/import", params={"filename": "../my bars.csv"}, content=(tmp_path / "x").read_bytes())
    assert answer.json()["instrument"] == "file:my-bars"


def test_a_wrong_file_is_located_by_line_and_nothing_is_written(client: TestClient) -> None:
    body = csv().replace(b"2024-01-02T01:00:00Z,100", b"2024-01-02T01:00:00Z,much")
    answer = client.post("/api/v1/market/import", params={"instrument": "test:WRONG"}, content=body)
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid_data")
    assert [(error["path"], error["code"]) for error in answer.json()["errors"]] == [("line 27", "not_a_number")]
    assert client.get("/api/v1/market/coverage?instrument=test:WRONG").json()["total"] == 0


def test_a_file_above_the_cap_is_refused(client: TestClient) -> None:
    client.put("/api/v1/config", json={"values": {"import_mib": 1}})
    try:
        answer = client.post("/api/v1/market/import", params={"instrument": "test:LARGE"}, content=b"x" * (1 << 20) + b"x")
    finally:
        client.put("/api/v1/config", json={"values": {"import_mib": None}})
    assert (answer.status_code, answer.json()["type"]) == (413, "too_large")


def test_quality_is_what_the_core_finds(client: TestClient) -> None:
    found = client.get("/api/v1/market/quality", params=HOURLY).json()
    assert (found["findings"][0]["code"], found["findings"][0]["count"]) == ("gaps", 5)


def test_bars_are_deleted_once(client: TestClient) -> None:
    client.post("/api/v1/market/import", params={"instrument": "test:GONE"}, content=csv())
    path = f"{BARS}?instrument={quote('test:GONE')}&timeframe=1h"
    assert [client.delete(path).status_code for _ in range(2)] == [204, 404]


def test_bars_of_another_process_are_noticed(client: TestClient, platform: Platform) -> None:
    """Written past the memory that stands before the files, as `assay` in a second terminal would."""
    bars = sample(BTC)[:100]
    behind = platform.candles._candles
    behind.write(type(bars)("test:OTHER", bars.timeframe, bars.ts, bars.open, bars.high, bars.low, bars.close, bars.volume))
    platform.candles._looked_at -= timedelta(hours=1)
    for _ in range(200):
        if client.get(BARS, params={"instrument": "test:OTHER", "timeframe": "1h"}).status_code == 200:
            return
    raise AssertionError(f"nobody noticed the bars from {to_datetime(int(bars.ts[0]))} on")
