"""The grammar of formulas: Python's operators with Python's precedence, and nothing of Python else.

Comparisons do not chain, and an exponent is a number or a `$parameter`. Parsed by precedence climbing, so that a formula nested as
deep as it may be takes a hundred frames of the stack.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from assay.core.indicators.formula_tokens import FormulaError, Sort, Token, tokens

DEEPEST: Final = 32
MOST_TOKENS: Final = 500
COMPARISONS: Final = frozenset({"<", "<=", ">", ">=", "==", "!="})
_BINDING: Final = {"or": 1, "and": 2, **dict.fromkeys(COMPARISONS, 4), "+": 5, "-": 5, "*": 6, "/": 6, "**": 8}
_NOT: Final = 3
_SIGN: Final = 7


@dataclass(frozen=True, slots=True)
class Literal:
    value: int | float
    column: int


@dataclass(frozen=True, slots=True)
class Param:
    name: str
    column: int


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    column: int


@dataclass(frozen=True, slots=True)
class Unary:
    op: str
    of: Tree
    column: int


@dataclass(frozen=True, slots=True)
class Binary:
    op: str
    left: Tree
    right: Tree
    column: int


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[Tree, ...]
    column: int


Tree: TypeAlias = "Literal | Param | Column | Unary | Binary | Call"


def parse(text: str) -> Tree:
    """Raises FormulaError at the first thing that is not a formula."""
    parser = _Parser(tokens(text))
    tree = parser.expression()
    parser.finish()
    return tree


def walk(tree: Tree) -> Iterator[Tree]:
    """All nodes, parents first, left to right."""
    pending: list[Tree] = [tree]
    while pending:
        node = pending.pop()
        yield node
        match node:
            case Unary(of=of):
                pending.append(of)
            case Binary(left=left, right=right):
                pending += (right, left)
            case Call(arguments=arguments):
                pending += reversed(arguments)
            case _:
                pass


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._at = 0
        self._depth = 0

    def expression(self, binding: int = 0) -> Tree:
        """Everything that binds tighter than `binding`."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise FormulaError(self._next.column, "limit", f"nested deeper than {DEEPEST}; split the formula into several series")
        tree = self._prefix(binding)
        while self._next.sort is Sort.OPERATOR and _BINDING.get(self._next.text, 0) > binding:
            op = self._take()
            if op.text == "**":
                tree = Binary("**", tree, self._exponent(), op.column)
                continue
            tree = Binary(op.text, tree, self.expression(_BINDING[op.text]), op.column)
            if op.text in COMPARISONS and self._is(*COMPARISONS):
                raise self._refuse("comparisons do not chain; write `a < b and b < c`")
        self._depth -= 1
        return tree

    def finish(self) -> None:
        if self._next.sort is not Sort.END:
            raise self._refuse(f"{self._next.text!r} was not expected here; is an operator missing before it?")

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        if self._at > MOST_TOKENS:
            raise FormulaError(token.column, "limit", f"the formula has more than {MOST_TOKENS} parts; split it into several series")
        return token

    def _is(self, *operators: str) -> bool:
        return self._next.sort is Sort.OPERATOR and self._next.text in operators

    def _refuse(self, message: str) -> FormulaError:
        return FormulaError(self._next.column, "syntax", message)

    def _prefix(self, binding: int) -> Tree:
        token = self._next
        if self._is("not"):
            if binding > _NOT:
                raise self._refuse("`not` binds looser than what stands before it; write it in parentheses")
            self._take()
            return Unary("not", self.expression(_NOT), token.column)
        if self._is("-", "+"):
            self._take()
            return Unary(token.text, self.expression(_SIGN), token.column)
        if self._is("("):
            self._take()
            tree = self.expression()
            self._close()
            return tree
        return self._atom()

    def _atom(self) -> Tree:
        token = self._next
        match token.sort:
            case Sort.NUMBER:
                return Literal(_number(self._take()), token.column)
            case Sort.PARAMETER:
                return Param(self._take().text[1:], token.column)
            case Sort.NAME:
                self._take()
                return self._call(token) if self._is("(") else Column(token.text, token.column)
            case Sort.END:
                raise self._refuse("the formula ends where a value was expected")
            case _:
                raise self._refuse(f"{token.text!r} stands where a value was expected")

    def _exponent(self) -> Tree:
        sign = self._take() if self._is("-") else None
        if self._next.sort not in (Sort.NUMBER, Sort.PARAMETER):
            raise FormulaError(self._next.column, "limit", "an exponent must be a number or a $parameter")
        exponent = self._atom()
        if self._is("**"):
            raise FormulaError(self._next.column, "limit", "exponents do not chain; write the power of a power in parentheses")
        return Unary("-", exponent, sign.column) if sign else exponent

    def _call(self, function: Token) -> Tree:
        self._take()
        arguments: list[Tree] = []
        if not self._is(")"):
            arguments.append(self.expression())
            while self._is(","):
                self._take()
                arguments.append(self.expression())
        self._close()
        return Call(function.text, tuple(arguments), function.column)

    def _close(self) -> None:
        if not self._is(")"):
            raise self._refuse("a parenthesis is not closed")
        self._take()


def _number(token: Token) -> int | float:
    if token.text.isdigit():
        if len(token.text) > 15:
            raise FormulaError(token.column, "limit", f"{token.text[:20]}… has too many digits; write it as 1e{len(token.text) - 1}")
        return int(token.text)
    value = float(token.text)
    if value == float("inf"):
        raise FormulaError(token.column, "limit", f"{token.text[:20]} is beyond what a number can hold")
    return value
