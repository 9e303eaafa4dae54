"""Conditions as they are written: a comparison of two operands, or `all`, `any`, `not` of conditions."""

from __future__ import annotations

import re
from typing import Final

from assay.core.strategy import bounds
from assay.core.strategy.document import All, Any, Compare, Comparison, Condition, Cross, Crossing, Name, Not, Operand, Range, Trend, Veto
from assay.core.strategy.node import UNREAD, Node, shown, unknown

LATER: Final = ("for", "within", "at_least", "score")
_COMBINED: Final = ("all", "any", "not")
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
    later = [key for key in LATER if node.value.get(key) is not None]
    combined = [key for key in _COMBINED if key in node.value]
    if later and not combined and "op" not in node.value:
        node.fields((), later=LATER)
        return UNREAD_CONDITION
    if not combined:
        return _read_leaf(node)
    members = node.fields((combined[0],), later=LATER)
    if combined[0] == "not":
        return Not(read_condition(members["not"])) if "not" in members else UNREAD_CONDITION
    of = members[combined[0]].items(bounds.CONDITIONS, "conditions")
    if not of and members[combined[0]].value == []:
        members[combined[0]].refuse("empty", f"{combined[0]!r} of nothing decides nothing; put a condition in")
    conditions = tuple(read_condition(item) for item in of)
    return All(conditions) if combined[0] == "all" else Any(conditions)


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
        members = node.fields(("left", "op"), ("right", "bars"), LATER)
        if "op" in members:
            op_node = members["op"]
            op_node.refuse("unknown", unknown(op, OPERATORS, "comparison")) if isinstance(op, str) else op_node.expected("a string")
        return UNREAD_CONDITION
    if op in TRENDS:
        members = node.fields(("left", "op"), ("bars",), LATER)
        bars = members["bars"].integer(1, bounds.TREND) if "bars" in members else 1
        return Trend(_operand(members, "left"), op == "rising", bars)
    members = node.fields(("left", "op", "right"), (), LATER)
    left = _operand(members, "left")
    if op in RANGES:
        return _read_range(left, op, members.get("right"))
    right = _operand(members, "right")
    return Crossing(left, Cross(op), right) if op in tuple(Cross) else Comparison(left, Compare(op), right)


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
