"""A freqtrade strategy on the kernel: entries and exits by the candle that signals them, settings as plan words, trades as it reports them.

    play("100, 100, 100 106 99 105", Strategy(roi={0: 0.05}))    "2 roi @ 105"

It has no documents: freqtrade's ROI table and trailing belong to no strategy of ours (SIMULATION S9).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from tests.oracle.miniature import bars

from assay.core.domain.account import Account
from assay.core.domain.fills import Reason
from assay.core.engine.records import written
from assay.core.kernel import drive
from assay.core.kernel import transition as k
from assay.core.kernel.drive import Floats, Prices
from assay.core.results.trades import book
from assay.core.strategy.document import Document, Limits
from assay.core.traders.plans import agree

EXIT_TYPES: Final = {
    Reason.STOP: "STOP_LOSS", Reason.TRAILING_STOP: "TRAILING_STOP_LOSS", Reason.ROI: "ROI", Reason.EXIT: "EXIT_SIGNAL",
    Reason.FINALIZE: "FORCE_EXIT", Reason.LIQUIDATION: "LIQUIDATION",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Strategy:
    """freqtrade's settings in its own units: gains and losses of the stake, the ROI table by bars held, -1 for at any price."""

    stop_loss: float = -0.99
    roi: Mapping[float, float] = field(default_factory=dict)
    trailing: bool = False
    positive: float = 0.0
    offset: float = 0.0
    only_offset: bool = False
    short: bool = False
    leverage: float = 1.0
    fee: float = 0.0


@dataclass(frozen=True)
class Traded:
    opened: int
    closed: int
    exit_type: str
    short: bool
    open_rate: float
    close_rate: float
    profit: float  # of the stake


def play(text: str, strategy: Strategy, entries: Mapping[int, float | None] | None = None, exits: Sequence[int] = ()) -> str:
    """`candle exit @ rate` a trade; it is bought at the open after the first candle unless told."""
    candles = bars(text)
    columns = [np.array([getattr(candle, name) for candle in candles]) for name in ("open", "high", "low", "close")]
    trades = trade(prices(*columns), strategy, {0: None} if entries is None else entries, exits)
    return ", ".join(f"{each.closed} {each.exit_type.lower()} @ {round(each.close_rate, 6):g}" for each in trades)


def prices(opens: Floats, highs: Floats, lows: Floats, closes: Floats) -> Prices:
    return Prices(*([np.ascontiguousarray(column, dtype=np.float64)] for column in (opens, highs, lows, closes, np.ones(len(opens)))))


def trade(candles: Prices, strategy: Strategy, entries: Mapping[int, float | None], exits: Sequence[int]) -> list[Traded]:
    """`entries` by the candle that signals, with their price, None for the next open; freqtrade enters nothing in its last candle."""
    account = Account(cash=10_000, fee_rate=strategy.fee, leverage=strategy.leverage, convention="freqtrade")
    terms = agree(account, Document("freqtrade", "", "1h", (), (), (), (), Limits(strategy.leverage)), 1)
    closes = candles.close[0]
    signals = [at for at in sorted(entries) if at + 2 < len(closes)]
    plans = np.array([_plan(strategy, entries[at], closes[at]) for at in signals] + [_leave()])
    masks = {at: 1 << rule for rule, at in enumerate(signals)}
    for at in exits:
        masks[at] = masks.get(at, 0) or 1 << len(signals)  # an entry at the same candle silences an exit
    places = np.array([(at, 0) for at in sorted(masks)], np.int64).reshape(-1, 2)
    fired = np.array([masks[at] for at in sorted(masks)], np.int64)
    run, woken = (drive.run(terms, plans, drive.NO_LEVELS, candles, places, fired, finalize=True, every=every) for every in (False, True))
    assert np.array_equal(run.records, woken.records), "waking the transition on every bar changes nothing"
    left = written(run.records)
    rows = book(left.fills, left.carries, 1, len(closes)).trades
    return [
        Traded(
            int(rows.entry[row]), int(rows.exit[row]), EXIT_TYPES[Reason(int(rows.reason[row]))], bool(rows.direction[row] < 0),
            float(rows.entry_price[row]), float(rows.exit_price[row]), float(rows.returns[row]) * strategy.leverage,
        )
        for row in range(len(rows))
    ]  # fmt: skip


def _plan(strategy: Strategy, price: float | None, close: float) -> Floats:
    row = np.zeros(k.PLAN_WORDS)
    row[k.ACTION], row[k.SIZE] = (k.ENTER_SHORT if strategy.short else k.ENTER_LONG), strategy.leverage
    row[k.PLAN_STOP], row[k.PLAN_STOP + 1] = k.FRACTION, abs(strategy.stop_loss) / strategy.leverage
    if price is not None:  # an order that has not filled is canceled at the next candle
        row[k.LIMIT_OFFSET], row[k.LIMIT_BARS] = (price / close - 1.0) * (-1.0 if strategy.short else 1.0), 1.0
    if strategy.trailing:
        row[k.CANDLE_TRAIL] = k.OFFSET_REACHED if strategy.only_offset else k.ANY_GAIN
        row[k.NEARER], row[k.OFFSET] = strategy.positive / strategy.leverage, strategy.offset / strategy.leverage
    row[k.ROI_COUNT] = len(strategy.roi)
    for step, (held, gain) in enumerate(sorted(strategy.roi.items())):
        row[k.PLAN_ROI + 2 * step] = held
        row[k.PLAN_ROI + 2 * step + 1] = -np.inf if gain == -1 else gain / strategy.leverage
    return row


def _leave() -> Floats:
    row = np.zeros(k.PLAN_WORDS)
    row[k.ACTION] = k.LEAVE
    return row
