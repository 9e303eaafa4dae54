"""A bound document's limits in the kernel's words, those that safety mode stands for among them (SIMULATION S10)."""

from __future__ import annotations

from typing import Final

from assay.core.indicators.series import Number
from assay.core.kernel import drive
from assay.core.strategy.document import SIZED, Document, Fraction, Level, Limits, Then
from assay.core.traders.numbers import number

SAFE_LEVERAGE: Final = 1.0
SAFE_OPEN_POSITIONS: Final = 1
SAFE_DAILY_LOSS: Final = 0.03
SAFE_STOP: Final = Fraction(0.02)


def limits_of(limits: Limits) -> drive.Limits:
    """0 where nothing is said."""
    safe = limits.safety_mode
    return drive.Limits(
        max_drawdown=_least(limits.max_drawdown),
        daily_loss=_least(limits.daily_loss, SAFE_DAILY_LOSS if safe else None),
        stop_after_losses=_least(limits.stop_after_losses),
        cooldown_bars=_least(limits.cooldown_bars),
        max_open_positions=_least(limits.max_open_positions, SAFE_OPEN_POSITIONS if safe else None),
    )


def leverage_of(limits: Limits) -> float:
    """The strategy's, before the account's."""
    return _least(limits.leverage, SAFE_LEVERAGE if limits.safety_mode else None)


def stop_of(then: Then, limits: Limits) -> Level | None:
    """A rule's own stop, or the one that safety mode gives to what enters without."""
    if then.stop_loss is None and limits.safety_mode and then.action in SIZED:
        return SAFE_STOP
    return then.stop_loss


def watches_days(document: Document) -> bool:
    """Whether a limit asks which day a mark belongs to."""
    return document.limits.daily_loss is not None or document.limits.safety_mode


def watches_marks(document: Document) -> bool:
    """Whether a limit is measured at every mark."""
    return document.limits.max_drawdown is not None or watches_days(document)


def _least(*limits: Number | None) -> float:
    """The strictest of those that are set; 0 where none is."""
    return min((number(limit) for limit in limits if limit is not None), default=0.0)
