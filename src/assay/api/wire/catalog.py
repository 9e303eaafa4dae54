"""What there is to choose from."""

from __future__ import annotations

from typing import Any, Literal

from assay.api.wire.message import Amount, Fraction, Instant, Wire
from assay.core.domain.instrument import InstrumentKind
from assay.core.market.preset import Market, PresetKind


class VenueProblem(Wire):
    """Why a venue did not say what it lists when it was last asked."""

    code: str
    message: str


class Venue(Wire):
    """Where instruments are from. `fetches` is whether it can be asked for bars, on `timeframes`; `streams` whether it tells prices live.

    `stored` counts instruments that bars are stored of, `listed` those that it listed at `listed_at`; both None where it was never asked.
    """

    id: str
    name: str
    kind: Literal["bundled", "imported", "exchange", "broker", "data"]
    description: str
    fetches: bool
    timeframes: list[str]
    streams: bool
    stored: int
    listed: int | None
    listed_at: Instant | None
    problem: VenueProblem | None


class Instrument(Wire):
    """`timeframes` are those that bars are stored of. What its venue was not asked, or does not say, is None; fees are fractions."""

    id: str
    venue: str
    symbol: str
    timeframes: list[str]
    name: str
    base: str
    quote: str
    kind: InstrumentKind | None
    calendar: str | None
    tick: Amount | None
    lot: Amount | None
    minimum_notional: Amount | None
    maker_fee_rate: Amount | None
    taker_fee_rate: Amount | None
    listed: bool
    active: bool | None


class Asset(Wire):
    """An instrument as a form offers it. `available` is whether bars are stored of it, from `lookback_min` to `lookback_max`.

    `icon` is the name of a sign for it: what is traded, in small letters. `status` is whether it must be fetched first, or trades no more.
    """

    id: str
    name: str
    icon: str
    venue: str
    available: bool
    lookback_min: Instant | None
    lookback_max: Instant | None
    status: Literal["stored", "listed", "inactive"]


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


class FormulaArgument(Wire):
    """`default` is None where it must be given, a column's name or a number else; the bounds are None for a series."""

    name: str
    takes: Literal["series", "whole", "number"]
    default: str | float | None
    low: float | None
    high: float | None


class FormulaFunction(Wire):
    """`more` says that the last argument may be repeated, `walks` that each bar looks at its whole window again."""

    name: str
    group: str
    signature: str
    arguments: list[FormulaArgument]
    more: bool
    meaning: str
    example: str
    outputs: list[str]
    walks: bool


class FormulaForm(Wire):
    written: str
    meaning: str


class FormulaLimit(Wire):
    name: str
    most: int
    meaning: str


class FormulaLanguage(Wire):
    """All that a formula may be made of, besides the strategy's own series and parameters."""

    columns: list[str]
    keywords: list[str]
    forms: list[FormulaForm]
    functions: list[FormulaFunction]
    limits: list[FormulaLimit]


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
