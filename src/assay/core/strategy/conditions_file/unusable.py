"""Places of a file that are not strict JSON (NaN, a key that comes twice): each is rejected with the entry that it is in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from assay.core.domain.errors import Problem
from assay.core.strategy.node import Node

T = TypeVar("T")


class Unusable:
    """What has not been told yet."""

    def __init__(self, places: list[Problem]) -> None:
        self._places = places

    def told(self, path: str, problems: list[Problem]) -> bool:
        """Whether there are any in this place; they go to `problems`, once."""
        inside = [problem for problem in self._places if problem.path == path or problem.path.startswith((f"{path}.", f"{path}["))]
        self._places = [problem for problem in self._places if problem not in inside]
        problems.extend(inside)
        return bool(inside)

    def rest(self, problems: list[Problem]) -> None:
        """All that no entry has told."""
        problems.extend(self._places)
        self._places = []

    def read(self, node: Node | None, read: Callable[[Node], T], default: T) -> T:
        """A place by itself: what `read` makes of it, or, where that is wrong or there is nothing, what holds without it."""
        if node is None or self.told(node.path, node.problems):
            return default
        before = len(node.problems)
        value = read(node)
        return value if len(node.problems) == before else default
