"""A conditions file becomes a strategy over HTTP, is told apart from what it could not say, and comes back as a file."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.cli.test_conditions_command import SHOWN

PATH = "/api/v1/strategies"
IMPORT = f"{PATH}/import/conditions"
FILE: dict[str, Any] = json.loads(SHOWN)


def spoiled() -> dict[str, Any]:
    """With one condition whose operator is none."""
    file = copy.deepcopy(FILE)
    file["long"]["thresholds"]["conditions"][0]["op"] = "nearly"
    return file


def imported(client: TestClient, file: Any, **query: str) -> Any:
    answer = client.post(IMPORT, json=file, params=query)
    assert answer.status_code == 201, answer.text
    return answer.json()


def exported(client: TestClient, strategy_id: str, **query: Any) -> Any:
    return client.get(f"{PATH}/{strategy_id}/export", params={"format": "conditions", **query})


def test_a_file_becomes_a_strategy_and_comes_back(client: TestClient) -> None:
    answer = imported(client, FILE, strict="true")
    strategy = answer["strategy"]
    assert (answer["rejected"], strategy["name"], strategy["template"]) == ([], FILE["name"], "conditions")
    back = exported(client, strategy["id"])
    assert back.json() == FILE
    assert back.headers["content-disposition"] == 'attachment; filename="Dips-in-an-uptrend.json"'
    assert imported(client, back.json())["strategy"]["hash"] == strategy["hash"]
    assert client.get(f"{PATH}/{strategy['id']}/export").json() == strategy["document"]


def test_an_entry_that_cannot_be_understood_is_told_and_the_rest_is_a_strategy(client: TestClient) -> None:
    answer = imported(client, spoiled())
    assert [(each["path"], each["code"]) for each in answer["rejected"]] == [("long.thresholds.conditions[0].op", "unknown")]
    refused = client.post(IMPORT, json=spoiled(), params={"strict": "true"})
    assert (refused.status_code, refused.json()["type"]) == (422, "invalid_strategy")
    assert refused.json()["errors"] == answer["rejected"]


def test_what_a_file_would_be_is_told_and_nothing_kept(client: TestClient) -> None:
    before = client.get(PATH).json()["total"]
    read = client.post(f"{IMPORT}/validate", json={**FILE, "core_pairs": ["BTCUSDT", "ETH/USDT"]}).json()
    assert (read["rejected"], read["file"]) == ([], FILE)
    validation = client.post(f"{PATH}/validate", json={"document": read["document"]}).json()
    assert (validation["valid"], validation["hash"]) == (True, read["hash"])
    assert client.get(PATH).json()["total"] == before


def test_venue_and_timeframe_are_told_beside_the_file(client: TestClient) -> None:
    file = {key: value for key, value in FILE.items() if key != "timeframe"} | {"core_pairs": ["BTCUSDT"]}
    strategy = imported(client, file, venue="okx", timeframe="1h")["strategy"]
    assert (strategy["universe"], strategy["timeframe"]) == (["okx:BTC/USDT"], "1h")
    for query, path in (({"venue": "../x"}, "venue"), ({"timeframe": "7m"}, "timeframe"), ({}, "timeframe")):
        refused = client.post(IMPORT, json=file, params=query)
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, path)


def test_each_version_comes_back_as_it_was_saved(client: TestClient) -> None:
    strategy = imported(client, FILE)["strategy"]
    other = client.post(f"{IMPORT}/validate", json={**FILE, "timeframe": "5m"}).json()
    client.put(f"{PATH}/{strategy['id']}", json={"document": other["document"], "after": 1})
    assert exported(client, strategy["id"]).json()["timeframe"] == "5m"
    assert exported(client, strategy["id"], version=1).json() == FILE
    assert exported(client, strategy["id"], version=3).status_code == 404


def test_a_strategy_that_no_file_can_say_is_refused_with_its_places(client: TestClient) -> None:
    strategy = client.post(PATH, json={"template": "sma_cross"}).json()
    refused = exported(client, strategy["id"])
    assert (refused.status_code, refused.json()["type"]) == (422, "invalid_strategy")
    assert "parameters.fast" in {error["path"] for error in refused.json()["errors"]}
    assert client.get(f"{PATH}/{strategy['id']}/export", params={"format": "yaml"}).status_code == 422


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{", '{"long": NaN}', "[" * 50_000, '{"a": ' * 40 + "1" + "}" * 40, '{"name": "' + "x" * 300_000 + '"}', "\x00",
     '{"long": {}, "long": 3}'],
)  # fmt: skip
def test_what_is_no_file_is_refused_with_places_and_makes_nothing(client: TestClient, body: str) -> None:
    refused = client.post(IMPORT, content=body)
    assert (refused.status_code, refused.json()["type"]) == (422, "invalid_strategy")
    read = client.post(f"{IMPORT}/validate", content=body).json()
    assert (read["document"], read["file"], read["rejected"] != []) == (None, None, True)


def test_hostile_names_are_kept_as_the_text_they_are(client: TestClient) -> None:
    file = copy.deepcopy(FILE)
    file["name"] = '"; filename="evil.html'
    file["long"]["anti_filters"][0]["name"] = "<img src=x onerror=alert(1)>"
    back = exported(client, imported(client, file)["strategy"]["id"])
    assert back.json() == file
    assert back.headers["content-disposition"] == 'attachment; filename="filename-evil-html.json"'
