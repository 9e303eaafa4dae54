"""What there is to choose from is what there is."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from starlette.testclient import TestClient

from assay.api.platform import Platform
from assay.core.domain.timeframe import Timeframe
from assay.core.indicators.catalog import ids
from assay.core.market.bars import Bars
from assay.core.market.instants import to_ns
from assay.core.strategy.parse import parse


def test_the_first_paint_has_everything_small(client: TestClient) -> None:
    found = client.get("/api/v1/catalog").json()
    assert [venue["id"] for venue in found["venues"]] == ["synthetic", "venue"]
    assert {preset["kind"] for preset in found["presets"]} == {"bull", "crash", "sideways", "recovery", "all"}
    assert found["speeds"][-1]["bars_per_second"] is None
    for name in ("venues", "timeframes", "presets", "speeds"):
        assert client.get(f"/api/v1/catalog/{name}").json() == found[name]


def test_a_preset_says_which_stored_bars_cover_it(client: TestClient, platform: Platform) -> None:
    def told() -> dict[str, list[str]]:
        presets = client.get("/api/v1/catalog/presets").json()
        assert all(preset["available"] == bool(preset["instruments"]) for preset in presets)
        return {preset["id"]: preset["instruments"] for preset in presets}

    before = told()
    assert (before["all"], before["bull-2023"], before["ftx-2022"]) == (["synthetic:BTC/USDT"], ["synthetic:BTC/USDT"], [])
    days = datetime(2022, 11, 1, tzinfo=UTC), datetime(2022, 11, 10, tzinfo=UTC)
    ts = np.arange(to_ns(days[0]), to_ns(days[1]), 86_400_000_000_000)
    flat = np.ones(len(ts))
    for name in ("test:BTC/USDT", "test:AAPL"):
        platform.candles.write(Bars(name, Timeframe("1d"), ts, flat, flat, flat, flat, flat))
    assert told() == before | {"ftx-2022": ["test:BTC/USDT"]}
    platform.candles.delete("test:BTC/USDT", "1d")
    platform.candles.delete("test:AAPL", "1d")


def test_instruments_are_found_by_a_part_of_their_name(client: TestClient) -> None:
    assert [item["id"] for item in client.get("/api/v1/catalog/instruments?query=btc").json()["items"]] == ["synthetic:BTC/USDT"]
    assert client.get("/api/v1/catalog/instruments?query=doge").json() == {"items": [], "next_cursor": None, "total": 0}


def test_every_indicator_of_the_core_is_told(client: TestClient) -> None:
    found = {item["id"]: item for item in client.get("/api/v1/catalog/indicators").json()}
    assert tuple(found) == ids()
    assert (found["sma"]["pane"], found["rsi"]["pane"], found["macd"]["outputs"]) == ("price", "own", ["macd", "signal", "hist"])


def test_every_template_can_be_run(client: TestClient) -> None:
    for template in client.get("/api/v1/catalog/templates").json():
        assert parse(template["document"]).name == template["name"]


def test_the_schema_is_for_an_editor(client: TestClient) -> None:
    assert client.get("/api/v1/catalog/strategy-schema").json()["title"] == "Strategy"


def test_the_language_of_formulas_is_told_with_every_indicator(client: TestClient) -> None:
    found = client.get("/api/v1/catalog/formula").json()
    functions = {function["name"]: function for function in found["functions"]}
    assert set(ids()) <= set(functions)
    assert functions["sma"]["signature"] == "sma(x, n)"
    assert functions["macd"]["arguments"][0] == {"name": "x", "takes": "series", "default": "close", "low": None, "high": None}
    assert functions["macd"]["outputs"] == ["macd", "signal", "hist"]
    assert (found["columns"], found["keywords"]) == (["open", "high", "low", "close", "volume"], ["and", "or", "not", "if", "else"])
