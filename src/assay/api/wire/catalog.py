"""What there is to choose from."""

from __future__ import annotations

from typing import Any, Literal

from assay.api.wire.message import Fraction, Instant, Wire
from assay.core.market.preset import Market, PresetKind


class Venue(Wire):
    id: str
    name: str
    kind: Literal["bundled", "imported"]
    description: str


class Instrument(Wire):
    """`timeframes` are those that bars are stored of."""

    id: str
    venue: str
    symbol: str
    timeframes: list[str]


class TimeframeItem(Wire):
    id: str
    name: str
    minutes: int


class Preset(Wire):
    """A stretch of time worth testing on. `start` and `end` bound open times, the end excluded.

    `yardstick` stands for its market, which went by `change` (its last close over its first open; None for the bundled bars).
    `instruments` are those of the market whose stored bars cover it; `available` says that there are some.
    """

    id: str
    name: str
    kind: PresetKind
    description: str
    start: Instant
    end: Instant
    market: Market
    yardstick: str | None
    change: Fraction | None
    instruments: list[str]
    available: bool


class Speed(Wire):
    """Bars a second of a playback; None is as fast as it goes."""

    id: str
    name: str
    bars_per_second: float | None


class IndicatorParameter(Wire):
    name: str
    label: str
    kind: Literal["integer", "real", "ma_type"]
    default: float
    low: float
    high: float


class Indicator(Wire):
    """`pane` says where it is drawn: over the price, or below it."""

    id: str
    name: str
    group: str
    inputs: list[str]
    parameters: list[IndicatorParameter]
    outputs: list[str]
    pane: Literal["price", "own"]


class Template(Wire):
    id: str
    name: str
    description: str
    timeframe: str
    universe: list[str]
    document: dict[str, Any]


class Convention(Wire):
    """A peer's way to fill and to count, by which its published results can be reproduced."""

    id: str
    name: str


class Catalog(Wire):
    """Everything small, in one answer, for the first paint."""

    venues: list[Venue]
    timeframes: list[TimeframeItem]
    presets: list[Preset]
    speeds: list[Speed]
    conventions: list[Convention]
