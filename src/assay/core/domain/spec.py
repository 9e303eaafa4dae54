"""What a session is asked to do: everything that decides its outcome, and nothing that does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assay.core.domain.account import Account


class Mode(StrEnum):
    """Names of pairs of feed and broker. Nothing in the core tests it."""

    BACKTEST = "backtest"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSpec:
    """`document` is the strategy as plain values, its parameters already chosen; bars opened in [start, end), None: all there are.

    `universe` and `timeframe` are what the document is run on, which may be other than what it names.
    """

    mode: Mode
    document: Mapping[str, object]
    universe: tuple[str, ...]
    timeframe: str
    start: datetime | None
    end: datetime | None
    account: Account
