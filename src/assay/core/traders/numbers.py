"""Numbers of a bound document."""

from __future__ import annotations

from assay.core.indicators.series import Ref


def number(value: float | Ref) -> float:
    """A number that may have been a parameter."""
    assert not isinstance(value, Ref), f"${value.name} is not bound"
    return float(value)
