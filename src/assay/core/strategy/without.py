"""The same document without one of its conditions: what it was good for is seen by running it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from assay.core.domain.errors import Problem, StrategyError
from assay.core.strategy.document import All, Any, AtLeast, Condition, Document, Held, Not, Ref, Rule, Score, Within
from assay.core.strategy.trees import walk

Values: TypeAlias = Mapping[str, int | float]


def without(document: Document, path: str) -> Document:
    """Take away the condition or veto at a path (`rules[0].when.all[1]`, `rules[0].unless[0]`), its `for` and `within` too.

    A combination that would be left with nothing goes with it; `at_least` asks for no more than are left. Raises StrategyError
    where there is no condition, or where nothing would be left that a rule could wait for.
    """
    values = document.parameter_values()
    rules = tuple(_rule(rule, f"rules[{index}]", path, values) for index, rule in enumerate(document.rules))
    if rules == document.rules:
        raise StrategyError([Problem(path, "unknown", "there is no condition here")])
    return replace(document, rules=rules)


def _rule(rule: Rule, root: str, path: str, values: Values) -> Rule:
    if not path.startswith(f"{root}."):
        return rule
    when = _left(rule.when, f"{root}.when", path, values)
    if when is None:
        raise StrategyError([Problem(path, "empty", "the rule would have no condition; disable the rule instead")])
    vetoes = []
    for number, veto in enumerate(rule.unless):
        left = _left(veto.condition, f"{root}.unless[{number}]", path, values)
        if left is not None:
            vetoes.append(replace(veto, condition=left))
    return replace(rule, when=when, unless=tuple(vetoes))


def _left(condition: Condition, place: str, path: str, values: Values) -> Condition | None:
    """What is left of a condition; None where nothing is."""
    if place == path:
        return None
    if all(each != path for each, _ in walk(condition, place)):
        return condition
    match condition:
        case Held(of) | Within(of):
            left = _left(of, place, path, values)
            return None if left is None else replace(condition, of=left)
        case Not(of):
            left = _left(of, f"{place}.not", path, values)
            return None if left is None else Not(left)
        case All(of) | Any(of) | AtLeast(of=of):
            key = "at_least.of" if isinstance(condition, AtLeast) else "all" if isinstance(condition, All) else "any"
            several = _several(of, f"{place}.{key}", path, values)
            if isinstance(condition, AtLeast) and 0 < len(several) < _number(condition.n, values):
                condition = replace(condition, n=len(several))
            return replace(condition, of=several) if several else None
        case Score(parts):
            kept = [(part, _left(part.condition, f"{place}.score.of[{index}].if", path, values)) for index, part in enumerate(parts)]
            weighed = tuple(replace(part, condition=left) for part, left in kept if left is not None)
            return replace(condition, of=weighed) if weighed else None
        case _:
            raise AssertionError("a leaf has nothing inside")


def _several(of: tuple[Condition, ...], place: str, path: str, values: Values) -> tuple[Condition, ...]:
    kept = (_left(each, f"{place}[{index}]", path, values) for index, each in enumerate(of))
    return tuple(each for each in kept if each is not None)


def _number(n: int | Ref, values: Values) -> int | float:
    return values[n.name] if isinstance(n, Ref) else n
