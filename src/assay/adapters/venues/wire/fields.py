"""The fields of a JSON object, each read as what it has to be; whatever it is instead is a MalformedAnswerError that names it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from assay.adapters.venues.wire.messages import Level
from assay.core.domain.errors import MalformedAnswerError
from assay.core.market.instants import EPOCH

_WHOLE = re.compile(r"-?[0-9]{1,30}")
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?([eE][-+]?[0-9]{1,2})?")
"""As JSON writes them; infinities and what is no number have no such form."""
_LATEST_MS = 32_503_680_000_000
"""The year 3000: whoever writes a later time writes microseconds."""


class Fields:
    """One object, or one row of columns. Reading raises MalformedAnswerError."""

    def __init__(self, venue: str, value: object) -> None:
        self.venue = venue
        if isinstance(value, dict):
            self._values: dict[object, object] = value
        elif isinstance(value, list):
            self._values = dict(enumerate(value))
        else:
            raise self.wrong(f"{shown(value)} where an object was expected")

    def __contains__(self, key: object) -> bool:
        return key in self._values

    def has(self, *keys: object) -> bool:
        """Whether all are there."""
        return all(key in self._values for key in keys)

    def wrong(self, what: str) -> MalformedAnswerError:
        return MalformedAnswerError(self.venue, what)

    def raw(self, key: object) -> object:
        if key not in self._values:
            raise self.wrong(f"no field {key!r}")
        return self._values[key]

    def text(self, key: object) -> str:
        value = self.raw(key)
        if not isinstance(value, str) or not value:
            raise self.wrong(f"{key!r} is {shown(value)}, and has to be a text")
        return value

    def flag(self, key: object) -> bool:
        value = self.raw(key)
        if not isinstance(value, bool):
            raise self.wrong(f"{key!r} is {shown(value)}, and has to be true or false")
        return value

    def whole(self, key: object) -> int:
        """A whole number, also one that is written as a text."""
        value = self.raw(key)
        if isinstance(value, str) and _WHOLE.fullmatch(value):
            return int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(f"{key!r} is {shown(value)}, and has to be a whole number")
        return value

    def number(self, key: object) -> Decimal:
        """A finite number, from a text or from a number of JSON."""
        value = self.raw(key)
        text = value if isinstance(value, str) else str(value) if type(value) in (int, float) else ""
        if _NUMBER.fullmatch(text):
            return Decimal(text)
        raise self.wrong(f"{key!r} is {shown(value)}, and has to be a number")

    def price(self, key: object) -> Decimal:
        """A number above zero."""
        number = self.number(key)
        if number <= 0:
            raise self.wrong(f"{key!r} is {number}, and a price is above zero")
        return number

    def quantity(self, key: object) -> Decimal:
        """A number from zero on."""
        number = self.number(key)
        if number < 0:
            raise self.wrong(f"{key!r} is {number}, and a quantity is not below zero")
        return number

    def number_or_none(self, key: object) -> Decimal | None:
        """None where the field is absent."""
        return self.number(key) if key in self else None

    def instant(self, key: object) -> datetime:
        """From milliseconds since 1970."""
        value = self.whole(key)
        if not 0 <= value < _LATEST_MS:
            raise self.wrong(f"{key!r} is {value}, and has to be milliseconds since 1970")
        return EPOCH + timedelta(milliseconds=value)

    def inner(self, key: object) -> Fields:
        """An object in this one."""
        return Fields(self.venue, self.raw(key))

    def rows(self, key: object) -> Iterator[Fields]:
        """The objects or rows of a list."""
        return rows(self.venue, self.raw(key))

    def levels(self, key: object) -> tuple[Level, ...]:
        """One side of a book."""
        return tuple((row.price(0), row.quantity(1)) for row in self.rows(key))


def rows(venue: str, value: object) -> Iterator[Fields]:
    """The objects or rows of a list. Raises MalformedAnswerError where it is none."""
    if not isinstance(value, list):
        raise MalformedAnswerError(venue, f"{shown(value)} where a list was expected")
    return (Fields(venue, item) for item in value)


def shown(value: object) -> str:
    """As a message quotes what came: short."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
