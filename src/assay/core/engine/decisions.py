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
    places, masks = zip(*(_of(document, each, row, calendar, first) for row, each in enumerate(columns)), strict=True)
    merged, bits = np.concatenate(places) if len(places) > 1 else places[0], np.concatenate(masks) if len(masks) > 1 else masks[0]
    if len(columns) > 1:
        order = np.argsort(merged[:, 0] * len(columns) + merged[:, 1], kind="stable")
        merged, bits = merged[order], bits[order]
    return Candidates(merged, bits, _levels(document, columns, slices, calendar))


def _of(document: Document, columns: Columns, row: int, calendar: Calendar, first: int) -> tuple[Ints, Ints]:
    rows, masks = holding(document, columns)
    if calendar.closes.shape[0] > 0:
        rows = calendar.closes[row, np.minimum(rows + 1, calendar.closes.shape[1] - 1)]
    live = int(np.searchsorted(rows, first))
    end = int(np.searchsorted(rows, calendar.count.shape[1])) if calendar.closes.shape[0] > 0 else len(rows)
    places = np.empty((end - live, 2), np.int64)
    places[:, 0] = rows[live:end]
    places[:, 1] = row
    return places, masks[live:end]


def _levels(document: Document, columns: Sequence[Columns], slices: Slices, calendar: Calendar) -> Floats:
    names = level_series(document)
    if not names:
        return NO_LEVELS
    levels = np.full((len(names), *slices.close.shape), np.nan)
    for row, each in enumerate(columns):
        for level, name in zip(levels, names, strict=True):
            if calendar.closes.shape[0] == 0:
                level[row] = each.series[name]
            else:
                places = np.flatnonzero(calendar.closing[row])
                level[row, places] = each.series[name][calendar.count[row, places] - 1]
    return levels
