"""Pages of others cannot reach in, and nothing that goes wrong tells more than it should."""

from __future__ import annotations

from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal
from starlette.testclient import TestClient
from tests.api.conftest import ORIGIN

from assay.api.app import create
from assay.api.platform import Platform

READY = "/api/v1/health/ready"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "0.0.0.0:8000", "localhost@evil", "[", ""])
def test_a_host_that_is_not_this_machine_is_refused(client: TestClient, host: str) -> None:
    answer = client.get(READY, headers={"Host": host})
    assert (answer.status_code, answer.json()["type"]) == (421, "host")


@pytest.mark.parametrize("host", ["localhost", "localhost:5173", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST:8000"])
def test_this_machine_is_served_by_each_of_its_names(client: TestClient, host: str) -> None:
    assert client.get(READY, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9999", "http://[", "https://127.0.0.1:8000.evil"])
def test_a_page_of_somebody_else_may_not_write(client: TestClient, origin: str) -> None:
    answer = client.post("/api/v1/strategies", json={"template": "sma_cross"}, headers={"Origin": origin})
    assert (answer.status_code, answer.json()["type"]) == (403, "origin")


def test_our_own_page_and_programs_may_write(client: TestClient) -> None:
    for headers in ({"Origin": ORIGIN}, {}):
        assert client.post("/api/v1/strategies", json={"template": "sma_cross"}, headers=headers).status_code == 201


def test_a_page_that_is_named_may_write(platform: Platform, portal: BlockingPortal) -> None:
    client = TestClient(create(platform, origins=["http://localhost:5173"]), base_url=ORIGIN)
    client.portal = portal
    assert client.post("/api/v1/strategies", json={"template": "sma_cross"}, headers={"Origin": "http://localhost:5173"}).status_code == 201


def test_a_body_that_no_document_needs_is_refused(client: TestClient) -> None:
    answer = client.post("/api/v1/strategies/validate", content=b'{"document": {"name": "' + b"x" * (1 << 20) + b'"}}')
    assert (answer.status_code, answer.json()["type"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/api/v2", 404, "not_found"),
        ("PATCH", "/api/v1/config", 405, "method_not_allowed"),
        ("GET", "/api/v1/strategies?limit=0", 422, "invalid"),
        ("GET", "/api/v1/market/bars", 422, "invalid"),
    ],
)
def test_every_mistake_is_a_problem_with_a_code(client: TestClient, method: str, path: str, status: int, code: str) -> None:
    answer = client.request(method, path)
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["status"], problem["type"]) == (status, status, code)
    assert problem["trace_id"] == answer.headers["x-trace-id"]


def test_an_unknown_field_is_refused_and_named(client: TestClient) -> None:
    problem = client.post("/api/v1/strategies", json={"template": "sma_cross", "colour": "red"}).json()
    assert [(error["path"], error["code"]) for error in problem["errors"]] == [("colour", "unknown_field")]


def test_our_own_mistake_shows_a_number_and_no_stack(client: TestClient, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(instrument: str | None = None) -> None:
        raise KeyError("the secret word")

    monkeypatch.setattr(platform.candles, "coverage", broken)
    answer = client.get("/api/v1/catalog")
    assert (answer.status_code, answer.json()["type"]) == (500, "internal")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["x-frame-options"] == "DENY"


def test_every_answer_forbids_what_it_does_not_need(client: TestClient) -> None:
    headers = client.get(READY).headers
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert (headers["x-content-type-options"], headers["referrer-policy"], headers["cache-control"]) == (
        "nosniff",
        "no-referrer",
        "no-store",
    )


@pytest.fixture(scope="module")
def web(platform: Platform, portal: BlockingPortal, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    folder: Path = tmp_path_factory.mktemp("web")
    (folder / "_app/immutable").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html>page")
    (folder / "_app/immutable/a.js").write_text("plain")
    (folder / "_app/immutable/a.js.br").write_bytes(b"brotli")
    (folder / "_app/immutable/a.js.gz").write_bytes(b"gzipped")
    (folder.parent / "secret.txt").write_text("secret")
    client = TestClient(create(platform, folder), base_url=ORIGIN)
    client.portal = portal
    return client


@pytest.mark.parametrize("path", ["/", "/strategies/abc", "/results?sort=-sharpe", "/settings"])
def test_every_page_is_the_page_and_is_asked_about_each_time(web: TestClient, path: str) -> None:
    answer = web.get(path)
    assert (answer.status_code, answer.text, answer.headers["cache-control"]) == (200, "<!doctype html>page", "no-cache")
    assert answer.headers["content-security-policy"] == "frame-ancestors 'none'"


def test_what_was_compressed_is_sent_so_and_kept_for_ever(web: TestClient) -> None:
    with web.stream("GET", "/_app/immutable/a.js", headers={"Accept-Encoding": "gzip, br"}) as answer:
        assert (answer.headers["content-encoding"], answer.headers["content-length"], answer.headers["vary"]) == (
            "br",
            "6",
            "Accept-Encoding",
        )
        assert answer.headers["content-type"].startswith("text/javascript")
        assert "immutable" in answer.headers["cache-control"]
    with web.stream("GET", "/_app/immutable/a.js", headers={"Accept-Encoding": "br;q=0, gzip"}) as answer:
        assert answer.headers["content-encoding"] == "gzip"
    assert web.get("/_app/immutable/a.js", headers={"Accept-Encoding": "identity"}).text == "plain"


def test_a_chunk_that_is_gone_is_not_the_page(web: TestClient) -> None:
    assert web.get("/_app/immutable/gone.js").status_code == 404


@pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/_app/..%2f..%2f..%2fsecret.txt"])
def test_nothing_outside_the_web_is_served(web: TestClient, path: str) -> None:
    assert "secret" not in web.get(path).text


def test_the_api_stays_the_api_beside_the_web(web: TestClient) -> None:
    answer = web.get("/api/v1/nothing", headers={"Accept": "text/html"})
    assert answer.headers["content-type"] == "application/problem+json"
    assert web.post("/strategies").status_code == 405
