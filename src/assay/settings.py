"""The environment as one frozen value, read once: nothing else in Assay knows that there is an environment.

`ASSAY_HOME`, `ASSAY_PORT`, …: every field under its name. What is not set here may be changed while the platform runs (`runtime.config`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError as UnreadableError

import assay
from assay.core.domain.errors import LocatedError, Problem
from assay.runtime.config import SETTINGS, Value

PREFIX: Final = "ASSAY_"


class SettingsError(LocatedError):
    """Variables of the environment, or options, that cannot be used."""


def default_home() -> Path:
    """Where this system keeps what a program of this user knows."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "Assay"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/Assay"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "assay"


def built_web() -> Path | None:
    """The web as it was built beside the sources; None where it was not."""
    found = Path(assay.__file__).parents[2] / "web/build"
    return found if (found / "index.html").is_file() else None


class Settings(BaseSettings):
    """`exchanges` are those that bars are had from, by ccxt's ids; `origins` pages that may write besides the served ones, for the web's
    own development server.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", frozen=True, extra="ignore")

    home: Path = Field(default_factory=default_home)
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65_535)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    workers: int = Field(default=2, ge=1, le=64)
    import_mib: int = Field(default=256, ge=1, le=1_024)
    preview_bars: int = Field(default=2_000_000, ge=1_000, le=5_000_000)
    cached_bars: int = Field(default=4_000_000, ge=0, le=200_000_000)
    cache_seconds: int = Field(default=86_400, ge=60, le=31_536_000)
    refresh_by_itself: bool = True
    database_url: str = ""
    web: Path | None = Field(default_factory=built_web)
    exchanges: tuple[str, ...] = ("binance", "bybit")
    origins: tuple[str, ...] = ("http://localhost:5173", "http://127.0.0.1:5173")

    @field_validator("host")
    @classmethod
    def _stays_here(cls, host: str) -> str:
        if host != "localhost" and not _is_loopback(host):
            raise ValueError(
                f"{host!r} can be reached by others, and there are no accounts yet to keep them out; use 127.0.0.1, and a tunnel from afar"
            )
        return host

    @field_validator("home")
    @classmethod
    def _whole(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @property
    def database(self) -> str:
        """Where rows are kept: SQLite in the home unless something else is named."""
        return self.database_url or f"sqlite:///{self.home / 'assay.db'}"

    def given(self) -> dict[str, Value]:
        """Those of the changeable settings that were set from outside."""
        names = {setting.name for setting in SETTINGS} & self.model_fields_set
        return {name: getattr(self, name) for name in sorted(names)}


def read(**options: object) -> Settings:
    """The environment, and over it the options that are not None. Raises SettingsError."""
    try:
        return Settings(**{name: value for name, value in options.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError(_problems(error)) from None
    except UnreadableError as error:
        raise SettingsError([Problem(PREFIX.rstrip("_"), "environment", str(error))]) from None


def _problems(error: ValidationError) -> Iterator[Problem]:
    for each in error.errors():
        name = str(each["loc"][0]) if each["loc"] else ""
        yield Problem(f"{PREFIX}{name.upper()}", str(each["type"]), each["msg"].removeprefix("Value error, "))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
