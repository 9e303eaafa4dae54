"""A conditions file as it is read: what it is as a strategy, and every entry that is not in it."""

from __future__ import annotations

from typing import Any

from assay.api.wire.message import ProblemItem, Wire
from assay.api.wire.strategies import StrategyDetail


class ConditionsRead(Wire):
    """What a file would be: its document, its hash, and the file in the form in which it is written; null where it is refused.

    `rejected` is located in the file as it was sent.
    """

    rejected: list[ProblemItem]
    document: dict[str, Any] | None
    file: dict[str, Any] | None
    hash: str | None


class ConditionsImport(Wire):
    """The strategy that was made, and every entry of the file that is not in it."""

    strategy: StrategyDetail
    rejected: list[ProblemItem]
