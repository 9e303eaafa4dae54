"""A session is started, watched and looked at; what is wrong with it is said before it runs, each thing with its place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient
from tests.api.running import API, BTC, ended, finished, started, template

from assay.adapters.files.sample import sample
from assay.api.platform import Platform
from assay.core.domain.account import Account
from assay.core.engine.backtest import Inputs, backtest
from assay.core.results.head import head
from assay.core.strategy.parameters import bind
from assay.core.strategy.parse import parse


@pytest.fixture(scope="module")
def session(client: TestClient) -> dict[str, Any]:
    return finished(client, name="The first")


def test_a_session_comes_to_what_the_python_interface_comes_to(client: TestClient, session: dict[str, Any]) -> None:
    result = backtest(bind(parse(template(client))), Inputs({BTC: sample(BTC)}, {}, {}), Account())
    assert session["result"]["run_id"] == result.run_id
    assert client.get(f"{API}/results/{session['id']}").json()["head"] == head(result)
    assert float(session["result"]["metrics"]["final_equity"]) == result.outcome.final_equity


def test_what_was_asked_for_is_told_with_the_bars_that_it_ran_on(session: dict[str, Any]) -> None:
    assert (session["name"], session["universe"], session["timeframe"]) == ("The first", [BTC], "1h")
    (read,) = session["inputs"]
    assert (read["instrument"], read["bars"], read["fingerprint"]) == (BTC, len(sample(BTC)), sample(BTC).fingerprint)


def test_a_preset_bounds_the_period_and_bars_before_it_serve_the_warm_up(client: TestClient) -> None:
    session = finished(client, preset="bull-2023")
    assert (session["start"], session["end"]) == ("2023-01-11T02:00:00Z", "2023-05-22T03:00:00Z")
    assert session["result"]["first_at"] == session["start"]
    assert session["inputs"][0]["first_at"] == "2023-01-01T00:00:00Z"
    assert session["result"]["metrics"]["all"]["warm_up_bars"] > 200


def test_parameters_are_chosen_and_kept_in_the_document(client: TestClient) -> None:
    name, parameter = next(iter(template(client)["parameters"].items()))
    session = finished(client, parameters={name: parameter["value"] + 1}, preset="bull-2023")
    assert session["document"]["parameters"][name]["value"] == parameter["value"] + 1


def test_a_saved_strategy_runs_in_the_version_that_is_named(client: TestClient) -> None:
    strategy = client.post(f"{API}/strategies", json={"template": "sma_cross"}).json()
    document = {**strategy["document"], "name": "Renamed"}
    client.put(f"{API}/strategies/{strategy['id']}", json={"document": document})
    first = finished(client, document=None, strategy_id=strategy["id"], strategy_version=1, preset="bull-2023")
    newest = finished(client, document=None, strategy_id=strategy["id"], preset="bull-2023")
    assert (first["strategy_version"], first["strategy_name"]) == (1, strategy["name"])
    assert (newest["strategy_version"], newest["strategy_name"]) == (2, "Renamed")
    assert client.get(f"{API}/strategies/{strategy['id']}").json()["runs"] == 2


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"document": None}, "strategy_id", "one_of"),
    ({"document": None, "strategy_id": "nobody"}, "strategy_id", "unknown"),
    ({"universe": ["synthetic:NOBODY/USDT"]}, "universe[0]", "unknown_instrument"),
    ({"universe": ["nonsense"]}, "universe[0]", "instrument"),
    ({"universe": []}, "universe", "empty"),
    ({"timeframe": ""}, "timeframe", "unknown"),
    ({"universe": [BTC, BTC]}, "universe[1]", "duplicate"),
    ({"timeframe": "5m"}, "timeframe", "timeframe_not_stored"),
    ({"timeframe": "5x"}, "timeframe", "unknown"),
    ({"start": "2031-01-01T00:00:00Z"}, "start", "no_bars"),
    ({"end": "2011-01-01T00:00:00Z"}, "end", "no_bars"),
    ({"start": "2024-01-01T00:00:00Z", "end": "2023-06-01T00:00:00Z"}, "end", "period"),
    ({"preset": "nobody"}, "preset", "unknown"),
    ({"parameters": {"nobody": 1}}, "parameters.nobody", "unknown"),
    ({"account": {"fee_rate": 7}}, "account.fee_rate", "bounds"),
    ({"account": {"cash": "0"}}, "account.cash", "bounds"),
]


@pytest.mark.parametrize(("order", "path", "code"), WRONG, ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_wrong_is_located_before_anything_runs(client: TestClient, order: dict[str, Any], path: str, code: str) -> None:
    asked = {"document": template(client), **order}
    before = client.get(f"{API}/sessions").json()["total"]
    refused = client.post(f"{API}/sessions", json=asked)
    assert refused.status_code == 422
    assert (path, code) in [(error["path"], error["code"]) for error in refused.json()["errors"]]
    assert client.get(f"{API}/sessions").json()["total"] == before
    estimate = client.post(f"{API}/sessions/estimate", json=asked)
    assert estimate.status_code == 200
    assert (path, code) in [(error["path"], error["code"]) for error in estimate.json()["errors"]]


def test_an_estimate_counts_what_will_be_run(client: TestClient, session: dict[str, Any]) -> None:
    estimate = client.post(f"{API}/sessions/estimate", json={"document": template(client)}).json()
    assert (estimate["bars"], estimate["instruments"], estimate["errors"]) == (session["result"]["bars"], 1, [])
    assert estimate["warm_up"] == session["result"]["metrics"]["all"]["warm_up"]
    assert 0.0 < estimate["seconds"] < 10.0
    part = client.post(f"{API}/sessions/estimate", json={"document": template(client), "preset": "sideways-2024"}).json()
    ran = finished(client, preset="sideways-2024")
    assert part["bars"] == ran["result"]["bars"]


def test_the_same_key_starts_one_session(client: TestClient) -> None:
    order = {"document": template(client), "preset": "sideways-2024"}
    answers = [client.post(f"{API}/sessions", json=order, headers={"Idempotency-Key": "once"}).json()["id"] for _ in range(3)]
    assert len(set(answers)) == 1
    ended(client, answers[0])


def test_the_journal_is_paged_without_a_gap(client: TestClient, session: dict[str, Any]) -> None:
    last, seen = 1, list[int]()
    while len(seen) < min(last, 3_000):
        page = client.get(f"{API}/sessions/{session['id']}/journal", params={"after": len(seen), "limit": 700}).json()
        last = page["last"]
        seen += [entry["seq"] for entry in page["items"]]
    assert seen == list(range(1, len(seen) + 1))
    assert last == session["view"]["seq"]
    tail = client.get(f"{API}/sessions/{session['id']}/journal", params={"after": last - 1}).json()
    assert [entry["event"]["type"] for entry in tail["items"]] == ["SessionEnded"]
    assert client.get(f"{API}/sessions/{session['id']}/journal", params={"after": last}).json()["items"] == []


def test_sessions_are_listed_newest_first_and_found_by_name_and_state(client: TestClient, session: dict[str, Any]) -> None:
    listed = client.get(f"{API}/sessions?limit=200").json()["items"]
    assert [each["created_at"] for each in listed] == sorted((each["created_at"] for each in listed), reverse=True)
    assert [each["id"] for each in client.get(f"{API}/sessions?search=the+first").json()["items"]] == [session["id"]]
    assert client.get(f"{API}/sessions?state=failed").json()["total"] == 0


def test_stopping_what_has_ended_changes_nothing(client: TestClient, session: dict[str, Any]) -> None:
    assert client.post(f"{API}/sessions/{session['id']}/stop").json() == client.get(f"{API}/sessions/{session['id']}").json()


def test_a_stopped_session_says_so_or_was_faster(client: TestClient) -> None:
    several = [started(client) for _ in range(6)]
    stopped = client.post(f"{API}/sessions/{several[-1]['id']}/stop").json()
    assert stopped["state"] in ("stopped", "running", "finished")
    assert [ended(client, each["id"])["state"] for each in several[:-1]] == ["finished"] * 5
    assert ended(client, several[-1]["id"])["state"] in ("stopped", "finished")


def test_what_only_the_run_can_find_fails_the_session_with_its_place(client: TestClient, platform: Platform) -> None:
    bars = replace(sample(BTC), instrument="synthetic:QUIET/USD", has_volume=False)
    platform.candles.write(replace(bars, volume=np.zeros(len(bars))))
    session = started(client, universe=["synthetic:QUIET/USD"], account={"volume_cap": 0.1})
    failed = ended(client, session["id"])
    assert (failed["state"], failed["result"]) == ("failed", None)
    assert [(error["path"], error["code"]) for error in failed["errors"]] == [("account.volume_cap", "no_volume")]
    assert client.get(f"{API}/jobs/{session['job_id']}").json()["errors"] == failed["errors"]
    assert client.get(f"{API}/sessions/{session['id']}/journal").json() == {"items": [], "last": 0}
    assert client.get(f"{API}/results/{session['id']}").status_code == 404


def test_a_deleted_session_is_gone_with_its_result(client: TestClient) -> None:
    session = finished(client, preset="sideways-2024")
    assert client.delete(f"{API}/sessions/{session['id']}").status_code == 204
    for path in (
        f"sessions/{session['id']}",
        f"results/{session['id']}",
        f"results/{session['id']}/trades",
        f"sessions/{session['id']}/journal",
    ):
        assert client.get(f"{API}/{path}").status_code == 404
    assert client.delete(f"{API}/sessions/{session['id']}").status_code == 404
