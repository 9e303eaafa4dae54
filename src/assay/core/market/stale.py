"""Bars that repeat the last close without volume: a venue that was down, and was recorded as quiet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from assay.core.market.bars import Bars
from assay.core.market.findings import PLACES, Finding, Place, counted
from assay.core.market.instants import shown
from assay.core.market.rows import Path

STALE_BARS: Final = 10


def stale_findings(bars: Bars, path: Path) -> Iterator[Finding]:
    """Stretches of at least `STALE_BARS`; shorter ones a quiet market has too."""
    if len(bars) < STALE_BARS:
        return
    flat = (bars.high == bars.low) & (bars.volume == 0.0)
    flat[1:] &= bars.close[1:] == bars.close[:-1]
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flat.view(np.int8), [0]))))
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    long = lengths >= STALE_BARS
    if long.any():
        starts, lengths = starts[long], lengths[long]
        gravest = np.argsort(-lengths, kind="stable")
        longest = int(gravest[0])
        message = (
            f"{counted(len(starts), 'stretch', 'stretches')} of at least {STALE_BARS} flat bars without volume; "
            f"the longest is {lengths[longest]} bars from {shown(bars.ts[starts[longest]])}"
        )
        places = tuple(_place(bars, int(starts[each]), int(lengths[each])) for each in gravest[:PLACES])
        yield Finding("warning", "stale", path(int(starts[0])), message, len(starts), places)


def _place(bars: Bars, start: int, length: int) -> Place:
    return Place(start, start + length, int(bars.ts[start]), int(bars.ts[start + length - 1]), length)
