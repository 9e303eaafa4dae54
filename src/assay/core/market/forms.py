"""The forms in which files write a date and a time of day, as strptime spells them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

import polars as pl


@dataclass(frozen=True, slots=True)
class Form:
    """One spelling. `zone` is set where the text names UTC in letters, which strptime cannot read."""

    pattern: str
    zone: str | None = None

    def parse(self, text: pl.Series) -> pl.Series:
        """Datetimes in microseconds, null where the text is of another form."""
        try:
            moments = text.str.to_datetime(self.pattern, strict=False, time_unit="us")
        except pl.exceptions.ComputeError:  # some malformed texts raise although not strict
            moments = pl.Series(text.name, [None] * len(text), dtype=pl.Datetime("us"))
        return moments.dt.replace_time_zone(self.zone) if self.zone else moments

    def reads(self, text: str) -> bool:
        return self.parse(pl.Series([text], dtype=pl.String)).null_count() == 0


_CLOCKS: Final = ("", " %H:%M:%S", " %H:%M", " %H:%M:%S%.f", "T%H:%M:%S", "T%H:%M", "T%H:%M:%S%.f")
_LATER_CLOCKS: Final = (" %H%M%S", " %I:%M %p", " %I:%M:%S %p")


def _forms(dates: Iterable[str], clocks: Iterable[str]) -> tuple[Form, ...]:
    return tuple(Form(date + clock) for date, clock in product(dates, clocks))


NAIVE: Final = (
    *_forms(("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"), (*_CLOCKS, *_LATER_CLOCKS)),
    Form("%Y%m%d%H%M%S"),
    *_forms(("%d.%m.%Y", "%d-%b-%Y", "%d %b %Y", "%b %d, %Y"), _CLOCKS[:4]),
)
ZONED: Final = (
    Form("%+"),
    *_forms(("%Y-%m-%d",), ("T%H:%M%z", " %H:%M%z", " %H:%M:%S %z", " %H:%M:%S%.f%z", " %H:%M:%S%.f %z")),
    *(
        Form(f"{date} {clock} {name}", zone="UTC")
        for date, clock, name in product(("%Y-%m-%d",), ("%H:%M:%S", "%H:%M", "%H:%M:%S%.f"), ("UTC", "GMT"))
    ),
    Form("%d.%m.%Y %H:%M:%S%.f GMT%z"),
)
SLASHED: Final[Mapping[str, tuple[Form, ...]]] = {
    "month": _forms(("%m/%d/%Y",), (*_CLOCKS[:4], *_LATER_CLOCKS)),
    "day": _forms(("%d/%m/%Y",), (*_CLOCKS[:4], *_LATER_CLOCKS)),
}
