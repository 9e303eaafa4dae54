"""A watchlist as text: instruments one to a line, or between commas, `#` before what is only for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from assay.core.domain.errors import DataError, Problem
from assay.core.domain.instrument import InstrumentId

MOST: Final = 500
"""Instruments of one list."""

TEXT: Final = 64 * 1024
"""Characters of a list that is read."""


def parse(text: str) -> tuple[str, ...]:
    """The instruments of a text, in their order, each once. Raises DataError with the line of each that is none."""
    if len(text) > TEXT:
        raise DataError([Problem("", "too_large", f"a watchlist has at most {TEXT:,} characters; this has {len(text):,}")])
    named = [
        (f"line {number}", name.strip())
        for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1)
        for name in line.split("#", 1)[0].split(",")
    ]
    return checked([(place, name) for place, name in named if name])


def checked(named: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Names of instruments, each with its place, as they are kept. Raises DataError where one is none, or where there are too many."""
    instruments: dict[str, None] = {}
    problems: list[Problem] = []
    for place, name in named:
        try:
            instruments[str(InstrumentId.parse(name))] = None
        except ValueError as error:
            problems.append(Problem(place, "instrument", str(error)))
    if len(instruments) > MOST:
        problems.append(Problem("instruments", "too_many", f"a watchlist has at most {MOST} instruments; these are {len(instruments):,}"))
    if problems:
        raise DataError(problems)
    return tuple(instruments)


def write(name: str, instruments: Sequence[str]) -> str:
    """The text that `parse` reads back; the name is for people."""
    title = " ".join(name.split())
    return "".join(f"{line}\n" for line in (f"# {title}", *instruments))
