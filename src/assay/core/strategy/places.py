"""Every place of a document that holds a number or names a series, with its path.

Paths are those of the written document, except that a shorthand is spelled out: `take_profit: 0.04` is `take_profit[0].at`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import TypeAlias, assert_never

from assay.core.indicators.series import Indicator, Series
from assay.core.strategy.document import (
    All,
    Any,
    AtLeast,
    Comparison,
    Condition,
    Crossing,
    Document,
    Fraction,
    Held,
    Level,
    Limits,
    Name,
    Not,
    Operand,
    Price,
    Range,
    Score,
    Then,
    Times,
    Trend,
    Within,
)
from assay.core.strategy.json_text import key_path
from assay.core.strategy.trees import walk

Place: TypeAlias = tuple[str, Operand]


def places(document: Document) -> Iterator[Place]:
    """Path and number or name, in the order of the document."""
    for name, series in document.series:
        yield from _in_series(series, key_path("series", name))
    for index, rule in enumerate(document.rules):
        path = f"rules[{index}]"
        yield from _in_condition(rule.when, f"{path}.when")
        for number, veto in enumerate(rule.unless):
            yield from _in_condition(veto.condition, f"{path}.unless[{number}]")
        yield from _in_then(rule.then, f"{path}.then")
    yield from _in_limits(document.limits)


def _in_series(series: Series, path: str) -> Iterator[Place]:
    if isinstance(series, Indicator):
        for index, name in enumerate(series.inputs):
            yield f"{path}.inputs[{index}]", Name(name)
        for name, value in series.parameters:
            yield key_path(f"{path}.parameters", name), value


def _in_condition(tree: Condition, root: str) -> Iterator[Place]:
    for path, condition in walk(tree, root):
        match condition:
            case Comparison() | Crossing():
                yield f"{path}.left", condition.left
                yield f"{path}.right", condition.right
            case Range():
                yield f"{path}.left", condition.left
                yield f"{path}.right[0]", condition.low
                yield f"{path}.right[1]", condition.high
            case Trend():
                yield f"{path}.left", condition.left
                yield f"{path}.bars", condition.bars
            case Held():
                yield f"{path}.for", condition.bars
            case Within():
                yield f"{path}.within", condition.bars
            case AtLeast():
                yield f"{path}.at_least.n", condition.n
            case Score():
                yield from ((f"{path}.score.of[{index}].weight", part.weight) for index, part in enumerate(condition.of))
                yield f"{path}.score.at_least", condition.at_least
            case All() | Any() | Not():
                pass
            case _:
                assert_never(condition)


def _in_then(then: Then, path: str) -> Iterator[Place]:
    yield f"{path}.size", then.size
    if then.stop_loss is not None:
        yield from _in_level(then.stop_loss, f"{path}.stop_loss")
    for index, target in enumerate(then.take_profit):
        yield from _in_level(target.at, f"{path}.take_profit[{index}].at")
        yield f"{path}.take_profit[{index}].share", target.share
    if then.trailing_stop is not None:
        yield from _in_level(then.trailing_stop.distance, f"{path}.trailing_stop.distance")
        if then.trailing_stop.activation is not None:
            yield from _in_level(then.trailing_stop.activation, f"{path}.trailing_stop.activation")
    if then.time_limit is not None:
        yield f"{path}.time_limit", then.time_limit
    for index, rung in enumerate(then.scale_in):
        yield f"{path}.scale_in[{index}].at", rung.at
        yield f"{path}.scale_in[{index}].size", rung.size
    if then.limit is not None:
        yield f"{path}.limit.offset", then.limit.offset
        yield f"{path}.limit.bars", then.limit.bars


def _in_limits(limits: Limits) -> Iterator[Place]:
    for field in fields(limits):
        limit = getattr(limits, field.name)
        if limit is not None and not isinstance(limit, bool):
            yield f"limits.{field.name}", limit


def _in_level(level: Level, path: str) -> Iterator[Place]:
    match level:
        case Fraction():
            yield path, level.of
        case Price():
            yield f"{path}.price", level.price
        case Times():
            yield f"{path}.series", Name(level.series)
            yield f"{path}.times", level.times
        case _:
            assert_never(level)
