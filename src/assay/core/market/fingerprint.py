"""The data fingerprint: one hash for exactly these bars, the same on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def fingerprint(instrument: str, timeframe: str, ts: NDArray[np.int64], columns: Sequence[NDArray[np.float64]]) -> str:
    """sha256 over names and little-endian columns; every NaN counts as the same NaN and -0.0 as 0.0."""
    digest = hashlib.sha256(f"assay/bars@1\n{instrument}\n{timeframe}\n{len(ts)}\n".encode())
    digest.update(np.ascontiguousarray(ts, dtype="<i8").tobytes())
    for column in columns:
        plain = np.where(np.isnan(column), np.nan, column) + 0.0
        digest.update(np.ascontiguousarray(plain, dtype="<f8").tobytes())
    return digest.hexdigest()
