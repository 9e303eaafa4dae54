"""How a conditions file spells things: one form is written, and what can only mean the same is read too."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from assay.core.strategy.document import Compare, Cross
from assay.core.strategy.node import Node, unknown

FILE: Final = ("name", "description", "timeframe", "core_pairs", "limits", "long", "short")
BRACKET: Final = ("size", "reference", "stop_loss", "take_profit", "trailing_stop", "time_limit", "limit")
SIDE: Final = ("enabled", "thresholds", "anti_filters", "fasttrack", "exit", *BRACKET, "smart_averaging")
OPERAND: Final = ("indicator", "formula", "inputs", "parameters", "period", "timeframe", "output")
COMBINED: Final = ("all", "any", "not", "at_least", "score")
CONDITION: Final = ("name", "weight", "left", "op", "right", "bars", "for", "within", *OPERAND, *COMBINED)

ALIASES: Final = {
    "pairs": "core_pairs",
    "universe": "core_pairs",
    "exits": "exit",
    "averaging": "smart_averaging",
    "operator": "op",
    "value": "right",
    "params": "parameters",
    "length": "period",
    "timeperiod": "period",
    "tf": "timeframe",
    "interval": "timeframe",
}
"""Other words for a key, squashed; a key stands for itself first."""

OPERATORS: Final[Mapping[str, str]] = {
    "gt": Compare.ABOVE,
    "above": Compare.ABOVE,
    "greater_than": Compare.ABOVE,
    "gte": Compare.AT_LEAST,
    "ge": Compare.AT_LEAST,
    "=>": Compare.AT_LEAST,
    "≥": Compare.AT_LEAST,
    "lt": Compare.BELOW,
    "below": Compare.BELOW,
    "less_than": Compare.BELOW,
    "lte": Compare.AT_MOST,
    "le": Compare.AT_MOST,
    "=<": Compare.AT_MOST,
    "≤": Compare.AT_MOST,
    "=": Compare.EQUAL,
    "eq": Compare.EQUAL,
    "equals": Compare.EQUAL,
    "ne": Compare.UNEQUAL,
    "<>": Compare.UNEQUAL,
    "≠": Compare.UNEQUAL,
    "cross_above": Cross.ABOVE,
    "crossed_above": Cross.ABOVE,
    "crosses_over": Cross.ABOVE,
    "crossover": Cross.ABOVE,
    "cross_below": Cross.BELOW,
    "crossed_below": Cross.BELOW,
    "crosses_under": Cross.BELOW,
    "crossunder": Cross.BELOW,
}


def squashed(word: str) -> str:
    """`fast_track`, `fastTrack` and `FAST-TRACK` are `fasttrack`."""
    return "".join(character for character in word[:64].lower() if character not in "_- ")


def operator(word: str) -> str:
    """The operator that a word stands for; the word itself where it stands for none."""
    spelled = "_".join(word[:64].lower().split())
    return OPERATORS.get(spelled, spelled if spelled.isascii() else word)


@lru_cache(maxsize=64)
def _spelled(keys: tuple[str, ...]) -> dict[str, str]:
    return {other: key for other, key in ALIASES.items() if key in keys} | {squashed(key): key for key in keys}


def keyed(node: Node, keys: tuple[str, ...]) -> dict[str, Node]:
    """The members of an object by the key they stand for; null is as good as absent.

    A key that stands for none is refused, and one that is there already, spelled otherwise; so is what is no object.
    """
    spelled = _spelled(keys)
    found: dict[str, Node] = {}
    for written, member in node.members():
        key = spelled.get(squashed(written))
        if key is None:
            member.refuse("unknown_key", unknown(written, keys, "key"))
        elif key in found:
            member.refuse("duplicate", f"{written!r} and {key!r} are the same thing; keep one")
        elif member.value is not None:
            found[key] = member
    return found
