"""What a decision fixes for the position that may follow from it: size, limit and bracket, in decimals (S5, S6.3)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import assert_never

from assay.core.referee.rounding import ONE, exact
from assay.core.strategy.document import Fraction, Number, Price, Reference, Then, Times
from assay.core.strategy.document import Level as Declared


class Unit(Enum):
    FRACTION = auto()
    PRICE = auto()
    DISTANCE = auto()


@dataclass(frozen=True, slots=True)
class Level:
    """A level that still needs its reference (S5.1)."""

    amount: Decimal
    unit: Unit

    def beside(self, reference: Decimal, sign: int) -> Decimal:
        """Above the reference for a sign of 1, below it for -1; a price is where it is."""
        match self.unit:
            case Unit.FRACTION:
                return reference * (1 + sign * self.amount)
            case Unit.PRICE:
                return self.amount
            case Unit.DISTANCE:
                return reference + sign * self.amount
        assert_never(self.unit)

    def behind(self, extreme: Decimal, direction: int) -> Decimal:
        """As the distance of a trailing stop, where a price is a distance too (S5.4)."""
        if self.unit is Unit.FRACTION:
            return extreme * (1 - direction * self.amount)
        return extreme - direction * self.amount


@dataclass(frozen=True, slots=True)
class Plan:
    """One decided entry. `complete` is False where a series had no usable value at the deciding close (S5.1)."""

    direction: int
    weight: Decimal
    close: Decimal
    reference: Reference
    stop: Level | None
    targets: tuple[tuple[Level, Decimal], ...]
    trailing: Level | None
    activation: Level | None
    time_limit: int | None
    rungs: tuple[tuple[Decimal, Decimal], ...]
    limit: tuple[Decimal, int] | None
    complete: bool

    @property
    def buys(self) -> bool:
        return self.direction > 0

    @property
    def shares_everything(self) -> bool:
        """Whether the targets' shares sum to 1 (S5.2)."""
        return abs(sum(share for _, share in self.targets) - ONE) <= Decimal("1e-9")


class Planner:
    """Turns a rule's `then` into a plan at one close of one instrument."""

    def __init__(self, number: Callable[[Number], Decimal], value: Callable[[str], float]) -> None:
        self._number = number
        self._value = value
        self._complete = True

    def plan(self, then: Then, target: Decimal, close: Decimal) -> Plan:
        number = self._number
        trailing = then.trailing_stop
        return Plan(
            direction=1 if target > 0 else -1,
            weight=abs(target),
            close=close,
            reference=then.reference,
            stop=self._level(then.stop_loss),
            targets=tuple((self._fixed(profit.at), number(profit.share)) for profit in then.take_profit),
            trailing=None if trailing is None else self._level(trailing.distance),
            activation=None if trailing is None else self._level(trailing.activation),
            time_limit=None if then.time_limit is None else int(number(then.time_limit)),
            rungs=tuple((number(rung.at), number(rung.size)) for rung in then.scale_in),
            limit=None if then.limit is None else (number(then.limit.offset), int(number(then.limit.bars))),
            complete=self._complete,
        )

    def _level(self, declared: Declared | None) -> Level | None:
        return None if declared is None else self._fixed(declared)

    def _fixed(self, declared: Declared) -> Level:
        match declared:
            case Fraction(of):
                return Level(self._number(of), Unit.FRACTION)
            case Price(price):
                return Level(self._number(price), Unit.PRICE)
            case Times(series, times):
                return Level(self._number(times) * self._usable(self._value(series)), Unit.DISTANCE)
        assert_never(declared)

    def _usable(self, value: float) -> Decimal:
        if math.isfinite(value) and value >= 0.0:
            return exact(value)
        self._complete = False
        return ONE
