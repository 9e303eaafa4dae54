"""The strategy document as values: what STRATEGY.md describes, parsed, with nothing left to refuse.

Every number of the document may be a `$parameter`; `parameters.bind` puts the values in. All classes are frozen and hashable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from assay.core.indicators.series import Formula as Formula
from assay.core.indicators.series import Indicator as Indicator
from assay.core.indicators.series import Number as Number
from assay.core.indicators.series import Ref as Ref
from assay.core.indicators.series import Series as Series


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that may be moved; an int stays an int (a period), a float a float."""

    value: int | float
    low: int | float | None = None
    high: int | float | None = None
    step: int | float | None = None


# Conditions


@dataclass(frozen=True, slots=True)
class Name:
    """A series by name: a column of the bars, a declared series, or one output of it (`macd.signal`)."""

    name: str


Operand: TypeAlias = "Name | Number"


class Compare(StrEnum):
    ABOVE = ">"
    AT_LEAST = ">="
    BELOW = "<"
    AT_MOST = "<="
    EQUAL = "=="
    UNEQUAL = "!="


class Cross(StrEnum):
    ABOVE = "crosses_above"
    BELOW = "crosses_below"


@dataclass(frozen=True, slots=True)
class Comparison:
    left: Operand
    op: Compare
    right: Operand


@dataclass(frozen=True, slots=True)
class Crossing:
    left: Operand
    op: Cross
    right: Operand


@dataclass(frozen=True, slots=True)
class Range:
    """`between` (inclusive) or, with `outside`, its negation on known values."""

    left: Operand
    low: Operand
    high: Operand
    outside: bool


@dataclass(frozen=True, slots=True)
class Trend:
    """`rising` or `falling`: each of the last `bars` steps strictly in that direction."""

    left: Operand
    rising: bool
    bars: int | Ref


@dataclass(frozen=True, slots=True)
class Held:
    """`for`: at each of the last `bars` bars, this one included."""

    of: Condition
    bars: int | Ref


@dataclass(frozen=True, slots=True)
class Within:
    """`within`: at one of the last `bars` bars at least, this one included."""

    of: Condition
    bars: int | Ref


@dataclass(frozen=True, slots=True)
class All:
    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    of: Condition


@dataclass(frozen=True, slots=True)
class AtLeast:
    n: int | Ref
    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What a condition adds to a score where it holds; its name is for people, and may be empty."""

    weight: Number
    condition: Condition
    name: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    of: tuple[Part, ...]
    at_least: Number


Condition: TypeAlias = "Comparison | Crossing | Range | Trend | Held | Within | All | Any | Not | AtLeast | Score"


@dataclass(frozen=True, slots=True)
class Veto:
    name: str
    condition: Condition


# What a rule does


class Action(StrEnum):
    ENTER_LONG = "enter_long"
    ENTER_SHORT = "enter_short"
    EXIT = "exit"
    EXIT_LONG = "exit_long"
    EXIT_SHORT = "exit_short"
    TARGET = "target"
    HALT = "halt"


ENTRIES: Final = (Action.ENTER_LONG, Action.ENTER_SHORT)
SIZED: Final = (*ENTRIES, Action.TARGET)
"""Actions that carry a size and a bracket; only entries may be limit orders."""


class Reference(StrEnum):
    FILL = "fill"
    FIRST_FILL = "first_fill"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Fraction:
    of: Number


@dataclass(frozen=True, slots=True)
class Price:
    price: Number


@dataclass(frozen=True, slots=True)
class Times:
    """`times` a series' value at the deciding close."""

    series: str
    times: Number


Level: TypeAlias = "Fraction | Price | Times"


@dataclass(frozen=True, slots=True)
class TakeProfit:
    at: Level
    share: Number


@dataclass(frozen=True, slots=True)
class TrailingStop:
    distance: Level
    activation: Level | None


@dataclass(frozen=True, slots=True)
class Rung:
    at: Number
    size: Number


@dataclass(frozen=True, slots=True)
class LimitEntry:
    offset: Number
    bars: int | Ref


@dataclass(frozen=True, slots=True)
class Then:
    """The action and, for entries and targets, the size and the bracket that go with it.

    `size` is the share of equity to hold (unsigned for entries), for `target` the signed target itself.
    """

    action: Action
    size: Number = 1.0
    reference: Reference = Reference.FILL
    stop_loss: Level | None = None
    take_profit: tuple[TakeProfit, ...] = ()
    trailing_stop: TrailingStop | None = None
    time_limit: int | Ref | None = None
    scale_in: tuple[Rung, ...] = ()
    limit: LimitEntry | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    name: str
    enabled: bool
    priority: int
    when: Condition
    unless: tuple[Veto, ...]
    then: Then


@dataclass(frozen=True, slots=True)
class Limits:
    """What a session may do at most (SIMULATION S10); None: as much as it likes. `safety_mode` stands for a set of them, beside these."""

    leverage: Number = 1.0
    max_open_positions: int | Ref | None = None
    max_drawdown: Number | None = None
    daily_loss: Number | None = None
    cooldown_bars: int | Ref | None = None
    stop_after_losses: int | Ref | None = None
    safety_mode: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed strategy; `rules` in document order, `series` in document order."""

    name: str
    description: str
    timeframe: str
    universe: tuple[str, ...]
    parameters: tuple[tuple[str, Parameter], ...]
    series: tuple[tuple[str, Series], ...]
    rules: tuple[Rule, ...]
    limits: Limits

    def parameter_values(self) -> Mapping[str, int | float]:
        return {name: parameter.value for name, parameter in self.parameters}

    def rules_in_order(self) -> tuple[Rule, ...]:
        """Enabled rules as they run: lowest priority first; equal: exits before entries, then document order."""
        enabled = [rule for rule in self.rules if rule.enabled]
        return tuple(sorted(enabled, key=lambda rule: (rule.priority, not is_exit(rule.then.action))))


def is_exit(action: Action) -> bool:
    """Whether an action only leaves; `halt` counts with the exits, `target` with the entries."""
    return action in (Action.EXIT, Action.EXIT_LONG, Action.EXIT_SHORT, Action.HALT)
