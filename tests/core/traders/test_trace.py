"""A trace says what each condition was, how far from its threshold, and how many bars a rule had left after it."""

from __future__ import annotations

from math import nan
from typing import Any

import numpy as np
import pytest

from assay.core.strategy.document import Document
from assay.core.strategy.parameters import bind
from assay.core.strategy.parse import parse
from assay.core.traders.rules.columns import Columns
from assay.core.traders.trace import Asked, explain, in_order, passage


def document(when: Any, unless: Any = ()) -> Document:
    rule = {"id": "r", "when": when, "unless": list(unless), "then": {"action": "enter_long"}}
    head = {"schema": "assay/strategy@1", "name": "t", "timeframe": "1h", "universe": ["synthetic:BTC/USDT"]}
    return bind(parse({**head, "series": {"a": {"formula": "close"}, "b": {"formula": "open"}}, "rules": [rule]}))


def columns(a: list[float], b: list[float] | None = None) -> Columns:
    series = {"a": np.array(a), "b": np.array(a if b is None else b), "close": np.ones(len(a))}
    return Columns(series, len(a), {})


def asked(when: Any, a: list[float], b: list[float] | None = None) -> tuple[Asked, ...]:
    return explain(document(when), columns(a, b), len(a) - 1)[0].conditions


@pytest.mark.parametrize(
    ("condition", "a", "numbers"),
    [
        ({"left": "a", "op": ">", "right": 3}, [5], (True, 5, 3, 2)),
        ({"left": "a", "op": "<=", "right": 3}, [5], (False, 5, 3, -2)),
        ({"left": "a", "op": "==", "right": 3}, [5], (False, 5, 3, -2)),
        ({"left": "a", "op": "!=", "right": 3}, [5], (True, 5, 3, 2)),
        ({"left": "a", "op": ">", "right": 3}, [nan], (None, None, 3, None)),
        ({"left": "a", "op": "crosses_above", "right": 3}, [1, 5], (True, 5, 3, 2)),
        ({"left": "a", "op": "crosses_below", "right": 3}, [1, 5], (False, 5, 3, -2)),
        ({"left": "a", "op": "between", "right": [1, 9]}, [3], (True, 3, 1, 2)),
        ({"left": "a", "op": "between", "right": [1, 9]}, [10], (False, 10, 9, -1)),
        ({"left": "a", "op": "outside", "right": [1, 9]}, [10], (True, 10, 9, 1)),
        ({"left": "a", "op": "rising", "bars": 2}, [1, 4, 5], (True, 5, 4, 1)),
        ({"left": "a", "op": "falling"}, [1, 4, 5], (False, 5, 4, -1)),
        ({"left": "a", "op": "rising", "bars": 3}, [1, 4, 5], (None, 5, None, None)),
        (
            {"at_least": {"n": 2, "of": [{"left": "a", "op": ">", "right": 3}, {"left": "a", "op": ">", "right": 9}]}},
            [5],
            (False, 1, 2, -1),
        ),
        ({"score": {"of": [{"weight": 1.5, "if": {"left": "a", "op": ">", "right": 3}}], "at_least": 1}}, [5], (True, 1.5, 1, 0.5)),
        ({"all": [{"left": "a", "op": ">", "right": 3}]}, [5], (True, None, None, None)),
    ],
)
def test_a_condition_has_a_value_a_threshold_and_a_distance(condition: Any, a: list[float], numbers: Any) -> None:
    found = asked(condition, a)[0]
    assert (found.truth, found.value, found.threshold, found.distance) == numbers


def test_a_window_is_shown_with_what_it_is_about() -> None:
    found = asked({"all": [{"left": "a", "op": ">", "right": 3, "for": 2}]}, [1, 5])
    assert [(each.path, each.truth, each.now) for each in found] == [
        ("rules[0].when", False, False),
        ("rules[0].when.all[0]", False, True),
    ]
    assert found[1].distance == 2


def test_a_rule_holds_where_no_veto_does() -> None:
    vetoes = [{"name": "low", "left": "a", "op": "<", "right": 3}, {"name": "high", "left": "a", "op": ">", "right": 4}]
    (rule,) = explain(document({"left": "a", "op": ">", "right": 0}, vetoes), columns([5]), 0)
    assert (rule.truth, rule.holds, [(veto.name, veto.truth) for veto in rule.vetoes]) == (True, False, [("low", False), ("high", True)])
    assert rule.vetoes[1].conditions[0].path == "rules[0].unless[1]"


def test_steps_count_what_holds_alone_and_what_is_left() -> None:
    when = {
        "all": [{"left": "a", "op": ">", "right": 1}, {"all": [{"left": "a", "op": "<", "right": 5}]}, {"left": "b", "op": ">", "right": 0}]
    }
    one = document(when, [{"name": "three", "left": "a", "op": "==", "right": 3}])
    ((path, rule),) = in_order(one)
    found = passage(path, rule, columns([1, 2, 3, 4, 5, nan], [1, 1, 1, 0, 1, 1]), np.arange(6))
    assert [(step.path, step.veto, step.alone, step.through) for step in found.steps] == [
        ("rules[0].when.all[0]", None, 4, 4),
        ("rules[0].when.all[1].all[0]", None, 4, 3),
        ("rules[0].when.all[2]", None, 5, 2),
        ("rules[0].unless[0]", "three", 1, 1),
    ]
