"""Rules of every message: unknown fields are refused, instants are UTC with Z, money and quantities are decimal strings."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

Item = TypeVar("Item")


class Wire(BaseModel):
    """Frozen, and closed: a misspelled field is an error, not silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, ser_json_inf_nan="null")


def amount(value: object) -> str:
    """The shortest decimal of a float, without an exponent; text that comes in is checked by Decimal."""
    if isinstance(value, bool):
        raise ValueError("a decimal, not true or false")
    if isinstance(value, int | float | Decimal | str):
        try:
            number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        except ArithmeticError:
            raise ValueError(f"{value!r} is no decimal") from None
        if not number.is_finite():
            raise ValueError(f"{value!r} is not finite")
        if abs(number.adjusted()) > 40:
            raise ValueError(f"{value!r} is out of bounds")
        return f"{number:f}"
    raise ValueError("a decimal, as text")


Amount = Annotated[
    str,
    BeforeValidator(amount),
    WithJsonSchema({"type": "string", "format": "decimal", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "examples": ["10000.00"]}),
]
"""Money, a price or a quantity: a decimal string, which no reader can round by accident."""


YEARS = range(1700, 2200)
"""Nanoseconds since 1970 reach a little farther, and no market does."""


def _utc(value: datetime) -> datetime:
    if value.year not in YEARS:
        raise ValueError(f"the year {value.year} is out of bounds: {YEARS.start} to {YEARS.stop - 1}")
    return value.astimezone(UTC)


Instant = Annotated[
    AwareDatetime,
    AfterValidator(_utc),
    PlainSerializer(lambda at: at.isoformat().replace("+00:00", "Z"), return_type=str, when_used="json"),
]
"""ISO 8601; answers are in UTC with Z."""

Fraction = Annotated[float, Field(description="A fraction: 0.05 is five percent.")]


class List(Wire, Generic[Item]):
    """A page of a list. `total` counts everything that the filters let through."""

    items: list[Item]
    next_cursor: str | None
    total: int


class ProblemItem(Wire):
    """One thing that is wrong: where (`rules[2].when.all[0].right`), what in code, what in words."""

    path: str
    code: str
    message: str


class ProblemBody(Wire):
    """`application/problem+json`. `type` is a stable code; the web has its text in two languages."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemItem]
    trace_id: str
