"""Conditions as they are written: a comparison of operands, or a combination of conditions; each may be asked of several bars."""

from __future__ import annotations

import re
from typing import Final

from assay.core.strategy import bounds
from assay.core.strategy.document import (
    All,
    Any,
    AtLeast,
    Compare,
    Comparison,
    Condition,
    Cross,
    Crossing,
    Held,
    Name,
    Not,
    Operand,
    Part,
    Range,
    Score,
    Trend,
    Veto,
    Within,
)
from assay.core.strategy.node import UNREAD, Node, shown, unknown

WINDOWS: Final = ("for", "within")
_COMBINED: Final = ("all", "any", "not", "at_least", "score")
RANGES: Final = ("between", "outside")
TRENDS: Final = ("rising", "falling")
OPERATORS: Final = (*Compare, *Cross, *RANGES, *TRENDS)
UNREAD_CONDITION: Final = All(())

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?\Z")


def read_condition(node: Node) -> Condition:
    """A tree of conditions; how deep it may be, the reader of JSON has seen to."""
    if not isinstance(node.value, dict):
        node.expected('a condition, as in {"left": "close", "op": ">", "right": 100}')
        return UNREAD_CONDITION
    combined = [key for key in _COMBINED if key in node.value]
    if not combined:
        return _read_leaf(node)
    key = combined[0]
    members = node.fields((key,), WINDOWS)
    return _windowed(_read_combination(key, members[key]), members)


def _read_combination(key: str, node: Node) -> Condition:
    match key:
        case "not":
            return Not(read_condition(node))
        case "all":
            return All(_read_conditions(node, key))
        case "any":
            return Any(_read_conditions(node, key))
        case "at_least":
            members = node.fields(("n", "of"))
            of = _read_conditions(members["of"], key) if "of" in members else ()
            return AtLeast(members["n"].whole(), of) if "n" in members and of else UNREAD_CONDITION
        case _:
            return _read_score(node)


def _read_conditions(node: Node, key: str) -> tuple[Condition, ...]:
    return tuple(read_condition(item) for item in _several(node, key))


def _read_score(node: Node) -> Condition:
    members = node.fields(("of", "at_least"))
    parts = []
    for item in _several(members["of"], "score") if "of" in members else ():
        part = item.fields(("weight", "if"), ("name",))
        weight = part["weight"].number() if "weight" in part else UNREAD
        condition = read_condition(part["if"]) if "if" in part else UNREAD_CONDITION
        parts.append(Part(weight, condition, part["name"].text(bounds.NAME) if "name" in part else ""))
    return Score(tuple(parts), members["at_least"].number() if "at_least" in members else UNREAD)


def _several(node: Node, key: str) -> list[Node]:
    if node.value == []:
        node.refuse("empty", f"{key!r} of nothing decides nothing; put a condition in")
    return node.items(bounds.CONDITIONS, "conditions")


def _windowed(condition: Condition, members: dict[str, Node]) -> Condition:
    """`for` is asked first, `within` of what it answers; of one bar they are what they are about."""
    held = members["for"].whole() if "for" in members else 1
    if held != 1:
        condition = Held(condition, held)
    within = members["within"].whole() if "within" in members else 1
    return condition if within == 1 else Within(condition, within)


def read_vetoes(node: Node) -> tuple[Veto, ...]:
    """`unless`: conditions with a name, which the trace shows."""
    return tuple(_read_veto(item) for item in node.items(bounds.CONDITIONS, "vetoes"))


def read_operand(node: Node) -> Operand:
    """A bare name is a series, `$name` a parameter."""
    if isinstance(node.value, str) and not node.value.startswith("$"):
        if _NAME.match(node.value):
            return Name(node.value)
        node.refuse("name", f"{shown(node.value)} is neither a series, a number nor a $parameter")
        return UNREAD
    if isinstance(node.value, str | int | float) and not isinstance(node.value, bool):
        return node.number()
    node.expected("a series, a number or a $parameter")
    return UNREAD


def _read_veto(node: Node) -> Veto:
    if not isinstance(node.value, dict) or "name" not in node.value:
        node.fields(("name",), tuple(node.value) if isinstance(node.value, dict) else ())
        return Veto("", UNREAD_CONDITION)
    members = dict(node.members())
    condition = {key: value for key, value in node.value.items() if key != "name"}
    name = members["name"].text(bounds.NAME)
    if not name and isinstance(members["name"].value, str):
        members["name"].refuse("empty", "a veto needs a name; the trace shows it")
    return Veto(name, read_condition(Node(condition, node.path, node.problems)))


def _read_leaf(node: Node) -> Condition:
    assert isinstance(node.value, dict)
    op = node.value.get("op")
    if not isinstance(op, str) or op not in OPERATORS:
        members = node.fields(("left", "op"), ("right", "bars", *WINDOWS))
        if "op" in members:
            op_node = members["op"]
            op_node.refuse("unknown", unknown(op, OPERATORS, "comparison")) if isinstance(op, str) else op_node.expected("a string")
        return UNREAD_CONDITION
    if op in TRENDS:
        members = node.fields(("left", "op"), ("bars", *WINDOWS))
        bars = members["bars"].whole() if "bars" in members else 1
        return _windowed(Trend(_operand(members, "left"), op == "rising", bars), members)
    members = node.fields(("left", "op", "right"), WINDOWS)
    left = _operand(members, "left")
    if op in RANGES:
        return _windowed(_read_range(left, op, members.get("right")), members)
    right = _operand(members, "right")
    return _windowed(Crossing(left, Cross(op), right) if op in tuple(Cross) else Comparison(left, Compare(op), right), members)


def _read_range(left: Operand, op: str, right: Node | None) -> Condition:
    if right is None:
        return UNREAD_CONDITION
    ends = right.items(2, "ends") if isinstance(right.value, list) else []
    if len(ends) != 2:
        right.expected("[low, high]")
        return UNREAD_CONDITION
    return Range(left, read_operand(ends[0]), read_operand(ends[1]), op == "outside")


def _operand(members: dict[str, Node], key: str) -> Operand:
    return read_operand(members[key]) if key in members else UNREAD
