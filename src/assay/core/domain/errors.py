"""What can be wrong with what came from outside, each error located and coded.

Our own mistakes are assertions; the world's answers are values or one of these.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where: `rules[2].when.all[0].right`, or `line 17`."""

    path: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class AssayError(Exception):
    """The root of every error that a user can cause and mend."""


class LocatedError(AssayError):
    """An error made of located problems; `.errors` lists them all, the message the first few."""

    def __init__(self, errors: Iterable[Problem]) -> None:
        self.errors = tuple(errors)
        assert self.errors, "a located error locates something"
        shown = "\n".join(str(problem) for problem in self.errors[:8])
        rest = len(self.errors) - 8
        super().__init__(shown if rest <= 0 else f"{shown}\n… and {rest} more")


class StrategyError(LocatedError):
    """A strategy document that cannot be run."""


class DataError(LocatedError):
    """Candles that cannot be used."""


class AccountError(LocatedError):
    """Account settings that make no sense."""


class WireError(LocatedError):
    """A message that is none of ours, or holds what JSON cannot say."""
