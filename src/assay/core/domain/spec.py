"""What a session is asked to do: everything that decides its outcome, and nothing that does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal, TypeAlias, get_args

from assay.core.domain.account import Account

Oddity: TypeAlias = Literal["gaps", "off_grid", "stale", "split", "spike", "leap"]
"""What may be odd about bars that can be run on all the same."""
ODDITIES: Final[tuple[Oddity, ...]] = get_args(Oddity)


class Mode(StrEnum):
    """Names of pairs of feed and broker. Nothing in the core tests it."""

    BACKTEST = "backtest"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSpec:
    """`document` is the strategy as plain values, its parameters already chosen; bars opened in [start, end), None: all there are.

    `universe` and `timeframe` are what the document is run on, which may be other than what it names.
    On bars with an oddity that `tolerates` does not name it is not run. This decides whether there is an outcome, and never which.
    """

    mode: Mode
    document: Mapping[str, object]
    universe: tuple[str, ...]
    timeframe: str
    start: datetime | None
    end: datetime | None
    account: Account
    tolerates: tuple[Oddity, ...] = ODDITIES
