"""Prices that go farther in one bar than this instrument's do, and what the bars beside them say of it.

A price that no neighbour shares is a bad print; a whole ratio overnight, with as much money traded as ever, is a split that nobody
adjusted for; whatever else leaps and stays has happened.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from assay.core.market.bars import Bars, Floats, Ints
from assay.core.market.findings import PLACES, Finding, Place, Severity, counted
from assay.core.market.instants import shown
from assay.core.market.rows import Path

FEWEST: Final = 20
"""Of fewer bars nobody knows what is usual."""
FAR: Final = float(np.log1p(0.20))
DEVIATIONS: Final = 20.0
"""A leap goes by at least 20% of the price, and by so many times the median deviation of this instrument's steps."""
WICK: Final = float(np.log1p(0.50))
"""How far a high or a low stands out from all closes and opens beside it before it is doubted: real ones reach far at night."""
BACK_WITHIN: Final = 3
"""In so many bars a bad print is gone again,"""
BACK_TO: Final = 0.25
"""up to this part of the way."""
RATIOS: Final = (1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 15.0, 20.0, 25.0, 30.0, 50.0)
NEAR: Final = 0.035
"""How far the open after a split may be from the whole ratio, as a logarithm: an ordinary night beside it."""
USUAL_BARS: Final = 20
CROWD: Final = 6.0
"""Times the usual money: where so much or more is traded, something has happened to the company, and not to the count of its shares."""


@dataclass(frozen=True, eq=False)
class Leaps:
    """Rows of each kind, in time order. `spikes` [n, 2] are the rows [first, end) that stand apart; `ratios` belong to `splits`."""

    spikes: Ints
    splits: Ints
    ratios: Floats
    stayed: Ints


NONE: Final = Leaps(np.empty((0, 2), np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0, np.int64))


def leaps(bars: Bars) -> Leaps:
    """Tell them apart. Prices that are no prices are other checks' business: with any of them there is nothing here."""
    if len(bars) < FEWEST or not (np.isfinite(bars.extremes).all() and bars.extremes[0] > 0.0):
        return NONE
    if not _may_leap(bars):
        return NONE
    level = np.log(bars.close)
    step = np.diff(level)
    far = max(FAR, DEVIATIONS * float(np.median(np.abs(step - np.median(step)))))
    rows = np.flatnonzero(np.abs(step) > far) + 1
    apart: list[tuple[int, int]] = []
    stayed: list[int] = []
    for row in rows.tolist():
        if apart and row <= apart[-1][1]:
            continue  # inside a bad print, or the way back from it
        back = np.abs(level[row + 1 : row + 1 + BACK_WITHIN] - level[row - 1]) < BACK_TO * abs(step[row - 1])
        if back.any():
            apart.append((row, row + 1 + int(np.argmax(back))))
        else:
            stayed.append(row)
    known = {row for first, end in apart for row in range(first, end + 1)}
    apart += [(row, row + 1) for row in _wicks(bars, max(WICK, far)).tolist() if row not in known]
    doubted = np.array(stayed, np.int64)
    ratios = _split_ratios(bars, doubted, far)
    split = ~np.isnan(ratios)
    return Leaps(np.array(sorted(apart), np.int64).reshape(-1, 2), doubted[split], ratios[split], doubted[~split])


def leap_findings(bars: Bars, path: Path) -> Iterator[Finding]:
    """Bad prints and splits are warnings: they make trades that nobody could have made. What stayed is a note."""
    found = leaps(bars)
    if len(found.splits):
        sizes = np.abs(np.log(found.ratios))
        at = int(np.argmax(sizes))
        message = (
            f"{counted(len(found.splits), 'step')} like {_a_split(found.ratios[at])} at {shown(bars.ts[found.splits[at]])}: "
            "the price is another by a whole ratio overnight; are these prices adjusted?"
        )
        yield _finding("warning", "split", message, bars, path, np.column_stack([found.splits, found.splits + 1]), sizes)
    if len(found.spikes):
        reached = _reached(bars, found.spikes[:, 0])
        sizes = np.abs(reached)
        at = int(np.argmax(sizes))
        message = (
            f"{counted(len(found.spikes), 'price')} that no bar beside {'it shares' if len(found.spikes) == 1 else 'them shares'}; "
            f"the farthest is {np.expm1(reached[at]):+.0%} away at {shown(bars.ts[found.spikes[at, 0]])} (a bad print?)"
        )
        yield _finding("warning", "spike", message, bars, path, found.spikes, sizes)
    if len(found.stayed):
        steps = np.log(bars.close[found.stayed] / bars.close[found.stayed - 1])
        at = int(np.argmax(np.abs(steps)))
        message = (
            f"{counted(len(found.stayed), 'close')} leapt unusually far, and stayed; "
            f"the farthest by {np.expm1(steps[at]):+.0%} at {shown(bars.ts[found.stayed[at]])}"
        )
        yield _finding("info", "leap", message, bars, path, np.column_stack([found.stayed, found.stayed + 1]), np.abs(steps))


def _may_leap(bars: Bars) -> bool:
    """A look without logarithms and medians, which most bars need no more than."""
    grown = bars.close[1:] / bars.close[:-1]
    return bool(grown.max() > np.exp(FAR) or grown.min() < np.exp(-FAR)) or len(_reaching(bars)) > 0


def _reaching(bars: Bars) -> Ints:
    """Rows whose high or low is at least far from their own close."""
    return np.flatnonzero((bars.high > bars.close * np.exp(WICK)) | (bars.low < bars.close * np.exp(-WICK)))


def _wicks(bars: Bars, far: float) -> Ints:
    """Rows whose high or low no open or close shares, of their own or of the bars beside them."""
    rows = _reaching(bars)
    last = len(bars) - 1
    shared = np.stack([bars.open[rows], bars.close[rows], bars.close[np.maximum(rows - 1, 0)], bars.open[np.minimum(rows + 1, last)]])
    stands_out = (bars.high[rows] > shared.max(axis=0) * np.exp(far)) | (bars.low[rows] < shared.min(axis=0) * np.exp(-far))
    apart: Ints = rows[stands_out]
    return apart


def _reached(bars: Bars, rows: Ints) -> Floats:
    """How far a bar's range goes from the close before it, as a logarithm, to that side on which it goes farther."""
    before = bars.close[np.maximum(rows - 1, 0)]
    up, down = np.log(bars.high[rows] / before), np.log(bars.low[rows] / before)
    return np.where(up > -down, up, down)


def _split_ratios(bars: Bars, rows: Ints, far: float) -> Floats:
    """For each leap how many shares became of one, or NaN where it is none: a split is between a close and the next open."""
    overnight = np.log(bars.close[rows - 1] / bars.open[rows])
    whole = np.concatenate([-np.log(RATIOS), np.log(RATIOS)])
    nearest = whole[np.argmin(np.abs(overnight[:, None] - whole), axis=1)] if len(rows) else overnight
    during = np.abs(np.log(bars.close[rows] / bars.open[rows]))
    is_split = (np.abs(overnight) > far) & (np.abs(overnight - nearest) < NEAR) & (during < FAR)
    if bars.has_volume:
        is_split &= np.array([_money(bars, row) < CROWD for row in rows.tolist()], np.bool_)
    return np.where(is_split, np.exp(nearest), np.nan)


def _money(bars: Bars, row: int) -> float:
    """What was traded in a bar, in times of what is usual before it."""
    rows = slice(max(0, row - USUAL_BARS), row)
    usual = float(np.median(bars.close[rows] * bars.volume[rows]))
    return float(bars.close[row] * bars.volume[row]) / usual if usual > 0.0 else 0.0


def _a_split(ratio: float) -> str:
    """As it is announced: `a 4:1 split`, `a 1:10 split`, `a 3:2 split`."""
    large = max(ratio, 1.0 / ratio)
    many, one = (3, 2) if abs(large - 1.5) < 0.01 else (round(large), 1)
    return f"a {many}:{one} split" if ratio > 1.0 else f"a {one}:{many} split"


def _finding(severity: Severity, code: str, message: str, bars: Bars, path: Path, rows: Ints, sizes: Floats) -> Finding:
    places = tuple(_place(bars, *rows[each].tolist()) for each in np.argsort(-sizes, kind="stable")[:PLACES])
    return Finding(severity, code, path(int(rows[0, 0])), message, len(rows), places)


def _place(bars: Bars, start: int, end: int) -> Place:
    return Place(start, end, int(bars.ts[start]), int(bars.ts[end - 1]), end - start)
