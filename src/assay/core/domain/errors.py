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


class VenueError(AssayError):
    """What a venue would not, or could not, give. `code` is stable and has words in the web; `venue` is the venue's id."""

    code = "venue"

    def __init__(self, venue: str, message: str) -> None:
        super().__init__(f"{venue}: {message}")
        self.venue, self.message = venue, message


class UnknownInstrumentError(VenueError):
    """It lists nothing of this name, or not on this timeframe."""

    code = "unknown_instrument"


class EmptyAnswerError(VenueError):
    """It answered, and there was nothing in it where something had to be."""

    code = "empty_answer"


class MalformedAnswerError(VenueError):
    """Bytes that are not what the venue's documentation says, or that contradict themselves."""

    code = "malformed_answer"


class UnreachableError(VenueError):
    """No answer: no route, no name, a reset, a time-out, or the venue's own failure (5xx). Worth another try."""

    code = "unreachable"


class RateLimitedError(VenueError):
    """Too many requests; nothing may be sent for `seconds` from now (I9). `banned` where it was the last warning."""

    code = "rate_limited"

    def __init__(self, venue: str, message: str, seconds: float, *, banned: bool = False) -> None:
        super().__init__(venue, message)
        self.seconds, self.banned = seconds, banned


class ClockSkewError(VenueError):
    """The venue refuses our clock, after one re-sync."""

    code = "clock_skew"


class RefusedError(VenueError):
    """It understood and will not: a region it does not serve, a permission that is missing, an argument it rejects."""

    code = "refused"
