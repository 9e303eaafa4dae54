"""The same key takes effect once, whoever sends it how often and at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from starlette.testclient import TestClient

PATH = "/api/v1/strategies"


def count(client: TestClient) -> int:
    total: int = client.get(PATH).json()["total"]
    return total


def test_sent_again_it_gets_the_first_answer_again(client: TestClient) -> None:
    before = count(client)
    answers = [client.post(PATH, json={"template": "sma_cross"}, headers={"Idempotency-Key": "again"}) for _ in range(3)]
    assert {answer.content for answer in answers} == {answers[0].content}
    assert {answer.headers["location"] for answer in answers} == {answers[0].headers["location"]}
    assert [answer.headers.get("idempotent-replay") for answer in answers] == [None, "true", "true"]
    assert count(client) == before + 1


def test_with_another_body_it_is_refused(client: TestClient) -> None:
    headers = {"Idempotency-Key": "other"}
    client.post(PATH, json={"template": "sma_cross"}, headers=headers)
    answer = client.post(PATH, json={"template": "macd_trend"}, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (409, "key_reused")


def test_duplicates_at_once_take_effect_once(client: TestClient) -> None:
    before = count(client)
    with ThreadPoolExecutor(8) as several:
        sent = [several.submit(client.post, PATH, json={"template": "sma_cross"}, headers={"Idempotency-Key": "race"}) for _ in range(8)]
        ids = {each.result().json()["id"] for each in sent}
    assert len(ids) == 1
    assert count(client) == before + 1


def test_what_was_refused_leaves_the_key_free(client: TestClient) -> None:
    headers = {"Idempotency-Key": "mended"}
    assert client.post(PATH, json={"template": "nope"}, headers=headers).status_code == 422
    assert client.post(PATH, json={"template": "sma_cross"}, headers=headers).status_code == 201


def test_other_routes_may_use_the_same_key(client: TestClient) -> None:
    headers = {"Idempotency-Key": "shared"}
    made = client.post(PATH, json={"template": "sma_cross"}, headers=headers).json()
    copy = client.post(f"{PATH}/{made['id']}/duplicate", headers=headers)
    assert (copy.status_code, copy.json()["name"]) == (201, f"{made['name']} (copy)")


def test_a_key_that_is_none_is_refused(client: TestClient) -> None:
    for key in ("", "with blank", "x" * 129):
        answer = client.post(PATH, json={"template": "sma_cross"}, headers={"Idempotency-Key": key})
        assert [error["path"] for error in answer.json()["errors"]] == ["Idempotency-Key"]


def test_a_file_is_imported_once_for_a_key(client: TestClient) -> None:
    rows = "\n".join(f"2024-01-01T{hour:02}:00:00Z,1,1,1,1,1" for hour in range(24))
    asked = {"content": f"date,open,high,low,close,volume\n{rows}".encode(), "headers": {"Idempotency-Key": "file"}}
    answers = [client.post("/api/v1/market/import?instrument=test:ONCE", **asked) for _ in range(2)]  # type: ignore[arg-type]
    assert [answer.json()["new"] for answer in answers] == [24, 24]
