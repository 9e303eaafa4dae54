"""Fills and results written as text, so that a case reads like what happened."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assay.core.domain.account import Account
from assay.core.domain.fills import Reason
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars, Floats, Ints
from assay.core.market.slices import align
from assay.core.results.columns import Carries, Decisions, Fills
from assay.core.results.result import Result

MONDAY = 1_704_067_200_000_000_000
"""2024-01-01 00:00 UTC, a Monday."""


def fills(text: str) -> Fills:
    """One fill a line: `slice buy|sell quantity @ price reason [fee] [#instrument]`, for example `3 buy 1 @ 100 entry 0.1`."""
    rows = [_fill(line.split()) for line in text.strip().splitlines() if line.strip()]
    columns = list(zip(*rows, strict=True)) if rows else [()] * 6
    at, instrument, quantity, price, fee, reason = columns
    return Fills(
        np.array(at, dtype=np.int64), np.array(instrument, dtype=np.int64), np.array(quantity, dtype=np.float64),
        np.array(price, dtype=np.float64), np.array(fee, dtype=np.float64), np.array(reason, dtype=np.int64),
        np.zeros(len(rows), dtype=np.bool_),
    )  # fmt: skip


def _fill(words: Sequence[str]) -> tuple[int, int, float, float, float, int]:
    at, side, quantity, _, price, reason, *rest = words
    instrument = next((int(word[1:]) for word in rest if word.startswith("#")), 0)
    fee = next((float(word) for word in rest if not word.startswith("#")), 0.0)
    signed = float(quantity) if side == "buy" else -float(quantity)
    return int(at), instrument, signed, float(price), fee, Reason[reason.upper()].value


def carries(*rows: tuple[int, int, float, bool]) -> Carries:
    """(slice, instrument, amount, borrow); a cost is below 0."""
    at, instrument, amount, borrow = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Carries(
        np.array(at, dtype=np.int64), np.array(instrument, dtype=np.int64), np.array(amount, dtype=np.float64),
        np.array(borrow, dtype=np.bool_),
    )  # fmt: skip


def decisions(*rows: tuple[int, int, int, float]) -> Decisions:
    at, instrument, rule, target = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Decisions(
        np.array(at, dtype=np.int64),
        np.array(instrument, dtype=np.int64),
        np.array(rule, dtype=np.int64),
        np.array(target, dtype=np.float64),
    )


def bars(closes: Sequence[float] | Floats, timeframe: str = "1d", start: int = MONDAY, instrument: str = "synthetic:TEST/USD") -> Bars:
    """Bars without wicks that open where the one before closed."""
    close = np.array(closes, dtype=np.float64)
    opens = np.concatenate((close[:1], close[:-1]))
    length = Timeframe(timeframe)
    return Bars(
        instrument, length, stamps(len(close), timeframe, start), opens, np.maximum(opens, close), np.minimum(opens, close),
        close, np.ones(len(close)),
    )  # fmt: skip


def stamps(count: int, timeframe: str = "1d", start: int = MONDAY) -> Ints:
    return np.arange(count, dtype=np.int64) * Timeframe(timeframe).nanoseconds + start


def result(
    closes: Sequence[float] | Floats,
    done: Fills,
    equity: Sequence[float] | Floats,
    *,
    timeframe: str = "1d",
    first: int = 0,
    carried: Carries | None = None,
    decided: Decisions | None = None,
    strategy: str = "scripted",
    instrument: str = "synthetic:TEST/USD",
) -> Result:
    """A session of one instrument, bought and held at a tenth of its cash."""
    series = bars(closes, timeframe, instrument=instrument)
    slices = align({series.instrument: series})
    account = Account(cash=10_000.0)
    hold = 10_000.0 + 10.0 * (series.close[first:] - series.close[min(first, len(series) - 1)])
    return Result(
        strategy, slices, first, account, done, carried or carries(), decided or decisions(), np.array(equity, dtype=np.float64),
        ("long when it rises", "flat when it falls"), lambda: "0123456789abcdef",
        lambda: hold, lambda: float(hold[-1]) if len(hold) else 10_000.0,
    )  # fmt: skip
