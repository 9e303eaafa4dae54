"""`then` as it is written: the action, and the size and bracket that go with an entry."""

from __future__ import annotations

from typing import Final

from assay.core.strategy import bounds
from assay.core.strategy.document import (
    ENTRIES,
    Action,
    Fraction,
    Level,
    LimitEntry,
    Number,
    Price,
    Reference,
    Rung,
    TakeProfit,
    Then,
    Times,
    TrailingStop,
)
from assay.core.strategy.node import UNREAD, Node

_BRACKET: Final = ("reference", "stop_loss", "take_profit", "trailing_stop", "time_limit", "scale_in")
EVERYTHING: Final = ("size", "value", *_BRACKET, "limit")
_TAKES: Final = {
    **dict.fromkeys(ENTRIES, ("size", *_BRACKET, "limit")),
    Action.TARGET: ("size", "value", *_BRACKET),
}


def read_then(node: Node) -> Then:
    """The action says what may go with it: an exit has no size, and only an entry may be a limit order."""
    members = node.fields(("action",), EVERYTHING)
    if "action" not in members:
        return Then(Action.EXIT)
    before = len(node.problems)
    action = members.pop("action").one_of(Action, Action.EXIT, "action")
    if len(node.problems) > before:
        return Then(Action.EXIT)
    takes = _TAKES.get(action, ())
    for key in [key for key in members if key not in takes]:
        members.pop(key).refuse("not_here", f"{action.value} takes no {key}" + (f"; it takes {', '.join(takes)}" if takes else ""))
    return Then(
        action,
        size=_read_size(node, members, action),
        reference=members["reference"].one_of(Reference, Reference.FILL, "reference") if "reference" in members else Reference.FILL,
        stop_loss=_level(members, "stop_loss"),
        take_profit=_read_take_profits(members["take_profit"]) if "take_profit" in members else (),
        trailing_stop=_read_trailing_stop(members["trailing_stop"]) if "trailing_stop" in members else None,
        time_limit=members["time_limit"].whole() if "time_limit" in members else None,
        scale_in=_read_rungs(members["scale_in"]) if "scale_in" in members else (),
        limit=_read_limit(members["limit"]) if "limit" in members else None,
    )


def _read_size(node: Node, members: dict[str, Node], action: Action) -> Number:
    """An entry holds all it may unless told otherwise; a target must say its value, which it may call `value`."""
    if "size" in members and "value" in members:
        members["value"].refuse("duplicate", "size and value are the same thing; keep one")
    if action is Action.TARGET and "size" not in members and "value" not in members:
        node.refuse("missing", "'size' is missing: the signed share of equity to hold, 0 for none")
        return UNREAD
    return _number(members, "size", _number(members, "value", 1.0))


def read_level(node: Node) -> Level:
    """A fraction of the reference, `{"price": p}`, or `{"series": name, "times": k}`."""
    if not isinstance(node.value, dict):
        return Fraction(node.number())
    if "series" in node.value:
        members = node.fields(("series", "times"))
        series = members["series"].text(2 * bounds.IDENTIFIER + 1) if "series" in members else ""
        return Times(series, _number(members, "times", UNREAD))
    members = node.fields(("price",))
    return Price(_number(members, "price", UNREAD))


def _number(members: dict[str, Node], key: str, default: Number) -> Number:
    return members[key].number() if key in members else default


def _level(members: dict[str, Node], key: str) -> Level | None:
    return read_level(members[key]) if key in members else None


def _read_take_profits(node: Node) -> tuple[TakeProfit, ...]:
    if not isinstance(node.value, list):
        return (TakeProfit(read_level(node), 1.0),)
    return tuple(_read_take_profit(item) for item in node.items(bounds.TAKE_PROFITS, "take-profits"))


def _read_take_profit(node: Node) -> TakeProfit:
    members = node.fields(("at", "share"))
    return TakeProfit(_level(members, "at") or Fraction(UNREAD), _number(members, "share", UNREAD))


def _read_trailing_stop(node: Node) -> TrailingStop:
    if not isinstance(node.value, dict) or ("distance" not in node.value and {"series", "price"} & set(node.value)):
        return TrailingStop(read_level(node), None)
    members = node.fields(("distance",), ("activation",))
    return TrailingStop(_level(members, "distance") or Fraction(UNREAD), _level(members, "activation"))


def _read_rungs(node: Node) -> tuple[Rung, ...]:
    rungs = []
    for item in node.items(bounds.RUNGS, "rungs"):
        members = item.fields(("at", "size"))
        rungs.append(Rung(_number(members, "at", UNREAD), _number(members, "size", UNREAD)))
    return tuple(rungs)


def _read_limit(node: Node) -> LimitEntry:
    members = node.fields(("offset",), ("bars",))
    return LimitEntry(_number(members, "offset", UNREAD), members["bars"].whole() if "bars" in members else 1)
