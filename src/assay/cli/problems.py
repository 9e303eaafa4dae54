"""What is wrong is said in lines: the file or the option it is in, the place there, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from assay.core.domain.errors import AssayError, LocatedError, Problem

MOST: Final = 40
"""Lines that are shown; whoever has more problems than that mends the first ones first."""

OPTIONS: Final = {
    "cash": "--cash", "fee_rate": "--fee", "maker_fee_rate": "--maker-fee", "slippage_bps": "--slippage-bps", "lot": "--lot",
    "tick": "--tick", "leverage": "--leverage", "maintenance_margin_rate": "--maintenance", "liquidation_fee_rate": "--liquidation-fee",
    "borrow_rate": "--borrow-rate", "volume_cap": "--volume-cap", "minimum_notional": "--minimum-notional", "convention": "--convention",
    "from": "--from", "to": "--to", "match": "--match", "funding": "--funding", "instrument": "--instrument", "timezone": "--timezone",
}  # fmt: skip
"""What comes from an option is located there, and not in a file."""
NESTING: Final = frozenset({"not_finer", "outside"})
"""Codes of finer bars that do not lie in the deciding ones."""


class OptionError(LocatedError):
    """An option whose text cannot be read."""


def wrong(option: str, message: str) -> OptionError:
    """One option, and what to write instead."""
    return OptionError([Problem(option, "usage", message)])


@contextmanager
def located_in(file: str) -> Iterator[None]:
    """Problems from inside belong to this file, unless they belong to an option or name a file of their own."""
    try:
        yield
    except LocatedError as error:
        raise type(error)(_placed(problem, file) for problem in error.errors) from None


def lines(error: AssayError) -> list[str]:
    """One for each problem."""
    if not isinstance(error, LocatedError):
        return [_line(str(error))]
    shown = [_line(str(problem)) for problem in error.errors[:MOST]]
    rest = len(error.errors) - MOST
    return shown if rest <= 0 else [*shown, f"… and {rest} more"]


def _placed(problem: Problem, file: str) -> Problem:
    if problem.path in OPTIONS:
        return Problem(OPTIONS[problem.path], problem.code, problem.message)
    if problem.code in NESTING:
        return Problem(f"--match: {problem.path}", problem.code, problem.message)
    if problem.code == "file":
        return problem
    return Problem(f"{file}: {problem.path}" if problem.path else file, problem.code, problem.message)


def _line(text: str) -> str:
    """Whatever a file held, it neither breaks the line nor steers the terminal."""
    return "".join(character if character.isprintable() else "\ufffd" for character in " ".join(text.split()))
