"""Spans are sets of instants: what is held is not missing, and nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assay.core.domain.ranges import Span, union, without

DAY = datetime(2024, 1, 1, tzinfo=UTC)
edges = st.tuples(st.integers(0, 30), st.integers(1, 8))
spans = st.lists(edges.map(lambda edge: Span(DAY + timedelta(hours=edge[0]), DAY + timedelta(hours=edge[0] + edge[1]))), max_size=6)


def hours(of: list[Span] | tuple[Span, ...]) -> set[int]:
    return {hour for hour in range(40) for span in of if span.start <= DAY + timedelta(hours=hour) < span.end}


@given(spans)
def test_a_union_holds_the_same_instants_in_spans_that_do_not_touch(given_spans: list[Span]) -> None:
    joined = union(given_spans)
    assert hours(joined) == hours(given_spans)
    assert all(before.end < after.start for before, after in pairwise(joined))


@given(spans, spans)
def test_what_is_missing_is_what_is_wanted_and_not_held(wanted: list[Span], held: list[Span]) -> None:
    missing = without(wanted, held)
    assert hours(missing) == hours(wanted) - hours(held)
    assert union(missing) == missing
