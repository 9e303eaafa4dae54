"""The environment says what it may, and what it may not is said back in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay import settings
from assay.settings import SettingsError


def test_variables_and_options_are_read_and_options_win(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASSAY_HOME", str(tmp_path))
    monkeypatch.setenv("ASSAY_PORT", "9000")
    monkeypatch.setenv("ASSAY_ORIGINS", '["http://localhost:1"]')
    given = settings.read(port=9001, host=None)
    assert (given.home, given.port, given.host, given.origins) == (tmp_path, 9001, "127.0.0.1", ("http://localhost:1",))
    assert given.database == f"sqlite:///{tmp_path}/assay.db"
    assert given.given() == {"port": 9001}


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.com", ""])
def test_an_address_that_others_reach_is_refused_without_accounts(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("ASSAY_HOST", host)
    with pytest.raises(SettingsError, match="no accounts yet") as refused:
        settings.read()
    assert refused.value.errors[0].path == "ASSAY_HOST"


@pytest.mark.parametrize(
    ("name", "value"), [("ASSAY_PORT", "many"), ("ASSAY_PORT", "70000"), ("ASSAY_LOG_LEVEL", "loud"), ("ASSAY_ORIGINS", "[")]
)
def test_what_cannot_be_read_names_its_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        settings.read()
    assert refused.value.errors[0].path.startswith("ASSAY")


def test_the_home_is_where_the_system_keeps_such_things(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere")
    monkeypatch.setattr("sys.platform", "linux")
    assert settings.default_home() == Path("/somewhere/assay")
    monkeypatch.setattr("sys.platform", "darwin")
    assert settings.default_home() == Path.home() / "Library/Application Support/Assay"
