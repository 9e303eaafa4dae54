"""Every close at which a rule holds, over the whole universe, as the kernel takes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.core.kernel.drive import NO_LEVELS, Calendar, Floats, Ints
from assay.core.market.slices import Slices
from assay.core.strategy.document import Document
from assay.core.traders.plans import level_series
from assay.core.traders.rules.columns import Columns, holding


@dataclass(frozen=True, eq=False)
class Candidates:
    """`places` [D, 2] (slice, instrument), sorted; `masks` [D], a bit for each rule that holds; `levels` [series, N, T]."""

    places: Ints
    masks: Ints
    levels: Floats


def candidates(document: Document, columns: Sequence[Columns], slices: Slices, calendar: Calendar, first: int) -> Candidates:
    """Decide every instrument's rules on its columns, and put the answers where its deciding bars close."""
    places, masks = placed([holding(document, each, row) for row, each in enumerate(columns)], calendar, first)
    return Candidates(places, masks, levels(document, columns, slices.shape, calendar))


def placed(held: Sequence[tuple[Ints, Ints]], calendar: Calendar, first: int) -> tuple[Ints, Ints]:
    """From places (own bar, instrument) of each instrument to (slice, instrument) of all, from the first live slice on, sorted."""
    each = [_placed(places, masks, row, calendar, first) for row, (places, masks) in enumerate(held)]
    if len(each) == 1:
        return each[0]
    places, masks = np.concatenate([one[0] for one in each]), np.concatenate([one[1] for one in each])
    order = np.argsort(places[:, 0] * len(each) + places[:, 1], kind="stable")
    return places[order], masks[order]


def _placed(places: Ints, masks: Ints, row: int, calendar: Calendar, first: int) -> tuple[Ints, Ints]:
    if calendar.closes.shape[0] > 0:
        slices = calendar.closes[row, np.minimum(places[:, 0] + 1, calendar.closes.shape[1] - 1)]
        closed = int(np.searchsorted(slices, calendar.count.shape[1]))
        places, masks = places[:closed].copy(), masks[:closed]
        places[:, 0] = slices[:closed]
    live = int(np.searchsorted(places[:, 0], first)) if first else 0
    return places[live:], masks[live:]


def levels(document: Document, columns: Sequence[Columns], shape: tuple[int, ...], calendar: Calendar) -> Floats:
    """[series, N, T]: the series that levels are multiples of, at the slices that close their bars."""
    names = level_series(document)
    if not names:
        return NO_LEVELS
    table = np.full((len(names), *shape), np.nan)
    for row, each in enumerate(columns):
        for level, name in zip(table, names, strict=True):
            if calendar.closes.shape[0] == 0:
                level[row] = each.series[name]
            else:
                places = np.flatnonzero(calendar.closing[row])
                level[row, places] = each.series[name][calendar.count[row, places] - 1]
    return table
