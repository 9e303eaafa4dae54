"""A whole backtest of an unsaved document, as it goes over the wire."""

from __future__ import annotations

import time
from typing import Final

import polars as pl

from assay.api.render.curve import Curve
from assay.api.render.results import decisions, metrics, trades
from assay.api.wire.message import amount
from assay.api.wire.results import Decision
from assay.api.wire.strategies import Preview
from assay.core.domain.errors import DataError, Problem
from assay.core.engine.backtest import backtest
from assay.core.results.result import Result
from assay.runtime.inputs import find
from assay.runtime.ports import Candles, unheard
from assay.runtime.proposal import Resolved
from assay.runtime.tables import closed_trades, decided

LAST: Final = 100
"""Trades and decisions that are shown."""


def previewed(resolved: Resolved, points: int, candles: Candles, bars_most: int) -> Preview:
    """Blocks for as long as the run takes. Raises LocatedError for what cannot be run."""
    began = time.perf_counter()
    inputs = find(candles, resolved.spec, unheard)
    bars = sum(len(each) for each in inputs.bars.values())
    if bars > bars_most:
        message = f"{bars:,} bars are too many for a preview, which runs over {bars_most:,}; start a session, or choose a shorter period"
        raise DataError([Problem("start", "too_many_bars", message)])
    result = backtest(resolved.document, inputs, resolved.spec.account)
    made = decided(result)
    return Preview(
        bars=len(result.marks),
        metrics=metrics(result.metrics, resolved.spec.account.cash),
        equity=Curve.left_by(result).thinned(points).wire(),
        trades=trades(_last(closed_trades(result))),
        decisions=_decisions(result, _last(made)),
        decided=_counts(result, made),
        final_equity=amount(result.outcome.final_equity),
        elapsed_ms=1_000.0 * (time.perf_counter() - began),
    )


def _last(table: pl.DataFrame) -> pl.DataFrame:
    """Numbered from the beginning, although only the end is shown."""
    return table.with_row_index("number", offset=1)[-LAST:]


def _counts(result: Result, made: pl.DataFrame) -> dict[str, int]:
    """Of every rule that could have decided, also of those that never did."""
    return dict.fromkeys(result.rules, 0) | dict(made["rule"].value_counts().iter_rows())


def _decisions(result: Result, shown: pl.DataFrame) -> list[Decision]:
    """Only those that are shown are explained: reasons are made in words, one by one."""
    explain = result.explain
    assert explain is not None, "a backtest can explain itself"
    return decisions(shown, [explain(number - 1) for number in shown["number"]])
