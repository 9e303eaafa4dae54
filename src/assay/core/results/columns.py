"""What a session leaves behind as columns: its fills, carried costs and decisions, in the order in which they happened.

A backtest's journal is these columns; a forward session's events fold to the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.core.market.bars import Floats, Ints


@dataclass(frozen=True, eq=False)
class Fills:
    """One row a fill. `slice` indexes the session's slices, `instrument` its universe; `reason` holds `Reason` codes."""

    slice: Ints
    instrument: Ints
    quantity: Floats  # signed: buys above 0
    price: Floats
    fee: Floats
    reason: Ints
    maker: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.slice)


@dataclass(frozen=True, eq=False)
class Carries:
    """Funding and borrow booked on open positions; `amount` is what cash changed by (a cost is below 0)."""

    slice: Ints
    instrument: Ints
    amount: Floats
    borrow: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.slice)


@dataclass(frozen=True, eq=False)
class Decisions:
    """One row a decision: which rule (index into the rules in running order) decided, and the standing target after it."""

    slice: Ints
    instrument: Ints
    rule: Ints
    target: Floats

    def __len__(self) -> int:
        return len(self.slice)
