"""The grammar of formulas: Python's operators with Python's precedence, and nothing of Python else.

Comparisons do not chain, and an exponent is a number or a `$parameter`. Parsed by precedence climbing, so that a formula nested as
deep as it may be takes a hundred frames of the stack.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from assay.core.indicators.formula_signature import Function
from assay.core.indicators.formula_tokens import FormulaError, Place, Sort, Token, tokens

DEEPEST: Final = 32
MOST_TOKENS: Final = 500
COMPARISONS: Final = ("<", "<=", ">", ">=", "==", "!=")
_CHOICE: Final = 1
_NOT: Final = 4
_SIGN: Final = 8
_BINDING: Final = {
    "if": _CHOICE, "or": 2, "and": 3, **dict.fromkeys(COMPARISONS, 5), "+": 6, "-": 6, "*": 7, "/": 7, "%": 7, "**": 9,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Node:
    """Nodes are equal where they mean the same, wherever they stand; `place` is their head, as the name of a call."""

    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Literal(_Node):
    value: int | float
    """2 and 2.0 are the same number, but not the same in `max(x, 2)`."""
    whole: bool


@dataclass(frozen=True, slots=True)
class Param(_Node):
    name: str


@dataclass(frozen=True, slots=True)
class Column(_Node):
    name: str


@dataclass(frozen=True, slots=True)
class Unary(_Node):
    op: str
    of: Tree


@dataclass(frozen=True, slots=True)
class Binary(_Node):
    op: str
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Choice(_Node):
    condition: Tree
    then: Tree
    otherwise: Tree


@dataclass(frozen=True, slots=True)
class Call(_Node):
    """As it is written: `named` are `name=value`, `output` what stands after the closing parenthesis, both with their places."""

    function: str
    arguments: tuple[Tree, ...]
    named: tuple[tuple[Token, Tree], ...]
    output: Token | None


@dataclass(frozen=True, slots=True)
class Applied(_Node):
    """A call made ready (`formula_calls`): the series and numbers in its function's order, and which of its outputs is meant."""

    function: Function
    series: tuple[Tree, ...]
    numbers: tuple[Tree, ...]
    output: int


Tree: TypeAlias = "Literal | Param | Column | Unary | Binary | Choice | Call | Applied"


def parse(text: str) -> Tree:
    """Raises FormulaError at the first thing that is not a formula."""
    parser = _Parser(tokens(text))
    tree = parser.expression()
    parser.finish()
    return tree


def parts(node: Tree) -> tuple[Tree, ...]:
    """The nodes right below one, left to right."""
    match node:
        case Unary(of=of):
            return (of,)
        case Binary(left=left, right=right):
            return left, right
        case Choice(condition=condition, then=then, otherwise=otherwise):
            return then, condition, otherwise
        case Call(arguments=arguments, named=named):
            return *arguments, *(value for _, value in named)
        case Applied(series=series, numbers=numbers):
            return *series, *numbers
        case _:
            return ()


def walk(tree: Tree) -> Iterator[Tree]:
    """All nodes, parents first, left to right."""
    pending: list[Tree] = [tree]
    while pending:
        node = pending.pop()
        yield node
        pending += reversed(parts(node))


def extent(tree: Tree) -> Place:
    """From the first to the last character of an expression, its outermost parentheses left out."""
    places = [node.place for node in walk(tree)]
    return Place(min(place.start for place in places), max(place.end for place in places))


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._at = 0
        self._depth = 0

    def expression(self, binding: int = 0) -> Tree:
        """Everything that binds tighter than `binding`."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise FormulaError(self._next.place, "limit", f"nested deeper than {DEEPEST}; split the formula into several series")
        tree = self._prefix(binding)
        while self._next.sort is Sort.OPERATOR and _BINDING.get(self._next.text, 0) > binding:
            tree = self._joined(tree, self._take())
        self._depth -= 1
        return tree

    def finish(self) -> None:
        match self._next.text:
            case "":
                return
            case "=":
                raise self._refuse("'=' compares nothing; write == to compare")
            case ")":
                raise self._refuse("')' closes nothing; the formula or an operator was expected")
            case text:
                raise self._refuse(f"{text!r} was not expected here; is an operator missing before it?")

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        if self._at > MOST_TOKENS:
            raise FormulaError(token.place, "limit", f"the formula has more than {MOST_TOKENS} parts; split it into several series")
        return token

    def _is(self, *operators: str) -> bool:
        return self._next.sort is Sort.OPERATOR and self._next.text in operators

    def _refuse(self, message: str) -> FormulaError:
        return FormulaError(self._next.place, "syntax", message)

    def _joined(self, left: Tree, op: Token) -> Tree:
        if op.text == "if":
            return self._choice(left, op)
        if op.text == "**":
            return Binary(op.place, "**", left, self._exponent())
        tree = Binary(op.place, op.text, left, self.expression(_BINDING[op.text]))
        if op.text in COMPARISONS and self._is(*COMPARISONS):
            raise self._refuse("comparisons do not chain; write `a < b and b < c`")
        return tree

    def _choice(self, then: Tree, op: Token) -> Tree:
        condition = self.expression(_CHOICE)
        if not self._is("else"):
            raise self._refuse("`else` was expected: a choice is written `this if condition else that`")
        self._take()
        return Choice(op.place, condition, then, self.expression())

    def _prefix(self, binding: int) -> Tree:
        token = self._next
        if self._is("not"):
            if binding > _NOT:
                raise self._refuse("`not` binds looser than what stands before it; write it in parentheses")
            self._take()
            return Unary(token.place, "not", self.expression(_NOT))
        if self._is("-", "+"):
            self._take()
            return Unary(token.place, token.text, self.expression(_SIGN))
        if self._is("("):
            self._take()
            tree = self.expression()
            self._close("')' or an operator")
            return tree
        return self._atom()

    def _atom(self) -> Tree:
        token = self._next
        match token.sort:
            case Sort.NUMBER:
                return _number(self._take())
            case Sort.PARAMETER:
                return Param(token.place, self._take().text[1:])
            case Sort.NAME:
                self._take()
                return self._call(token) if self._is("(") else Column(token.place, token.text)
            case Sort.END:
                raise self._refuse("the formula ends where a value was expected")
            case _:
                raise self._refuse(f"{token.text!r} stands where a value was expected: a number, a name, a $parameter, a function or '('")

    def _exponent(self) -> Tree:
        sign = self._take() if self._is("-") else None
        if self._next.sort not in (Sort.NUMBER, Sort.PARAMETER):
            raise FormulaError(self._next.place, "limit", "an exponent must be a number or a $parameter")
        exponent = self._atom()
        if self._is("**"):
            raise FormulaError(self._next.place, "limit", "exponents do not chain; write the power of a power in parentheses")
        return Unary(sign.place, "-", exponent) if sign else exponent

    def _call(self, function: Token) -> Tree:
        self._take()
        arguments: list[Tree] = []
        named: list[tuple[Token, Tree]] = []
        while not self._is(")"):
            name = self._argument_name()
            value = self.expression()
            if name:
                named.append((name, value))
            elif named:
                raise FormulaError(extent(value), "syntax", "an argument without a name stands before those with one")
            else:
                arguments.append(value)
            if not self._is(","):
                break
            self._take()
            if self._is(")"):
                raise self._refuse("an argument was expected after ','")
        self._close("',', ')' or an operator")
        output = self._take() if self._next.sort is Sort.OUTPUT else None
        return Call(function.place, function.text, tuple(arguments), tuple(named), output)

    def _argument_name(self) -> Token | None:
        """`name =`, taken if it stands here."""
        if self._next.sort is not Sort.NAME or self._tokens[self._at + 1].text != "=":
            return None
        name = self._take()
        self._take()
        return name

    def _close(self, expected: str) -> None:
        if self._next.sort is Sort.END:
            raise self._refuse(f"a parenthesis is not closed: {expected} was expected")
        if not self._is(")"):
            raise self._refuse(f"{self._next.text!r} stands where {expected} was expected")
        self._take()


def _number(token: Token) -> Literal:
    if token.text.isdigit():
        if len(token.text) > 15:
            raise FormulaError(token.place, "limit", f"{token.text[:20]}… has too many digits; write it as 1e{len(token.text) - 1}")
        return Literal(token.place, int(token.text), True)
    value = float(token.text)
    if value == float("inf"):
        raise FormulaError(token.place, "limit", f"{token.text[:20]} is beyond what a number can hold")
    return Literal(token.place, value, False)
