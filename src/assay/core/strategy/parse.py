"""A strategy document is read completely or refused with every problem it has, each with its place.

First the shape is read (keys, types, words), then the sense is checked (names, bounds, sums): `shape` errors do not hide `sense` errors
in the rest of the document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import partial
from typing import Final, TypeVar

from assay.core.domain.errors import StrategyError
from assay.core.domain.instrument import InstrumentId
from assay.core.domain.timeframe import Timeframe
from assay.core.indicators.series import BAR_COLUMNS, Formula, Indicator, Number, Ref, Series
from assay.core.strategy import bounds
from assay.core.strategy.actions import read_then
from assay.core.strategy.checks import check_parameters, check_values
from assay.core.strategy.conditions import UNREAD_CONDITION, read_condition, read_vetoes
from assay.core.strategy.document import Action, Document, Limits, Parameter, Rule, Then
from assay.core.strategy.json_text import read
from assay.core.strategy.names import check_names
from assay.core.strategy.node import Node, as_written, check_identifier, shown
from assay.core.strategy.problems import Problems
from assay.core.strategy.timeframes import check_timeframes

SCHEMA: Final = "assay/strategy@1"
LIMITS: Final = tuple(field.name for field in fields(Limits))
LATER_SERIES: Final = ("model",)
UNREAD_SERIES: Final = Indicator("", (), ())

T = TypeVar("T")


def parse(source: str | bytes | Mapping[str, object]) -> Document:
    """Read a document from JSON text or plain values. Raises StrategyError with all its problems."""
    problems = Problems()
    document = _read_document(Node(read(source), "", problems))
    if document is not None:
        check_timeframes(document, problems)
        check_names(document, problems)
        check_parameters(document, problems)
        check_values(document, problems)
    if problems:
        raise StrategyError(problems)
    assert document is not None, "what is not read has a problem"
    return document


def _read_document(node: Node) -> Document | None:
    if not isinstance(node.value, dict):
        node.expected("a strategy document, which is an object")
        return None
    members = node.fields(
        ("schema", "name", "timeframe", "universe", "rules"), ("description", "parameters", "series", "limits"), later=("agent",)
    )
    if "schema" in members and members["schema"].value != SCHEMA:
        members["schema"].refuse("schema", f"{shown(members['schema'].value)} is not known; write {SCHEMA!r}")
    timeframe = read_timeframe(members["timeframe"]) if "timeframe" in members else ""
    return Document(
        name=_read_name(members["name"]) if "name" in members else "",
        description=members["description"].text(bounds.DESCRIPTION, lines=True) if "description" in members else "",
        timeframe=timeframe,
        universe=_read_universe(members["universe"]) if "universe" in members else (),
        parameters=_named(members.get("parameters"), bounds.PARAMETERS, "parameters", _read_parameter),
        series=_named(members.get("series"), bounds.SERIES, "series", partial(read_series, deciding=timeframe)),
        rules=_read_rules(members["rules"]) if "rules" in members else (),
        limits=read_limits(members["limits"]) if "limits" in members else Limits(),
    )


def _read_name(node: Node) -> str:
    name = node.text(bounds.NAME)
    if isinstance(node.value, str) and not name.strip():
        node.refuse("empty", "a strategy needs a name")
    return name


def read_timeframe(node: Node) -> str:
    """Its name in one spelling; empty where there is none."""
    text = node.text(bounds.IDENTIFIER)
    if isinstance(node.value, str):
        try:
            return Timeframe.parse(text).name
        except ValueError as error:
            node.refuse("unknown", str(error))
    return ""


def _read_universe(node: Node) -> tuple[str, ...]:
    instruments: dict[str, None] = {}
    for item in node.items(bounds.INSTRUMENTS, "instruments"):
        text = item.text(bounds.NAME)
        if not isinstance(item.value, str):
            continue
        try:
            instrument = str(InstrumentId.parse(text))
        except ValueError as error:
            item.refuse("instrument", str(error))
            continue
        if instrument in instruments:
            item.refuse("duplicate", f"{instrument} is in the universe already")
        instruments[instrument] = None
    if node.value == []:
        node.refuse("empty", "a strategy needs an instrument, for example synthetic:BTC/USDT")
    return tuple(instruments)


def _named(node: Node | None, most: int, what: str, read_one: Callable[[Node], T]) -> tuple[tuple[str, T], ...]:
    """An object of named things, in document order."""
    if node is None:
        return ()
    members = list(node.members())
    if len(members) > most:
        node.refuse("limit", f"{len(members):,} {what} are too many; there may be {most}")
        return ()
    for name, member in members:
        check_identifier(member, name)
        if what == "series" and name in BAR_COLUMNS:
            member.refuse("name", f"{name!r} is a column of the bars; call the series something else")
    return tuple((name, read_one(member)) for name, member in members)


def _read_parameter(node: Node) -> Parameter:
    members = node.fields(("value",), ("low", "high", "step"))
    numbers = {key: member.plain_number() for key, member in members.items()}
    return Parameter(numbers.get("value", float("nan")), numbers.get("low"), numbers.get("high"), numbers.get("step"))


def read_series(node: Node, deciding: str) -> Series:
    """An indicator or a formula; `deciding` is the timeframe of the bars that are decided on."""
    if not isinstance(node.value, dict):
        node.expected('a series, as in {"indicator": "sma"} or {"formula": "high - low"}')
        return UNREAD_SERIES
    if node.value.get("model") is not None:
        node.fields((), ("output",), later=LATER_SERIES)
        return UNREAD_SERIES
    if "formula" in node.value:
        members = node.fields(("formula",), ("timeframe",), later=LATER_SERIES)
        text = members["formula"].value
        if isinstance(text, str):
            return Formula(text, _read_coarser(members, deciding))
        members["formula"].expected("a formula in a string")
        return UNREAD_SERIES
    members = node.fields(("indicator",), ("inputs", "parameters", "timeframe"), later=LATER_SERIES)
    if "indicator" not in members:
        return UNREAD_SERIES
    return Indicator(
        members["indicator"].text(bounds.IDENTIFIER),
        _read_inputs(members["inputs"]) if "inputs" in members else (),
        _read_settings(members["parameters"]) if "parameters" in members else (),
        _read_coarser(members, deciding),
    )


def _read_coarser(members: Mapping[str, Node], deciding: str) -> str | None:
    """The deciding timeframe is what a series has anyway."""
    timeframe = read_timeframe(members["timeframe"]) if "timeframe" in members else ""
    return timeframe if timeframe not in ("", deciding) else None


def _read_inputs(node: Node) -> tuple[str, ...]:
    if node.value == []:
        node.refuse("empty", "no inputs; leave the key out for the indicator's own")
    return tuple(item.text(2 * bounds.IDENTIFIER + 1) for item in node.items(8, "inputs"))


def _read_settings(node: Node) -> tuple[tuple[str, Number], ...]:
    found = [(name, _read_setting(member)) for name, member in node.members()]
    return tuple(sorted(found, key=lambda pair: pair[0]))


def _read_setting(node: Node) -> Number:
    value = node.number()
    return value if isinstance(value, Ref) else as_written(value)


def _read_rules(node: Node) -> tuple[Rule, ...]:
    rules = []
    seen: set[str] = set()
    for item in node.items(bounds.RULES, "rules"):
        rule = _read_rule(item)
        if rule.id and rule.id in seen:
            item.refuse("duplicate", f"there is a rule {rule.id!r} already; give each its own id")
        seen.add(rule.id)
        rules.append(rule)
    return tuple(rules)


def _read_rule(node: Node) -> Rule:
    members = node.fields(("id", "when", "then"), ("name", "enabled", "priority", "unless"))
    return Rule(
        id=members["id"].identifier() if "id" in members else "",
        name=members["name"].text(bounds.NAME) if "name" in members else "",
        enabled=members["enabled"].flag() if "enabled" in members else True,
        priority=members["priority"].integer(-1_000_000, 1_000_000) if "priority" in members else 0,
        when=read_condition(members["when"]) if "when" in members else UNREAD_CONDITION,
        unless=read_vetoes(members["unless"]) if "unless" in members else (),
        then=read_then(members["then"]) if "then" in members else Then(Action.EXIT),
    )


def read_limits(node: Node) -> Limits:
    """What a session may do at most; a cooldown of no bars says nothing."""
    members = node.fields((), LIMITS)
    counts = {key: members[key].whole() for key in ("max_open_positions", "cooldown_bars", "stop_after_losses") if key in members}
    return Limits(
        leverage=members["leverage"].number() if "leverage" in members else 1.0,
        max_open_positions=counts.get("max_open_positions"),
        max_drawdown=members["max_drawdown"].number() if "max_drawdown" in members else None,
        daily_loss=members["daily_loss"].number() if "daily_loss" in members else None,
        cooldown_bars=counts.get("cooldown_bars") or None,
        stop_after_losses=counts.get("stop_after_losses"),
        safety_mode="safety_mode" in members and members["safety_mode"].flag(),
    )
