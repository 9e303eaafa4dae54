"""Moods of a synthetic market: what drifts, how far it swings, how long it lasts, and what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from assay.core.market.bars import Floats


@dataclass(frozen=True, slots=True)
class Regime:
    """`drift` and `swing` are per bar, `leave` is the chance to end with a bar, `then` what follows with what chance."""

    drift: float
    swing: float
    restless: float
    leave: float
    then: Mapping[str, float]


CRYPTO: Final[Mapping[str, Regime]] = {
    "sideways": Regime(0.000005, 0.0036, 0.8, 1 / 600, {"bull": 0.55, "bear": 0.40, "crash": 0.05}),
    "bull": Regime(0.00028, 0.0048, 1.0, 1 / 900, {"sideways": 0.60, "bear": 0.25, "crash": 0.15}),
    "bear": Regime(-0.00022, 0.0056, 1.15, 1 / 550, {"sideways": 0.60, "bull": 0.25, "crash": 0.15}),
    "crash": Regime(-0.0045, 0.0150, 2.2, 1 / 26, {"sideways": 0.45, "bear": 0.35, "bull": 0.20}),
}
SHARE: Final[Mapping[str, Regime]] = {
    "bull": Regime(0.0011, 0.0095, 0.9, 1 / 160, {"sideways": 0.70, "bear": 0.20, "crash": 0.10}),
    "sideways": Regime(0.0001, 0.0085, 0.8, 1 / 90, {"bull": 0.70, "bear": 0.25, "crash": 0.05}),
    "bear": Regime(-0.0012, 0.0150, 1.3, 1 / 70, {"sideways": 0.50, "bull": 0.40, "crash": 0.10}),
    "crash": Regime(-0.0150, 0.0320, 2.4, 1 / 9, {"bull": 0.60, "sideways": 0.40}),
}

_SHOCK: Final = 0.09
_MEMORY: Final = 0.89
"""GARCH(1,1): a bar's variance is 2 % the regime's, 9 % the last surprise's and 89 % the last variance."""


def wander(regimes: Mapping[str, Regime], draws: Floats) -> list[Regime]:
    """The regime of each bar, from the first one named. One draw a bar tells whether it ends and, if so, what follows."""
    current = next(iter(regimes.values()))
    walk = []
    for draw in draws.tolist():
        walk.append(current)
        if draw < current.leave:
            current = regimes[_next(current, draw / current.leave)]
    return walk


def _next(regime: Regime, draw: float) -> str:
    for name, chance in regime.then.items():
        if draw < chance:
            return name
        draw -= chance
    return name


def volatility(moves: Floats, regimes: Sequence[Regime]) -> Floats:
    """Each bar's standard deviation, given the unit moves: large ones are followed by large ones."""
    variance = regimes[0].swing * regimes[0].swing
    sizes = np.empty(len(moves))
    for bar, (move, regime) in enumerate(zip(moves.tolist(), regimes, strict=True)):
        sizes[bar] = variance
        surprise = min(variance * move * move, 60.0 * regime.swing * regime.swing)
        variance = (1.0 - _SHOCK - _MEMORY) * regime.swing * regime.swing + _SHOCK * surprise + _MEMORY * variance
    return np.sqrt(sizes)
