"""Why an order filled: the reasons that fills, trades and reports show, with the codes the kernel writes."""

from __future__ import annotations

from enum import IntEnum


class Reason(IntEnum):
    """The reason of a fill; `.label` is its public name."""

    ENTRY = 1
    REVERSE = 2
    EXIT = 3
    STOP = 4
    TRAILING_STOP = 5
    TAKE_PROFIT = 6
    TIME_LIMIT = 7
    LIQUIDATION = 8
    SCALE_IN = 9
    RESIZE = 10
    HALT = 11
    FINALIZE = 12
    ROI = 13

    @property
    def label(self) -> str:
        return self.name.lower()
