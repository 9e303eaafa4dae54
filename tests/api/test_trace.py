"""A person asks why a bar did or did not trade, what each condition let through, what it was good for, and whether any knew the future."""

from __future__ import annotations

import time
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.api.running import API, BTC, SECONDS, finished

DOCUMENT: dict[str, Any] = {
    "schema": "assay/strategy@1",
    "name": "Averages, but for wild bars",
    "timeframe": "1h",
    "universe": [BTC],
    "series": {
        "fast": {"indicator": "sma", "parameters": {"timeperiod": 10}},
        "slow": {"indicator": "sma", "parameters": {"timeperiod": 30}},
        "range": {"formula": "(high - low) / close"},
    },
    "rules": [
        {
            "id": "enter",
            "when": {"all": [{"left": "fast", "op": ">", "right": "slow"}, {"left": "close", "op": "rising", "bars": 2}]},
            "unless": [{"name": "wild bar", "left": "range", "op": ">", "right": 0.02}],
            "then": {"action": "enter_long"},
        },
        {"id": "leave", "when": {"left": "fast", "op": "crosses_below", "right": "slow"}, "then": {"action": "exit"}},
    ],
}


@pytest.fixture(scope="module")
def session(client: TestClient) -> dict[str, Any]:
    return finished(client, document=DOCUMENT)


@pytest.fixture(scope="module")
def at(session: dict[str, Any]) -> str:
    return f"{API}/results/{session['id']}"


def headline(metrics: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a result knows its cash by name, too."""
    return {name: value for name, value in metrics.items() if name != "all"}


def changed(document: dict[str, Any], trend: dict[str, Any]) -> dict[str, Any]:
    """With another second condition in the rule that enters."""
    enter, leave = document["rules"]
    return document | {"rules": [enter | {"when": {"all": [enter["when"]["all"][0], trend]}}, leave]}


def test_every_bar_has_one_outcome_and_the_funnel_counts_them(client: TestClient, session: dict[str, Any], at: str) -> None:
    funnel = client.get(f"{at}/funnel").json()
    assert funnel["bars"] == session["result"]["bars"] == sum(funnel["outcomes"].values())
    for outcome, count in funnel["outcomes"].items():
        found = client.get(f"{at}/trace", params={"outcome": outcome, "limit": 1}).json()
        assert (found["total"], found["items"][0]["outcome"]) == (count, outcome)
    assert "vetoed:wild bar" in funnel["outcomes"]


def test_a_step_of_the_funnel_lets_through_no_more_than_the_one_before(client: TestClient, at: str) -> None:
    enter = next(rule for rule in client.get(f"{at}/funnel").json()["rules"] if rule["rule"] == "enter")
    steps = enter["steps"]
    assert [step["path"] for step in steps] == ["rules[0].when.all[0]", "rules[0].when.all[1]", "rules[0].unless[0]"]
    left = [enter["bars"], *(step["through"] for step in steps)]
    assert left == sorted(left, reverse=True)
    assert steps[0]["through"] == steps[0]["alone"]


def test_a_bar_says_what_each_condition_saw(client: TestClient, at: str) -> None:
    vetoed = client.get(f"{at}/trace", params={"outcome": "vetoed:wild bar", "limit": 1}).json()["items"][0]
    again = client.get(f"{at}/trace", params={"from": vetoed["opened_at"], "limit": 1}).json()["items"][0]
    assert again == vetoed
    enter = next(rule for rule in vetoed["rules"] if rule["rule"] == "enter")
    assert (enter["truth"], enter["holds"]) == (True, False)
    (veto,) = enter["vetoes"]
    (condition,) = veto["conditions"]
    assert condition["value"] > condition["threshold"] == 0.02
    assert condition["distance"] == pytest.approx(condition["value"] - 0.02)


def test_the_page_of_a_session_asks_the_same(client: TestClient, session: dict[str, Any], at: str) -> None:
    assert client.get(f"{API}/sessions/{session['id']}/trace").json() == client.get(f"{at}/trace").json()


def test_without_a_condition_is_the_run_that_a_document_without_it_makes(client: TestClient, session: dict[str, Any], at: str) -> None:
    answer = client.post(f"{at}/without", json={"path": "rules[0].unless[0]"}).json()
    other = finished(client, document=answer["document"])
    assert headline(answer["after"]) == headline(other["result"]["metrics"])
    assert headline(answer["before"]) == headline(session["result"]["metrics"]) != headline(answer["after"])
    assert len(answer["equity_before"]["time"]) == len(answer["equity_after"]["time"]) <= 500


def test_what_is_left_keeps_its_parameters_at_the_values_of_the_run(client: TestClient) -> None:
    trend = {"left": "close", "op": "rising", "bars": "$few"}
    document = changed(DOCUMENT, trend) | {"parameters": {"few": {"value": 2, "low": 1, "high": 5}}}
    session = finished(client, document=document, parameters={"few": 3})
    answer = client.post(f"{API}/results/{session['id']}/without", json={"path": "rules[0].when.all[0]"}).json()
    assert answer["document"]["rules"][0]["when"] == {"all": [trend]}
    assert answer["document"]["parameters"]["few"]["value"] == 3
    other = finished(client, document=answer["document"])
    assert headline(answer["after"]) == headline(other["result"]["metrics"])


@pytest.mark.parametrize(
    ("path", "code"), [("rules[0].when.all[7]", "unknown"), ("rules[1].when", "empty"), ("<script>", "unknown"), ("", "unknown")]
)
def test_what_cannot_be_taken_away_is_said_with_its_place(client: TestClient, at: str, path: str, code: str) -> None:
    answer = client.post(f"{at}/without", json={"path": path})
    assert (answer.status_code, answer.json()["errors"][0]["path"], answer.json()["errors"][0]["code"]) == (422, path, code)


def test_what_nobody_ran_has_no_trace(client: TestClient, at: str) -> None:
    assert client.get(f"{API}/results/nothing/trace").status_code == 404
    assert client.get(f"{at}/trace", params={"instrument": "binance:NO/USDT"}).status_code == 422
    assert client.get(f"{at}/trace", params={"outcome": "vetoed:nobody"}).json()["total"] == 0


def proved(client: TestClient, path: str, **order: Any) -> dict[str, Any]:
    """What a search found, when it has ended."""
    job = client.post(f"{API}{path}", json=order)
    assert job.status_code == 202, job.text
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        if client.get(f"{API}/jobs/{job.json()['id']}").json()["state"] == "finished":
            found: dict[str, Any] = client.get(f"{API}/lookahead/{job.json()['id']}").json()
            return found
        time.sleep(0.01)
    raise AssertionError("the search has not ended")


def test_an_honest_strategy_is_proved_so_saved_or_not(client: TestClient) -> None:
    saved = client.post(f"{API}/strategies", json={"document": DOCUMENT}).json()["id"]
    expected = {"honest": True, "points": 20, "leaks": [], "found": 0}
    assert proved(client, "/strategies/lookahead", document=DOCUMENT, points=20) == expected
    assert proved(client, f"/strategies/{saved}/lookahead", points=20) == expected


def test_a_search_that_nobody_started_has_found_nothing(client: TestClient) -> None:
    assert client.get(f"{API}/lookahead/nothing").status_code == 404
    wrong = client.post(f"{API}/strategies/lookahead", json={"document": {**DOCUMENT, "universe": ["binance:NO/USDT"]}})
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "unknown_instrument")
    assert client.post(f"{API}/strategies/nothing/lookahead", json={}).status_code in (404, 422)
