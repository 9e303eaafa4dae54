"""A result is found, sorted, compared and read; what is drawn of it is never less than what happened."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from typing import Any

import numpy as np
import polars as pl
import pytest
from starlette.testclient import TestClient
from tests.api.running import API, BTC, finished, template

from assay.adapters.files.sample import sample
from assay.api.platform import Platform
from assay.api.render.export import csv
from assay.api.render.results import distribution
from assay.core.market.bars import Bars


@pytest.fixture(scope="module")
def result(client: TestClient) -> dict[str, Any]:
    """Two years of averages that cross."""
    return dict(finished(client, name="Averages")["result"])


@pytest.fixture(scope="module")
def other(client: TestClient) -> dict[str, Any]:
    return dict(finished(client, document=template(client, "rsi_reversion"), universe=[BTC], timeframe="1h")["result"])


def columns(body: bytes, names: str) -> dict[str, Any]:
    """As a client reads them."""
    magic, rows, count, _ = struct.unpack("<4sIII", body[:16])
    assert (magic, len(body)) == (b"ASC1", 16 + 4 * rows * count)
    found = {
        name: np.frombuffer(body, "<u4" if name == "time" else "<f4", rows, 16 + 4 * rows * place)
        for place, name in enumerate(names.split(","))
    }
    assert len(found) == count
    return found


def test_results_are_sorted_filtered_and_counted(client: TestClient, result: dict[str, Any], other: dict[str, Any]) -> None:
    names = {result["id"], other["id"]}
    best, worst = (client.get(f"{API}/results?sort={sort}").json()["items"] for sort in ("-total_return", "total_return"))
    assert {each["id"] for each in best} == names
    assert [each["id"] for each in best] == [each["id"] for each in reversed(worst)]
    assert [each["id"] for each in client.get(f"{API}/results?search=rsi").json()["items"]] == [other["id"]]
    assert client.get(f"{API}/results?mode=live").json()["total"] == 0
    stats = client.get(f"{API}/results/stats").json()
    assert (stats["runs"], stats["best"]["id"]) == (2, best[0]["id"])
    assert stats["trades"] == result["metrics"]["trades"] + other["metrics"]["trades"]


def test_the_chart_has_candles_and_the_account_in_one_answer(client: TestClient, result: dict[str, Any]) -> None:
    answer = client.get(f"{API}/results/{result['id']}/chart?points=500")
    assert answer.headers["x-columns"] == "time,open,high,low,close,volume,equity,buy_and_hold,drawdown"
    drawn, bars = columns(answer.content, answer.headers["x-columns"]), sample(BTC)
    assert len(drawn["time"]) <= 500
    assert drawn["high"].max() == np.float32(bars.high.max())
    assert drawn["low"].min() == np.float32(bars.low.min())
    assert drawn["drawdown"].max() == np.float32(result["metrics"]["max_drawdown"])
    assert drawn["equity"][-1] == np.float32(result["metrics"]["final_equity"])
    assert drawn["close"][-1] == np.float32(bars.close[-1])


def test_a_part_of_the_chart_is_drawn_bar_by_bar(client: TestClient, result: dict[str, Any]) -> None:
    period = "from=2023-06-01T00:00:00Z&to=2023-06-11T00:00:00Z"
    answer = client.get(f"{API}/results/{result['id']}/chart?{period}")
    drawn = columns(answer.content, answer.headers["x-columns"])
    table = client.get(f"{API}/results/{result['id']}/equity?points=20000").json()
    at = dict(zip(table["time"], table["equity"], strict=True))
    assert len(drawn["time"]) == 240
    for opened, equity in zip(drawn["time"].tolist(), drawn["equity"].tolist(), strict=True):
        assert equity == pytest.approx(at[opened + 3_600], rel=1e-6)


def test_the_strategys_series_stand_at_the_candles_times(client: TestClient, result: dict[str, Any]) -> None:
    for points in (37, 4_000):
        chart = client.get(f"{API}/results/{result['id']}/chart?points={points}")
        series = client.get(f"{API}/results/{result['id']}/series?points={points}").json()
        assert series["time"] == columns(chart.content, chart.headers["x-columns"])["time"].tolist()
        assert set(series["panes"]) == set(series["columns"]) == {"fast", "slow"}


def test_the_curve_ends_where_the_result_does_and_hides_no_fall(client: TestClient, result: dict[str, Any]) -> None:
    for points in (2, 100, 20_000):
        curve = client.get(f"{API}/results/{result['id']}/equity?points={points}").json()
        assert len(curve["time"]) <= points
        assert str(curve["equity"][-1]) == result["metrics"]["final_equity"]
        assert max(curve["drawdown"]) == result["metrics"]["max_drawdown"]
    answer = client.get(f"{API}/results/{result['id']}/equity?points=100&format=binary")
    assert (
        columns(answer.content, answer.headers["x-columns"])["time"].tolist()
        == client.get(f"{API}/results/{result['id']}/equity?points=100").json()["time"]
    )


def test_trades_are_paged_sorted_and_filtered(client: TestClient, result: dict[str, Any]) -> None:
    path, cursor, numbers = f"{API}/results/{result['id']}/trades", None, list[int]()
    while True:
        page = client.get(path, params={"limit": 200, **({"cursor": cursor} if cursor else {})}).json()
        numbers += [trade["number"] for trade in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert numbers == list(range(1, result["metrics"]["trades"] + 1))
    best = client.get(f"{path}?sort=-pnl&limit=1").json()["items"][0]
    assert best["trade_return"] == pytest.approx(result["metrics"]["all"]["best_trade"], rel=0.5)
    losses = client.get(f"{path}?outcome=loss&direction=long&limit=200").json()
    assert all(trade["pnl"].startswith("-") and trade["direction"] == "long" for trade in losses["items"])
    assert client.get(f"{path}?cursor=nonsense").status_code == 400


def test_trades_of_a_stretch_are_those_that_were_open_in_it_under_their_own_numbers(client: TestClient, result: dict[str, Any]) -> None:
    path = f"{API}/results/{result['id']}/trades"
    some = client.get(f"{path}?limit=200").json()["items"]
    start, end = some[40]["exit_at"], some[60]["entry_at"]
    page = client.get(path, params={"from": start, "to": end, "limit": 200}).json()
    expected = [trade["number"] for trade in some if trade["exit_at"] >= start and trade["entry_at"] < end]
    assert [trade["number"] for trade in page["items"]] == expected
    assert (page["total"], expected[0]) == (len(expected), 41)


def test_every_decision_says_why_with_numbers(client: TestClient, result: dict[str, Any]) -> None:
    page = client.get(f"{API}/results/{result['id']}/decisions?limit=5").json()
    assert page["total"] == result["metrics"]["all"]["decisions"]
    assert all("crosses" in decision["reason"] and "fast" in decision["reason"] for decision in page["items"])
    part = client.get(f"{API}/results/{result['id']}/decisions?from=2023-06-01T00:00:00Z&to=2023-06-08T00:00:00Z").json()
    assert part["items"][0]["number"] > 5
    assert all("2023-06-01" <= decision["at"] < "2023-06-09" for decision in part["items"])


def test_the_detail_adds_up(client: TestClient, result: dict[str, Any]) -> None:
    detail = client.get(f"{API}/results/{result['id']}").json()
    assert sum(bucket["trades"] for bucket in detail["distribution"]) == result["metrics"]["trades"]
    growth = np.prod([1.0 + month["value"] for month in detail["monthly"]])
    assert growth == pytest.approx(1.0 + result["metrics"]["total_return"])
    assert {warning["code"] for warning in detail["warnings"]} == {"gaps", "open_at_end"}
    assert detail["counts"]["open_positions"] == len(detail["open_positions"]) == 1


def test_results_are_compared_on_one_scale(client: TestClient, result: dict[str, Any], other: dict[str, Any]) -> None:
    compared = client.get(f"{API}/results/compare?ids={result['id']},{other['id']}&points=50").json()
    assert len(compared["time"]) == 50
    for each in compared["results"]:
        assert compared["growth"][each["id"]][-1] == pytest.approx(1.0 + each["metrics"]["total_return"])
    assert client.get(f"{API}/results/compare?ids={result['id']}").status_code == 422
    assert client.get(f"{API}/results/compare?ids={result['id']},nobody").status_code == 404


def test_the_report_is_a_page_of_its_own_that_can_do_nothing_as_us(client: TestClient, result: dict[str, Any]) -> None:
    answer = client.get(f"{API}/results/{result['id']}/report")
    assert answer.headers["content-type"].startswith("text/html")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "<title>Averages" in answer.text


def test_the_export_is_read_by_other_programs(client: TestClient, result: dict[str, Any]) -> None:
    files = zipfile.ZipFile(io.BytesIO(client.get(f"{API}/results/{result['id']}/export").content))
    assert json.loads(files.read("result.json"))["result"]["id"] == result["id"]
    trades = pl.read_parquet(io.BytesIO(files.read("trades.parquet")))
    assert len(trades) == result["metrics"]["trades"] == len(pl.read_csv(files.read("trades.csv")))


def test_no_cell_is_taken_for_a_formula() -> None:
    text = csv(pl.DataFrame({"name": ["=1+1", "+1", "-1", "@x", "\tx", "plain"], "value": [-1.0, 2.0, 3.0, 4.0, 5.0, 6.0]}))
    assert [line.split(",")[0].strip('"') for line in text.splitlines()[1:]] == ["'=1+1", "'+1", "'-1", "'@x", "'\tx", "plain"]
    assert "-1.0" in text


@pytest.mark.parametrize("spread", [0.0, 1e-9, 0.013, 0.2, 40.0])
def test_buckets_are_few_round_and_meet_at_zero(spread: float) -> None:
    returns = np.random.default_rng(1).normal(0.1 * spread, spread, 1_000)
    buckets = distribution(returns)
    assert len(buckets) <= 32
    assert sum(bucket.trades for bucket in buckets) == 1_000
    assert any(bucket.low == 0.0 for bucket in buckets) or any(bucket.high == 0.0 for bucket in buckets)


@pytest.mark.parametrize("path", ["", "/equity", "/chart", "/series", "/trades", "/decisions", "/report", "/export"])
def test_what_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(f"{API}/results/nobody{path}").status_code == 404


def test_changed_bars_are_said_and_not_told_over(client: TestClient, platform: Platform) -> None:
    ran = finished(client, preset="bull-2023")
    platform.history.forget(ran["id"])
    bars = sample(BTC)
    one = np.array([1.0])
    platform.candles.write(Bars(BTC, bars.timeframe, bars.ts[500:501], one, one, one, one, one))
    try:
        journal = client.get(f"{API}/sessions/{ran['id']}/journal")
        assert (journal.status_code, journal.json()["type"]) == (409, "inputs_changed")
        assert all(each["reason"] is None for each in client.get(f"{API}/results/{ran['id']}/decisions").json()["items"])
        assert client.get(f"{API}/results/{ran['id']}").status_code == 200
    finally:
        platform.candles.write(bars)
    assert client.get(f"{API}/sessions/{ran['id']}/journal").status_code == 200
