"""The account a session trades on: money, costs and the venue's rules, as SIMULATION.md defines them."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Final

from assay.core.domain.errors import AccountError, Problem

CONVENTIONS: Final = ("assay", "backtesting.py", "backtesting.py-finalize", "backtesting.py-readme", "freqtrade")
RESERVED_CONVENTIONS: Final = ("nautilus-bars", "lean-minute")

# name -> (lowest, highest, whether the lowest itself is allowed)
_BOUNDS: Final[dict[str, tuple[float, float, bool]]] = {
    "cash": (0.0, 1e15, False),
    "fee_rate": (0.0, 0.5, True),
    "maker_fee_rate": (-0.01, 0.5, True),
    "slippage_bps": (-1000.0, 5000.0, True),
    "lot": (0.0, 1e9, True),
    "tick": (0.0, 1e9, True),
    "leverage": (0.0, 125.0, False),
    "maintenance_margin_rate": (0.0, 0.5, True),
    "liquidation_fee_rate": (0.0, 0.5, True),
    "borrow_rate": (0.0, 10.0, True),
    "volume_cap": (0.0, 1.0, False),
    "minimum_notional": (0.0, 1e12, True),
}
_OPTIONAL: Final = frozenset({"maker_fee_rate", "maintenance_margin_rate", "volume_cap"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Settings of the paper venue; rates and shares are fractions, `slippage_bps` basis points.

    `lot` and `tick` of 0 mean fractional quantities and prices of 12 significant digits. None means: `maker_fee_rate`
    the taker's, `maintenance_margin_rate` 0 at leverage 1 and 0.005 above, `volume_cap` no cap.
    Numbers may come as int, float or Decimal and are kept as float.

    Raises AccountError with every setting that is out of bounds.
    """

    cash: float = 10_000.0
    fee_rate: float = 0.001
    maker_fee_rate: float | None = None
    slippage_bps: float = 0.0
    lot: float = 0.0
    tick: float = 0.0
    leverage: float = 1.0
    maintenance_margin_rate: float | None = None
    liquidation_fee_rate: float = 0.0
    borrow_rate: float = 0.0
    volume_cap: float | None = None
    minimum_notional: float = 0.0
    convention: str = "assay"

    def __post_init__(self) -> None:
        problems: list[Problem] = []
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "convention":
                problems += _check_convention(value)
            elif value is None and field.name in _OPTIONAL:
                continue
            elif isinstance(value, bool) or not isinstance(value, int | float | Decimal):
                problems.append(Problem(field.name, "type", f"expected a number, got {value!r}"))
            else:
                problems += _check_number(field.name, float(value))
                object.__setattr__(self, field.name, float(value))
        if not problems and self.maintenance_at(self.leverage) >= 1.0 / self.leverage:
            message = f"{self.maintenance_margin_rate!r} leaves no margin at leverage {self.leverage:g}; it must be below 1 / leverage"
            problems.append(Problem("maintenance_margin_rate", "bounds", message))
        if problems:
            raise AccountError(problems)

    @property
    def maker_rate(self) -> float:
        return self.fee_rate if self.maker_fee_rate is None else self.maker_fee_rate

    def maintenance_at(self, leverage: float) -> float:
        """The maintenance margin rate at an effective leverage (SIMULATION S2.9)."""
        if self.maintenance_margin_rate is not None:
            return self.maintenance_margin_rate
        return 0.0 if leverage <= 1.0 else 0.005

    @property
    def effective_lot(self) -> float:
        """The lot, or one whole unit where the convention trades whole units (SIMULATION S9)."""
        return 1.0 if self.lot == 0.0 and self.convention.startswith("backtesting.py") else self.lot


def _check_number(name: str, value: float) -> list[Problem]:
    low, high, inclusive = _BOUNDS[name]
    inside = (low <= value if inclusive else low < value) and value <= high
    if math.isfinite(value) and inside:
        return []
    bound = "at least" if inclusive else "above"
    return [Problem(name, "bounds", f"{value!r} is out of bounds: {bound} {low:g}, at most {high:g}")]


def _check_convention(value: object) -> list[Problem]:
    if value in CONVENTIONS:
        return []
    if value in RESERVED_CONVENTIONS:
        return [Problem("convention", "not_yet", f"{value!r} is not built yet; there are {', '.join(CONVENTIONS)}")]
    return [Problem("convention", "unknown", f"{value!r} is not a convention; there are {', '.join(CONVENTIONS)}")]
