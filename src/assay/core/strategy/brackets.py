"""Sizes and brackets make sense: stops lie beyond the price, shares are shares, and a ladder fits the leverage."""

from __future__ import annotations

import math
from typing import Final

from assay.core.strategy import bounds
from assay.core.strategy.document import SIZED, Action, Fraction, Level, Price, Then, Times
from assay.core.strategy.values import Values

_ROUNDING: Final = 1e-9


def check_then(then: Then, path: str, leverage: float, values: Values) -> None:
    """Note what is wrong with the numbers of an entry or a target; other actions have none."""
    if then.action not in SIZED:
        return
    size = values.of(then.size)
    if then.action is Action.TARGET:
        values.between(f"{path}.size", then.size, -leverage, leverage, open_low=False, open_high=False)
    else:
        values.between(f"{path}.size", then.size, 0.0, leverage, open_high=False)
    short = then.action is Action.ENTER_SHORT or (then.action is Action.TARGET and size < 0.0)
    _check_levels(then, path, short, values)
    _check_shares(then, path, values)
    _check_ladder(then, path, abs(size), leverage, short, values)
    if then.time_limit is not None:
        values.whole(f"{path}.time_limit", then.time_limit, 1, bounds.BARS)
    if then.limit is not None:
        values.between(f"{path}.limit.offset", then.limit.offset, -1.0, 1.0)
        values.whole(f"{path}.limit.bars", then.limit.bars, 1, bounds.BARS)


def _check_levels(then: Then, path: str, short: bool, values: Values) -> None:
    """A short can gain no more than all of the price; a long may gain without end."""
    farthest = 1.0 if short else math.inf
    if then.stop_loss is not None:
        _check_level(then.stop_loss, f"{path}.stop_loss", 1.0, values)
    for index, target in enumerate(then.take_profit):
        _check_level(target.at, f"{path}.take_profit[{index}].at", farthest, values)
    if then.trailing_stop is not None:
        _check_level(then.trailing_stop.distance, f"{path}.trailing_stop.distance", 1.0, values)
        if then.trailing_stop.activation is not None:
            _check_level(then.trailing_stop.activation, f"{path}.trailing_stop.activation", farthest, values)


def _check_level(level: Level, path: str, farthest: float, values: Values) -> None:
    match level:
        case Fraction(of=of):
            values.between(path, of, 0.0, farthest)
        case Price(price=price):
            values.between(f"{path}.price", price, 0.0, math.inf)
        case Times(times=times):
            values.between(f"{path}.times", times, 0.0, math.inf)


def _check_shares(then: Then, path: str, values: Values) -> None:
    for index, target in enumerate(then.take_profit):
        values.between(f"{path}.take_profit[{index}].share", target.share, 0.0, 1.0, open_high=False)
    total = math.fsum(values.of(target.share) for target in then.take_profit)
    if total > 1.0 + _ROUNDING:
        values.refuse(f"{path}.take_profit", "shares", f"the shares sum to {total:.10g}; they may sum to 1")


def _check_ladder(then: Then, path: str, size: float, leverage: float, short: bool, values: Values) -> None:
    for index, rung in enumerate(then.scale_in):
        place = f"{path}.scale_in[{index}]"
        values.between(f"{place}.at", rung.at, -1.0, 1.0 if short else math.inf)
        if values.of(rung.at) == 0.0:
            values.refuse(f"{place}.at", "bounds", "0 is the entry itself; below 0 adds against us, above 0 in our favor")
        values.between(f"{place}.size", rung.size, 0.0, leverage, open_high=False)
    total = size + math.fsum(values.of(rung.size) for rung in then.scale_in)
    if then.scale_in and total > leverage + _ROUNDING:
        message = f"the entry and its rungs sum to {total:.10g} of equity, above the leverage of {leverage:g}"
        values.refuse(f"{path}.scale_in", "leverage", message)
