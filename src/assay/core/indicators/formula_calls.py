"""Each call of a formula is tied to its function, each argument to its place in it; what cannot be is refused with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from assay.core.domain.nearest import nearest
from assay.core.indicators import formula_indicators as functions
from assay.core.indicators.formula_signature import Argument, Function, Takes
from assay.core.indicators.formula_tokens import FormulaError, Place
from assay.core.indicators.formula_tree import Applied, Binary, Call, Choice, Column, Literal, Param, Tree, Unary, extent

Parameters: TypeAlias = "Mapping[str, int | float]"


def resolved(tree: Tree) -> Tree:
    """The tree with every call tied to its function. Raises FormulaError for the first that cannot be."""
    match tree:
        case Unary(of=of):
            return replace(tree, of=resolved(of))
        case Binary(left=left, right=right):
            return replace(tree, left=resolved(left), right=resolved(right))
        case Choice(condition=condition, then=then, otherwise=otherwise):
            return replace(tree, then=resolved(then), condition=resolved(condition), otherwise=resolved(otherwise))
        case Call():
            call = _applied(tree)
            return replace(call, series=tuple(map(resolved, call.series)))
        case _:
            return tree


def values(call: Applied, parameters: Parameters) -> tuple[int | float, ...]:
    """The numbers that a call takes; checked before."""
    return tuple(_cast(argument, constant(tree, parameters)) for argument, tree in _numbered(call))


def check(call: Applied, parameters: Parameters) -> None:
    """Raises FormulaError for a number that is out of bounds, or numbers that do not go together."""
    for argument, tree in _numbered(call):
        _check_number(call.function, argument, tree, parameters)
    found = values(call, parameters)
    if call.function.before(*found) < 0:
        told = ", ".join(f"{argument.name} {value:g}" for (argument, _), value in zip(_numbered(call), found, strict=True))
        raise FormulaError(call.place, "limit", f"{told} do not go together for {call.function.name}")


def _numbered(call: Applied) -> list[tuple[Argument, Tree]]:
    return list(zip(call.function.arguments[call.function.inputs :], call.numbers, strict=True))


def _applied(call: Call) -> Applied:
    """Raises FormulaError for an unknown function or output, too few or many arguments, and a number that is not one."""
    function = functions.find(call.function)
    if function is None:
        raise FormulaError(call.place, "unknown", f"{call.function!r} is not a function; {nearest(call.function, functions.names())}")
    if function.rolled and len(call.arguments) == 2 and _is_whole(call.arguments[1]) and not call.named:
        function = function.rolled
    given = _given(function, call)
    for argument, tree in zip(function.arguments, given, strict=False):
        if argument.takes is not Takes.SERIES and not is_constant(tree):
            raise FormulaError(extent(tree), "limit", _no_number(function, argument))
    inputs = len(given) - (len(function.arguments) - function.inputs)
    return Applied(call.place, function, tuple(given[:inputs]), tuple(given[inputs:]), _output(function, call))


def constant(tree: Tree, parameters: Parameters) -> int | float:
    """The number that an expression is at every bar. Raises FormulaError for a parameter that there is not."""
    match tree:
        case Literal(value=value):
            return value
        case Param(name=name, place=place):
            if name not in parameters:
                raise FormulaError(place, "unknown", f"${name} is not a parameter; {_there_are(name, parameters)}")
            return parameters[name]
        case Unary(op="-", of=of):
            return -constant(of, parameters)
        case Unary(of=of):
            return constant(of, parameters)
        case _:
            raise AssertionError("the grammar and `_applied` let no other number pass")


def is_constant(tree: Tree) -> bool:
    """Whether it is a number or a `$parameter`, signed or not."""
    match tree:
        case Literal() | Param():
            return True
        case Unary(op="-" | "+", of=of):
            return is_constant(of)
        case _:
            return False


def _is_whole(tree: Tree) -> bool:
    match tree:
        case Literal(whole=whole):
            return whole
        case Unary(op="-" | "+", of=of):
            return _is_whole(of)
        case _:
            return False


def _given(function: Function, call: Call) -> list[Tree]:
    """One expression for each argument, defaults filled in; more where the function takes more."""
    first = _first(function, call.arguments)
    placed: dict[int, Tree] = dict(enumerate(call.arguments, first))
    if first + len(call.arguments) > len(function.arguments) and not function.more:
        raise _wrong_count(function, call)
    for name, tree in call.named:
        index = next((index for index, argument in enumerate(function.arguments) if argument.name == name.text), None)
        if index is None:
            known = [argument.name for argument in function.arguments]
            raise FormulaError(name.place, "arguments", f"{name.text!r} is no argument of {function.name}; {nearest(name.text, known)}")
        if index in placed:
            raise FormulaError(name.place, "arguments", f"{name.text!r} is given twice; write {function.signature}")
        placed[index] = tree
    series_given = sum(index in placed for index in range(function.inputs))
    all_or_none = function.inputs > 1 and all(argument.default is not None for argument in function.arguments[: function.inputs])
    if all_or_none and series_given not in (0, function.inputs):
        raise _wrong_count(function, call)
    for index, argument in enumerate(function.arguments):
        if index not in placed:
            if argument.default is None:
                raise _wrong_count(function, call)
            placed[index] = _default(argument.default, call.place)
    return [placed[index] for index in sorted(placed)]


def _first(function: Function, arguments: Sequence[Tree]) -> int:
    """Of which argument the first one given is: where all series may be left out and a number stands first, they are."""
    optional = function.inputs and all(argument.default is not None for argument in function.arguments[: function.inputs])
    omitted = optional and arguments and is_constant(arguments[0]) and len(arguments) < len(function.arguments)
    return function.inputs if omitted else 0


def _default(value: str | float, place: Place) -> Tree:
    return Column(place, value) if isinstance(value, str) else Literal(place, value, isinstance(value, int))


def _output(function: Function, call: Call) -> int:
    if call.output is None:
        return 0
    name = call.output.text[1:]
    if name not in function.outputs:
        told = f"{name!r} is no output of {function.name}; {nearest(name, function.outputs)}"
        raise FormulaError(call.output.place, "unknown", told)
    return function.outputs.index(name)


def _check_number(function: Function, argument: Argument, tree: Tree, parameters: Parameters) -> None:
    value = constant(tree, parameters)
    if argument.takes is Takes.WHOLE and value != int(value):
        raise FormulaError(extent(tree), "limit", _no_number(function, argument, shown=repr(value)))
    if not argument.low <= value <= argument.high:
        hint = "; to compare with the number bar by bar, write it with a point" if function.name in ("max", "min") else ""
        bounds = f"{argument.low:,} to {argument.high:,}"
        raise FormulaError(extent(tree), "limit", f"{argument.name} = {value:g} is out of bounds: {bounds}{hint}")


def _cast(argument: Argument, value: float) -> int | float:
    return int(value) if argument.takes is Takes.WHOLE else float(value)


def _no_number(function: Function, argument: Argument, shown: str = "this") -> str:
    kind = "a whole number" if argument.takes is Takes.WHOLE else "a number"
    return f"{shown} cannot be {argument.name} of {function.signature}: it takes {kind} or a $parameter, the same at every bar"


def _wrong_count(function: Function, call: Call) -> FormulaError:
    count = len(call.arguments) + len(call.named)
    return FormulaError(call.place, "arguments", f"{function.name} got {count} argument{'s' * (count != 1)}; write {function.signature}")


def _there_are(name: str, parameters: Parameters) -> str:
    return nearest(f"${name}", [f"${known}" for known in parameters])
