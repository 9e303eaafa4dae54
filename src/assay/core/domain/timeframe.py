"""A bar's length, in ccxt's spelling: `1m` is a minute, `1M` a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Self

_MINUTES: Final = {
    "1m": 1, "3m": 3, "5m": 5, "15m": 15, "30m": 30,
    "1h": 60, "2h": 120, "4h": 240, "6h": 360, "8h": 480, "12h": 720,
    "1d": 1440, "3d": 4320, "1w": 10_080, "1M": 43_200,
}  # fmt: skip
NAMES: Final = tuple(_MINUTES)
_LENGTHS: Final = {name: timedelta(minutes=minutes) for name, minutes in _MINUTES.items()}
MINUTE_NS: Final = 60_000_000_000
MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Timeframe:
    """One of `NAMES`; `1D` and `1W` are accepted for `1d` and `1w`. Raises ValueError otherwise."""

    name: str

    @classmethod
    def parse(cls, text: str) -> Self:
        name = {"1D": "1d", "3D": "3d", "1W": "1w"}.get(text, text)
        if name not in _MINUTES:
            raise ValueError(f"{text!r} is not a timeframe; there are {', '.join(NAMES)}")
        return cls(name)

    @classmethod
    def of_spacing(cls, spacing_ns: int) -> Self | None:
        """The timeframe whose bars lie that far apart; 28 to 31 days are a month. None where there is none."""
        minutes = spacing_ns / MINUTE_NS
        if 28 * 1440 <= minutes <= 31 * 1440:
            return cls("1M")
        for name, length in _MINUTES.items():
            if length == minutes:
                return cls(name)
        return None

    @property
    def minutes(self) -> int:
        """Nominal length; a month counts 30 days."""
        return _MINUTES[self.name]

    @property
    def nanoseconds(self) -> int:
        return self.minutes * MINUTE_NS

    def fills(self, coarser: Timeframe) -> bool:
        """Whether a coarser bar is made of a whole number of these, wherever it begins; weeks and months are made of days."""
        if self.name == "1M" or coarser.minutes <= self.minutes:
            return self == coarser
        days = _MINUTES["1d"]
        return (days if coarser.name in ("1w", "1M") else coarser.minutes) % self.minutes == 0

    def most_in(self, coarser: Timeframe) -> int:
        """How many of these a coarser bar has at most; a month has 31 days."""
        return 31 * _MINUTES["1d"] // self.minutes if coarser.name == "1M" != self.name else coarser.minutes // self.minutes

    def closed_at(self, opened_at: datetime) -> datetime:
        """When a bar may be known (SIMULATION S1.1): calendar arithmetic for months."""
        assert opened_at.tzinfo is not None
        if self.name != "1M":
            return opened_at + _LENGTHS[self.name]
        utc = opened_at.astimezone(UTC)
        year, month = (utc.year + 1, 1) if utc.month == 12 else (utc.year, utc.month + 1)
        return utc.replace(year=year, month=month, day=1, hour=0, minute=0, second=0, microsecond=0)

    def closed_until(self, now: datetime) -> datetime:
        """Whatever opened before this has closed by `now`, on whatever grid it lies; to the millisecond, as venues count."""
        if self.name != "1M":
            return now - _LENGTHS[self.name] + MILLISECOND
        return now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)

    def alone_until(self, opened_at: datetime) -> datetime:
        """No other bar opens between a bar's own open and this. From a day on the clocks of its market may move, so less is known."""
        return opened_at + (_LENGTHS[self.name] if self.minutes < _MINUTES["1d"] else MILLISECOND)

    def __str__(self) -> str:
        return self.name
