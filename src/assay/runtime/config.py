"""Settings that a person may change while the platform runs: each says what it may be, and whoever acts on it hears of a change.

What the environment says wins: who starts the process has the last word, and a change of such a setting is refused and not swallowed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from assay.core.domain.errors import LocatedError, Problem
from assay.runtime.ports import Store

Value: TypeAlias = int | float | str | bool
Kind: TypeAlias = Literal["integer", "number", "text", "boolean", "choice"]
Source: TypeAlias = Literal["default", "environment", "saved"]
Listener: TypeAlias = Callable[[Value], None]

REDACTED: Final = "••••"


class ConfigError(LocatedError):
    """Values that no setting can have, located in `values`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting. `restart` says that it takes effect with the next start; `fixed` that only the environment can set it."""

    name: str
    kind: Kind
    default: Value
    description: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    secret: bool = False
    restart: bool = False
    fixed: bool = False

    def refusal(self, value: object) -> str | None:
        """Why a value cannot be this setting's, if it cannot."""
        if self.kind == "choice":
            return None if value in self.choices else f"{value!r} is none of {', '.join(self.choices)}"
        if self.kind == "boolean":
            return None if isinstance(value, bool) else f"expected true or false, got {value!r}"
        if self.kind == "text":
            return None if isinstance(value, str) and 0 < len(value) <= 500 else "expected a text of at most 500 characters"
        if isinstance(value, bool) or not isinstance(value, int if self.kind == "integer" else int | float) or not math.isfinite(value):
            return f"expected {'a whole number' if self.kind == 'integer' else 'a number'}, got {value!r}"
        if (self.low is not None and value < self.low) or (self.high is not None and value > self.high):
            return f"{value!r} is out of bounds: at least {self.low:g}, at most {self.high:g}"
        return None


SETTINGS: Final = (
    Setting(
        name="host", kind="choice", default="127.0.0.1", choices=("127.0.0.1", "::1", "localhost"), restart=True,
        description="Address that the server listens on; there are no accounts yet, so it is one of this machine alone.",
    ),
    Setting(name="port", kind="integer", default=8000, low=1, high=65_535, restart=True, description="Port that the server listens on."),
    Setting(
        name="log_level", kind="choice", default="info", choices=("debug", "info", "warning", "error"), description="What the log tells."
    ),
    Setting(name="workers", kind="integer", default=2, low=1, high=64, restart=True, description="Computations at the same time."),
    Setting(name="import_mib", kind="integer", default=256, low=1, high=1_024, unit="MiB", description="Largest file that is imported."),
    Setting(
        name="preview_bars", kind="integer", default=2_000_000, low=1_000, high=5_000_000, unit="bars",
        description="Most bars that a preview runs over; longer runs are sessions.",
    ),
    Setting(
        name="cached_bars", kind="integer", default=4_000_000, low=0, high=200_000_000, unit="bars",
        description="Bars that are kept in memory, about 48 bytes each.",
    ),
    Setting(
        name="cache_seconds", kind="integer", default=86_400, low=60, high=31_536_000, unit="seconds",
        description="For how long what a venue listed or quoted counts as fresh.",
    ),
    Setting(
        name="refresh_by_itself", kind="boolean", default=True,
        description="Ask a venue again what it lists when that is no longer fresh; one that was never asked is left alone.",
    ),
    Setting(
        name="database_url", kind="text", default="sqlite", secret=True, restart=True, fixed=True,
        description="Where strategies, sessions and results are kept.",
    ),
)  # fmt: skip


class Config:
    """The values that are in force, and where each comes from."""

    def __init__(self, environment: Mapping[str, Value], saved: Mapping[str, object], settings: Iterable[Setting] = SETTINGS) -> None:
        self._settings = {setting.name: setting for setting in settings}
        self._environment = {name: value for name, value in environment.items() if name in self._settings}
        self._saved = self._fitting(saved)
        self._listeners: list[tuple[str, Listener]] = []

    def __iter__(self) -> Iterator[Setting]:
        return iter(self._settings.values())

    def value(self, name: str) -> Value:
        return self._environment.get(name, self._saved.get(name, self._settings[name].default))

    def whole(self, name: str) -> int:
        """The value of an integer setting."""
        value = self.value(name)
        assert isinstance(value, int), f"{name} is no whole number"
        return value

    def source(self, name: str) -> Source:
        return "environment" if name in self._environment else "saved" if name in self._saved else "default"

    def listen(self, name: str, listener: Listener) -> None:
        """Tell the value now, and each other one from now on."""
        self._listeners.append((name, listener))
        listener(self.value(name))

    async def change(self, values: Mapping[str, object], store: Store, at: datetime) -> None:
        """Save them all or none, then tell; None gives a setting its default back. Raises ConfigError."""
        problems = [problem for name, value in values.items() if (problem := self._problem(name, value)) is not None]
        if problems:
            raise ConfigError(problems)
        before = {name: self.value(name) for name, _ in self._listeners}
        await store.save_config(values, at)
        self._saved = self._fitting({**self._saved, **values})
        for name, listener in self._listeners:
            if self.value(name) != before[name]:
                listener(self.value(name))

    def _problem(self, name: str, value: object) -> Problem | None:
        path = f"values.{name[:80]}"
        setting = self._settings.get(name)
        if setting is None:
            return Problem(path, "unknown", f"there is no setting {name[:80]!r}; there are {', '.join(self._settings)}")
        if setting.fixed or name in self._environment:
            return Problem(path, "environment", f"it is set where the server is started; change ASSAY_{name.upper()} there")
        refusal = None if value is None else setting.refusal(value)
        return None if refusal is None else Problem(path, "value", refusal)

    def _fitting(self, saved: Mapping[str, object]) -> dict[str, Value]:
        """What an older version saved may fit no longer, and counts as not saved."""
        fitting: dict[str, Value] = {}
        for name, value in saved.items():
            setting = self._settings.get(name)
            if isinstance(value, int | float | str) and setting is not None and not setting.fixed and setting.refusal(value) is None:
                fitting[name] = value
        return fitting
