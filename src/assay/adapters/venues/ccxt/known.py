"""What is known of a venue before ccxt is imported, which takes a second: enough to list it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from assay.core.domain.timeframe import NAMES


@dataclass(frozen=True, slots=True)
class Known:
    """A venue whose wire is read here.

    `markets` are those of its markets that are loaded, by ccxt's name. `spot_mark` stands in the address of every socket of its spot
    market and of no other: `BTCUSDT` is the name of both a coin and its perpetual there, and a message does not say which.
    """

    name: str
    timeframes: tuple[str, ...]
    markets: tuple[str, ...]
    spot_mark: str


KNOWN: Final[Mapping[str, Known]] = {
    "binance": Known("Binance", NAMES, ("spot", "linear"), "/stream"),
    "bybit": Known("Bybit", tuple(name for name in NAMES if name not in ("8h", "3d")), ("spot", "linear"), "/spot"),
}
"""By id, which is ccxt's."""
