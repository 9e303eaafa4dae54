"""Conditions over columns: crosses with ties, Kleene's unknown, trends, ranges."""

from __future__ import annotations

from math import inf, nan

import pytest

from assay.core.referee.conditions import Conditions
from assay.core.strategy.document import (
    All,
    Any,
    Compare,
    Comparison,
    Condition,
    Cross,
    Crossing,
    Name,
    Not,
    Range,
    Ref,
    Trend,
)

TRUE, FALSE = All(()), Any(())
UNKNOWN = Comparison(Name("missing"), Compare.ABOVE, 0.0)
A = Name("a")


def ask(condition: Condition, a: list[float]) -> str:
    """`+` holds, `-` does not, `?` unknown; one sign a bar."""
    conditions = Conditions({"a": a, "missing": [nan] * len(a)}, {"level": 2}, len(a))
    return "".join({True: "+", False: "-", None: "?"}[answer] for answer in conditions.answers(condition))


@pytest.mark.parametrize(
    ("a", "above", "below"),
    [
        ([1, 3], "-+", "--"),
        ([3, 1], "--", "-+"),
        ([1, 2, 3], "--+", "---"),
        ([3, 2, 3], "---", "---"),
        ([1, 2 + 1e-11, 3], "--+", "---"),
        ([2, 3], "--", "--"),
        ([1, nan, 3], "-?-", "-?-"),
        ([1, 3, 2, 1, 3], "-+--+", "---+-"),
        ([1, inf, 3, 1], "-?--", "-?-+"),
    ],
    ids=str,
)
def test_a_cross_looks_past_ties_and_forgets_at_a_gap(a: list[float], above: str, below: str) -> None:
    assert ask(Crossing(A, Cross.ABOVE, 2.0), a) == above
    assert ask(Crossing(A, Cross.BELOW, Ref("level")), a) == below


@pytest.mark.parametrize(
    ("op", "answers"),
    [(">", "--+?"), (">=", "-++?"), ("<", "+--?"), ("<=", "++-?"), ("==", "-+-?"), ("!=", "+-+?")],
)
def test_a_comparison_with_something_missing_is_unknown(op: str, answers: str) -> None:
    assert ask(Comparison(A, Compare(op), Ref("level")), [1, 2, 3, nan]) == answers


def test_a_range_includes_its_ends_and_its_outside_is_the_rest() -> None:
    assert ask(Range(A, 1.0, 2.0, outside=False), [0, 1, 2, 3, nan]) == "-++-?"
    assert ask(Range(A, 1.0, 2.0, outside=True), [0, 1, 2, 3, nan]) == "+--+?"
    assert ask(Range(A, Name("missing"), 2.0, outside=False), [9]) == "?"


def test_a_trend_is_strict_over_all_its_steps_and_unknown_without_them() -> None:
    assert ask(Trend(A, rising=True, bars=2), [1, 2, 3, 3, 4, 5, nan, 6, 7, 8]) == "??+--+???+"
    assert ask(Trend(A, rising=False, bars=1), [1, 0, 0, -1]) == "?+-+"


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (TRUE, UNKNOWN, "?", "+"),
        (FALSE, UNKNOWN, "-", "?"),
        (UNKNOWN, UNKNOWN, "?", "?"),
        (TRUE, FALSE, "-", "+"),
        (TRUE, TRUE, "+", "+"),
        (FALSE, FALSE, "-", "-"),
    ],
)
def test_unknown_is_between_true_and_false(left: Condition, right: Condition, both: str, either: str) -> None:
    assert ask(All((left, right)), [0]) == ask(All((right, left)), [0]) == both
    assert ask(Any((left, right)), [0]) == ask(Any((right, left)), [0]) == either


def test_not_unknown_is_unknown() -> None:
    assert (ask(Not(UNKNOWN), [0]), ask(Not(TRUE), [0]), ask(Not(FALSE), [0])) == ("?", "-", "+")
