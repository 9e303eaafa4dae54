"""Strategies from the template to the tenth version, and what an unsaved one would do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

import assay
from assay.adapters.files.sample import sample
from assay.api.platform import Platform

PATH = "/api/v1/strategies"
BTC = "synthetic:BTC/USDT"


@pytest.fixture
def document(platform: Platform) -> dict[str, Any]:
    return dict(platform.templates["sma_cross"])


def made(client: TestClient, document: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(PATH, json={"document": document})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"{PATH}/{answer.json()['id']}"
    found: dict[str, Any] = answer.json()
    return found


def test_a_template_becomes_a_strategy(client: TestClient, document: dict[str, Any]) -> None:
    answer = client.post(PATH, json={"template": "sma_cross"}).json()
    assert (answer["document"], answer["template"], answer["version"]) == (document, "sma_cross", 1)
    assert client.get(f"{PATH}/{answer['id']}").json() == answer


def test_one_of_document_and_template_is_needed(client: TestClient, document: dict[str, Any]) -> None:
    for body in ({}, {"document": document, "template": "sma_cross"}, {"template": "nope"}):
        answer = client.post(PATH, json=body)
        assert (answer.status_code, answer.json()["type"]) == (422, "invalid")


def test_saving_adds_a_version_and_saving_the_same_adds_none(client: TestClient, document: dict[str, Any]) -> None:
    path = f"{PATH}/{made(client, document)['id']}"
    changed = document | {"name": "Another name"}
    assert client.put(path, json={"document": changed, "after": 1, "note": "renamed"}).json()["version"] == 2
    assert client.put(path, json={"document": changed}).json()["version"] == 2
    versions = client.get(f"{path}/versions").json()
    assert [(version["number"], version["note"]) for version in versions["items"]] == [(2, "renamed"), (1, "")]
    assert client.get(f"{path}/versions/1").json()["document"] == document
    assert client.get(f"{path}/versions/3").status_code == 404


def test_a_version_is_deployed_and_withdrawn(client: TestClient, document: dict[str, Any]) -> None:
    path = f"{PATH}/{made(client, document)['id']}"
    client.put(path, json={"document": document | {"name": "Another name"}})
    assert client.get(path).json()["in_force"] is None
    assert client.post(f"{path}/deploy", json={"version": 1}).json()["in_force"] == 1
    assert (client.get(path).json()["version"], client.get(path).json()["in_force"]) == (2, 1)
    assert client.post(f"{path}/deploy", json={"version": 3}).status_code == 404
    assert client.post(f"{path}/deploy", json={"version": 0}).status_code == 422
    assert client.post(f"{path}/deploy", json={"version": None}).json()["in_force"] is None
    assert client.post(f"{PATH}/nope/deploy", json={"version": 1}).status_code == 404


def test_a_version_that_was_saved_in_between_is_not_overwritten(client: TestClient, document: dict[str, Any]) -> None:
    path = f"{PATH}/{made(client, document)['id']}"
    client.put(path, json={"document": document | {"name": "Theirs"}, "after": 1})
    answer = client.put(path, json={"document": document | {"name": "Mine"}, "after": 1})
    assert (answer.status_code, answer.json()["type"]) == (409, "stale")
    assert client.get(path).json()["name"] == "Theirs"


def test_what_is_wrong_with_a_document_is_located_in_it(client: TestClient, document: dict[str, Any]) -> None:
    wrong = document | {"timeframe": "7h", "universe": []}
    answer = client.post(PATH, json={"document": wrong})
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid_strategy")
    assert {error["path"] for error in answer.json()["errors"]} >= {"timeframe", "universe"}
    validation = client.post(f"{PATH}/validate", json={"document": wrong}).json()
    assert (validation["valid"], validation["errors"]) == (False, answer.json()["errors"])


def test_a_valid_document_is_told_its_hash_and_warm_up(client: TestClient, document: dict[str, Any]) -> None:
    validation = client.post(f"{PATH}/validate", json={"document": document}).json()
    strategy = assay.Strategy.load(document)
    assert (validation["valid"], validation["hash"], validation["parameters"]) == (True, strategy.hash, strategy.parameters)
    assert validation["warm_up"] == max(strategy.parameters.values()) - 1


def test_an_export_is_what_an_import_reads(client: TestClient, document: dict[str, Any]) -> None:
    hostile = document | {"name": 'The "best"\n<b>../strategy</b>'}
    assert client.post(PATH, json={"document": hostile}).status_code == 422
    hostile["name"] = 'The "best" <b>../strategy</b>'
    exported = client.get(f"{PATH}/{made(client, hostile)['id']}/export")
    assert exported.headers["content-disposition"] == 'attachment; filename="The-best-b-strategy-b.json"'
    imported = client.post(f"{PATH}/import", content=exported.content)
    assert (imported.status_code, imported.json()["document"]) == (201, hostile)


def test_an_import_reads_what_no_plain_parser_would_refuse(client: TestClient, document: dict[str, Any]) -> None:
    twice = json.dumps(document)[:-1] + ', "name": "Twice"}'
    for body in (twice.encode(), b"", b"[", b"\xff\xfe", b"[" * 100_000):
        assert client.post(f"{PATH}/import", content=body).json()["type"] == "invalid_strategy"


def test_copies_have_names_of_their_own(client: TestClient, document: dict[str, Any]) -> None:
    first = made(client, document | {"name": "Averages"})
    second = client.post(f"{PATH}/{first['id']}/duplicate").json()
    third = client.post(f"{PATH}/{second['id']}/duplicate").json()
    assert (second["name"], third["name"], third["version"]) == ("Averages (copy)", "Averages (copy 2)", 1)


def test_lists_are_searched_sorted_and_paged(client: TestClient, document: dict[str, Any]) -> None:
    for name in ("Paged b", "Paged a", "Paged c"):
        made(client, document | {"name": name})
    names, cursor = [], None
    while True:
        page = client.get(PATH, params={"search": "paged", "sort": "name", "limit": "2"} | ({"cursor": cursor} if cursor else {})).json()
        names += [item["name"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert (names, page["total"]) == (["Paged a", "Paged b", "Paged c"], 3)
    assert client.get(PATH, params={"cursor": "of no list"}).json()["type"] == "cursor"


def test_deleted_is_gone(client: TestClient, document: dict[str, Any]) -> None:
    path = f"{PATH}/{made(client, document)['id']}"
    assert [client.delete(path).status_code for _ in range(2)] == [204, 404]
    assert client.get(path).json()["type"] == "not_found"


def test_a_preview_is_the_backtest(client: TestClient, document: dict[str, Any]) -> None:
    answer = client.post(f"{PATH}/preview", json={"document": document, "points": 200, "account": {"cash": "5000", "fee_rate": 0.002}})
    assert answer.status_code == 200, answer.text
    preview = answer.json()
    result = assay.backtest(assay.Strategy.load(document), sample(BTC), assay.Account(cash=5_000, fee_rate=0.002))
    assert float(preview["final_equity"]) == float(preview["metrics"]["final_equity"]) == result.metrics["final_equity"]
    assert preview["metrics"]["trades"] == len(result.trades)
    assert preview["bars"] == len(sample(BTC))
    assert len(preview["equity"]["time"]) <= 200
    assert preview["equity"]["equity"][-1] == result.marks[-1]
    assert max(preview["equity"]["drawdown"]) == pytest.approx(result.metrics["max_drawdown"])
    last = result.trades.row(-1, named=True)
    assert (preview["trades"][-1]["number"], float(preview["trades"][-1]["pnl"])) == (len(result.trades), last["pnl"])
    assert preview["decisions"][-1]["reason"] == result.decisions["reason"][-1]
    rules = [rule["id"] for rule in document["rules"]]
    assert preview["decided"] == {rule: result.decisions["rule"].to_list().count(rule) for rule in rules}


def test_a_preview_takes_other_bars_dates_and_parameters(client: TestClient, document: dict[str, Any]) -> None:
    asked = {"document": document, "start": "2024-01-01T00:00:00Z", "end": "2024-02-01T00:00:00Z", "parameters": {"fast": 5, "slow": 12}}
    assert client.post(f"{PATH}/preview", json=asked).json()["bars"] == 31 * 24 - 9
    for change in ({"universe": ["test:NONE"]}, {"timeframe": "1d"}, {"parameters": {"fast": -1}}, {"account": {"cash": "-1"}}):
        assert client.post(f"{PATH}/preview", json=asked | change).status_code == 422


def test_a_preview_too_long_to_be_answered_at_once_is_refused(client: TestClient, document: dict[str, Any]) -> None:
    client.put("/api/v1/config", json={"values": {"preview_bars": 10_000}})
    try:
        answer = client.post(f"{PATH}/preview", json={"document": document})
    finally:
        client.put("/api/v1/config", json={"values": {"preview_bars": None}})
    assert [error["code"] for error in answer.json()["errors"]] == ["too_many_bars"]
