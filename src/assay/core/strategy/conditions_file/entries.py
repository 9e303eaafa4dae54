"""One entry of a conditions file: a condition, alone or combined, with its series. It is read completely or rejected by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from assay.core.domain.errors import Problem
from assay.core.indicators.series import BAR_COLUMNS, Series
from assay.core.strategy import bounds
from assay.core.strategy.checks import check_values
from assay.core.strategy.conditions import RANGES, WINDOWS, read_condition
from assay.core.strategy.conditions_file.operands import Operands, coarser
from assay.core.strategy.conditions_file.words import COMBINED, CONDITION, OPERAND, keyed, operator
from assay.core.strategy.document import Action, Condition, Document, Limits, Part, Rule, Score, Then
from assay.core.strategy.json_text import Json, key_path
from assay.core.strategy.names import check_names
from assay.core.strategy.node import Node
from assay.core.strategy.timeframes import check_timeframes

Declared: TypeAlias = Mapping[str, Series]
_SOMEWHERE: Final = ("anywhere:A/B",)
_PART: Final = "rules[0].when.score.of[0]"
THEN: Final = "rules[0].then"
NONE: Final[Declared] = {}
FREE: Final = Limits()


@dataclass(frozen=True, slots=True)
class Entry:
    """What was read, and the series that it needs."""

    condition: Condition
    name: str
    weight: float
    series: Declared


def read_entry(node: Node, deciding: str, known: Declared, *, weighted: bool = False, named: bool = False) -> Entry | None:
    """The entry, or None and what is wrong with it in the node's problems. `weighted` and `named` ones need what they are called by."""
    problems: list[Problem] = []
    found = Node(node.value, node.path, problems)
    operands = Operands(deciding, known)
    name, weight = "", 1.0
    if isinstance(found.value, dict):
        members = keyed(Node(found.value, found.path, []), ("name", "weight"))
        needed = ("name",) * named + ("weight",) * weighted
        problems += [Problem(key_path(found.path, key), "missing", f"{key!r} is missing") for key in needed if key not in members]
        if "name" in members:
            name = _name(Node(members["name"].value, members["name"].path, problems), needed=named)
        if "weight" in members:
            weight = _weight(Node(members["weight"].value, members["weight"].path, problems), weighted=weighted)
    condition = read_condition(Node(_condition(found, operands, outermost=True), found.path, problems))
    if not problems:
        part = Rule("entry", "", True, 0, Score((Part(weight, condition),), 0.0), (), Then(Action.EXIT))
        places = {_PART: found.path, f"{_PART}.if": found.path, **operands.places}
        problems += checked(part, operands.declared, deciding, places, known=known)
    wrong = once(problems, operands.places)
    node.problems.extend(wrong)
    return None if wrong else Entry(condition, name, weight, operands.declared)


def checked(
    rule: Rule, declared: Declared, deciding: str, places: Mapping[str, str], *, known: Declared = NONE, limits: Limits = FREE
) -> list[Problem]:
    """What a document would say of a rule, and of each of its series by itself unless it is `known`, placed in the file."""
    problems: list[Problem] = []
    for name, series in declared.items():
        if name not in known:
            _check(_document(deciding, {name: series}, (), limits), problems)
    if not problems:
        _check(_document(deciding, declared, (rule,), limits), problems)
    return [Problem(placed(problem.path, places), problem.code, problem.message) for problem in problems]


def placed(path: str, places: Mapping[str, str]) -> str:
    """Where in the file stands what a problem calls by its place in the document."""
    fitting = [place for place in places if path == place or path.startswith((f"{place}.", f"{place}["))]
    longest = max(fitting, key=len, default=None)
    return path if longest is None else places[longest] + path[len(longest) :]


def _check(document: Document, problems: list[Problem]) -> None:
    check_timeframes(document, problems)
    check_names(document, problems)
    check_values(document, problems)


def _document(deciding: str, series: Declared, rules: tuple[Rule, ...], limits: Limits) -> Document:
    return Document("entry", "", deciding, _SOMEWHERE, (), tuple(series.items()), rules, limits)


def once(problems: Iterable[Problem], places: Mapping[str, str]) -> list[Problem]:
    """Each place once, as it is written in the file, with what was found there first."""
    said: dict[str, Problem] = {}
    for problem in problems:
        path = placed(problem.path, places)
        said.setdefault(path, Problem(path, problem.code, problem.message))
    return list(said.values())


def _name(node: Node, *, needed: bool) -> str:
    name = node.text(bounds.NAME)
    if needed and name == "" == node.value:
        node.refuse("empty", "a name is needed here; the trace shows it")
    return name


def _weight(node: Node, *, weighted: bool) -> float:
    if not weighted:
        node.refuse("not_here", "only the conditions of thresholds weigh something")
    return float(node.plain_number())


def _condition(node: Node, operands: Operands, timeframe: str | None = None, *, outermost: bool = False) -> Json:
    """A condition as a document writes it: its operands named, its keys and operator in their one spelling."""
    if not isinstance(node.value, dict):
        return node.value
    members = keyed(node, CONDITION)
    for key in () if outermost else ("name", "weight"):
        if key in members:
            members.pop(key).refuse("not_here", f"a condition inside another has no {key}")
    timeframe = coarser(members["timeframe"]) if "timeframe" in members and "left" in members else timeframe
    combined = next((key for key in COMBINED if key in members), None)
    if combined is None:
        return _leaf(node, members, operands, timeframe)
    written = {key: member.value for key, member in members.items() if key not in ("name", "weight", "timeframe", combined)}
    written[combined] = _combination(combined, members[combined], operands, timeframe)
    return written


def _combination(key: str, node: Node, operands: Operands, timeframe: str | None) -> Json:
    match key, node.value:
        case "not", _:
            return _condition(node, operands, timeframe)
        case "at_least", dict():
            return {name: _each(member, operands, timeframe) if name == "of" else member.value for name, member in node.members()}
        case "score", dict():
            return {name: _parts(member, operands, timeframe) if name == "of" else member.value for name, member in node.members()}
        case _:
            return _each(node, operands, timeframe)


def _each(node: Node, operands: Operands, timeframe: str | None) -> Json:
    if not isinstance(node.value, list):
        return node.value
    return [_condition(item, operands, timeframe) for item in node.items(bounds.CONDITIONS, "conditions")]


def _parts(node: Node, operands: Operands, timeframe: str | None) -> Json:
    if not isinstance(node.value, list):
        return node.value
    parts: list[Json] = []
    for item in node.items(bounds.CONDITIONS, "conditions"):
        members = dict(item.members()) if isinstance(item.value, dict) else {}
        part = {key: _condition(member, operands, timeframe) if key == "if" else member.value for key, member in members.items()}
        parts.append(part if members else item.value)
    return parts


def _leaf(node: Node, members: dict[str, Node], operands: Operands, timeframe: str | None) -> Json:
    written: dict[str, Json] = {key: members[key].value for key in ("bars", *WINDOWS) if key in members}
    if "op" in members:
        op = members["op"].value
        written["op"] = operator(op) if isinstance(op, str) else op
    left = _left(node, members, operands)
    if left is not None:
        operands.places[f"{node.path}.left"] = left.path
        written["left"] = operands.name(left, timeframe)
    if "right" in members:
        right = members["right"]
        operands.places[f"{node.path}.right"] = right.path
        ends = written.get("op") in RANGES and isinstance(right.value, list) and len(right.value) == 2
        written["right"] = [operands.name(end, timeframe) for end in right.items(2, "ends")] if ends else operands.name(right, timeframe)
    return written


def _left(node: Node, members: dict[str, Node], operands: Operands) -> Node | None:
    """The left side may be spread over the condition itself: `{"indicator": "rsi", "period": 14, "op": ">", "value": 70}`."""
    beside: dict[str, Json] = {key: members[key].value for key in OPERAND if key in members and key != "timeframe"}
    if "left" not in members:
        alone: dict[str, Any] = {**beside, **({"timeframe": members["timeframe"].value} if "timeframe" in members else {})}
        return Node(alone, node.path, node.problems) if {"indicator", "formula"} & beside.keys() else None
    left = members["left"]
    if not beside:
        return left
    if not isinstance(left.value, str) or left.value in BAR_COLUMNS or {"indicator", "formula"} & beside.keys():
        for key in beside:
            members[key].refuse("not_here", f"{key} belongs to an indicator; write it inside left")
        return left
    indicator, dot, output = left.value.partition(".")
    chosen: dict[str, Any] = {"output": output} if dot else {}
    return Node({"indicator": indicator, **chosen, **beside}, node.path, node.problems)
