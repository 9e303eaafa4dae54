"""Series computed over bars, as a strategy document would have them computed, and where each of them is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import numpy as np

from assay.api.render.catalog import pane
from assay.api.render.market import SECOND_NS, columns, known, thinned
from assay.api.wire.market import SeriesColumns, SeriesRequest
from assay.core.indicators import catalog
from assay.core.indicators.compute import columns as all_columns
from assay.core.indicators.series import Indicator, Series
from assay.core.market.bars import Bars, Floats
from assay.core.market.resample import Clock
from assay.core.strategy.document import Document
from assay.core.strategy.parameters import bind
from assay.core.strategy.parse import SCHEMA, parse

AMONG: Final = 0.5
"""A formula's values lie among the prices where they go no farther beyond them than by this share."""


@dataclass(frozen=True, eq=False)
class Computed:
    """One column for each output of each series, over the bars that were asked for."""

    bars: Bars
    columns: dict[str, Floats]
    panes: dict[str, Literal["price", "own"]]

    def thinned(self, points: int) -> Computed:
        """At the times of `render.market.thinned`, each value the last of its stretch."""
        each = max(1, -(-len(self.bars) // points))
        lasts = np.minimum(np.arange(each - 1, len(self.bars) + each - 1, each), len(self.bars) - 1)
        return Computed(thinned(self.bars, points), {name: column[lasts] for name, column in self.columns.items()}, self.panes)

    def answer(self) -> SeriesColumns:
        """As JSON has it."""
        return SeriesColumns(time=(self.bars.ts // SECOND_NS).tolist(), columns=known(self.columns), panes=self.panes)


def computed(asked: SeriesRequest, bars: Bars) -> Computed:
    """Over all bars there are, so that no value depends on where the asked range begins. Raises StrategyError."""
    document = bind(
        parse(
            {
                "schema": SCHEMA,
                "name": "series",
                "timeframe": asked.timeframe,
                "universe": [asked.instrument],
                "parameters": {name: {"value": value} for name, value in asked.parameters.items()},
                "series": asked.series,
                "rules": [],
            }
        )
    )
    return drawn(document, bars, asked.start)


def drawn(document: Document, bars: Bars, start: datetime | None) -> Computed:
    """The declared series of a bound document, from `start` on."""
    every = all_columns(document, columns(bars), Clock(bars.ts, bars.timeframe))
    shown = bars.between(start, None)
    skipped = len(bars) - len(shown)
    found: dict[str, Floats] = {}
    panes: dict[str, Literal["price", "own"]] = {}
    for name, series in document.series:
        for column in _outputs(name, series):
            found[column] = every[column][skipped:]
            panes[column] = _pane(series, found[column], shown)
    return Computed(shown, found, panes)


def _outputs(name: str, series: Series) -> list[str]:
    entry = catalog.find(series.indicator) if isinstance(series, Indicator) else None
    return [name] if entry is None or len(entry.outputs) == 1 else [f"{name}.{output}" for output in entry.outputs]


def _pane(series: Series, column: Floats, bars: Bars) -> Literal["price", "own"]:
    entry = catalog.find(series.indicator) if isinstance(series, Indicator) else None
    if entry is not None:
        return pane(entry)
    values = column[np.isfinite(column)]
    if not len(values) or not len(bars):
        return "own"
    low, high = bars.extremes
    return "price" if low * (1.0 - AMONG) <= values.min() and values.max() <= high * (1.0 + AMONG) else "own"
