"""Results side by side, their curves on one scale: equity over cash, at common times."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from assay.api.render.curve import Curve
from assay.api.render.market import SECOND_NS, known
from assay.api.render.results import result_row
from assay.api.wire.results import Comparison
from assay.runtime.records import ResultRecord


def compared(records: Sequence[ResultRecord], tables: Sequence[pl.DataFrame], points: int) -> Comparison:
    """Times are spread evenly from the first mark of any to the last of any."""
    curves = [Curve.of(table) for table in tables]
    first, last = min(int(curve.ts[0]) for curve in curves), max(int(curve.ts[-1]) for curve in curves)
    ts = np.unique(np.linspace(first, last, points).astype(np.int64))
    growth = {
        record.session_id: curve.at(ts) / (record.metrics["cash"] or 1.0) for record, curve in zip(records, curves, strict=True)
    }  # fmt: skip
    return Comparison(results=[result_row(record) for record in records], time=(ts // SECOND_NS).tolist(), growth=known(growth))
