"""What there is to choose from, as it goes over the wire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, Literal

from assay.api.wire.catalog import (
    Convention,
    Indicator,
    IndicatorParameter,
    Preset,
    Speed,
    Template,
    TimeframeItem,
)
from assay.core.domain.account import CONVENTIONS
from assay.core.domain.timeframe import NAMES, Timeframe
from assay.core.indicators import catalog
from assay.core.indicators.entry import Entry
from assay.core.market.presets import PRESETS
from assay.runtime.records import Coverage

_UNITS: Final = {"m": "minute", "h": "hour", "d": "day", "w": "week", "M": "month"}
_CONVENTIONS: Final = {
    "assay": "Assay",
    "backtesting.py": "backtesting.py",
    "backtesting.py-finalize": "backtesting.py, closing what is open at the end",
    "backtesting.py-readme": "backtesting.py, as its README was computed",
}
_ON_PRICE: Final = frozenset({"Overlap Studies", "Price Transform"})
_ALSO_ON_PRICE: Final = frozenset(
    {"max", "min", "minmax", "linearreg", "linearreg_intercept", "tsf", "percentile", "vwap", "anchored_vwap"},
)
_NOT_ON_PRICE: Final = frozenset({"avgdev"})

SPEEDS: Final = (
    Speed(id="1", name="1 bar a second", bars_per_second=1.0),
    Speed(id="5", name="5 bars a second", bars_per_second=5.0),
    Speed(id="20", name="20 bars a second", bars_per_second=20.0),
    Speed(id="100", name="100 bars a second", bars_per_second=100.0),
    Speed(id="max", name="As fast as it goes", bars_per_second=None),
)


def timeframes() -> list[TimeframeItem]:
    """All of them, from short to long."""
    return [TimeframeItem(id=name, name=_spelled(name), minutes=Timeframe(name).minutes) for name in NAMES]


def presets(stored: Iterable[Coverage]) -> list[Preset]:
    """All of them, each with the instruments whose bars cover it."""
    spans = [(of.instrument, of.first_at, Timeframe.parse(of.timeframe).closed_at(of.last_at)) for of in stored]
    covering = {
        preset.id: list(
            dict.fromkeys(name for name, first, end in spans if first <= preset.start and end >= preset.end and preset.is_about(name))
        )
        for preset in PRESETS
    }
    return [
        Preset(
            id=preset.id,
            name=preset.name,
            kind=preset.kind,
            description=preset.description,
            start=preset.start,
            end=preset.end,
            market=preset.market,
            yardstick=preset.yardstick,
            change=preset.change,
            instruments=covering[preset.id],
            available=bool(covering[preset.id]),
        )
        for preset in PRESETS
    ]


def conventions() -> list[Convention]:
    """Those that a document can run under."""
    return [Convention(id=name, name=_CONVENTIONS[name]) for name in CONVENTIONS if name in _CONVENTIONS]


@lru_cache(maxsize=1)
def indicators() -> list[Indicator]:
    """The whole catalog; built once."""
    return [_indicator(entry) for entry in catalog.all_indicators()]


def template(name: str, document: Mapping[str, Any]) -> Template:
    """A bundled strategy by its name."""
    return Template(
        id=name,
        name=document["name"],
        description=document.get("description") or "",
        timeframe=document["timeframe"],
        universe=document["universe"],
        document=dict(document),
    )


def pane(entry: Entry) -> Literal["price", "own"]:
    """Over the price where the values are prices."""
    over = (entry.group in _ON_PRICE or entry.id in _ALSO_ON_PRICE) and entry.id not in _NOT_ON_PRICE
    return "price" if over else "own"


def _spelled(name: str) -> str:
    count, unit = int(name[:-1]), _UNITS[name[-1]]
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _indicator(entry: Entry) -> Indicator:
    return Indicator(
        id=entry.id,
        name=entry.name,
        group=entry.group,
        inputs=list(entry.inputs),
        parameters=[
            IndicatorParameter(name=spec.name, label=spec.label, kind=spec.kind.value, default=spec.default, low=spec.low, high=spec.high)
            for spec in entry.parameters
        ],
        outputs=list(entry.outputs),
        pane=pane(entry),
    )
