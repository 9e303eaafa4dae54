"""Which value is in force, who hears of a change, and what cannot be one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from assay.runtime.config import SETTINGS, Config, ConfigError, Value
from assay.settings import Settings

AT = datetime(2026, 1, 1, tzinfo=UTC)


class Saved:
    """The part of `ports.Store` that keeps settings."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}

    async def save_config(self, values: Mapping[str, object], at: datetime) -> None:
        self.values |= values


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_a_listener_hears_the_value_and_then_only_changes() -> None:
    config, heard = Config({}, {}), list[Value]()
    config.listen("import_mib", heard.append)
    for value in (7, 7, None, 8):
        await config.change({"import_mib": value}, Saved(), AT)  # type: ignore[arg-type]
    assert heard == [256, 7, 256, 8]


@pytest.mark.anyio
async def test_what_the_environment_says_stands_and_a_change_of_it_is_refused() -> None:
    config, saved = Config({"import_mib": 9}, {"import_mib": 5}), Saved()
    assert (config.whole("import_mib"), config.source("import_mib")) == (9, "environment")
    with pytest.raises(ConfigError, match="ASSAY_IMPORT_MIB"):
        await config.change({"import_mib": 6, "log_level": "debug"}, saved, AT)  # type: ignore[arg-type]
    assert saved.values == {}


def test_what_an_older_version_saved_and_fits_no_longer_counts_as_not_saved() -> None:
    config = Config({}, {"import_mib": -1, "log_level": ["x"], "gone": 3, "database_url": "sqlite:///else"})
    assert {setting.name: config.source(setting.name) for setting in SETTINGS} == dict.fromkeys([s.name for s in SETTINGS], "default")


def test_every_setting_can_be_given_by_the_environment_with_the_same_default() -> None:
    given = Settings()
    for setting in SETTINGS:
        assert setting.name in Settings.model_fields
        if not setting.fixed:
            assert getattr(given, setting.name) == setting.default
