"""The kernel from Python: its state made from an account, its buffers grown when they fill, its answers as plain columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assay.core.kernel import transition as k

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

NO_PLANE = np.empty((0, 0), np.int64)
NO_FLAGS = np.empty((0, 0), np.uint8)
NO_LEVELS = np.empty((0, 0, 0))
NO_CARRIES = np.empty((0, 4))
NO_DAYS = np.empty(0, np.int64)
NO_DAY = -1e9


@dataclass(frozen=True, slots=True)
class Limits:
    """What a session may do at most (SIMULATION S10); 0 for "as much as it likes"."""

    max_drawdown: float = 0.0
    daily_loss: float = 0.0
    stop_after_losses: float = 0.0
    cooldown_bars: float = 0.0
    max_open_positions: float = 0.0

    @property
    def watch_marks(self) -> bool:
        """Whether a limit is measured at every mark, which have to be taken one by one then."""
        return self.max_drawdown > 0.0 or self.daily_loss > 0.0


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Terms:
    """What the account and the strategy fix for a session, in the kernel's units: rates and slippage as fractions, 0 for "none"."""

    cash: float
    taker: float
    maker: float
    slippage: float
    leverage: float
    maintenance: float
    liquidation_fee: float
    volume_cap: float
    worse_entry: float
    lots: tuple[float, ...]
    ticks: tuple[float, ...]
    minimums: tuple[float, ...]
    ruin: float
    candles: bool = False
    limits: Limits = NO_LIMITS


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which own deciding bar each slice belongs to (SIMULATION S1.5); empty where every slice is every instrument's own bar."""

    count: Ints
    closing: NDArray[np.uint8]
    closes: Ints


PLAIN = Calendar(NO_PLANE, NO_FLAGS, NO_PLANE)


@dataclass(frozen=True, eq=False)
class Prices:
    """A contiguous float64 column [T] an instrument, each; NaN open, high and low where it has no bar, close carried forward.

    The kernel reads columns where they are: it is given their addresses, so they must be kept, as they are here, while it runs.
    """

    open: Sequence[Floats]
    high: Sequence[Floats]
    low: Sequence[Floats]
    close: Sequence[Floats]
    volume: Sequence[Floats]

    @property
    def length(self) -> int:
        return len(self.close[0])

    @cached_property
    def addresses(self) -> tuple[Ints, Ints, Ints, Ints, Ints]:
        """Of the columns, in the order above, [N] each."""
        return tuple(addresses(columns) for columns in (self.open, self.high, self.low, self.close, self.volume))  # type: ignore[return-value]

    @property
    def last_close(self) -> list[float]:
        return [float(column[-1]) for column in self.close]


def addresses(columns: Sequence[Floats] | Sequence[Ints]) -> Ints:
    """Where contiguous columns of words lie."""
    for column in columns:
        assert column.itemsize == 8
        assert column.flags.c_contiguous
    return np.array([column.__array_interface__["data"][0] for column in columns], np.int64)


def new_state(terms: Terms, plans: Floats, records: int = 64) -> Floats:
    """The state of a session that has seen nothing: account, instruments, plans [rules, PLAN_WORDS], room for records."""
    rows = len(terms.lots)
    after = k.HEAD + rows * k.ROW
    s = np.zeros(after + plans.size + records * k.RECORD)
    s[k.CASH] = s[k.PEAK] = terms.cash
    s[k.TAKER], s[k.MAKER], s[k.SLIPPAGE] = terms.taker, terms.maker, terms.slippage
    s[k.WORSE_ENTRY], s[k.VOLUME_CAP], s[k.LIQUIDATION_FEE] = terms.worse_entry, terms.volume_cap, terms.liquidation_fee
    s[k.LEVERAGE] = terms.leverage
    s[k.CANDLES] = terms.candles
    s[k.RUIN] = terms.ruin
    _put_limits(s, terms)
    s[k.LONG_LIQUIDATION] = (1.0 - 1.0 / terms.leverage) / (1.0 - terms.maintenance)
    s[k.SHORT_LIQUIDATION] = (1.0 + 1.0 / terms.leverage) / (1.0 + terms.maintenance)
    s[k.INSTRUMENTS] = rows
    s[k.RECORDS] = after + plans.size
    s[k.CAPACITY] = records
    for i in range(rows):
        r = k.HEAD + i * k.ROW
        s[r + k.LOT], s[r + k.TICK], s[r + k.MINIMUM] = terms.lots[i], terms.ticks[i], terms.minimums[i]
        s[r + k.INDEX] = i
        s[r + k.SCALE] = 1.0
        s[r + k.STOP] = s[r + k.TRAIL] = s[r + k.LIQUIDATION] = s[r + k.ADVERSE_LEVEL] = s[r + k.LOWER] = -np.inf
        s[r + k.ACTIVATION] = s[r + k.TARGET_LEVEL] = s[r + k.FAVORABLE_LEVEL] = s[r + k.UPPER] = s[r + k.DUE] = np.inf
    s[after : after + plans.size] = plans.ravel()
    return s


def _put_limits(s: Floats, terms: Terms) -> None:
    limits = terms.limits
    s[k.LIMITED], s[k.WATCHED] = limits != NO_LIMITS, limits.watch_marks
    s[k.MAX_DRAWDOWN], s[k.DAILY_LOSS], s[k.STOP_AFTER] = limits.max_drawdown, limits.daily_loss, limits.stop_after_losses
    s[k.COOLDOWN_BARS], s[k.MAX_OPEN] = limits.cooldown_bars, limits.max_open_positions
    s[k.LAST_MARK] = s[k.DAY_EQUITY] = terms.cash
    s[k.DAY] = s[k.TODAY] = s[k.STOPPED_DAY] = NO_DAY


def records_of(state: Floats) -> Floats:
    """The records written so far [n, RECORD], a view."""
    start = int(state[k.RECORDS])
    return state[start : start + int(state[k.WRITTEN]) * k.RECORD].reshape(-1, k.RECORD)


def _with_room(state: Floats, records: int) -> Floats:
    grown = np.concatenate([state, np.zeros(records * k.RECORD)])
    grown[k.CAPACITY] += records
    return grown


def _waits(state: Floats) -> bool:
    """Whether an order is pending, which the end lets expire."""
    rows = state[k.HEAD : k.HEAD + int(state[k.INSTRUMENTS]) * k.ROW].reshape(-1, k.ROW)
    return bool(rows[:, [k.EXIT, k.ENTRY, k.RESIZE, k.LIMIT]].any())


def _last(opens: Sequence[Floats]) -> Floats:
    """Each instrument's last open; NaN where it has no bar."""
    return np.array([row[-1] if row[-1] == row[-1] else next(iter(row[np.flatnonzero(row == row)[::-1]]), np.nan) for row in opens])


def marked(states: Floats, close: Sequence[float]) -> Floats:
    """Equity of each state [.., words] at one price an instrument, summed as the transition does (SIMULATION S2.8)."""
    equity = states[..., k.CASH]
    for i, price in enumerate(close):
        r = k.HEAD + i * k.ROW
        quantity = states[..., r + k.QUANTITY]
        equity = np.where(quantity != 0.0, equity + quantity * (price - states[..., r + k.AVERAGE]), equity)
    return equity


@dataclass(frozen=True, slots=True)
class Run:
    """What a whole run left: the final state with its records, and equity a slice from the first one on.

    The records from `ended` on are what the end itself did; `last_mark` is the last equity before it.
    """

    state: Floats
    equity: Floats
    ended: int
    last_mark: float

    @property
    def records(self) -> Floats:
        return records_of(self.state)


def run(
    terms: Terms,
    plans: Floats,
    levels: Floats,
    prices: Prices,
    decisions: Ints,
    masks: Ints,
    *,
    first: int = 0,
    carries: Floats = NO_CARRIES,
    calendar: Calendar = PLAIN,
    finalize: bool = False,
    days: Ints = NO_DAYS,
    every: bool = False,
    marks: bool = True,
) -> Run:
    """Fold all slices from `first` on; without `marks` only the last one is taken, which is for those who cannot be ruined.

    `days` [T], the UTC day that each slice's mark belongs to, are for a limit of the day's loss.
    """
    assert marks or not terms.limits.watch_marks, "a limit is measured at marks"
    rows, length = len(prices.close), prices.length
    state = new_state(terms, plans, 3 * len(masks) + 128 * rows + 64)
    equity = np.empty(length - first if marks else 0)
    cursor = np.array([first, length, 0, 0, 0, first, first], np.int64)
    while (
        k.run(
            state, levels, length, *prices.addresses,
            calendar.count, calendar.closing, calendar.closes, 0, decisions, masks, carries, cursor,
            equity, days, None, None, every, terms.candles or None, None,
        )
        == k.RECORDS_FULL
    ):  # fmt: skip
        state = _with_room(state, 2 * len(records_of(state)) + 1024)
    # Decisions of the last slice are recorded though nothing can come of them (S1.2).
    left = int(cursor[2])
    if state[k.WRITTEN] + 3 * (len(masks) - left) + 3 * rows > state[k.CAPACITY]:
        state = _with_room(state, 3 * (len(masks) - left) + 3 * rows)
    if left < len(masks):
        k.decide(state, levels, length, prices.addresses[3], calendar.count, 0, decisions, masks, left)
    ended, last_mark = int(state[k.WRITTEN]), float(marked(state, prices.last_close))
    if finalize or _waits(state):
        k.finish(state, length - 1, _last(prices.open), finalize, equity)
    assert state[k.LOST] == 0.0, "there is room for every record of a slice"
    return Run(state, equity, ended, last_mark)


def standing(
    terms: Terms,
    plans: Floats,
    levels: Floats,
    prices: Prices,
    decisions: Ints,
    masks: Ints,
    slices: Ints,
    *,
    first: int = 0,
    carries: Floats = NO_CARRIES,
    calendar: Calendar = PLAIN,
    days: Ints = NO_DAYS,
) -> Floats:
    """Fold again, stopping after the decisions of each of the slices (rising): the standing targets there [slices, N]."""
    rows, length = len(prices.close), prices.length
    state = new_state(terms, plans, 0)
    equity = np.empty(length - first)
    cursor = np.array([first, length, 0, 0, 0, first, first], np.int64)
    targets = np.empty((len(slices), rows))
    ends = np.searchsorted(decisions[:, 0], slices, side="right").tolist()
    words = [k.HEAD + row * k.ROW + k.TARGET for row in range(rows)]
    for stop, (place, end) in enumerate(zip(slices.tolist(), ends, strict=True)):
        cursor[1] = place + 1
        k.run(
            state, levels, length, *prices.addresses,
            calendar.count, calendar.closing, calendar.closes, 0, decisions, masks, carries, cursor,
            equity, days, None, None, False, terms.candles or None, None,
        )  # fmt: skip
        if cursor[2] < end:
            k.decide(state, levels, length, prices.addresses[3], calendar.count, 0, decisions[:end], masks[:end], int(cursor[2]))
            cursor[2] = end
        targets[stop] = state[words]
    return targets
