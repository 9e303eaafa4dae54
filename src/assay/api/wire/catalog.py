"""What there is to choose from."""

from __future__ import annotations

from typing import Any, Literal

from assay.api.wire.message import Instant, Wire


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
    """A stretch of time worth testing on. `start` and `end` bound open times, the end excluded; `instruments` are covered then."""

    id: str
    name: str
    kind: Literal["bull", "crash", "sideways", "recovery", "all"]
    description: str
    start: Instant
    end: Instant
    instruments: list[str]


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
