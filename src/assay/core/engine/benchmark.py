"""The benchmark: the same period bought at the first open one could buy at, in equal shares, at the same costs, and held."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from assay.core.kernel import drive
from assay.core.kernel import transition as k
from assay.core.kernel.drive import Calendar, Floats, Prices, Run, Terms


def buy_and_hold(terms: Terms, prices: Prices, calendar: Calendar, carries: Floats, first: int, *, marks: bool = True) -> Run:
    """An instrument that starts later is bought later. Unlevered and long, it cannot be ruined; uncapped."""
    rows = len(prices.close)
    plan = np.zeros((1, k.PLAN_WORDS))
    plan[0, k.ACTION], plan[0, k.SIZE] = k.ENTER_LONG, 1.0 / rows
    here = ~np.isnan(prices.open[:, first:])
    starts = [(first + int(np.argmax(present)), row) for row, present in enumerate(here) if present.any()]
    places = np.array(sorted(starts), np.int64).reshape(-1, 2)
    held = replace(terms, leverage=1.0, maintenance=0.0, volume_cap=0.0, minimums=(0.0,) * rows)
    masks = np.ones(len(places), np.int64)
    return drive.run(held, plan, drive.NO_LEVELS, prices, places, masks, first=first, calendar=calendar, carries=carries, marks=marks)
