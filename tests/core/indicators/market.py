"""Markets made for tests: seeded, with ties or without, with gaps or without."""

from __future__ import annotations

import numpy as np

from assay.core.indicators.entry import Floats

Bars = dict[str, Floats]


def market(seed: int, length: int, *, ties: bool = False) -> Bars:
    """A random walk as columns; with `ties`, on whole prices, with bars that do not move and bars without volume."""
    random = np.random.default_rng(seed)
    close = 100.0 * np.exp(np.cumsum(random.normal(0.0, 0.01, length)))
    open_ = np.concatenate([close[:1], close[:-1]])
    high = np.maximum(open_, close) + np.abs(random.normal(0.0, 0.3, length))
    low = np.minimum(open_, close) - np.abs(random.normal(0.0, 0.3, length))
    volume = random.integers(1, 1_000, length).astype(np.float64)
    columns = {"open": open_, "high": high, "low": low, "close": close, "volume": volume}
    if ties:
        columns = {name: np.round(column) for name, column in columns.items()}
        columns["volume"][random.random(length) < 0.2] = 0.0
    return columns


def same_bits(one: Floats, other: Floats) -> bool:
    """Equal to the last bit; one missing value is as good as another."""
    equal = (one.view(np.int64) == other.view(np.int64)) | (np.isnan(one) & np.isnan(other))
    return len(one) == len(other) and bool(equal.all())
