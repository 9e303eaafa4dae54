"""How the process is, and what can be set."""

from __future__ import annotations

import logging

from starlette.testclient import TestClient

from assay.api.platform import Platform


def fields(client: TestClient) -> dict[str, dict[str, object]]:
    return {field["name"]: field for field in client.get("/api/v1/config").json()["fields"]}


def test_it_is_live_and_ready(client: TestClient) -> None:
    assert client.get("/api/v1/health/live").json()["status"] == "ok"
    assert client.get("/api/v1/health/ready").json()["checks"] == {"database": "ok", "candles": "ok"}


def test_it_says_what_is_running(client: TestClient) -> None:
    assert client.get("/api/v1/version").json()["name"] == "assay"


def test_a_change_takes_effect_at_once_and_is_kept(client: TestClient, platform: Platform) -> None:
    answer = client.put("/api/v1/config", json={"values": {"log_level": "warning", "import_mib": 3}})
    assert answer.status_code == 200
    assert fields(client)["import_mib"] | {"value": 3, "source": "saved"} == fields(client)["import_mib"]
    assert logging.getLogger("assay").level == logging.WARNING
    client.put("/api/v1/config", json={"values": {"log_level": None, "import_mib": None}})
    assert fields(client)["import_mib"]["source"] == "default"
    assert logging.getLogger("assay").level == logging.INFO


def test_a_secret_is_not_told(client: TestClient) -> None:
    assert fields(client)["database_url"]["value"] == "••••"


def test_what_cannot_be_set_is_located_and_nothing_is_changed(client: TestClient) -> None:
    values = {
        "import_mib": 2,
        "workers": 0,
        "colour": "red",
        "log_level": "loud",
        "port": "8000",
        "database_url": "sqlite://",
        "host": "0.0.0.0",
    }
    answer = client.put("/api/v1/config", json={"values": values})
    assert answer.status_code == 422
    assert {error["path"]: error["code"] for error in answer.json()["errors"]} == {
        "values.workers": "value",
        "values.colour": "unknown",
        "values.log_level": "value",
        "values.port": "value",
        "values.database_url": "environment",
        "values.host": "value",
    }
    assert fields(client)["import_mib"]["source"] == "default"
