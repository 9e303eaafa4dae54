"""A session is a fold: `advance(trader, state, input) -> (state, events)`. The slow path of every mode, and law 2's other side."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np

from assay.core.domain.account import Account
from assay.core.domain.events import AccountMarked, Event, SessionEnded, SessionStarted
from assay.core.domain.inputs import ClosedBar, FeedEnded, FundingDue, Input, SliceClosed
from assay.core.domain.instrument import InstrumentId
from assay.core.domain.timeframe import Timeframe
from assay.core.engine.backtest import refuse_candle_rules
from assay.core.engine.carries import DAY_NS
from assay.core.engine.narrate import Narrator, nothing_decided
from assay.core.indicators.compute import compiled
from assay.core.kernel import drive
from assay.core.kernel import transition as k
from assay.core.kernel.drive import Floats, Ints, Terms
from assay.core.market.history import History
from assay.core.strategy.canonical import content_hash
from assay.core.strategy.document import Document, Rule
from assay.core.traders.plans import agree, level_series, plan_table
from assay.core.traders.rules.columns import Columns
from assay.core.traders.rules.context import deciding
from assay.core.traders.rules.reason import reason

_NAN: Final = float("nan")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Trader:
    """A bound document and an account, compiled for one universe."""

    document: Document
    account: Account
    instruments: tuple[str, ...]
    timeframe: Timeframe
    rules: tuple[Rule, ...]
    plans: Floats
    terms: Terms
    levels: tuple[str, ...]
    series: Callable[[dict[str, Floats], Ints, dict[Hashable, Any]], dict[str, Floats]]
    holding: Callable[[Mapping[str, Floats], int], int]
    pays_borrow: tuple[bool, ...]
    narrator: Narrator
    start: datetime | None

    @classmethod
    def of(cls, document: Document, account: Account, instruments: tuple[str, ...], start: datetime | None = None) -> Trader:
        """`start`: slices that open before it are warm-up (SIMULATION S1.3). Raises AccountError for freqtrade's convention."""
        refuse_candle_rules(account)
        rules = document.rules_in_order()
        return cls(
            document,
            account,
            instruments,
            Timeframe.parse(document.timeframe),
            rules,
            plan_table(document),
            agree(account, document, len(instruments)),
            level_series(document),
            compiled(document),
            deciding(rules),
            tuple(account.borrow_rate > 0.0 and not InstrumentId.parse(name).is_perpetual for name in instruments),
            Narrator(instruments, tuple(rule.id for rule in rules)),
            start,
        )


class State(NamedTuple):
    """Everything a session knows. `kernel` is the transition's vector. A tuple, because one is made at every bar."""

    kernel: Floats
    histories: tuple[History, ...]
    funding: tuple[FundingDue, ...]
    at: datetime | None
    opened_at: datetime | None
    equity: float
    ended: bool


Step: TypeAlias = tuple[State, tuple[Event, ...]]


def begin(trader: Trader) -> State:
    """A session that has seen nothing."""
    rows = len(trader.instruments)
    kernel = drive.new_state(trader.terms, trader.plans, 64 + 64 * rows)
    return State(kernel, (History.empty(),) * rows, (), None, None, trader.account.cash, False)


def advance(trader: Trader, state: State, entered: Input) -> Step:
    """Fold one input. Pure: the state that went in can be folded again."""
    assert not state.ended, "the feed has ended"
    match entered:
        case SliceClosed(bars):
            return _slice(trader, state, bars)
        case FundingDue():
            return state._replace(funding=(*state.funding, entered)), ()
        case FeedEnded():
            return _end(trader, state)


def _slice(trader: Trader, state: State, bars: tuple[ClosedBar | None, ...]) -> Step:
    opened_at = next(bar.opened_at for bar in bars if bar is not None)
    at = trader.timeframe.closed_at(opened_at)
    carried, funding = _carries(trader, state, bars)
    histories, quotes = _appended(state.histories, bars)
    if trader.start is not None and opened_at < trader.start:
        return state._replace(histories=histories, funding=funding), ()
    kernel = state.kernel.copy()
    kernel[k.WRITTEN] = 0.0
    if trader.terms.limits.daily_loss > 0.0:
        kernel[k.TODAY] = (_ns(at) - 1) // DAY_NS
    equity = k.step(kernel, np.array(quotes), carried)
    series = _decide(trader, kernel, bars, histories)
    assert kernel.item(k.LOST) == 0.0, "there is room for every record of a slice"

    def explain(rule: int, row: int) -> str:
        return reason(trader.rules[rule].when, Columns(series[row], len(histories[row]), {}), -1)

    events: tuple[Event, ...] = (AccountMarked(at, equity),)
    if kernel.item(k.WRITTEN):
        events = tuple(trader.narrator.slice(drive.records_of(kernel).tolist(), at, opened_at, equity, explain))
    if state.at is None:
        events = (SessionStarted(at, content_hash(trader.document), trader.instruments, trader.account.cash), *events)
    return State(kernel, histories, funding, at, opened_at, equity, False), events


def _appended(histories: tuple[History, ...], bars: tuple[ClosedBar | None, ...]) -> tuple[tuple[History, ...], list[float]]:
    """The histories with the slice's bars, and those bars as the kernel's `step` takes them: one that is absent has its last close."""
    grown: list[History] = []
    quotes: list[float] = []
    for history, bar in zip(histories, bars, strict=True):
        if bar is None:
            grown.append(history)
            quotes += (_NAN, _NAN, _NAN, history.last_close, 0.0, history.length, 0.0)
        else:
            prices = (bar.open, bar.high, bar.low, bar.close, bar.volume)
            grown.append(history.append(_ns(bar.opened_at), *prices))
            quotes += (*prices, history.length + 1, 1.0)
    return tuple(grown), quotes


def _decide(
    trader: Trader, kernel: Floats, bars: tuple[ClosedBar | None, ...], histories: tuple[History, ...]
) -> dict[int, dict[str, Floats]]:
    """Ask the rules of every instrument with a bar, and let the kernel choose among those that hold."""
    masks, series = [], {}
    for row, bar in enumerate(bars):
        if bar is None:
            continue
        history = histories[row]
        seen = trader.series(history.columns(), history.ts, history.memo)
        mask = trader.holding(seen, history.length - 1)
        if mask:
            masks.append(mask)
            series[row] = seen
    if masks:
        levels = drive.NO_LEVELS
        if trader.levels:
            levels = np.full((len(trader.levels), len(bars), 1), np.nan)
            for row, seen in series.items():
                levels[:, row, 0] = [seen[name][-1] for name in trader.levels]
        last = [np.array([history.last_close]) for history in histories]
        count = np.array([[history.length] for history in histories], np.int64)
        places = np.array([(0, row) for row in series], np.int64)
        k.decide(kernel, levels, 1, drive.addresses(last), count, 0, places, np.array(masks, np.int64), 0)
    return series


def _end(trader: Trader, state: State) -> Step:
    """Pending orders expire; the convention may close what is open (SIMULATION S6.6, S9)."""
    if state.at is None or state.opened_at is None:
        return state._replace(ended=True), ()
    kernel = state.kernel.copy()
    kernel[k.WRITTEN] = 0.0
    finalizes = trader.account.convention == "backtesting.py-finalize"
    opens = np.array([history.columns()["open"][-1] if len(history) else np.nan for history in state.histories])
    equity = np.array([state.equity])
    k.finish(kernel, 0, opens, finalizes, equity)
    at, opened_at = state.at, state.opened_at
    events: list[Event] = [trader.narrator.event(record, at, opened_at, nothing_decided) for record in drive.records_of(kernel).tolist()]
    if finalizes:
        events.append(AccountMarked(at, float(equity[0])))
    return state._replace(kernel=kernel, equity=float(equity[0]), ended=True), (*events, SessionEnded(at))


def _carries(trader: Trader, state: State, bars: tuple[ClosedBar | None, ...]) -> tuple[Floats, tuple[FundingDue, ...]]:
    """What this slice's opens book on a unit held (SIMULATION S3.1), and the funding that still waits for its bar."""
    if not state.funding and not any(trader.pays_borrow):
        return drive.NO_CARRIES, ()
    rows: list[tuple[float, float, float, float]] = []
    waiting = list(state.funding)
    for row, bar in enumerate(bars):
        if bar is None:
            continue
        for due in [due for due in waiting if due.instrument == trader.instruments[row] and due.at <= bar.opened_at]:
            waiting.remove(due)
            if len(state.histories[row]) > 0:
                rows.append((0.0, row, due.rate * bar.open, 0.0))
        since = _day_opened(state.histories[row]) if trader.pays_borrow[row] else None
        if since is not None and since // DAY_NS != _ns(bar.opened_at) // DAY_NS:
            last_close = state.histories[row].last_close
            elapsed = _ns(bar.opened_at) - since
            rows.append((0.0, row, trader.account.borrow_rate * last_close * elapsed / (365 * DAY_NS), 1.0))
    return (np.array(rows) if rows else drive.NO_CARRIES), tuple(waiting)


def _day_opened(history: History) -> int | None:
    """The first own open (ns) of the last bar's UTC day."""
    if not history.length:
        return None
    ts = history.ts
    return int(ts[np.searchsorted(ts, ts[-1] // DAY_NS * DAY_NS)])


def _ns(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND * 1_000
