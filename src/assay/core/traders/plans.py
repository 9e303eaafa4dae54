"""A bound document in the kernel's words: one plan a rule, and the terms that the account and the strategy agree on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from assay.core.domain.account import Account
from assay.core.kernel import transition as k
from assay.core.kernel.drive import Floats, Terms
from assay.core.strategy.document import (
    Action,
    Document,
    Fraction,
    Level,
    Price,
    Reference,
    Rule,
    Then,
    Times,
)
from assay.core.traders.limits import leverage_of, limits_of, stop_of
from assay.core.traders.numbers import number

ACTIONS: Final = {
    Action.ENTER_LONG: k.ENTER_LONG, Action.ENTER_SHORT: k.ENTER_SHORT, Action.EXIT: k.LEAVE, Action.EXIT_LONG: k.LEAVE_LONG,
    Action.EXIT_SHORT: k.LEAVE_SHORT, Action.TARGET: k.SET_TARGET, Action.HALT: k.HALT_ENTRIES,
}  # fmt: skip
REFERENCES: Final = {Reference.FILL: k.BY_FILL, Reference.FIRST_FILL: k.BY_FIRST_FILL, Reference.DECISION: k.BY_DECISION}


def level_series(document: Document) -> tuple[str, ...]:
    """The series that levels are multiples of, in order of first use: the kernel's rows of `levels`."""
    return tuple(
        dict.fromkeys(level.series for rule in document.rules_in_order() for level in _levels(rule.then) if isinstance(level, Times))
    )


def plan_table(document: Document) -> Floats:
    """One row a rule in running order, [rules, PLAN_WORDS]. The document is bound."""
    series = {name: row for row, name in enumerate(level_series(document))}
    rules = document.rules_in_order()
    table = np.zeros((len(rules), k.PLAN_WORDS))
    for row, rule in zip(table, rules, strict=True):
        _write(row, rule, series)
        _level(row, k.PLAN_STOP, stop_of(rule.then, document.limits), series)
    return table


def _write(row: Floats, rule: Rule, series: dict[str, int]) -> None:
    then = rule.then
    row[k.ACTION] = ACTIONS[then.action]
    row[k.SIZE] = number(then.size)
    row[k.REFERENCE] = REFERENCES[then.reference]
    if then.trailing_stop is not None:
        _level(row, k.PLAN_TRAIL, then.trailing_stop.distance, series)
        _level(row, k.PLAN_ACTIVATION, then.trailing_stop.activation, series)
    if then.time_limit is not None:
        row[k.TIME_LIMIT] = number(then.time_limit)
    if then.limit is not None:
        row[k.LIMIT_OFFSET], row[k.LIMIT_BARS] = number(then.limit.offset), number(then.limit.bars)
    for index, profit in enumerate(then.take_profit):
        word = k.PLAN_TARGETS + 4 * index
        _level(row, word, profit.at, series)
        row[word + 3] = number(profit.share)
    for index, rung in enumerate(then.scale_in):
        row[k.PLAN_RUNGS + 2 * index], row[k.PLAN_RUNGS + 2 * index + 1] = number(rung.at), number(rung.size)
    row[k.TARGET_COUNT], row[k.RUNG_COUNT] = len(then.take_profit), len(then.scale_in)
    row[k.SHARES_WHOLE] = abs(sum(number(profit.share) for profit in then.take_profit) - 1.0) <= 1e-9
    row[k.HAS_TIMES] = any(isinstance(level, Times) for level in _levels(then))


def _level(row: Floats, word: int, level: Level | None, series: dict[str, int]) -> None:
    match level:
        case None:
            return
        case Fraction(of):
            row[word], row[word + 1] = k.FRACTION, number(of)
        case Price(price):
            row[word], row[word + 1] = k.PRICE, number(price)
        case Times(name, times):
            row[word], row[word + 1], row[word + 2] = k.TIMES, number(times), series[name]


def _levels(then: Then) -> Iterator[Level]:
    declared = (then.stop_loss, *(profit.at for profit in then.take_profit))
    trailing = () if then.trailing_stop is None else (then.trailing_stop.distance, then.trailing_stop.activation)
    return (level for level in (*declared, *trailing) if level is not None)


def agree(account: Account, document: Document, instruments: int) -> Terms:
    """What both sides agree on: the smaller leverage, and the convention's switches (SIMULATION S9)."""
    leverage = min(account.leverage, leverage_of(document.limits))
    in_the_price = account.convention == "backtesting.py-readme"
    return Terms(
        cash=account.cash,
        taker=0.0 if in_the_price else account.fee_rate,
        maker=0.0 if in_the_price else account.maker_rate,
        slippage=account.slippage_bps / 10_000.0,
        leverage=leverage,
        maintenance=account.maintenance_at(leverage),
        liquidation_fee=0.0 if in_the_price else account.liquidation_fee_rate,
        volume_cap=account.volume_cap or 0.0,
        worse_entry=account.fee_rate if in_the_price else 0.0,
        lots=(account.effective_lot,) * instruments,
        ticks=(account.tick,) * instruments,
        minimums=(account.minimum_notional,) * instruments,
        ruin=k.NOTHING * account.cash,
        candles=account.convention == "freqtrade",
        limits=limits_of(document.limits),
    )
