"""A place in a JSON document: its value, its path, and the list that everything wrong goes to.

Reading never stops at the first problem. What could not be read is replaced by something that no later check complains about (a
number by NaN, a condition by an empty `all`), so that each mistake is reported once, and all in one go.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from assay.core.domain.errors import Problem
from assay.core.domain.nearest import nearest
from assay.core.indicators.series import Number, Ref
from assay.core.strategy import bounds
from assay.core.strategy.json_text import Json, key_path

UNREAD: Final = math.nan

_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_REF: Final = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)\Z")
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Node:
    value: Json
    path: str
    problems: list[Problem]

    def refuse(self, code: str, message: str) -> None:
        self.problems.append(Problem(self.path, code, message))

    def expected(self, what: str) -> None:
        self.refuse("type", f"expected {what}, got {shown(self.value)}")

    def fields(self, required: tuple[str, ...], optional: tuple[str, ...] = (), later: tuple[str, ...] = ()) -> dict[str, Node]:
        """The members of an object; keys that are missing, unknown, or `later` (not built yet) are problems.

        An optional key with null is as good as absent.
        """
        if not isinstance(self.value, dict):
            self.expected("an object")
            return {}
        members: dict[str, Node] = {}
        for key, node in self.members():
            if key in later:
                node.not_yet(key)
            elif key not in required and key not in optional:
                node.refuse("unknown_key", unknown(key, (*required, *optional), "key"))
            elif node.value is not None or key in required:
                members[key] = node
        for key in required:
            if key not in members:
                self.problems.append(Problem(key_path(self.path, key), "missing", f"{key!r} is missing"))
        return members

    def not_yet(self, key: str) -> None:
        if self.value is not None:
            self.refuse("not_yet", f"{key!r} comes in a later version of Assay; remove it for now")

    def members(self) -> Iterator[tuple[str, Node]]:
        if not isinstance(self.value, dict):
            self.expected("an object")
            return
        for key, value in self.value.items():
            yield key, Node(value, key_path(self.path, key), self.problems)

    def items(self, most: int, what: str) -> list[Node]:
        """The items of a list of at most `most`."""
        if not isinstance(self.value, list):
            self.expected(f"a list of {what}")
            return []
        if len(self.value) > most:
            self.refuse("limit", f"{len(self.value):,} {what} are too many; there may be {most}")
            return []
        return [Node(value, f"{self.path}[{index}]", self.problems) for index, value in enumerate(self.value)]

    def text(self, longest: int, *, lines: bool = False) -> str:
        if not isinstance(self.value, str):
            self.expected("a string")
            return ""
        if len(self.value) > longest:
            self.refuse("limit", f"{len(self.value):,} characters are too many; there may be {longest:,}")
        if not lines and ("\n" in self.value or "\t" in self.value):
            self.refuse("text", "a line break or a tabulator does not belong here; write one line")
        return self.value

    def identifier(self) -> str:
        name = self.text(bounds.IDENTIFIER)
        if isinstance(self.value, str):
            check_identifier(self, name)
        return name

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            self.expected("true or false")
            return False
        return self.value

    def integer(self, low: int, high: int) -> int:
        value = self.plain_number()
        if math.isnan(value):
            return low
        if value != int(value) or not low <= value <= high:
            self.refuse("bounds", f"{value!r} is out of bounds: a whole number from {low:,} to {high:,}")
            return low
        return int(value)

    def plain_number(self) -> int | float:
        """A number that cannot be a parameter; integral ones are int, however they were written."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            self.expected("a number")
            return UNREAD
        return as_written(self.value)

    def number(self) -> Number:
        """A number or a `$parameter`."""
        if isinstance(self.value, str):
            found = _REF.match(self.value)
            if found:
                return Ref(found.group(1))
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            self.expected("a number or a $parameter")
            return UNREAD
        return float(self.value)

    def whole(self) -> int | Ref:
        """A whole number or a `$parameter`; 1 where it could not be read."""
        value = self.number()
        if isinstance(value, Ref):
            return value
        if math.isnan(value):
            return 1
        if value != int(value):
            self.refuse("type", f"expected a whole number, got {value!r}")
            return 1
        return int(value)

    def one_of(self, choices: type[E], default: E, what: str) -> E:
        if isinstance(self.value, str):
            for choice in choices:
                if choice.value == self.value:
                    return choice
            self.refuse("unknown", unknown(self.value, tuple(choice.value for choice in choices), what))
        else:
            self.expected(f"one of {', '.join(choice.value for choice in choices)}")
        return default


def as_written(value: int | float) -> int | float:
    """10.0 is 10: they are one JSON number, and one canonical form."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) <= bounds.INTEGER else value


def check_identifier(node: Node, name: str) -> None:
    """Refuse a name that a formula could not write."""
    if not _IDENTIFIER.match(name) or len(name) > bounds.IDENTIFIER:
        message = f"{shown(name)} is not a name; use letters, digits and _, not a digit first, at most {bounds.IDENTIFIER}"
        node.refuse("name", message)


def unknown(name: str, known: tuple[str, ...], what: str) -> str:
    """`'whem' is not a key here; did you mean 'when'?`, or what there is."""
    article = "an" if what[0] in "aeiou" else "a"
    return f"{shown(name)} is not {article} {what} here; {nearest(name, known)}"


def shown(value: Json) -> str:
    """A value for a message: short, and quoted where it is text."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return repr(value) if len(value) <= 80 else f"{value[:80]!r}…"
        case Mapping():
            return "an object"
        case list():
            return "a list"
        case _:
            return repr(value)
