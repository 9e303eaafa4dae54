"""The benchmark: the same period bought at the first open one could buy at, in equal shares, at the same costs, and held."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from assay.core.kernel import drive
from assay.core.kernel import transition as k
from assay.core.kernel.drive import Calendar, Floats, Prices, Run, Terms


def buy_and_hold(terms: Terms, prices: Prices, calendar: Calendar, carries: Floats, first: int, *, marks: bool = True) -> Run:
    """An instrument that starts later is bought later. Unlevered and long, it cannot be ruined; uncapped and without limits."""
    rows = len(prices.close)
    plan = np.zeros((1, k.PLAN_WORDS))
    plan[0, k.ACTION], plan[0, k.SIZE] = k.ENTER_LONG, 1.0 / rows
    starts = [(_first_bar(opens, first), row) for row, opens in enumerate(prices.open)]
    places = np.array(sorted(start for start in starts if start[0] < prices.length), np.int64).reshape(-1, 2)
    held = replace(terms, leverage=1.0, maintenance=0.0, volume_cap=0.0, minimums=(0.0,) * rows, ruin=-np.inf, limits=drive.NO_LIMITS)
    masks = np.ones(len(places), np.int64)
    return drive.run(held, plan, drive.NO_LEVELS, prices, places, masks, first=first, calendar=calendar, carries=carries, marks=marks)


def _first_bar(opens: Floats, first: int) -> int:
    """The first slice from `first` on in which there is a bar; nearly always `first` itself."""
    if first < len(opens) and opens[first] == opens[first]:
        return first
    here = np.flatnonzero(~np.isnan(opens[first:]))
    return first + int(here[0]) if len(here) else len(opens)
