"""The conditions inside a condition, each with its path in the document.

`for` and `within` stand beside what they are about, in one object: a window and its condition have one path.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from assay.core.strategy.document import (
    All,
    Any,
    AtLeast,
    Comparison,
    Condition,
    Crossing,
    Held,
    Not,
    Range,
    Score,
    Trend,
    Within,
)


def children(condition: Condition, path: str) -> Iterator[tuple[str, Condition]]:
    """The conditions directly inside, in the order of the document."""
    match condition:
        case Comparison() | Crossing() | Range() | Trend():
            return
        case Held(of) | Within(of):
            yield path, of
        case Not(of):
            yield f"{path}.not", of
        case All(each):
            yield from ((f"{path}.all[{index}]", one) for index, one in enumerate(each))
        case Any(each):
            yield from ((f"{path}.any[{index}]", one) for index, one in enumerate(each))
        case AtLeast(_, each):
            yield from ((f"{path}.at_least.of[{index}]", one) for index, one in enumerate(each))
        case Score(parts):
            yield from ((f"{path}.score.of[{index}].if", part.condition) for index, part in enumerate(parts))
        case _:
            assert_never(condition)


def walk(condition: Condition, path: str) -> Iterator[tuple[str, Condition]]:
    """All conditions of a tree, parents first."""
    yield path, condition
    for place, child in children(condition, path):
        yield from walk(child, place)
