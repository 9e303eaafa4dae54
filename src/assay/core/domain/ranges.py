"""Stretches of time [start, end), as sets: what is wanted, what is there, what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `start` on, to before `end`; both aware and UTC, and the end is later."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        assert self.start.tzinfo is not None, "an aware start"
        assert self.start < self.end, "something between start and end"

    @property
    def length(self) -> timedelta:
        return self.end - self.start


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same instants in as few spans as there can be, in order; neighbours that touch are one."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def without(wanted: Iterable[Span], held: Iterable[Span]) -> tuple[Span, ...]:
    """What of `wanted` is not in `held`, in order."""
    missing = list(union(wanted))
    for taken in union(held):
        missing = [rest for span in missing for rest in _minus(span, taken)]
    return tuple(missing)


def _minus(span: Span, taken: Span) -> Iterable[Span]:
    if taken.end <= span.start or span.end <= taken.start:
        yield span
        return
    if span.start < taken.start:
        yield Span(span.start, taken.start)
    if taken.end < span.end:
        yield Span(taken.end, span.end)
