"""What was found out about data: how grave it is, what, where, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Severity: TypeAlias = Literal["info", "warning", "error"]

PLACES: Final = 100
"""Of one finding so many places are kept."""


@dataclass(frozen=True, slots=True)
class Place:
    """Bars that a finding is about: the rows [start, end), which open from `first_ts` to `last_ts` (ns).

    A hole holds no rows (`start` is the row after it); its bars are those that are missing, and would have opened then.
    """

    start: int
    end: int
    first_ts: int
    last_ts: int
    bars: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth knowing about data, where the first of it is (`path`), and how many there are.

    `places` are at most `PLACES`, the gravest first; what a finding of a file's columns is about has none.
    """

    severity: Severity
    code: str
    path: str
    message: str
    count: int = 1
    places: tuple[Place, ...] = ()

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """`1 bar`, `2 bars`."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
