"""Funding and borrow as the kernel books them: at which slice, what a unit held costs (SIMULATION S3.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from assay.core.domain.instrument import InstrumentId
from assay.core.kernel.drive import NO_CARRIES, Floats, Ints
from assay.core.market.slices import Slices

DAY_NS: Final = 86_400_000_000_000


@dataclass(frozen=True, eq=False)
class Funding:
    """When funding was due (int64 ns UTC, rising) and its rate; a positive rate is paid by longs."""

    ts: Ints
    rate: Floats


def carries(slices: Slices, funding: Mapping[str, Funding], borrow_rate: float) -> Floats:
    """[K, 4] (slice, instrument, amount a unit, 0 funding or 1 borrow), in the order of booking."""
    rows = list(_rows(slices, funding, borrow_rate))
    if not rows:
        return NO_CARRIES
    table = np.concatenate(rows)
    return np.ascontiguousarray(table[np.lexsort((table[:, 3], table[:, 1], table[:, 0]))])


def _rows(slices: Slices, funding: Mapping[str, Funding], borrow_rate: float) -> Iterator[Floats]:
    for row, name in enumerate(slices.instruments):
        own = np.arange(len(slices)) if slices.present is None else np.flatnonzero(slices.present[row])
        due = funding.get(name)
        if due is not None:
            # In (previous own open, this own open]: the first own bar that opens at or after it, never the first of all.
            bar = np.searchsorted(slices.ts[own], due.ts, side="left")
            known = (bar > 0) & (bar < len(own))
            places = own[bar[known]]
            yield _table(places, row, due.rate[known] * slices.opens[row][places], 0.0)
        if borrow_rate > 0.0 and not InstrumentId.parse(name).is_perpetual:
            yield _borrow(slices, row, own, borrow_rate)


def _borrow(slices: Slices, row: int, own: Ints, rate: float) -> Floats:
    """At the first own open of each UTC day but the first, on the last close, for the time since the one before."""
    ts = slices.ts[own]
    first = np.flatnonzero(np.diff(ts // DAY_NS, prepend=-1))
    places = own[first[1:]]
    elapsed = np.diff(ts[first])
    last_close = slices.closes[row][own[first[1:] - 1]]
    return _table(places, row, rate * last_close * elapsed / (365 * DAY_NS), 1.0)


def _table(places: Ints, row: int, amounts: Floats, kind: float) -> Floats:
    return np.column_stack([places, np.full(len(places), row), amounts, np.full(len(places), kind)]).astype(np.float64)
