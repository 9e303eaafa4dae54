"""A miniature market: bars as text, rules by the bar they fire at, what happened as a sentence.

    play("100, 100, 90 92 88 91", on(0, long(stop_loss=0.05)))    "1 buy 10 @ 100 entry, 2 sell 10 @ 90 stop"

Bars are days from 1970 on, `open high low close [volume]`; one number is a bar that stood still, a dot is no bar. The account has 1,000
and pays no fees unless told, so that everything can be computed by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from assay.core.domain.account import Account
from assay.core.referee import Candle, Feed, Outcome, run
from assay.core.strategy.document import (
    Action,
    All,
    Compare,
    Comparison,
    Condition,
    Document,
    Fraction,
    Level,
    LimitEntry,
    Limits,
    Name,
    Reference,
    Rule,
    Rung,
    TakeProfit,
    Then,
    TrailingStop,
    Veto,
)

DAY_NS = 86_400_000_000_000
ALWAYS: Condition = All(())


def bars(text: str, step: int = DAY_NS) -> tuple[Candle, ...]:
    slots = enumerate(slot.split() for slot in text.split(","))
    return tuple(_candle(at * step, words) for at, words in slots if words != ["."])


def _candle(opened_at: int, words: Sequence[str]) -> Candle:
    numbers = [float(word) for word in words]
    if len(numbers) == 1:
        numbers *= 4
    opened, high, low, closed, volume = numbers if len(numbers) == 5 else [*numbers, 1e9]
    return Candle(opened_at, opened, high, low, closed, volume)


# What a rule does: a bare number is a fraction


def level(value: float | Level) -> Level:
    return Fraction(value) if isinstance(value, float | int) else value


def maybe(value: float | Level | None) -> Level | None:
    return None if value is None else level(value)


def then(
    action: Action,
    size: float = 1.0,
    *,
    stop_loss: float | Level | None = None,
    take_profit: Sequence[tuple[float | Level, float]] = (),
    trailing: float | Level | None = None,
    activation: float | Level | None = None,
    time_limit: int | None = None,
    scale_in: Sequence[tuple[float, float]] = (),
    limit: tuple[float, int] | None = None,
    reference: Reference = Reference.FILL,
) -> Then:
    return Then(
        action,
        size,
        reference,
        maybe(stop_loss),
        tuple(TakeProfit(level(at), share) for at, share in take_profit),
        None if trailing is None else TrailingStop(level(trailing), maybe(activation)),
        time_limit,
        tuple(Rung(*rung) for rung in scale_in),
        None if limit is None else LimitEntry(*limit),
    )


def long(size: float = 1.0, **bracket: Any) -> Then:
    return then(Action.ENTER_LONG, size, **bracket)


def short(size: float = 1.0, **bracket: Any) -> Then:
    return then(Action.ENTER_SHORT, size, **bracket)


def aim(target: float, **bracket: Any) -> Then:
    return then(Action.TARGET, target, **bracket)


LEAVE = Then(Action.EXIT)
HALT = Then(Action.HALT)


# When


def on(bar: int, action: Then, instrument: int | None = None, priority: int = 0) -> Rule:
    """Fires at the close of that bar, of one instrument or of all."""
    here = [_equals("bar", bar)] + ([] if instrument is None else [_equals("instrument", instrument)])
    return when(All(tuple(here)), action, priority=priority)


def when(condition: Condition, action: Then, *vetoes: Condition, priority: int = 0) -> Rule:
    return Rule("rule", "", True, priority, condition, tuple(Veto("veto", veto) for veto in vetoes), action)


def _equals(name: str, value: int) -> Comparison:
    return Comparison(Name(name), Compare.EQUAL, float(value))


# Playing


def play(
    market: str | Mapping[str, str],
    *rules: Rule,
    series: Mapping[str, Sequence[float]] | None = None,
    funding: Sequence[tuple[float, float]] = (),
    fine: str = "",
    start: float | None = None,
    leverage: float = 1.0,
    strategy_leverage: float | None = None,
    has_volume: bool = True,
    **account: Any,
) -> Outcome:
    """`funding` and `start` in days; `fine` bars are half days. Several instruments are given by name."""
    markets = {"test:A": market} if isinstance(market, str) else market
    rates = tuple((int(at * DAY_NS), rate) for at, rate in funding)
    half_days = bars(fine, DAY_NS // 2) if fine else ()
    feeds = {name: _feed(bars(text), index, dict(series or {}), rates, half_days) for index, (name, text) in enumerate(markets.items())}
    terms = {"cash": 1_000, "fee_rate": 0, "leverage": leverage} | account
    document = Document("miniature", "", "1d", (), (), (), rules, Limits(strategy_leverage or leverage))
    begin = None if start is None else int(start * DAY_NS)
    return run(document, Account(**terms), feeds, start=begin, has_volume=has_volume, timeframe_ns=DAY_NS)


def _feed(
    candles: tuple[Candle, ...],
    index: int,
    series: dict[str, Sequence[float]],
    funding: tuple[tuple[int, float], ...],
    fine: tuple[Candle, ...],
) -> Feed:
    series["bar"] = [float(candle.opened_at // DAY_NS) for candle in candles]
    series["instrument"] = [float(index)] * len(candles)
    return Feed(candles, series, funding, fine)


# Telling


def fills(outcome: Outcome) -> str:
    """`slice side quantity [instrument] @ price reason`, in order; the instrument where there are several."""
    names = ["", " B", " C"] if len(outcome.positions) == 1 else [" A", " B", " C"]
    return ", ".join(
        f"{fill.slice} {'buy' if fill.quantity > 0 else 'sell'} {plain(abs(fill.quantity))}{names[fill.instrument]}"
        f" @ {plain(fill.price)} {fill.reason.label}"
        for fill in outcome.fills
    )


def decisions(outcome: Outcome) -> str:
    """`slice -> standing target`."""
    return ", ".join(f"{decision.slice} -> {plain(decision.target)}" for decision in outcome.decisions)


def refusals(outcome: Outcome) -> str:
    return ", ".join(f"{refusal.slice} {refusal.code}" for refusal in outcome.refusals)


def equity(outcome: Outcome) -> str:
    return " ".join(plain(value) for value in outcome.equity)


def fees(outcome: Outcome) -> str:
    return " ".join(plain(fill.fee) for fill in outcome.fills)


def plain(value: Decimal) -> str:
    """To the sixth decimal, without what is nothing."""
    return f"{round(value, 6).normalize() + 0:f}"
