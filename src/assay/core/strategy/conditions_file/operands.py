"""A conditions file writes an indicator where it uses it; a document gives it a name and uses the name.

The name follows from what is computed (`ema_50`, `macd.signal`, `rsi_14_4h`), so the same indicator written twice is one series. Where a
document calls it something else, the file says so beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from assay.core.domain.timeframe import Timeframe
from assay.core.indicators import catalog
from assay.core.indicators.series import BAR_COLUMNS, Formula, Indicator, Number, Ref, Series
from assay.core.strategy import bounds
from assay.core.strategy.conditions_file.words import OPERAND, keyed, squashed
from assay.core.strategy.json_text import Json, key_path
from assay.core.strategy.node import Node, as_written
from assay.core.strategy.parse import read_series

_PERIOD: Final = "timeperiod"


def in_full(series: Series) -> Series:
    """With every parameter said, and inputs only where they are not the indicator's own."""
    entry = catalog.find(series.indicator) if isinstance(series, Indicator) else None
    if entry is None or not isinstance(series, Indicator):
        return series
    defaults: dict[str, Number] = {spec.name: spec.default for spec in entry.parameters}
    parameters = tuple(sorted((defaults | dict(series.parameters)).items()))
    return replace(series, parameters=parameters, inputs=() if series.inputs == entry.inputs else series.inputs)


def series_name(series: Series) -> str:
    """What a series is called unless somebody calls it otherwise: equal series have equal names, others others."""
    entry = catalog.find(series.indicator) if isinstance(series, Indicator) else None
    if entry is None or not isinstance(series, Indicator):
        return _hashed("formula" if isinstance(series, Formula) else "series", series)
    given = dict(in_full(series).parameters)  # type: ignore[union-attr]
    values = [given.pop(spec.name) for spec in entry.parameters]
    said = max((place for place, spec in enumerate(entry.parameters, 1) if values[place - 1] != spec.default), default=0)
    words = [entry.id, *(_spelled(value) for value in values[: max(said, _said_anyway(entry.parameters))])]
    words += ["of", *series.inputs] if series.inputs and series.inputs != entry.inputs else []
    words += [series.timeframe] if series.timeframe else []
    name = "_".join(words).replace(".", "_")
    plain = not given and all(word.replace("_", "").isalnum() for word in words) and all("." not in each for each in series.inputs)
    return name if plain and len(name) <= bounds.IDENTIFIER else _hashed(entry.id, series)


def _said_anyway(parameters: tuple[Any, ...]) -> int:
    """`rsi_14`, though 14 is usual: a period is how people tell two averages apart."""
    return 1 if parameters and parameters[0].name == _PERIOD else 0


def _spelled(value: Number) -> str:
    """2.5 is `2p5`, -1 `m1`: letters and digits only, and two values never alike."""
    return repr(as_written(value)).replace("-", "m").replace("+", "").replace(".", "p") if not isinstance(value, Ref) else f"${value.name}"


def _hashed(word: str, series: Series) -> str:
    return f"{word}_{hashlib.sha256(repr(series).encode()).hexdigest()[:12]}"[-bounds.IDENTIFIER :]


def operand_json(name: str, series: Mapping[str, Series]) -> Json:
    """A name of a document as the file writes it: a column by its name, everything else by what it is."""
    base, _, output = name.partition(".")
    if base in BAR_COLUMNS:
        return name
    of = in_full(series[base])
    called: dict[str, Json] = {} if base == series_name(of) else {"name": base}
    coarser: dict[str, Json] = {"timeframe": of.timeframe} if of.timeframe else {}
    if isinstance(of, Formula):
        return {"formula": of.text, **coarser, **called}
    inputs: dict[str, Json] = {"inputs": list(of.inputs)} if of.inputs else {}
    values: dict[str, Json] = {key: as_written(value) for key, value in of.parameters if not isinstance(value, Ref)}
    parameters: dict[str, Json] = {"parameters": values} if values else {}
    chosen: dict[str, Json] = {"output": output} if output else {}
    return {"indicator": of.indicator, **inputs, **parameters, **coarser, **chosen, **called}


@dataclass
class Operands:
    """Names the operands of one entry. `known` are the series of those before it, `declared` those that this one brings.

    `places` says where in the file stands what a problem calls by its place in the document.
    """

    deciding: str
    known: Mapping[str, Series]
    declared: dict[str, Series] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def name(self, node: Node, timeframe: str | None = None) -> Json:
        """The document's form of an operand; what is none is left as it is, for whoever reads conditions to refuse.

        `timeframe` is that of the whole condition, for operands that do not say their own.
        """
        match node.value:
            case dict():
                return self._of_object(node, timeframe)
            case str() if node.value in BAR_COLUMNS:
                coarser = timeframe not in (None, self.deciding)
                return self._declare(Formula(node.value, timeframe), node, None) if coarser else node.value
            case str() if not node.value.startswith("$"):
                indicator, _, output = node.value.partition(".")
                series = in_full(Indicator(indicator.lower(), (), (), None if timeframe == self.deciding else timeframe))
                name = self._declare(series, node, output or None)
                self.places[key_path("series", name.partition(".")[0]) + ".indicator"] = node.path
                return name
            case _:
                return node.value

    def _of_object(self, node: Node, timeframe: str | None) -> Json:
        before = len(node.problems)
        members = keyed(node, (*OPERAND, "name"))
        indicator = members["indicator"].value if "indicator" in members else None
        indicator = indicator.lower() if isinstance(indicator, str) else ""
        series = self._series(node, members, indicator, timeframe)
        output = members["output"].identifier() if "output" in members and isinstance(series, Indicator) else None
        if "output" in members and isinstance(series, Formula):
            members["output"].refuse("not_here", "a formula has one output")
        called = self._called(members["name"]) if "name" in members else None
        if len(node.problems) > before:
            return UNNAMED
        name = self._declare(series, node, output, called)
        if "period" in members:
            of = key_path("series", name.partition(".")[0])
            self.places.setdefault(f"{of}.parameters.{_period(_names(indicator))}", members["period"].path)
        return name

    def _series(self, node: Node, members: Mapping[str, Node], indicator: str, timeframe: str | None) -> Series:
        written = {key: members[key].value for key in ("indicator", "formula", "inputs", "timeframe") if key in members}
        if indicator:
            written["indicator"] = indicator
        parameters = _parameters(members, indicator)
        if parameters is not None:
            written["parameters"] = parameters
        if isinstance(written.get("timeframe"), str):
            written["timeframe"] = spelled_timeframe(str(written["timeframe"]))
        if timeframe is not None and "timeframe" not in written:
            written["timeframe"] = timeframe
        return in_full(read_series(Node(written, node.path, node.problems), self.deciding))

    def _called(self, node: Node) -> str:
        name = node.identifier()
        if name in BAR_COLUMNS:
            node.refuse("name", f"{name!r} is a column of the bars; call the series something else")
        return name

    def _declare(self, series: Series, node: Node, output: str | None, called: str | None = None) -> str:
        name = called or series_name(series)
        other = self.declared.get(name, self.known.get(name, series))
        if other != series:
            Node(None, f"{node.path}.name", node.problems).refuse(
                "duplicate", f"{name!r} is another series already; give this one its own name"
            )
        self.declared.setdefault(name, series)
        self.places.setdefault(key_path("series", name), node.path)
        return f"{name}.{output}" if output else name


UNNAMED: Final = "close"
"""Stands for an operand that was refused."""


def spelled_timeframe(text: str) -> str:
    """`4H` is `4h`; minutes and months differ by nothing but the case, and stay."""
    lower = text.lower()
    return lower if lower.endswith(("h", "d", "w")) and text[:-1].isdigit() else text


def coarser(node: Node) -> str | None:
    """The timeframe of a whole condition; None where it is none, which is refused."""
    if not isinstance(node.value, str):
        node.expected("a timeframe, as in '4h'")
        return None
    try:
        return Timeframe.parse(spelled_timeframe(node.value)).name
    except ValueError as error:
        node.refuse("unknown", str(error))
        return None


def _names(indicator: str) -> tuple[str, ...]:
    entry = catalog.find(indicator)
    return tuple(spec.name for spec in entry.parameters) if entry else ()


def _period(names: tuple[str, ...]) -> str | None:
    """The parameter that `period` means: the one of that name, or the only one."""
    return _PERIOD if _PERIOD in names else names[0] if len(names) == 1 else None


def _parameters(members: Mapping[str, Node], indicator: str) -> Json:
    """With a period under the name that the indicator has for it; None where there are none."""
    names = _names(indicator)
    written: dict[str, Json] = {}
    if "parameters" in members:
        node = members["parameters"]
        if not isinstance(node.value, dict):
            return node.value
        for key, member in node.members():
            name = _PERIOD if key not in names and squashed(key) in ("period", "length") and _PERIOD in names else key
            _put(written, name, key, member)
    if "period" in members and catalog.find(indicator) is not None:
        period = _period(names)
        if period is None:
            message = f"{indicator} has no period" + (f"; write parameters: {', '.join(names)}" if names else "")
            members["period"].refuse("unknown", message)
        else:
            _put(written, period, "period", members["period"])
    return written or None


def _put(written: dict[str, Json], name: str, key: str, member: Node) -> None:
    if name in written:
        member.refuse("duplicate", f"{key!r} and {name!r} are the same thing; keep one")
    written[name] = member.value
