"""How large a strategy document may be; beyond these it is refused before anything is made of it."""

from __future__ import annotations

from typing import Final

BYTES: Final = 256 * 1024
DEPTH: Final = 32
VALUES: Final = 20_000
INTEGER: Final = 2**53 - 1
"""The largest integer that every JSON reader reads alike."""

RULES: Final = 62
"""The kernel keeps which of them hold as bits of one integer."""

SERIES: Final = 256
PARAMETERS: Final = 256
INSTRUMENTS: Final = 256
TAKE_PROFITS: Final = 16
RUNGS: Final = 16
CONDITIONS: Final = 256
"""Conditions of one tree, and vetoes of one rule."""

PROBLEMS: Final = 100

NAME: Final = 200
DESCRIPTION: Final = 10_000
IDENTIFIER: Final = 64
LEVERAGE: Final = 125.0
BARS: Final = 1_000_000
"""The longest time limit or life of an order; years of minutes."""
WINDOW: Final = 10_000
"""The most bars that a condition looks back on: of a trend, of `for` and of `within`."""

WEIGHT: Final = 1e6
SCORE: Final = 1e9
