"""A formula is cut into tokens before anything reads it: what is no token of ours is refused with its place.

There are no strings, brackets or attributes to refuse later, because there are no tokens for them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

LONGEST: Final = 2_000

_TOKEN: Final = re.compile(
    r"(?P<blank>[ \t\r\n]+)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<parameter>\$[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?)"
    r"|(?P<output>\.[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<operator>\*\*|<=|>=|==|!=|[-+*/%()<>,=])"
)
WORDS: Final = ("and", "or", "not", "if", "else")
# Names of Python's grammar mean nothing here; said so, they explain the mistake better than "unknown name" does.
_PYTHON: Final = frozenset(
    {"True", "False", "None", "for", "in", "is", "lambda", "import", "from", "yield", "await", "async", "del", "def", "elif",
     "class", "return", "while", "with", "as", "assert", "global", "nonlocal", "pass", "raise", "try"}
)  # fmt: skip


class Place(NamedTuple):
    """The characters [start, end) of a formula."""

    start: int
    end: int


class FormulaError(Exception):
    """A formula that is refused, and what of it is to blame."""

    def __init__(self, place: Place, code: str, message: str) -> None:
        super().__init__(message)
        self.place = place
        self.code = code
        self.message = message

    @property
    def column(self) -> int:
        """The first character to blame, counted from 1."""
        return self.place.start + 1

    def where(self, text: str) -> str:
        """`col 5`, `col 5-9`, or `line 2 col 5-9` below the first line: characters counted from 1, both included."""
        begin = text.rfind("\n", 0, self.place.start) + 1
        first, last = self.place.start - begin + 1, self.place.end - begin
        line = text.count("\n", 0, begin)
        columns = f"col {first}-{last}" if last > first else f"col {first}"
        return f"line {line + 1} {columns}" if line else columns


class Sort(StrEnum):
    NUMBER = "number"
    PARAMETER = "parameter"
    NAME = "name"
    OUTPUT = "output"
    OPERATOR = "operator"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    sort: Sort
    text: str
    place: Place


def tokens(text: str) -> list[Token]:
    """All tokens of a formula and an END. Raises FormulaError."""
    if len(text) > LONGEST:
        raise FormulaError(Place(0, 1), "limit", f"{len(text)} characters are too many; a formula may have {LONGEST:,}")
    found: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise FormulaError(Place(position, position + 1), "syntax", _unexpected(text[position]))
        sort, piece = str(match.lastgroup), match.group()
        if sort != "blank":
            found.append(_token(sort, piece, Place(position, match.end()), found))
        position = match.end()
    found.append(Token(Sort.END, "", Place(len(text), len(text) + 1)))
    return found


def _token(sort: str, piece: str, place: Place, before: list[Token]) -> Token:
    if piece in _PYTHON:
        raise FormulaError(
            place, "syntax", f"{piece!r} is not part of a formula; there are numbers, names, {', '.join(WORDS)} and functions"
        )
    last = before[-1] if before else None
    touches = last is not None and last.place.end == place.start and (last.sort is not Sort.OPERATOR or last.text in WORDS)
    if last is not None and touches and sort not in ("operator", "output"):
        raise FormulaError(place, "syntax", f"{piece!r} follows {last.text!r} without a blank or an operator")
    return Token(Sort.OPERATOR if piece in WORDS else Sort(sort), piece, place)


def _unexpected(character: str) -> str:
    if character in "\"'":
        return "a formula has no strings; write numbers, names and functions"
    if character in "[]":
        return "a formula has no brackets; for an earlier value write shift(x, n)"
    if character == ".":
        return "a formula has no attributes; write functions as name(x, n)"
    if character == "$":
        return "'$' must be followed by the name of a parameter"
    if character in "?:":
        return "a choice is written `this if condition else that`"
    if character in "&|!":
        return "conditions are joined by the words and, or, not"
    shown = character if character.isascii() and character.isprintable() else f"U+{ord(character):04X}"
    return f"{shown!r} is not part of a formula; use ASCII letters, digits and + - * / % ** < <= > >= == != ( ) ,"
