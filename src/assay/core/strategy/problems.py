"""A document is refused with all its problems, up to a number that nobody reads through."""

from __future__ import annotations

from collections.abc import Iterable

from assay.core.domain.errors import Problem, StrategyError
from assay.core.strategy import bounds


class Problems(list[Problem]):
    """Raises StrategyError when it is full: a hostile document may not make us look for what thousands of names might have meant."""

    def append(self, problem: Problem, /) -> None:
        super().append(problem)
        if len(self) >= bounds.PROBLEMS:
            raise StrategyError(self)

    def extend(self, problems: Iterable[Problem], /) -> None:
        for problem in problems:
            self.append(problem)
