"""A formula is cut into tokens before anything reads it: what is no token of ours is refused with its column.

There are no strings, brackets or attributes to refuse later, because there are no tokens for them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LONGEST: Final = 2_000

_TOKEN: Final = re.compile(
    r"(?P<blank>[ \t\r\n]+)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<parameter>\$[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?)"
    r"|(?P<operator>\*\*|<=|>=|==|!=|[-+*/()<>,])"
)
_WORDS: Final = frozenset({"and", "or", "not"})
# Names of Python's grammar mean nothing here; said so, they explain the mistake better than "unknown name" does.
_PYTHON: Final = frozenset(
    {"True", "False", "None", "if", "else", "for", "in", "is", "lambda", "import", "from", "yield", "await", "async", "del", "def",
     "class", "return", "while", "with", "as", "assert", "global", "nonlocal", "pass", "raise", "try"}
)  # fmt: skip


class FormulaError(Exception):
    """A formula that is refused: the column counts from 1."""

    def __init__(self, column: int, code: str, message: str) -> None:
        super().__init__(message)
        self.column = column
        self.code = code
        self.message = message


class Sort(StrEnum):
    NUMBER = "number"
    PARAMETER = "parameter"
    NAME = "name"
    OPERATOR = "operator"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    sort: Sort
    text: str
    column: int


def tokens(text: str) -> list[Token]:
    """All tokens of a formula and an END. Raises FormulaError."""
    if len(text) > LONGEST:
        raise FormulaError(1, "limit", f"{len(text)} characters are too many; a formula may have {LONGEST:,}")
    found: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise FormulaError(position + 1, "syntax", _unexpected(text[position]))
        sort, piece = str(match.lastgroup), match.group()
        if sort != "blank":
            found.append(_token(sort, piece, position + 1, found))
        position = match.end()
    found.append(Token(Sort.END, "", len(text) + 1))
    return found


def _token(sort: str, piece: str, column: int, before: list[Token]) -> Token:
    if piece in _PYTHON:
        raise FormulaError(column, "syntax", f"{piece!r} is not part of a formula; there are numbers, names, and, or, not and functions")
    last = before[-1] if before else None
    if last and sort != "operator" and last.column + len(last.text) == column and (last.sort is not Sort.OPERATOR or last.text in _WORDS):
        raise FormulaError(column, "syntax", f"{piece!r} follows {last.text!r} without a blank or an operator")
    return Token(Sort.OPERATOR if piece in _WORDS else Sort(sort), piece, column)


def _unexpected(character: str) -> str:
    if character in "\"'":
        return "a formula has no strings; write numbers, names and functions"
    if character in "[]":
        return "a formula has no brackets; for an earlier value write shift(x, n)"
    if character == ".":
        return "a formula has no attributes; write functions as name(x, n)"
    if character == "=":
        return "'=' compares nothing; write == to compare"
    if character == "$":
        return "'$' must be followed by the name of a parameter"
    shown = character if character.isascii() and character.isprintable() else f"U+{ord(character):04X}"
    return f"{shown!r} is not part of a formula; use ASCII letters, digits and + - * / ** < <= > >= == != ( ) ,"
