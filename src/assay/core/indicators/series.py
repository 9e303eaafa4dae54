"""What a strategy may declare as a series: an indicator of the catalog over named inputs, or a formula."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Ref:
    """`$name`: the value of a parameter, put in when the document is bound."""

    name: str


Number: TypeAlias = "float | Ref"


@dataclass(frozen=True, slots=True)
class Indicator:
    """A catalog indicator over named inputs; `parameters` sorted by name, defaults not filled in.

    `timeframe` names the coarser bars it is computed on; None are the deciding ones.
    """

    indicator: str
    inputs: tuple[str, ...]
    parameters: tuple[tuple[str, Number], ...]
    timeframe: str | None = None


@dataclass(frozen=True, slots=True)
class Formula:
    text: str
    timeframe: str | None = None


Series: TypeAlias = "Indicator | Formula"

BAR_COLUMNS = ("open", "high", "low", "close", "volume")
