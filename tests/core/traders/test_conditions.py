"""A condition's truth is the same on columns, on a context that ends at the bar, and for the referee: the one that the page says."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assay.core.kernel.drive import Floats
from assay.core.referee.conditions import Conditions
from assay.core.strategy.conditions import read_condition
from assay.core.strategy.document import All, AtLeast, Compare, Comparison, Condition, Held, Name, Part, Score, Within
from assay.core.strategy.node import Node
from assay.core.traders.rules import context
from assay.core.traders.rules.columns import ALL_ROWS, Columns, truths

ANSWERS = {False: "-", None: "?", True: "+"}
VALUES = st.sampled_from([1.0, 2.0, 3.0, 2.0 + 1e-11, 2.5, nan, inf])
OPERANDS = st.sampled_from(["close", "a", "b", 2, 2.5])


def read(written: Any) -> Condition:
    problems: list[Any] = []
    condition = read_condition(Node(written, "", problems))
    assert not problems
    return condition


def by_columns(condition: Condition, series: Mapping[str, Floats]) -> str:
    columns = Columns(series, len(series["close"]), {})
    whole = truths(condition, columns, ALL_ROWS).tolist()
    some = np.flatnonzero(np.arange(columns.length) % 3 == 1)
    assert truths(condition, columns, some).tolist() == [whole[row] for row in some]
    return "".join("-?+"[truth] for truth in whole)


def by_context(condition: Condition, series: Mapping[str, Floats]) -> str:
    rows = range(len(series["close"]))
    return "".join(ANSWERS[context.truth(condition, {name: column[: row + 1] for name, column in series.items()})] for row in rows)


def by_referee(condition: Condition, series: Mapping[str, Floats]) -> str:
    answers = Conditions({name: column.tolist() for name, column in series.items()}, {}, len(series["close"])).answers(condition)
    return "".join(ANSWERS[answer] for answer in answers)


def windowed(condition: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    bars = st.none() | st.integers(1, 5)
    return st.builds(lambda tree, held, within: {**tree, "for": held, "within": within}, condition, bars, bars)


LEAVES = windowed(
    st.one_of(
        st.fixed_dictionaries({"left": OPERANDS, "op": st.sampled_from([*Compare, "crosses_above", "crosses_below"]), "right": OPERANDS}),
        st.fixed_dictionaries(
            {"left": OPERANDS, "op": st.sampled_from(["between", "outside"]), "right": st.lists(OPERANDS, min_size=2, max_size=2)}
        ),
        st.fixed_dictionaries({"left": OPERANDS, "op": st.sampled_from(["rising", "falling"]), "bars": st.integers(1, 3)}),
    )
)


def combined(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    several = st.lists(inner, min_size=1, max_size=3)
    weights = st.sampled_from([1, 2, 0.1, 0.7, -1, 0])
    parts = st.lists(st.fixed_dictionaries({"weight": weights, "if": inner}), min_size=1, max_size=7)
    return windowed(
        st.one_of(
            st.fixed_dictionaries({"all": several}),
            st.fixed_dictionaries({"any": several}),
            st.fixed_dictionaries({"not": inner}),
            several.flatmap(
                lambda of: st.fixed_dictionaries({"at_least": st.fixed_dictionaries({"n": st.integers(1, len(of)), "of": st.just(of)})})
            ),
            st.fixed_dictionaries({"score": st.fixed_dictionaries({"of": parts, "at_least": st.sampled_from([0.8, 1, 2, 0, -1])})}),
        )
    )


@given(
    st.recursive(LEAVES, combined, max_leaves=6),
    st.lists(st.tuples(VALUES, VALUES, st.sampled_from([1.0, 2.0, 3.0])), min_size=0, max_size=14),
)
@example({"score": {"of": [{"weight": -1, "if": {"left": "a", "op": ">", "right": 2}}], "at_least": -1}, "for": 3}, [(nan, 1.0, 1.0)] * 4)
def test_a_truth_is_one_however_it_is_asked(written: dict[str, Any], rows: list[tuple[float, float, float]]) -> None:
    condition = read(written)
    a, b, close = np.array(rows).reshape(-1, 3).T
    series = {"a": np.ascontiguousarray(a), "b": np.ascontiguousarray(b), "close": np.ascontiguousarray(close)}
    found = by_columns(condition, series)
    assert found == by_context(condition, series)
    assert found == by_referee(condition, series)


def ask(condition: Condition, **series: list[float]) -> str:
    columns = {name: np.array(column, np.float64) for name, column in series.items()}
    columns["close"] = next(iter(columns.values()))
    found = by_columns(condition, columns)
    assert found == by_context(condition, columns) == by_referee(condition, columns)
    return found


UP = Comparison(Name("a"), Compare.ABOVE, 0.0)
DOWN = Comparison(Name("b"), Compare.ABOVE, 0.0)


@pytest.mark.parametrize(
    ("a", "held", "seen"),
    [
        ([1, 1, 1, 1], "??++", "++++"),
        ([0, 0, 0, 1], "----", "??-+"),
        ([1, 1, 0, 1, 1, 1], "??---+", "++++++"),
        ([1, nan, 1, 1, 1], "????+", "+++++"),
        ([0, nan, 0, 0, 0], "-----", "????-"),
    ],
)
def test_for_is_all_of_the_last_bars_and_within_is_any_of_them(a: list[float], held: str, seen: str) -> None:
    assert ask(Held(UP, 3), a=a) == held
    assert ask(Within(UP, 3), a=a) == seen


def test_with_both_for_is_asked_first() -> None:
    both = read({"left": "a", "op": ">", "right": 0, "for": 2, "within": 3})
    assert both == Within(Held(UP, 2), 3)
    assert ask(both, a=[0, 0, 1, 1, 0, 0, 0]) == "??-+++-"


def test_the_longest_windows_inside_one_another_cost_no_more_than_their_sum() -> None:
    tree: Condition = UP
    for _ in range(6):
        tree = Within(Held(tree, 10_000), 10_000)
    assert context.truth(tree, {"close": np.ones(5), "a": np.ones(5)}) is None


@pytest.mark.parametrize(("n", "answers"), [(1, "++??"), (2, "+-?-")])
def test_so_many_are_counted_for_sure(n: int, answers: str) -> None:
    assert ask(AtLeast(n, (UP, DOWN)), a=[1, 1, nan, 0], b=[1, 0, nan, nan]) == answers


@pytest.mark.parametrize(
    ("weights", "threshold", "answers"),
    [
        ((1, 1), 2, "+-??-"),
        ((2, 1), 2, "++?+-"),
        ((1, -1), 1, "-+-?-"),
        ((1, -1), -1, "+++++"),
        ((0.1, 0.7), 0.8, "+-??-"),
    ],
)
def test_a_score_is_reached_where_the_unknown_cannot_change_it(weights: tuple[float, float], threshold: float, answers: str) -> None:
    condition = Score((Part(weights[0], UP), Part(weights[1], DOWN)), threshold)
    assert ask(condition, a=[1, 1, nan, 1, 0], b=[1, 0, 1, nan, 0]) == answers


def test_a_window_of_one_bar_says_nothing() -> None:
    assert read({"left": "a", "op": ">", "right": 0, "for": 1, "within": 1}) == UP
    assert read({"all": [{"left": "a", "op": ">", "right": 0}], "for": 2}) == Held(All((UP,)), 2)
