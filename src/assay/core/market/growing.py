"""Bars that grow from pieces of seconds, as brokers tell them; what is grown is what resampling the pieces gives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from assay.core.domain.timeframe import Timeframe
from assay.core.market.grid import opened_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Growing:
    """A piece that has been traded, or the bar that is made of such pieces; `closed` once no more can come."""

    opened_at: datetime
    open: float
    high: float
    low: float
    close: float
    volume: float
    closed: bool = False


def grow(bar: Growing | None, piece: Growing, length: timedelta, timeframe: Timeframe) -> tuple[Growing, ...]:
    """What there is to tell after a piece of that length: the bar before, if this closes it, and the bar in which the piece lies.

    Pieces come in order, some may be missing, and none lies across the end of a bar. The last of the answer is the next call's `bar`.
    """
    opened = opened_at(piece.opened_at, timeframe)
    closed = piece.opened_at + length >= timeframe.closed_at(opened)
    if bar is not None and bar.opened_at == opened:
        high, low = max(bar.high, piece.high), min(bar.low, piece.low)
        return (replace(bar, high=high, low=low, close=piece.close, volume=bar.volume + piece.volume, closed=closed),)
    begun = replace(piece, opened_at=opened, closed=closed)
    if bar is None or bar.closed:
        return (begun,)
    assert bar.opened_at < opened, "pieces in order"
    return replace(bar, closed=True), begun
