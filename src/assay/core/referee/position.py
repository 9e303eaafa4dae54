"""An open position and the levels that guard it; every level is computed anew whenever it is asked for (S4, S5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from assay.core.domain.fills import Reason
from assay.core.referee.plan import Level, Plan
from assay.core.referee.rounding import ONE, ZERO
from assay.core.referee.terms import Terms
from assay.core.strategy.document import Reference


@dataclass(slots=True, eq=False)
class Target:
    """`rest` is None until the first fill fixes the quantity (S2.10)."""

    at: Level
    share: Decimal
    rest: Decimal | None = None


@dataclass(slots=True, eq=False)
class Rung:
    """`touched`: a favorable one, which is a stop entry, has become a market order (S2.10)."""

    level: Decimal
    adverse: bool
    size: Decimal
    rest: Decimal | None = None
    touched: bool = False


@dataclass(slots=True, eq=False)
class Position:
    """`fees` and `funding` are what no trade has been charged with yet (S8.2); `net` is what cash has changed by."""

    plan: Plan
    terms: Terms
    opened: int
    first_fill: Decimal
    inside: bool
    quantity: Decimal = ZERO
    average: Decimal = ZERO
    largest: Decimal = ZERO
    net: Decimal = ZERO
    fees: Decimal = ZERO
    funding: Decimal = ZERO
    closes: int = 0
    extreme: Decimal = ZERO
    active: bool = False
    targets: list[Target] = field(default_factory=list)
    rungs: list[Rung] = field(default_factory=list)
    trades: dict[tuple[int, Reason], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        plan = self.plan
        self.extreme = self.first_fill
        self.active = plan.activation is None
        self.targets = [Target(at, share) for at, share in plan.targets]
        for at, size in plan.rungs:
            level = self.terms.level(self.first_fill * (1 + plan.direction * at), buy=plan.buys)
            self.rungs.append(Rung(level, at < ZERO, size))

    @property
    def direction(self) -> int:
        return self.plan.direction

    @property
    def signed(self) -> Decimal:
        return self.direction * self.quantity

    def grow(self, quantity: Decimal, price: Decimal) -> None:
        """The average entry is weighted by quantity (S2.8); the first fill's is its price, with no digit lost to a division."""
        together = self.quantity + quantity
        self.average = price if self.quantity == ZERO else (self.average * self.quantity + price * quantity) / together
        self.quantity = together
        self.largest = max(self.largest, together)

    def profit_at(self, price: Decimal, quantity: Decimal) -> Decimal:
        return self.direction * (price - self.average) * quantity

    # Levels

    def effective_stop(self) -> tuple[Decimal, Reason] | None:
        """The nearer of fixed and trailing; equal: `stop` (S5.4)."""
        stops = []
        if self.plan.trailing is not None and self.active:
            stops.append((self._leaving(self.plan.trailing.behind(self.extreme, self.direction)), Reason.TRAILING_STOP))
        if self.plan.stop is not None:
            stops.append((self._leaving(self.plan.stop.beside(self._reference(), -self.direction)), Reason.STOP))
        return max(stops, key=lambda stop: (self.direction * stop[0], stop[1] is Reason.STOP), default=None)

    def target_level(self, target: Target) -> Decimal:
        return self._leaving(target.at.beside(self._reference(), self.direction))

    def nearest_target(self) -> tuple[Decimal, Target] | None:
        """Equally near: in document order."""
        levels = [(self.target_level(target), target) for target in self.targets]
        return min(levels, key=lambda pair: self.direction * pair[0], default=None)

    def liquidation(self) -> Decimal | None:
        """S2.9; a level of 0 or less does not exist."""
        level = self._leaving(self._bankruptcy() / (1 - self.direction * self.terms.maintenance))
        return level if level > ZERO else None

    def liquidation_price(self, at: Decimal) -> Decimal:
        """Never beyond the price at which the margin is gone (S2.9)."""
        bound = self._leaving(self._bankruptcy())
        return max(at, bound) if self.direction > 0 else min(at, bound)

    def _bankruptcy(self) -> Decimal:
        return self.average * (1 - self.direction * ONE / self.terms.leverage)

    def _reference(self) -> Decimal:
        match self.plan.reference:
            case Reference.FILL:
                return self.average
            case Reference.FIRST_FILL:
                return self.first_fill
            case Reference.DECISION:
                return self.plan.close

    def _leaving(self, level: Decimal) -> Decimal:
        return self.terms.level(level, buy=not self.plan.buys)

    # The close of a bar

    def complete(self, current: int, high: Decimal, low: Decimal) -> None:
        """The trailing stop at a close: the entry bar's extreme is ours only where we entered at its open (S5.4)."""
        if not (self.inside and self.opened == current):
            self.extreme = max(self.extreme, high) if self.direction > 0 else min(self.extreme, low)
        if not self.active and self.plan.activation is not None:
            activation = self._leaving(self.plan.activation.beside(self._reference(), self.direction))
            self.active = self.direction * self.extreme >= self.direction * activation

    def target_quantity(self, target: Target) -> Decimal:
        """Of the largest quantity so far; where everything is shared out, the last takes all that is left (S5.2)."""
        if self.plan.shares_everything and len(self.targets) == 1:
            return self.quantity
        return min(self.terms.lots(target.share * self.largest), self.quantity)
