"""Floats become decimals by their shortest repr, levels go to the tick, quantities to the lot (S2.1, S2.2)."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from typing import Final

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)
EXACT: Final = Context(prec=34)
"""What the whole session is computed in."""

_TWELVE_DIGITS: Final = Context(prec=12, rounding=ROUND_HALF_UP)
_OF_A_TICK: Final = Decimal("1e-6")
_OF_A_LOT: Final = Decimal("1e-9")
_UP_TO: Final = ONE + Decimal("1e-12")


def exact(value: float) -> Decimal:
    """0.1 is a tenth; `float` first, because numpy's and integers print differently."""
    return Decimal(repr(float(value)))


def to_tick(price: Decimal, tick: Decimal, *, buy: bool) -> Decimal:
    """Against us: buys up, sells down, though not to 0; without a tick to 12 significant digits, whatever the side (S2.1)."""
    if tick == ZERO:
        return _TWELVE_DIGITS.plus(price)
    if price <= ZERO:
        return ZERO
    steps = price / tick
    whole = (steps - _OF_A_TICK).to_integral_value(ROUND_CEILING) if buy else (steps + _OF_A_TICK).to_integral_value(ROUND_FLOOR)
    return max(whole, ONE) * tick


def to_lot(quantity: Decimal, lot: Decimal) -> Decimal:
    """Down, so that rounding never trades more than was decided; a lot of 0 is fractional (S2.2)."""
    if lot == ZERO:
        return quantity
    return (quantity / lot * _UP_TO + _OF_A_LOT).to_integral_value(ROUND_FLOOR) * lot
