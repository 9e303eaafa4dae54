"""The kernel's records as a session's columns: fills, carried costs, decisions, and what was refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from assay.core.kernel import transition as k
from assay.core.kernel.drive import Floats, Ints
from assay.core.results.columns import Carries, Decisions, Fills

REFUSALS: Final = {
    k.INSUFFICIENT_MARGIN: "insufficient_margin", k.BELOW_MINIMUM: "below_minimum", k.LEVEL_MISSING: "level_missing",
    k.ENTRIES_HALTED: "halted", k.DAY_LOST: "daily_loss", k.LOSING: "stop_after_losses", k.COOLING: "cooldown_bars",
    k.FULL: "max_open_positions",
}  # fmt: skip

LIMITS: Final = tuple(name for code, name in REFUSALS.items() if code > k.ENTRIES_HALTED)
"""Limits that refuse an entry at the close that decides it."""

REACHED: Final = {k.MAX_DRAWDOWN_REACHED: "max_drawdown", k.DAILY_LOSS_REACHED: "daily_loss"}


@dataclass(frozen=True, eq=False)
class Written:
    """Everything a run left, in the order in which it happened; `notes` are the rarer records as the kernel wrote them."""

    fills: Fills
    carries: Carries
    decisions: Decisions
    notes: Floats

    def refusals(self) -> list[tuple[int, int, str]]:
        """(slice, instrument, code) of every entry that was refused."""
        return [(int(note[1]), int(note[2]), REFUSALS[float(note[3])]) for note in self.notes if note[0] == k.REFUSED]

    def reached(self) -> list[tuple[int, str]]:
        """(slice, limit) of every limit that a mark reached."""
        return [(int(note[1]), REACHED[float(note[3])]) for note in self.notes if note[0] == k.LIMIT_REACHED]


@njit(cache=True, nogil=True)
def _split(records: Floats, fills: Floats, marks: Ints, decided: Floats, decided_marks: Ints) -> tuple[int, int]:
    """Fills and decisions into their own columns; returns how many of each."""
    filled = 0
    decisions = 0
    for row in range(len(records)):
        if records[row, 0] == 1.0:
            fills[0, filled], fills[1, filled], fills[2, filled] = records[row, 3], records[row, 4], records[row, 5]
            marks[0, filled], marks[1, filled], marks[2, filled] = int(records[row, 1]), int(records[row, 2]), int(records[row, 6])
            marks[3, filled] = int(records[row, 7])
            filled += 1
        elif records[row, 0] == 2.0:
            decided[0, decisions] = records[row, 4]
            decided_marks[0, decisions], decided_marks[1, decisions] = int(records[row, 1]), int(records[row, 2])
            decided_marks[2, decisions] = int(records[row, 3])
            decisions += 1
    return filled, decisions


def written(records: Floats) -> Written:
    """Split records [n, RECORD] by kind."""
    assert (k.FILLED, k.DECIDED) == (1.0, 2.0)
    n = len(records)
    fills, marks = np.empty((3, n)), np.empty((4, n), np.int64)
    decided, decided_marks = np.empty((1, n)), np.empty((3, n), np.int64)
    filled, decisions = _split(records, fills, marks, decided, decided_marks)
    rest = records[records[:, 0] > k.DECIDED] if filled + decisions < n else records[:0]
    carried = rest[rest[:, 0] == k.CARRIED]
    return Written(
        Fills(
            marks[0, :filled], marks[1, :filled], fills[0, :filled], fills[1, :filled], fills[2, :filled], marks[2, :filled],
            marks[3, :filled] > 0,
        ),
        Carries(carried[:, 1].astype(np.int64), carried[:, 2].astype(np.int64), carried[:, 3].copy(), _flags(carried[:, 4])),
        Decisions(decided_marks[0, :decisions], decided_marks[1, :decisions], decided_marks[2, :decisions], decided[0, :decisions]),
        rest[rest[:, 0] != k.CARRIED],
    )  # fmt: skip


def halting(records: Floats) -> NDArray[np.bool_]:
    """Which of the records end entries for good: by a rule, by ruin, or by a drawdown."""
    drawn_down = (records[:, 0] == k.LIMIT_REACHED) & (records[:, 3] == k.MAX_DRAWDOWN_REACHED)
    halted: NDArray[np.bool_] = (records[:, 0] == k.HALTED_NOW) | drawn_down
    return halted


def _flags(column: Floats) -> NDArray[np.bool_]:
    return column > 0.0
