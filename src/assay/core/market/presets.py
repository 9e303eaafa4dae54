"""Stretches that are worth testing on: of the bundled sample, by the regime that generated them, and of real markets, by what happened."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from assay.core.market.episodes import EPISODES
from assay.core.market.preset import Preset
from assay.core.market.sample import COINS

_COINS: Final = tuple(f"synthetic:{coin.symbol}" for coin in COINS)


def _at(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


BUNDLED: Final = (
    Preset(
        "bull-2023", "Bull market, 2023", "bull", "Four months upwards: the synthetic BTC more than doubles.",
        _at(2023, 1, 11, 2), _at(2023, 5, 22, 3), instruments=_COINS, regimes=("bull",),
    ),
    Preset(
        "bull-2024", "Bull market, 2024", "bull", "Four months upwards, faster than the year before.",
        _at(2023, 12, 16, 3), _at(2024, 4, 18, 22), instruments=_COINS, regimes=("bull",),
    ),
    Preset(
        "sideways-2024", "Sideways, August 2024", "sideways", "A month without a drift; what is won or lost in it is chance.",
        _at(2024, 8, 1, 5), _at(2024, 9, 1, 23), instruments=_COINS, regimes=("sideways",),
    ),
    Preset(
        "crash-2024", "Crash, November 2024", "crash", "A third of the value in three days, and two quiet weeks after it.",
        _at(2024, 11, 20, 14), _at(2024, 12, 6, 16), instruments=_COINS, regimes=("crash", "sideways"),
    ),
    Preset(
        "crash-2023", "Long decline, 2023", "crash", "Two and a half months downwards that end in a crash.",
        _at(2023, 9, 9, 7), _at(2023, 11, 20, 11), instruments=_COINS, regimes=("bear", "crash"),
    ),
    Preset(
        "recovery-2024", "Recovery, summer 2024", "recovery", "A decline of three weeks, and the rise that follows it.",
        _at(2024, 6, 3, 4), _at(2024, 8, 1, 5), instruments=_COINS, regimes=("bear", "bull"),
    ),
    Preset(
        "all", "Everything", "all", "Two years of hours, whole.", _at(2023, 1, 1), _at(2025, 1, 1), instruments=_COINS, regimes=(),
    ),
)  # fmt: skip
PRESETS: Final = (*BUNDLED, *EPISODES)
